//! Words that a source must open with, and words that none may contain.

use crate::none;
use crate::sources::{self, Source};

const CODE: [&str; 6] = ["rs", "ts", "tsx", "css", "sh", "toml"];

#[test]
fn every_rust_file_opens_with_what_it_is() {
    let offence = |source: &Source| (!source.text.starts_with("//! ")).then(|| source.path.clone());
    none("does not open with a `//!` line", sources::rust().iter().filter_map(offence).collect());
}

#[test]
fn nothing_is_left_to_do() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let code = |source: &&Source| CODE.contains(&source.extension());
    none("left to do", lines(code, |line| marks.iter().any(|mark| line.contains(mark))));
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    let places = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/home", "/")];
    // Images of containers and of machines may have such folders of their own.
    let ours = |source: &&Source| !source.path.starts_with("deploy/") && !source.path.ends_with("package-lock.json");
    none("a path of one machine", lines(ours, |line| places.iter().any(|place| line.contains(place))));
}

fn lines(wanted: impl Fn(&&Source) -> bool, offends: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources::all().iter().filter(wanted) {
        let lines = source.text.lines().enumerate().filter(|(_, line)| offends(line));
        found.extend(lines.map(|(at, line)| format!("{}:{}: {}", source.path, at + 1, line.trim())));
    }
    found
}
