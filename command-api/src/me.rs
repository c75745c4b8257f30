//! The answer to "who am I": folded from the person's own streams, so that it is there with the sign-in itself.

use domain::{account, presence, replay};
use event_log::EventLog;
use events::public::{Person, PresenceState, Status};
use events::{ProfileEvent, Recorded, Role, StreamName, UserId};
use serde::{Deserialize, Serialize};
use service_kit::Problem;
use utoipa::ToSchema;

use crate::problems::log_problem;

/// A person as she sees herself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Me {
    /// What everybody sees of her.
    #[serde(flatten)]
    pub person: Person,
    /// What she may do.
    pub role: Role,
    /// How present she is.
    pub presence: PresenceState,
    /// Her e-mail address, for herself only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Her phone number, for herself only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Reads who somebody is; `None` when she has no complete account or may not sign in.
pub(crate) async fn me(log: &EventLog, user: UserId) -> Result<Option<Me>, Problem> {
    let (account_stream, profile_stream) = (StreamName::account(user), StreamName::profile(user));
    let presence_stream = StreamName::presence(user);
    let read = tokio::try_join!(log.read(&account_stream), log.read(&profile_stream), log.read(&presence_stream));
    let (account, profile, presence) = read.map_err(|error| log_problem(&error))?;
    let account = replay::<account::Account>(&account.events);
    let presence = replay::<presence::Presence>(&presence.events).unwrap_or_default();
    let account::State::Registered { email, phone, role, active: true } = account else { return Ok(None) };
    Ok(person(user, &profile.events).map(|person| Me { person, role, presence, email, phone }))
}

fn person(id: UserId, facts: &[Recorded<ProfileEvent>]) -> Option<Person> {
    facts.iter().fold(None, |person, fact| match &fact.event {
        ProfileEvent::ProfileCreated { name } => {
            let joined_at = fact.at;
            Some(Person { id, name: name.clone(), display_name: None, title: None, status: None, joined_at })
        }
        ProfileEvent::ProfileChanged { name, display_name, title, .. } => {
            let (name, display_name, title) = (name.clone(), display_name.clone(), title.clone());
            person.map(|known| Person { name, display_name, title, ..known })
        }
        ProfileEvent::StatusSet { emoji, text, until } => {
            let status = Some(Status { emoji: emoji.clone(), text: text.clone(), until: *until });
            person.map(|known| Person { status, ..known })
        }
        ProfileEvent::StatusCleared {} => person.map(|known| Person { status: None, ..known }),
        ProfileEvent::AvatarChanged { .. } => person,
    })
}
