//! `POST /v1/auth/login`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::account::{Email, Phone};
use domain::identifier::Name;
use events::UserId;
use garde::Validate;
use serde::Deserialize;
use service_kit::{ClientIp, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::user_agent;
use crate::app::App;
use crate::cookies::Browser;
use crate::problems::invalid_credentials;
use crate::registration::{NOBODY, owner_of, password_of};
use crate::sessions::{self, SignedIn};

/// Who signs in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// E-mail address, or phone number in international form.
    #[garde(length(bytes, min = 1, max = 320))]
    #[schema(min_length = 1, max_length = 320)]
    identifier: String,
    /// The password.
    #[garde(length(bytes, min = 1, max = 1_024))]
    #[schema(format = "password", min_length = 1, max_length = 1024)]
    password: String,
}

impl Credentials {
    /// Whoever this is, proven by her password. Everybody else gets the same answer after the same work.
    async fn prove(&self, app: &App) -> Result<UserId, Problem> {
        // An identifier that cannot be anybody's is looked for all the same, under a name that nobody can claim.
        let user = owner_of(app, &self.name()).await?;
        let phc = password_of(app, user.unwrap_or(NOBODY)).await?;
        let matches = app.passwords.verify(&self.password, phc).await?;
        user.filter(|_| matches).ok_or_else(invalid_credentials)
    }

    fn name(&self) -> Name {
        let email = || Email::parse(&self.identifier).map(Name::Email).ok();
        let phone = || Phone::parse(&self.identifier).map(Name::Phone).ok();
        email().or_else(phone).unwrap_or_else(|| Name::Email(Email::nobody()))
    }
}

/// Sign in with an e-mail address or a phone number.
///
/// Unknown identifiers and wrong passwords get the same answer after the same time.
#[utoipa::path(post, path = "/v1/auth/login", tag = "auth", request_body = Credentials,
    params(("Confab-Client" = Option<String>, Header, description = "`web`: the refresh token comes as a cookie")),
    responses(
        (status = 200, body = SignedIn),
        (status = 401, body = Problem, description = "invalid_credentials"),
        (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn log_in(
    State(app): State<App>,
    from: ClientIp,
    browser: Browser,
    request: RequestId,
    headers: HeaderMap,
    Valid(credentials): Valid<Credentials>,
) -> Result<Response, Problem> {
    app.limits.login(from, &credentials.identifier)?;
    let user = credentials.prove(&app).await?;
    let opened = sessions::start(&app, user, request, user_agent(&headers)).await?;
    Ok(opened.answer(&app, StatusCode::OK, browser))
}
