//! An engine's log file, which is also its lock: one engine per folder, whoever started it.
//! Keeps one older file; shows nothing of a log but the line that says why the engine died.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::time::{Instant, sleep};

/// An engine of a program that was just killed may still be stopping.
pub(super) const PATIENCE: Duration = Duration::from_secs(25);
/// Beyond this size a log starts anew and the older one is kept beside it.
const FULL: u64 = 16 * 1024 * 1024;
/// As much of the end of a log as is searched for a reason.
const TAIL: u64 = 64 * 1024;

/// Opens the log for appending and locks it, waiting for a predecessor that is still stopping.
pub(super) async fn open(path: &Path, patience: Duration) -> Result<File> {
    let unwritable = || format!("Cannot write to {}", path.display());
    let file = OpenOptions::new().create(true).append(true).open(path).with_context(unwritable)?;
    let deadline = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(error)) => return Err(error).with_context(unwritable),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                sleep(Duration::from_millis(100)).await;
            }
            Err(TryLockError::WouldBlock) => bail!(
                "Another Confab uses {}: stop it, or choose another data directory.",
                path.parent().and_then(Path::parent).unwrap_or(path).display()
            ),
        }
    }
    if file.metadata().with_context(unwritable)?.len() > FULL {
        fs::copy(path, path.with_extension("log.1")).with_context(unwritable)?;
        file.set_len(0).with_context(unwritable)?;
    }
    Ok(file)
}

/// The line after `start` in which an engine says why it died. The first fault of `mongod` names the cause and the
/// later ones its consequences; `nats-server` ends with the cause.
pub(super) fn last_words(path: &Path, start: u64) -> String {
    let text = tail(path, start).unwrap_or_default();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .clone()
        .find_map(mongo_fault)
        .or_else(|| lines.clone().rev().find_map(nats_fault))
        .or_else(|| lines.next_back().map(|line| line.trim().to_owned()))
        .unwrap_or_else(|| "it said nothing".to_owned())
}

/// Whether an engine has said this after `start`.
pub(super) fn has_said(path: &Path, start: u64, words: &str) -> bool {
    tail(path, start).is_ok_and(|text| text.contains(words))
}

fn tail(path: &Path, start: u64) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(start.max(length.saturating_sub(TAIL))))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// `mongod` writes JSON lines: severity `E` or `F`, a message, and mostly the error in an attribute.
fn mongo_fault(line: &str) -> Option<String> {
    let line: Value = serde_json::from_str(line).ok()?;
    if !matches!(line["s"].as_str()?, "E" | "F") {
        return None;
    }
    let message = line["msg"].as_str()?;
    let attributes = &line["attr"];
    let error = [&attributes["error"], &attributes["error"]["errmsg"], &attributes["message"]["error_str"]];
    match error.iter().find_map(|error| error.as_str()) {
        Some(error) => Some(format!("{message}: {error}")),
        None => Some(message.to_owned()),
    }
}

/// `nats-server` marks fatal lines with `[FTL]` and faults with `[ERR]`, and opens with its name on a bad file.
fn nats_fault(line: &str) -> Option<String> {
    ["[FTL] ", "[ERR] ", "nats-server: "]
        .iter()
        .find_map(|mark| line.split_once(mark))
        .map(|(_, words)| words.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{mongo_fault, nats_fault, open};

    #[tokio::test]
    async fn a_log_in_use_stays_with_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nats.log");
        let first = open(&path, Duration::ZERO).await.unwrap();
        let refused = open(&path, Duration::ZERO).await.unwrap_err().to_string();
        assert!(refused.starts_with("Another Confab uses "), "{refused}");
        drop(first);
        open(&path, Duration::ZERO).await.unwrap();
    }

    #[tokio::test]
    async fn a_full_log_is_kept_once_and_starts_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mongo.log");
        std::fs::write(&path, vec![b'x'; 17 * 1024 * 1024]).unwrap();
        let log = open(&path, Duration::ZERO).await.unwrap();
        assert_eq!(log.metadata().unwrap().len(), 0);
        let kept = folder.path().join("mongo.log.1").metadata().unwrap();
        assert_eq!(kept.len(), 17 * 1024 * 1024);
    }

    #[test]
    fn a_fault_is_told_from_chatter() {
        let fatal = r#"{"s":"E","msg":"DBException in initAndListen, terminating","attr":{"error":"DBPathInUse: Unable to lock"}}"#;
        assert_eq!(
            mongo_fault(fatal).as_deref(),
            Some("DBException in initAndListen, terminating: DBPathInUse: Unable to lock")
        );
        let corrupt = r#"{"s":"F","msg":"Unable to read","attr":{"error":{"code":22,"errmsg":"Incorrect length"}}}"#;
        assert_eq!(mongo_fault(corrupt).as_deref(), Some("Unable to read: Incorrect length"));
        assert_eq!(mongo_fault(r#"{"s":"I","msg":"Shutdown"}"#), None);
        let fatal = "[7] 2026/11/20 23:00:00.000000 [FTL] Can't start JetStream: no space";
        assert_eq!(nats_fault(fatal).as_deref(), Some("Can't start JetStream: no space"));
        assert_eq!(nats_fault("[7] 2026/11/20 23:00:00.000000 [INF] Ready"), None);
    }
}
