//! SPEC.md rule 7.1 with a real process: SIGKILL under load, again and again. Every acknowledged
//! append is there once, at its acknowledged place; what was not acknowledged may be sent again.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use eventstore::{AppendToStreamOptions, Client, EventData, ExpectedRevision, ReadAllOptions, ResolvedEvent};
use uuid::Uuid;

/// More with `CONFAB_KILL_ROUNDS`.
const ROUNDS: u64 = 6;
const WRITERS: u64 = 24;

/// An append that a writer has sent, and must send again until it is acknowledged.
#[derive(Debug, Clone)]
struct Sent {
    stream: String,
    expected: ExpectedRevision,
    ids: Vec<Uuid>,
}

/// What the server has promised.
#[derive(Debug, Clone)]
struct Acknowledged {
    sent: Sent,
    last_position: u64,
    last_revision: u64,
}

#[derive(Default)]
struct Outcome {
    acknowledged: Vec<Acknowledged>,
    open: Option<Sent>,
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_1_acknowledged_appends_survive_kill_9_and_none_is_doubled() {
    let mut seed = seed();
    println!("CONFAB_KILL_SEED={seed}");
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    let mut open: Vec<Option<Sent>> = vec![None; WRITERS as usize];
    for round in 0..from_environment("CONFAB_KILL_ROUNDS").unwrap_or(ROUNDS) {
        let (mut server, client) = start(folder.path()).await;
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
    let (mut server, client) = start(folder.path()).await;
    for sent in open.into_iter().flatten() {
        acknowledged.push(append(&client, sent).await.unwrap());
    }
    check(&client, &acknowledged).await;
    println!("{} acknowledged appends", acknowledged.len());
    server.kill().unwrap();
    server.wait().unwrap();
}

/// Appends to new and to shared streams until the server is gone.
async fn write(client: Client, name: String, writer: u64, first: Option<Sent>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut next = first;
    for number in 0.. {
        let sent = next.take().unwrap_or_else(|| invent(&name, writer, number));
        match append(&client, sent.clone()).await {
            Some(acknowledged) => outcome.acknowledged.push(acknowledged),
            None => {
                outcome.open = Some(sent);
                break;
            }
        }
    }
    outcome
}

fn invent(name: &str, writer: u64, number: u64) -> Sent {
    let shared = number.is_multiple_of(3);
    Sent {
        stream: match shared {
            true => format!("shared-{}", writer % 4),
            false => format!("own-{name}-{number}"),
        },
        expected: match shared {
            true => ExpectedRevision::Any,
            false => ExpectedRevision::NoStream,
        },
        ids: (0..1 + number % 3).map(|_| Uuid::new_v4()).collect(),
    }
}

/// `None` when there was no answer.
async fn append(client: &Client, sent: Sent) -> Option<Acknowledged> {
    let events: Vec<_> =
        sent.ids.iter().map(|id| EventData::binary("Tested.v1", vec![7; 300].into()).id(*id)).collect();
    let options = AppendToStreamOptions::default().expected_revision(sent.expected);
    let answer = client.append_to_stream(sent.stream.as_str(), &options, events);
    let written = tokio::time::timeout(Duration::from_secs(5), answer).await.ok()?.ok()?;
    Some(Acknowledged { sent, last_position: written.position.commit, last_revision: written.next_expected_version })
}

async fn check(client: &Client, acknowledged: &[Acknowledged]) {
    let mut read = client.read_all(&ReadAllOptions::default()).await.unwrap();
    let mut places: HashMap<Uuid, ResolvedEvent> = HashMap::new();
    let mut next_revision: HashMap<String, u64> = HashMap::new();
    let mut last_position = 0;
    while let Some(resolved) = read.next().await.unwrap() {
        let event = resolved.get_original_event();
        assert!(event.position.commit > last_position, "positions go back");
        last_position = event.position.commit;
        let expected = next_revision.entry(event.stream_id.clone()).or_default();
        assert_eq!(event.revision, *expected, "a gap in {}", event.stream_id);
        *expected += 1;
        let id = event.id;
        assert!(places.insert(id, resolved).is_none(), "{id} is there twice");
    }
    for append in acknowledged {
        let events: Vec<_> = append
            .sent
            .ids
            .iter()
            .map(|id| places.get(id).expect("acknowledged and lost").get_original_event())
            .collect();
        assert!(events.iter().all(|event| event.stream_id == append.sent.stream));
        assert!(events.windows(2).all(|pair| pair[0].revision + 1 == pair[1].revision));
        let last = events[events.len() - 1];
        assert_eq!(last.position.commit, append.last_position);
        assert_eq!(last.revision, append.last_revision);
    }
}

async fn start(folder: &Path) -> (Child, Client) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_event-store"))
        .args(["--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let stdout = server.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap();
    let url = format!("esdb://{address}?tls=false&discoveryInterval=10");
    (server, Client::new(url.parse().unwrap()).unwrap())
}

fn seed() -> u64 {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64 | 1;
    from_environment("CONFAB_KILL_SEED").unwrap_or_else(now)
}

fn from_environment(name: &str) -> Option<u64> {
    Some(std::env::var(name).ok()?.parse().unwrap())
}

/// Xorshift: enough to spread the kills, and the same for the same seed.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
