//! Slash commands: what a text that begins with `/` asks for. Reading one decides nothing: what it asks for is carried
//! out by the commands that routes give as well. It knows no names of people: they are mentioned, as `<@user>`.

mod read;
mod when;

use events::{ConversationId, Timestamp, UserId};

use crate::conversation::ChannelName;
use crate::message::Emoji;

pub use when::Clock;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slash {
    /// To say this as it is.
    Say(String),
    /// To be shown as away.
    Away,
    /// To be shown as active.
    Active,
    /// To have a status.
    SetStatus {
        /// Its emoji.
        emoji: Option<Emoji>,
        /// Its text.
        text: String,
    },
    /// To have none.
    ClearStatus,
    /// To be asked for one.
    AskForStatus,
    /// Not to be disturbed until then.
    SetDnd(Timestamp),
    /// To be notified again.
    ClearDnd,
    /// To be asked for how long.
    AskForDnd,
    /// To see the topic.
    ShowTopic,
    /// To have this one.
    SetTopic(String),
    /// To bring somebody in.
    Invite {
        /// Whom.
        user: UserId,
        /// Where; here, if nothing is said.
        channel: Option<Place>,
    },
    /// To put somebody out.
    Remove(UserId),
    /// To join a channel, or to look at one that one is in.
    Join(Place),
    /// To leave.
    Leave,
    /// To talk to somebody directly.
    Direct {
        /// To whom.
        user: UserId,
        /// What to say at once.
        text: Option<String>,
    },
    /// To mute the conversation, or to hear of it again.
    ToggleMute,
    /// To name the channel so.
    Rename(String),
    /// To archive the channel.
    Archive,
    /// To see who is here.
    ListMembers,
    /// To star the conversation, or to do so no longer.
    ToggleStar,
    /// To look for this.
    Search(String),
    /// To see the keyboard shortcuts.
    ShowShortcuts,
    /// To hide pictures and videos here.
    Collapse,
    /// To show them.
    Expand,
    /// To be reminded of this.
    Remind {
        /// Of what.
        note: String,
        /// When.
        at: Timestamp,
    },
}

/// Which channel is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The one mentioned.
    Mentioned(ConversationId),
    /// The one of this name.
    Named(ChannelName),
}

/// Why a text asks for nothing that can be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such command.
    #[error("No such command: `/{name}`")]
    Unknown {
        /// What was typed, cut where it is long.
        name: String,
    },
    /// It is not for threads.
    #[error("`/{name}` does not work in threads")]
    NotInThreads {
        /// Which.
        name: String,
    },
    /// It is used in another way.
    #[error("Use it like this: `{usage}`")]
    Usage {
        /// How.
        usage: &'static str,
    },
}

impl Slash {
    /// What a text asks for. Without a slash at its beginning, or with two, it is to be said as it is.
    ///
    /// # Errors
    /// When there is no such command, not here, or not so.
    pub fn read(text: &str, in_thread: bool, clock: Clock) -> Result<Self, Refusal> {
        let Some(typed) = text.strip_prefix('/') else { return Ok(Self::Say(text.trim_start().to_owned())) };
        if typed.starts_with('/') {
            return Ok(Self::Say(typed.to_owned()));
        }
        let (name, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        let (name, rest) = (name.to_lowercase(), rest.trim());
        let Some(known) = read::known_as(&name) else {
            return Err(Refusal::Unknown { name: name.chars().take(40).collect() });
        };
        if in_thread && !known.in_threads {
            return Err(Refusal::NotInThreads { name });
        }
        (known.read)(rest, clock).ok_or(Refusal::Usage { usage: known.usage })
    }
}

#[cfg(test)]
mod tests;
