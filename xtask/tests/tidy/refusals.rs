//! Specifications of the rules: every command has some, every refusal is reached in them.

use std::collections::BTreeSet;

use crate::none;
use crate::sources::{self, Source, code};

const DOMAIN: &str = "crates/domain/src/";

/// The files of the rules.
fn domain() -> Vec<Source> {
    sources::rust().into_iter().filter(|source| source.path.starts_with(DOMAIN)).collect()
}

/// Code and specifications of a file, without comments and literals. Long ones have a file of their own.
fn halves(source: &Source) -> (String, String) {
    if source.path.ends_with("/tests.rs") {
        return (String::new(), code(&source.text));
    }
    let (rules, specs) = source.text.split_once("#[cfg(test)]\nmod tests {").unwrap_or((&source.text, ""));
    (code(rules), code(specs))
}

/// The aggregate that a file belongs to.
fn aggregate(source: &Source) -> &str {
    source.path[DOMAIN.len()..].split(['/', '.']).next().unwrap()
}

#[test]
fn every_command_has_specifications() {
    let offence = |source: &Source| {
        let (rules, specs) = halves(source);
        let specified = specs.contains("given") && (specs.contains(".when(") || specs.contains(".decide("));
        (rules.contains("impl Command for") && !specified).then(|| source.path.clone())
    };
    none("a command without given, when, then", domain().iter().filter_map(offence).collect());
}

#[test]
fn every_refusal_is_reached_in_a_specification() {
    let sources = domain();
    let (mut offences, mut known) = (Vec::new(), 0);
    for source in &sources {
        let of_it = sources.iter().filter(|other| aggregate(other) == aggregate(source));
        let reached: BTreeSet<String> = of_it.flat_map(|other| refusals(&halves(other).1)).collect();
        let variants = variants(&halves(source).0);
        known += variants.len();
        let missing = variants.into_iter().filter(|variant| !reached.contains(variant));
        offences.extend(missing.map(|variant| format!("{}::Refusal::{variant}", aggregate(source))));
    }
    assert!(known >= KNOWN, "only {known} refusals were found");
    none("no specification ends in", offences);
}

#[test]
fn every_command_reaches_each_refusal_that_it_names() {
    let offences = |source: &Source| {
        let (rules, specs) = halves(source);
        let reached: BTreeSet<String> = refusals(&specs).into_iter().collect();
        let named = if rules.contains("impl Command for") { refusals(&rules) } else { Vec::new() };
        let missing: BTreeSet<String> = named.into_iter().filter(|name| !reached.contains(name)).collect();
        missing.into_iter().map(|name| format!("{}: Refusal::{name}", source.path)).collect::<Vec<_>>()
    };
    none("a refusal that its own specifications do not reach", domain().iter().flat_map(offences).collect());
}

/// How many refusals there are at least; fewer found means that nothing was understood.
const KNOWN: usize = 45;

/// The names after each `Refusal::`.
fn refusals(code: &str) -> Vec<String> {
    code.split("Refusal::").skip(1).map(word).collect()
}

/// The variants of `enum Refusal`.
fn variants(code: &str) -> Vec<String> {
    let Some((_, rest)) = code.split_once("pub enum Refusal {") else { return Vec::new() };
    let (mut depth, mut found) = (0, Vec::new());
    for line in rest.lines() {
        let name = word(line.trim_start());
        if depth == 0 && line.trim_start().starts_with(char::is_uppercase) {
            found.push(name);
        }
        depth += line.matches('{').count();
        match depth.checked_sub(line.matches('}').count()) {
            Some(left) => depth = left,
            None => break,
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric()).collect()
}

#[test]
fn variants_and_refusals_are_found() {
    let text = "pub enum Refusal {\n    #[error]\n    Taken {\n        owner: Uuid,\n    },\n    Gone,\n}\nenum Other {\n    X,\n}";
    assert_eq!(variants(text), ["Taken", "Gone"]);
    assert_eq!(refusals("x.refused(Refusal::Gone); Err(Refusal::Taken { owner })"), ["Gone", "Taken"]);
    assert!(variants("pub enum Refusal {}").is_empty());
}
