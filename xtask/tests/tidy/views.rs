//! Every view obeys the laws of views, and is kept.

use std::fs;

use crate::none;
use crate::sources;

#[test]
fn every_view_is_in_the_laws_and_is_kept() {
    let read = |path: &str| fs::read_to_string(sources::root().join(path)).unwrap();
    let (laws, kept) = (read("crates/read-model/tests/it/laws.rs"), read("projector/src/views.rs"));
    let sources = sources::rust().into_iter().filter(|source| source.path.starts_with("crates/read-model/src/"));
    let lines: Vec<String> =
        sources.flat_map(|source| source.text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    let views: Vec<&str> =
        lines.iter().filter_map(|line| line.strip_prefix("impl View for ")?.split_whitespace().next()).collect();
    assert!(views.len() > 5, "{views:?}");
    let unlawful =
        views.iter().filter(|view| !laws.contains(&format!(": {view},"))).map(|view| format!("{view}: laws.rs"));
    let forgotten = views.iter().filter(|view| !kept.contains(&format!("run::<{view}>")));
    none("a view that is not in", unlawful.chain(forgotten.map(|view| format!("{view}: views.rs"))).collect());
}
