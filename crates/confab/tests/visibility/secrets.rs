//! Planted secrets: recognisable words in everything that is not for everybody, and then a search for them in every
//! answer, every frame, the log, the metrics and the read models.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use reqwest::Method;
use serde_json::Value;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::asking::{self, Swept, still_places};
use crate::cell::{Object, Viewer};
use crate::counts;
use crate::listening;
use crate::sending;
use crate::world::{Heard, Person, World, world};

/// What a secret begins with. A kind and 32 digits follow.
const MARK: &str = "planted ";

/// Everything that the server logged.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct IntoLog;

impl Write for IntoLog {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps everything that the parts of Confab log at any level, and what libraries log when nobody asks for more.
pub fn capture_logs() {
    let ours =
        ["command_api", "query_api", "realtime", "projector", "confab", "event_store", "event_log", "service_kit"];
    let filter = ours.map(|part| format!("{part}=trace")).join(",");
    let filter = EnvFilter::new(format!("info,eventstore=off,async_nats=warn,tower_http=trace,{filter}"));
    // A span is not logged by itself; here each is, with its fields, once for every request.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_span_events(FmtSpan::NEW).with_ansi(false);
    log.with_writer(|| IntoLog).init();
}

/// Who may read a planted word.
#[derive(Debug)]
struct Entitled {
    /// In answers to these people.
    readers: Vec<String>,
    /// In frames to these.
    hearers: Vec<String>,
    /// Only in answers of routes that end so.
    route: String,
    /// Since when that is so; before, whoever was there read it too.
    since: Instant,
}

/// How long reads may show what was so before.
const LAG: Duration = Duration::from_secs(3);

/// The words that were planted in conversations.
#[derive(Debug, Default)]
pub struct Planted(Mutex<HashMap<String, Entitled>>);

impl Planted {
    pub fn add(&self, word: &str, readers: &[String], hearers: &[String], route: &str) {
        let (readers, hearers, route) = (readers.to_vec(), hearers.to_vec(), route.to_owned());
        self.0.lock().unwrap().insert(word.to_owned(), Entitled { readers, hearers, route, since: Instant::now() });
    }

    /// What is wrong with this being read.
    fn fault(&self, heard: &Heard, word: &str) -> Option<String> {
        let planted = self.0.lock().unwrap();
        let Some(entitled) = planted.get(word) else { return Some(format!("{word} was never planted")) };
        let (was_there, may) = (entitled.hearers.contains(&heard.by), entitled.readers.contains(&heard.by));
        let entitled = match heard.is_frame {
            // What was deleted before is not repeated to those who come back.
            true if heard.what == "by resume" && heard.at > entitled.since + LAG => {
                was_there && !entitled.readers.is_empty()
            }
            true => was_there,
            false if heard.at < entitled.since + LAG => was_there || may,
            false => may && heard.what.ends_with(&entitled.route),
        };
        (!entitled).then(|| word.to_owned())
    }

    /// Those that nobody may read any more.
    fn gone(&self) -> Vec<String> {
        let planted = self.0.lock().unwrap();
        planted.iter().filter(|(_, entitled)| entitled.readers.is_empty()).map(|(word, _)| word.clone()).collect()
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().keys().cloned().collect()
    }
}

/// Every planted word in a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(MARK).filter_map(move |(at, _)| {
        let rest = &text[at..];
        let kind = rest[MARK.len()..].find(' ')? + MARK.len() + 1;
        rest.get(..kind + 32)
    })
}

/// What is a person's own: where it is found, it is in an answer to herself, if anywhere.
fn own(person: &Person) -> [(&'static str, &str); 5] {
    let signature = person.token.rsplit('.').next().unwrap();
    [
        ("e-mail address", &person.email),
        ("phone number", &person.phone),
        ("password", &person.password),
        ("refresh token", &person.refresh),
        ("signature", signature),
    ]
}

/// Searches everything that anybody read while all the cells were asked.
pub async fn sweep() -> Swept {
    let world = world().await;
    let swept = [asking::swept().await, sending::swept().await, listening::swept().await, counts::swept().await];
    swept.iter().for_each(|swept| swept.expect(1));
    // Once more when all is done: what was told while a place was being made proves little.
    tokio::time::sleep(LAG).await;
    asking::read_again().await.expect(100);
    for viewer in Viewer::ALL {
        world.send(world.person(viewer), Method::GET, "/v1/drafts", None, None).await;
    }
    let (heard, people) = (world.take_heard(), people(world));
    assert!(heard.iter().any(|heard| heard.text.contains("planted draft")), "nobody read what she had begun to write");
    let mut outcomes: Vec<Result<(), String>> = heard.iter().map(|heard| read(world, &people, heard)).collect();
    let issued = issued(&heard);
    outcomes.extend(issued.iter().map(|proof| read_once(proof, &heard)));
    let log = String::from_utf8_lossy(&LOG.lock().unwrap()).into_owned();
    assert!(log.contains(r#"http.path="/v1/conversations"#), "the log was not captured: {}", log.lines().count());
    outcomes.push(elsewhere("the log", &log, world, &people, &issued));
    let metrics = service_kit::install_metrics().expect("metrics are recorded").render();
    assert!(metrics.contains("confab_"), "{metrics}");
    outcomes.push(elsewhere("the metrics", &metrics, world, &people, &issued));
    outcomes.push(elsewhere("the log of MongoDB", &engine_log("mongo"), world, &people, &issued));
    outcomes.push(elsewhere("the log of NATS", &engine_log("nats"), world, &people, &issued));
    outcomes.extend(stored(world, &people, &issued).await);
    Swept::of(outcomes)
}

/// Everybody whose secrets are known.
fn people(world: &World) -> Vec<&Person> {
    let viewers = Viewer::ALL.into_iter().filter_map(|viewer| world.person(viewer));
    viewers.chain([&world.maker, &world.guest, &world.extra]).chain(world.spares.values().flatten()).collect()
}

/// One text that somebody read.
fn read(world: &World, people: &[&Person], heard: &Heard) -> Result<(), String> {
    let viewer = Viewer::ALL
        .into_iter()
        .any(|viewer| world.person(viewer).map_or(heard.by.is_empty(), |person| person.id == heard.by));
    let fault = words(&heard.text).filter(|_| viewer).find_map(|word| world.planted.fault(heard, word));
    let fault = fault.or_else(|| {
        let mut secrets = people.iter().flat_map(|person| own(person).map(|secret| (person, secret)));
        let found = secrets.find(|(person, (kind, secret))| {
            let hers = person.id == heard.by && matches!(*kind, "e-mail address" | "phone number");
            !hers && heard.text.contains(secret)
        });
        let hash = heard.text.contains("$argon2").then(|| "a password's hash".to_owned());
        found.map(|(_, (kind, _))| kind.to_owned()).or(hash)
    });
    fault.map_or(Ok(()), |fault| Err(format!("{} reads {fault} in {}: {}", heard.by, heard.what, heard.text)))
}

/// Everything that was issued while the cells were asked and proves who somebody is: refresh tokens, new ones for old, and
/// the signatures of access tokens.
fn issued(heard: &[Heard]) -> Vec<String> {
    let answers = heard.iter().filter(|heard| !heard.is_frame);
    let bodies = answers.filter_map(|heard| Some((heard, serde_json::from_str::<Value>(&heard.text).ok()?)));
    let (mut proofs, mut rotated) = (Vec::new(), 0);
    for (heard, body) in bodies {
        let refresh = body["refresh_token"].as_str().map(str::to_owned);
        let signature = body["access_token"].as_str().and_then(|token| token.rsplit('.').next()).map(str::to_owned);
        rotated += usize::from(refresh.is_some() && heard.what.ends_with("/auth/refresh"));
        proofs.extend(refresh.into_iter().chain(signature));
    }
    assert!(rotated > 0, "no refresh token was exchanged for a new one");
    proofs
}

/// What was issued stands in the one answer by which it was.
fn read_once(proof: &str, heard: &[Heard]) -> Result<(), String> {
    let found: Vec<&str> =
        heard.iter().filter(|heard| heard.text.contains(proof)).map(|heard| heard.what.as_str()).collect();
    if found.len() == 1 { Ok(()) } else { Err(format!("a proof of somebody is read in {found:?}")) }
}

/// A place where nothing of anybody stands at all.
fn elsewhere(place: &str, text: &str, world: &World, people: &[&Person], issued: &[String]) -> Result<(), String> {
    let said = words(text).next().map(str::to_owned);
    let own = people.iter().flat_map(|person| own(person)).find(|(_, secret)| text.contains(secret));
    let planted = world.planted.all();
    assert!(planted.len() > 100, "too little was planted");
    let hash = text.contains("$argon2").then(|| "a hash".to_owned());
    let proof = issued.iter().find(|proof| text.contains(proof.as_str())).map(|_| "a proof of somebody".to_owned());
    match said.or(own.map(|(kind, _)| kind.to_owned())).or(hash).or(proof) {
        Some(fault) => Err(format!("{place} has {fault}")),
        None => Ok(()),
    }
}

fn engine_log(name: &str) -> String {
    let path = format!("{}/visibility/log/{name}.log", env!("CARGO_TARGET_TMPDIR"));
    std::fs::read_to_string(path).expect("the engine keeps a log")
}

/// The read models: no proof of anybody's identity, and nothing that was deleted.
async fn stored(world: &World, people: &[&Person], issued: &[String]) -> Vec<Result<(), String>> {
    let database = mongodb::Client::with_uri_str(&world.server.mongo).await.unwrap().database("confab");
    let profile = database.run_command(doc! { "profile": -1 }).await.unwrap();
    let logged = profile.get_f64("sampleRate").unwrap();
    assert!(logged.abs() < f64::EPSILON, "slow operations are logged with what they write: {profile}");
    assert!(still_places().await.iter().any(|place| place.spot.object == Object::Deleted));
    let gone = world.planted.gone();
    let mut outcomes = Vec::new();
    for collection in database.list_collection_names().await.unwrap() {
        let found = database.collection::<Document>(&collection).find(doc! {}).await.unwrap();
        let documents: Vec<Document> = found.try_collect().await.unwrap();
        for document in documents {
            let text = document.to_string();
            let deleted = gone.iter().any(|word| text.contains(word.as_str()));
            let proofs = people.iter().flat_map(|person| own(person)).filter(|(kind, _)| !kind.contains("mail"));
            let proof = proofs.filter(|(kind, _)| *kind != "phone number").any(|(_, secret)| text.contains(secret));
            let proof = proof || issued.iter().any(|proof| text.contains(proof.as_str()));
            let fault = deleted || proof || text.contains("$argon2");
            outcomes.push(if fault { Err(format!("{collection} has {text}")) } else { Ok(()) });
        }
    }
    outcomes
}
