//! What a view is: a decider without the decision. Keys name the documents a fact touches, `evolve` gives the new
//! document, and [`advance`] guards both against facts that were seen before.

use std::fmt::Display;
use std::hash::Hash;

use events::{Category, Fact, Position, Recorded};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A kind of document folded from facts.
pub trait View: Send + Sync + 'static {
    /// Where its documents live; a new shape is a new collection, built beside the old one.
    const COLLECTION: &'static str;
    /// The kinds of streams it reads.
    const CATEGORIES: &'static [Category];
    /// The name of a document.
    type Key: Copy + Eq + Hash + Ord + Display + Send + Sync;
    /// A document.
    type Doc: Clone + Serialize + DeserializeOwned + Send + Sync;

    /// The documents that a fact touches: few and bounded, never "all of them".
    fn keys(fact: &Fact) -> Vec<Self::Key>;

    /// The document after a fact. Total: any fact may meet any document. An update to an absent document yields
    /// `None`, and a document that exists stays: what is gone says so in its own fields, because the position
    /// that guards it lives beside it.
    fn evolve(key: Self::Key, doc: Option<Self::Doc>, recorded: &Recorded) -> Option<Self::Doc>;

    /// The prefixes of the streams it reads, for the event store's filter.
    #[must_use]
    fn prefixes() -> Vec<String> {
        Self::CATEGORIES.iter().map(|category| category.prefix()).collect()
    }
}

/// A document with the position of the last fact it has seen, which is not the position of what it describes.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored<D> {
    /// The last fact that this document has seen.
    pub seen: Position,
    /// The document.
    pub doc: D,
}

/// A document after a fact; unchanged when it has seen that fact or a later one, so redelivery is harmless.
pub fn advance<V: View>(key: V::Key, stored: Option<Stored<V::Doc>>, recorded: &Recorded) -> Option<Stored<V::Doc>> {
    match stored {
        Some(stored) if recorded.position <= stored.seen => Some(stored),
        stored => {
            let doc = V::evolve(key, stored.map(|stored| stored.doc), recorded)?;
            Some(Stored { seen: recorded.position, doc })
        }
    }
}
