//! `GET /v1/sessions`

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use events::{Position, SessionId, Timestamp};
use serde::Serialize;
use service_kit::{Principal, Problem};
use utoipa::ToSchema;

use crate::app::App;
use crate::sessions::now;

/// A signed-in device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedInDevice {
    /// Its session.
    id: SessionId,
    /// When somebody signed in on it.
    started_at: Timestamp,
    /// When it last refreshed its tokens.
    refreshed_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
    /// What it calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
}

/// Signed-in devices, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedInDevices {
    items: Vec<SignedInDevice>,
}

/// List the devices one is signed in on.
#[utoipa::path(get, path = "/v1/sessions", tag = "auth", security(("access_token" = [])),
    params(("Confab-Min-Position" = Option<u64>, Header, description = "wait up to 2 s until this write is seen")),
    responses((status = 200, body = SignedInDevices), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list_sessions(
    State(app): State<App>,
    by: Principal,
    headers: HeaderMap,
) -> Result<Json<SignedInDevices>, Problem> {
    let open = app.session_index.of(by.user, min_position(&headers)?, now()).await;
    let open = open.ok_or_else(|| Problem::unavailable("views_behind", "The answer is not up to date yet."))?;
    let items = open.into_iter().map(|session| SignedInDevice {
        id: session.id,
        started_at: session.started_at,
        refreshed_at: session.refreshed_at,
        current: session.id == by.session,
        user_agent: session.user_agent,
    });
    Ok(Json(SignedInDevices { items: items.collect() }))
}

fn min_position(headers: &HeaderMap) -> Result<Position, Problem> {
    let Some(text) = headers.get("confab-min-position") else { return Ok(Position::START) };
    let position = text.to_str().ok().and_then(|text| text.parse().ok()).map(Position);
    position.ok_or_else(|| Problem::new(400, "invalid_min_position", "Confab-Min-Position must be a position."))
}
