//! The folders of this checkout. Knows names only; creates and reads nothing.

use std::env;
use std::path::{Path, PathBuf};

/// The checkout that the tasks work on.
pub(crate) struct Place {
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// What is fetched and kept on this machine, unknown to git.
    pub(crate) own: PathBuf,
    /// The web client.
    pub(crate) web: PathBuf,
}

impl Place {
    /// The checkout this program was built from.
    pub(crate) fn find() -> Self {
        let here = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = here.parent().unwrap_or(&here).to_owned();
        Self { own: root.join(".confab"), web: root.join("web"), root }
    }

    /// The folder of the fetched engines.
    pub(crate) fn bin(&self) -> PathBuf {
        self.own.join("bin")
    }

    /// The PATH for what is started from here: the machine's programs first, then the fetched engines.
    pub(crate) fn path(&self) -> std::ffi::OsString {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = env::split_paths(&path).chain([self.bin()]);
        env::join_paths(folders).unwrap_or(path)
    }

    /// A path as a reader of the terminal knows it: below the root if it is there.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
