//! `DELETE /v1/sessions/{session}`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::session::Revoker;
use events::SessionId;
use service_kit::{PathOf, Principal, Problem, RequestId, not_found};

use super::with_position;
use crate::app::App;
use crate::execute::Cause;
use crate::sessions;

/// Sign out on another device; its sockets close within a second.
#[utoipa::path(delete, path = "/v1/sessions/{session}", tag = "auth", security(("access_token" = [])),
    params(("session" = SessionId, Path, description = "one of one's own")),
    responses(
        (status = 204, description = "the session is over"),
        (status = 401, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn revoke_session(
    State(app): State<App>,
    by: Principal,
    PathOf(session): PathOf<SessionId>,
    request: RequestId,
) -> Result<impl IntoResponse, Problem> {
    let revoked = sessions::revoke(&app, session, &Cause::of(request, by), Revoker::Person(by.user)).await;
    // A session that never was is answered like another person's.
    let position = revoked.map_err(|problem| if problem.status == 401 { not_found() } else { problem })?;
    Ok(with_position(position, StatusCode::NO_CONTENT))
}
