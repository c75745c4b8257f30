//! A websocket client that says what it means and waits for what it expects.

use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Client {
    socket: WebSocketStream<TcpStream>,
    last_cursor: Option<u64>,
}

impl Client {
    /// Opens a socket without saying who it is.
    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self::try_open(address, None).await.unwrap()
    }

    /// As a page of this origin would.
    pub(crate) async fn try_open(address: SocketAddr, origin: Option<&str>) -> Result<Self, tungstenite::Error> {
        Self::over(TcpStream::connect(address).await.unwrap(), address, origin.map(|origin| ("Origin", origin))).await
    }

    /// As a proxy would for a client of this address.
    pub(crate) async fn try_open_for(address: SocketAddr, client: &str) -> Result<Self, tungstenite::Error> {
        Self::over(TcpStream::connect(address).await.unwrap(), address, Some(("X-Forwarded-For", client))).await
    }

    /// With a receive buffer so small that not reading is soon felt.
    pub(crate) async fn open_narrow(address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        Self::over(socket.connect(address).await.unwrap(), address, None).await.unwrap()
    }

    async fn over(
        stream: TcpStream,
        address: SocketAddr,
        header: Option<(&'static str, &str)>,
    ) -> Result<Self, tungstenite::Error> {
        let mut request = format!("ws://{address}/v1/realtime").into_client_request().unwrap();
        if let Some((name, value)) = header {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let (socket, _) = client_async(request, stream).await?;
        Ok(Self { socket, last_cursor: None })
    }

    /// Opens a socket, says hello and waits for `ready`, whose cursor is returned.
    pub(crate) async fn ready(address: SocketAddr, token: &str, cursor: Option<u64>) -> (Self, u64) {
        let mut client = Self::open(address).await;
        client.hello(token, cursor).await;
        let ready = client.frame().await;
        assert_eq!(ready["type"], "ready", "{ready}");
        (client, ready["cursor"].as_u64().unwrap())
    }

    pub(crate) async fn hello(&mut self, token: &str, cursor: Option<u64>) {
        let mut hello = json!({ "type": "hello", "token": token });
        if let Some(cursor) = cursor {
            hello["cursor"] = json!(cursor);
        }
        self.say(hello).await;
    }

    pub(crate) async fn say(&mut self, frame: Value) {
        self.send(Message::text(frame.to_string())).await;
    }

    /// Sends whatever it is; the other end may be gone already.
    pub(crate) async fn send(&mut self, message: Message) {
        drop(self.socket.send(message).await);
    }

    /// Bytes as they are, past the websocket protocol.
    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        use tokio::io::AsyncWriteExt;
        self.socket.get_mut().write_all(bytes).await.unwrap();
    }

    /// The next frame.
    pub(crate) async fn frame(&mut self) -> Value {
        let next = timeout(PATIENCE, self.next()).await.expect("a frame within 10 s");
        next.unwrap_or_else(|code| panic!("closed with {code:?} instead of a frame"))
    }

    /// The next frame, however long it takes.
    pub(crate) async fn patient_frame(&mut self) -> Value {
        self.next().await.unwrap_or_else(|code| panic!("closed with {code:?} instead of a frame"))
    }

    /// The next frame, or `None` once closed.
    pub(crate) async fn try_frame(&mut self) -> Option<Value> {
        self.next().await.ok()
    }

    /// The next frame of a type; others are left aside.
    pub(crate) async fn frame_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// The cursor of the newest event heard.
    pub(crate) fn last_cursor(&self) -> Option<u64> {
        self.last_cursor
    }

    /// The texts of the next messages posted.
    pub(crate) async fn texts(&mut self, count: usize) -> Vec<String> {
        let mut texts = Vec::new();
        while texts.len() < count {
            let event = self.frame_of("event").await;
            assert_eq!(event["cursor"], event["event"]["position"]);
            if event["event"]["type"] == "message_posted" {
                texts.push(event["event"]["message"]["text"].as_str().unwrap().to_owned());
            }
        }
        texts
    }

    /// That nothing comes for a while.
    pub(crate) async fn silent_for(&mut self, time: Duration) {
        if let Ok(next) = timeout(time, self.next()).await {
            panic!("expected silence, not {next:?}");
        }
    }

    /// The code it is closed with.
    pub(crate) async fn close_code(&mut self) -> u16 {
        let closed = async {
            loop {
                match self.next().await {
                    Ok(_) => {}
                    Err(code) => return code,
                }
            }
        };
        timeout(PATIENCE, closed).await.expect("a close within 10 s").expect("a close frame")
    }

    async fn next(&mut self) -> Result<Value, Option<u16>> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    if frame["type"] == "event" {
                        self.last_cursor = frame["cursor"].as_u64();
                    }
                    return Ok(frame);
                }
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }
}
