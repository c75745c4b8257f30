//! What each refusal is answered with. Every match is exhaustive: a new refusal does not compile until somebody has
//! chosen its answer. Whoever may not see a thing is told what a stranger is told.

use domain::{
    account, activity, conversation, credential, draft, follow, identifier, inbox, message, pins, preference, presence,
    profile, receipt, saved, session, slash, workspace,
};
use event_log::LogError;
use service_kit::Problem;

use crate::execute::Failure;

/// A refusal that has an answer.
pub(crate) trait Answer {
    fn problem(self) -> Problem;
}

impl<R: Answer + std::error::Error + 'static> From<Failure<R>> for Problem {
    fn from(failure: Failure<R>) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.problem(),
            Failure::Busy => busy(),
            Failure::Log(error) => log_problem(&error),
        }
    }
}

/// The event store did not do what was asked.
pub(crate) fn log_problem(error: &LogError) -> Problem {
    match error {
        LogError::Unavailable(_) => {
            tracing::warn!(%error, "the event store did not answer");
            Problem::unavailable("event_store_unavailable", "The event store is away: nothing is lost, try again.")
        }
        LogError::Full => {
            tracing::error!("the event store's disk is full");
            Problem::new(
                507,
                "storage_full",
                "There is no room for more on the server: nothing was kept. Try again later.",
            )
        }
        LogError::InvalidUrl(_) | LogError::Unreadable { .. } | LogError::Refused(_) => {
            tracing::error!(%error, "the event store cannot be used");
            Problem::new(500, "internal_error", "Something went wrong on our side.")
        }
    }
}

/// Too much is going on.
pub(crate) fn busy() -> Problem {
    Problem::unavailable("overloaded", "Too much is going on at once: try again in a moment.")
}

/// The one answer to every sign-in that fails.
pub(crate) fn invalid_credentials() -> Problem {
    Problem::new(401, "invalid_credentials", "That is not a known account and its password.")
}

/// The one answer to every session that cannot go on.
pub(crate) fn session_expired() -> Problem {
    Problem::new(401, "session_expired", "The session is over: sign in again.")
}

/// An old refresh token came back, and the whole session is over.
pub(crate) fn refresh_reused() -> Problem {
    Problem::new(401, "refresh_reused", "An old refresh token came back, so the session was ended: sign in again.")
}

/// Somebody registered with this identifier before.
pub(crate) fn taken(name: &identifier::Name) -> Problem {
    match name {
        identifier::Name::Email(_) => Problem::new(409, "email_taken", "Somebody has this e-mail address already."),
        identifier::Name::Phone(_) => Problem::new(409, "phone_taken", "Somebody has this phone number already."),
        identifier::Name::Channel(_) => Problem::new(409, "channel_name_taken", "A channel has this name already."),
    }
}

pub(crate) fn user_not_found() -> Problem {
    Problem::new(404, "user_not_found", "There is no such person.")
}

fn message_not_found() -> Problem {
    Problem::new(404, "message_not_found", "There is no such message, or it is not for you to see.")
}

fn conversation_not_found() -> Problem {
    Problem::new(404, "conversation_not_found", "There is no such conversation, or it is not for you to see.")
}

impl Answer for conversation::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::Missing | Self::NotAMember | Self::Private => conversation_not_found(),
            Self::MembersOnly => Problem::new(403, "not_a_member", "Only members of this channel may do that."),
            Self::ManagersOnly => {
                Problem::new(403, "managers_only", "Only admins and whoever made this channel may do that.")
            }
            Self::PostingRestricted => {
                Problem::new(403, "posting_restricted", "Only admins and whoever made this channel post here.")
            }
            Self::NotAChannel => Problem::new(409, "not_a_channel", "Only a channel can be changed like that."),
            Self::NotAGroup => Problem::new(409, "not_a_group", "Only a group can become a channel."),
            Self::StaysPrivate => Problem::new(409, "stays_private", "What is private stays private."),
            Self::NotPublic => Problem::new(409, "channel_not_public", "Only a public channel is joined by newcomers."),
            Self::TooFewMembers => {
                Problem::invalid_field("/members", "a group has at least three people, you included")
            }
            Self::TooManyMembers => {
                Problem::new(409, "too_many_members", "A group has at most nine people: make a channel.")
            }
            Self::AlreadyExists => Problem::new(409, "conversation_exists", "The conversation exists already."),
            Self::TooManyForReceipts => {
                Problem::new(409, "too_many_for_receipts", "Receipts are told in channels of at most 50 people.")
            }
            Self::Archived => Problem::new(409, "conversation_archived", "This conversation is read-only."),
            Self::General => Problem::new(409, "general_channel", "Everybody belongs to this channel."),
        }
    }
}

/// A slash command that is none. Its title says which: it is what its sender typed.
pub(crate) fn misused(refusal: &slash::Refusal) -> Problem {
    let title = format!("{refusal}.");
    match refusal {
        slash::Refusal::Unknown { .. } => Problem::new(422, "unknown_command", &title),
        slash::Refusal::NotInThreads { .. } => Problem::new(409, "not_in_threads", &title),
        slash::Refusal::Usage { .. } => Problem::new(422, "command_misused", &title),
    }
}

impl Answer for message::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::IdTaken => Problem::new(409, "message_id_taken", "Another message has this id."),
            Self::NoSuchThread => Problem::new(404, "thread_not_found", "There is no such message to answer here."),
            Self::Missing => message_not_found(),
            Self::Deleted => Problem::new(410, "message_deleted", "The message was deleted."),
            Self::NotTheAuthor => Problem::new(403, "not_the_author", "Only its author may do that to a message."),
            Self::EditWindowClosed => Problem::new(403, "edit_window_closed", "The message is too old to be edited."),
            Self::TooManyEdits => Problem::new(409, "too_many_edits", "The message was edited too often."),
            Self::TooManyReactions => {
                Problem::new(409, "too_many_reactions", "The message carries as many different emoji as it can.")
            }
        }
    }
}

impl Answer for pins::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::Elsewhere => message_not_found(),
            Self::TooMany => Problem::new(409, "too_many_pins", "Enough is pinned here: take a pin away first."),
        }
    }
}

impl Answer for saved::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::Elsewhere => message_not_found(),
            Self::TooMany => Problem::new(409, "too_many_saved", "At most 1,000 messages can be saved."),
            Self::NotSaved => Problem::new(404, "not_saved", "You have not saved this message."),
        }
    }
}

impl Answer for draft::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::Elsewhere => message::Refusal::NoSuchThread.problem(),
            Self::TooMany => Problem::new(409, "too_many_drafts", "At most 100 drafts are kept."),
        }
    }
}

impl Answer for follow::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::Elsewhere => message::Refusal::NoSuchThread.problem(),
            Self::BeyondTheNewest => Problem::invalid_field("/position", "nothing has that position yet"),
        }
    }
}

impl Answer for receipt::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::BeyondTheNewest => Problem::invalid_field("/position", "nothing has that position yet"),
        }
    }
}

impl Answer for inbox::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::BeyondTheNewest => Problem::invalid_field("/position", "nothing has that position yet"),
        }
    }
}

impl Answer for activity::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::BeyondTheNewest => Problem::invalid_field("/position", "nothing has that position yet"),
        }
    }
}

impl Answer for session::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::Missing | Self::Revoked | Self::Expired | Self::UnknownToken => session_expired(),
            Self::NotTheirs => service_kit::not_found(),
            Self::Superseded => {
                Problem::new(409, "refresh_superseded", "This token was exchanged a moment ago: use the newest.")
            }
            Self::AlreadyStarted => Problem::new(409, "session_exists", "The session has started already."),
        }
    }
}

impl Answer for account::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::NoIdentifier => Problem::invalid_field("/email", "give an e-mail address or a phone number"),
            Self::AlreadyRegistered => {
                Problem::new(409, "account_exists", "The account is registered with other identifiers.")
            }
            Self::Missing => user_not_found(),
        }
    }
}

impl Answer for credential::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::AlreadySet => Problem::new(409, "account_exists", "The account has a password already."),
        }
    }
}

impl Answer for identifier::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::Taken { .. } => Problem::new(409, "name_taken", "Somebody has this name already."),
        }
    }
}

impl Answer for workspace::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::AlreadyFounded => Problem::new(409, "workspace_founded", "The workspace is founded already."),
            Self::AdminsOnly => Problem::new(403, "admins_only", "Only admins of the workspace may do that."),
            Self::General => Problem::new(409, "general_channel", "Everybody belongs to this channel."),
            Self::TooManyDefaultChannels => Problem::new(
                409,
                "too_many_default_channels",
                "Newcomers join at most 20 channels besides the general one.",
            ),
        }
    }
}

impl Answer for profile::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::Missing => user_not_found(),
        }
    }
}

impl Answer for preference::Refusal {
    fn problem(self) -> Problem {
        match self {
            Self::TooManyStarred => Problem::new(409, "too_many_starred", "At most 500 conversations can be starred."),
            Self::TooManyMuted => Problem::new(409, "too_many_muted", "At most 500 conversations can be muted."),
            Self::TooManyLevels => {
                Problem::new(409, "too_many_levels", "At most 500 conversations can have a level of their own.")
            }
            Self::OverAlready => Problem::invalid_field("/until", "must lie in the future"),
        }
    }
}

impl Answer for presence::Refusal {
    fn problem(self) -> Problem {
        match self {}
    }
}
