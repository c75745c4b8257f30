//! SPEC.md rule 7.10 on a real small disk, which root can mount.

use std::fs;
use std::path::Path;
use std::process::Command;

use eventstore::{EventData, ExpectedRevision, ReadAllOptions, SubscribeToAllOptions};
use tempfile::TempDir;
use tonic::Code;
use uuid::Uuid;

use crate::harness::{Server, all_of, ids, next_event, status};

/// A disk in memory, gone with the test.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount(mib: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={mib}m"), "small-disk"]).arg(folder.path());
        assert!(mount.status().unwrap().success(), "a small disk cannot be mounted: run this test as root");
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Somebody else's file.
    fn take_room(&self, name: &str, mib: usize) {
        fs::write(self.path().join(name), vec![1; mib << 20]).unwrap();
    }

    fn give_back(&self, name: &str) {
        fs::remove_file(self.path().join(name)).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

/// Appends events of 100 KiB until one is refused for lack of room; the ids of the others.
async fn fill(server: &Server) -> Vec<Uuid> {
    let mut written = Vec::new();
    loop {
        let id = Uuid::new_v4();
        let event = EventData::binary("Large.v1", vec![7; 100 << 10].into()).id(id);
        match server.append("large", ExpectedRevision::Any, vec![event]).await {
            Ok(_) => written.push(id),
            Err(error) => {
                assert_eq!(status(&error), (Code::ResourceExhausted, "the disk is full; nothing was written"));
                return written;
            }
        }
    }
}

async fn read(server: &Server) -> Vec<Uuid> {
    ids(&all_of(server.client.read_all(&ReadAllOptions::default()).await.unwrap()).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_10_a_full_disk_refuses_appends_and_nothing_else() {
    let disk = SmallDisk::mount(24);
    disk.take_room("others", 8);
    let store = disk.path().join("store");
    let server = Server::start_on_small_disk(&store, 0).await;
    let mut subscription = server.client.subscribe_to_all(&SubscribeToAllOptions::default()).await;
    let mut written = fill(&server).await;
    assert!(written.len() > 100, "{} events", written.len());
    assert!(fill(&server).await.is_empty());
    assert_eq!(read(&server).await, written);
    disk.give_back("others");
    let more = server.fill("small", 3).await;
    written.extend(more);
    for id in &written {
        assert_eq!(next_event(&mut subscription).await.get_original_event().id, *id);
    }
    assert_eq!(read(&server).await, written);
    written.extend(fill(&server).await);
    server.stop().await;
    // Nor does a start need room, though the index is gone.
    fs::remove_dir_all(store.join("index")).unwrap();
    disk.take_room("others again", free_mib(disk.path()));
    let _ = fs::write(disk.path().join("the rest"), vec![1; 1 << 20]);
    let server = Server::start_on_small_disk(&store, 0).await;
    assert_eq!(read(&server).await, written);
    assert!(fill(&server).await.is_empty());
    disk.give_back("others again");
    disk.give_back("the rest");
    written.extend(server.fill("small", 3).await);
    server.stop().await;
    let server = Server::start_on_small_disk(&store, 0).await;
    assert_eq!(read(&server).await, written);
    assert!(fs::read_dir(store.join("index")).unwrap().count() > 1, "the index is written when there is room");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_10_what_was_to_be_spared_is_left_to_others() {
    let disk = SmallDisk::mount(12);
    let server = Server::start_on_small_disk(&disk.path().join("store"), 6 << 20).await;
    let written = fill(&server).await;
    assert!(free_mib(disk.path()) >= 5, "{} MiB are left", free_mib(disk.path()));
    assert!(written.len() > 40, "{} events", written.len());
}

fn free_mib(folder: &Path) -> usize {
    let output = Command::new("df").args(["--output=avail", "-k"]).arg(folder).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().last().unwrap().trim().parse::<usize>().unwrap() >> 10
}
