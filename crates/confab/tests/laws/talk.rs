//! Random commands: every operation that writes, by somebody, to something. Whatever is refused changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Answer, Person, text};

/// What nobody else's screen shows, and so no event tells: signing in and out.
const NOT_TOLD: [&str; 5] = ["log_in", "log_out", "refresh_session", "register", "revoke_session"];

/// What is done more often than other things.
const OFTEN: [&str; 8] = [
    "post_message",
    "post_message",
    "post_message",
    "post_message",
    "join_channel",
    "unarchive_channel",
    "edit_message",
    "mark_read",
];

/// Small random numbers from a seed (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Self {
        Self(seed.max(1))
    }

    pub fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let rolled = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(rolled).unwrap() % sides
    }

    pub fn of_these<'a, T>(&mut self, these: &'a [T]) -> &'a T {
        &these[self.below(these.len())]
    }
}

struct Operation {
    id: String,
    method: Method,
    path: String,
    has_body: bool,
}

/// People, and what they have made so far.
pub struct Town {
    pub people: Vec<Person>,
    pub conversations: Vec<String>,
    messages: Vec<String>,
    operations: Vec<Operation>,
    /// How often each operation was carried out.
    pub done: BTreeMap<String, usize>,
    /// Where the newest fact stands.
    pub position: u64,
}

impl Town {
    pub fn of(people: Vec<Person>) -> Self {
        let (conversations, messages, done) = (Vec::new(), Vec::new(), BTreeMap::new());
        Self { people, conversations, messages, operations: operations(), done, position: 0 }
    }

    /// The operations that were never carried out.
    pub fn never_done(&self, before: &BTreeSet<String>) -> BTreeSet<String> {
        let all = self.operations.iter().map(|operation| operation.id.clone());
        all.filter(|id| !self.done.contains_key(id) && !before.contains(id)).collect()
    }

    /// Somebody does something.
    pub async fn happen(&mut self, dice: &mut Dice) {
        let often = dice.below(self.operations.len() + 3 * OFTEN.len());
        let id = match self.operations.get(often) {
            Some(operation) => operation.id.clone(),
            None => OFTEN[often % OFTEN.len()].to_owned(),
        };
        let person = dice.of_these(&self.people).clone();
        self.carry_out(&id, &person, dice).await;
    }

    /// What luck has left out is tried until it is carried out, by somebody, with something.
    pub async fn catch_up(&mut self, dice: &mut Dice) {
        for id in self.never_done(&BTreeSet::new()) {
            for _ in 0..80 {
                let person = dice.of_these(&self.people).clone();
                self.carry_out(&id, &person, dice).await;
                if self.done.contains_key(&id) {
                    break;
                }
            }
        }
    }

    pub async fn carry_out(&mut self, id: &str, person: &Person, dice: &mut Dice) {
        let operation = self.operations.iter().position(|operation| operation.id == id).unwrap();
        let Operation { method, path, has_body, .. } = &self.operations[operation];
        let nothing = Uuid::now_v7().to_string();
        let some =
            |of: &[String], dice: &mut Dice| if of.is_empty() { nothing.clone() } else { dice.of_these(of).clone() };
        let (conversation, message) = (some(&self.conversations, dice), some(&self.messages, dice));
        let user = dice.of_these(&self.people).id.clone();
        let emoji = *dice.of_these(&["%F0%9F%91%8D", "%F0%9F%8E%89"]);
        let path =
            [("{conversation}", conversation.as_str()), ("{message}", &message), ("{user}", &user), ("{emoji}", emoji)]
                .iter()
                .fold(path.clone(), |path, (name, value)| path.replace(name, value));
        assert!(!path.contains('{'), "Town does not know a parameter of {path}");
        let mut request = person.request(method.clone(), &path);
        if *has_body {
            request = request.json(&self.body(id, &user, dice));
        }
        let answer = crate::rig::send(request).await;
        assert!(answer.status < 500, "{id} {path}: {answer:?}");
        if answer.status < 300 {
            self.took(id, &answer);
        }
    }

    fn took(&mut self, id: &str, answer: &Answer) {
        *self.done.entry(id.to_owned()).or_default() += 1;
        self.position = self.position.max(answer.body["position"].as_u64().unwrap());
        match id {
            "create_conversation" | "create_group" | "add_members" => self.conversations.push(text(&answer.body["id"])),
            "post_message" | "send_message" => self.messages.push(text(&answer.body["id"])),
            _ => {}
        }
        self.conversations.dedup();
    }

    fn body(&self, id: &str, user: &str, dice: &mut Dice) -> Value {
        let word = format!("w{}", dice.below(1_000_000));
        let conversation = self.conversations.last().cloned().unwrap_or_default();
        let everybody: Vec<&str> = self.people.iter().map(|person| person.id.as_str()).collect();
        match id {
            "create_conversation" => match dice.below(4) {
                0 => json!({ "kind": "direct", "user": user }),
                1 => json!({ "kind": "group", "members": everybody }),
                2 => json!({ "kind": "channel", "name": word, "visibility": "private" }),
                _ => json!({ "kind": "channel", "name": word, "topic": "soup" }),
            },
            "change_channel" => match dice.below(12) {
                0 => json!({ "visibility": "private" }),
                8 => json!({ "receipts": dice.below(2) == 0 }),
                1 => json!({ "posting": dice.of_these(&["admins", "everyone"]) }),
                2..5 => json!({ "name": word }),
                5..7 => json!({ "description": word }),
                7 => json!({ "topic": "" }),
                _ => json!({ "topic": word }),
            },
            "post_message" => self.message(user, &word, dice),
            "send_message" => json!({ "id": Uuid::now_v7(), "text": word, "conversation": conversation }),
            "create_group" => json!({ "members": everybody }),
            "join_group" | "leave_group" => json!({ "conversation": conversation }),
            "edit_message" => {
                json!({ "text": dice.of_these(&[word.clone(), format!("_{word}_"), format!("<@{user}>?")]) })
            }
            "convert_to_channel" => json!({ "name": word }),
            "add_members" => json!({ "users": [user] }),
            "set_notification_level" => json!({ "level": dice.of_these(&["all", "mentions", "nothing"]) }),
            "mark_read" | "mark_all_read" | "mark_delivered" | "mark_thread_read" | "mark_activity_read" => {
                json!({ "position": self.position })
            }
            "change_preferences" => preferences(&word, &conversation, dice),
            "set_dnd" => json!({ "until": format!("2{:03}-01-01T00:00:00.000Z", 100 + dice.below(800)) }),
            "set_status" => json!({ "text": word }),
            // Those that have something happen, wherever they are given.
            "run_command" => {
                let typed = ["/me waves at ", "/topic ", "/rename ", "/status ", "//"][dice.below(5)];
                json!({ "text": format!("{typed}{word}") })
            }
            "save_draft" => json!({ "conversation": conversation, "text": dice.of_these(&[word.as_str(), ""]) }),
            "save_message" => json!({}),
            "set_saved_state" => json!({ "state": dice.of_these(&["in_progress", "archived", "completed"]) }),
            other => panic!("Town::body does not say what {other} is sent"),
        }
    }

    /// Something to say: to somebody, in a thread, about what was said elsewhere.
    fn message(&self, user: &str, word: &str, dice: &mut Dice) -> Value {
        let to = [String::new(), format!("<@{user}>"), "@channel".to_owned(), "@here".to_owned()];
        let to = dice.of_these(&to);
        let mut body = json!({ "id": Uuid::now_v7(), "text": format!("*{word}* says hello {to}") });
        if !self.messages.is_empty() && dice.below(5) == 0 {
            body["forwards"] = json!(dice.of_these(&self.messages));
        }
        if let Some(root) = self.messages.last().filter(|_| dice.below(3) == 0) {
            body["text"] = json!(format!("<@{user}> {word}"));
            body["thread"] = json!(root);
            body["in_channel"] = json!(dice.below(3) == 0);
        }
        body
    }
}

fn preferences(word: &str, conversation: &str, dice: &mut Dice) -> Value {
    match dice.below(4) {
        0 => json!({ "sections": [{ "name": word, "conversations": [conversation] }] }),
        1 => json!({ "keywords": [word] }),
        2 => {
            let nights = json!({ "days": ["monday"], "from": "22:00", "to": "07:00" });
            json!({ "quiet_hours": { "time_zone": "Asia/Tokyo", "ranges": [nights] } })
        }
        _ => json!({ "read_receipts": dice.below(2) == 0 }),
    }
}

/// Every operation that writes what is told, as the code documents it.
fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(confab::documents::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let (id, has_body) = (text(&operation["operationId"]), operation.get("requestBody").is_some());
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            if method != Method::GET && !NOT_TOLD.contains(&id.as_str()) {
                found.push(Operation { id, method, path: path.clone(), has_body });
            }
        }
    }
    found
}
