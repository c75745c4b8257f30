//! `/livez` and `/readyz`: the process runs; the process can serve.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};

#[derive(Default)]
struct Parts {
    /// Why each part is not ready; `None` when it is.
    reasons: BTreeMap<&'static str, Option<&'static str>>,
    steps: u64,
}

/// What a process needs in order to serve. Clones share the same list.
#[derive(Clone, Default)]
pub struct Readiness {
    parts: Arc<Mutex<Parts>>,
}

impl Readiness {
    /// Adds a part that is not ready yet.
    #[must_use]
    pub fn gate(&self, part: &'static str) -> Gate {
        let gate = Gate { readiness: self.clone(), part };
        gate.close("starting");
        gate
    }

    /// The parts that are not ready, with the reason.
    #[must_use]
    pub fn waiting_for(&self) -> BTreeMap<&'static str, &'static str> {
        self.parts().reasons.iter().filter_map(|(part, reason)| reason.map(|reason| (*part, reason))).collect()
    }

    /// Grows whenever a part gets nearer to being ready, however far it still is.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.parts().steps
    }

    fn set(&self, part: &'static str, reason: Option<&'static str>) {
        let mut parts = self.parts();
        if parts.reasons.insert(part, reason) != Some(reason) {
            parts.steps += 1;
        }
    }

    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One part's own say about being ready.
#[derive(Clone)]
pub struct Gate {
    readiness: Readiness,
    part: &'static str,
}

impl Gate {
    /// The part can serve.
    pub fn open(&self) {
        self.readiness.set(self.part, None);
    }

    /// The part has done some of what it has to do before it can serve.
    pub fn advance(&self) {
        self.readiness.parts().steps += 1;
    }

    /// The part cannot serve, for this reason.
    pub fn close(&self, reason: &'static str) {
        self.readiness.set(self.part, Some(reason));
    }
}

/// `GET /livez` answers 200 as long as the process runs; `GET /readyz` 200 when every part is ready, else 503 with
/// the parts that are not.
pub fn health_routes(readiness: Readiness) -> Router {
    Router::new().route("/livez", get(|| async { "ok" })).route("/readyz", get(readyz)).with_state(readiness)
}

async fn readyz(State(readiness): State<Readiness>) -> impl IntoResponse {
    let waiting = readiness.waiting_for();
    let status = if waiting.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(serde_json::json!({ "ready": waiting.is_empty(), "waiting_for": waiting })))
}
