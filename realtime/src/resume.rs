//! Where a returning client's events begin. What the ring no longer has is read from the event store once, put back
//! into the ring, and so shared by everybody who comes back from about the same time.

use std::sync::PoisonError;

use event_log::LogError;
use events::Position;
use tokio::sync::Mutex;

use crate::entry::{Entry, deleted};
use crate::feed::told_categories;
use crate::node::Node;
use crate::protocol::ResetReason;
use crate::session::Start;

/// How many facts a client may have missed.
pub(crate) const MOST_MISSED: usize = 10_000;

/// The filling of the ring from behind: one at a time.
#[derive(Default)]
pub(crate) struct Backfill {
    turn: Mutex<()>,
    /// Cursors up to here are too far behind, and always will be.
    hopeless: std::sync::Mutex<Position>,
}

/// What the ring says about a cursor.
enum Place {
    Within,
    Ahead,
    TooFar,
    /// Facts after it must be fetched: at most so many, up to the ring's floor.
    Before {
        floor: Position,
        room: usize,
    },
}

/// Finds out where the events of a client with this cursor begin, and makes sure that the ring has them.
pub(crate) async fn start(node: &Node, cursor: Option<Position>) -> Start {
    let Some(cursor) = cursor else { return Start::From(node.board.delivered()) };
    match place(node, cursor) {
        Place::Within => Start::From(cursor),
        Place::TooFar => too_far(node),
        Place::Ahead => ahead(node, cursor).await,
        Place::Before { .. } => match fill(node, cursor).await {
            Ok(true) => Start::From(cursor),
            Ok(false) => too_far(node),
            Err(error) => {
                tracing::warn!(%error, "a client cannot be caught up");
                Start::Unavailable
            }
        },
    }
}

fn place(node: &Node, cursor: Position) -> Place {
    let hopeless = *node.backfill.hopeless.lock().unwrap_or_else(PoisonError::into_inner);
    node.board.ring(|ring, delivered| match ring.since(cursor) {
        _ if cursor > delivered => Place::Ahead,
        Some(missed) if missed.len() > MOST_MISSED => Place::TooFar,
        Some(missed) => {
            #[expect(clippy::cast_precision_loss, reason = "at most 10,000")]
            metrics::histogram!("confab_realtime_resumed_facts").record(missed.len() as f64);
            Place::Within
        }
        None if cursor <= hopeless || ring.len() >= MOST_MISSED => Place::TooFar,
        None => Place::Before { floor: ring.floor(), room: MOST_MISSED - ring.len() },
    })
}

fn too_far(node: &Node) -> Start {
    Start::Reset(node.board.delivered(), ResetReason::TooFarBehind)
}

/// Another node may be ahead of this one; but what the store does not have was never a cursor of ours.
async fn ahead(node: &Node, cursor: Position) -> Start {
    match node.log.head().await {
        Ok(head) if cursor <= head => Start::From(cursor),
        Ok(_) => Start::Reset(node.board.delivered(), ResetReason::UnknownCursor),
        Err(_) => Start::Unavailable,
    }
}

/// Fills the ring back to the cursor. False when that is too far.
async fn fill(node: &Node, cursor: Position) -> Result<bool, LogError> {
    let _turn = node.backfill.turn.lock().await;
    loop {
        // While this one waited for its turn, another may have done the work.
        let (floor, room) = match place(node, cursor) {
            Place::Within | Place::Ahead => return Ok(true),
            Place::TooFar => return Ok(false),
            Place::Before { floor, room } => (floor, room),
        };
        let facts = match node.log.read_all(told_categories(), cursor, room + 1).await {
            Ok(facts) => facts,
            Err(LogError::Unreadable { .. }) => return Ok(give_up(node, cursor)),
            Err(error) => return Err(error),
        };
        let gone = deleted(&facts);
        let older = facts.iter().take_while(|fact| fact.position <= floor);
        let missed: Vec<Entry> = older.filter_map(|fact| Entry::of(fact, &gone)).collect();
        if facts.len() > room && facts.last().is_some_and(|fact| fact.position <= floor) {
            return Ok(give_up(node, cursor));
        }
        let outcome = node.board.ring(|ring, _| {
            // If the floor rose meanwhile, facts are missing in between: begin again.
            (ring.floor() == floor).then(|| ring.extend_back(cursor, missed))
        });
        match outcome {
            Some(true) => return Ok(true),
            Some(false) => return Ok(give_up(node, cursor)),
            None => {}
        }
    }
}

fn give_up(node: &Node, cursor: Position) -> bool {
    let mut hopeless = node.backfill.hopeless.lock().unwrap_or_else(PoisonError::into_inner);
    *hopeless = (*hopeless).max(cursor);
    false
}
