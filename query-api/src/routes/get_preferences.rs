//! `GET /v1/preferences`

use axum::Json;
use axum::extract::State;
use events::public::SidebarSection;
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
}

/// What you prefer: starred and muted conversations, notification levels, your sidebar's sections.
#[utoipa::path(get, path = "/v1/preferences", tag = "mine", params(MinPosition), responses(
    (status = 200, body = MyPreferences), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_preferences(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    least: MinPosition,
) -> Result<Json<MyPreferences>, Problem> {
    app.freshness.reach(least, &[Preferences::COLLECTION]).await?;
    let found: Option<PreferencesDoc> = reading::one(&app.reading.preferences, user.to_string()).await?;
    let mine = found.map(|PreferencesDoc { conversations, sections, .. }| MyPreferences { conversations, sections });
    Ok(Json(mine.unwrap_or_default()))
}
