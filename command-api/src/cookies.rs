//! The refresh token's cookie. Browsers say `Confab-Client: web`, which no foreign page can make them send.

use std::convert::Infallible;

use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::session::LIFE_MS;
use garde::Validate;
use serde::Deserialize;
use service_kit::{Problem, Valid};
use utoipa::ToSchema;

use crate::app::App;
use crate::refresh_token::RefreshToken;

/// Where the cookie is sent back to.
const PATH: &str = "/v1/auth";

/// How cookies look on this site.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookies {
    secure: bool,
}

impl Cookies {
    /// Cookies of a site at this address; `Secure` wherever the browser has TLS.
    pub(crate) fn for_site(public_url: &str) -> Self {
        Self { secure: public_url.starts_with("https://") }
    }

    fn name(self) -> &'static str {
        if self.secure { "__Secure-confab_refresh" } else { "confab_refresh" }
    }

    /// The cookie that keeps a refresh token for 30 days.
    pub(crate) fn keep(self, token: &RefreshToken) -> Cookie<'static> {
        let mut cookie = self.cookie(token.reveal());
        cookie.set_max_age(time::Duration::milliseconds(LIFE_MS));
        cookie
    }

    /// The cookie that takes it away.
    pub(crate) fn forget(self) -> Cookie<'static> {
        let mut cookie = self.cookie(String::new());
        cookie.make_removal();
        cookie
    }

    fn cookie(self, value: String) -> Cookie<'static> {
        Cookie::build((self.name(), value))
            .path(PATH)
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(self.secure)
            .build()
    }
}

/// Whether a browser of ours is asking, which keeps its refresh token in a cookie that no script can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Browser(pub(crate) bool);

impl Browser {
    fn of(headers: &HeaderMap) -> Self {
        Self(headers.get("confab-client").is_some_and(|client| client.as_bytes() == b"web"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// How API consumers present a refresh token; browsers send their cookie instead.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct PresentedToken {
    /// The newest refresh token of the session.
    #[schema(max_length = 200)]
    refresh_token: Option<String>,
}

/// The refresh token that came with a request: a browser's cookie, or else the body's. `None` when there is none that
/// could be one.
pub(crate) struct Presented(pub(crate) Option<RefreshToken>);

impl<S> FromRequest<S> for Presented
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if Browser::of(request.headers()).0 {
            let jar = CookieJar::from_headers(request.headers());
            let name = App::from_ref(state).cookies.name();
            if let Some(cookie) = jar.get(name) {
                return Ok(Self(RefreshToken::parse(cookie.value())));
            }
        }
        if !request.headers().contains_key("content-type") {
            return Ok(Self(None));
        }
        let Valid(body) = Valid::<PresentedToken>::from_request(request, state).await?;
        Ok(Self(body.refresh_token.as_deref().and_then(RefreshToken::parse)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use events::SessionId;
    use uuid::Uuid;

    #[test]
    fn a16_no_script_and_no_other_site_gets_the_cookie() {
        let token = RefreshToken::fresh(SessionId::new(Uuid::nil())).unwrap();
        let plain = Cookies::for_site("http://127.0.0.1:8080").keep(&token).to_string();
        assert!(plain.starts_with("confab_refresh="), "{plain}");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/v1/auth", "Max-Age=2592000"] {
            assert!(plain.contains(part), "{part}: {plain}");
        }
        let secure = Cookies::for_site("https://chat.example.org").keep(&token).to_string();
        assert!(secure.starts_with("__Secure-confab_refresh=") && secure.contains("; Secure"), "{secure}");
    }
}
