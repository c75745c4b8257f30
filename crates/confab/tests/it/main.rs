//! The whole of Confab, tested from outside over HTTP and websocket, on the real engines.
//! One all-in-one serves every test here; each test brings its own people. Test names carry requirement ids.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]
#![expect(unreachable_pub, reason = "the modules of one program have no outside")]

mod accounts;
mod activity;
mod aliases;
mod bad_input;
mod changes;
mod channels;
mod commands;
mod conversations;
mod documents;
mod drafts;
mod forwards;
mod groups;
mod live;
mod messages;
mod mrkdwn;
mod notifications;
mod preferences;
mod presence;
mod receipts;
mod recounts;
mod resume;
mod rig;
mod saved;
mod sessions;
mod socket;
mod sockets_misused;
mod storage;
mod threads;
mod unread;
