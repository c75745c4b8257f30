//! SPEC.md §7: what is kept, as far as it shows without killing the process (see tests/kill.rs).

use event_store::{EventStore, OpenError, Options, ServeError};
use eventstore::{Error, ExpectedRevision, ReadAllOptions};

use crate::harness::{Server, all_of, ids, new_events, soon};

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_a_restart_changes_nothing_and_positions_go_on() {
    let server = Server::start().await;
    let mut written = server.fill("a", 3).await;
    let server = server.restart().await;
    written.extend(server.fill("a", 2).await);
    let read = server.client.read_all(&ReadAllOptions::default()).await;
    let events = all_of(read.unwrap()).await;
    assert_eq!(ids(&events), written);
    let positions = events.windows(2).map(|pair| {
        let [one, two] = pair else { unreachable!() };
        (one.get_original_event().position.commit, two.get_original_event().position.commit)
    });
    assert!(positions.clone().all(|(one, two)| one < two));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_3_a_folder_in_use_is_refused_in_one_line() {
    let server = Server::start().await;
    let refused = EventStore::open(Options::new(server.folder()));
    let Err(error @ OpenError::Locked { .. }) = refused else {
        panic!("got {refused:?}");
    };
    let line = error.to_string();
    assert!(line.contains("in use by another event store") && !line.contains('\n'));
    let folder = server.stop().await;
    EventStore::open(Options::new(folder.path())).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_5_a_damaged_event_is_an_error_and_never_served() {
    let server = Server::start().await;
    server.fill("a", 3).await;
    let folder = server.stop().await;
    let database = rusqlite::Connection::open(folder.path().join("events.sqlite3")).unwrap();
    let damaged = "UPDATE event SET data = x'00' WHERE revision = 1";
    assert_eq!(database.execute(damaged, []).unwrap(), 1);
    drop(database);
    let server = Server::start_in(folder).await;
    let mut read = server.client.read_all(&ReadAllOptions::default()).await.unwrap();
    let damaged = read.next().await;
    assert!(matches!(damaged, Err(Error::ServerError(_))), "got {damaged:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_4_a_failed_write_stops_the_store_and_what_was_answered_stays() {
    let server = Server::start().await;
    let written = server.fill("a", 2).await;
    // Behind the server's back: its next write finds no table.
    let database = rusqlite::Connection::open(server.folder().join("events.sqlite3")).unwrap();
    database.execute_batch("ALTER TABLE event RENAME TO hidden").unwrap();
    let batch = server.client.batch_append(&Default::default()).await.unwrap();
    let appends = (0..5).map(|_| batch.append_to_stream("a", ExpectedRevision::Any, new_events(1)));
    for refused in soon(futures::future::join_all(appends)).await {
        assert!(refused.is_err(), "a false acknowledgement: {refused:?}");
    }
    let (error, folder) = server.ended().await;
    assert!(matches!(error, ServeError::Stopped { .. }), "{error}");
    database.execute_batch("ALTER TABLE hidden RENAME TO event").unwrap();
    drop(database);
    let server = Server::start_in(folder).await;
    let read = server.client.read_stream("a", &Default::default()).await;
    assert_eq!(ids(&all_of(read.unwrap()).await), written);
}

#[test]
fn a_folder_is_made_with_all_that_is_above_it() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("one/two/three");
    assert_eq!(EventStore::open(Options::new(&deep)).unwrap().head(), 0);
    assert!(deep.join("events.sqlite3").exists());
}
