//! The document that describes the routes: complete, and named as the handlers are.

use serde_json::Value;

const OPERATIONS: [(&str, &str); 21] = [
    ("/v1/activity", "list_activity"),
    ("/v1/channels", "list_channels"),
    ("/v1/conversations", "list_conversations"),
    ("/v1/conversations/{conversation}", "get_conversation"),
    ("/v1/conversations/{conversation}/members", "list_members"),
    ("/v1/conversations/{conversation}/mentions", "count_mentions"),
    ("/v1/conversations/{conversation}/messages", "list_messages"),
    ("/v1/conversations/{conversation}/pins", "list_pins"),
    ("/v1/conversations/{conversation}/receipts", "list_receipts"),
    ("/v1/drafts", "list_drafts"),
    ("/v1/messages/{message}", "get_message"),
    ("/v1/messages/{message}/history", "get_message_history"),
    ("/v1/messages/{message}/notifications", "get_notification"),
    ("/v1/messages/{message}/receipts", "list_message_receipts"),
    ("/v1/messages/{message}/thread", "get_thread"),
    ("/v1/preferences", "get_preferences"),
    ("/v1/saved", "list_saved"),
    ("/v1/threads", "list_threads"),
    ("/v1/users", "list_users"),
    ("/v1/users/me", "get_me"),
    ("/v1/users/{user}", "get_user"),
];

#[test]
fn every_route_is_described() {
    let document = serde_json::to_value(query_api::openapi()).unwrap();
    let mut described: Vec<(&str, &str)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, item)| (path.as_str(), item["get"]["operationId"].as_str().unwrap()))
        .collect();
    described.sort_unstable();
    assert_eq!(described, OPERATIONS);
}

#[test]
fn every_route_names_its_problems_and_the_header_for_fresh_answers() {
    let document = serde_json::to_value(query_api::openapi()).unwrap();
    for (path, _) in OPERATIONS {
        let operation = &document["paths"][path]["get"];
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
