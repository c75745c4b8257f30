//! A websocket client that keeps every frame it has seen.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::rig::Server;

/// How long a frame may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open socket.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The cursor of the newest event seen, or of `ready`.
    pub cursor: u64,
}

impl Socket {
    /// Opens a socket and says nothing.
    pub async fn open(server: &Server) -> Self {
        let request = format!("ws://{}/v1/realtime", server.address).into_client_request().unwrap();
        let (stream, _) = connect_async(request).await.unwrap();
        Self { stream, cursor: 0 }
    }

    /// Opens a socket, says hello and waits for `ready`.
    pub async fn ready(server: &Server, token: &str, cursor: Option<u64>) -> Self {
        let mut socket = Self::open(server).await;
        let mut hello = json!({ "type": "hello", "token": token });
        if let Some(cursor) = cursor {
            hello["cursor"] = cursor.into();
        }
        socket.send(hello).await;
        let ready = socket.next().await;
        assert_eq!(ready["type"], "ready", "{ready}");
        socket.cursor = cursor.unwrap_or_else(|| ready["cursor"].as_u64().unwrap());
        socket
    }

    pub async fn send(&mut self, frame: Value) {
        self.send_raw(Message::text(frame.to_string())).await;
    }

    pub async fn send_raw(&mut self, message: Message) {
        // A server that has closed the socket already is for the reading side to notice.
        drop(self.stream.send(message).await);
    }

    /// The next frame.
    pub async fn next(&mut self) -> Value {
        self.next_within(PATIENCE).await.unwrap_or_else(|| panic!("no frame within {PATIENCE:?}"))
    }

    /// The next frame, if one comes in time.
    pub async fn next_within(&mut self, limit: Duration) -> Option<Value> {
        loop {
            match timeout(limit, self.stream.next()).await.ok()? {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    if let Some(cursor) = frame["cursor"].as_u64().filter(|_| frame["type"] == "event") {
                        assert!(cursor > self.cursor, "cursor {cursor} came after {}: {frame}", self.cursor);
                        self.cursor = cursor;
                    }
                    return Some(frame);
                }
                Some(Ok(Message::Close(frame))) => panic!("the server closed the socket: {frame:?}"),
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("the socket broke: {error}"),
                None => panic!("the socket ended"),
            }
        }
    }

    /// The next frame for which this holds; others are passed over.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let found = timeout(PATIENCE, async {
            loop {
                let frame = self.next().await;
                if holds(&frame) {
                    return frame;
                }
            }
        });
        found.await.unwrap_or_else(|_| panic!("never came: {what}"))
    }

    /// The next event of this type.
    pub async fn event(&mut self, kind: &str) -> Value {
        self.until(kind, |frame| frame["type"] == "event" && frame["event"]["type"] == kind).await["event"].clone()
    }

    /// The message with this text, when it arrives.
    pub async fn message(&mut self, text: &str) -> Value {
        let arrived = |frame: &Value| frame["type"] == "event" && frame["event"]["message"]["text"] == text;
        self.until(text, arrived).await["event"]["message"].clone()
    }

    /// The answer to the command with this id: an `ack` or an `error`.
    pub async fn answer(&mut self, id: &str) -> Value {
        let answers = [json!("ack"), json!("answer"), json!("error")];
        self.until(id, |frame| answers.contains(&frame["type"]) && frame["id"] == id).await
    }

    /// Every frame that comes until nothing has come for this long.
    pub async fn rest(&mut self, quiet: Duration) -> Vec<Value> {
        let mut frames = Vec::new();
        while let Some(frame) = self.next_within(quiet).await {
            frames.push(frame);
        }
        frames
    }

    /// The close code, once the server closes.
    pub async fn closed(&mut self) -> u16 {
        let closing = timeout(PATIENCE, async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Close(Some(frame)))) => return u16::from(frame.code),
                    Some(Ok(Message::Close(None)) | Err(_)) | None => return 1006,
                    Some(Ok(_)) => {}
                }
            }
        });
        closing.await.expect("the socket stays open")
    }

    /// Goes away without a word, as a lost connection does.
    pub fn cut(self) {
        drop(self.stream);
    }
}
