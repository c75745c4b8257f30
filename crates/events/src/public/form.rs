//! The public form of a fact, and the one place that says who it is for.

use super::audience::{Audience, presence_state};
use super::conversation::{conversation_form, workspace_form};
use super::event::PublicEvent;
use super::fact::PublicFact;
use super::messages;
use super::notification::notification_form;
use super::preference::{draft_form, preference_form, saved_form};
use super::profile::profile_form;
use super::receipts::{inbox_form, receipt_form};
use crate::{ActivityEvent, Fact, Recorded};

/// The public form of a fact and whom it is for; `None` for what nobody outside may see or needs to.
#[must_use]
pub fn form(recorded: &Recorded<Fact>) -> Option<(Audience, PublicFact)> {
    let (audience, event) = audience_and_event(recorded)?;
    let public = PublicFact { position: recorded.position, at: recorded.at, actor: recorded.metadata.actor, event };
    Some((audience, public))
}

fn audience_and_event(recorded: &Recorded<Fact>) -> Option<(Audience, PublicEvent)> {
    match &recorded.event {
        Fact::Message { message, event } => messages::form(recorded, *message, event),
        Fact::Pins { conversation, event } => {
            Some((Audience::Conversation(*conversation), messages::pins_form(*conversation, event)))
        }
        Fact::Conversation { conversation, event } => {
            let public = conversation_form(recorded.at, *conversation, event);
            Some((Audience::Conversation(*conversation), public))
        }
        Fact::Workspace { event } => workspace_form(event),
        Fact::Follow { root, user, event } => Some((Audience::User(*user), messages::follow_form(*root, *user, event))),
        Fact::Preference { user, event } => Some(preference_form(*user, event)),
        Fact::Saved { user, event } => Some(saved_form(*user, event)),
        Fact::Draft { user, event } => draft_form(*user, event),
        Fact::Receipt { conversation, user, event } => receipt_form(*conversation, *user, event),
        Fact::Inbox { user, event } => Some((Audience::User(*user), inbox_form(*user, event))),
        Fact::Notification { message, event, .. } => notification_form(*message, event),
        Fact::Activity { user, event: ActivityEvent::ActivityReadUpTo { read } } => {
            Some((Audience::User(*user), PublicEvent::ActivityReadUpTo { read_position: *read }))
        }
        Fact::Profile { user, event } => Some((Audience::Everyone, profile_form(recorded.at, *user, event)?)),
        Fact::Presence { user, event } => {
            let state = presence_state(event)?;
            Some((Audience::Watchers(*user), PublicEvent::PresenceChanged { user: *user, state }))
        }
        Fact::Account { .. }
        | Fact::Credential { .. }
        | Fact::Identifier { .. }
        | Fact::Session { .. }
        | Fact::File { .. } => None,
    }
}
