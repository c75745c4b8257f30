//! Stream names: `category-id`, cut at the first dash as the event store itself does.

use std::fmt;

use crate::{ConversationId, DraftPlace, FileId, MessageId, NotificationPart, SessionId, UserId};

macro_rules! categories {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// The kinds of streams.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Category { $($(#[$doc])* $name),+ }

        impl Category {
            /// Every category, in the order of the event catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word before the dash.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

categories! {
    /// A person's account, without any secret.
    Account = "account",
    /// A person's password hash. Never relayed, exported or shown.
    Credential = "credential",
    /// Who owns an e-mail address; the id is the address's SHA-256.
    Email = "email",
    /// Which channel has a name; the id is the name's SHA-256.
    ChannelName = "channelname",
    /// Who owns a phone number; the id is the number's SHA-256.
    Phone = "phone",
    /// A signed-in device.
    Session = "session",
    /// The workspace itself.
    Workspace = "workspace",
    /// What a person shows of herself.
    Profile = "profile",
    /// Coarse presence.
    Presence = "presence",
    /// A conversation's settings and members.
    Conversation = "conversation",
    /// One message and all that happens to it.
    Message = "message",
    /// What is pinned in a conversation.
    Pins = "pins",
    /// A person's place in a thread.
    Follow = "follow",
    /// How far one member has received and read one conversation.
    Receipt = "receipt",
    /// What holds for all that one person reads.
    Inbox = "inbox",
    /// A person's own settings.
    Preference = "preference",
    /// What somebody has saved for later.
    Saved = "saved",
    /// What somebody has begun to write.
    Draft = "draft",
    /// Whom one message was to notify.
    Notification = "notification",
    /// How far a person has looked through what concerned her.
    Activity = "activity",
    /// An uploaded file.
    File = "file",
}

impl Category {
    /// The prefix that names all streams of this category, dash included.
    #[must_use]
    pub fn prefix(self) -> String {
        format!("{}-", self.as_str())
    }
}

/// The name of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StreamName(String);

impl StreamName {
    fn of(category: Category, id: impl fmt::Display) -> Self {
        Self(format!("{}-{id}", category.as_str()))
    }

    /// A name as the store gave it.
    #[must_use]
    pub fn stored(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// `account-{user}`
    #[must_use]
    pub fn account(user: UserId) -> Self {
        Self::of(Category::Account, user)
    }

    /// `credential-{user}`
    #[must_use]
    pub fn credential(user: UserId) -> Self {
        Self::of(Category::Credential, user)
    }

    /// `email-{sha256 of the normalised address, in hex}`
    #[must_use]
    pub fn email(digest: &str) -> Self {
        Self::of(Category::Email, digest)
    }

    /// `phone-{sha256 of the normalised number, in hex}`
    #[must_use]
    pub fn phone(digest: &str) -> Self {
        Self::of(Category::Phone, digest)
    }

    /// `channelname-{sha256 of the name, in hex}`
    #[must_use]
    pub fn channel_name(digest: &str) -> Self {
        Self::of(Category::ChannelName, digest)
    }

    /// `session-{id}`
    #[must_use]
    pub fn session(session: SessionId) -> Self {
        Self::of(Category::Session, session)
    }

    /// `workspace-main`: there is one workspace.
    #[must_use]
    pub fn workspace() -> Self {
        Self::of(Category::Workspace, "main")
    }

    /// `profile-{user}`
    #[must_use]
    pub fn profile(user: UserId) -> Self {
        Self::of(Category::Profile, user)
    }

    /// `presence-{user}`
    #[must_use]
    pub fn presence(user: UserId) -> Self {
        Self::of(Category::Presence, user)
    }

    /// `conversation-{id}`
    #[must_use]
    pub fn conversation(conversation: ConversationId) -> Self {
        Self::of(Category::Conversation, conversation)
    }

    /// `message-{id}`
    #[must_use]
    pub fn message(message: MessageId) -> Self {
        Self::of(Category::Message, message)
    }

    /// `pins-{conversation}`
    #[must_use]
    pub fn pins(conversation: ConversationId) -> Self {
        Self::of(Category::Pins, conversation)
    }

    /// `follow-{message}.{user}`, the message being the one at the head of the thread
    #[must_use]
    pub fn follow(root: MessageId, user: UserId) -> Self {
        Self::of(Category::Follow, format_args!("{root}.{user}"))
    }

    /// `receipt-{conversation}.{user}`
    #[must_use]
    pub fn receipt(conversation: ConversationId, user: UserId) -> Self {
        Self::of(Category::Receipt, format_args!("{conversation}.{user}"))
    }

    /// `inbox-{user}`
    #[must_use]
    pub fn inbox(user: UserId) -> Self {
        Self::of(Category::Inbox, user)
    }

    /// `preference-{user}`
    #[must_use]
    pub fn preference(user: UserId) -> Self {
        Self::of(Category::Preference, user)
    }

    /// `saved-{user}`
    #[must_use]
    pub fn saved(user: UserId) -> Self {
        Self::of(Category::Saved, user)
    }

    /// `draft-{conversation}.{user}`, `draft-{conversation}.{thread}.{user}`
    #[must_use]
    pub fn draft(DraftPlace { conversation, thread }: DraftPlace, user: UserId) -> Self {
        match thread {
            Some(thread) => Self::of(Category::Draft, format_args!("{conversation}.{thread}.{user}")),
            None => Self::of(Category::Draft, format_args!("{conversation}.{user}")),
        }
    }

    /// `draft-{user}`: where somebody has begun to write
    #[must_use]
    pub fn draft_places(user: UserId) -> Self {
        Self::of(Category::Draft, user)
    }

    /// `notification-{message}.{part}`
    #[must_use]
    pub fn notification(message: MessageId, part: NotificationPart) -> Self {
        Self::of(Category::Notification, format_args!("{message}.{part}"))
    }

    /// `activity-{user}`
    #[must_use]
    pub fn activity(user: UserId) -> Self {
        Self::of(Category::Activity, user)
    }

    /// `file-{id}`
    #[must_use]
    pub fn file(file: FileId) -> Self {
        Self::of(Category::File, file)
    }

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The category before the first dash; `None` for a stream that is not Confab's.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        let (word, _) = self.0.split_once('-')?;
        Category::ALL.iter().copied().find(|category| category.as_str() == word)
    }

    /// What follows the first dash.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.split_once('-').map_or("", |(_, id)| id)
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_name_is_cut_at_its_first_dash() {
        let user = UserId::new(Uuid::from_u128(9));
        let name = StreamName::account(user);
        assert_eq!(name.category(), Some(Category::Account));
        assert_eq!(name.id(), user.to_string());
    }

    #[test]
    fn a_foreign_stream_has_no_category() {
        assert_eq!(StreamName::stored("$settings").category(), None);
        assert_eq!(StreamName::stored("invoice-1").category(), None);
    }
}
