//! From the opening of the socket to `ready`.

use events::Position;
use serde_json::json;
use service_kit::TokenError;

use super::story::{ANN, LAPTOP, active, an_open_socket, ann_until, verify};
use crate::protocol::{Close, ResetReason};
use crate::session::{Input, Output, Start};

#[test]
fn no_hello_within_five_seconds_ends_it() {
    an_open_socket().passes(4_999).then([]).passes(1).then_closed(Close::Policy("no_hello"));
}

#[test]
fn anything_but_hello_ends_it() {
    an_open_socket().says(json!({ "type": "ping" })).then_closed(Close::Policy("no_hello"));
    an_open_socket().when(Input::Frame("{".into())).then_closed(Close::Policy("no_hello"));
    an_open_socket().when(Input::Binary).then_closed(Close::Policy("no_hello"));
    an_open_socket().says(json!({ "type": "hello" })).then_closed(Close::Policy("no_hello"));
}

#[test]
fn a_token_is_checked_and_then_the_place_is_found() {
    an_open_socket()
        .says(json!({ "type": "hello", "token": "t1", "cursor": 7 }))
        .then([verify("t1")])
        .when(Input::Verified(Ok(ann_until(900_000))))
        .then([Output::Join { proof: ann_until(900_000), cursor: Some(Position(7)) }]);
}

#[test]
fn ready_comes_first() {
    let story = an_open_socket()
        .says(json!({ "type": "hello", "token": "t1", "cursor": 7 }))
        .when(Input::Verified(Ok(ann_until(900_000))))
        .when(Input::Joined(Start::From(Position(7))))
        .when(Input::Event { position: Position(8), frame: "{\"n\":8}".into() });
    assert_eq!(story.session.token(), "t1");
    let ready = json!({ "type": "ready", "session": LAPTOP, "cursor": 7, "user": ANN });
    story.then_sent([ready, json!({ "n": 8 })]);
}

#[test]
fn a_reset_follows_ready_and_events_go_on_from_there() {
    an_open_socket()
        .says(json!({ "type": "hello", "token": "t1", "cursor": 7 }))
        .when(Input::Verified(Ok(ann_until(900_000))))
        .when(Input::Joined(Start::Reset(Position(90_000), ResetReason::TooFarBehind)))
        .when(Input::Event { position: Position(90_000), frame: "{\"n\":1}".into() })
        .then_sent([
            json!({ "type": "ready", "session": LAPTOP, "cursor": 90_000, "user": ANN }),
            json!({ "type": "reset", "reason": "too_far_behind" }),
        ]);
}

#[test]
fn a_socket_starts_as_active() {
    let story = an_open_socket()
        .says(json!({ "type": "hello", "token": "t1" }))
        .when(Input::Verified(Ok(ann_until(900_000))))
        .then([verify("t1"), Output::Join { proof: ann_until(900_000), cursor: None }])
        .when(Input::Joined(Start::From(Position(3))));
    assert_eq!(story.last(), Some(&active()));
}

#[test]
fn a_token_that_proves_nothing_ends_it() {
    let hello = json!({ "type": "hello", "token": "t1" });
    let refused = |error| an_open_socket().says(hello.clone()).when(Input::Verified(Err(error)));
    refused(TokenError::Invalid).then_closed(Close::Policy("unauthenticated"));
    refused(TokenError::Missing).then_closed(Close::Policy("unauthenticated"));
    refused(TokenError::Expired).then_closed(Close::SessionOver("token_expired"));
    refused(TokenError::NoKeys).then_closed(Close::TryLater("unavailable"));
}

#[test]
fn what_is_away_is_said_so_that_the_client_comes_again() {
    let asked = || an_open_socket().says(json!({ "type": "hello", "token": "t1" }));
    let known = || asked().when(Input::Verified(Ok(ann_until(900_000))));
    known().when(Input::Joined(Start::Unavailable)).then_closed(Close::TryLater("unavailable"));
    known().when(Input::Joined(Start::Revoked)).then_closed(Close::SessionOver("session_revoked"));
    asked().when(Input::Away).then_closed(Close::TryLater("unavailable"));
}

#[test]
fn nothing_is_sent_to_whom_has_not_been_welcomed() {
    an_open_socket()
        .when(Input::Event { position: Position(8), frame: "{}".into() })
        .when(Input::Forward("{}".into()))
        .then([]);
}
