//! Families of events: the Rust type, its stored name, and how an old stored form becomes today's.
//!
//! A stored name is `Name.vN` and stands beside its variant as a serde rename. Adding an optional field needs no
//! new version; a new meaning is a new event.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod conversation;
pub(crate) mod credential;
pub(crate) mod draft;
pub(crate) mod file;
pub(crate) mod follow;
pub(crate) mod identifier;
pub(crate) mod inbox;
pub(crate) mod message;
pub(crate) mod notification;
pub(crate) mod pins;
pub(crate) mod preference;
pub(crate) mod presence;
pub(crate) mod profile;
pub(crate) mod receipt;
pub(crate) mod saved;
pub(crate) mod session;
pub(crate) mod workspace;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    AccountEvent, ActivityEvent, Category, ConversationEvent, ConversationId, CredentialEvent, DraftEvent, FileEvent,
    FileId, FollowEvent, IdentifierEvent, InboxEvent, MessageEvent, MessageId, NotificationEvent, NotificationPart,
    PinsEvent, PreferenceEvent, PresenceEvent, ProfileEvent, ReceiptEvent, SavedEvent, SessionEvent, SessionId,
    StreamName, UserId, WorkspaceEvent,
};

/// A stored event that today's code cannot read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The stream's category is not one of ours.
    #[error("stream {0} belongs to no category of Confab")]
    ForeignStream(StreamName),
    /// The id in the stream's name is malformed.
    #[error("stream {0} carries no valid id")]
    MalformedStream(StreamName),
    /// The stored name or the shape of its data is unknown.
    #[error("stored event {name} cannot be read")]
    UnknownShape {
        /// The stored name.
        name: String,
        /// What serde found.
        #[source]
        source: serde_json::Error,
    },
}

/// All events that stand in one kind of stream.
pub trait Family: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The event as a fact about what its stream is named after; `None` when the stream's id is malformed.
    fn fact(stream: &StreamName, event: Self) -> Option<Fact>;

    /// One step from an older stored form towards today's; today's names come back unchanged.
    fn upcast(name: String, data: Value) -> (String, Value) {
        (name, data)
    }

    /// The stored name and the data to store.
    fn encode(&self) -> (String, Value) {
        // Every family is adjacently tagged and free of maps with odd keys, so this cannot fail.
        match serde_json::to_value(self) {
            Ok(Value::Object(mut fields)) => {
                let name = fields.remove("name").and_then(|name| name.as_str().map(str::to_owned));
                let data = fields.remove("data").unwrap_or_else(|| json!({}));
                (name.unwrap_or_default(), data)
            }
            other => unreachable!("an event family must be adjacently tagged, not {other:?}"),
        }
    }

    /// Reads a stored event, old or new.
    ///
    /// # Errors
    /// When neither the name nor its upcast form is known, or the data has another shape.
    fn decode(name: &str, data: Value) -> Result<Self, DecodeError> {
        let (mut current, mut data) = (name.to_owned(), data);
        loop {
            let before = current.clone();
            (current, data) = Self::upcast(current, data);
            if current == before {
                break;
            }
        }
        serde_json::from_value(json!({ "name": current, "data": data }))
            .map_err(|source| DecodeError::UnknownShape { name: name.to_owned(), source })
    }
}

/// Any fact of Confab, with the id that its stream is named after.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each variant is the family of the same name and the ids of its stream")]
pub enum Fact {
    Account { user: UserId, event: AccountEvent },
    Credential { user: UserId, event: CredentialEvent },
    Identifier { category: Category, digest: String, event: IdentifierEvent },
    Session { session: SessionId, event: SessionEvent },
    Workspace { event: WorkspaceEvent },
    Profile { user: UserId, event: ProfileEvent },
    Presence { user: UserId, event: PresenceEvent },
    Conversation { conversation: ConversationId, event: ConversationEvent },
    Message { message: MessageId, event: MessageEvent },
    Pins { conversation: ConversationId, event: PinsEvent },
    Follow { root: MessageId, user: UserId, event: FollowEvent },
    Receipt { conversation: ConversationId, user: UserId, event: ReceiptEvent },
    Inbox { user: UserId, event: InboxEvent },
    Preference { user: UserId, event: PreferenceEvent },
    Saved { user: UserId, event: SavedEvent },
    Draft { user: UserId, event: DraftEvent },
    Notification { message: MessageId, part: NotificationPart, event: NotificationEvent },
    Activity { user: UserId, event: ActivityEvent },
    File { file: FileId, event: FileEvent },
}

impl Fact {
    /// Reads a stored event of any category.
    ///
    /// # Errors
    /// When the stream is not Confab's or the event cannot be read.
    pub fn decode(stream: &StreamName, name: &str, data: Value) -> Result<Self, DecodeError> {
        let category = stream.category().ok_or_else(|| DecodeError::ForeignStream(stream.clone()))?;
        match category {
            // Named in this family before they had families of their own.
            Category::Preference if name == "MessageSaved.v1" => read::<SavedEvent>(stream, name, data),
            Category::Preference if name == "DraftSaved.v1" => read::<DraftEvent>(stream, name, data),
            Category::Account => read::<AccountEvent>(stream, name, data),
            Category::Credential => read::<CredentialEvent>(stream, name, data),
            Category::Email | Category::Phone | Category::ChannelName => read::<IdentifierEvent>(stream, name, data),
            Category::Session => read::<SessionEvent>(stream, name, data),
            Category::Workspace => read::<WorkspaceEvent>(stream, name, data),
            Category::Profile => read::<ProfileEvent>(stream, name, data),
            Category::Presence => read::<PresenceEvent>(stream, name, data),
            Category::Conversation => read::<ConversationEvent>(stream, name, data),
            Category::Message => read::<MessageEvent>(stream, name, data),
            Category::Pins => read::<PinsEvent>(stream, name, data),
            Category::Follow => read::<FollowEvent>(stream, name, data),
            Category::Receipt => read::<ReceiptEvent>(stream, name, data),
            Category::Inbox => read::<InboxEvent>(stream, name, data),
            Category::Preference => read::<PreferenceEvent>(stream, name, data),
            Category::Saved => read::<SavedEvent>(stream, name, data),
            Category::Draft => read::<DraftEvent>(stream, name, data),
            Category::Notification => read::<NotificationEvent>(stream, name, data),
            Category::Activity => read::<ActivityEvent>(stream, name, data),
            Category::File => read::<FileEvent>(stream, name, data),
        }
    }
}

fn read<F: Family>(stream: &StreamName, name: &str, data: Value) -> Result<Fact, DecodeError> {
    let event = F::decode(name, data)?;
    F::fact(stream, event).ok_or_else(|| DecodeError::MalformedStream(stream.clone()))
}
