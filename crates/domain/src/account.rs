//! An account: who may sign in, under which identifiers, with which role. No secret stands here.

mod actor;
mod email;
mod person_name;
mod phone;
mod register_account;

use events::{AccountEvent, Recorded, Role, StreamName, UserId};

use crate::Aggregate;

pub use actor::Actor;
pub use email::{Email, InvalidEmail};
pub use person_name::{InvalidPersonName, PersonName};
pub use phone::{InvalidPhone, Phone};
pub use register_account::RegisterAccount;

/// The aggregate of `account-{user}`.
#[derive(Debug)]
pub struct Account;

/// What the rules remember of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    /// Nobody has registered under this id.
    #[default]
    Missing,
    /// Somebody has.
    Registered {
        /// Normalised e-mail address.
        email: Option<String>,
        /// Normalised phone number.
        phone: Option<String>,
        /// What she may do.
        role: Role,
        /// Whether she may sign in.
        active: bool,
    },
}

/// Why an account says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither e-mail nor phone was given.
    #[error("an account needs an e-mail address or a phone number")]
    NoIdentifier,
    /// The id belongs to an account with other identifiers.
    #[error("the account is registered with other identifiers")]
    AlreadyRegistered,
    /// Nobody has registered under this id.
    #[error("there is no such account")]
    Missing,
}

/// Proof that somebody has an account. Only an account's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registered {
    user: UserId,
}

impl Registered {
    /// Who has the account.
    #[must_use]
    pub const fn user(self) -> UserId {
        self.user
    }
}

/// Proof that somebody looks after the workspace. Only an account's state makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moderator {
    user: UserId,
}

impl Moderator {
    /// Who looks after it.
    #[must_use]
    pub const fn user(self) -> UserId {
        self.user
    }
}

impl State {
    /// Proves that `user`, whose account this is, looks after the workspace: as its owner or as an admin.
    #[must_use]
    pub const fn moderator(&self, user: UserId) -> Option<Moderator> {
        match self {
            Self::Registered { role: Role::Owner | Role::Admin, active: true, .. } => Some(Moderator { user }),
            Self::Registered { .. } | Self::Missing => None,
        }
    }

    /// Proves that `user`, whose account this is, has registered. As old as the read it came from.
    ///
    /// # Errors
    /// When there is no such account.
    pub const fn registered(&self, user: UserId) -> Result<Registered, Refusal> {
        match self {
            Self::Missing => Err(Refusal::Missing),
            Self::Registered { .. } => Ok(Registered { user }),
        }
    }
}

impl Aggregate for Account {
    type Id = UserId;
    type State = State;
    type Event = AccountEvent;
    type Refusal = Refusal;

    fn stream(id: &UserId) -> StreamName {
        StreamName::account(*id)
    }

    fn evolve(state: State, fact: &Recorded<AccountEvent>) -> State {
        match (state, &fact.event) {
            (_, AccountEvent::AccountRegistered { email, phone, role }) => {
                State::Registered { email: email.clone(), phone: phone.clone(), role: *role, active: true }
            }
            (State::Missing, _) => State::Missing,
            (State::Registered { phone, role, active, .. }, AccountEvent::EmailChanged { email }) => {
                State::Registered { email: email.clone(), phone, role, active }
            }
            (State::Registered { email, role, active, .. }, AccountEvent::PhoneChanged { phone }) => {
                State::Registered { email, phone: phone.clone(), role, active }
            }
            (State::Registered { email, phone, active, .. }, AccountEvent::RoleChanged { role }) => {
                State::Registered { email, phone, role: *role, active }
            }
            (State::Registered { email, phone, role, .. }, AccountEvent::AccountDeactivated {}) => {
                State::Registered { email, phone, role, active: false }
            }
            (State::Registered { email, phone, role, .. }, AccountEvent::AccountReactivated {}) => {
                State::Registered { email, phone, role, active: true }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};

    #[test]
    fn an_account_follows_its_facts() {
        let registered = AccountEvent::AccountRegistered { email: None, phone: Some("+31".into()), role: Role::Member };
        let later = [
            registered,
            AccountEvent::EmailChanged { email: Some("a@b.org".into()) },
            AccountEvent::PhoneChanged { phone: None },
            AccountEvent::RoleChanged { role: Role::Admin },
            AccountEvent::AccountDeactivated {},
        ];
        let expected =
            State::Registered { email: Some("a@b.org".into()), phone: None, role: Role::Admin, active: false };
        assert_eq!(given::<Account>(&ANN, later.clone()).state(), expected);
        let again = later.into_iter().chain([AccountEvent::AccountReactivated {}]);
        assert!(matches!(given::<Account>(&ANN, again).state(), State::Registered { active: true, .. }));
        assert_eq!(given::<Account>(&ANN, [AccountEvent::AccountReactivated {}]).state(), State::Missing);
    }

    #[test]
    fn owners_and_admins_look_after_the_workspace_while_they_are_active() {
        let state = |role, active| State::Registered { email: None, phone: None, role, active };
        assert_eq!(state(Role::Owner, true).moderator(ANN).map(Moderator::user), Some(ANN));
        assert!(state(Role::Admin, true).moderator(ANN).is_some());
        assert_eq!(state(Role::Member, true).moderator(ANN), None);
        assert_eq!(state(Role::Admin, false).moderator(ANN), None);
        assert_eq!(State::Missing.moderator(ANN), None);
    }

    #[test]
    fn only_a_registered_person_is_proven_to_be_one() {
        let registered = AccountEvent::AccountRegistered { email: None, phone: Some("+31".into()), role: Role::Member };
        assert_eq!(given::<Account>(&ANN, [registered]).state().registered(ANN).map(Registered::user), Ok(ANN));
        assert_eq!(State::Missing.registered(ANN), Err(Refusal::Missing));
    }
}
