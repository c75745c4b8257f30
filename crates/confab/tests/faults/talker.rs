//! People who talk all the time, each message under one id until it is acknowledged.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::cluster::{Cluster, Person, post};
use crate::listener::{Shown, Wishes, listen};

/// Pause between two messages of one person.
const PACE: Duration = Duration::from_millis(40);
/// How long an unanswered message is repeated.
const PATIENCE: Duration = Duration::from_secs(30);

/// What clients know when it is over.
pub struct Outcome {
    pub people: Vec<Person>,
    pub channel: String,
    /// Acknowledged messages: id and position.
    pub acknowledged: Vec<(String, u64)>,
    /// Every id that was ever sent.
    pub sent: Vec<String>,
    pub shown: Vec<Shown>,
}

pub struct Talk {
    pub people: Vec<Person>,
    pub channel: String,
    commands: SocketAddr,
    over: Arc<AtomicBool>,
    sent: Arc<Mutex<Vec<String>>>,
    acknowledged: Arc<Mutex<Vec<(String, u64)>>>,
    shown: Vec<Shown>,
    wishes: Wishes,
    talkers: Vec<JoinHandle<()>>,
    listeners: Vec<JoinHandle<()>>,
}

impl Talk {
    /// Brings people into one channel; all of them listen and talk until told to finish.
    pub async fn start(cluster: &Cluster, count: usize) -> Self {
        let mut people = Vec::new();
        for n in 0..count {
            people.push(cluster.register(&format!("Person {n}")).await);
        }
        let channel = make_channel(cluster, &people).await;
        let wishes = Wishes::default();
        let (shown, listeners): (Vec<_>, Vec<_>) =
            people.iter().map(|person| listen(cluster.realtime(), person.clone(), wishes.clone())).unzip();
        // Everybody hears from the first message on.
        sleep(Duration::from_millis(1500)).await;
        let mut talk = Self {
            people,
            channel,
            commands: cluster.commands(),
            over: Arc::default(),
            sent: Arc::default(),
            acknowledged: Arc::default(),
            shown,
            wishes,
            talkers: Vec::new(),
            listeners,
        };
        talk.talkers = (0..count).map(|n| tokio::spawn(talk.speaker(n).talk())).collect();
        talk
    }

    fn speaker(&self, n: usize) -> Speaker {
        Speaker {
            person: self.people[n].clone(),
            commands: self.commands,
            path: format!("/v1/conversations/{}/messages", self.channel),
            over: Arc::clone(&self.over),
            sent: Arc::clone(&self.sent),
            acknowledged: Arc::clone(&self.acknowledged),
        }
    }

    /// Messages shown so far, all clients together.
    pub fn heard(&self) -> usize {
        self.shown.iter().map(|shown| shown.lock().unwrap().len()).sum()
    }

    pub fn reconnects(&self) -> u64 {
        self.wishes.reconnects.load(Ordering::Relaxed)
    }

    pub fn stop_reconnecting(&self) {
        self.wishes.stay_away.store(true, Ordering::Relaxed);
    }

    /// Says one thing right now and gives the status of the first answer.
    pub async fn post_now(&self, text: &str) -> u16 {
        self.speaker(0).say(text, Some(1)).await
    }

    /// Lets every message be acknowledged, waits until all is shown, and gives what clients know.
    pub async fn finish(self) -> Outcome {
        self.over.store(true, Ordering::Relaxed);
        for talker in self.talkers {
            talker.await.unwrap();
        }
        let acknowledged = self.acknowledged.lock().unwrap().clone();
        let start = Instant::now();
        let all_shown = || self.shown.iter().all(|shown| shown.lock().unwrap().len() >= acknowledged.len());
        while !all_shown() && start.elapsed() < Duration::from_secs(30) {
            sleep(Duration::from_millis(100)).await;
        }
        sleep(Duration::from_millis(500)).await;
        for listener in &self.listeners {
            assert!(!listener.is_finished(), "a listener panicked");
            listener.abort();
        }
        let sent = self.sent.lock().unwrap().clone();
        Outcome { people: self.people, channel: self.channel, acknowledged, sent, shown: self.shown }
    }
}

struct Speaker {
    person: Person,
    commands: SocketAddr,
    path: String,
    over: Arc<AtomicBool>,
    sent: Arc<Mutex<Vec<String>>>,
    acknowledged: Arc<Mutex<Vec<(String, u64)>>>,
}

impl Speaker {
    async fn talk(self) {
        let mut number = 0;
        while !self.over.load(Ordering::Relaxed) {
            number += 1;
            let status = self.say(&format!("message {number}"), None).await;
            assert!(status == 200 || status == 201, "refused with {status}");
            sleep(PACE).await;
        }
    }

    /// Sends under one id until acknowledged, or for so many attempts; gives the last status, 0 for no answer.
    async fn say(&self, text: &str, attempts: Option<u32>) -> u16 {
        let id = Uuid::now_v7().to_string();
        self.sent.lock().unwrap().push(id.clone());
        let body = json!({ "id": id, "text": text });
        let (start, mut attempt) = (Instant::now(), 0);
        loop {
            attempt += 1;
            let answer = post(self.commands, &self.person.token, &self.path, &body).await;
            let (status, body) = answer.unwrap_or((0, Value::Null));
            if status == 200 || status == 201 {
                self.acknowledged.lock().unwrap().push((id, body["position"].as_u64().unwrap()));
                return status;
            }
            let unknown = status == 0 || status == 503 || status == 429;
            if !unknown || start.elapsed() > PATIENCE || attempts == Some(attempt) {
                return status;
            }
            sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn make_channel(cluster: &Cluster, people: &[Person]) -> String {
    let name = format!("c-{}", Uuid::now_v7().simple());
    let body = json!({ "kind": "channel", "name": name });
    let (status, made) = cluster.post(&people[0].token, "/v1/conversations", &body).await.unwrap();
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().unwrap().to_owned();
    for person in &people[1..] {
        let (status, _) =
            cluster.post(&person.token, &format!("/v1/conversations/{id}/join"), &json!({})).await.unwrap();
        assert_eq!(status, 200);
    }
    id
}
