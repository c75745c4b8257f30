//! The client's packages and its build, each done only when something it depends on has changed.
//! A stamp inside the result says what it was made from, so a half-made result has none.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::place::Place;
use crate::run;

/// What a build of the client is made from.
const SOURCES: [&str; 8] = [
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
    "tsconfig.app.json",
];

/// An npm command line in the client's folder.
pub(crate) fn npm(place: &Place) -> Command {
    let mut command = run::program("npm");
    command.current_dir(&place.web).env("PATH", place.path());
    command.env("npm_config_update_notifier", "false").env("npm_config_fund", "false").env("npm_config_audit", "false");
    command
}

/// `npm run` of one script.
pub(crate) fn script(place: &Place, name: &str) -> Command {
    let mut command = npm(place);
    command.args(["run", "--silent", name]);
    command
}

/// Installs the packages of the lock file.
pub(crate) fn packages(place: &Place) -> Result<()> {
    let stamp = place.web.join("node_modules/.confab-stamp");
    let print = fingerprint(&place.web, &["package.json", "package-lock.json"])?;
    if fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == print) {
        return Ok(());
    }
    println!("Installing the client's packages");
    run::check(run::finish(npm(place).arg("ci"))?, "`npm ci` in web")?;
    write(&stamp, &print)
}

/// Builds the client into `web/dist`, which is returned.
pub(crate) fn build(place: &Place) -> Result<PathBuf> {
    let dist = place.web.join("dist");
    let stamp = dist.join(".confab-stamp");
    let print = fingerprint(&place.web, &SOURCES)?;
    if !fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == print) {
        packages(place)?;
        println!("Building the client");
        run::check(run::finish(&mut script(place, "build"))?, "`npm run build` in web")?;
        write(&stamp, &print)?;
    }
    Ok(dist)
}

fn write(stamp: &Path, print: &str) -> Result<()> {
    fs::write(stamp, print).with_context(|| format!("Cannot write to {}", stamp.display()))
}

/// A number that changes with any name or byte below the given places.
fn fingerprint(folder: &Path, places: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for place in places {
        add(&folder.join(place), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let unreadable = || format!("Cannot read {}", path.display());
    path.hash(hasher);
    if path.is_dir() {
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path).with_context(unreadable)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        inside.sort();
        inside.iter().try_for_each(|path| add(path, hasher))
    } else if path.exists() {
        fs::read(path).with_context(unreadable)?.hash(hasher);
        Ok(())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::fingerprint;
    use std::fs;

    #[test]
    fn a_fingerprint_follows_names_and_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let print = || fingerprint(folder.path(), &["src", "absent"]).unwrap();
        fs::create_dir_all(folder.path().join("src/inner")).unwrap();
        fs::write(folder.path().join("src/inner/a.ts"), "1").unwrap();
        let first = print();
        assert_eq!(first, print());
        fs::write(folder.path().join("src/inner/a.ts"), "2").unwrap();
        let second = print();
        assert_ne!(first, second);
        fs::rename(folder.path().join("src/inner/a.ts"), folder.path().join("src/inner/b.ts")).unwrap();
        assert_ne!(second, print());
    }
}
