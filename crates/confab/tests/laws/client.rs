//! A client: a socket that comes and goes, the mirror that its events make, and what a fresh fetch gives.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::mirror::{Mirror, draft_key, set};
use crate::rig::{Person, text};
use crate::socket::Socket;

pub struct Client {
    pub person: Person,
    socket: Option<Socket>,
    cursor: u64,
    pub mirror: Mirror,
}

impl Client {
    /// Listens first and fetches then, so that nothing is missed.
    pub async fn open(person: &Person) -> Self {
        let socket = person.socket().await;
        let cursor = socket.cursor;
        let mirror = Mirror::of(&person.id, &fetch(person, cursor).await);
        Self { person: person.clone(), socket: Some(socket), cursor, mirror }
    }

    pub fn is_online(&self) -> bool {
        self.socket.is_some()
    }

    pub fn drop_out(&mut self) {
        if let Some(socket) = self.socket.take() {
            socket.cut();
        }
    }

    /// Hears everything up to a position, coming back if it was away.
    pub async fn catch_up(&mut self, position: u64) {
        let mut socket = match self.socket.take() {
            Some(socket) => socket,
            None => self.person.socket_from(self.cursor).await,
        };
        while self.cursor < position {
            socket.send(json!({ "type": "ping" })).await;
            loop {
                let frame = socket.next().await;
                let cursor = frame["cursor"].as_u64();
                self.cursor = self.cursor.max(cursor.unwrap_or_default());
                match frame["type"].as_str().unwrap() {
                    "event" => self.mirror.apply(&frame["event"]),
                    "pong" => break,
                    other => panic!("{other} came: {frame}"),
                }
            }
            // Who asks without a pause is flooding.
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        self.socket = Some(socket);
        if !self.mirror.unknown.is_empty() {
            let fetched = fetch(&self.person, position).await;
            for id in self.mirror.unknown.clone() {
                self.mirror.take(&id, &fetched);
            }
        }
    }
}

async fn get(person: &Person, path: &str, position: u64) -> Value {
    person.get_at(path, &json!(position)).await.expect(200)
}

fn items(page: &Value) -> Vec<Value> {
    assert!(page.get("before").is_none() && page.get("after").is_none(), "more than one page: {page}");
    page["items"].as_array().unwrap().clone()
}

/// Everything that a client may show, fetched anew.
pub async fn fetch(person: &Person, position: u64) -> Value {
    let followed = items(&get(person, "/v1/threads?limit=100", position).await);
    let followed: BTreeMap<String, Value> =
        followed.into_iter().map(|thread| (text(&thread["message"]["id"]), thread)).collect();
    let mut conversations = Map::new();
    for card in items(&get(person, "/v1/conversations", position).await) {
        let id = text(&card["id"]);
        let found = conversation(person, position, card, &followed).await;
        conversations.insert(id, found);
    }
    let here = |kept: &Value| conversations.contains_key(kept["conversation"].as_str().unwrap());
    let mut saved = Map::new();
    for one in items(&get(person, "/v1/saved?limit=100", position).await) {
        let mut kept = json!({ "conversation": one["message"]["conversation"], "state": one["state"] });
        set(&mut kept, "remind_at", one.get("remind_at"));
        saved.extend(Some((text(&one["message"]["id"]), kept)).filter(|(_, kept)| here(kept)));
    }
    let drafts = items(&get(person, "/v1/drafts", position).await).into_iter().filter(here);
    let drafts: Map<String, Value> = drafts
        .map(|draft| (draft_key(&draft), json!({ "conversation": draft["conversation"], "text": draft["text"] })))
        .collect();
    let preferences = get(person, "/v1/preferences", position).await;
    let activity_read = get(person, "/v1/activity?limit=1", position).await["read_position"].clone();
    json!({ "conversations": conversations, "preferences": preferences, "saved": saved, "drafts": drafts,
        "activity_read": activity_read })
}

async fn conversation(person: &Person, position: u64, card: Value, followed: &BTreeMap<String, Value>) -> Value {
    let path = format!("/v1/conversations/{}", text(&card["id"]));
    let messages = items(&get(person, &format!("{path}/messages?limit=100"), position).await);
    let members = items(&get(person, &format!("{path}/members?limit=100"), position).await);
    let members: Map<String, Value> =
        members.iter().map(|member| (text(&member["user"]), member["joined_at"].clone())).collect();
    let pins = items(&get(person, &format!("{path}/pins"), position).await);
    let receipts = items(&get(person, &format!("{path}/receipts?limit=100"), position).await);
    let others = receipts.iter().filter(|receipt| receipt["user"] != person.id.as_str());
    let receipts: Map<String, Value> = others.map(|receipt| (text(&receipt["user"]), receipt.clone())).collect();
    let (mut threads, mut read) = (Map::new(), Map::new());
    for head in messages.iter().filter(|message| message["reply_count"] != 0) {
        let root = text(&head["id"]);
        let page = get(person, &format!("/v1/messages/{root}/thread?limit=100"), position).await;
        let mut thread = json!({ "items": items(&page), "following": page["following"] });
        if page["following"] == true {
            let listed = followed.get(&root).unwrap_or_else(|| panic!("{root} is followed and not listed"));
            assert_eq!((&listed["read_position"], &listed["message"]), (&page["read_position"], head));
            read.insert(root.clone(), page["read_position"].clone());
            thread["unread"] = listed["unread_count"].clone();
        }
        threads.insert(root, thread);
    }
    json!({ "card": card, "members": members, "messages": messages, "pins": pins, "threads": threads, "read": read,
        "receipts": receipts })
}
