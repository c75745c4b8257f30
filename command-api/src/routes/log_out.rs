//! `POST /v1/auth/logout`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use domain::session::Revoker;
use service_kit::{Principal, Problem, RequestId, TokenError};

use crate::app::App;
use crate::cookies::{Browser, Presented, PresentedToken};
use crate::execute::Cause;
use crate::sessions;

/// Sign out: end the session of the refresh token, or else of the access token.
///
/// A session that is over already is fine.
#[utoipa::path(post, path = "/v1/auth/logout", tag = "auth", request_body = Option<PresentedToken>,
    params(("Confab-Client" = Option<String>, Header, description = "`web`: the refresh token is a cookie")),
    responses(
        (status = 204, description = "signed out"),
        (status = 401, body = Problem, description = "no token of any kind was given"),
        (status = 503, body = Problem)))]
pub(crate) async fn log_out(
    State(app): State<App>,
    browser: Browser,
    request: RequestId,
    principal: Result<Principal, Problem>,
    Presented(token): Presented,
) -> Result<Response, Problem> {
    let (session, by, cause) = match (token, principal) {
        (Some(token), _) => {
            let cause = Cause { request, actor: None, session: Some(token.session) };
            (token.session, Revoker::Token(token.hash()), cause)
        }
        (None, Ok(by)) => (by.session, Revoker::Person(by.user), Cause::of(request, by)),
        (None, Err(_)) if browser.0 => return Ok(gone(&app, browser)),
        (None, Err(_)) => return Err(TokenError::Missing.into()),
    };
    match sessions::revoke(&app, session, &cause, by).await {
        Err(problem) if problem.status != 401 => Err(problem),
        Ok(_) | Err(_) => Ok(gone(&app, browser)),
    }
}

fn gone(app: &App, browser: Browser) -> Response {
    let jar = if browser.0 { CookieJar::new().add(app.cookies.forget()) } else { CookieJar::new() };
    (StatusCode::NO_CONTENT, jar).into_response()
}
