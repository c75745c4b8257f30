//! The published language of Confab: ids, facts, stored names and their upcasting, and the public forms of facts.
//! It knows no clock, no socket and no rule; both pure halves and every service share it.

mod catalogue;
mod family;
mod ids;
mod metadata;
pub mod mrkdwn;
mod position;
pub mod public;
mod quiet_hours;
mod stream;
mod timestamp;

pub use catalogue::{CatalogueEntry, catalogue};
pub use family::account::{AccountEvent, Role};
pub use family::activity::ActivityEvent;
pub use family::conversation::{ConversationEvent, MOST_WITH_RECEIPTS, PostingPolicy, Visibility};
pub use family::credential::CredentialEvent;
pub use family::draft::{DraftEvent, DraftPlace};
pub use family::file::FileEvent;
pub use family::follow::{FollowEvent, ThreadPlace};
pub use family::identifier::IdentifierEvent;
pub use family::inbox::InboxEvent;
pub use family::message::MessageEvent;
pub use family::notification::{Decision, HeldBackBy, NotificationEvent, NotificationPart, NotificationReason};
pub use family::pins::PinsEvent;
pub use family::preference::{NotificationLevel, PreferenceEvent};
pub use family::presence::PresenceEvent;
pub use family::profile::ProfileEvent;
pub use family::receipt::{Pointers, ReceiptEvent, Told};
pub use family::saved::{SavedEvent, SavedState};
pub use family::session::SessionEvent;
pub use family::workspace::WorkspaceEvent;
pub use family::{DecodeError, Fact, Family};
pub use ids::{ConversationId, FileId, InvalidId, MessageId, SessionId, UserId};
pub use metadata::{Metadata, Recorded};
pub use position::Position;
pub use quiet_hours::{InvalidTimeOfDay, QuietHours, QuietRange, TimeOfDay, Weekday};
pub use stream::{Category, StreamName};
pub use timestamp::{InvalidTimestamp, Timestamp};
