//! Answers: documents, their keys, and how facts evolve them. Pure: the same code serves live projection, rebuild,
//! time travel and tests. It refuses clocks, sockets and the write side's rules; it knows nothing but events.

mod activity;
mod activity_reads;
pub mod audience;
mod conversations;
mod drafts;
mod fold;
mod follows;
mod inboxes;
mod memberships;
mod messages;
mod notifications;
mod preferences;
pub mod presence;
mod recount;
mod saved;
mod users;
mod view;
mod visibility;

pub use activity::{Activity, ActivityDoc, ActivityKey, ActivityKind};
pub use activity_reads::{ActivityReadDoc, ActivityReads};
pub use conversations::{ConversationDoc, Conversations};
pub use drafts::{DraftDoc, DraftKey, Drafts};
pub use fold::Fold;
pub use follows::{FollowDoc, FollowKey, Follows};
pub use inboxes::{InboxDoc, Inboxes};
pub use memberships::{Interval, MembershipDoc, MembershipKey, Memberships};
pub use messages::{MessageDoc, Messages, Version};
pub use notifications::{NotificationDoc, NotificationKey, Notifications};
pub use preferences::{ConversationPreference, LevelChange, Preferences, PreferencesDoc};
pub use recount::{MessageTally, Slice, Tally};
pub use saved::{Saved, SavedDoc, SavedKey};
pub use users::{Me, User, UserDoc, Users};
pub use view::{Stored, View, advance};
pub use visibility::may_see;
