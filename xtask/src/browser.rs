//! The Chromium that the browser tests drive: the one that `CHROMIUM` names, or one on the PATH, or Debian's.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::tools;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A Chromium that answers, installed from apt if there is none and this is root on Debian.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").filter(|named| !named.is_empty()) {
        return Ok(named.into());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    tools::apt_install("The browser tests need Chromium", &["chromium", "fonts-noto-color-emoji"])?;
    find().context("apt-get installed Chromium, but it does not run")
}

fn find() -> Option<PathBuf> {
    let found = NAMES.iter().find_map(|name| tools::on_path(name))?;
    tools::said(found.to_str()?, &["--version"]).map(|_| found)
}
