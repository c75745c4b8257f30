//! SPEC.md §7, what is done with a store's files: verified, scavenged, copied, restored.

use std::fs;
use std::path::{Path, PathBuf};

use event_store::{EventStore, Options, Scavenged, Verified, backup, restore, verify};
use eventstore::{
    DeleteStreamOptions, ExpectedRevision, ReadAllOptions, ReadStreamOptions, ResolvedEvent, StreamMetadataBuilder,
    StreamPosition, SubscribeToAllOptions, TombstoneStreamOptions,
};

use crate::harness::{Server, all_of, ids, new_events, next_event, revisions, until_caught_up};

async fn all(server: &Server) -> Vec<ResolvedEvent> {
    all_of(server.client.read_all(&ReadAllOptions::default()).await.unwrap()).await
}

async fn keep_newest(server: &Server, stream: &str, count: u64) {
    let metadata = StreamMetadataBuilder::new().max_count(count).build();
    server.client.set_stream_metadata(stream, &Default::default(), &metadata).await.unwrap();
}

async fn stream(server: &Server, name: &str) -> Vec<ResolvedEvent> {
    all_of(server.client.read_stream(name, &ReadStreamOptions::default()).await.unwrap()).await
}

fn positions(events: &[ResolvedEvent]) -> Vec<u64> {
    events.iter().map(|event| event.get_original_event().position.commit).collect()
}

/// A store with hidden, deleted and tombstoned events among others.
async fn untidy() -> Server {
    let server = Server::start_with_small_files().await;
    for _ in 0..30 {
        server.fill("kept-1", 2).await;
        server.fill("few-1", 3).await;
        server.fill("gone-1", 1).await;
        server.fill("ended-1", 1).await;
    }
    keep_newest(&server, "few-1", 9).await;
    keep_newest(&server, "few-1", 2).await;
    server.client.delete_stream("gone-1", &DeleteStreamOptions::default()).await.unwrap();
    let options = TombstoneStreamOptions::default().expected_revision(ExpectedRevision::Any);
    server.client.tombstone_stream("ended-1", &options).await.unwrap();
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_7_a_scavenge_takes_what_nobody_sees_and_nothing_else() {
    let server = untidy().await;
    let before = all(&server).await;
    let (kept, few) = (stream(&server, "kept-1").await, stream(&server, "few-1").await);
    let done = server.scavenge().await;
    let after = all(&server).await;
    // Of few-1 88 of 90, its older metadata, of gone-1 all but the newest, of ended-1 all but its end.
    assert_eq!(done.events, 88 + 1 + 29 + 30);
    assert_eq!(before.len() - after.len(), done.events as usize);
    let stays = |event: &&ResolvedEvent| positions(&after).contains(&event.get_original_event().position.commit);
    let stayed: Vec<_> = before.iter().filter(stays).map(|event| event.get_original_event().id).collect();
    assert_eq!(ids(&after), stayed, "what stays is at its position, in its order");
    assert_eq!(ids(&stream(&server, "kept-1").await), ids(&kept));
    assert_eq!(positions(&stream(&server, "few-1").await), positions(&few));
    assert_eq!(server.scavenge().await, Scavenged::default(), "there is nothing more to take");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_7_a_scavenged_store_goes_on_as_before() {
    let server = untidy().await;
    server.scavenge().await;
    // Its index is made anew from what is left.
    let folder = server.stop().await;
    fs::remove_dir_all(folder.path().join("index")).unwrap();
    let server = Server::start_in(folder).await;
    assert_eq!(revisions(&stream(&server, "few-1").await), [88, 89]);
    let next = server.append("few-1", ExpectedRevision::Exact(89), new_events(1)).await.unwrap();
    assert_eq!(next.revision, 90);
    let anew = server.append("gone-1", ExpectedRevision::NoStream, new_events(1)).await.unwrap();
    assert_eq!(anew.revision, 30);
    assert!(server.append("ended-1", ExpectedRevision::Any, new_events(1)).await.is_err());
    // From a position that is gone, both ways.
    let everything = all(&server).await;
    let middle = everything[everything.len() / 2].get_original_event().position;
    let inside = eventstore::Position { commit: middle.commit - 3, prepare: middle.commit - 3 };
    let forwards = ReadAllOptions::default().position(StreamPosition::Position(inside));
    let rest = all_of(server.client.read_all(&forwards).await.unwrap()).await;
    assert_eq!(ids(&rest), ids(&everything[everything.len() / 2..]));
    let backwards = forwards.backwards();
    let mut rest = all_of(server.client.read_all(&backwards).await.unwrap()).await;
    rest.reverse();
    assert_eq!(ids(&rest), ids(&everything[..everything.len() / 2]));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_7_subscribers_and_writers_go_on_during_a_scavenge() {
    let server = untidy().await;
    let options = SubscribeToAllOptions::default().position(StreamPosition::End);
    let mut subscription = server.client.subscribe_to_all(&options).await;
    until_caught_up(&mut subscription).await;
    let (done, written) = tokio::join!(server.scavenge(), async {
        let mut written = Vec::new();
        for _ in 0..50 {
            written.extend(server.fill("kept-1", 1).await);
        }
        written
    });
    assert!(done.events > 100);
    for id in written {
        assert_eq!(next_event(&mut subscription).await.get_original_event().id, id);
    }
    assert_eq!(stream(&server, "kept-1").await.len(), 110);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_8_verify_names_the_first_bad_position_online_and_offline() {
    let server = untidy().await;
    let online = verify(server.folder()).unwrap();
    assert_eq!(online.events, all(&server).await.len() as u64);
    server.scavenge().await;
    let scavenged = verify(server.folder()).unwrap();
    assert_eq!((scavenged.events + scavenged.scavenged, scavenged.chain), (online.events, online.chain));
    let bad = positions(&all(&server).await)[40];
    let folder = server.stop().await;
    assert_eq!(verify(folder.path()).unwrap(), scavenged);
    damage(folder.path(), bad);
    let line = verify(folder.path()).unwrap_err().to_string();
    assert!(line.contains(&format!("at position {bad},")), "{line}");
}

/// Changes the data of the event at a position, CRC included, so that only the chain can tell.
fn damage(folder: &Path, position: u64) {
    for file in files(&folder.join("log")) {
        let mut bytes = fs::read(&file).unwrap();
        let found = (40..bytes.len() - 8).find(|at| bytes[*at..*at + 8] == position.to_le_bytes());
        let Some(start) = found.map(|at| at - 40) else { continue };
        let length = u32::from_le_bytes(bytes[start..start + 4].try_into().unwrap()) as usize;
        bytes[start + length - 6] ^= 1;
        let crc = crc32fast::hash(&bytes[start + 8..start + length]);
        bytes[start + 4..start + 8].copy_from_slice(&crc.to_le_bytes());
        fs::write(&file, bytes).unwrap();
        return;
    }
    panic!("nothing is at position {position}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    paths
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_9_a_backup_of_a_store_in_use_is_whole_and_can_be_restored() {
    let server = untidy().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let (copy, restored) = (elsewhere.path().join("copy"), elsewhere.path().join("restored"));
    let written_before = all(&server).await.len() as u64;
    let writing = async {
        for _ in 0..50 {
            server.fill("kept-2", 1).await;
        }
    };
    let copying = tokio::task::spawn_blocking({
        let (from, to) = (server.folder().to_path_buf(), copy.clone());
        move || backup(&from, &to).unwrap()
    });
    let (_, copied) = tokio::join!(writing, copying);
    let copied: Verified = copied.unwrap();
    assert!(copied.events >= written_before);
    assert_eq!(restore(&copy, &restored).unwrap(), copied);
    let original = all(&server).await;
    let server = Server::start_on_folder(&restored).await;
    let restored = all(&server).await;
    assert_eq!(restored.len() as u64, copied.events);
    assert_eq!(positions(&restored), positions(&original[..restored.len()]));
    server.fill("kept-1", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_9_nothing_is_overwritten_and_nothing_damaged_is_copied() {
    let server = untidy().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy");
    backup(server.folder(), &copy).unwrap();
    let line = backup(server.folder(), &copy).unwrap_err().to_string();
    assert!(line.contains("is there already"), "{line}");
    let line = restore(&copy, server.folder()).unwrap_err().to_string();
    assert!(line.contains("in use"), "{line}");
    let bad = positions(&all(&server).await)[7];
    let folder = server.stop().await;
    let line = restore(&copy, folder.path()).unwrap_err().to_string();
    assert!(line.contains("is there already"), "{line}");
    damage(folder.path(), bad);
    let other = elsewhere.path().join("other");
    assert!(backup(folder.path(), &other).is_err());
    assert!(!other.exists(), "a copy that failed is not there");
    damage(&copy, bad);
    let fresh = elsewhere.path().join("fresh");
    assert!(restore(&copy, &fresh).is_err());
    assert_eq!(EventStore::open(Options::new(&fresh)).unwrap().head(), 0, "a restore that failed left nothing");
}
