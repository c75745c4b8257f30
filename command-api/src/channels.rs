//! Changes of channels. A channel bears a name only if it is as it was before the name was claimed for it, and gives its
//! former name back afterwards: whatever happens in between, no two channels have the same name.

use domain::conversation::{ChangeChannel, ChannelName, Conversation, ConvertToChannel, State};
use domain::identifier::{Identifier, Name, ReleaseIdentifier, RenewIdentifier};
use domain::{Aggregate, Command};
use event_log::{Expected, Folded};
use events::{ConversationEvent, ConversationId, IdentifierEvent, Position, StreamName};
use service_kit::Problem;

use crate::app::App;
use crate::execute::{ATTEMPTS, Cause, Decided, Failure, append, execute, load, number};
use crate::problems::{Answer, busy, log_problem, taken};

/// Carries a command out on a conversation. What was known of it is forgotten: nobody shall be late to see the change.
pub(crate) async fn settle<C>(app: &App, id: ConversationId, cause: &Cause, command: &C) -> Result<Position, Problem>
where
    C: Command<On = Conversation>,
{
    let decided = execute(&app.log, &id, cause, command).await?;
    Ok(settled(app, id, decided.position))
}

fn settled(app: &App, id: ConversationId, position: Position) -> Position {
    app.conversations.forget(id);
    app.saw(position);
    position
}

/// Changes a channel.
pub(crate) async fn change(
    app: &App,
    id: ConversationId,
    cause: &Cause,
    command: &ChangeChannel,
) -> Result<Position, Problem> {
    match &command.name {
        Some(name) => Naming { app, id, cause, name }.carry_out(command).await,
        None => settle(app, id, cause, command).await,
    }
}

/// Makes a group a channel of this name.
pub(crate) async fn convert(
    app: &App,
    id: ConversationId,
    cause: &Cause,
    command: &ConvertToChannel,
) -> Result<Position, Problem> {
    Naming { app, id, cause, name: &command.name }.carry_out(command).await
}

/// A command that gives a channel a name.
struct Naming<'a> {
    app: &'a App,
    id: ConversationId,
    cause: &'a Cause,
    name: &'a ChannelName,
}

impl Naming<'_> {
    /// Looks at the channel, claims the name for it, and lets it bear the name if it is still as it was seen. Else all
    /// of it is done again: the claim too, for meanwhile the channel may have borne the name and given it back.
    async fn carry_out<C: Command<On = Conversation>>(&self, command: &C) -> Result<Position, Problem> {
        for _ in 0..ATTEMPTS {
            if let Some(decided) = self.attempt(command).await? {
                return Ok(settled(self.app, self.id, decided.position));
            }
        }
        Err(busy())
    }

    async fn attempt<C: Command<On = Conversation>>(
        &self,
        command: &C,
    ) -> Result<Option<Decided<ConversationEvent>>, Problem> {
        let log = &self.app.log;
        let stream = StreamName::conversation(self.id);
        let Folded { state, end } = load::<Conversation>(log, &stream).await.map_err(|error| log_problem(&error))?;
        let events = command.decide(&state).map_err(Answer::problem)?;
        let former = match name_of(&state) {
            Some(former) if events.iter().any(names) && former != *self.name => self.claimed(former).await?,
            Some(_) | None => None,
        };
        if events.iter().any(names) {
            self.claim().await?;
        }
        let decided = append(log, &stream, self.cause, end, events).await.map_err(|error| log_problem(&error))?;
        if let (Some(_), Some(former)) = (&decided, former) {
            former.give_back(self).await;
        }
        Ok(decided)
    }

    async fn claim(&self) -> Result<(), Problem> {
        let name = Name::Channel(self.name.clone());
        match execute(&self.app.log, &name, self.cause, &RenewIdentifier { owner: self.id.uuid() }).await {
            Ok(_) => Ok(()),
            Err(Failure::Refused(_)) => Err(taken(&name)),
            Err(failure) => Err(failure.into()),
        }
    }

    /// A name as it is claimed for this channel right now.
    async fn claimed(&self, name: ChannelName) -> Result<Option<Claimed>, Problem> {
        let stream = Identifier::stream(&Name::Channel(name));
        let Folded { state, end } =
            load::<Identifier>(&self.app.log, &stream).await.map_err(|error| log_problem(&error))?;
        let release = ReleaseIdentifier { owner: self.id.uuid() }.decide(&state).unwrap_or_default();
        let claimed = end.revision.filter(|_| !release.is_empty());
        Ok(claimed.map(|revision| Claimed { stream, revision, release }))
    }
}

fn names(event: &ConversationEvent) -> bool {
    matches!(event, ConversationEvent::Renamed { .. } | ConversationEvent::ConvertedToChannel { .. })
}

fn name_of(state: &State) -> Option<ChannelName> {
    let State::Open(open) = state else { return None };
    ChannelName::parse(open.name.as_deref()?).ok()
}

/// A claim, and what would end it.
struct Claimed {
    stream: StreamName,
    revision: u64,
    release: Vec<IdentifierEvent>,
}

impl Claimed {
    /// Gives the name back, unless it was claimed anew since it was looked at.
    async fn give_back(self, by: &Naming<'_>) {
        let numbered = number(&self.stream, by.cause, &self.release);
        let given = by.app.log.append(&self.stream, Expected::Exact(self.revision), numbered).await;
        if let Err(error) = given {
            tracing::warn!(%error, conversation = %by.id, "a name was not given back; it stays taken");
        }
    }
}
