//! What the projector needs to be told.

use std::time::Duration;

use mongodb::options::ConnectionString;
use service_kit::{Env, nats};

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
    /// Reads the configuration; wrong values are collected in `env`.
    #[must_use]
    pub fn read(env: &mut Env) -> Self {
        Self {
            mongo_url: mongo_url(env),
            mongo_database: env.read("CONFAB_MONGO_DATABASE", "confab", "The database in MongoDB"),
            nats_url: nats::address(env),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_none_are_faults_at_the_start() {
        let values = [("CONFAB_MONGO_URL", "nowhere"), ("CONFAB_NATS_URL", "nats://::bad")];
        let mut env = Env::of(values.map(|(name, value)| (name.to_owned(), value.to_owned())));
        drop(Config::read(&mut env));
        let faults = env.finish().unwrap_err().0;
        assert_eq!(faults.iter().map(|fault| fault.name).collect::<Vec<_>>(), ["CONFAB_MONGO_URL", "CONFAB_NATS_URL"]);
    }

    #[test]
    fn the_defaults_are_no_faults() {
        let mut env = Env::of([]);
        drop(Config::read(&mut env));
        assert_eq!(env.finish(), Ok(()));
    }
}
