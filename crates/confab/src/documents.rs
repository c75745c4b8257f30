//! The public documents, generated from the code that serves them: OpenAPI, AsyncAPI and the event catalogue.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use axum::Router;
use axum::http::header;
use axum::routing::get;
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::Operation;
use utoipa_swagger_ui::SwaggerUi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Confab",
        description = "Team chat on an event log. Live events come over the websocket described in \
                       [asyncapi.yaml](/docs/asyncapi.yaml); what is stored is described in \
                       [events.json](/docs/events.json).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    modifiers(&Security),
    security(("access_token" = [])),
)]
struct Document;

struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        openapi.components.get_or_insert_default().add_security_scheme("access_token", SecurityScheme::Http(bearer));
    }
}

/// The OpenAPI document of every HTTP route.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    document.merge(command_api::openapi());
    document.merge(query_api::openapi());
    for item in document.paths.paths.values_mut() {
        let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        all.into_iter().flatten().for_each(may_have_to_wait);
    }
    document
}

/// Whatever needs an access token counts against its owner's rate.
fn may_have_to_wait(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    let Some(RefOr::T(mut waits)) = responses.get("401").cloned() else { return };
    "too_many_requests".clone_into(&mut waits.description);
    responses.entry("429".to_owned()).or_insert(RefOr::T(waits));
}

/// The AsyncAPI document of the websocket.
#[must_use]
pub fn asyncapi() -> Value {
    realtime::asyncapi()
}

/// The catalogue of stored events.
#[must_use]
pub fn events() -> Value {
    json!({ "events": events::catalogue() })
}

/// Writes the three documents into a folder.
///
/// # Errors
/// When the folder cannot be written to.
pub fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let openapi = serde_json::to_value(openapi())?;
    for (name, text) in
        [("openapi.json", pretty(&openapi)?), ("asyncapi.yaml", yaml(&asyncapi())), ("events.json", pretty(&events())?)]
    {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// `/docs` with a page for people, and the documents for programs.
pub(crate) fn routes() -> Router {
    let (asyncapi, events) = (yaml(&asyncapi()), events().to_string());
    let page = SwaggerUi::new("/docs").url("/docs/openapi.json", openapi());
    Router::new()
        .route("/docs/asyncapi.yaml", get(|| async { ([(header::CONTENT_TYPE, "application/yaml")], asyncapi) }))
        .route("/docs/events.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], events) }))
        .merge(page)
}

fn pretty(document: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(document)? + "\n")
}

/// JSON is YAML; block style is only for the reader's sake.
fn yaml(document: &Value) -> String {
    let mut text = String::new();
    write_yaml(document, 0, &mut text);
    text
}

fn write_yaml(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, field) in fields {
                text.push_str(&format!("{indent}{}:", json!(name)));
                write_yaml_under(field, depth, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&format!("{indent}-"));
                write_yaml_under(item, depth, text);
            }
        }
        scalar => text.push_str(&format!("{indent}{scalar}\n")),
    }
}

fn write_yaml_under(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            text.push('\n');
            write_yaml(value, depth + 1, text);
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            write_yaml(value, depth + 1, text);
        }
        scalar => text.push_str(&format!(" {scalar}\n")),
    }
}
