//! Somebody who asks over HTTP, one connection kept open.

use std::time::{Duration, Instant};

use events::{ConversationId, Position, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::seeds::TEXT;
use crate::server::Server;
use crate::tokens::Signer;

/// How long views may take to get where they should be.
const PATIENCE: Duration = Duration::from_secs(600);

/// The client and the person.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    address: String,
    token: String,
}

impl Browser {
    pub fn of(server: &Server, user: UserId) -> Self {
        let token = Signer::of(&server.data_dir).token(user);
        Self { http: reqwest::Client::new(), address: server.address.clone(), token }
    }

    /// Gets something that must be there.
    pub async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("http://{}{path}", self.address)).bearer_auth(&self.token);
        request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    /// Posts a message and gives its position.
    pub async fn post(&self, channel: ConversationId) -> Position {
        let url = format!("http://{}/v1/conversations/{channel}/messages", self.address);
        let body = json!({ "id": Uuid::now_v7(), "text": TEXT });
        let answer = self.http.post(url).bearer_auth(&self.token).json(&body).send().await.unwrap();
        let answer: Value = answer.error_for_status().unwrap().json().await.unwrap();
        Position(answer["position"].as_u64().unwrap())
    }

    /// Waits until what stands at a position can be read.
    pub async fn reached(&self, channel: ConversationId, position: Position) {
        let (start, url) = (Instant::now(), format!("http://{}/v1/conversations/{channel}/messages", self.address));
        loop {
            let request = self.http.get(&url).query(&[("limit", 1)]).header("Confab-Min-Position", position.0);
            let answer = request.bearer_auth(&self.token).send().await.unwrap();
            if answer.status().is_success() {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "the views do not get to {position:?}");
        }
    }
}
