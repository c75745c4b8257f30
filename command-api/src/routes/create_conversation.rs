//! `POST /v1/conversations`

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use domain::account::Account;
use domain::conversation::{ChannelName, CreateChannel, OpenDirect, Purpose, Refusal, State as ConversationState};
use domain::identifier::{self, ClaimIdentifier, Name};
use domain::{Aggregate, replay};
use events::{ConversationId, Position, UserId};
use garde::Validate;
use serde::{Deserialize, Serialize};
use service_kit::{Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{repeatable, with_position};
use crate::app::App;
use crate::execute::{Cause, Failure, execute};
use crate::fields::Faults;
use crate::problems::{log_problem, taken, user_not_found};

/// A conversation to begin.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum NewConversation {
    /// A public channel.
    Channel {
        /// Lower-case letters, digits, dashes and underscores.
        #[garde(skip)]
        #[schema(min_length = 1, max_length = 80)]
        name: String,
        /// What it is about right now.
        #[garde(skip)]
        #[schema(max_length = 250)]
        topic: Option<String>,
        /// What it is for.
        #[garde(skip)]
        #[schema(max_length = 250)]
        description: Option<String>,
    },
    /// A direct conversation with one person, or with oneself.
    Direct {
        /// With whom.
        #[garde(skip)]
        user: UserId,
    },
}

/// A conversation that is there now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Begun {
    id: ConversationId,
    /// Where its newest change by this request stands.
    position: Position,
    #[serde(skip)]
    new: bool,
}

/// Create a channel, or open a direct conversation.
///
/// Opening a direct conversation that is open already finds it (200).
#[utoipa::path(post, path = "/v1/conversations", tag = "conversations", security(("access_token" = [])),
    request_body = NewConversation,
    params(("Idempotency-Key" = Option<String>, Header, description = "makes creating a channel safe to repeat")),
    responses(
        (status = 201, body = Begun), (status = 200, body = Begun, description = "it was there before"),
        (status = 401, body = Problem), (status = 404, body = Problem, description = "user_not_found"),
        (status = 409, body = Problem, description = "channel_name_taken"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn create_conversation(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    headers: HeaderMap,
    Valid(conversation): Valid<NewConversation>,
) -> Result<impl IntoResponse, Problem> {
    let begun = match conversation {
        NewConversation::Direct { user } => open_direct(&app, by, user, request).await?,
        NewConversation::Channel { name, topic, description } => {
            let command = channel(by.user, &name, topic.as_deref(), description.as_deref())?;
            let repeatable = repeatable(&headers, "create_conversation", Some(by.user))?;
            create_channel(&app, by, command, repeatable, request).await?
        }
    };
    app.saw(begun.position);
    let status = if begun.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(with_position(begun.position, (status, Json(begun))))
}

async fn open_direct(app: &App, by: Principal, with: UserId, request: RequestId) -> Result<Begun, Problem> {
    let account = app.log.read(&Account::stream(&with)).await.map_err(|error| log_problem(&error))?;
    let with = replay::<Account>(&account.events).registered(with).map_err(|_| user_not_found())?;
    let command = OpenDirect { by: by.user, with };
    let id = command.conversation();
    let decided = execute(&app.log, &id, &Cause::of(request, by), &command).await?;
    Ok(Begun { id, position: decided.position, new: !decided.events.is_empty() })
}

fn channel(by: UserId, name: &str, topic: Option<&str>, description: Option<&str>) -> Result<CreateChannel, Problem> {
    let mut faults = Faults::default();
    let name = faults.check("/name", ChannelName::parse(name));
    let topic = faults.check_optional("/topic", topic, Purpose::parse).flatten();
    let description = faults.check_optional("/description", description, Purpose::parse).flatten();
    faults.none()?;
    let name = name.ok_or_else(|| Problem::invalid_fields(Vec::new()))?;
    Ok(CreateChannel { by, name, topic, description })
}

/// First the name, then the channel. A name whose channel never came to be is taken up by the next who wants it.
async fn create_channel(
    app: &App,
    by: Principal,
    command: CreateChannel,
    repeatable: Option<RequestId>,
    request: RequestId,
) -> Result<Begun, Problem> {
    let proposed = ConversationId::new(repeatable.map_or_else(Uuid::now_v7, |request| request.0));
    let (cause, name) = (Cause::of(repeatable.unwrap_or(request), by), Name::Channel(command.name.clone()));
    let id = match execute(&app.log, &name, &cause, &ClaimIdentifier { owner: proposed.uuid() }).await {
        Ok(_) => proposed,
        Err(Failure::Refused(identifier::Refusal::Taken { owner })) => unfinished(app, &name, owner).await?,
        Err(failure) => return Err(failure.into()),
    };
    match execute(&app.log, &id, &cause, &command).await {
        // Only a repeat under its own key may find its channel there already.
        Ok(decided) if decided.events.is_empty() && (repeatable.is_none() || id != proposed) => Err(taken(&name)),
        Ok(decided) => Ok(Begun { id, position: decided.position, new: true }),
        Err(Failure::Refused(Refusal::AlreadyExists)) => Err(taken(&name)),
        Err(failure) => Err(failure.into()),
    }
}

async fn unfinished(app: &App, name: &Name, owner: Uuid) -> Result<ConversationId, Problem> {
    let id = ConversationId::new(owner);
    let state = app.conversations.state(id).await.map_err(|error| log_problem(&error))?;
    if *state == ConversationState::Missing { Ok(id) } else { Err(taken(name)) }
}
