//! The binary from the outside: what it refuses to do, in one line and with an exit code.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_event-store"))
}

fn only_line(output: Output) -> String {
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    text
}

#[test]
fn rule_8_7_an_address_that_others_reach_needs_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let refused = binary().args(["--listen", "0.0.0.0:0", "--data-dir"]).arg(folder.path()).output().unwrap();
    assert!(only_line(refused).contains("--insecure"));
}

#[test]
fn rule_7_3_a_second_server_on_a_folder_refuses_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let serve = |command: &mut Command| {
        command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path());
    };
    let mut first = binary();
    serve(&mut first);
    let mut first = first.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(first.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("listening on 127.0.0.1:"), "{line}");
    let mut second = binary();
    serve(&mut second);
    let refused = only_line(second.output().unwrap());
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(refused.contains("in use by another event store"), "{refused}");
}

#[test]
fn a_folder_that_cannot_be_made_is_said_in_one_line() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let refused = binary().args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(file.path().join("in")).output();
    assert!(only_line(refused.unwrap()).contains("cannot be used"));
}
