//! `POST /v1/auth/register`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::account::{Email, PersonName, Phone};
use domain::credential::Password;
use events::UserId;
use garde::Validate;
use serde::Deserialize;
use service_kit::{ClientIp, Problem, RequestId, Valid};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{repeatable, user_agent};
use crate::app::App;
use crate::cookies::Browser;
use crate::execute::Cause;
use crate::fields::Faults;
use crate::registration::{self, Registration};
use crate::sessions::{self, SignedIn};

/// Who wants to join. One of e-mail and phone is needed.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewPerson {
    /// Full name.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// E-mail address.
    #[schema(format = "email", max_length = 254)]
    email: Option<String>,
    /// Phone number in international form.
    #[schema(example = "+31612345678")]
    phone: Option<String>,
    /// At least 8 characters, at most 128 bytes.
    #[schema(format = "password", min_length = 8, max_length = 128)]
    password: String,
}

impl NewPerson {
    fn read(&self, repeatable: bool) -> Result<Registration, Problem> {
        let mut faults = Faults::default();
        let name = faults.check("/name", PersonName::parse(&self.name));
        let email = faults.check_optional("/email", self.email.as_deref(), Email::parse);
        let phone = faults.check_optional("/phone", self.phone.as_deref(), Phone::parse);
        let about = [Some(&self.name), self.email.as_ref(), self.phone.as_ref()];
        let about: Vec<&str> = about.into_iter().flatten().map(String::as_str).collect();
        let password = faults.check("/password", Password::parse(&self.password, &about));
        if self.email.is_none() && self.phone.is_none() {
            faults.check::<(), _>("/email", Err("give an e-mail address or a phone number"));
        }
        faults.none()?;
        match (name, password) {
            (Some(name), Some(password)) => Ok(Registration { name, email, phone, password, repeatable }),
            (None, _) | (_, None) => Err(Problem::invalid_fields(Vec::new())),
        }
    }
}

/// Register with a name, a password, and an e-mail address or a phone number.
///
/// The first person owns the workspace; everybody joins the general channel. A repeat under the same
/// `Idempotency-Key` brings a new session of the same person.
#[utoipa::path(post, path = "/v1/auth/register", tag = "auth", request_body = NewPerson,
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "makes a repeat of this request safe"),
        ("Confab-Client" = Option<String>, Header, description = "`web`: the refresh token comes as a cookie"),
    ),
    responses(
        (status = 201, body = SignedIn),
        (status = 409, body = Problem, description = "email_taken, phone_taken"),
        (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn register(
    State(app): State<App>,
    from: ClientIp,
    browser: Browser,
    request: RequestId,
    headers: HeaderMap,
    Valid(person): Valid<NewPerson>,
) -> Result<Response, Problem> {
    app.limits.register(from)?;
    let repeatable = repeatable(&headers, "register", None)?;
    let registration = person.read(repeatable.is_some())?;
    let proposed = UserId::new(repeatable.map_or_else(Uuid::now_v7, |request| request.0));
    let cause = Cause { request: repeatable.unwrap_or(request), actor: None, session: None };
    let user = registration::register(&app, &registration, proposed, cause).await?;
    let opened = sessions::start(&app, user, request, user_agent(&headers)).await?;
    Ok(opened.answer(&app, StatusCode::CREATED, browser))
}
