//! Slash commands, carried out by the very commands that routes give. Whoever may not see the conversation is told that
//! there is none, whatever she types.

mod channels;
mod settings;

use domain::slash::{Clock, Refusal, Slash};
use events::public::{CommandAnswer, Open, PresenceState};
use events::{ConversationId, MessageId, UserId};
use service_kit::{Principal, Problem};
use uuid::Uuid;

use crate::app::App;
use crate::execute::Cause;
use crate::messages::done;
use crate::people::open_direct;
use crate::problems::misused;
use crate::sending::{self, Send};
use crate::sessions::now;
use crate::{preferences, saved, status};

/// The namespace of the ids of messages that commands post under no id of the client's. Never changes: a request may be
/// repeated.
const MESSAGES: Uuid = Uuid::from_u128(0x1f6d_02c4_97ab_4be0_8f4e_3c5d_a1b7_6093);

/// What somebody typed, and where.
#[derive(Debug)]
pub(crate) struct Typed {
    /// The id of the message that it posts, if it posts one.
    pub(crate) id: Option<MessageId>,
    pub(crate) conversation: ConversationId,
    pub(crate) thread: Option<MessageId>,
    pub(crate) text: String,
    /// How many minutes her clock is ahead of UTC.
    pub(crate) ahead_minutes: i16,
}

/// One command of one person.
struct Running<'a> {
    app: &'a App,
    by: Principal,
    cause: &'a Cause,
    conversation: ConversationId,
    thread: Option<MessageId>,
    message: MessageId,
}

/// Carries out what somebody typed.
pub(crate) async fn run(app: &App, by: Principal, cause: &Cause, typed: Typed) -> Result<CommandAnswer, Problem> {
    let Typed { id, conversation, thread, text, ahead_minutes } = typed;
    app.conversations.viewer(conversation, by.user).await?;
    let clock = Clock { now: now(), ahead_minutes };
    let slash = Slash::read(&text, thread.is_some(), clock).map_err(|refusal: Refusal| misused(&refusal))?;
    let message = id.unwrap_or_else(|| MessageId::new(Uuid::new_v5(&MESSAGES, cause.request.0.as_bytes())));
    Running { app, by, cause, conversation, thread, message }.carry_out(slash).await
}

impl Running<'_> {
    async fn carry_out(&self, slash: Slash) -> Result<CommandAnswer, Problem> {
        match slash {
            Slash::Say(text) => self.say(self.conversation, self.thread, text).await,
            Slash::Away => self.be(PresenceState::Away).await,
            Slash::Active => self.be(PresenceState::Active).await,
            Slash::SetStatus { emoji, text } => {
                let emoji = emoji.as_ref().map(domain::message::Emoji::as_str);
                status::set(self.app, self.by, self.cause, emoji, &text, None).await.map(CommandAnswer::done)
            }
            Slash::ClearStatus => self.clear_status().await,
            Slash::AskForStatus => Ok(CommandAnswer::opened(Open::Status)),
            Slash::SetDnd(until) => {
                preferences::set_dnd(self.app, self.by, self.cause, until).await.map(CommandAnswer::done)
            }
            Slash::ClearDnd => preferences::clear_dnd(self.app, self.by, self.cause).await.map(CommandAnswer::done),
            Slash::AskForDnd => Ok(CommandAnswer::opened(Open::Dnd)),
            Slash::ShowTopic => self.show_topic().await,
            Slash::SetTopic(topic) => self.set_topic(&topic).await,
            Slash::Invite { user, channel } => self.invite(user, channel).await,
            Slash::Remove(user) => self.remove(user).await,
            Slash::Join(channel) => self.join(channel).await,
            Slash::Leave => self.leave().await,
            Slash::Direct { user, text } => self.direct(user, text).await,
            Slash::ToggleMute => self.toggle_mute().await,
            Slash::Rename(name) => self.rename(&name).await,
            Slash::Archive => self.archive().await,
            Slash::ListMembers => self.list_members().await,
            Slash::ToggleStar => self.toggle_star().await,
            Slash::Search(text) => Ok(CommandAnswer::opened(Open::Search { text })),
            Slash::ShowShortcuts => Ok(CommandAnswer::opened(Open::Shortcuts)),
            Slash::Collapse => Ok(CommandAnswer::opened(Open::Collapse)),
            Slash::Expand => Ok(CommandAnswer::opened(Open::Expand)),
            Slash::Remind { note, at } => {
                let notes = self.notes(note).await?;
                saved::save(self.app, self.by, self.cause, notes, Some(at)).await.map(CommandAnswer::done)
            }
        }
    }

    async fn say(
        &self,
        conversation: ConversationId,
        thread: Option<MessageId>,
        text: String,
    ) -> Result<CommandAnswer, Problem> {
        let send = Send { id: self.message, conversation, text, thread, in_channel: false, forwards: None };
        sending::post(self.app, self.by, self.cause, send).await.map(|sent| CommandAnswer::done(sent.position))
    }

    async fn be(&self, state: PresenceState) -> Result<CommandAnswer, Problem> {
        sending::set_presence(self.app, self.by.user, self.cause, state).await.map(CommandAnswer::done)
    }

    async fn clear_status(&self) -> Result<CommandAnswer, Problem> {
        let command = domain::profile::ClearStatus {};
        done(self.app, self.by.user, self.cause, &command).await.map(CommandAnswer::done)
    }

    async fn direct(&self, user: UserId, text: Option<String>) -> Result<CommandAnswer, Problem> {
        let (conversation, position) = open_direct(self.app, self.by.user, user, self.cause).await?.place();
        self.app.saw(position);
        let answer = match text {
            Some(text) => self.say(conversation, None, text).await?,
            None => CommandAnswer::done(position),
        };
        Ok(answer.opening(Open::Conversation { conversation }))
    }

    /// A note in one's conversation with oneself.
    async fn notes(&self, note: String) -> Result<MessageId, Problem> {
        let (conversation, _) = open_direct(self.app, self.by.user, self.by.user, self.cause).await?.place();
        self.say(conversation, None, note).await.map(|_| self.message)
    }
}
