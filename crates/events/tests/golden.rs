//! Every stored name ever used has a golden file, and today's code reads it. Golden files are added, never edited.
//!
//! A golden file holds what was stored. Where upcasting changes it, `Name.vN.expected.json` beside it holds what it
//! is read as; otherwise it must read back as itself.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use events::{
    AccountEvent, ActivityEvent, ConversationEvent, CredentialEvent, DraftEvent, Fact, Family, FileEvent, FollowEvent,
    IdentifierEvent, InboxEvent, MessageEvent, NotificationEvent, PinsEvent, PreferenceEvent, PresenceEvent,
    ProfileEvent, ReceiptEvent, SavedEvent, SessionEvent, StreamName, WorkspaceEvent, catalogue,
};
use serde_json::{Value, json};

fn golden_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn golden_names() -> BTreeSet<String> {
    let files = fs::read_dir(golden_folder()).unwrap();
    files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .filter(|name| !name.ends_with(".expected"))
        .collect()
}

fn stored(name: &str) -> Value {
    let text = fs::read_to_string(golden_folder().join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn encode(fact: &Fact) -> Value {
    let (name, data) = match fact {
        Fact::Account { event, .. } => AccountEvent::encode(event),
        Fact::Credential { event, .. } => CredentialEvent::encode(event),
        Fact::Identifier { event, .. } => IdentifierEvent::encode(event),
        Fact::Session { event, .. } => SessionEvent::encode(event),
        Fact::Workspace { event } => WorkspaceEvent::encode(event),
        Fact::Profile { event, .. } => ProfileEvent::encode(event),
        Fact::Presence { event, .. } => PresenceEvent::encode(event),
        Fact::Conversation { event, .. } => ConversationEvent::encode(event),
        Fact::Message { event, .. } => MessageEvent::encode(event),
        Fact::Pins { event, .. } => PinsEvent::encode(event),
        Fact::Follow { event, .. } => FollowEvent::encode(event),
        Fact::Receipt { event, .. } => ReceiptEvent::encode(event),
        Fact::Inbox { event, .. } => InboxEvent::encode(event),
        Fact::Preference { event, .. } => PreferenceEvent::encode(event),
        Fact::Saved { event, .. } => SavedEvent::encode(event),
        Fact::Draft { event, .. } => DraftEvent::encode(event),
        Fact::Notification { event, .. } => NotificationEvent::encode(event),
        Fact::Activity { event, .. } => ActivityEvent::encode(event),
        Fact::File { event, .. } => FileEvent::encode(event),
    };
    json!({ "name": name, "data": data })
}

#[test]
fn every_stored_name_has_a_golden_file() {
    let golden = golden_names();
    let missing: Vec<String> =
        catalogue().into_iter().map(|entry| entry.name).filter(|name| !golden.contains(name)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_catalogue_describes_every_event() {
    let entries = catalogue();
    assert!(entries.len() > 50, "families were lost: only {} events", entries.len());
    for entry in entries {
        assert!(entry.name.contains(".v"), "{entry:?}");
        assert!(!entry.description.is_empty(), "{entry:?}");
        assert!(entry.data.is_object(), "{entry:?}");
    }
}

#[test]
fn every_golden_file_is_readable_for_ever() {
    for name in golden_names() {
        let file = stored(&name);
        let stream = StreamName::stored(file["stream"].as_str().unwrap());
        let fact = Fact::decode(&stream, &name, file["data"].clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected = golden_folder().join(format!("{name}.expected.json"));
        let expected = match fs::read_to_string(expected) {
            Ok(text) => serde_json::from_str(&text).unwrap(),
            Err(_) => json!({ "name": file["name"], "data": file["data"] }),
        };
        assert_eq!(encode(&fact), expected, "{name}");
    }
}

#[test]
fn an_unknown_event_is_an_error_and_not_a_guess() {
    let stream = StreamName::stored("message-018f0000-0000-7000-8000-000000000004");
    assert!(Fact::decode(&stream, "MessagePosted.v99", json!({})).is_err());
    assert!(Fact::decode(&stream, "MessagePosted.v1", json!({ "text": 7 })).is_err());
    assert!(
        Fact::decode(
            &StreamName::stored("message-x"),
            "MessageDeleted.v1",
            stored("MessageDeleted.v1")["data"].clone()
        )
        .is_err()
    );
    assert!(Fact::decode(&StreamName::stored("invoice-1"), "Paid.v1", json!({})).is_err());
}
