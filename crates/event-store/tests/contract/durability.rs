//! SPEC.md §7: what is kept, as far as it shows without killing the process (see tests/kill).

use std::path::Path;

use event_store::{EventStore, OpenError, Options};
use eventstore::{Error, ExpectedRevision, ReadAllOptions};

use crate::harness::{Server, all_of, ids, new_events};

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

/// Changes one bit in the middle of the first file of the log, which holds three events.
fn damage_the_second_event(folder: &Path) {
    let file = folder.join(format!("log/{:016x}.log", 0));
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_5_a_damaged_event_is_an_error_and_never_served() {
    let server = Server::start_with_small_files().await;
    server.fill("a", 3).await;
    server.fill("a", 1).await;
    damage_the_second_event(server.folder());
    let mut read = server.client.read_all(&ReadAllOptions::default()).await.unwrap();
    let mut served = 0;
    let damaged = loop {
        match read.next().await {
            Ok(Some(_)) => served += 1,
            ended => break ended,
        }
    };
    assert!(matches!(damaged, Err(Error::ServerError(_))), "got {damaged:?}");
    assert_eq!(served, 1, "what is before the damage is served");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_5_an_append_that_depends_on_a_damaged_event_is_refused_alone() {
    let server = Server::start_with_small_files().await;
    server.fill("a", 3).await;
    server.fill("b", 1).await;
    damage_the_second_event(server.folder());
    // Whether it is a repeat can only be told by what is damaged.
    let refused = server.append("a", ExpectedRevision::Exact(0), new_events(2)).await.unwrap_err();
    let Error::ServerError(told) = refused else {
        panic!("got {refused:?}");
    };
    assert!(told.contains("DataLoss") && told.contains("is damaged"), "{told}");
    server.append("a", ExpectedRevision::Exact(2), new_events(1)).await.unwrap();
    server.fill("b", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_6_a_store_with_a_damaged_newest_event_does_not_start_and_says_where() {
    let server = Server::start_with_small_files().await;
    server.fill("a", 3).await;
    server.fill("a", 1).await;
    let read = server.client.read_all(&ReadAllOptions::default()).await.unwrap();
    let second = all_of(read).await[1].get_original_event().position.commit;
    let folder = server.stop().await;
    damage_the_second_event(folder.path());
    let refused = EventStore::open(Options::new(folder.path()));
    let line = refused.unwrap_err().to_string();
    assert!(line.contains(&format!("position {second} ")), "{line}");
}

#[test]
fn a_folder_is_made_with_all_that_is_above_it() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("one/two/three");
    assert_eq!(EventStore::open(Options::new(&deep)).unwrap().head(), 0);
    assert!(deep.join("log/0000000000000000.log").exists());
}
