//! Brings the clients of other languages, once: what their lock files pin, by hash, into
//! `target/clients`. Fails loudly when it cannot; a later run finds them there.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

const NPM: &[&str] = &["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
const PIP: &[&str] = &[
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--require-hashes",
    "--only-binary=:all:",
    "--upgrade",
    "--target=packages",
    "--requirement=requirements.txt",
];

/// Node with its scenario, in a folder that has the packages of `package-lock.json`.
pub(crate) fn node() -> Command {
    let folder = fetched("node", &["package.json", "package-lock.json"], "npm", NPM);
    fs::copy(scripts("node").join("scenario.mjs"), folder.join("scenario.mjs")).unwrap();
    let mut node = Command::new("node");
    node.arg("scenario.mjs").current_dir(folder);
    node
}

/// Python with its scenario, and the packages of `requirements.txt`.
pub(crate) fn python() -> Command {
    let folder = fetched("python", &["requirements.txt"], "python3", PIP);
    let mut python = Command::new("python3");
    python.arg("-u").arg(scripts("python").join("scenario.py"));
    python.env("PYTHONPATH", folder.join("packages")).env("PYTHONDONTWRITEBYTECODE", "1");
    python
}

fn scripts(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(language)
}

/// The folder with everything that the pins name. The pins are copied last, so a folder that was
/// half made does not count.
fn fetched(language: &str, pins: &[&str], program: &str, arguments: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("clients").join(language);
    fs::create_dir_all(&folder).unwrap();
    let alone = File::create(folder.join("lock")).unwrap();
    alone.lock().unwrap();
    let whole = folder.join("whole");
    let wanted: String = pins.iter().map(|pin| fs::read_to_string(scripts(language).join(pin)).unwrap()).collect();
    if fs::read_to_string(&whole).is_ok_and(|there| there == wanted) {
        return folder;
    }
    println!("Fetching the {language} client into {} with {program} (once)", folder.display());
    let _ = fs::remove_file(&whole);
    for pin in pins {
        fs::copy(scripts(language).join(pin), folder.join(pin)).unwrap();
    }
    let ended = Command::new(program).args(arguments).current_dir(&folder).status();
    let ended = ended.unwrap_or_else(|error| panic!("{program} cannot be run: {error}. Install it to run this test."));
    assert!(ended.success(), "{program} cannot fetch the {language} client (see above): check the network.");
    fs::write(whole, wanted).unwrap();
    folder
}
