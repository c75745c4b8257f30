//! A server in a process of its own, writers that load it, and what must be there afterwards.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use eventstore::{AppendToStreamOptions, Client, EventData, ExpectedRevision, ReadAllOptions, ResolvedEvent};
use uuid::Uuid;

/// An append that a writer has sent, and must send again until it is acknowledged.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    stream: String,
    expected: ExpectedRevision,
    ids: Vec<Uuid>,
}

/// What the server has promised.
#[derive(Debug, Clone)]
pub(crate) struct Acknowledged {
    sent: Sent,
    last_position: u64,
    last_revision: u64,
}

#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) acknowledged: Vec<Acknowledged>,
    pub(crate) open: Option<Sent>,
}

/// Appends to new and to shared streams until the server is gone.
pub(crate) async fn write(client: Client, name: String, writer: u64, first: Option<Sent>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut next = first;
    for number in 0.. {
        let sent = next.take().unwrap_or_else(|| invent(&name, writer, number));
        match append(&client, sent.clone()).await {
            Ok(acknowledged) => outcome.acknowledged.push(acknowledged),
            Err(_) => {
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

/// The error says why there was no answer.
async fn append(client: &Client, sent: Sent) -> Result<Acknowledged, String> {
    let events: Vec<_> =
        sent.ids.iter().map(|id| EventData::binary("Tested.v1", vec![7; 300].into()).id(*id)).collect();
    let options = AppendToStreamOptions::default().expected_revision(sent.expected);
    let answer = client.append_to_stream(sent.stream.as_str(), &options, events);
    let answered = tokio::time::timeout(Duration::from_secs(30), answer).await.map_err(|late| late.to_string())?;
    let written = answered.map_err(|error| format!("{sent:?}: {error}"))?;
    Ok(Acknowledged { sent, last_position: written.position.commit, last_revision: written.next_expected_version })
}

/// What got no answer gets one, whether it was written or not.
pub(crate) async fn send_again(
    client: &Client,
    open: impl IntoIterator<Item = Option<Sent>>,
    acknowledged: &mut Vec<Acknowledged>,
) {
    for sent in open.into_iter().flatten() {
        acknowledged.push(append(client, sent).await.unwrap());
    }
}

pub(crate) async fn check(client: &Client, acknowledged: &[Acknowledged]) {
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

pub(crate) async fn start(folder: &Path) -> (Child, Client, String) {
    start_with(folder, &[], "").await
}

/// With more arguments, and perhaps the place at which the process dies.
pub(crate) async fn start_with(folder: &Path, arguments: &[&str], crash: &str) -> (Child, Client, String) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_event-store"))
        .args(["--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder)
        .args(arguments)
        .env("EVENT_STORE_CRASH", crash)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let stdout = server.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap();
    let url = format!("esdb://{address}?tls=false&discoveryInterval=10");
    let client = Client::new(url.parse().unwrap()).unwrap();
    (server, client, url)
}

pub(crate) fn from_environment(name: &str) -> Option<u64> {
    Some(std::env::var(name).ok()?.parse().unwrap())
}

/// Xorshift: enough to spread the kills, and the same for the same seed.
pub(crate) fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
