//! What command-api can be told from outside.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use service_kit::{Env, TrustedProxies, nats};

/// Attempts per minute before 429; per address (IPv6: per /64), sign-in also per identifier, writing per person.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// `CONFAB_RATE_REGISTER_PER_MINUTE`
    pub register: NonZeroU32,
    /// `CONFAB_RATE_LOGIN_PER_MINUTE`
    pub login: NonZeroU32,
    /// `CONFAB_RATE_REFRESH_PER_MINUTE`
    pub refresh: NonZeroU32,
    /// `CONFAB_RATE_WRITES_PER_MINUTE`
    pub write: NonZeroU32,
}

/// The configuration of command-api.
#[derive(Clone)]
pub struct Config {
    /// `CONFAB_LISTEN`
    pub listen: SocketAddr,
    /// `CONFAB_METRICS_LISTEN`
    pub metrics_listen: Option<SocketAddr>,
    /// `CONFAB_EVENT_STORE_URL`
    pub event_store_url: String,
    /// `CONFAB_NATS_URL`
    pub nats_url: String,
    /// `CONFAB_PUBLIC_URL`; its scheme decides whether cookies are `Secure`.
    pub public_url: String,
    /// `CONFAB_SIGNING_KEY_FILE`
    pub signing_key_file: PathBuf,
    /// `CONFAB_NODE_KEY`
    pub node_key: Option<String>,
    /// `CONFAB_EDIT_WITHIN_MINUTES`; nothing for as long as one likes.
    pub edit_within: Option<Duration>,
    /// `CONFAB_TRUSTED_PROXIES`
    pub trusted_proxies: TrustedProxies,
    /// `CONFAB_RATE_…_PER_MINUTE`
    pub rates: Rates,
}

impl Config {
    /// Reads the configuration; wrong values are collected in `env`.
    pub fn read(env: &mut Env) -> Self {
        Self {
            listen: env.read("CONFAB_LISTEN", "127.0.0.1:8081", "Where to serve HTTP, as address:port"),
            metrics_listen: env.read_optional("CONFAB_METRICS_LISTEN", "Where to serve /metrics, as address:port"),
            event_store_url: env.read(
                "CONFAB_EVENT_STORE_URL",
                "esdb://127.0.0.1:2113?tls=false",
                "The event store, as an esdb:// address",
            ),
            nats_url: nats::address(env),
            public_url: public_url(env),
            signing_key_file: signing_key_file(env),
            node_key: node_key(env),
            edit_within: edit_within(env),
            trusted_proxies: TrustedProxies::read(env),
            rates: Rates {
                register: env.read("CONFAB_RATE_REGISTER_PER_MINUTE", "20", "Registrations per minute and address"),
                login: env.read("CONFAB_RATE_LOGIN_PER_MINUTE", "20", "Sign-ins per minute, address and identifier"),
                refresh: env.read("CONFAB_RATE_REFRESH_PER_MINUTE", "120", "Token refreshes per minute and address"),
                write: env.read("CONFAB_RATE_WRITES_PER_MINUTE", "1200", "Writes per minute and person"),
            },
        }
    }
}

fn public_url(env: &mut Env) -> String {
    let name = "CONFAB_PUBLIC_URL";
    let url: String = env.read(name, "http://127.0.0.1:8080", "The address people open in their browsers");
    if !url.starts_with("http://") && !url.starts_with("https://") {
        env.fault(name, "must begin with http:// or https://");
    }
    url
}

fn signing_key_file(env: &mut Env) -> PathBuf {
    let folder: PathBuf = env.read("CONFAB_DATA_DIR", ".confab", "The folder for everything that is kept");
    let file: Option<PathBuf> = env.read_optional(
        "CONFAB_SIGNING_KEY_FILE",
        "The Ed25519 key that signs access tokens (PEM, PKCS #8); made in the data folder if missing",
    );
    file.unwrap_or_else(|| folder.join("signing-key.pem"))
}

fn node_key(env: &mut Env) -> Option<String> {
    let name = "CONFAB_NODE_KEY";
    let key: Option<String> = env.read_optional(
        name,
        "The secret by which realtime nodes vouch that somebody went offline; 32 characters or more",
    );
    if key.as_ref().is_some_and(|key| key.len() < 32) {
        env.fault(name, "must have at least 32 characters");
    }
    key
}

fn edit_within(env: &mut Env) -> Option<Duration> {
    let name = "CONFAB_EDIT_WITHIN_MINUTES";
    let minutes: u32 =
        env.read(name, "0", "How long after posting a message may be edited; 0 for as long as one likes");
    (minutes > 0).then(|| Duration::from_secs(u64::from(minutes) * 60))
}
