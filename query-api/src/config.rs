//! What query-api can be told from outside.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use mongodb::options::ConnectionString;
use service_kit::Env;

/// The configuration of query-api.
#[derive(Debug, Clone)]
pub struct Config {
    /// `CONFAB_LISTEN`
    pub listen: SocketAddr,
    /// `CONFAB_METRICS_LISTEN`
    pub metrics_listen: Option<SocketAddr>,
    /// `CONFAB_MONGO_URL`
    pub mongo_url: String,
    /// `CONFAB_MONGO_DATABASE`
    pub mongo_database: String,
    /// `CONFAB_EVENT_STORE_URL`
    pub event_store_url: String,
    /// `CONFAB_JWKS_URL`
    pub jwks_url: String,
    /// `CONFAB_RATE_READS_PER_MINUTE`
    pub reads_per_minute: NonZeroU32,
    /// `CONFAB_RATE_RECOUNTS_PER_MINUTE`
    pub recounts_per_minute: NonZeroU32,
}

impl Config {
    /// Reads the configuration; wrong values are collected in `env`.
    #[must_use]
    pub fn read(env: &mut Env) -> Self {
        Self {
            listen: env.read("CONFAB_LISTEN", "127.0.0.1:8082", "Where to serve HTTP, as address:port"),
            metrics_listen: env.read_optional("CONFAB_METRICS_LISTEN", "Where to serve /metrics, as address:port"),
            mongo_url: mongo_url(env),
            mongo_database: env.read("CONFAB_MONGO_DATABASE", "confab", "The database in MongoDB"),
            event_store_url: env.read(
                "CONFAB_EVENT_STORE_URL",
                "esdb://127.0.0.1:2113?tls=false",
                "The event store, as an esdb:// address",
            ),
            jwks_url: jwks_url(env),
            reads_per_minute: env.read("CONFAB_RATE_READS_PER_MINUTE", "6000", "Reads per minute and person"),
            recounts_per_minute: env.read("CONFAB_RATE_RECOUNTS_PER_MINUTE", "6", "Recounts per minute and person"),
        }
    }
}

fn mongo_url(env: &mut Env) -> String {
    let name = "CONFAB_MONGO_URL";
    let url: String = env.read(name, "mongodb://127.0.0.1:27017", "MongoDB, for the read models");
    if ConnectionString::parse(&url).is_err() {
        env.fault(name, "is not a mongodb:// address");
    }
    url
}

fn jwks_url(env: &mut Env) -> String {
    let (name, default) = ("CONFAB_JWKS_URL", "http://127.0.0.1:8081/.well-known/jwks.json");
    let url: String = env.read(name, default, "The public keys of access tokens, served by command-api");
    if !url.starts_with("http://") && !url.starts_with("https://") {
        env.fault(name, "must begin with http:// or https://");
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_values_are_reported_together() {
        let values = [("CONFAB_LISTEN", "x"), ("CONFAB_MONGO_URL", "nowhere"), ("CONFAB_JWKS_URL", "ftp://x")];
        let mut env = Env::of(values.map(|(name, value)| (name.to_owned(), value.to_owned())));
        drop(Config::read(&mut env));
        let faults = env.finish().unwrap_err().0;
        let names: Vec<_> = faults.iter().map(|fault| fault.name).collect();
        assert_eq!(names, ["CONFAB_LISTEN", "CONFAB_MONGO_URL", "CONFAB_JWKS_URL"]);
    }
}
