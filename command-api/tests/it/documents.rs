//! The documentation of the routes says what the routes are.

use serde_json::Value;

/// Every operation, and whether it wants a token.
const OPERATIONS: [&str; 48] = [
    "open get /.well-known/jwks.json show_signing_keys",
    "open post /v1/auth/login log_in",
    "open post /v1/auth/logout log_out",
    "open post /v1/auth/refresh refresh_session",
    "open post /v1/auth/register register",
    "token delete /v1/conversations/{conversation}/members/{user} remove_member",
    "token delete /v1/conversations/{conversation}/mute unmute_conversation",
    "token delete /v1/conversations/{conversation}/star unstar_conversation",
    "token delete /v1/messages/{message} delete_message",
    "token delete /v1/messages/{message}/follow unfollow_thread",
    "token delete /v1/messages/{message}/pin unpin_message",
    "token delete /v1/messages/{message}/reactions/{emoji} remove_reaction",
    "token delete /v1/saved/{message} unsave_message",
    "token delete /v1/sessions/{session} revoke_session",
    "token delete /v1/users/me/dnd clear_dnd",
    "token delete /v1/users/me/status clear_status",
    "token delete /v1/workspace/default-channels/{conversation} remove_default_channel",
    "token get /v1/sessions list_sessions",
    "token patch /v1/conversations/{conversation} change_channel",
    "token patch /v1/messages/{message} edit_message",
    "token patch /v1/preferences change_preferences",
    "token patch /v1/saved/{message} set_saved_state",
    "token post /v1/conversations create_conversation",
    "token post /v1/conversations/{conversation}/archive archive_channel",
    "token post /v1/conversations/{conversation}/commands run_command",
    "token post /v1/conversations/{conversation}/convert convert_to_channel",
    "token post /v1/conversations/{conversation}/join join_channel",
    "token post /v1/conversations/{conversation}/leave leave_channel",
    "token post /v1/conversations/{conversation}/members add_members",
    "token post /v1/conversations/{conversation}/messages post_message",
    "token post /v1/conversations/{conversation}/unarchive unarchive_channel",
    "token put /v1/activity/read mark_activity_read",
    "token put /v1/conversations/{conversation}/delivered mark_delivered",
    "token put /v1/conversations/{conversation}/mute mute_conversation",
    "token put /v1/conversations/{conversation}/notification-level set_notification_level",
    "token put /v1/conversations/{conversation}/read mark_read",
    "token put /v1/conversations/{conversation}/star star_conversation",
    "token put /v1/drafts save_draft",
    "token put /v1/inbox/read mark_all_read",
    "token put /v1/messages/{message}/follow follow_thread",
    "token put /v1/messages/{message}/pin pin_message",
    "token put /v1/messages/{message}/reactions/{emoji} add_reaction",
    "token put /v1/messages/{message}/thread/read mark_thread_read",
    "token put /v1/messages/{message}/unread mark_unread",
    "token put /v1/saved/{message} save_message",
    "token put /v1/users/me/dnd set_dnd",
    "token put /v1/users/me/status set_status",
    "token put /v1/workspace/default-channels/{conversation} add_default_channel",
];

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
    assert_eq!(operations, OPERATIONS);
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
