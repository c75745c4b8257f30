//! What streams keep: where only the newest event counts, nothing else is kept.

use std::time::Duration;

use event_log::Retention;
use events::{Category, StreamName};

/// Presence says how somebody is; how she was a month ago is nobody's business.
const PRESENCE: Duration = Duration::from_secs(30 * 24 * 3_600);

/// What a stream keeps; `None` for those that keep everything.
pub(crate) fn retention(stream: &StreamName) -> Option<Retention> {
    match stream.category()? {
        // An old password's hash is worth something to a thief only.
        Category::Credential => Some(Retention::Newest(1)),
        // Each receipt carries all of it.
        Category::Receipt => Some(Retention::Newest(1)),
        // Each says all that holds for what she reads.
        Category::Inbox => Some(Retention::Newest(1)),
        // Each carries a person's whole place in the thread.
        Category::Follow => Some(Retention::Newest(1)),
        // Each carries the whole draft, or every place that has one.
        Category::Draft => Some(Retention::Newest(1)),
        // Only how far she has come counts.
        Category::Activity => Some(Retention::Newest(1)),
        Category::Presence => Some(Retention::For(PRESENCE)),
        Category::Account
        | Category::Email
        | Category::ChannelName
        | Category::Phone
        | Category::Session
        | Category::Workspace
        | Category::Profile
        | Category::Conversation
        | Category::Message
        | Category::Pins
        | Category::Preference
        | Category::Saved
        | Category::Notification
        | Category::File => None,
    }
}
