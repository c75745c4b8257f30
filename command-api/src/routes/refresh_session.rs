//! `POST /v1/auth/refresh`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use service_kit::{ClientIp, Problem, RequestId};

use crate::app::App;
use crate::cookies::{Browser, Presented, PresentedToken};
use crate::problems::session_expired;
use crate::sessions::{self, SignedIn};

/// Exchange a refresh token for new tokens.
///
/// Each refresh token is good once. One that comes back later than 10 s after its exchange ends the session.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "auth", request_body = Option<PresentedToken>,
    params(("Confab-Client" = Option<String>, Header, description = "`web`: the refresh token is a cookie")),
    responses(
        (status = 200, body = SignedIn),
        (status = 401, body = Problem, description = "session_expired, refresh_reused"),
        (status = 409, body = Problem, description = "refresh_superseded: use the newest token"),
        (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn refresh_session(
    State(app): State<App>,
    from: ClientIp,
    browser: Browser,
    request: RequestId,
    Presented(token): Presented,
) -> Result<Response, Problem> {
    app.limits.refresh(from)?;
    let outcome = match token {
        Some(token) => sessions::refresh(&app, token, request).await,
        None => Err(session_expired()),
    };
    match outcome {
        Ok(opened) => Ok(opened.answer(&app, StatusCode::OK, browser)),
        // A cookie that can never work again is taken away.
        Err(problem) if problem.status == 401 && browser.0 => {
            Ok((CookieJar::new().add(app.cookies.forget()), problem).into_response())
        }
        Err(problem) => Err(problem),
    }
}
