//! A view folded in memory: what the projector's documents must equal, and the view as it was at any time.

use std::collections::BTreeMap;

use events::Recorded;

use crate::{Stored, View, advance};

/// All documents of one view.
#[derive(Debug)]
pub struct Fold<V: View> {
    documents: BTreeMap<V::Key, Stored<V::Doc>>,
}

impl<V: View> Clone for Fold<V> {
    fn clone(&self) -> Self {
        Self { documents: self.documents.clone() }
    }
}

impl<V: View> Default for Fold<V> {
    fn default() -> Self {
        Self { documents: BTreeMap::new() }
    }
}

impl<V: View> Fold<V> {
    /// Takes in one fact; one seen before changes nothing.
    pub fn apply(&mut self, recorded: &Recorded) {
        for key in V::keys(&recorded.event) {
            if let Some(stored) = advance::<V>(key, self.documents.remove(&key), recorded) {
                self.documents.insert(key, stored);
            }
        }
    }

    /// The documents by their keys.
    #[must_use]
    pub const fn documents(&self) -> &BTreeMap<V::Key, Stored<V::Doc>> {
        &self.documents
    }
}
