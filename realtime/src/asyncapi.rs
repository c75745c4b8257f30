//! The AsyncAPI document of the websocket, made from the very types that are on the wire.

use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, schema::Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::protocol::{ClientFrame, Close, ServerFrame};

/// The AsyncAPI 3.0 document of `/v1/realtime`.
#[must_use]
pub fn asyncapi() -> Value {
    let mut messages = Map::new();
    let sent = add_messages::<ClientFrame>("client", &mut messages);
    let received = add_messages::<ServerFrame>("server", &mut messages);
    let on_channel: Map<String, Value> = messages.keys().map(|name| (name.clone(), message_ref(name))).collect();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Confab realtime",
            "version": env!("CARGO_PKG_VERSION"),
            "description": description(),
        },
        "defaultContentType": "application/json",
        "channels": {
            "realtime": { "address": "/v1/realtime", "title": "One person's socket", "messages": on_channel }
        },
        "operations": {
            "send": operation("receive", "What a client sends.", &sent),
            "receive": operation("send", "What a client gets.", &received),
        },
        "components": { "messages": messages, "schemas": schemas() },
    })
}

fn description() -> String {
    let codes = Close::CODES.map(|(code, meaning)| format!("| {code} | {meaning} |\n")).concat();
    format!(
        "One JSON object per text frame, at most 64 KiB from you and 256 KiB to you. Say `hello` within 5 s; `ready` answers. With a cursor, \
         everything missed since then comes first, in order, each once. Remember the cursor of the newest `event` and \
         come back with it whenever the socket closes.\n\n| close code | meaning |\n|---|---|\n{codes}"
    )
}

fn operation(action: &str, summary: &str, messages: &[String]) -> Value {
    let on_channel = |name: &String| json!({ "$ref": format!("#/channels/realtime/messages/{name}") });
    json!({
        "action": action,
        "channel": { "$ref": "#/channels/realtime" },
        "summary": summary,
        "messages": messages.iter().map(on_channel).collect::<Vec<_>>(),
    })
}

fn message_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/messages/{name}") })
}

/// One message per variant of a frame enum, named `{side}_{type}`.
fn add_messages<T: PartialSchema>(side: &str, messages: &mut Map<String, Value>) -> Vec<String> {
    let schema = serde_json::to_value(T::schema()).unwrap_or_default();
    let variants = schema["oneOf"].as_array().cloned().unwrap_or_default();
    let named = variants.into_iter().filter_map(|variant| {
        let kind = type_of(&variant)?;
        let name = format!("{side}_{kind}");
        let summary = variant["description"].clone();
        messages.insert(name.clone(), json!({ "name": kind, "summary": summary, "payload": variant }));
        Some(name)
    });
    named.collect()
}

/// The value of the tag, wherever the schema puts it.
fn type_of(variant: &Value) -> Option<String> {
    let own = variant["properties"]["type"]["enum"][0].as_str();
    let nested = || variant["allOf"].as_array()?.iter().find_map(|part| part["properties"]["type"]["enum"][0].as_str());
    own.or_else(nested).map(str::to_owned)
}

fn schemas() -> Map<String, Value> {
    let mut found: Vec<(String, RefOr<Schema>)> = Vec::new();
    ClientFrame::schemas(&mut found);
    ServerFrame::schemas(&mut found);
    found.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|field| references(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn every_frame_is_documented() {
        let document = asyncapi();
        let names: Vec<&String> = document["components"]["messages"].as_object().unwrap().keys().collect();
        let client = [
            "hello",
            "send",
            "edit",
            "delete",
            "react",
            "unreact",
            "read",
            "delivered",
            "command",
            "typing",
            "presence",
            "watch",
            "token",
            "ping",
        ];
        let server = ["ready", "event", "ack", "answer", "error", "typing", "presence", "reset", "pong", "closing"];
        let mut expected: Vec<String> = client.map(|name| format!("client_{name}")).to_vec();
        expected.extend(server.map(|name| format!("server_{name}")));
        expected.sort();
        assert_eq!(names, expected.iter().collect::<Vec<_>>());
        assert_eq!(document["operations"]["send"]["messages"].as_array().unwrap().len(), client.len());
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = asyncapi();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.iter().any(|reference| reference == "#/components/schemas/PublicFact"));
        for reference in found {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
    }

    #[test]
    fn every_event_type_is_documented() {
        let text = asyncapi()["components"]["schemas"].to_string();
        for kind in [
            "message_posted",
            "reaction_added",
            "message_pinned",
            "channel_created",
            "direct_opened",
            "member_joined",
            "read_up_to",
        ] {
            assert!(text.contains(kind), "{kind}");
        }
    }
}
