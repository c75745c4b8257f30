//! Keeps SPEC.md and the tests together: each rule has a test with its number, and each number a rule.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn rules() -> BTreeSet<String> {
    let spec = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("SPEC.md")).unwrap();
    let first_words = spec.lines().filter_map(|line| line.split(' ').next());
    let numbers = first_words.filter(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()));
    numbers.map(|number| number.replace('.', "_")).collect()
}

fn tested(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tested(&path, found);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for name in source.split("fn rule_").skip(1) {
            let number: Vec<&str> = name.split('_').take(2).collect();
            found.insert(number.join("_"));
        }
    }
}

#[test]
fn every_rule_has_a_test_and_every_test_a_rule() {
    let mut found = BTreeSet::new();
    for folder in ["tests", "src"] {
        tested(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    let rules = rules();
    assert!(rules.len() > 40, "{rules:?}");
    // This file names a rule that is none: the text that it looks for.
    found.retain(|number| number.starts_with(|c: char| c.is_ascii_digit()));
    assert_eq!(rules, found);
}
