//! Commands about the conversation that they are given in, or about another channel.

use domain::conversation::{
    ArchiveChannel, ChangeChannel, ChannelName, JoinChannel, LeaveChannel, Open as Conversation, Purpose, Refusal,
    RemoveMember, State,
};
use domain::identifier::{Identifier, Name, State as NameState};
use domain::slash::Place;
use events::public::{CommandAnswer, ConversationKind, Open};
use events::{ConversationId, UserId};
use service_kit::Problem;

use super::Running;
use crate::actor::actor;
use crate::channels::{change, settle};
use crate::people::bring_in;
use crate::problems::{Answer, log_problem};

/// So many people are named; of the others it is said how many they are.
const MOST_NAMED: usize = 100;

impl Running<'_> {
    async fn here(&self) -> Result<Conversation, Problem> {
        match &*self.app.conversations.read(self.conversation).await.map_err(|error| log_problem(&error))? {
            State::Open(open) => Ok(open.clone()),
            State::Missing => Err(Refusal::Missing.problem()),
        }
    }

    pub(super) async fn show_topic(&self) -> Result<CommandAnswer, Problem> {
        let topic = self.here().await?.topic;
        Ok(CommandAnswer::told(topic.unwrap_or_else(|| "There is no topic.".to_owned())))
    }

    pub(super) async fn set_topic(&self, topic: &str) -> Result<CommandAnswer, Problem> {
        let topic = Purpose::parse(topic).map_err(|error| Problem::invalid_field("/text", &error.to_string()))?;
        self.change(|blank| ChangeChannel { topic: Some(topic), ..blank }).await
    }

    pub(super) async fn rename(&self, name: &str) -> Result<CommandAnswer, Problem> {
        let name = ChannelName::parse(name).map_err(|error| Problem::invalid_field("/text", &error.to_string()))?;
        self.change(|blank| ChangeChannel { name: Some(name), ..blank }).await
    }

    async fn change(&self, what: impl FnOnce(ChangeChannel) -> ChangeChannel) -> Result<CommandAnswer, Problem> {
        let by = actor(self.by);
        let blank = ChangeChannel {
            by,
            name: None,
            topic: None,
            description: None,
            visibility: None,
            posting: None,
            receipts: None,
        };
        change(self.app, self.conversation, self.cause, &what(blank)).await.map(CommandAnswer::done)
    }

    pub(super) async fn archive(&self) -> Result<CommandAnswer, Problem> {
        let command = ArchiveChannel { by: actor(self.by) };
        settle(self.app, self.conversation, self.cause, &command).await.map(CommandAnswer::done)
    }

    /// Who is brought into a group or a direct conversation opens another one, which is to be looked at.
    pub(super) async fn invite(&self, user: UserId, channel: Option<Place>) -> Result<CommandAnswer, Problem> {
        let into = match channel {
            Some(channel) => self.place(channel).await?,
            None => self.conversation,
        };
        let (conversation, position) = bring_in(self.app, self.by, self.cause, into, &[user]).await?.place();
        self.app.saw(position);
        let answer = CommandAnswer::done(position);
        Ok(if conversation == into { answer } else { answer.opening(Open::Conversation { conversation }) })
    }

    pub(super) async fn remove(&self, user: UserId) -> Result<CommandAnswer, Problem> {
        let command = RemoveMember { by: actor(self.by), user };
        settle(self.app, self.conversation, self.cause, &command).await.map(CommandAnswer::done)
    }

    pub(super) async fn join(&self, channel: Place) -> Result<CommandAnswer, Problem> {
        let conversation = self.place(channel).await?;
        let command = JoinChannel { user: self.by.user };
        let position = settle(self.app, conversation, self.cause, &command).await?;
        Ok(CommandAnswer::done(position).opening(Open::Conversation { conversation }))
    }

    /// Nobody leaves a group or a direct conversation: it goes out of sight.
    pub(super) async fn leave(&self) -> Result<CommandAnswer, Problem> {
        let conversation = self.conversation;
        if self.here().await?.kind != ConversationKind::Channel {
            return Ok(CommandAnswer::opened(Open::Close { conversation }));
        }
        let command = LeaveChannel { user: self.by.user };
        settle(self.app, conversation, self.cause, &command).await.map(CommandAnswer::done)
    }

    pub(super) async fn list_members(&self) -> Result<CommandAnswer, Problem> {
        let members = self.here().await?.members;
        let named: Vec<String> = members.iter().take(MOST_NAMED).map(|user| format!("<@{user}>")).collect();
        let rest = members.len() - named.len();
        let others = if rest > 0 { format!(" and {rest} others") } else { String::new() };
        Ok(CommandAnswer::told(format!("{}{others}", named.join(", "))))
    }

    /// A channel that is mentioned or named; whoever may not see it is told so by what is done to it.
    async fn place(&self, channel: Place) -> Result<ConversationId, Problem> {
        let name = match channel {
            Place::Mentioned(id) => return Ok(id),
            Place::Named(name) => Name::Channel(name),
        };
        match self.app.state_of::<Identifier>(&name).await? {
            NameState::Owned { owner } => Ok(ConversationId::new(owner)),
            NameState::Free => Err(Refusal::Missing.problem()),
        }
    }
}
