//! Reading one's own writes: a request that names a position waits until the views it reads have got there.
//!
//! Checkpoints only grow, so a known one is good for ever as a lower bound. One poller serves everybody who waits,
//! and sleeps while nobody does.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use events::Position;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use mongodb::{Collection, Database};
use service_kit::Problem;
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};
use utoipa::IntoParams;

use crate::reading::unavailable;

/// Where the projector keeps its checkpoints.
const COLLECTION: &str = "checkpoints_v1";
const HEADER: &str = "confab-min-position";
const PATIENCE: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(5);

/// How old an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct MinPosition {
    /// The answer must have seen everything up to this position, as `Confab-Position` of an earlier answer gave it.
    /// Without it, any answer will do.
    #[param(rename = "Confab-Min-Position")]
    position: Option<Position>,
}

impl MinPosition {
    /// An answer must have seen everything up to this position.
    pub(crate) const fn of(position: Position) -> Self {
        Self { position: Some(position) }
    }
}

impl<S: Sync> FromRequestParts<S> for MinPosition {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(HEADER) else { return Ok(Self { position: None }) };
        let position = value.to_str().ok().and_then(|text| text.parse().ok()).map(Position);
        if position.is_none() {
            let title = "The header Confab-Min-Position is not a position.";
            return Err(Problem::new(400, "invalid_min_position", title));
        }
        Ok(Self { position })
    }
}

/// How far the views have got, as last seen.
#[derive(Debug, Clone, Default)]
struct Reached {
    positions: HashMap<String, Position>,
    away: bool,
}

impl Reached {
    fn have(&self, views: &[&str], least: Position) -> bool {
        views.iter().all(|view| self.positions.get(*view).is_some_and(|position| *position >= least))
    }
}

/// Knows how far the views have got.
pub(crate) struct Freshness {
    checkpoints: Collection<Document>,
    reached: watch::Sender<Reached>,
    asked: Notify,
}

impl Freshness {
    pub(crate) fn of(database: &Database) -> Arc<Self> {
        let checkpoints = database.collection(COLLECTION);
        Arc::new(Self { checkpoints, reached: watch::Sender::default(), asked: Notify::new() })
    }

    /// Waits up to 2 s until all these views have got as far as asked for.
    ///
    /// # Errors
    /// 503 when they have not, or MongoDB is away.
    pub(crate) async fn reach(&self, least: MinPosition, views: &[&str]) -> Result<(), Problem> {
        let Some(least) = least.position.filter(|least| !self.reached.borrow().have(views, *least)) else {
            return Ok(());
        };
        let mut reached = self.reached.subscribe();
        self.asked.notify_one();
        let there = timeout(PATIENCE, reached.wait_for(|reached| reached.away || reached.have(views, least))).await;
        match there {
            Ok(Ok(reached)) if !reached.away => Ok(()),
            Ok(_) => Err(unavailable(&"the checkpoints could not be read")),
            Err(_) => Err(Problem::unavailable("views_behind", "The answer would be older than you asked for.")),
        }
    }

    /// Keeps the checkpoints fresh while anybody waits for them.
    pub(crate) async fn poll(self: Arc<Self>) -> Infallible {
        loop {
            if self.reached.receiver_count() == 0 {
                self.reached.send_modify(|reached| reached.away = false);
                self.asked.notified().await;
            }
            match timeout(PATIENCE, self.load()).await {
                Ok(Ok(positions)) => drop(self.reached.send_replace(Reached { positions, away: false })),
                Ok(Err(_)) | Err(_) => self.reached.send_modify(|reached| reached.away = true),
            }
            sleep(POLL).await;
        }
    }

    async fn load(&self) -> mongodb::error::Result<HashMap<String, Position>> {
        let mut found = self.checkpoints.find(doc! {}).await?;
        let mut positions = HashMap::new();
        while let Some(checkpoint) = found.try_next().await? {
            if let (Ok(view), Ok(position)) = (checkpoint.get_str("_id"), checkpoint.get_i64("position")) {
                positions.insert(view.to_owned(), Position(u64::try_from(position).unwrap_or_default()));
            }
        }
        Ok(positions)
    }
}
