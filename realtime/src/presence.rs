//! Presence: who has sockets here, what the other nodes say, and what follows for a person. Each node holds a lease;
//! the entries of a node without one are cleared away by whoever notices.

mod claim;
mod desk;
mod ledger;
mod roster;

pub(crate) use self::desk::Desk;
pub(crate) use self::ledger::run;
