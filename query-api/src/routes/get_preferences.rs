//! `GET /v1/preferences`

use axum::Json;
use axum::extract::State;
use events::public::SidebarSection;
use events::{QuietHours, Timestamp, UserId};
use read_model::{ConversationPreference, InboxDoc, Inboxes, Preferences, PreferencesDoc, View};
use serde::Serialize;
use service_kit::{Principal, Problem};
use utoipa::ToSchema;

use crate::freshness::MinPosition;
use crate::{App, reading};

/// What you prefer.
#[derive(Debug, Serialize, ToSchema)]
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
    /// Whether others see how far you have read, and you of them.
    read_receipts: bool,
}

impl MyPreferences {
    fn of(user: UserId, found: Option<PreferencesDoc>, inbox: Option<InboxDoc>) -> Self {
        let doc = found.unwrap_or_else(|| PreferencesDoc::usual(user));
        let PreferencesDoc { user: _, conversations, sections, keywords, dnd_until, quiet_hours, levels: _ } = doc;
        let read_receipts = inbox.unwrap_or(InboxDoc::usual(user)).read_receipts;
        Self { conversations, sections, keywords, dnd_until, quiet_hours, read_receipts }
    }
}

/// What you prefer: starred and muted conversations, notification levels, your sidebar's sections, when you want quiet,
/// the words that you want to hear of, read receipts.
#[utoipa::path(get, path = "/v1/preferences", tag = "mine", params(MinPosition), responses(
    (status = 200, body = MyPreferences), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_preferences(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    least: MinPosition,
) -> Result<Json<MyPreferences>, Problem> {
    app.freshness.reach(least, &[Preferences::COLLECTION, Inboxes::COLLECTION]).await?;
    let (found, inbox) = tokio::try_join!(
        reading::one(&app.reading.preferences, user.to_string()),
        reading::one(&app.reading.inboxes, user.to_string())
    )?;
    Ok(Json(MyPreferences::of(user, found, inbox)))
}
