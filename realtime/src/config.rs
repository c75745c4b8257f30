//! What realtime can be told from outside.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use service_kit::{Env, TrustedProxies, nats};

use crate::session::Pace;

/// The configuration of realtime.
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
    /// `CONFAB_JWKS_URL`
    pub jwks_url: String,
    /// `CONFAB_ALLOWED_ORIGINS`
    pub origins: Vec<String>,
    /// `CONFAB_NODE_KEY`
    pub node_key: Option<String>,
    /// `CONFAB_TRUSTED_PROXIES`
    pub trusted_proxies: TrustedProxies,
    /// `CONFAB_SOCKETS`
    pub sockets: usize,
    /// `CONFAB_SOCKETS_PER_ADDRESS`
    pub sockets_per_address: usize,
    /// `CONFAB_FRAMES_PER_SECOND`; bursts of four seconds' worth are let through.
    pub pace: Pace,
    /// `CONFAB_SOCKET_QUEUE_BYTES`
    pub queue_bytes: usize,
    /// `CONFAB_OFFLINE_AFTER_MS`
    pub offline_after: Duration,
}

impl Config {
    /// Reads the configuration; wrong values are collected in `env`.
    pub fn read(env: &mut Env) -> Self {
        Self {
            listen: env.read("CONFAB_LISTEN", "127.0.0.1:8083", "Where to serve HTTP, as address:port"),
            metrics_listen: env.read_optional("CONFAB_METRICS_LISTEN", "Where to serve /metrics, as address:port"),
            event_store_url: env.read(
                "CONFAB_EVENT_STORE_URL",
                "esdb://127.0.0.1:2113?tls=false",
                "The event store, as an esdb:// address",
            ),
            nats_url: nats::address(env),
            jwks_url: env.read(
                "CONFAB_JWKS_URL",
                "http://127.0.0.1:8081/.well-known/jwks.json",
                "Where command-api publishes the keys that sign access tokens",
            ),
            origins: origins(env),
            node_key: node_key(env),
            trusted_proxies: TrustedProxies::read(env),
            sockets: env.read("CONFAB_SOCKETS", "50000", "Most sockets at once"),
            sockets_per_address: env.read(
                "CONFAB_SOCKETS_PER_ADDRESS",
                "20000",
                "Most sockets at once from one address (IPv6: per /64)",
            ),
            pace: pace(env),
            queue_bytes: env.read(
                "CONFAB_SOCKET_QUEUE_BYTES",
                "1048576",
                "What one socket may leave unread before it is closed to come again later",
            ),
            offline_after: Duration::from_millis(env.read(
                "CONFAB_OFFLINE_AFTER_MS",
                "5000",
                "How long somebody without any socket still counts as present",
            )),
        }
    }
}

/// Browsers name the page a socket comes from; only these pages may open one.
fn origins(env: &mut Env) -> Vec<String> {
    let meaning = "The address people open in their browsers";
    let public: String = env.read("CONFAB_PUBLIC_URL", "http://127.0.0.1:8080", meaning);
    let given: Option<Words> = env.read_optional(
        "CONFAB_ALLOWED_ORIGINS",
        "Pages that may open sockets, separated by commas; else the public address and its localhost twin",
    );
    given.map_or_else(|| with_twin(public.trim_end_matches('/')), |words| words.0)
}

fn with_twin(origin: &str) -> Vec<String> {
    let twin = if origin.contains("//127.0.0.1") {
        origin.replacen("//127.0.0.1", "//localhost", 1)
    } else {
        origin.replacen("//localhost", "//127.0.0.1", 1)
    };
    if twin == origin { vec![twin] } else { vec![origin.to_owned(), twin] }
}

fn pace(env: &mut Env) -> Pace {
    let name = "CONFAB_FRAMES_PER_SECOND";
    let per_second: u32 = env.read(name, "50", "Frames one client may send in the long run");
    if per_second < 5 {
        env.fault(name, "must be at least 5");
    }
    Pace { burst: per_second.saturating_mul(4), per_second }
}

fn node_key(env: &mut Env) -> Option<String> {
    let name = "CONFAB_NODE_KEY";
    let meaning = "The secret, shared with command-api, by which nodes vouch for presence; 32 characters or more. Without it \
         nobody's presence is ever told";
    let key: Option<String> = env.read_optional(name, meaning);
    if key.as_ref().is_some_and(|key| key.len() < 32) {
        env.fault(name, "must have at least 32 characters");
    }
    key
}

/// Comma-separated words.
struct Words(Vec<String>);

impl FromStr for Words {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words = text.split(',').map(|word| word.trim().trim_end_matches('/').to_owned());
        Ok(Self(words.filter(|word| !word.is_empty()).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(values: &[(&str, &str)]) -> Config {
        let mut env = Env::of(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let config = Config::read(&mut env);
        env.finish().unwrap();
        config
    }

    #[test]
    fn the_public_address_and_its_twin_may_open_sockets() {
        assert_eq!(config(&[]).origins, ["http://127.0.0.1:8080", "http://localhost:8080"]);
        let local = config(&[("CONFAB_PUBLIC_URL", "http://localhost:9/")]).origins;
        assert_eq!(local, ["http://localhost:9", "http://127.0.0.1:9"]);
        assert_eq!(config(&[("CONFAB_PUBLIC_URL", "https://chat.example")]).origins, ["https://chat.example"]);
    }

    #[test]
    fn given_origins_replace_them() {
        let given = config(&[("CONFAB_ALLOWED_ORIGINS", "https://a.example/, https://b.example")]);
        assert_eq!(given.origins, ["https://a.example", "https://b.example"]);
    }

    #[test]
    fn a_short_node_key_is_refused() {
        let mut env = Env::of([("CONFAB_NODE_KEY".to_owned(), "short".to_owned())]);
        Config::read(&mut env);
        assert_eq!(env.finish().unwrap_err().0[0].name, "CONFAB_NODE_KEY");
    }
}
