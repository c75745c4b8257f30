//! Commands from sockets: NATS request/reply. Identity is the user's own token, or a realtime node's claim about
//! presence. NATS may be away at any time; REST does not need it.

mod messages;
mod receipts;
mod slash;

use std::sync::Arc;
use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event, HeaderMap, Message};
use events::public::{CommandAnswer, PresenceState};
use events::{Position, UserId};
use futures::StreamExt;
use garde::Validate;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use service_kit::{Principal, Problem, RequestId, TokenError, Valid, nats, not_found};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::app::App;
use crate::execute::Cause;
use crate::node_claim;
use crate::problems::busy;
use crate::sending;
use crate::sessions::now;

/// Commands carried out at once; more get 503 and come again.
const AT_ONCE: usize = 512;
const SUBJECT: &str = "confab.command.";
const QUEUE: &str = "command-api";

/// A client that connects as soon as it can and never gives up.
pub(crate) async fn connect(url: &str) -> Result<Client, nats::Failure> {
    let options = ConnectOptions::new()
        .name("command-api")
        .event_callback(|event| async move { tell(&event) })
        .reconnect_delay_callback(|attempt| Duration::from_millis((50 * attempt as u64).min(1_000)));
    nats::connect(url, options).await
}

fn tell(event: &Event) {
    match event {
        Event::Connected => tracing::info!("NATS is there: sockets can give commands"),
        Event::Disconnected => tracing::warn!("NATS is away: sockets cannot give commands, HTTP goes on"),
        Event::SlowConsumer(_) => tracing::warn!("commands came faster than they were taken; some were dropped"),
        Event::LameDuckMode | Event::Draining | Event::Closed | Event::ServerError(_) | Event::ClientError(_) => {
            tracing::debug!(%event, "NATS")
        }
    }
}

/// Answers commands for ever.
pub(crate) async fn answer_commands(app: App) {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        match app.nats.queue_subscribe(format!("{SUBJECT}*"), QUEUE.to_owned()).await {
            Ok(mut commands) => {
                while let Some(command) = commands.next().await {
                    take(&app, &permits, command);
                }
            }
            Err(error) => tracing::warn!(%error, "commands from sockets cannot be heard"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn take(app: &App, permits: &Arc<Semaphore>, command: Message) {
    let app = app.clone();
    let permit = Arc::clone(permits).try_acquire_owned();
    tokio::spawn(async move {
        let Some(reply) = command.reply.clone() else { return };
        let outcome = match permit {
            Ok(_permit) => carry_out(&app, &command).await,
            Err(_) => Err(busy()),
        };
        let answer = match outcome {
            Ok(answer) => json!({ "ok": answer }),
            Err(problem) => json!({ "problem": problem }),
        };
        if let Err(error) = app.nats.publish(reply, answer.to_string().into()).await {
            tracing::warn!(%error, "a command's answer could not be sent");
        }
    });
}

/// A command as it came.
struct Given<'a> {
    headers: &'a HeaderMap,
    request: RequestId,
    payload: &'a [u8],
}

impl Given<'_> {
    /// Who gives it, and with what.
    fn read<B>(&self, app: &App) -> Result<(Principal, Cause, B), Problem>
    where
        B: DeserializeOwned + Validate<Context: Default>,
    {
        let token = self.headers.get("Confab-Token").ok_or(TokenError::Missing)?;
        let by = app.verifier.admit(token.as_str())?;
        Ok((by, Cause::of(self.request, by), self.body()?))
    }

    fn body<B: DeserializeOwned + Validate<Context: Default>>(&self) -> Result<B, Problem> {
        Valid::parse(self.payload).map(|Valid(body)| body)
    }
}

async fn carry_out(app: &App, command: &Message) -> Result<CommandAnswer, Problem> {
    let headers = command.headers.clone().unwrap_or_default();
    let request = request_id(&headers);
    let given = &Given { headers: &headers, request, payload: &command.payload };
    let name = command.subject.strip_prefix(SUBJECT).unwrap_or_default();
    let outcome = match name {
        "run_command" => slash::run_command(app, given).await,
        name => carry_out_plain(app, name, given).await.map(CommandAnswer::done),
    };
    outcome.map_err(|problem| Problem { request_id: Some(request.0.to_string()), ..problem })
}

/// Those that answer with nothing but where their fact stands.
async fn carry_out_plain(app: &App, name: &str, given: &Given<'_>) -> Result<Position, Problem> {
    match name {
        "add_reaction" => messages::add_reaction(app, given).await,
        "delete_message" => messages::delete_message(app, given).await,
        "edit_message" => messages::edit_message(app, given).await,
        "mark_delivered" => receipts::mark_delivered(app, given).await,
        "mark_read" => receipts::mark_read(app, given).await,
        "mark_thread_read" => receipts::mark_thread_read(app, given).await,
        "post_message" => messages::post_message(app, given).await,
        "remove_reaction" => messages::remove_reaction(app, given).await,
        "set_presence" => set_presence(app, given).await,
        _ => Err(not_found()),
    }
}

fn request_id(headers: &HeaderMap) -> RequestId {
    let given = headers.get("Confab-Request-Id").and_then(|id| Uuid::parse_str(id.as_str()).ok());
    given.map_or_else(RequestId::fresh, RequestId)
}

/// `user` may be left out by whoever speaks for herself.
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
struct SetPresence {
    user: Option<UserId>,
    state: PresenceState,
}

async fn set_presence(app: &App, given: &Given<'_>) -> Result<Position, Problem> {
    if let Some(claim) = given.headers.get("Confab-Node") {
        return match given.body()? {
            SetPresence { user: Some(user), state } if vouched_for(app, claim.as_str(), user, state) => {
                let cause = Cause { request: given.request, actor: Some(user), session: None };
                sending::set_presence(app, user, &cause, state).await
            }
            SetPresence { .. } => Err(TokenError::Invalid.into()),
        };
    }
    let (by, cause, SetPresence { user, state }) = given.read(app)?;
    if user.is_some_and(|user| user != by.user) {
        return Err(not_found());
    }
    sending::set_presence(app, by.user, &cause, state).await
}

fn vouched_for(app: &App, claim: &str, user: UserId, state: PresenceState) -> bool {
    let now_s = u64::try_from(now().unix_ms() / 1000).unwrap_or_default();
    app.node_key.as_ref().is_some_and(|key| node_claim::verify(key, claim, user, state, now_s))
}
