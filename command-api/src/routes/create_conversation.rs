//! `POST /v1/conversations`

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use domain::conversation::{ChannelName, CreateChannel, Purpose, Refusal, State as ConversationState};
use domain::identifier::{self, ClaimIdentifier, Name};
use events::{ConversationEvent, ConversationId, Position, UserId, Visibility};
use garde::Validate;
use serde::{Deserialize, Serialize};
use service_kit::{Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{repeatable, with_position};
use crate::app::App;
use crate::execute::{Cause, Decided, Failure, execute};
use crate::fields::Faults;
use crate::people::{open_direct, open_group};
use crate::problems::{log_problem, taken};

/// A conversation to begin.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum NewConversation {
    /// A channel.
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
        /// Who may find it; everybody, when nothing is said.
        #[garde(skip)]
        visibility: Option<Visibility>,
    },
    /// A group of three to nine people. The same people always meet in the same group.
    Group {
        /// With whom; you need not be named.
        #[garde(skip)]
        #[schema(min_items = 2, max_items = 9)]
        members: Vec<UserId>,
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

impl Begun {
    /// The conversation after a command to begin it; it is there already when nothing happened.
    pub(crate) fn at(id: ConversationId, decided: &Decided<ConversationEvent>) -> Self {
        Self { id, position: decided.position, new: !decided.events.is_empty() }
    }

    /// The conversation that was there before and stands here now.
    pub(crate) const fn known(id: ConversationId, position: Position) -> Self {
        Self { id, position, new: false }
    }

    /// Which, and where its newest change stands.
    pub(crate) const fn place(&self) -> (ConversationId, Position) {
        (self.id, self.position)
    }

    pub(super) fn answer(self, app: &App) -> impl IntoResponse + use<> {
        app.saw(self.position);
        let status = if self.new { StatusCode::CREATED } else { StatusCode::OK };
        with_position(self.position, (status, Json(self)))
    }
}

/// Create a channel, or open a group or a direct conversation.
///
/// Opening a group or a direct conversation that is open already finds it (200).
#[utoipa::path(post, path = "/v1/conversations", tag = "conversations", security(("access_token" = [])),
    request_body = NewConversation,
    params(("Idempotency-Key" = Option<String>, Header, description = "makes creating a channel safe to repeat")),
    responses(
        (status = 201, body = Begun), (status = 200, body = Begun, description = "it was there before"),
        (status = 401, body = Problem), (status = 404, body = Problem, description = "user_not_found"),
        (status = 409, body = Problem, description = "channel_name_taken, too_many_members"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn create_conversation(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    headers: HeaderMap,
    Valid(conversation): Valid<NewConversation>,
) -> Result<impl IntoResponse, Problem> {
    let begun = match conversation {
        NewConversation::Direct { user } => open_direct(&app, by.user, user, &Cause::of(request, by)).await?,
        NewConversation::Group { members } => open_group(&app, by.user, &members, &Cause::of(request, by)).await?,
        NewConversation::Channel { name, topic, description, visibility } => {
            let command = channel(by.user, &name, topic.as_deref(), description.as_deref(), visibility)?;
            let repeatable = repeatable(&headers, "create_conversation", Some(by.user))?;
            create_channel(&app, by, command, repeatable, request).await?
        }
    };
    Ok(begun.answer(&app))
}

fn channel(
    by: UserId,
    name: &str,
    topic: Option<&str>,
    description: Option<&str>,
    visibility: Option<Visibility>,
) -> Result<CreateChannel, Problem> {
    let mut faults = Faults::default();
    let name = faults.check("/name", ChannelName::parse(name));
    let topic = faults.check_optional("/topic", topic, Purpose::parse).flatten();
    let description = faults.check_optional("/description", description, Purpose::parse).flatten();
    faults.none()?;
    let name = name.ok_or_else(|| Problem::invalid_fields(Vec::new()))?;
    let visibility = visibility.unwrap_or(Visibility::Public);
    Ok(CreateChannel { by, name, topic, description, visibility })
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
