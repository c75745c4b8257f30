//! Whom a message notifies, and why: decided once for each message, from what everybody wanted at its own position.
//! All of it is pure. What the clocks of a time zone show arrives from outside.

mod attention;
mod keyword_index;
mod rules;
mod wishes;

pub use attention::Attention;
pub use rules::held_back_by;
