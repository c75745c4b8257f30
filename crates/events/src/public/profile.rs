//! The public forms of facts about profiles.

use super::event::PublicEvent;
use super::resource::{Person, Status};
use crate::{ProfileEvent, Timestamp, UserId};

/// What is told of somebody's profile; `None` for what no client shows yet.
pub(crate) fn profile_form(at: Timestamp, user: UserId, event: &ProfileEvent) -> Option<PublicEvent> {
    match event {
        ProfileEvent::ProfileCreated { name } => {
            let (name, joined_at) = (name.clone(), at);
            let user = Person { id: user, name, display_name: None, title: None, status: None, joined_at };
            Some(PublicEvent::ProfileCreated { user })
        }
        ProfileEvent::StatusSet { emoji, text, until } => {
            let status = Some(Status { emoji: emoji.clone(), text: text.clone(), until: *until });
            Some(PublicEvent::StatusChanged { user, status })
        }
        ProfileEvent::StatusCleared {} => Some(PublicEvent::StatusChanged { user, status: None }),
        ProfileEvent::ProfileChanged { .. } | ProfileEvent::AvatarChanged { .. } => None,
    }
}
