//! The `users` view: one document per person, from her account, profile and presence. The document holds private
//! fields; what leaves are [`User`] for everybody and [`Me`] for herself, so a new private field cannot leak.

use events::public::{Person, PresenceState, Status};
use events::{AccountEvent, Category, Fact, PresenceEvent, ProfileEvent, Recorded, Role, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::View;

/// The view.
#[derive(Debug)]
pub struct Users;

/// A person as stored. Never sent out as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDoc {
    id: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile: Option<Profile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    role: Role,
    presence: PresenceState,
    deactivated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Profile {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    joined_at: Timestamp,
}

/// A person as everybody of the workspace sees her.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// Who she is.
    #[serde(flatten)]
    pub person: Person,
    /// What she may do in the workspace.
    pub role: Role,
    /// Whether she is here.
    pub presence: PresenceState,
}

/// A person as she sees herself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// What everybody sees.
    #[serde(flatten)]
    pub user: User,
    /// Her e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Her phone number, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl UserDoc {
    const fn new(id: UserId) -> Self {
        Self {
            id,
            profile: None,
            email: None,
            phone: None,
            role: Role::Member,
            presence: PresenceState::Offline,
            deactivated: false,
        }
    }

    /// What everybody may see; `None` until she has a name.
    #[must_use]
    pub fn user(&self) -> Option<User> {
        let Profile { name, display_name, title, status, joined_at } = self.profile.clone()?;
        let person = Person { id: self.id, name, display_name, title, status, joined_at };
        Some(User { person, role: self.role, presence: self.presence })
    }

    /// What she alone may see; `None` until she has a name.
    #[must_use]
    pub fn me(&self) -> Option<Me> {
        Some(Me { user: self.user()?, email: self.email.clone(), phone: self.phone.clone() })
    }
}

impl View for Users {
    const COLLECTION: &'static str = "users_v1";
    const CATEGORIES: &'static [Category] = &[Category::Account, Category::Profile, Category::Presence];
    type Key = UserId;
    type Doc = UserDoc;

    fn keys(fact: &Fact) -> Vec<UserId> {
        match fact {
            Fact::Account { user, .. } | Fact::Profile { user, .. } | Fact::Presence { user, .. } => vec![*user],
            Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Conversation { .. }
            | Fact::Message { .. }
            | Fact::Receipt { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Pins { .. }
            | Fact::Follow { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => Vec::new(),
        }
    }

    fn evolve(key: UserId, doc: Option<UserDoc>, recorded: &Recorded) -> Option<UserDoc> {
        match &recorded.event {
            Fact::Account { event, .. } => account(key, doc, event),
            Fact::Profile { event, .. } => profile(key, doc, event, recorded.at),
            Fact::Presence { event, .. } => Some(presence(doc?, event)),
            Fact::Credential { .. }
            | Fact::Identifier { .. }
            | Fact::Session { .. }
            | Fact::Workspace { .. }
            | Fact::Conversation { .. }
            | Fact::Message { .. }
            | Fact::Receipt { .. }
            | Fact::Inbox { .. }
            | Fact::Preference { .. }
            | Fact::Pins { .. }
            | Fact::Follow { .. }
            | Fact::Saved { .. }
            | Fact::Draft { .. }
            | Fact::Notification { .. }
            | Fact::Activity { .. }
            | Fact::File { .. } => doc,
        }
    }
}

/// Account and profile are two streams, so either may be the first to be seen.
fn account(id: UserId, doc: Option<UserDoc>, event: &AccountEvent) -> Option<UserDoc> {
    match event {
        AccountEvent::AccountRegistered { email, phone, role } => {
            let (email, phone) = (email.clone(), phone.clone());
            Some(UserDoc { email, phone, role: *role, ..doc.unwrap_or(UserDoc::new(id)) })
        }
        AccountEvent::EmailChanged { email } => Some(UserDoc { email: email.clone(), ..doc? }),
        AccountEvent::PhoneChanged { phone } => Some(UserDoc { phone: phone.clone(), ..doc? }),
        AccountEvent::RoleChanged { role } => Some(UserDoc { role: *role, ..doc? }),
        AccountEvent::AccountDeactivated {} => Some(UserDoc { deactivated: true, ..doc? }),
        AccountEvent::AccountReactivated {} => Some(UserDoc { deactivated: false, ..doc? }),
    }
}

fn profile(id: UserId, doc: Option<UserDoc>, event: &ProfileEvent, at: Timestamp) -> Option<UserDoc> {
    match event {
        ProfileEvent::ProfileCreated { name } => {
            let created = Profile { name: name.clone(), display_name: None, title: None, status: None, joined_at: at };
            Some(UserDoc { profile: Some(created), ..doc.unwrap_or(UserDoc::new(id)) })
        }
        ProfileEvent::ProfileChanged { name, display_name, title, .. } => {
            let doc = doc?;
            let (joined_at, status) =
                doc.profile.as_ref().map_or((at, None), |profile| (profile.joined_at, profile.status.clone()));
            let (name, display_name, title) = (name.clone(), display_name.clone(), title.clone());
            Some(UserDoc { profile: Some(Profile { name, display_name, title, status, joined_at }), ..doc })
        }
        ProfileEvent::StatusSet { emoji, text, until } => {
            Some(with_status(doc?, Some(Status { emoji: emoji.clone(), text: text.clone(), until: *until })))
        }
        ProfileEvent::StatusCleared {} => Some(with_status(doc?, None)),
        ProfileEvent::AvatarChanged { .. } => doc,
    }
}

fn with_status(doc: UserDoc, status: Option<Status>) -> UserDoc {
    UserDoc { profile: doc.profile.map(|profile| Profile { status, ..profile }), ..doc }
}

fn presence(doc: UserDoc, event: &PresenceEvent) -> UserDoc {
    match event {
        PresenceEvent::CameOnline {} => UserDoc { presence: PresenceState::Active, ..doc },
        PresenceEvent::WentAway {} => UserDoc { presence: PresenceState::Away, ..doc },
        PresenceEvent::WentOffline {} => UserDoc { presence: PresenceState::Offline, ..doc },
        PresenceEvent::DndSet { .. } | PresenceEvent::DndCleared {} => doc,
    }
}
