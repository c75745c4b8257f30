//! Names of files and modules: what a thing is, never that it is one more thing.

use crate::none;
use crate::sources::{self, Source};

const FORBIDDEN: [&str; 9] = ["manager", "helper", "helpers", "util", "utils", "common", "data", "info", "misc"];

#[test]
fn no_name_is_empty_of_meaning() {
    let offence = |source: &Source| {
        let code = matches!(source.extension(), "rs" | "ts" | "tsx" | "css") && !source.is_generated();
        let path = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let parts = path.split('/').chain([source.stem()]);
        let word = parts.flat_map(words).find(|word| FORBIDDEN.contains(&word.as_str()));
        word.filter(|_| code).map(|word| format!("{}: {word}", source.path))
    };
    none("forbidden word in a name", sources::all().iter().filter_map(offence).collect());
}

#[test]
fn there_is_no_mod_rs_and_no_barrel() {
    let offence = |source: &Source| {
        let name = source.path.rsplit('/').next().unwrap();
        let barrel = source.path.starts_with("web/src/") && matches!(name, "index.ts" | "index.tsx");
        (name == "mod.rs" || barrel).then(|| source.path.clone())
    };
    none("name the file after its module", sources::all().iter().filter_map(offence).collect());
}

/// The words of a name in snake, kebab or camel case, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && words.last().is_some_and(|word| !word.is_empty())) {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words.last_mut().unwrap().extend(letter.to_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

#[test]
fn words_are_seen_in_every_case() {
    assert_eq!(words("use-userInfo_map"), ["use", "user", "info", "map"]);
    assert_eq!(words("database"), ["database"]);
}
