//! The mirror: what a client keeps of what it fetched, and what it makes of events. Pure, and as plain as it gets; no
//! part of Confab is in it. An event that it does not know fails.

mod messages;
mod others;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use self::messages::{changed, is_listed, new_to, quote};
use self::others::Others;
use crate::rig::text;

/// A conversation that one is in.
#[derive(Debug, Clone, Default)]
struct Held {
    card: Value,
    /// Who, and since when.
    members: BTreeMap<String, Value>,
    /// Those in the list and those in threads, by position.
    messages: BTreeMap<u64, Value>,
    others: Others,
    /// Where one joined, if that was heard.
    joined: u64,
    /// Where one marked something unread.
    marked: u64,
}

/// One's place in a thread.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Follow {
    said: Option<bool>,
    takes_part: bool,
    read: u64,
    /// Where one marked something of it unread.
    marked: u64,
}

impl Follow {
    fn follows(self) -> bool {
        self.said.unwrap_or(self.takes_part)
    }
}

/// Everything that one client knows.
#[derive(Debug, Clone, Default)]
pub struct Mirror {
    me: String,
    conversations: BTreeMap<String, Held>,
    follows: BTreeMap<String, Follow>,
    preferences: Value,
    /// Everything up to here was read at once.
    all_read: u64,
    /// What concerns one was looked through up to here.
    activity_read: u64,
    saved: BTreeMap<String, Value>,
    drafts: BTreeMap<String, Value>,
    /// Conversations to be fetched: one has just come into them.
    pub unknown: BTreeSet<String>,
}

impl Mirror {
    /// What one knows after fetching everything.
    pub fn of(me: &str, fetched: &Value) -> Self {
        let mut mirror = Self { me: me.to_owned(), preferences: fetched["preferences"].clone(), ..Self::default() };
        for id in keys(&fetched["conversations"]) {
            mirror.take(&id, fetched);
        }
        mirror.saved = entries(&fetched["saved"]);
        mirror.drafts = entries(&fetched["drafts"]);
        mirror.activity_read = fetched["activity_read"].as_u64().unwrap();
        mirror
    }

    /// Takes one conversation out of what was fetched.
    pub fn take(&mut self, id: &str, fetched: &Value) {
        self.unknown.remove(id);
        let Some(found) = fetched["conversations"].get(id) else { return };
        let joined = self.conversations.get(id).map_or(0, |held| held.joined);
        let mut held =
            Held { card: found["card"].clone(), members: entries(&found["members"]), joined, ..Held::default() };
        let answers = found["threads"].as_object().unwrap().values().map(|thread| &thread["items"]);
        for message in answers.chain([&found["messages"]]).flat_map(|items| items.as_array().unwrap()) {
            let mut message = message.clone();
            // Looked up for each reader at each reading; here too.
            set(&mut message, "forwarded", None);
            held.messages.insert(position(&message), message);
        }
        held.others = Others::of(&found["receipts"]);
        held.settle_unread(&self.me, found["card"]["unread_count"].as_u64().unwrap());
        self.conversations.insert(id.to_owned(), held);
        for (root, thread) in found["threads"].as_object().unwrap() {
            let follow = self.follows.entry(root.clone()).or_default();
            follow.takes_part |= thread["following"] == true;
            follow.said = follow.said.map(|_| thread["following"] == true);
            follow.read = found["read"][root].as_u64().unwrap_or(follow.read);
        }
    }

    /// Takes an event in.
    pub fn apply(&mut self, event: &Value) {
        let place = event["conversation"].as_str().map(str::to_owned);
        match event["type"].as_str().unwrap() {
            "channel_created" | "group_created" | "direct_opened" => {
                self.unknown.insert(text(&event["conversation"]["id"]));
            }
            "member_joined" if event["user"] == self.me.as_str() => {
                let place = place.unwrap();
                self.conversations.insert(place.clone(), Held { joined: position(event), ..Held::default() });
                self.unknown.insert(place);
            }
            "member_left" if event["user"] == self.me.as_str() => {
                let place = place.unwrap();
                self.unknown.remove(&place);
                self.conversations.remove(&place);
            }
            "conversation_starred" | "conversation_muted" | "notification_level_set" => self.prefer(event),
            "sidebar_changed" => self.preferences["sections"] = event["sections"].clone(),
            "dnd_changed" => set(&mut self.preferences, "dnd_until", event.get("until")),
            "quiet_hours_changed" => set(&mut self.preferences, "quiet_hours", event.get("quiet_hours")),
            "keywords_changed" => self.preferences["keywords"] = event["keywords"].clone(),
            "read_receipts_set" => {
                self.preferences["read_receipts"] = event["read_receipts"].clone();
                self.conversations.values_mut().for_each(|held| held.others.forget_reading());
            }
            "message_saved" => self.save(event),
            "draft_saved" => self.draft(event),
            "thread_followed" | "thread_unfollowed" | "thread_read_up_to" | "thread_marked_unread" => {
                self.follow(event)
            }
            "message_posted" => self.posted(event),
            "delivered_up_to" | "read_up_to" if event["user"] != self.me.as_str() => self.heard_of(event),
            "delivered_up_to" => {}
            "all_read_up_to" => self.read_all(event["read_position"].as_u64().unwrap()),
            "activity_read_up_to" => self.activity_read = event["read_position"].as_u64().unwrap(),
            // That one is to be told; what it is about is in the message and the activity.
            "notified" | "profile_created" | "status_changed" => {}
            _ => {
                let place = place.unwrap_or_else(|| panic!("the mirror does not know {event}"));
                if let Some(held) = self.conversations.get_mut(&place).filter(|held| !held.card.is_null()) {
                    held.apply(event);
                }
            }
        }
    }

    fn read_all(&mut self, read: u64) {
        self.all_read = self.all_read.max(read);
        let follows = self.follows.values_mut().filter(|follow| follow.marked <= read);
        follows.for_each(|follow| follow.read = follow.read.max(read));
        let held = self.conversations.values_mut().filter(|held| !held.card.is_null() && held.marked <= read);
        held.for_each(|held| {
            held.card["read_position"] = held.card["read_position"].as_u64().max(Some(read)).into();
        });
    }

    /// Somebody else has received or read something.
    fn heard_of(&mut self, event: &Value) {
        let Some(held) = self.conversations.get_mut(&text(&event["conversation"])) else { return };
        match event["read_position"].as_u64() {
            Some(read) => held.others.read(&text(&event["user"]), read),
            None => held.others.delivered(&text(&event["user"]), event["delivered_position"].as_u64().unwrap()),
        }
    }

    /// A message that somebody passes on, if one has it.
    fn quoted(&self, id: &Value) -> Option<Value> {
        let mut all = self.conversations.values().flat_map(|held| held.messages.values());
        all.find(|message| message["id"] == *id).map(quote)
    }

    /// Messages, with what they pass on.
    fn with_quotes<'a>(&self, messages: impl IntoIterator<Item = &'a Value>) -> Vec<Value> {
        let quoted = |message: &Value| {
            let mut message = message.clone();
            let quote = message.get("forwards").and_then(|original| self.quoted(original));
            set(&mut message, "forwarded", quote.as_ref());
            message
        };
        messages.into_iter().map(quoted).collect()
    }

    fn prefer(&mut self, event: &Value) {
        let known = self.preferences["conversations"].as_array_mut().unwrap();
        let id = &event["conversation"];
        if !known.iter().any(|one| one["conversation"] == *id) {
            known.push(json!({ "conversation": id, "starred": false, "muted": false }));
        }
        let one = known.iter_mut().find(|one| one["conversation"] == *id).unwrap();
        for field in ["starred", "muted", "level"] {
            if let Some(value) = event.get(field) {
                one[field] = value.clone();
            }
        }
        known.retain(|one| one["starred"] == true || one["muted"] == true || one.get("level").is_some());
        known.sort_by_key(|one| text(&one["conversation"]));
    }

    fn save(&mut self, event: &Value) {
        let id = text(&event["id"]);
        if event["saved"] == false {
            self.saved.remove(&id);
            return;
        }
        let mut kept = json!({ "conversation": event["conversation"], "state": event["state"] });
        set(&mut kept, "remind_at", event.get("remind_at"));
        self.saved.insert(id, kept);
    }

    fn draft(&mut self, event: &Value) {
        let key = draft_key(event);
        if text(&event["text"]).trim().is_empty() {
            self.drafts.remove(&key);
        } else {
            self.drafts.insert(key, json!({ "conversation": event["conversation"], "text": event["text"] }));
        }
    }

    fn follow(&mut self, event: &Value) {
        let unheard = Follow { read: self.all_read, ..Follow::default() };
        let follow = self.follows.entry(text(&event["id"])).or_insert(unheard);
        match event["type"].as_str().unwrap() {
            "thread_followed" => {
                if !follow.follows() && follow.marked == 0 {
                    follow.read = position(event);
                }
                follow.said = Some(true);
            }
            "thread_unfollowed" => {
                follow.said = Some(false);
                follow.marked = 0;
            }
            "thread_marked_unread" => {
                follow.read = event["read_position"].as_u64().unwrap();
                follow.marked = position(event);
            }
            _ => follow.read = follow.read.max(event["read_position"].as_u64().unwrap()),
        }
    }

    fn posted(&mut self, event: &Value) {
        let message = &event["message"];
        let Some(held) = self.conversations.get_mut(&text(&message["conversation"])) else { return };
        if held.card.is_null() {
            return;
        }
        held.messages.insert(position(event), message.clone());
        let Some(root) = message["thread"].as_str() else { return };
        let Some(head) = held.message(root) else { return };
        head["reply_count"] = (head["reply_count"].as_u64().unwrap() + 1).into();
        head["last_reply_at"] = message["posted_at"].clone();
        let before = head["repliers"].as_array().cloned().unwrap_or_default();
        let others = before.into_iter().filter(|replier| *replier != message["author"]);
        head["repliers"] = [message["author"].clone()].into_iter().chain(others).take(5).collect();
        let (answers, asked) = (message["author"] == self.me.as_str(), head["author"] == self.me.as_str());
        if answers || asked {
            let begins = Follow { read: if answers { position(event) } else { self.all_read }, ..Follow::default() };
            self.follows.entry(root.to_owned()).or_insert(begins).takes_part = true;
        }
    }

    /// The same as a fresh fetch would give.
    pub fn answers(&self) -> Value {
        let held = |(id, held): (&String, &Held)| (id.clone(), held.answers(self));
        let conversations: Map<String, Value> = self.conversations.iter().map(held).collect();
        let here = |kept: &&Value| self.conversations.contains_key(kept["conversation"].as_str().unwrap_or_default());
        let kept = |all: &BTreeMap<String, Value>| -> Value {
            all.iter()
                .filter(|(_, kept)| here(kept))
                .map(|(id, kept)| (id.clone(), kept.clone()))
                .collect::<Map<_, _>>()
                .into()
        };
        json!({
            "conversations": conversations,
            "preferences": self.preferences,
            "activity_read": self.activity_read,
            "saved": kept(&self.saved),
            "drafts": kept(&self.drafts),
        })
    }
}

impl Held {
    fn message(&mut self, id: &str) -> Option<&mut Value> {
        self.messages.values_mut().find(|message| message["id"] == id)
    }

    fn apply(&mut self, event: &Value) {
        let kind = event["type"].as_str().unwrap();
        match kind {
            "member_joined" => {
                self.others.forget(&text(&event["user"]));
                self.members.insert(text(&event["user"]), event["at"].clone());
            }
            "member_left" => drop(self.members.remove(&text(&event["user"]))),
            "channel_renamed" => set(&mut self.card, "name", event.get("name")),
            "topic_changed" => set(&mut self.card, "topic", event.get("topic")),
            "description_changed" => set(&mut self.card, "description", event.get("description")),
            "made_private" => self.card["visibility"] = json!("private"),
            "channel_archived" => self.card["archived"] = json!(true),
            "channel_unarchived" => self.card["archived"] = json!(false),
            "posting_policy_set" => self.card["posting"] = event["policy"].clone(),
            "receipts_set" => {
                self.others = Others::default();
                self.card["receipts"] = event["receipts"].clone();
            }
            "default_channel_changed" => self.card["default"] = event["default"].clone(),
            "converted_to_channel" => {
                self.card["kind"] = json!("channel");
                self.card["receipts"] = json!(false);
                set(&mut self.card, "name", event.get("name"));
                set(&mut self.card, "members", None);
            }
            "marked_unread" => {
                self.marked = position(event);
                self.card["read_position"] = event["read_position"].clone();
            }
            "read_up_to" => {
                let read = self.card["read_position"].as_u64().max(event["read_position"].as_u64());
                self.card["read_position"] = json!(read);
            }
            _ => {
                let message = self.message(&text(&event["id"]));
                if let Some(message) = message.filter(|message| message.get("deleted").is_none()) {
                    changed(message, event);
                }
            }
        }
    }

    /// Who joined later than the first message was not told where; how much is new to her says it.
    fn settle_unread(&mut self, me: &str, unread: u64) {
        let after = self.joined.max(self.card["read_position"].as_u64().unwrap_or_default());
        let listed = self.messages.values().filter(is_listed).filter(new_to(me, after));
        let new: Vec<u64> = listed.map(position).collect();
        let before = new.len().saturating_sub(usize::try_from(unread).unwrap());
        self.joined = before.checked_sub(1).map_or(self.joined, |last| new[last]);
    }

    fn answers(&self, of: &Mirror) -> Value {
        let me = &of.me;
        let listed: Vec<&Value> = self.messages.values().filter(is_listed).collect();
        let mut card = self.card.clone();
        let after = self.joined.max(card["read_position"].as_u64().unwrap_or_default());
        card["member_count"] = self.members.len().into();
        card["unread_count"] = listed.iter().copied().filter(new_to(me, after)).count().min(100).into();
        set(&mut card, "last_position", listed.last().map(|last| &last["position"]));
        let mut pins: Vec<&Value> = self.messages.values().filter(|message| message.get("pinned").is_some()).collect();
        pins.sort_by_key(|message| std::cmp::Reverse(message["pinned"]["position"].as_u64()));
        let mut threads = Map::new();
        for head in self.messages.values().filter(|message| message["reply_count"] != 0) {
            let root = text(&head["id"]);
            let items: Vec<&Value> = self.messages.values().filter(|message| message["thread"] == head["id"]).collect();
            let follow = of.follows.get(&root).copied().unwrap_or_default();
            let mut thread = json!({ "items": of.with_quotes(items.iter().copied()), "following": follow.follows() });
            if follow.follows() {
                thread["unread"] = items.iter().copied().filter(new_to(me, follow.read)).count().min(100).into();
            }
            threads.insert(root, thread);
        }
        let (messages, pins) = (of.with_quotes(listed), of.with_quotes(pins));
        let receipts = self.others.answers();
        json!({ "card": card, "members": self.members, "messages": messages, "pins": pins, "threads": threads,
            "receipts": receipts })
    }
}

/// What names a draft: where it would be sent.
pub fn draft_key(draft: &Value) -> String {
    format!("{} {}", text(&draft["conversation"]), draft["thread"].as_str().unwrap_or_default())
}

/// Sets a field, or takes it away.
pub fn set(of: &mut Value, field: &str, value: Option<&Value>) {
    let fields = of.as_object_mut().unwrap();
    match value {
        Some(value) => drop(fields.insert(field.to_owned(), value.clone())),
        None => drop(fields.remove(field)),
    }
}

fn position(of: &Value) -> u64 {
    of["position"].as_u64().unwrap()
}

fn keys(of: &Value) -> Vec<String> {
    of.as_object().unwrap().keys().cloned().collect()
}

fn entries(of: &Value) -> BTreeMap<String, Value> {
    of.as_object().unwrap().clone().into_iter().collect()
}
