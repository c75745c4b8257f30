//! People in channels, each with one open socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

pub type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Something that came back, with the intended time of its send.
#[derive(Clone, Copy)]
pub enum Heard {
    /// The author's own acknowledgement.
    Ack { round: u64, micros: u64 },
    /// The message at another member.
    Message { round: u64, micros: u64 },
    /// A refusal.
    Refused,
}

/// Somebody in a channel, and the sending half of her socket.
pub struct Speaker {
    pub channel: String,
    pub sink: SplitSink<Stream, Message>,
}

/// Everybody, and what they hear.
pub struct Crowd {
    pub address: String,
    pub tokens: Vec<String>,
    pub speakers: Vec<Speaker>,
    pub channels: Vec<String>,
    pub heard: mpsc::UnboundedReceiver<Heard>,
    /// The newest position that anybody has seen.
    pub newest: Arc<AtomicU64>,
    /// Zero of the clock in every message.
    pub epoch: Instant,
    pub round: u64,
}

impl Crowd {
    /// Registers everybody, makes the channels, opens the sockets.
    pub async fn gather(address: &str, channels: usize, size: usize) -> Self {
        let http = reqwest::Client::new();
        let people: Vec<(String, String)> =
            stream::iter(0..channels * size).map(|n| register(&http, address, n)).buffered(8).collect().await;
        let (sender, heard) = mpsc::unbounded_channel();
        let (epoch, newest) = (Instant::now(), Arc::new(AtomicU64::new(0)));
        let (mut speakers, mut made) = (Vec::new(), Vec::new());
        for (index, members) in people.chunks(size).enumerate() {
            let channel = make_channel(&http, address, index, members).await;
            for (id, token) in members {
                let (sink, frames) = open(address, token).await.split();
                let own = format!(r#""author":"{id}""#);
                let listener = Listener { own, epoch, heard: sender.clone(), newest: Arc::clone(&newest) };
                tokio::spawn(listener.listen(frames));
                speakers.push(Speaker { channel: channel.clone(), sink });
            }
            made.push(channel);
        }
        let tokens = people.into_iter().map(|(_, token)| token).collect();
        Self { address: address.to_owned(), tokens, speakers, channels: made, heard, newest, epoch, round: 0 }
    }
}

struct Listener {
    /// How a frame names this listener as the author.
    own: String,
    epoch: Instant,
    heard: mpsc::UnboundedSender<Heard>,
    newest: Arc<AtomicU64>,
}

impl Listener {
    async fn listen(self, mut frames: SplitStream<Stream>) {
        while let Ok(Some(message)) = frames.try_next().await {
            let Message::Text(text) = message else { continue };
            let now = u64::try_from(self.epoch.elapsed().as_micros()).unwrap();
            if let Some(heard) = self.understand(&text, now) {
                let _gone = self.heard.send(heard);
            }
        }
    }

    /// Reads only as much of a frame as the measurement needs: ids carry round and intended time.
    fn understand(&self, frame: &str, now: u64) -> Option<Heard> {
        if frame.contains(r#""type":"error""#) {
            return Some(Heard::Refused);
        }
        let ack = frame.contains(r#""type":"ack""#);
        if !ack && (!frame.contains("message_posted") || frame.contains(&self.own)) {
            return None;
        }
        let id = if ack { after(frame, r#""id":""#)? } else { after(frame, r#""message":{"id":""#)? };
        let (round, intended) = told(Uuid::parse_str(id.get(..36)?).ok()?);
        let position = after(frame, r#""position":"#)?;
        let digits = position.find(|c: char| !c.is_ascii_digit()).unwrap_or(position.len());
        self.newest.fetch_max(position[..digits].parse().ok()?, Ordering::Relaxed);
        let micros = now.saturating_sub(intended);
        Some(if ack { Heard::Ack { round, micros } } else { Heard::Message { round, micros } })
    }
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

/// A message id that tells when it was meant to be sent: 16 bits of round, 48 of microseconds, 64 of chance.
pub fn telling(round: u64, intended_micros: u64) -> Uuid {
    let (_, chance) = Uuid::new_v4().as_u64_pair();
    Uuid::from_u64_pair((round << 48) | intended_micros, chance)
}

fn told(id: Uuid) -> (u64, u64) {
    let (high, _) = id.as_u64_pair();
    (high >> 48, high & ((1 << 48) - 1))
}

/// Opens a socket and waits until it is ready.
pub async fn open(address: &str, token: &str) -> Stream {
    let (mut stream, _) = connect_async(format!("ws://{address}/v1/realtime")).await.unwrap();
    let hello = json!({ "type": "hello", "token": token }).to_string();
    stream.send(Message::text(hello)).await.unwrap();
    let ready = stream.next().await.unwrap().unwrap();
    assert!(ready.to_text().unwrap().contains("ready"), "{ready}");
    stream
}

/// Registers somebody; her id and her token.
async fn register(http: &reqwest::Client, address: &str, n: usize) -> (String, String) {
    let body = json!({ "name": format!("Bench {n}"), "email": format!("bench{n}@example.org"), "password": "bench bench bench" });
    let answer = post(http, address, "/v1/auth/register", None, body).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&answer["user"]["id"]), text(&answer["access_token"]))
}

async fn make_channel(http: &reqwest::Client, address: &str, index: usize, members: &[(String, String)]) -> String {
    let body = json!({ "kind": "channel", "name": format!("bench-{index}") });
    let made = post(http, address, "/v1/conversations", Some(&members[0].1), body).await;
    let id = made["id"].as_str().unwrap().to_owned();
    for (_, token) in &members[1..] {
        post(http, address, &format!("/v1/conversations/{id}/join"), Some(token), json!({})).await;
    }
    id
}

async fn post(http: &reqwest::Client, address: &str, path: &str, token: Option<&str>, body: Value) -> Value {
    let mut request = http.post(format!("http://{address}{path}")).json(&body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
}
