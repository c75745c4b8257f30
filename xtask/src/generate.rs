//! What is generated and committed: API documents from the services' code, the client's types from the documents.
//! Comparing works on a copy and never touches the checkout.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::{cargo, run, web};

/// The client's generated folder, below `web`.
const TYPES: &str = "src/api/generated";

/// Writes the documents and the types.
pub(crate) fn write(place: &Place) -> Result<()> {
    documents(place, &place.root.join("openapi"))?;
    web::packages(place)?;
    types(place)
}

/// Fails if writing would change anything.
pub(crate) fn compare(place: &Place) -> Result<()> {
    web::packages(place)?;
    let copy = place.own.join("generated");
    clear(&copy)?;
    let outcome = compare_in(place, &copy);
    clear(&copy)?;
    outcome
}

fn compare_in(place: &Place, copy: &Path) -> Result<()> {
    let mirror = Place { root: copy.to_owned(), own: copy.join(".confab"), web: copy.join("web") };
    let documents_copy = copy.join("openapi");
    fs::create_dir_all(&documents_copy)?;
    documents(place, &documents_copy)?;
    copy_sources(&place.web, &mirror.web)?;
    std::os::unix::fs::symlink(place.web.join("node_modules"), mirror.web.join("node_modules"))?;
    types(&mirror)?;
    let mut stale = differences(&place.root, copy, "openapi")?;
    stale.extend(differences(&place.root, copy, &format!("web/{TYPES}"))?);
    match stale.as_slice() {
        [] => Ok(()),
        stale => bail!("Not what the code generates: {}. Run `cargo xtask gen` and commit.", stale.join(", ")),
    }
}

fn documents(place: &Place, folder: &Path) -> Result<()> {
    let mut command = cargo::cargo(place);
    command.args(["run", "--quiet", "--package", "confab", "--bin", "confab", "--", "gen"]).arg(folder);
    run::check(run::finish(&mut command)?, "`confab gen`")
}

fn types(place: &Place) -> Result<()> {
    run::check(run::finish(&mut web::script(place, "gen"))?, "`npm run gen` in web")
}

fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("Cannot remove {}", folder.display()))?;
    }
    Ok(())
}

fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if ["node_modules", "dist", "test-results", "playwright-report"].iter().any(|skipped| name == *skipped) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_sources(&entry.path(), &to.join(name))?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

/// Files that differ, are missing or are too many, by their path in the repository.
fn differences(root: &Path, copy: &Path, folder: &str) -> Result<Vec<String>> {
    let committed = contents(&root.join(folder))?;
    let generated = contents(&copy.join(folder))?;
    let names = committed.keys().chain(generated.keys().filter(|name| !committed.contains_key(*name)));
    let stale = names.filter(|name| committed.get(*name) != generated.get(*name));
    Ok(stale.map(|name| format!("{folder}/{}", name.display())).collect())
}

/// Documents written by hand may stand beside generated ones.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(_) => return Ok(found),
    };
    for entry in entries {
        let path = entry?.path();
        let name = PathBuf::from(path.file_name().unwrap_or_default());
        if path.is_dir() {
            found.extend(contents(&path)?.into_iter().map(|(inner, bytes)| (name.join(inner), bytes)));
        } else if name != Path::new("README.md") {
            found.insert(name, fs::read(&path).with_context(|| format!("Cannot read {}", path.display()))?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::differences;
    use std::fs;

    #[test]
    fn changed_missing_and_extra_files_are_named() {
        let [root, copy] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let put = |folder: &tempfile::TempDir, name: &str, text: &str| {
            fs::create_dir_all(folder.path().join("openapi")).unwrap();
            fs::write(folder.path().join("openapi").join(name), text).unwrap();
        };
        for folder in [&root, &copy] {
            put(folder, "same.json", "{}");
        }
        let found = || differences(root.path(), copy.path(), "openapi").unwrap();
        put(&root, "README.md", "by hand");
        assert!(found().is_empty());
        put(&root, "changed.json", "1");
        put(&copy, "changed.json", "2");
        put(&root, "extra.json", "");
        put(&copy, "missing.json", "");
        assert_eq!(found(), ["openapi/changed.json", "openapi/extra.json", "openapi/missing.json"]);
    }
}
