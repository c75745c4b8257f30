//! Places at which tests let a process die: the variable `EVENT_STORE_CRASH` names one and how often
//! it is passed before, as `written:17`. Does nothing in release builds.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Between two steps that the disk could see apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    BeforeWrite,
    Written,
    Synced,
    Answered,
    Indexed,
    SegmentMade,
    RunMade,
    Scavenged,
}

const NAMES: [(&str, Point); 8] = [
    ("before-write", Point::BeforeWrite),
    ("written", Point::Written),
    ("synced", Point::Synced),
    ("answered", Point::Answered),
    ("indexed", Point::Indexed),
    ("segment-made", Point::SegmentMade),
    ("run-made", Point::RunMade),
    ("scavenged", Point::Scavenged),
];

/// Where and after how many passages.
static CRASH: OnceLock<Option<(Point, u64)>> = OnceLock::new();
static PASSED: AtomicU64 = AtomicU64::new(0);

/// Ends the process here, as `kill -9` would, if this is the passage that was named.
pub(crate) fn pass(point: Point) {
    if cfg!(debug_assertions)
        && let Some((chosen, passages)) = CRASH.get_or_init(chosen)
        && *chosen == point
        && PASSED.fetch_add(1, Ordering::Relaxed) == *passages
    {
        std::process::abort();
    }
}

fn chosen() -> Option<(Point, u64)> {
    let named = std::env::var("EVENT_STORE_CRASH").ok()?;
    let (name, passages) = named.split_once(':')?;
    let (_, point) = NAMES.iter().find(|(known, _)| *known == name)?;
    Some((*point, passages.parse().ok()?))
}
