//! Who may use whom: the pure halves see nothing but the language, and no service sees another.

use std::collections::BTreeMap;

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::none;
use crate::sources;

/// Each crate of ours, and those of ours that its programs may use. Tests may use more.
const ALLOWED: [(&str, &[&str]); 12] = [
    ("events", &[]),
    ("event-store", &[]),
    ("xtask", &[]),
    ("domain", &["events"]),
    ("read-model", &["events"]),
    ("event-log", &["events"]),
    ("service-kit", &["events"]),
    ("command-api", &["domain", "event-log", "events", "service-kit"]),
    ("projector", &["read-model", "event-log", "events", "service-kit"]),
    ("query-api", &["read-model", "event-log", "events", "service-kit"]),
    ("realtime", &["read-model", "event-log", "events", "service-kit"]),
    // The composition: it starts the services, and writes the documents of what they speak.
    (
        "confab",
        &["command-api", "projector", "query-api", "realtime", "event-store", "service-kit", "event-log", "events"],
    ),
];

/// What the pure crates must not reach even from outside: no runtime, no network, no clock's randomness.
const IMPURE: [&str; 7] = ["tokio", "mongodb", "eventstore", "async-nats", "axum", "reqwest", "rusqlite"];

#[test]
fn our_crates_use_only_what_the_table_allows() {
    let allowed = BTreeMap::from(ALLOWED);
    let mut offences = Vec::new();
    for (name, used) in uses() {
        let Some(allowed) = allowed.get(name.as_str()) else {
            offences.push(format!("{name} is not in the table"));
            continue;
        };
        let ours = used.iter().filter(|used| ALLOWED.iter().any(|(ours, _)| ours == used));
        offences.extend(ours.filter(|used| !allowed.contains(&used.as_str())).map(|used| format!("{name} -> {used}")));
    }
    none("not allowed", offences);
}

#[test]
fn the_pure_crates_stay_pure() {
    let pure = uses().into_iter().filter(|(name, _)| matches!(name.as_str(), "events" | "domain" | "read-model"));
    let impure = |(name, used): (String, Vec<String>)| {
        let impure: Vec<String> = used.into_iter().filter(|used| IMPURE.contains(&used.as_str())).collect();
        (!impure.is_empty()).then(|| format!("{name} -> {}", impure.join(", ")))
    };
    none("a pure crate sees the world", pure.filter_map(impure).collect());
}

/// Each crate of the workspace and what it depends on outside its tests.
fn uses() -> Vec<(String, Vec<String>)> {
    let metadata = MetadataCommand::new().manifest_path(sources::root().join("Cargo.toml")).no_deps().exec().unwrap();
    let packages = metadata.packages.into_iter().map(|package| {
        let used = package.dependencies.into_iter().filter(|used| used.kind != DependencyKind::Development);
        (package.name.to_string(), used.map(|used| used.name).collect())
    });
    packages.collect()
}
