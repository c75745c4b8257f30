//! Connecting to a real `nats-server` that asks for a password.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use async_nats::ConnectOptions;
use service_kit::nats::connect;
use tokio::time::timeout;

const PASSWORD: &str = "p@ss:/word";
const ENCODED: &str = "p%40ss%3A%2Fword";

struct Nats(Child);

impl Nats {
    fn start(port: u16) -> Self {
        let mut command = Command::new(binary("nats-server"));
        command.args(["-a", "127.0.0.1", "-p", &port.to_string(), "--user", "ann", "--pass", PASSWORD]);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// On PATH, or where `cargo xtask` unpacks it.
fn binary(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join(".confab/bin"));
    let found =
        std::env::split_paths(&path).chain(unpacked).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("no {name} on PATH or in .confab/bin: run `cargo xtask test`, which fetches it"))
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn options() -> ConnectOptions {
    ConnectOptions::new().reconnect_delay_callback(|_| Duration::from_millis(20))
}

#[tokio::test]
async fn the_password_comes_from_the_address_and_the_server_may_come_later() {
    let (port, nobody) = (free_port(), free_port());
    let url = format!("nats://127.0.0.1:{nobody}, nats://ann:{ENCODED}@127.0.0.1:{port}");
    let client = connect(&url, options()).await.unwrap();
    let _server = Nats::start(port);
    timeout(Duration::from_secs(10), client.flush()).await.unwrap().unwrap();
    let mut heard = client.subscribe("said").await.unwrap();
    client.publish("said", "hello".into()).await.unwrap();
    let message = timeout(Duration::from_secs(10), futures::StreamExt::next(&mut heard)).await.unwrap().unwrap();
    assert_eq!(&message.payload[..], b"hello");
}

#[tokio::test]
async fn a_wrong_password_does_not_connect() {
    let port = free_port();
    let _server = Nats::start(port);
    for identity in ["", "ann:wrong@", "ann@"] {
        let client = connect(&format!("nats://{identity}127.0.0.1:{port}"), options()).await.unwrap();
        let flushed = timeout(Duration::from_secs(1), client.flush()).await;
        assert!(!matches!(flushed, Ok(Ok(()))), "{identity:?} was let in");
    }
    let right = connect(&format!("nats://ann:{ENCODED}@127.0.0.1:{port}"), options()).await.unwrap();
    timeout(Duration::from_secs(10), right.flush()).await.unwrap().unwrap();
}
