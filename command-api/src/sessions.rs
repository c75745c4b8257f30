//! Sessions begin, go on and end: the tokens around the session's rules.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use domain::session::{REUSED, RefreshSession, RevokeSession, Revoker, Session, StartSession, State};
use events::{Position, SessionEvent, SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use service_kit::{Problem, RequestId};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::cookies::Browser;
use crate::execute::{Cause, execute};
use crate::me::{Me, me};
use crate::problems::{invalid_credentials, refresh_reused, session_expired};
use crate::refresh_token::RefreshToken;
use crate::routes::with_position;
use crate::signing_key::ACCESS_LIFE_S;

/// What a sign-in, a registration or a refresh brings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct SignedIn {
    /// Who you are.
    pub user: Me,
    /// Proves it for `expires_in` seconds.
    pub access_token: String,
    /// Brings the next access token, once. Absent for browsers, which get it as a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Seconds until the access token expires.
    pub expires_in: u64,
}

/// A session that has just begun or gone on.
pub(crate) struct Opened {
    pub(crate) signed_in: SignedIn,
    pub(crate) token: RefreshToken,
    pub(crate) position: Position,
}

/// Starts a session of somebody who has proven who she is.
pub(crate) async fn start(
    app: &App,
    user: UserId,
    request: RequestId,
    agent: Option<String>,
) -> Result<Opened, Problem> {
    let me = me(&app.log, user).await?.ok_or_else(invalid_credentials)?;
    let session = SessionId::new(Uuid::now_v7());
    let token = fresh(session)?;
    let cause = Cause { request, actor: Some(user), session: Some(session) };
    let command = StartSession { user, refresh: token.hash(), user_agent: agent };
    let decided = execute(&app.log, &session, &cause, &command).await?;
    opened(app, me, token, decided.position)
}

/// Exchanges a refresh token; an old one ends the session.
pub(crate) async fn refresh(app: &App, presented: RefreshToken, request: RequestId) -> Result<Opened, Problem> {
    let session = presented.session;
    let user = owner(app, session).await?.ok_or_else(session_expired)?;
    let cause = Cause { request, actor: Some(user), session: Some(session) };
    let next = fresh(session)?;
    let command = RefreshSession { presented: presented.hash(), next: next.hash(), now: now() };
    let decided = execute(&app.log, &session, &cause, &command).await?;
    if decided.events.contains(&SessionEvent::SessionRevoked { reason: REUSED.to_owned() }) {
        announce_end(app, session).await;
        tracing::warn!(session.id = %session, user.id = %user, "an old refresh token came back");
        return Err(refresh_reused());
    }
    let me = me(&app.log, user).await?.ok_or_else(session_expired)?;
    opened(app, me, next, decided.position)
}

/// Ends a session.
pub(crate) async fn revoke(app: &App, session: SessionId, cause: &Cause, by: Revoker) -> Result<Position, Problem> {
    let reason = match by {
        Revoker::Person(_) => "revoked",
        Revoker::Token(_) => "signed_out",
    };
    let decided = execute(&app.log, &session, cause, &RevokeSession { by, reason }).await?;
    announce_end(app, session).await;
    Ok(decided.position)
}

/// Tells the sockets of a session that it is over. Told again when asked again: whoever missed it may hear it then.
/// While NATS is away the word is kept for a while, but nobody waits for it.
async fn announce_end(app: &App, session: SessionId) {
    let word = json!({ "session": session }).to_string();
    let told = app.nats.publish("confab.session.revoked", word.into());
    let told = tokio::time::timeout(Duration::from_millis(200), told).await;
    if !matches!(told, Ok(Ok(()))) {
        tracing::warn!(session.id = %session, "the end of a session could not be told to its sockets");
    }
}

async fn owner(app: &App, session: SessionId) -> Result<Option<UserId>, Problem> {
    Ok(match app.state_of::<Session>(&session).await? {
        State::Missing => None,
        State::Live(live) => Some(live.user),
        State::Revoked { user } => Some(user),
    })
}

fn opened(app: &App, me: Me, token: RefreshToken, position: Position) -> Result<Opened, Problem> {
    let access_token = app.key.access_token(me.person.id, token.session, me.role).map_err(|error| internal(&error))?;
    let signed_in = SignedIn { user: me, access_token, refresh_token: None, expires_in: ACCESS_LIFE_S };
    Ok(Opened { signed_in, token, position })
}

impl Opened {
    /// The answer: browsers get the refresh token as a cookie, everybody else in the body.
    pub(crate) fn answer(mut self, app: &App, status: StatusCode, Browser(browser): Browser) -> Response {
        let mut jar = CookieJar::new();
        if browser {
            jar = jar.add(app.cookies.keep(&self.token));
        } else {
            self.signed_in.refresh_token = Some(self.token.reveal());
        }
        with_position(self.position, (status, jar, [("cache-control", "no-store")], Json(self.signed_in)))
            .into_response()
    }
}

fn fresh(session: SessionId) -> Result<RefreshToken, Problem> {
    RefreshToken::fresh(session).map_err(|error| internal(&error.into()))
}

fn internal(error: &anyhow::Error) -> Problem {
    tracing::error!(error = format!("{error:#}"), "a token could not be made");
    Problem::new(500, "internal_error", "Something went wrong on our side.")
}

/// Now, by this machine's clock.
pub(crate) fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_ms(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}
