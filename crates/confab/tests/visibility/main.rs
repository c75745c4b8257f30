//! Who may see and do what: every route, websocket command, public event and count, before every kind of viewer and
//! every kind of thing. The tables say what each asks (`routes.rs`, `frames.rs`, `events.rs`, `counts.rs`, each with how
//! to add a row); expected answers follow from those words alone (`cell.rs`). One server, one world of prepared
//! conversations (`place.rs`), thousands of cells.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]
#![expect(unreachable_pub, reason = "the modules of one program have no outside")]

mod asking;
mod cell;
mod counts;
mod coverage;
mod events;
mod frames;
mod listening;
mod place;
#[path = "../it/rig.rs"]
#[expect(dead_code, reason = "its people belong to the other program of tests")]
mod rig;
mod routes;
mod secrets;
mod sending;
#[path = "../it/socket.rs"]
#[expect(dead_code, reason = "shared with the other program of tests, which uses all of it")]
mod socket;
mod world;

/// A new operation, frame, event or count without a row stands in the answer with its name; nothing may.
#[test]
fn every_route_frame_event_and_count_has_a_row() {
    let uncovered = coverage::uncovered();
    assert!(uncovered.is_empty(), "without a row in tests/visibility:\n  {}", uncovered.join("\n  "));
    let listed: Vec<&str> = include_str!("uncovered.txt").lines().collect();
    assert_eq!(listed, uncovered, "uncovered.txt lists what is left out, and nothing is");
    let strange = coverage::strange();
    assert!(strange.is_empty(), "rows for what there is not: {strange:?}");
    assert!(coverage::cells() >= 1_000, "{} cells", coverage::cells());
}

#[test]
fn every_route_answers_everybody_as_its_row_says() {
    world::run(asking::swept()).expect(1_000);
}

#[test]
fn every_websocket_command_answers_everybody_as_its_row_says() {
    world::run(sending::swept()).expect(250);
}

#[test]
fn every_event_reaches_whom_it_is_for_and_nobody_else() {
    world::run(listening::swept()).expect(1_500);
}

#[test]
fn every_count_counts_what_its_reader_may_see() {
    world::run(counts::swept()).expect(300);
}

#[test]
fn no_planted_secret_is_read_by_whom_it_is_not_for() {
    world::run(secrets::sweep()).expect(5_000);
}
