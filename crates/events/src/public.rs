//! Public (outgoing) forms: what a fact looks like to the outside, and who it is for. Stored shapes never leave;
//! a fact without a public form (credentials, sessions, claims) reaches nobody.

mod audience;
mod command;
mod conversation;
mod event;
mod fact;
mod form;
mod messages;
mod notification;
mod preference;
mod profile;
mod receipts;
mod resource;

pub use audience::{Audience, PresenceState};
pub use command::{CommandAnswer, Open, Said};
pub use event::PublicEvent;
pub use fact::PublicFact;
pub use form::form;
pub use preference::SidebarSection;
pub use resource::{Card, ConversationKind, Forwarded, Message, Person, Pin, Quote, Reaction, Status};
