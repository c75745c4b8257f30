//! Where an engine comes from: a URL, then the PATH, then `.confab/bin`.
//! Refuses a binary that does not run here or is too old, and says which.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::Kind;

/// What an engine was found as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A running server: nothing to start.
    Url(String),
    /// A program to start.
    Binary(PathBuf),
}

/// The places to look, in their order; [`Search::process`] gives those of this process.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The value of `CONFAB_MONGO_URL`, if it is set.
    pub mongo_url: Option<String>,
    /// The value of `CONFAB_NATS_URL`, if it is set.
    pub nats_url: Option<String>,
    /// A PATH.
    pub path: OsString,
    /// The folders into which `cargo xtask` unpacks engines, looked at last.
    pub unpacked: Vec<PathBuf>,
}

impl Search {
    /// The environment of this process, and `.confab/bin` in the working directory or the nearest one above it.
    #[must_use]
    pub fn process() -> Self {
        let given = |kind: Kind| env::var(kind.variable()).ok().filter(|url| !url.is_empty());
        let here = env::current_dir().unwrap_or_default();
        Self {
            mongo_url: given(Kind::Mongo),
            nats_url: given(Kind::Nats),
            path: env::var_os("PATH").unwrap_or_default(),
            unpacked: here
                .ancestors()
                .map(|folder| folder.join(".confab/bin"))
                .filter(|folder| folder.is_dir())
                .collect(),
        }
    }

    /// The first usable source of an engine.
    ///
    /// # Errors
    /// One line naming the engine, why a binary that is there cannot be used, and what to do.
    pub fn find(&self, kind: Kind) -> Result<Source> {
        let given = match kind {
            Kind::Mongo => &self.mongo_url,
            Kind::Nats => &self.nats_url,
        };
        if let Some(url) = given {
            return Ok(Source::Url(url.clone()));
        }
        let mut refused = Vec::new();
        for binary in self.candidates(kind) {
            match usable(kind, &binary) {
                Ok(()) => return Ok(Source::Binary(binary)),
                Err(reason) => refused.push(format!("{} {reason}", binary.display())),
            }
        }
        let seen = match refused.as_slice() {
            [] => String::new(),
            refused => format!(" ({})", refused.join("; ")),
        };
        bail!("No {} found{seen}: run `cargo xtask up`, which fetches one, or set {}.", kind.binary(), kind.variable())
    }

    fn candidates(&self, kind: Kind) -> impl Iterator<Item = PathBuf> {
        env::split_paths(&self.path)
            .chain(self.unpacked.iter().cloned())
            .map(move |folder| folder.join(kind.binary()))
            .filter(|file| file.is_file())
    }
}

/// Asks the binary for its version, which also proves that it is whole and finds its libraries.
fn usable(kind: Kind, binary: &Path) -> Result<(), String> {
    let answer = Command::new(binary).arg("--version").output().map_err(|error| format!("does not run: {error}"))?;
    if !answer.status.success() {
        let words = String::from_utf8_lossy(&answer.stderr);
        let line = words.lines().last().unwrap_or("no reason given");
        return Err(format!("does not run: {}", line.trim()));
    }
    let words = String::from_utf8_lossy(&answer.stdout);
    let (least_major, least_minor) = match kind {
        Kind::Mongo => (6, 0),
        Kind::Nats => (2, 11),
    };
    match version(&words) {
        Some(found) if found >= (least_major, least_minor) => Ok(()),
        Some((major, minor)) => Err(format!("is {major}.{minor}, and {least_major}.{least_minor} or newer is needed")),
        None => Err("names no version".to_owned()),
    }
}

/// Major and minor of the first word like `v2.15.1`.
fn version(words: &str) -> Option<(u32, u32)> {
    words.split_whitespace().find_map(|word| {
        let mut numbers = word.strip_prefix('v')?.split('.');
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn a_version_is_read_from_what_both_engines_print() {
        assert_eq!(version("nats-server: v2.15.1\n"), Some((2, 15)));
        assert_eq!(version("db version v6.0.5\nBuild Info: {"), Some((6, 0)));
        assert_eq!(version("no such option"), None);
    }
}
