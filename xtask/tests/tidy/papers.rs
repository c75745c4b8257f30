//! The documents that every clone has: decisions numbered without gaps and listed, changes, licences.

use std::fs;

use crate::sources::{self, files_in};

#[test]
fn decisions_are_numbered_and_listed() {
    let index = fs::read_to_string(sources::root().join("docs/adr/README.md")).unwrap();
    let files = files_in("docs/adr");
    let names = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap());
    let decisions: Vec<&str> = names.filter(|name| *name != "README.md").collect();
    assert!(!decisions.is_empty());
    for (at, name) in decisions.iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}-", at + 1)), "docs/adr/{name} is not number {}", at + 1);
        assert!(index.contains(&format!("({name})")), "docs/adr/README.md has no link to {name}");
    }
}

#[test]
fn the_papers_are_there() {
    let papers = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "LICENSE-APACHE", "LICENSE-MIT"];
    for paper in papers.iter().chain(&["docs/architecture.md", "docs/api-design.md", "docs/logging.md"]) {
        let text = fs::read_to_string(sources::root().join(paper));
        assert!(text.is_ok_and(|text| text.len() > 100), "{paper} is missing or empty");
    }
}
