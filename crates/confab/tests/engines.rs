//! The supervision of MongoDB and NATS, on the real programs: a missing one fails these tests, it never skips them.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use confab::engines::{Engine, Engines, Kind, Search, Source, State};
use tempfile::TempDir;

/// Set in the process that is started to be killed.
const VICTIM: &str = "ENGINES_VICTIM_DIR";

/// Programs only: a server that the environment names is not ours to stop.
fn programs() -> Search {
    Search { mongo_url: None, nats_url: None, ..Search::process() }
}

fn binary(kind: Kind) -> PathBuf {
    match programs().find(kind).unwrap() {
        Source::Binary(binary) => binary,
        Source::Url(url) => panic!("{url} was not asked for"),
    }
}

/// Written by a shell: a file that this process has open for writing, if only for a moment and in a child that is just
/// being started by another test, cannot be run.
fn script(folder: &Path, name: &str, body: &str) -> PathBuf {
    let file = folder.join(name);
    let written = Command::new("/bin/sh")
        .args(["-c", r#"echo '#!/bin/sh' >"$1"; echo "$2" >>"$1"; chmod +x "$1""#, "sh"])
        .args([file.as_os_str(), body.as_ref()])
        .status();
    assert!(written.unwrap().success());
    file
}

fn answers(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// A process that has ended but was not waited for by its parent counts as ended.
fn alive(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or_default().starts_with(" Z"))
}

fn kill(pid: u32) {
    let killed = Command::new("/bin/sh").args(["-c", &format!("kill -9 {pid}")]).status();
    assert!(killed.unwrap().success());
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "not within 30 s: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn launch(kind: Kind, folder: &Path, port: Option<u16>) -> anyhow::Result<Engine> {
    Engine::launch(kind, &binary(kind), folder, port).await
}

#[tokio::test]
async fn both_engines_start_on_loopback_and_stop() {
    let folder = TempDir::new().unwrap();
    let engines = Engines::start(&programs(), folder.path()).await.unwrap();
    let mongo = engines.mongo.engine().unwrap();
    let nats = engines.nats.engine().unwrap();
    assert!(engines.mongo.url().starts_with("mongodb://127.0.0.1:"));
    assert!(engines.nats.url().starts_with("nats://127.0.0.1:"));
    assert!(answers(mongo.port()) && answers(nats.port()));
    for part in ["mongo/WiredTiger", "nats/nats.conf", "log/mongo.log", "log/nats.log"] {
        assert!(folder.path().join(part).exists(), "{part}");
    }
    let pids = [mongo.pid().unwrap(), nats.pid().unwrap()];
    engines.stop().await;
    assert!(pids.iter().all(|pid| !alive(*pid)));
    let log = fs::read_to_string(folder.path().join("log/mongo.log")).unwrap();
    assert!(log.contains("Now exiting") || log.contains("\"exitCode\":0"), "no clean end in {log}");
}

#[tokio::test]
async fn an_engine_stops_and_starts_on_the_same_port_with_its_data() {
    for kind in [Kind::Mongo, Kind::Nats] {
        let folder = TempDir::new().unwrap();
        let engine = launch(kind, folder.path(), None).await.unwrap();
        let (url, port, pid) = (engine.url().to_owned(), engine.port(), engine.pid().unwrap());
        engine.stop().await;
        assert!(!alive(pid) && !answers(port));
        assert_eq!((engine.pid(), *engine.state().borrow()), (None, State::Stopped));
        engine.stop().await;
        engine.start().await.unwrap();
        engine.start().await.unwrap();
        assert!(answers(port) && engine.pid().unwrap() != pid);
        engine.stop().await;
        let again = launch(kind, folder.path(), Some(port)).await.unwrap();
        assert_eq!(again.url(), url);
        again.stop().await;
    }
}

#[tokio::test]
async fn a_killed_engine_comes_back() {
    for kind in [Kind::Mongo, Kind::Nats] {
        let folder = TempDir::new().unwrap();
        let engine = launch(kind, folder.path(), None).await.unwrap();
        for _ in 0..2 {
            let pid = engine.pid().unwrap();
            kill(pid);
            eventually("a new pid", || engine.pid().is_some_and(|new| new != pid)).await;
            assert!(answers(engine.port()));
        }
        engine.stop().await;
    }
}

/// The shell that holds an engine is not what anybody would kill on purpose, but the kernel may.
#[tokio::test]
async fn an_engine_whose_shell_is_killed_is_replaced() {
    let folder = TempDir::new().unwrap();
    let engine = launch(Kind::Nats, folder.path(), None).await.unwrap();
    let pid = engine.pid().unwrap();
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let shell = stat.rsplit(')').next().unwrap().split_whitespace().nth(1).unwrap();
    kill(shell.parse().unwrap());
    eventually("another engine", || engine.pid().is_some_and(|new| new != pid)).await;
    assert!(!alive(pid) && answers(engine.port()));
    engine.stop().await;
}

#[tokio::test]
async fn dropping_an_engine_ends_it() {
    let folder = TempDir::new().unwrap();
    let engine = launch(Kind::Nats, folder.path(), None).await.unwrap();
    let pid = engine.pid().unwrap();
    drop(engine);
    eventually("the end of the engine", || !alive(pid)).await;
}

#[tokio::test]
async fn engines_end_with_a_killed_program_and_the_next_one_takes_over() {
    if let Ok(folder) = std::env::var(VICTIM) {
        return be_the_victim(Path::new(&folder)).await;
    }
    let folder = TempDir::new().unwrap();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "engines_end_with_a_killed_program_and_the_next_one_takes_over"])
        .env(VICTIM, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let note = folder.path().join("pids");
    eventually("the victim's engines", || note.exists()).await;
    let pids: Vec<u32> =
        fs::read_to_string(&note).unwrap().split_whitespace().map(|pid| pid.parse().unwrap()).collect();
    assert!(pids.iter().all(|pid| alive(*pid)));
    kill(victim.id());
    victim.wait().unwrap();
    let heirs = Engines::start(&programs(), folder.path()).await.unwrap();
    assert!(pids.iter().all(|pid| !alive(*pid)), "the old engines are gone first");
    heirs.stop().await;
}

async fn be_the_victim(folder: &Path) {
    let engines = Engines::start(&programs(), folder).await.unwrap();
    let pid = |engine: Option<&Engine>| engine.unwrap().pid().unwrap();
    let line = format!("{} {}", pid(engines.mongo.engine()), pid(engines.nats.engine()));
    fs::write(folder.join("pids.part"), line).unwrap();
    fs::rename(folder.join("pids.part"), folder.join("pids")).unwrap();
    tokio::time::sleep(Duration::from_secs(600)).await;
}

#[tokio::test]
async fn a_taken_port_is_said_in_one_line() {
    let folder = TempDir::new().unwrap();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = launch(Kind::Nats, folder.path(), Some(port)).await.unwrap_err();
    let line = format!("{error:#}");
    assert!(line.starts_with(&format!("Cannot start nats-server: port {port} of 127.0.0.1 is taken")), "{line}");
    assert_eq!(line.lines().count(), 1);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said_in_one_line() {
    let error = launch(Kind::Mongo, Path::new("/proc/confab"), None).await.unwrap_err();
    let line = format!("{error:#}");
    assert!(line.starts_with("Cannot write to /proc/confab/mongo: "), "{line}");
    assert_eq!(line.lines().count(), 1);
}

#[tokio::test]
async fn an_engine_that_dies_at_its_start_is_quoted() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("mongo")).unwrap();
    fs::write(folder.path().join("mongo/storage.bson"), "not BSON").unwrap();
    let error = launch(Kind::Mongo, folder.path(), None).await.unwrap_err().to_string();
    assert!(error.starts_with("mongod stopped at its start (exit status: "), "{error}");
    assert!(error.contains("Unable to read the storage engine metadata file: "), "{error}");

    let fake = script(folder.path(), "nats-server", "echo '[7] [FTL] the disk is on fire'; exit 3");
    let error = Engine::launch(Kind::Nats, &fake, folder.path(), None).await.unwrap_err();
    assert_eq!(error.to_string(), "nats-server stopped at its start (exit status: 3): the disk is on fire");
}

#[test]
fn engines_are_looked_for_in_the_agreed_order() {
    let [path, unpacked] = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let mut search =
        Search { path: path.path().into(), unpacked: vec![unpacked.path().to_owned()], ..Search::default() };
    let none = search.find(Kind::Mongo).unwrap_err().to_string();
    assert_eq!(none, "No mongod found: run `cargo xtask up`, which fetches one, or set CONFAB_MONGO_URL.");

    let kept = script(unpacked.path(), "nats-server", "echo nats-server: v2.15.1");
    assert_eq!(search.find(Kind::Nats).unwrap(), Source::Binary(kept.clone()));
    script(path.path(), "nats-server", "echo nats-server: v2.9.0");
    assert_eq!(search.find(Kind::Nats).unwrap(), Source::Binary(kept), "2.9 is too old");
    let installed = script(path.path(), "nats-server", "echo nats-server: v2.11.0");
    assert_eq!(search.find(Kind::Nats).unwrap(), Source::Binary(installed));
    search.nats_url = Some("nats://elsewhere:4222".to_owned());
    assert_eq!(search.find(Kind::Nats).unwrap(), Source::Url("nats://elsewhere:4222".to_owned()));
}

#[test]
fn an_engine_without_its_libraries_is_refused_with_the_reason() {
    let path = TempDir::new().unwrap();
    script(path.path(), "mongod", "echo 'libcurl.so.4: cannot open shared object file' >&2; exit 127");
    let search = Search { path: path.path().into(), ..Search::default() };
    let line = search.find(Kind::Mongo).unwrap_err().to_string();
    assert!(line.contains("mongod does not run: libcurl.so.4: cannot open"), "{line}");
}
