//! The library that shows a process another time: tests with clocks an hour apart start services with it.

use std::fs;

use anyhow::{Result, bail};

use crate::tools;

const PACKAGE: &str = "libfaketime";

/// It is there, installed from apt if it was missing and this is root on Debian.
pub(crate) fn ensure() -> Result<()> {
    if is_there() {
        return Ok(());
    }
    tools::apt_install("The tests with clocks an hour apart need libfaketime", &[PACKAGE])?;
    if is_there() { Ok(()) } else { bail!("apt-get installed {PACKAGE}, but its library is not in /usr/lib") }
}

/// Debian keeps it in a folder of the machine's kind.
fn is_there() -> bool {
    let kinds = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    kinds.map(|kind| kind.path().join("faketime/libfaketimeMT.so.1")).any(|library| library.is_file())
}
