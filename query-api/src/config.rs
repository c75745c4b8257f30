//! What query-api can be told from outside.

use std::net::SocketAddr;

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
    /// `CONFAB_JWKS_URL`
    pub jwks_url: String,
}

impl Config {
    /// Reads the configuration; wrong values are collected in `env`.
    #[must_use]
    pub fn read(env: &mut Env) -> Self {
        Self {
            listen: env.read("CONFAB_LISTEN", "127.0.0.1:8082", "Where to serve HTTP, as address:port"),
            metrics_listen: env.read_optional("CONFAB_METRICS_LISTEN", "Where to serve /metrics, as address:port"),
            mongo_url: env.read("CONFAB_MONGO_URL", "mongodb://127.0.0.1:27017", "MongoDB, for the read models"),
            mongo_database: env.read("CONFAB_MONGO_DATABASE", "confab", "The database in MongoDB"),
            jwks_url: env.read(
                "CONFAB_JWKS_URL",
                "http://127.0.0.1:8081/.well-known/jwks.json",
                "The public keys of access tokens, served by command-api",
            ),
        }
    }
}
