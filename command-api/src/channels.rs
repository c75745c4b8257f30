//! Changes of channels. A channel's name is claimed before the channel bears it, and given back after it bears another:
//! whatever fails in between, no two channels have the same name. Two renames of one channel at the same moment are the
//! exception: one may give back a name that the other has just borne.

use domain::conversation::{ChangeChannel, ChannelName, Conversation, ConvertToChannel, State};
use domain::identifier::{Identifier, Name, ReleaseIdentifier, RenewIdentifier, State as NameState};
use domain::{Aggregate, Command, replay};
use event_log::{Expected, LogError};
use events::{ConversationEvent, ConversationId, IdentifierEvent, Position, StreamName};
use service_kit::Problem;

use crate::app::App;
use crate::execute::{Cause, Failure, execute, number};
use crate::problems::{Answer, log_problem, taken};

/// Carries a command out on a conversation. What was known of it is forgotten: nobody shall be late to see the change.
pub(crate) async fn settle<C>(app: &App, id: ConversationId, cause: &Cause, command: &C) -> Result<Position, Problem>
where
    C: Command<On = Conversation>,
{
    let decided = execute(&app.log, &id, cause, command).await?;
    app.conversations.forget(id);
    app.saw(decided.position);
    Ok(decided.position)
}

/// Changes a channel. A new name is looked at first: nobody claims one for a change that is refused.
pub(crate) async fn change(
    app: &App,
    id: ConversationId,
    cause: &Cause,
    command: &ChangeChannel,
) -> Result<Position, Problem> {
    let Some(name) = &command.name else { return settle(app, id, cause, command).await };
    let state = app.conversations.read(id).await.map_err(|error| log_problem(&error))?;
    let events = command.decide(&state).map_err(Answer::problem)?;
    if !events.iter().any(|event| matches!(event, ConversationEvent::Renamed { .. })) {
        return settle(app, id, cause, command).await;
    }
    let former = former_name(app, id, &state).await.map_err(|error| log_problem(&error))?;
    claim(app, id, name, cause).await?;
    let position = settle(app, id, cause, command).await?;
    if let Some(former) = former {
        former.release(app, id, cause).await;
    }
    Ok(position)
}

/// Makes a group a channel of this name.
pub(crate) async fn convert(
    app: &App,
    id: ConversationId,
    cause: &Cause,
    command: &ConvertToChannel,
) -> Result<Position, Problem> {
    let state = app.conversations.read(id).await.map_err(|error| log_problem(&error))?;
    if !command.decide(&state).map_err(Answer::problem)?.is_empty() {
        claim(app, id, &command.name, cause).await?;
    }
    settle(app, id, cause, command).await
}

async fn claim(app: &App, id: ConversationId, name: &ChannelName, cause: &Cause) -> Result<(), Problem> {
    let name = Name::Channel(name.clone());
    match execute(&app.log, &name, cause, &RenewIdentifier { owner: id.uuid() }).await {
        Ok(_) => Ok(()),
        Err(Failure::Refused(_)) => Err(taken(&name)),
        Err(failure) => Err(failure.into()),
    }
}

/// A name that a channel bears, as it was claimed for it.
struct Former {
    stream: StreamName,
    revision: u64,
    release: Vec<IdentifierEvent>,
}

async fn former_name(app: &App, id: ConversationId, state: &State) -> Result<Option<Former>, LogError> {
    let State::Open(open) = state else { return Ok(None) };
    let Some(name) = open.name.as_deref().and_then(|name| ChannelName::parse(name).ok()) else { return Ok(None) };
    let stream = Identifier::stream(&Name::Channel(name));
    let history = app.log.read::<IdentifierEvent>(&stream).await?;
    let known: NameState = replay::<Identifier>(&history.events);
    let release = ReleaseIdentifier { owner: id.uuid() }.decide(&known).unwrap_or_default();
    Ok(history.revision.map(|revision| Former { stream, revision, release }))
}

impl Former {
    /// Gives the name back, unless it was claimed anew meanwhile. The rename is done whatever comes of this.
    async fn release(self, app: &App, id: ConversationId, cause: &Cause) {
        if self.release.is_empty() {
            return;
        }
        let numbered = number(&self.stream, cause, &self.release);
        if let Err(error) = app.log.append(&self.stream, Expected::Exact(self.revision), numbered).await {
            tracing::warn!(%error, conversation = %id, "a former name was not given back; it stays taken");
        }
    }
}
