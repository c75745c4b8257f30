//! The document that describes the routes: complete, and named as the handlers are.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// Every handler, by its own words: what its file's first line says that it serves, and its name. A new route needs
/// nothing here.
fn handlers() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/routes");
    let mut handlers: Vec<_> = fs::read_dir(folder).unwrap().map(|file| handler(&file.unwrap().path())).collect();
    handlers.sort();
    handlers
}

fn handler(file: &Path) -> (String, String) {
    let (name, text) = (file.file_stem().unwrap().to_str().unwrap(), fs::read_to_string(file).unwrap());
    assert!(text.contains(&format!("pub(crate) async fn {name}(")), "{name}.rs holds the handler of that name");
    let path = text.lines().next().and_then(|line| line.strip_prefix("//! `GET ")?.strip_suffix('`'));
    let path = path.unwrap_or_else(|| panic!("{name}.rs says in its first line what it serves"));
    (path.to_owned(), name.to_owned())
}

#[test]
fn every_route_is_described() {
    let document = serde_json::to_value(query_api::openapi()).unwrap();
    let mut described = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        assert_eq!(methods.as_object().unwrap().keys().collect::<Vec<_>>(), ["get"], "{path}: nothing is written here");
        described.push((path.clone(), methods["get"]["operationId"].as_str().unwrap().to_owned()));
    }
    described.sort();
    assert_eq!(described, handlers());
}

#[test]
fn every_route_names_its_problems_and_the_header_for_fresh_answers() {
    let document = serde_json::to_value(query_api::openapi()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let operation = &methods["get"];
        for status in ["200", "4XX", "5XX"] {
            assert!(operation["responses"][status]["content"].is_object(), "{path} {status}: {operation}");
        }
        let parameters = operation["parameters"].as_array().unwrap();
        let header = |parameter: &&Value| parameter["name"] == "Confab-Min-Position" && parameter["in"] == "header";
        assert_eq!(parameters.iter().filter(header).count(), 1, "{path}");
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{path}");
    }
}

#[test]
fn a_message_page_has_positions_for_cursors() {
    let document = serde_json::to_value(query_api::openapi()).unwrap();
    let page = &document["paths"]["/v1/conversations/{conversation}/messages"]["get"]["responses"]["200"]["content"]["application/json"]
        ["schema"];
    let name = page["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
    let schema = &document["components"]["schemas"][name];
    assert!(schema["properties"]["items"].is_object() && schema["properties"]["before"].is_object(), "{schema}");
}
