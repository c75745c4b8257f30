//! The files of the repository, and Rust source with everything but code blanked out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One text file of the repository.
pub(crate) struct Source {
    /// Its path from the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// The file's name without its folder and its extensions.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap();
        name.split('.').next().unwrap()
    }

    /// Whether a program wrote it.
    pub(crate) fn is_generated(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "generated" | "golden" | "snapshots"))
    }

    /// Whether it is a test and nothing else.
    pub(crate) fn is_test(&self) -> bool {
        let folder =
            self.path.split('/').any(|part| matches!(part, "tests" | "benches" | "e2e" | "faults" | "faults.rs"));
        folder || self.path.contains(".test.") || self.path.contains("/test-")
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// All text files that git knows or would add, and that are there.
pub(crate) fn all() -> Vec<Source> {
    let listed =
        Command::new("git").args(["ls-files", "-coz", "--exclude-standard"]).current_dir(root()).output().unwrap();
    assert!(listed.status.success(), "tidy needs git and a clone");
    let names = String::from_utf8(listed.stdout).unwrap();
    let files = names.split_terminator('\0').filter(|path| root().join(path).is_file());
    let read = |path: &str| Some(Source { path: path.to_owned(), text: fs::read_to_string(root().join(path)).ok()? });
    files.filter_map(read).collect()
}

/// All Rust files.
pub(crate) fn rust() -> Vec<Source> {
    all().into_iter().filter(|source| source.extension() == "rs").collect()
}

pub(crate) fn files_in(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The source with comments and the insides of literals blanked out; every line stays where it was.
pub(crate) fn code(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = at + literal(&bytes[at..], at.checked_sub(1).map(|before| bytes[before]));
        for byte in &mut bytes[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The length of the comment or literal that begins here; 0 if none does.
fn literal(rest: &[u8], before: Option<u8>) -> usize {
    let in_word = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match rest {
        [b'/', b'/', ..] => find(rest, 0, b"\n"),
        [b'/', b'*', ..] => block_comment(rest),
        [b'"', ..] => quoted(rest, b'"'),
        [b'r', ..] | [b'b', b'r', ..] | [b'c', b'r', ..] if !in_word => raw_string(rest),
        [b'\'', b'\\', ..] => quoted(rest, b'\''),
        // A lifetime has no second quote: `'a`, and a character may be up to four bytes long.
        [b'\'', inside @ ..] => inside.iter().take(5).skip(1).position(|byte| *byte == b'\'').map_or(0, |at| {
            let one_character = std::str::from_utf8(&inside[..=at]).is_ok_and(|text| text.chars().count() == 1);
            if one_character { at + 3 } else { 0 }
        }),
        _ => 0,
    }
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

fn raw_string(rest: &[u8]) -> usize {
    let start = rest.iter().position(|byte| *byte == b'r').unwrap() + 1;
    let hashes = rest[start..].iter().take_while(|byte| **byte == b'#').count();
    if rest.get(start + hashes) != Some(&b'"') {
        return 0;
    }
    let end: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    (find(rest, start + hashes + 1, &end) + end.len()).min(rest.len())
}

fn find(rest: &[u8], from: usize, what: &[u8]) -> usize {
    rest[from..].windows(what.len()).position(|window| window == what).map_or(rest.len(), |at| from + at)
}

#[test]
fn only_code_is_left() {
    let text =
        "let a = \"{ \\\" }\"; // {\nlet b = r#\"}\"#; /* { /* } */ */ let c = '{'; let d: &'static str = '\\'';";
    let left = code(text);
    assert_eq!(left.len(), text.len());
    let words: Vec<&str> = left.split_whitespace().collect();
    assert_eq!(words.join(" "), "let a = ; let b = ; let c = ; let d: &'static str = ;");
    assert_eq!(code("fn user(r: &'a str) { b'x' }"), "fn user(r: &'a str) { b    }");
}
