//! Laws of every view: redelivery changes nothing, a document once there stays, a fact touches only what it names,
//! documents survive being stored, and clocks decide nothing.

use std::collections::BTreeMap;
use std::fmt::Debug;

use events::{Recorded, Timestamp};
use proptest::prelude::*;
use read_model::{
    Activity, ActivityReads, Conversations, Drafts, Fold, Follows, Inboxes, Memberships, Messages, Notifications,
    Preferences, Saved, Stored, Users, View, advance,
};
use serde_json::{Value, json};

use crate::histories::history;

fn folded<V: View>(history: &[Recorded]) -> Fold<V> {
    let mut fold = Fold::default();
    history.iter().for_each(|recorded| fold.apply(recorded));
    fold
}

fn redelivery_changes_nothing<V: View<Doc: PartialEq + Debug, Key: Debug>>(history: &[Recorded], from: usize) {
    let once = folded::<V>(history);
    let mut again = once.clone();
    history[from.min(history.len())..].iter().for_each(|recorded| again.apply(recorded));
    assert_eq!(again.documents(), once.documents());
}

/// What the projector does: facts in batches, each document loaded, advanced and stored by itself.
fn batches_equal_a_fold<V: View<Doc: PartialEq + Debug, Key: Debug>>(history: &[Recorded], size: usize) {
    let mut stored: BTreeMap<V::Key, Stored<V::Doc>> = BTreeMap::new();
    for batch in history.chunks(size) {
        let keys: Vec<V::Key> = batch.iter().flat_map(|recorded| V::keys(&recorded.event)).collect();
        let mut loaded: BTreeMap<_, _> = keys.iter().map(|key| (*key, stored.get(key).cloned())).collect();
        for recorded in batch {
            for key in V::keys(&recorded.event) {
                let before = loaded.remove(&key).flatten();
                loaded.insert(key, advance::<V>(key, before, recorded));
            }
        }
        stored.extend(loaded.into_iter().filter_map(|(key, document)| Some((key, document?))));
    }
    assert_eq!(&stored, folded::<V>(history).documents());
}

fn a_document_stays<V: View>(history: &[Recorded]) {
    let mut fold = Fold::<V>::default();
    for recorded in history {
        let before: Vec<V::Key> = fold.documents().keys().copied().collect();
        fold.apply(recorded);
        assert!(before.iter().all(|key| fold.documents().contains_key(key)));
    }
}

fn a_document_survives_being_stored<V: View<Doc: PartialEq + Debug>>(history: &[Recorded]) {
    for stored in folded::<V>(history).documents().values() {
        let json = serde_json::to_value(&stored.doc).unwrap();
        assert_eq!(serde_json::from_value::<V::Doc>(json).unwrap(), stored.doc);
    }
}

/// Evolving is total: any fact may meet any document of the view, also one that its keys do not name.
fn any_fact_may_meet_any_document<V: View>(history: &[Recorded]) {
    let fold = folded::<V>(history);
    for recorded in history {
        for (key, stored) in fold.documents() {
            assert!(V::evolve(*key, Some(stored.doc.clone()), recorded).is_some());
        }
    }
}

/// The documents as JSON, every moment in them replaced by the same word.
fn timeless<V: View<Doc: PartialEq + Debug>>(history: &[Recorded]) -> Vec<Value> {
    let mut documents: Vec<Value> =
        folded::<V>(history).documents().values().map(|stored| serde_json::to_value(&stored.doc).unwrap()).collect();
    documents.iter_mut().for_each(without_moments);
    documents
}

fn without_moments(value: &mut Value) {
    match value {
        Value::String(text) if serde_json::from_value::<Timestamp>(json!(text)).is_ok() => "a moment".clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(without_moments),
        Value::Object(fields) => fields.values_mut().for_each(without_moments),
        _ => {}
    }
}

/// Nodes whose clocks are hours apart write the same history: only the moments that are shown differ.
fn clocks_decide_nothing<V: View<Doc: PartialEq + Debug>>(history: &[Recorded], hours_off: &[i64]) {
    let mut elsewhere = history.to_vec();
    for (fact, hours) in elsewhere.iter_mut().zip(hours_off.iter().cycle()) {
        fact.at = Timestamp::from_unix_ms(fact.at.unix_ms() + hours * 3_600_000);
    }
    assert_eq!(timeless::<V>(history), timeless::<V>(&elsewhere));
}

macro_rules! laws {
    ($($module:ident: $view:ty),+ $(,)?) => {$(
        mod $module {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(64))]

                #[test]
                fn redelivery_changes_nothing(history in history(), from in 0..60_usize) {
                    super::redelivery_changes_nothing::<$view>(&history, from);
                }

                #[test]
                fn batches_equal_a_fold(history in history(), size in 1..20_usize) {
                    super::batches_equal_a_fold::<$view>(&history, size);
                }

                #[test]
                fn a_document_stays(history in history()) {
                    super::a_document_stays::<$view>(&history);
                }

                #[test]
                fn a_document_survives_being_stored(history in history()) {
                    super::a_document_survives_being_stored::<$view>(&history);
                }

                #[test]
                fn clocks_decide_nothing(history in history(), hours in prop::collection::vec(-2..=2_i64, 1..9)) {
                    super::clocks_decide_nothing::<$view>(&history, &hours);
                }

                #[test]
                fn any_fact_may_meet_any_document(history in history()) {
                    super::any_fact_may_meet_any_document::<$view>(&history);
                }
            }
        }
    )+};
}

laws! {
    users: Users,
    conversations: Conversations,
    memberships: Memberships,
    messages: Messages,
    follows: Follows,
    inboxes: Inboxes,
    preferences: Preferences,
    saved: Saved,
    drafts: Drafts,
    notifications: Notifications,
    activity: Activity,
    activity_reads: ActivityReads,
}
