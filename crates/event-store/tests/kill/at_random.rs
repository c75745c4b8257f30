//! SIGKILL under load at any moment.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::load::{Sent, check, from_environment, random, send_again, start, write};

/// More with `CONFAB_KILL_ROUNDS`.
const ROUNDS: u64 = 6;
const WRITERS: u64 = 24;

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_1_acknowledged_appends_survive_kill_9_and_none_is_doubled() {
    let mut seed = seed();
    println!("CONFAB_KILL_SEED={seed}");
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    let mut open: Vec<Option<Sent>> = vec![None; WRITERS as usize];
    for round in 0..from_environment("CONFAB_KILL_ROUNDS").unwrap_or(ROUNDS) {
        let (mut server, client, _) = start(folder.path()).await;
        check(&client, &acknowledged).await;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let first = open[writer as usize].take();
                tokio::spawn(write(client.clone(), format!("{round}-{writer}"), writer, first))
            })
            .collect();
        let pause = 60 + random(&mut seed) % 400;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        server.kill().unwrap();
        server.wait().unwrap();
        for (writer, outcome) in writers.into_iter().enumerate() {
            let outcome = outcome.await.unwrap();
            acknowledged.extend(outcome.acknowledged);
            open[writer] = outcome.open;
        }
    }
    assert!(acknowledged.len() > 100, "only {} appends", acknowledged.len());
    let (mut server, client, _) = start(folder.path()).await;
    send_again(&client, open, &mut acknowledged).await;
    check(&client, &acknowledged).await;
    println!("{} acknowledged appends", acknowledged.len());
    server.kill().unwrap();
    server.wait().unwrap();
}

fn seed() -> u64 {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64 | 1;
    from_environment("CONFAB_KILL_SEED").unwrap_or_else(now)
}
