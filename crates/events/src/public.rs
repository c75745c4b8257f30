//! Public (outgoing) forms: what a fact looks like to the outside, and who it is for. Stored shapes never leave;
//! a fact without a public form (credentials, sessions, claims) reaches nobody.

mod audience;
mod conversation;
mod event;
mod messages;
mod preference;
mod receipts;
mod resource;

pub use audience::{Audience, PresenceState};
pub use event::{PublicEvent, PublicFact, form};
pub use preference::SidebarSection;
pub use resource::{Card, ConversationKind, Forwarded, Message, Person, Pin, Quote, Reaction};
