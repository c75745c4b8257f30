//! `.env.example` lists exactly the variables that the programs read.

use std::collections::BTreeSet;
use std::fs;

use crate::none;
use crate::sources::{self, Source};

const PREFIX: &str = concat!("CONFAB", "_");

#[test]
fn the_example_lists_every_variable_that_is_read() {
    let read: BTreeSet<String> = sources::rust().iter().filter(reads).flat_map(|source| quoted(&source.text)).collect();
    let listed = listed(&fs::read_to_string(sources::root().join(".env.example")).unwrap());
    let missing = read.difference(&listed).map(|name| format!("{name}: read, but not in .env.example"));
    let unused = listed.difference(&read).map(|name| format!("{name}: in .env.example, but never read"));
    none("variables", missing.chain(unused).collect());
}

/// Programs, not tests, and not the tasks, which only pass variables on.
fn reads(source: &&Source) -> bool {
    !source.is_test() && !source.path.starts_with("xtask/")
}

/// The names that stand as a whole string in code before its unit tests.
fn quoted(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let strings = code.split('"').filter(|part| part.starts_with(PREFIX));
    strings.filter(|part| is_name(part)).map(str::to_owned).collect()
}

fn is_name(text: &str) -> bool {
    text.len() > PREFIX.len() && text.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
}

/// The names of lines like `NAME=value`, commented out or not.
fn listed(text: &str) -> BTreeSet<String> {
    let names = text.lines().filter_map(|line| Some(line.trim_start_matches(['#', ' ']).split_once('=')?.0.trim()));
    names.filter(|name| name.starts_with(PREFIX) && is_name(name)).map(str::to_owned).collect()
}

#[test]
fn names_are_found_in_code_and_in_the_example() {
    let code = format!(r#"env.read("{PREFIX}LISTEN", "x"); warn!("set {PREFIX}LOG"); #[cfg(test)] "{PREFIX}ONLY""#);
    assert_eq!(quoted(&code), BTreeSet::from([format!("{PREFIX}LISTEN")]));
    let example = format!("# Where to listen.\n# {PREFIX}LISTEN=127.0.0.1:1\n{PREFIX}LOG=info\n");
    assert_eq!(listed(&example), BTreeSet::from([format!("{PREFIX}LISTEN"), format!("{PREFIX}LOG")]));
}
