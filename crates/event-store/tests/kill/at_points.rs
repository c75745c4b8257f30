//! Death at named points: before and after the write, the sync, the answer, the index, and when files
//! are made. Runs follow each other on the same folder, so that they meet what others left.

use std::os::unix::process::ExitStatusExt;
use std::process::Child;
use std::time::Duration;

use crate::load::{Acknowledged, Sent, check, from_environment, random, send_again, start_with, write};

/// More with `CONFAB_FAULT_RUNS`, others with `CONFAB_FAULT_SEED`.
const RUNS: u64 = 104;
/// Folders that are used at the same time.
const FOLDERS: u64 = 4;
const WRITERS: usize = 6;
/// Each with how many passages it is survived at most.
const POINTS: [(&str, u64); 7] = [
    ("before-write", 40),
    ("written", 40),
    ("synced", 40),
    ("answered", 40),
    ("indexed", 40),
    ("segment-made", 5),
    ("run-made", 5),
];
/// A few appends fill a file.
const SMALL_FILES: [&str; 2] = ["--segment-bytes", "8192"];
const SIGABRT: i32 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_1_acknowledged_appends_survive_death_at_every_point() {
    let runs = from_environment("CONFAB_FAULT_RUNS").unwrap_or(RUNS).div_ceil(FOLDERS);
    let seed = from_environment("CONFAB_FAULT_SEED").unwrap_or(1);
    let folders = (0..FOLDERS).map(|folder| tokio::spawn(die_often(seed * FOLDERS + folder, runs)));
    let mut acknowledged = 0;
    for folder in futures::future::join_all(folders).await {
        acknowledged += folder.unwrap();
    }
    assert!(acknowledged as u64 > runs * FOLDERS * 5, "only {acknowledged} appends");
}

/// Returns how many appends were acknowledged.
async fn die_often(mut seed: u64, runs: u64) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let (mut acknowledged, mut open) = (Vec::new(), vec![None; WRITERS]);
    for run in 0..runs {
        let (point, most) = POINTS[(random(&mut seed) % POINTS.len() as u64) as usize];
        let crash = format!("{point}:{}", random(&mut seed) % most);
        println!("run {run} of a folder dies at {crash}");
        let (server, client, _) = start_with(folder.path(), &SMALL_FILES, &crash).await;
        check(&client, &acknowledged).await;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                tokio::spawn(write(client.clone(), format!("{run}-{writer}"), writer as u64, open[writer].take()))
            })
            .collect();
        death(server).await;
        for (writer, outcome) in writers.into_iter().enumerate() {
            let outcome = outcome.await.unwrap();
            acknowledged.extend(outcome.acknowledged);
            open[writer] = outcome.open;
        }
    }
    survive(folder.path(), open, acknowledged).await
}

/// A last start, at which nothing dies.
async fn survive(folder: &std::path::Path, open: Vec<Option<Sent>>, mut acknowledged: Vec<Acknowledged>) -> usize {
    let (mut server, client, _) = start_with(folder, &SMALL_FILES, "").await;
    check(&client, &acknowledged).await;
    send_again(&client, open, &mut acknowledged).await;
    check(&client, &acknowledged).await;
    server.kill().unwrap();
    server.wait().unwrap();
    acknowledged.len()
}

/// Returns when the server is dead, which it must be soon, by its own hand.
async fn death(mut server: Child) {
    let dead = async {
        loop {
            match server.try_wait().unwrap() {
                Some(status) => break status,
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    let status = tokio::time::timeout(Duration::from_secs(60), dead).await.expect("the point is never passed");
    assert_eq!(status.signal(), Some(SIGABRT), "{status}");
}
