//! Whom a message notifies, and why: decided when it is posted, and for those whom an edit mentions anew, from what
//! everybody wanted at that position. All of it is pure. What the clocks of a time zone show arrives from outside.

mod attention;
mod edits;
mod keyword_index;
mod rules;
mod wishes;

pub use attention::Attention;
pub use edits::decided_anew;
pub use rules::held_back_by;
