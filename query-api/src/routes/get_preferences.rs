//! `GET /v1/preferences`

use axum::Json;
use axum::extract::State;
use events::public::SidebarSection;
use events::{QuietHours, Timestamp};
use read_model::{ConversationPreference, Preferences, PreferencesDoc, View};
use serde::Serialize;
use service_kit::{Principal, Problem};
use utoipa::ToSchema;

use crate::freshness::MinPosition;
use crate::{App, reading};

/// What you prefer.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct MyPreferences {
    /// The conversations of which something is not as usual.
    conversations: Vec<ConversationPreference>,
    /// The sections of your sidebar, in order.
    sections: Vec<SidebarSection>,
    /// Words and short phrases of which you want to hear.
    keywords: Vec<String>,
    /// Until when nothing notifies you. The moment may have passed; then it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    dnd_until: Option<Timestamp>,
    /// The hours of the week in which nothing notifies you.
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet_hours: Option<QuietHours>,
}

impl From<PreferencesDoc> for MyPreferences {
    fn from(doc: PreferencesDoc) -> Self {
        let PreferencesDoc { user: _, conversations, sections, keywords, dnd_until, quiet_hours } = doc;
        Self { conversations, sections, keywords, dnd_until, quiet_hours }
    }
}

/// What you prefer: starred and muted conversations, notification levels, your sidebar's sections, when you want quiet,
/// the words that you want to hear of.
#[utoipa::path(get, path = "/v1/preferences", tag = "mine", params(MinPosition), responses(
    (status = 200, body = MyPreferences), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_preferences(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    least: MinPosition,
) -> Result<Json<MyPreferences>, Problem> {
    app.freshness.reach(least, &[Preferences::COLLECTION]).await?;
    let found: Option<PreferencesDoc> = reading::one(&app.reading.preferences, user.to_string()).await?;
    Ok(Json(found.map(MyPreferences::from).unwrap_or_default()))
}
