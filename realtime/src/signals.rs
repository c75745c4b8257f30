//! Signals that are no facts: typing, passed on between nodes, and revoked sessions. Core NATS; what is lost is lost.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_nats::{Message, Subscriber};
use events::{ConversationId, MessageId, SessionId, UserId};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::node::Node;
use crate::session::Moment;

/// The same person is shown as typing in the same place at most once in so long, ms.
const TYPING_EVERY: u64 = 2_000;
/// How many places are remembered before old ones are thrown away.
const MOST_REMEMBERED: usize = 4_096;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Typing {
    conversation: ConversationId,
    user: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thread: Option<MessageId>,
}

#[derive(Debug, Deserialize)]
struct Revoked {
    session: SessionId,
}

/// Tells every node that somebody is typing, if she may speak there at all.
pub(crate) async fn send_typing(node: &Node, user: UserId, conversation: ConversationId, thread: Option<MessageId>) {
    if !node.board.audience().is_member_now(conversation, user) {
        return;
    }
    let Ok(payload) = serde_json::to_vec(&Typing { conversation, user, thread }) else { return };
    // Nobody misses a typing signal.
    _ = node.link.client.publish(format!("confab.typing.{conversation}"), payload.into()).await;
}

/// Passes signals on for ever.
pub(crate) async fn run(node: Arc<Node>) {
    loop {
        if let Err(error) = follow(&node).await {
            tracing::warn!("signals were interrupted: {error:#}");
        }
        sleep(Duration::from_millis(500)).await;
    }
}

async fn follow(node: &Node) -> anyhow::Result<()> {
    let mut typing: Subscriber = node.link.client.subscribe("confab.typing.*").await?;
    let mut revoked: Subscriber = node.link.client.subscribe("confab.session.revoked").await?;
    let mut shown = Shown::default();
    loop {
        tokio::select! {
            message = typing.next() => {
                let Some(Typing { conversation, user, thread }) = read(message)? else { continue };
                if shown.may_show(user, conversation, node.now()) {
                    node.board.typing(conversation, user, thread);
                }
            }
            message = revoked.next() => {
                let Some(Revoked { session }) = read(message)? else { continue };
                node.board.revoke(session, node.now());
            }
        }
    }
}

/// A signal that cannot be read is left aside; the end of the subscription is an error.
fn read<T: for<'a> Deserialize<'a>>(message: Option<Message>) -> anyhow::Result<Option<T>> {
    let message = message.ok_or_else(|| anyhow::anyhow!("the subscription ended"))?;
    let signal = serde_json::from_slice(&message.payload);
    if let Err(error) = &signal {
        tracing::warn!(%error, subject = %message.subject, "a signal cannot be read");
    }
    Ok(signal.ok())
}

/// Who was shown as typing where, and when.
#[derive(Default)]
struct Shown {
    last: HashMap<(UserId, ConversationId), Moment>,
}

impl Shown {
    fn may_show(&mut self, user: UserId, conversation: ConversationId, now: Moment) -> bool {
        if self.last.len() >= MOST_REMEMBERED {
            self.last.retain(|_, last| now.since(*last) < TYPING_EVERY);
        }
        let fresh = self.last.get(&(user, conversation)).is_none_or(|last| now.since(*last) >= TYPING_EVERY);
        if fresh {
            self.last.insert((user, conversation), now);
        }
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn typing_is_shown_once_in_two_seconds_per_person_and_place() {
        let (ann, bob) = (UserId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(2)));
        let room = ConversationId::new(Uuid::from_u128(3));
        let mut shown = Shown::default();
        assert!(shown.may_show(ann, room, Moment(0)));
        assert!(!shown.may_show(ann, room, Moment(1_999)));
        assert!(shown.may_show(bob, room, Moment(1_999)));
        assert!(shown.may_show(ann, room, Moment(2_000)));
    }
}
