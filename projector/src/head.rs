//! How far the event store has got: for the lag of every part, and for views whose streams are quiet.

use std::time::Duration;

use event_log::EventLog;
use events::Position;
use tokio::sync::watch;
use tokio::task::JoinSet;

const POLL: Duration = Duration::from_millis(250);

/// Follows the store's head, starting from the first that is known.
pub(crate) fn follow(log: EventLog, parts: &mut JoinSet<()>) -> watch::Receiver<Option<Position>> {
    let (sender, receiver) = watch::channel(None);
    parts.spawn(async move {
        loop {
            // While the store is away the last head stands; the subscriptions say that it is away.
            if let Ok(head) = log.head().await {
                metrics::gauge!("confab_store_head_position").set(approximate(head));
                sender.send_if_modified(|known| known.replace(head) != Some(head));
            }
            tokio::time::sleep(POLL).await;
        }
    });
    receiver
}

/// Sets the gauges of a part that has got as far as `position`.
pub(crate) fn measure(part: &'static str, position: Position, head: Option<Position>) {
    let behind = head.map_or(0, |head| head.0.saturating_sub(position.0));
    metrics::gauge!("confab_projector_position", "part" => part).set(approximate(position));
    metrics::gauge!("confab_projector_lag", "part" => part).set(approximate(Position(behind)));
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; positions stay below 2^53")]
const fn approximate(position: Position) -> f64 {
    position.0 as f64
}
