//! The documentation of the routes says what the routes are.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// Every handler, by its own words: what its file's first line says that it serves, whether it asks who comes, and its
/// name. A new route needs nothing here.
fn handlers() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/routes");
    let mut handlers: Vec<String> = fs::read_dir(folder).unwrap().map(|file| handler(&file.unwrap().path())).collect();
    handlers.sort();
    handlers
}

fn handler(file: &Path) -> String {
    let (name, text) = (file.file_stem().unwrap().to_str().unwrap(), fs::read_to_string(file).unwrap());
    assert!(text.contains(&format!("pub(crate) async fn {name}(")), "{name}.rs holds the handler of that name");
    let title = text.lines().next().and_then(|line| line.strip_prefix("//! `")?.strip_suffix('`')?.split_once(' '));
    let (method, path) = title.unwrap_or_else(|| panic!("{name}.rs says in its first line what it serves"));
    let token = if text.contains(": Principal,\n") { "token" } else { "open" };
    format!("{token} {} {path} {name}", method.to_lowercase())
}

#[test]
fn every_operation_is_documented_and_says_whether_it_wants_a_token() {
    let document = serde_json::to_value(command_api::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let token = if operation["security"].is_array() { "token" } else { "open" };
            operations.push(format!("{token} {method} {path} {}", operation["operationId"].as_str().unwrap()));
            let failures = operation["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('4'));
            assert!(token == "open" || failures.count() > 0, "{path} has no documented refusal");
        }
    }
    operations.sort();
    assert_eq!(operations, handlers());
}

#[test]
fn every_schema_that_is_spoken_of_is_there() {
    let document = serde_json::to_value(command_api::openapi()).unwrap();
    let mut spoken_of = Vec::new();
    collect(&document, &mut spoken_of);
    assert!(spoken_of.len() > 20, "{spoken_of:?}");
    for name in spoken_of {
        assert!(document.pointer(&format!("/components/schemas/{name}")).is_some(), "{name} is missing");
    }
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str);
            found.extend(name.and_then(|name| name.strip_prefix("#/components/schemas/")).map(str::to_owned));
            fields.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
