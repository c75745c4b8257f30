//! A live session.

use events::public::CommandAnswer;
use events::{MessageId, Position};
use serde_json::{Value, json};
use service_kit::{Problem, TokenError};
use uuid::Uuid;

use super::story::{BOB, ROOM, ann_is_live, ann_until, verify};
use crate::protocol::{Activity, Close};
use crate::session::{CommandName, Input, Output, Proof, Reply};

fn message(id: u128) -> Value {
    json!({ "type": "send", "id": Uuid::from_u128(id), "conversation": ROOM, "text": "hi" })
}

fn id(id: u128) -> String {
    MessageId::new(Uuid::from_u128(id)).to_string()
}

#[test]
fn a_second_hello_ends_it() {
    ann_is_live().says(json!({ "type": "hello", "token": "t1" })).then_closed(Close::Policy("second_hello"));
}

#[test]
fn each_position_is_sent_once_and_in_order() {
    let event = |position| Input::Event { position: Position(position), frame: position.to_string().into() };
    ann_is_live()
        .when(event(10))
        .when(event(12))
        .when(event(12))
        .when(event(11))
        .when(event(13))
        .then([Output::Send("12".into()), Output::Send("13".into())]);
}

#[test]
fn a_frame_that_cannot_be_read_is_answered_with_its_id() {
    ann_is_live().when(Input::Frame("{".into())).then_refused(None, 400, "malformed_json");
    ann_is_live().when(Input::Binary).then_refused(None, 415, "unsupported_media_type");
    ann_is_live().says(json!({ "type": "dance", "id": "a" })).then_refused(Some("a"), 422, "invalid_fields");
    ann_is_live().says(json!({ "type": "ping", "id": "a", "colour": "red" })).then_refused(
        Some("a"),
        422,
        "invalid_fields",
    );
    ann_is_live().says(json!({ "type": "send", "id": "not-a-uuid", "conversation": ROOM, "text": "hi" })).then_refused(
        Some("not-a-uuid"),
        422,
        "invalid_fields",
    );
    ann_is_live()
        .says(json!({ "type": "read", "id": "x".repeat(65), "conversation": ROOM, "position": 1 }))
        .then_refused(None, 422, "invalid_fields");
}

#[test]
fn a_broken_websocket_is_closed_with_the_code_of_what_broke() {
    ann_is_live().when(Input::Broken(Close::TooBig)).then_closed(Close::TooBig);
    ann_is_live().when(Input::Broken(Close::NotUtf8)).then_closed(Close::NotUtf8);
}

#[test]
fn a_ping_is_answered_with_how_far_she_is() {
    ann_is_live()
        .says(json!({ "type": "ping" }))
        .then([Output::Reached])
        .when(Input::Event { position: Position(12), frame: "{}".into() })
        .when(Input::Reached(Position(40)))
        .then_sent([json!({}), json!({ "type": "pong", "cursor": 40 })])
        // A client from another node may be ahead of this one, and stays there.
        .when(Input::Reached(Position(30)))
        .then_sent([json!({ "type": "pong", "cursor": 40 })])
        .when(Input::Event { position: Position(40), frame: "{}".into() })
        .then([]);
}

#[test]
fn a_flood_ends_it_and_patience_does_not() {
    let ping = || Input::Frame("{\"type\":\"ping\"}".into());
    let mut patient = ann_is_live();
    for _ in 0..1_000 {
        patient = patient.when(ping()).passes(20).then([Output::Reached]);
    }
    let mut flooding = ann_is_live();
    for _ in 0..200 {
        flooding = flooding.when(ping());
    }
    flooding.then_closed(Close::Flooding);
}

#[test]
fn watching_many_people_again_and_again_is_a_flood() {
    let watch = json!({ "type": "watch", "users": vec![BOB; 500] });
    let story = (0..18).fold(ann_is_live(), |story, _| story.says(watch.clone()));
    story.then(vec![Output::Watch(vec![BOB; 500]); 18]).says(watch).then_closed(Close::Flooding);
}

#[test]
fn websocket_pings_count_as_a_flood_too() {
    (0..200).fold(ann_is_live(), |story, _| story.when(Input::Heard)).then_closed(Close::Flooding);
}

#[test]
fn a_command_is_given_and_answered_under_its_id() {
    let story = ann_is_live().says(message(5));
    let Some(Output::Command(command)) = story.last().cloned() else { panic!("no command") };
    assert_eq!((command.name, command.id.clone()), (CommandName::PostMessage, id(5)));
    let body: Value = serde_json::from_str(&command.body).unwrap();
    assert_eq!(body, json!({ "id": id(5), "conversation": ROOM, "text": "hi" }));
    story
        .then([Output::Command(command)])
        .when(Input::Replied(Reply::Done(Position(44))))
        .then_sent([json!({ "type": "ack", "id": id(5), "position": 44 })]);
}

#[test]
fn a_slash_command_is_answered_with_what_came_of_it() {
    let typed = |rest: Value| {
        let mut frame = json!({ "type": "command", "id": "c", "conversation": ROOM, "text": "/who" });
        frame.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        ann_is_live().says(frame)
    };
    let (thread, message) = (Uuid::from_u128(8), Uuid::from_u128(9));
    let more = json!({ "thread": thread, "message": message, "utc_offset_minutes": 120 });
    let Some(Output::Command(command)) = typed(more).last().cloned() else { panic!("no command") };
    assert_eq!((command.name, command.id.as_str()), (CommandName::RunCommand, "c"));
    let body: Value = serde_json::from_str(&command.body).unwrap();
    let expected = json!({ "conversation": ROOM, "text": "/who", "thread": thread, "message": message, "utc_offset_minutes": 120 });
    assert_eq!(body, expected);
    let story = typed(json!({}));
    let Some(Output::Command(command)) = story.last().cloned() else { panic!("no command") };
    let reply = |answer| Input::Replied(Reply::to(CommandName::RunCommand, Ok(answer)));
    story
        .then([Output::Command(command)])
        .when(reply(CommandAnswer::told("nobody")))
        .then_sent([json!({ "type": "answer", "id": "c", "said": { "text": "nobody", "ephemeral": true } })]);
    let refused = Reply::to(CommandName::RunCommand, Err(Problem::new(422, "unknown_command", "No.")));
    let problem = json!({ "type": "about:blank", "title": "No.", "status": 422, "code": "unknown_command" });
    let story = typed(json!({}));
    let Some(Output::Command(command)) = story.last().cloned() else { panic!("no command") };
    story
        .then([Output::Command(command)])
        .when(Input::Replied(refused))
        .then_sent([json!({ "type": "error", "id": "c", "problem": problem })]);
}

#[test]
fn every_frame_about_a_message_becomes_its_command() {
    let message = MessageId::new(Uuid::from_u128(9));
    for (frame, name, body) in [
        (json!({ "type": "edit", "text": "x" }), CommandName::EditMessage, json!({ "message": message, "text": "x" })),
        (json!({ "type": "delete" }), CommandName::DeleteMessage, json!({ "message": message })),
        (
            json!({ "type": "react", "emoji": "👍" }),
            CommandName::AddReaction,
            json!({ "message": message, "emoji": "👍" }),
        ),
        (
            json!({ "type": "unreact", "emoji": "👍" }),
            CommandName::RemoveReaction,
            json!({ "message": message, "emoji": "👍" }),
        ),
    ] {
        let mut frame = frame;
        frame["message"] = json!(message);
        frame["id"] = json!("a");
        let told = ann_is_live().says(frame.clone());
        let Some(Output::Command(command)) = told.last() else { panic!("no command: {frame}") };
        assert_eq!((command.id.as_str(), command.name), ("a", name));
        assert_eq!(serde_json::from_str::<Value>(&command.body).unwrap(), body);
        frame["id"] = json!("");
        ann_is_live().says(frame).then_refused(Some(""), 422, "invalid_fields");
    }
}

#[test]
fn e05_what_was_read_and_what_was_received_are_commands() {
    for (kind, name) in [("read", CommandName::MarkRead), ("delivered", CommandName::MarkDelivered)] {
        let frame = json!({ "type": kind, "id": "a", "conversation": ROOM, "position": 3 });
        let told = ann_is_live().says(frame.clone());
        let Some(Output::Command(command)) = told.last() else { panic!("no command: {frame}") };
        assert_eq!((command.id.as_str(), command.name), ("a", name));
        let body: Value = serde_json::from_str(&command.body).unwrap();
        assert_eq!(body, json!({ "conversation": ROOM, "position": 3 }));
        let nameless = json!({ "type": kind, "id": "", "conversation": ROOM, "position": 3 });
        ann_is_live().says(nameless).then_refused(Some(""), 422, "invalid_fields");
    }
}

#[test]
fn a_thread_is_read_by_itself() {
    let message = MessageId::new(Uuid::from_u128(9));
    let frame = json!({ "type": "read", "id": "a", "conversation": ROOM, "thread": message, "position": 3 });
    let told = ann_is_live().says(frame);
    let Some(Output::Command(command)) = told.last() else { panic!("no command") };
    assert_eq!(command.name, CommandName::MarkThreadRead);
    let body: Value = serde_json::from_str(&command.body).unwrap();
    assert_eq!(body, json!({ "thread": message, "position": 3 }));
    let known = json!({ "type": "read", "id": "a", "conversation": ROOM, "position": 3, "known": 5 });
    let told = ann_is_live().says(known);
    let Some(Output::Command(command)) = told.last() else { panic!("no command") };
    let body: Value = serde_json::from_str(&command.body).unwrap();
    assert_eq!(body, json!({ "conversation": ROOM, "position": 3, "known": 5 }));
}

#[test]
fn commands_are_carried_out_in_the_order_they_were_given() {
    let names = |story: &super::story::Story| match story.last() {
        Some(Output::Command(command)) => command.id.clone(),
        other => panic!("{other:?}"),
    };
    let story = ann_is_live().says(message(1)).says(message(2)).says(json!(
        { "type": "read", "id": "r", "conversation": ROOM, "position": 3 }));
    assert_eq!(names(&story), id(1));
    let story =
        story.when(Input::Replied(Reply::Refused(Box::new(Problem::new(404, "conversation_not_found", "No.")))));
    assert_eq!(names(&story), id(2));
    let story = story.when(Input::Replied(Reply::Done(Position(9))));
    assert_eq!(names(&story), "r");
    story.when(Input::Replied(Reply::Done(Position(10)))).then_sent([
        json!({ "type": "error", "id": id(1), "problem": Problem::new(404, "conversation_not_found", "No.") }),
        json!({ "type": "ack", "id": id(2), "position": 9 }),
        json!({ "type": "ack", "id": "r", "position": 10 }),
    ]);
}

#[test]
fn commands_that_wait_are_bounded() {
    let story = (1..=65).fold(ann_is_live(), |story, n| story.says(message(n)));
    assert!(matches!(story.last(), Some(Output::Command(command)) if command.id == id(1)));
    let Some(Output::Command(first)) = story.last().cloned() else { panic!("no command") };
    story.then([Output::Command(first)]).says(message(66)).then_refused(Some(&id(66)), 429, "too_many_requests");
}

#[test]
fn the_bytes_of_waiting_commands_are_bounded_too() {
    let long = |id: u128| {
        let text = "x".repeat(60_000);
        json!({ "type": "send", "id": Uuid::from_u128(id), "conversation": ROOM, "text": text })
    };
    let story = (1..=6).fold(ann_is_live(), |story, n| story.says(long(n)));
    let Some(Output::Command(first)) = story.last().cloned() else { panic!("no command") };
    story.then([Output::Command(first)]).says(long(7)).then_refused(Some(&id(7)), 429, "too_many_requests");
}

#[test]
fn a_token_that_runs_out_ends_it() {
    let story = (0..44).fold(ann_is_live(), |story, _| story.passes(20_000).when(Input::Heard));
    story.then([]).passes(20_000).then_closed(Close::SessionOver("token_expired"));
}

#[test]
fn a_newer_token_of_the_same_session_keeps_it_open() {
    let renewed = ann_is_live()
        .says(json!({ "type": "token", "token": "t2" }))
        .then([verify("t2")])
        .when(Input::Verified(Ok(ann_until(1_800_000))));
    assert_eq!(renewed.session.token(), "t2");
    let story = (0..46).fold(renewed, |story, _| story.passes(20_000).when(Input::Heard));
    story.then([]);
}

#[test]
fn a_token_of_somebody_else_or_of_nobody_renews_nothing() {
    let given = || ann_is_live().says(json!({ "type": "token", "token": "t2", "id": "a" })).then([verify("t2")]);
    let bobs = Proof { user: BOB, ..ann_until(1_800_000) };
    let story = given().when(Input::Verified(Ok(bobs))).then_refused(Some("a"), 401, "unauthenticated");
    assert_eq!(story.session.token(), "t1");
    given().when(Input::Verified(Err(TokenError::Expired))).then_refused(Some("a"), 401, "token_expired");
    given().when(Input::Verified(Err(TokenError::NoKeys))).then_refused(Some("a"), 503, "signing_keys_unavailable");
}

#[test]
fn presence_is_told_when_it_changes() {
    let is = |state: &str| json!({ "type": "presence", "state": state });
    ann_is_live()
        .says(is("active"))
        .then([])
        .says(is("away"))
        .says(is("away"))
        .then([Output::Present(Activity::Away)])
        .says(is("active"))
        .then([Output::Present(Activity::Active)])
        .says(is("offline"))
        .then_refused(None, 422, "invalid_fields");
}

#[test]
fn five_hundred_people_may_be_watched_and_no_more() {
    let watch = |count: usize| json!({ "type": "watch", "users": vec![BOB; count] });
    ann_is_live().says(watch(500)).then([Output::Watch(vec![BOB; 500])]);
    ann_is_live().says(watch(501)).then_refused(None, 422, "invalid_fields");
}

#[test]
fn typing_is_passed_on_without_an_answer() {
    ann_is_live()
        .says(json!({ "type": "typing", "conversation": ROOM }))
        .then([Output::Typing { conversation: ROOM, thread: None }]);
}

#[test]
fn a_silent_client_is_asked_and_then_given_up() {
    ann_is_live()
        .passes(25_000)
        .then([Output::Ping])
        .passes(34_999)
        .then([])
        .passes(1)
        .then_closed(Close::Policy("silent"));
    ann_is_live().passes(25_000).then([Output::Ping]).when(Input::Heard).passes(24_999).then([]);
}

#[test]
fn a_restart_is_announced() {
    ann_is_live()
        .when(Input::Stopping { retry_after_ms: 1_234 })
        .then([Output::Send("{\"type\":\"closing\",\"retry_after_ms\":1234}".into()), Output::Close(Close::Restart)]);
}

#[test]
fn revocation_and_slowness_end_it() {
    ann_is_live().when(Input::Revoked).then_closed(Close::SessionOver("session_revoked"));
    ann_is_live().when(Input::TooSlow).then_closed(Close::TryLater("too_slow"));
    ann_is_live().when(Input::Away).then_closed(Close::TryLater("unavailable"));
}
