//! The real engines Confab stands on, MongoDB and NATS: found, started on loopback, kept alive, stopped with the program.
//! Downloads nothing and speaks neither protocol: fetching is `cargo xtask`'s work, asking for readiness is the client's.

mod find;
mod launch;
mod leash;
mod log;
mod supervise;

use std::path::Path;

use anyhow::Result;

pub use find::{Search, Source};
pub use supervise::{Engine, State};

/// One of the two engines that run beside the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `mongod`, which keeps the read models.
    Mongo,
    /// `nats-server` with JetStream, which carries live delivery and commands.
    Nats,
}

impl Kind {
    /// The name of the program, as it is looked for on the PATH.
    #[must_use]
    pub const fn binary(self) -> &'static str {
        match self {
            Self::Mongo => "mongod",
            Self::Nats => "nats-server",
        }
    }

    /// The folder under the data directory and the stem of the log file.
    const fn folder(self) -> &'static str {
        match self {
            Self::Mongo => "mongo",
            Self::Nats => "nats",
        }
    }

    /// What it logs once its port is its own and open.
    const fn ready_words(self) -> &'static str {
        match self {
            Self::Mongo => "Waiting for connections",
            Self::Nats => "Server is ready",
        }
    }

    /// The variable that names a server somebody else runs.
    const fn variable(self) -> &'static str {
        match self {
            Self::Mongo => "CONFAB_MONGO_URL",
            Self::Nats => "CONFAB_NATS_URL",
        }
    }
}

/// An engine this program may use: somebody else's, or one it started.
#[derive(Debug)]
pub enum Supply {
    /// A server named by the environment; never started or stopped here.
    Given(String),
    /// A server of ours.
    Ours(Engine),
}

impl Supply {
    /// The connection string a client uses.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Self::Given(url) => url,
            Self::Ours(engine) => engine.url(),
        }
    }

    /// The engine, when it is ours to stop and start.
    #[must_use]
    pub fn engine(&self) -> Option<&Engine> {
        match self {
            Self::Given(_) => None,
            Self::Ours(engine) => Some(engine),
        }
    }
}

/// Both engines, answering.
#[derive(Debug)]
pub struct Engines {
    /// Where the read models are.
    pub mongo: Supply,
    /// Where messages pass.
    pub nats: Supply,
}

impl Engines {
    /// Finds both engines and starts those that no URL names, side by side, on free ports of 127.0.0.1, with everything
    /// they keep under `data_dir`.
    ///
    /// # Errors
    /// One line saying what is missing or in the way; whatever had been started is stopped again.
    pub async fn start(search: &Search, data_dir: &Path) -> Result<Self> {
        let supply = |kind| async move {
            match search.find(kind)? {
                Source::Url(url) => anyhow::Ok(Supply::Given(url)),
                Source::Binary(binary) => {
                    let engine = Engine::launch(kind, &binary, data_dir, None).await?;
                    Ok(Supply::Ours(engine))
                }
            }
        };
        let (mongo, nats) =
            futures::try_join!(supply(Kind::Mongo), supply(Kind::Nats)).map_err(|error: anyhow::Error| error)?;
        Ok(Self { mongo, nats })
    }

    /// Stops the engines that are ours and waits until both are gone. To be called after the last client has closed.
    pub async fn stop(self) {
        let stop = |supply: Supply| async move {
            if let Some(engine) = supply.engine() {
                engine.stop().await;
            }
        };
        futures::join!(stop(self.mongo), stop(self.nats));
    }
}
