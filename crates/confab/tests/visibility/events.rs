//! The table of public events: what brings each about, and who hears of it.
//!
//! **A new public event needs one row here**: its `type`, the route that brings it about (its row in `routes.rs` says
//! where that is allowed), and its audience. `.only(…)` names the objects on which the route has that effect, where it
//! is not all of them; `.with(…)` and `.saying(…)` change what is asked.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::cell::Object;
use crate::place::{REACTED, Target};
use crate::routes::{row, soon};

/// Who hears of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Who belongs to the conversation.
    Members,
    /// Whoever did it, on all her devices.
    Actor,
    /// The member, who is spoken to by name.
    Named,
    /// Whoever made the conversation: nobody else is in it yet.
    Maker,
    /// Everybody who is signed in.
    Everyone,
    /// Who watches the person.
    Watchers,
}

/// Who brings it about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Whoever made the place; if she is not in it any more, somebody else in it.
    Keeper,
    /// The member.
    Member,
    /// The admin.
    Admin,
}

/// What brings it about.
#[derive(Debug, Clone, Copy)]
pub enum Cause {
    /// A route, in this use of it.
    Route { operation: &'static str, note: &'static str, by: By },
    /// The member changes a setting of hers that concerns no conversation.
    Setting { operation: &'static str },
    /// The place itself came to be.
    Opening,
    /// Somebody registers.
    Registering,
    /// Somebody comes online.
    Coming,
}

/// One event.
pub struct EventRow {
    pub kind: &'static str,
    pub cause: Cause,
    pub audience: Audience,
    pub only: &'static [Object],
    pub tweak: fn(Target) -> Target,
    pub body: Option<fn(&Target) -> Value>,
    /// A route that is asked first.
    pub first: Option<&'static str>,
}

impl EventRow {
    const fn of(kind: &'static str, cause: Cause, audience: Audience) -> Self {
        Self { kind, cause, audience, only: &Object::ALL, tweak: |target| target, body: None, first: None }
    }

    /// Told to the members, after somebody who looks after the place did this.
    const fn told(kind: &'static str, operation: &'static str, note: &'static str) -> Self {
        Self::of(kind, Cause::Route { operation, note, by: By::Keeper }, Audience::Members)
    }

    /// Told to nobody but her who did this.
    const fn own(kind: &'static str, operation: &'static str) -> Self {
        Self::of(kind, Cause::Route { operation, note: "", by: By::Member }, Audience::Actor)
    }

    /// Told to nobody but her who set this.
    const fn setting(kind: &'static str, operation: &'static str) -> Self {
        Self::of(kind, Cause::Setting { operation }, Audience::Actor)
    }

    /// Whether bringing it about leaves the place as it is for all other events.
    pub fn is_harmless(&self) -> bool {
        match self.cause {
            // Where the member mutes something meanwhile, nothing notifies her.
            Cause::Route { .. } if self.audience == Audience::Named => false,
            Cause::Route { operation, note, .. } => row(operation, note).harmless || row(operation, note).about_nothing,
            Cause::Setting { .. } | Cause::Opening | Cause::Registering | Cause::Coming => true,
        }
    }

    const fn only(self, only: &'static [Object]) -> Self {
        Self { only, ..self }
    }

    const fn with(self, tweak: fn(Target) -> Target) -> Self {
        Self { tweak, ..self }
    }

    const fn after(self, first: &'static str) -> Self {
        Self { first: Some(first), ..self }
    }

    const fn saying(self, body: fn(&Target) -> Value) -> Self {
        Self { body: Some(body), ..self }
    }
}

use Object::{Archived, Deleted, Direct, Group, Others, Own, Private, Restricted};

const CHANNELS: &[Object] = &[Own, Others, Private, Archived, Deleted, Restricted];
/// Where the prepared message stands, with its reaction and its pin.
const STANDING: &[Object] = &[Own, Others, Private, Archived, Restricted, Group, Direct];

fn the_answer(target: Target) -> Target {
    if target.is_deleted { target } else { Target { message: target.answer.clone(), ..target } }
}

pub const EVENTS: &[EventRow] = &[
    EventRow::told("message_posted", "post_message", ""),
    EventRow::told("message_edited", "edit_message", ""),
    EventRow::told("message_deleted", "delete_message", "").only(STANDING),
    EventRow::told("reaction_added", "add_reaction", ""),
    EventRow::told("reaction_removed", "remove_reaction", "")
        .with(|target| Target { emoji: REACTED.to_owned(), ..target })
        .only(STANDING),
    // The message is pinned already, and its answer is not.
    EventRow::told("message_pinned", "pin_message", "").with(the_answer),
    EventRow::told("message_unpinned", "unpin_message", "").only(STANDING),
    EventRow::of("channel_created", Cause::Opening, Audience::Maker).only(CHANNELS),
    EventRow::of("group_created", Cause::Opening, Audience::Members).only(&[Group]),
    EventRow::of("direct_opened", Cause::Opening, Audience::Members).only(&[Direct]),
    EventRow::told("member_joined", "add_members", "").only(CHANNELS),
    EventRow::told("member_left", "leave_channel", "").only(CHANNELS),
    EventRow::told("channel_renamed", "change_channel", "name"),
    EventRow::told("topic_changed", "change_channel", "topic"),
    EventRow::told("description_changed", "change_channel", "description"),
    EventRow::told("made_private", "change_channel", "visibility").only(&[Own, Others, Deleted, Restricted]),
    EventRow::told("posting_policy_set", "change_channel", "posting"),
    EventRow::told("channel_archived", "archive_channel", "").only(&[Own, Others, Private, Deleted, Restricted]),
    EventRow::told("channel_unarchived", "unarchive_channel", "").only(&[Archived]),
    EventRow::told("converted_to_channel", "convert_to_channel", ""),
    EventRow::of(
        "default_channel_changed",
        Cause::Route { operation: "add_default_channel", note: "", by: By::Admin },
        Audience::Members,
    ),
    EventRow::own("conversation_starred", "star_conversation"),
    EventRow::own("conversation_muted", "mute_conversation"),
    EventRow::own("notification_level_set", "set_notification_level"),
    EventRow::own("sidebar_changed", "change_preferences")
        .saying(|target| json!({ "sections": [{ "name": "S", "conversations": [target.conversation] }] })),
    // Until another moment than the table of routes says: setting the same twice tells nothing.
    EventRow::setting("dnd_changed", "set_dnd").saying(|_| json!({ "until": soon() })),
    EventRow::setting("quiet_hours_changed", "change_preferences").saying(|_| {
        let night = json!({ "days": ["monday"], "from": "04:00", "to": "04:01" });
        json!({ "quiet_hours": { "time_zone": "Europe/Amsterdam", "ranges": [night] } })
    }),
    EventRow::setting("keywords_changed", "change_preferences").saying(|_| json!({ "keywords": ["soup"] })),
    EventRow::own("message_saved", "save_message"),
    EventRow::own("draft_saved", "save_draft"),
    EventRow::setting("read_receipts_set", "change_preferences").saying(|_| json!({ "read_receipts": false })),
    EventRow::told("receipts_set", "change_channel", "receipts"),
    // Where receipts are told: in what is no channel.
    EventRow::of(
        "delivered_up_to",
        Cause::Route { operation: "mark_delivered", note: "", by: By::Member },
        Audience::Members,
    )
    .only(&[Group, Direct]),
    EventRow::of("notified", Cause::Route { operation: "post_message", note: "", by: By::Keeper }, Audience::Named)
        // Nobody is told of what she said herself.
        .only(&[Others, Private, Deleted, Restricted, Group, Direct])
        .saying(|target| json!({ "id": Uuid::now_v7(), "text": format!("look, <@{}>", target.member) })),
    EventRow::setting("activity_read_up_to", "mark_activity_read")
        .saying(|target| json!({ "position": target.position })),
    EventRow::own("read_up_to", "mark_read"),
    EventRow::own("marked_unread", "mark_unread").after("mark_read"),
    // Beyond what the table of routes says, and before everything that is counted.
    EventRow::setting("all_read_up_to", "mark_all_read").saying(|_| json!({ "position": 2 })),
    // Who has answered follows already.
    EventRow::own("thread_followed", "follow_thread").after("unfollow_thread"),
    EventRow::own("thread_unfollowed", "unfollow_thread"),
    EventRow::own("thread_read_up_to", "mark_thread_read"),
    EventRow::own("thread_marked_unread", "mark_unread")
        .with(|target| Target { message: target.answer.clone(), ..target }),
    EventRow::of("status_changed", Cause::Setting { operation: "set_status" }, Audience::Everyone),
    EventRow::of("profile_created", Cause::Registering, Audience::Everyone),
    EventRow::of("presence_changed", Cause::Coming, Audience::Watchers),
];
