//! The binary from the outside: what it refuses to do, in one line and with an exit code, and what it logs.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

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
fn rule_9_1_an_address_that_others_reach_needs_tls_and_users_or_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    secret(&path("cert"), &made.cert.pem());
    secret(&path("key"), &made.signing_key.serialize_pem());
    secret(&path("users"), "ann:s3cret");
    let serve = |options: &[&str]| {
        let mut command = binary();
        command.args(["--listen", "0.0.0.0:0", "--data-dir"]).arg(path("store"));
        for option in options {
            command.arg(option);
            if let Some(file) = option.strip_prefix("--tls-").or(option.contains("password").then_some("users")) {
                command.arg(path(file));
            }
        }
        command
    };
    let tls = ["--tls-cert", "--tls-key"];
    for not_enough in [&[][..], &tls, &["--password-file"]] {
        let refused = serve(not_enough).output().unwrap();
        assert_eq!(refused.status.code(), Some(2));
        assert!(only_line(refused).contains("--insecure"), "{not_enough:?}");
    }
    for enough in [&["--insecure"][..], &[&tls[..], &["--password-file"]].concat()] {
        assert!(listens(serve(enough)).starts_with("listening on 0.0.0.0:"), "{enough:?}");
    }
}

#[test]
fn rule_9_4_a_password_file_that_everybody_can_read_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let users = folder.path().join("users");
    secret(&users, "ann:s3cret");
    fs::set_permissions(&users, fs::Permissions::from_mode(0o644)).unwrap();
    let mut server = binary();
    server.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path().join("store"));
    let refused = server.arg("--password-file").arg(&users).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let told = only_line(refused);
    assert!(told.contains("can be read by everybody") && !told.contains("s3cret"), "{told}");
}

fn secret(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// The first line of a server that is then ended.
fn listens(mut command: Command) -> String {
    let mut server = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    line
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
    // The first one goes on: it answers the greeting of HTTP/2.
    let mut client = TcpStream::connect(line.trim().strip_prefix("listening on ").unwrap()).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    client.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    let mut settings = [0; 9];
    client.read_exact(&mut settings).unwrap();
    assert_eq!(settings[3], 4, "{settings:?}");
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

/// What a server that listens has logged.
fn logged(variables: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut server = binary();
    server.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path());
    server.envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut server = server.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    // Asked to stop, it has said everything before.
    Command::new("kill").arg(server.id().to_string()).status().unwrap();
    String::from_utf8(server.wait_with_output().unwrap().stderr).unwrap()
}

#[test]
fn the_log_is_as_the_environment_says() {
    let text = logged(&[]);
    assert!(text.contains("INFO") && text.contains("serving"), "{text}");
    let json = logged(&[("CONFAB_LOG_FORMAT", "json")]);
    let line: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!((&line["level"], &line["message"]), (&"INFO".into(), &"serving".into()), "{line}");
    assert_eq!(logged(&[("CONFAB_LOG", "error")]), "");
}

#[test]
fn a_wrong_log_variable_is_named_and_not_repeated() {
    for name in ["CONFAB_LOG", "CONFAB_LOG_FORMAT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut server = binary();
        server.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path()).env(name, "a=b=secret");
        let refused = server.output().unwrap();
        assert_eq!(refused.status.code(), Some(2));
        let told = only_line(refused);
        assert!(told.contains(&format!("{name}: must be")) && !told.contains("secret"), "{told}");
    }
}
