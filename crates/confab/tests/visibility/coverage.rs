//! What there is, read off the code that serves it, against what the tables have rows for.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::counts::COUNTS;
use crate::events::EVENTS;
use crate::frames::FRAMES;
use crate::place::Spot;
use crate::routes::ROUTES;
use crate::world::operations;

/// Everything that needs a row.
fn there_is() -> BTreeSet<String> {
    let asyncapi = confab::documents::asyncapi();
    let messages = asyncapi["components"]["messages"].as_object().unwrap();
    let frames = messages.keys().filter_map(|name| name.strip_prefix("client_"));
    let events = types(&asyncapi["components"]["schemas"]["PublicEvent"]);
    let routes = operations().into_keys().map(|id| format!("route {id}"));
    let frames = frames.map(|kind| format!("frame {kind}"));
    routes.chain(frames).chain(events.into_iter().map(|kind| format!("event {kind}"))).chain(counts()).collect()
}

/// Everything that has one.
fn covered() -> BTreeSet<String> {
    let routes = ROUTES.iter().map(|row| format!("route {}", row.operation));
    let frames = FRAMES.iter().map(|row| format!("frame {}", row.kind));
    let events = EVENTS.iter().map(|row| format!("event {}", row.kind));
    let counts = COUNTS.iter().filter(|count| count.name.contains('.')).map(|count| format!("count {}", count.name));
    routes.chain(frames).chain(events).chain(counts).collect()
}

/// What has no row.
pub fn uncovered() -> Vec<String> {
    there_is().difference(&covered()).cloned().collect()
}

/// Rows for what does not exist.
pub fn strange() -> Vec<String> {
    covered().difference(&there_is()).cloned().collect()
}

/// How many cells the tables make.
pub fn cells() -> usize {
    let each = Spot::all().into_iter().flat_map(Spot::viewers).count();
    let of = |about_nothing: bool| if about_nothing { 5 } else { each };
    let routes: usize = ROUTES.iter().map(|row| of(row.about_nothing)).sum();
    let frames: usize = FRAMES.iter().map(|row| of(row.about_nothing)).sum();
    routes + frames + (EVENTS.len() + COUNTS.len()) * each
}

/// The `type` of every variant.
fn types(schema: &Value) -> Vec<String> {
    let variants = schema["oneOf"].as_array().expect("PublicEvent is one of several").iter();
    let parts = variants.flat_map(|variant| match variant["allOf"].as_array() {
        Some(parts) => parts.clone(),
        None => vec![variant.clone()],
    });
    parts.filter_map(|part| Some(part["properties"]["type"]["enum"][0].as_str()?.to_owned())).collect()
}

/// Every whole number of an answer that is a count by its name or by its schema's.
fn counts() -> Vec<String> {
    let document = serde_json::to_value(confab::documents::openapi()).unwrap();
    let mut found = Vec::new();
    for (schema, shape) in document["components"]["schemas"].as_object().unwrap() {
        let parts = shape["allOf"].as_array().cloned().unwrap_or_else(|| vec![shape.clone()]);
        for (field, value) in parts.iter().filter_map(|part| part["properties"].as_object()).flatten() {
            let counts = field.ends_with("_count") || schema.ends_with("Counts");
            if counts && value["type"] == "integer" {
                found.push(format!("count {schema}.{field}"));
            }
        }
    }
    found
}
