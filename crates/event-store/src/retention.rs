//! Which events of a stream may still be seen, by its metadata: `$maxCount`, `$maxAge`, `$tb`.

use crate::event::now_ticks;

/// `$tb` of a deleted stream, as KurrentDB writes it.
const DELETED: u64 = i64::MAX as u64;
const TICKS_PER_SECOND: i64 = 10_000_000;

/// The newest metadata of a stream; fields that are absent or wrong limit nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Retention {
    #[serde(rename = "$maxCount", deserialize_with = "lenient")]
    max_count: Option<u64>,
    #[serde(rename = "$maxAge", deserialize_with = "lenient")]
    max_age_seconds: Option<u64>,
    #[serde(rename = "$tb", deserialize_with = "lenient")]
    truncate_before: Option<u64>,
}

/// What a read may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Visible {
    pub(crate) first_revision: u64,
    pub(crate) created_from: i64,
}

impl Retention {
    pub(crate) fn parse(json: &[u8]) -> Self {
        serde_json::from_slice(json).unwrap_or_default()
    }

    /// The stream was deleted and nothing was appended since.
    pub(crate) fn deleted(&self) -> bool {
        self.truncate_before == Some(DELETED)
    }

    /// Revisions before this one are hidden for ever.
    pub(crate) fn truncated_before(&self) -> u64 {
        self.truncate_before.unwrap_or(0)
    }

    pub(crate) fn visible(&self, last_revision: u64) -> Visible {
        let by_count = self.max_count.map_or(0, |count| (last_revision + 1).saturating_sub(count));
        let by_age = self.max_age_seconds.map(|seconds| {
            let ticks = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(TICKS_PER_SECOND);
            now_ticks().saturating_sub(ticks)
        });
        Visible {
            first_revision: by_count.max(self.truncate_before.unwrap_or(0)),
            created_from: by_age.unwrap_or(i64::MIN),
        }
    }
}

/// The metadata of a stream, changed to hide revisions before one; `None` hides all, until more comes.
pub(crate) fn truncated(metadata: &[u8], before: Option<u64>) -> Vec<u8> {
    let mut json: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(metadata).unwrap_or_default();
    json.insert("$tb".into(), before.unwrap_or(DELETED).into());
    serde_json::Value::Object(json).to_string().into_bytes()
}

fn lenient<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let value: serde_json::Value = serde::Deserialize::deserialize(from)?;
    Ok(value.as_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_limit_wins() {
        let retention = Retention::parse(br#"{"$maxCount": 3, "$tb": 9}"#);
        assert_eq!(retention.visible(4).first_revision, 9);
        assert_eq!(retention.visible(20).first_revision, 18);
    }

    #[test]
    fn wrong_or_foreign_metadata_limits_nothing() {
        for json in [&b"not json"[..], b"{}", br#"{"$maxCount": "three", "a": 1}"#] {
            assert_eq!(Retention::parse(json).visible(5).first_revision, 0);
        }
        assert_eq!(Retention::default().visible(5).created_from, i64::MIN);
    }

    #[test]
    fn an_age_moves_with_the_clock() {
        let retention = Retention::parse(br#"{"$maxAge": 60}"#);
        let limit = retention.visible(0).created_from;
        assert!((now_ticks() - limit - 60 * TICKS_PER_SECOND).abs() < TICKS_PER_SECOND);
    }
}
