//! Messages in the mirror: which of them count, what becomes of them, and what others quote of them.

use serde_json::{Map, Value, json};

use super::{position, set};

/// What a quote has of its message.
const QUOTED: [&str; 9] =
    ["id", "conversation", "author", "position", "text", "content", "posted_at", "edited_at", "deleted"];

/// What stands in the conversation's own list.
pub fn is_listed(message: &&Value) -> bool {
    message.get("thread").is_none() || message["in_channel"] == true
}

/// What others said after a position, and what stands still.
pub fn new_to(me: &str, after: u64) -> impl Fn(&&Value) -> bool {
    move |message| position(message) > after && message["author"] != me && message.get("deleted").is_none()
}

/// A message that stands, after something was done to it.
pub fn changed(message: &mut Value, event: &Value) {
    match event["type"].as_str().unwrap() {
        "message_edited" => {
            message["text"] = event["text"].clone();
            set(message, "content", event.get("content"));
            message["edited_at"] = event["at"].clone();
        }
        "message_deleted" => {
            for field in ["content", "edited_at", "pinned", "forwards"] {
                set(message, field, None);
            }
            message["deleted"] = json!(true);
            message["text"] = json!("");
            message["reactions"] = json!([]);
            message["files"] = json!([]);
        }
        "reaction_added" => {
            let reactions = message["reactions"].as_array_mut().unwrap();
            match reactions.iter_mut().find(|reaction| reaction["emoji"] == event["emoji"]) {
                Some(reaction) => reaction["users"].as_array_mut().unwrap().push(event["user"].clone()),
                None => reactions.push(json!({ "emoji": event["emoji"], "users": [event["user"]] })),
            }
        }
        "reaction_removed" => {
            let reactions = message["reactions"].as_array_mut().unwrap();
            for reaction in reactions.iter_mut().filter(|reaction| reaction["emoji"] == event["emoji"]) {
                reaction["users"].as_array_mut().unwrap().retain(|user| *user != event["user"]);
            }
            reactions.retain(|reaction| reaction["users"] != json!([]));
        }
        "message_pinned" => {
            message["pinned"] = json!({ "by": event["by"], "at": event["at"], "position": event["position"] });
        }
        "message_unpinned" => set(message, "pinned", None),
        _ => panic!("the mirror does not know {event}"),
    }
}

/// A message as it stands in one that passes it on.
pub fn quote(message: &Value) -> Value {
    let fields = QUOTED.iter().filter_map(|field| Some(((*field).to_owned(), message.get(field)?.clone())));
    fields.collect::<Map<_, _>>().into()
}
