//! SPEC.md §9: TLS, users with passwords, and clients that never get as far as either.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use event_store::{Security, SecurityError, Tls, Users};
use eventstore::{BatchAppendOptions, Client, Error, ExpectedRevision, ReadStreamOptions};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::Code;

use crate::harness::{Server, all_of, connect, new_events, soon};
use crate::raw::{self, protocol::event_store::client::streams as wire};

/// A certificate for loopback that vouches for itself, and users.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self::naming(&["127.0.0.1", "localhost"])
    }

    fn naming(names: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
        secret(&folder.path().join("key.pem"), &made.signing_key.serialize_pem());
        secret(&folder.path().join("users"), "ann:s3cret\n");
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn tls(&self) -> Tls {
        Tls::from_pem_files(&self.0.path().join("cert.pem"), &self.0.path().join("key.pem")).unwrap()
    }

    fn users(&self) -> Arc<Users> {
        Arc::new(Users::from_file(&self.0.path().join("users")).unwrap())
    }

    async fn serve(&self) -> Server {
        let security = Security { tls: Some(self.tls()), users: Some(self.users()) };
        Server::start_guarded(tempfile::tempdir().unwrap(), security).await
    }
}

fn secret(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

async fn appended(client: &Client) -> eventstore::Result<()> {
    soon(client.append_to_stream("a", &Default::default(), new_events(1))).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_9_2_connections_are_encrypted_and_the_certificate_is_proven() {
    let files = Files::new();
    let server = files.serve().await;
    let port = server.port;
    let trusting = format!("esdb://ann:s3cret@127.0.0.1:{port}?tls=true&discoveryInterval=10");
    for url in [
        format!("{trusting}&tlsCaFile={}", files.path("cert.pem")),
        format!("{trusting}&tlsVerifyCert=false"),
        format!("esdb://ann:s3cret@localhost:{port}?tls=true&tlsCaFile={}", files.path("cert.pem")),
    ] {
        let client = connect(&url);
        appended(&client).await.unwrap();
        assert!(!all_of(client.read_stream("a", &Default::default()).await.unwrap()).await.is_empty());
        let batches = client.batch_append(&BatchAppendOptions::default()).await.unwrap();
        batches.append_to_stream("a", ExpectedRevision::Any, new_events(1)).await.unwrap();
    }
    let strange = Files::new();
    for url in [
        format!("{trusting}&maxDiscoverAttempts=1&tlsCaFile={}", strange.path("cert.pem")),
        format!("esdb://ann:s3cret@127.0.0.1:{port}?tls=false&discoveryInterval=10&maxDiscoverAttempts=1"),
    ] {
        let refused = appended(&connect(&url)).await;
        assert!(refused.is_err(), "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_9_2_tls_may_be_had_without_users_and_users_without_tls() {
    let files = Files::new();
    let encrypted = Security { tls: Some(files.tls()), users: None };
    let server = Server::start_guarded(tempfile::tempdir().unwrap(), encrypted).await;
    let url = format!("esdb://127.0.0.1:{}?tls=true&tlsVerifyCert=false&discoveryInterval=10", server.port);
    appended(&connect(&url)).await.unwrap();

    let guarded = Security { tls: None, users: Some(files.users()) };
    let server = Server::start_guarded(tempfile::tempdir().unwrap(), guarded).await;
    let url = format!("127.0.0.1:{}?tls=false&discoveryInterval=10", server.port);
    appended(&connect(&format!("esdb://ann:s3cret@{url}"))).await.unwrap();
    assert!(matches!(appended(&connect(&format!("esdb://{url}"))).await, Err(Error::AccessDenied)));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_1_discovery_gives_the_name_that_stands_in_the_certificate() {
    let files = Files::naming(&["localhost"]);
    let server = files.serve().await;
    let options = format!("tls=true&discoveryInterval=10&tlsCaFile={}", files.path("cert.pem"));
    let (host, port) = ("ann:s3cret@localhost", server.port);
    for url in
        [format!("esdb+discover://{host}:{port}?{options}"), format!("esdb://{host}:{port},localhost:{port}?{options}")]
    {
        appended(&connect(&url)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_9_3_every_call_needs_a_user_with_the_right_password() {
    let files = Files::new();
    let server = files.serve().await;
    for who in ["", "ann:wrong@", "eve:s3cret@", "ann@"] {
        let options = "tls=true&tlsVerifyCert=false&discoveryInterval=10";
        let client = connect(&format!("esdb://{who}127.0.0.1:{}?{options}", server.port));
        let append = appended(&client).await;
        assert!(matches!(append, Err(Error::AccessDenied)), "{who} {append:?}");
        let read = soon(client.read_stream("a", &ReadStreamOptions::default())).await;
        assert!(matches!(read.map(drop), Err(Error::AccessDenied)), "{who}");
        // The client opens the call in the background and says of a refusal only that there was one.
        let batches = client.batch_append(&BatchAppendOptions::default()).await.unwrap();
        assert!(soon(batches.append_to_stream("a", ExpectedRevision::Any, new_events(1))).await.is_err(), "{who}");
        // What clients ask before they name anybody.
        assert_eq!(client.server_info().await.unwrap().version().major(), 24);
    }
    let url = format!("esdb+discover://ann:s3cret@127.0.0.1:{}?tls=true&tlsVerifyCert=false", server.port);
    let client = connect(&url);
    let mut read = client.read_stream("a", &ReadStreamOptions::default()).await.unwrap();
    assert!(matches!(read.next().await, Err(Error::ResourceNotFound)), "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_9_3_the_refusal_is_unauthenticated_in_plain_words() {
    let files = Files::new();
    let guarded = Security { tls: None, users: Some(files.users()) };
    let server = Server::start_guarded(tempfile::tempdir().unwrap(), guarded).await;
    let mut client = raw::streams(server.port).await;
    for (header, words) in
        [(None, "needs a user"), (Some("Bearer x"), "must be HTTP Basic"), (Some("Basic YW5uOndyb25n"), "is wrong")]
    {
        let mut request = tonic::Request::new(wire::ReadReq::default());
        if let Some(header) = header {
            request.metadata_mut().insert("authorization", header.parse().unwrap());
        }
        let status = client.read(request).await.unwrap_err();
        assert_eq!(status.code(), Code::Unauthenticated);
        assert!(status.message().contains(words), "{status:?}");
    }
}

#[test]
fn rule_9_4_secrets_that_others_can_read_are_refused() {
    let files = Files::new();
    for (name, mode) in [("users", 0o644), ("key.pem", 0o604), ("users", 0o602)] {
        fs::set_permissions(files.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    let (cert, key, users) = (files.path("cert.pem"), files.path("key.pem"), files.path("users"));
    let exposed = |error: SecurityError| matches!(error, SecurityError::Exposed { .. });
    assert!(exposed(Tls::from_pem_files(cert.as_ref(), key.as_ref()).unwrap_err()));
    assert!(exposed(Users::from_file(users.as_ref()).unwrap_err()));
    fs::set_permissions(&users, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(Users::from_file(users.as_ref()).is_ok(), "a group may be meant");
}

#[test]
fn rule_9_4_files_that_hold_something_else_are_refused() {
    let (files, strange) = (Files::new(), Files::new());
    let (cert, key) = (files.path("cert.pem"), files.path("key.pem"));
    let refused = |cert: &str, key: &str| Tls::from_pem_files(cert.as_ref(), key.as_ref()).unwrap_err();
    assert!(matches!(refused(&key, &key), SecurityError::NotPem { wanted: "certificate", .. }));
    assert!(matches!(refused(&cert, &files.path("users")), SecurityError::NotPem { wanted: "private key", .. }));
    assert!(matches!(refused(&cert, &strange.path("key.pem")), SecurityError::Certificate(_)));
    assert!(matches!(refused("/nowhere", &key), SecurityError::Unreadable { .. }));
}

/// How long the server holds a connection that says this and no more.
async fn held(server: &Server, bytes: &[u8]) -> Duration {
    let begun = Instant::now();
    let mut socket = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
    socket.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = soon(socket.read_to_end(&mut answer)).await;
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_9_5_a_client_that_does_not_begin_is_let_go_after_five_seconds() {
    let files = Files::new();
    let (plain, encrypted) = (Server::start().await, files.serve().await);
    // The first bytes of a TLS ClientHello, and of the greeting of HTTP/2.
    let hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    let silent = futures::future::join_all([
        held(&plain, b""),
        held(&plain, b"PRI * HTTP/2.0\r\n"),
        held(&plain, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        held(&encrypted, b""),
        held(&encrypted, hello),
    ]);
    let watched = async {
        // Meanwhile others are served.
        for _ in 0..20 {
            plain.fill("a", 1).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let (silent, ()) = tokio::join!(silent, watched);
    for held in silent {
        assert!((4..8).contains(&held.as_secs()), "{held:?}");
    }
}
