//! A person gets a name; whoever has one keeps it.

use events::ProfileEvent;

use super::{Profile, Refusal, State};
use crate::Command;
use crate::account::PersonName;

/// Create a profile. May be repeated while a registration is resumed.
#[derive(Debug, Clone)]
pub struct CreateProfile {
    /// Her full name.
    pub name: PersonName,
}

impl Command for CreateProfile {
    type On = Profile;

    fn decide(&self, state: &State) -> Result<Vec<ProfileEvent>, Refusal> {
        match state {
            State::Missing => Ok(vec![ProfileEvent::ProfileCreated { name: self.name.as_str().to_owned() }]),
            State::Created { .. } => Ok(vec![]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};

    #[test]
    fn b07_a_person_gets_the_name_she_gave() {
        let created = ProfileEvent::ProfileCreated { name: "Ann".into() };
        let command = CreateProfile { name: PersonName::parse(" Ann ").unwrap() };
        given::<Profile>(&ANN, []).when(&command).then([created.clone()]);
        given::<Profile>(&ANN, [created]).when(&command).nothing();
    }

    #[test]
    fn a_profile_follows_its_facts() {
        let changed = ProfileEvent::ProfileChanged {
            name: "Ann Lee".into(),
            display_name: None,
            title: None,
            pronouns: None,
            time_zone: None,
        };
        let facts = [changed, ProfileEvent::AvatarChanged { file: None }, ProfileEvent::StatusCleared {}];
        assert_eq!(given::<Profile>(&ANN, facts).state(), State::Created { name: "Ann Lee".into(), status: None });
    }
}
