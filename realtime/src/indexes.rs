//! Keeping the indexes of members and presence: one subscription to the event store, from its first fact on.

use std::sync::Arc;
use std::time::Duration;

use event_log::Delivery;
use events::{Category, Fact, Position, SessionEvent};
use futures::StreamExt;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::node::Node;

/// Where delivery begins: the newest position, once the store can tell.
pub(crate) async fn newest(node: &Node) -> Position {
    loop {
        match node.log.head().await {
            Ok(head) => return head,
            Err(error) => tracing::warn!(%error, "waiting for the event store"),
        }
        sleep(Duration::from_millis(250)).await;
    }
}

/// Folds for ever; says once when everything that was there is folded.
pub(crate) async fn follow(node: Arc<Node>, caught_up: oneshot::Sender<()>) {
    let categories = [Category::Conversation, Category::Inbox, Category::Presence].map(Category::prefix).to_vec();
    let mut deliveries = node.log.subscribe(categories, None);
    let mut caught_up = Some(caught_up);
    while let Some(delivery) = deliveries.next().await {
        match delivery {
            Delivery::Fact(fact) => {
                node.board.learn(&fact);
                node.desk.noticed(&fact);
            }
            Delivery::CaughtUp => {
                if let Some(waiting) = caught_up.take() {
                    // Nobody waits any more when the node is already stopping.
                    _ = waiting.send(());
                }
            }
            Delivery::Poison { position, stream, reason } => {
                metrics::counter!("confab_realtime_unreadable_total").increment(1);
                tracing::error!(%position, %stream, %reason, "a fact cannot be read; its effect on members is unknown");
            }
            Delivery::Checkpoint(_) | Delivery::FellBehind => {}
        }
    }
}

/// Ends the sockets of revoked sessions for ever. The signal by NATS is faster; this one cannot be lost.
pub(crate) async fn follow_revocations(node: Arc<Node>, after: Position) {
    let mut deliveries = node.log.subscribe(vec![Category::Session.prefix()], Some(after));
    while let Some(delivery) = deliveries.next().await {
        if let Delivery::Fact(fact) = delivery
            && let Fact::Session { session, event: SessionEvent::SessionRevoked { .. } } = fact.event
        {
            node.board.revoke(session, node.now());
        }
    }
}
