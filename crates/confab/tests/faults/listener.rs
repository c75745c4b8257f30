//! A client that comes back by itself with its cursor, and writes down every message it was shown.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::cluster::Person;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What one client was shown: message ids with their positions, in the order of arrival.
pub type Shown = Arc<Mutex<Vec<(u64, String)>>>;

#[derive(Clone, Default)]
pub struct Wishes {
    pub stay_away: Arc<AtomicBool>,
    pub reconnects: Arc<AtomicU64>,
}

/// Listens for ever.
pub fn listen(address: SocketAddr, person: Person, wishes: Wishes) -> (Shown, JoinHandle<()>) {
    let shown = Shown::default();
    let kept = Arc::clone(&shown);
    let task = tokio::spawn(async move {
        let mut cursor = None;
        loop {
            if let Some(stream) = greet(address, &person, cursor).await {
                follow(stream, &mut cursor, &kept).await;
            }
            wishes.reconnects.fetch_add(1, Ordering::Relaxed);
            sleep(Duration::from_millis(150)).await;
            while wishes.stay_away.load(Ordering::Relaxed) {
                sleep(Duration::from_millis(100)).await;
            }
        }
    });
    (shown, task)
}

async fn greet(address: SocketAddr, person: &Person, cursor: Option<u64>) -> Option<Stream> {
    let connecting = timeout(Duration::from_secs(5), connect_async(format!("ws://{address}/v1/realtime"))).await;
    let (mut stream, _) = connecting.ok()?.ok()?;
    let mut hello = json!({ "type": "hello", "token": person.token });
    if let Some(cursor) = cursor {
        hello["cursor"] = cursor.into();
    }
    stream.send(Message::text(hello.to_string())).await.ok()?;
    Some(stream)
}

/// Until the connection breaks. A connection that says nothing for long is asked whether it lives.
async fn follow(mut stream: Stream, cursor: &mut Option<u64>, shown: &Shown) {
    loop {
        let frame = match timeout(Duration::from_secs(4), stream.next()).await {
            Ok(Some(Ok(Message::Text(text)))) => serde_json::from_str::<Value>(&text).unwrap(),
            Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) => return,
            Ok(Some(Ok(_))) => continue,
            Err(_) => {
                if stream.send(Message::text(r#"{"type":"ping","id":"p"}"#)).await.is_err() {
                    return;
                }
                continue;
            }
        };
        assert_ne!(frame["type"], "reset", "nothing here is far enough behind for a reset: {frame}");
        let reached = frame["cursor"].as_u64();
        match frame["type"].as_str().unwrap() {
            "ready" => *cursor = cursor.or(reached),
            "event" => {
                *cursor = reached;
                if let Some(id) = frame["event"]["message"]["id"].as_str() {
                    shown.lock().unwrap().push((reached.unwrap(), id.to_owned()));
                }
            }
            _ => {}
        }
    }
}

/// Watches one person's presence.
pub struct Watcher {
    stream: Stream,
    user: String,
}

impl Watcher {
    pub async fn open(address: SocketAddr, watcher: &Person, watched: &Person) -> Self {
        let mut stream = loop {
            match greet(address, watcher, None).await {
                Some(stream) => break stream,
                None => sleep(Duration::from_millis(100)).await,
            }
        };
        let watch = json!({ "type": "watch", "id": "w", "users": [watched.id] });
        stream.send(Message::text(watch.to_string())).await.unwrap();
        Self { stream, user: watched.id.clone() }
    }

    pub async fn until(&mut self, state: &str, limit: Duration) {
        let seen = timeout(limit, async {
            while let Some(Ok(message)) = self.stream.next().await {
                let frame: Value = serde_json::from_str(message.to_text().unwrap_or("{}")).unwrap_or_default();
                if frame["type"] == "presence" && frame["user"] == self.user.as_str() && frame["state"] == state {
                    return;
                }
            }
            panic!("the watcher's socket ended");
        });
        seen.await.unwrap_or_else(|_| panic!("not {state} within {limit:?}"));
    }
}
