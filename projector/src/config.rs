//! What the projector needs to be told.

use std::time::Duration;

use service_kit::Env;

/// How long to look for a usable MongoDB before an attempt counts as failed.
pub(crate) const SERVER_SELECTION: Duration = Duration::from_secs(2);

/// The configuration of the projector.
#[derive(Debug, Clone)]
pub struct Config {
    /// `CONFAB_MONGO_URL`
    pub mongo_url: String,
    /// `CONFAB_MONGO_DATABASE`
    pub mongo_database: String,
    /// `CONFAB_NATS_URL`
    pub nats_url: String,
}

impl Config {
    /// Reads the configuration; faults are collected in `env`.
    #[must_use]
    pub fn read(env: &mut Env) -> Self {
        Self {
            mongo_url: env.read("CONFAB_MONGO_URL", "mongodb://127.0.0.1:27017", "MongoDB, for the read models"),
            mongo_database: env.read("CONFAB_MONGO_DATABASE", "confab", "The database in MongoDB"),
            nats_url: env.read("CONFAB_NATS_URL", "nats://127.0.0.1:4222", "NATS with JetStream"),
        }
    }
}
