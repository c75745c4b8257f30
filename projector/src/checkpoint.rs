//! How far a view's documents have got, kept beside them in MongoDB.
//!
//! Saved after the documents and never before. One `mongod` journals in the order of writing, so what a power cut
//! takes away is a tail: a checkpoint that survives has its documents. On a replica set, both are acknowledged by a
//! majority, the default there. Either way, a lost checkpoint only means that facts come again.

use events::Position;
use mongodb::bson::{Document, doc};
use mongodb::{Collection, Database};

/// Where checkpoints stand: `{_id: collection of the view, position, wrote}`.
const COLLECTION: &str = "checkpoints_v1";

/// A checkpoint as saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Saved {
    pub(crate) position: Position,
    /// Whether the view has ever written a document.
    pub(crate) wrote: bool,
}

/// One view's checkpoint.
#[derive(Debug, Clone)]
pub(crate) struct Checkpoint {
    view: &'static str,
    collection: Collection<Document>,
}

impl Checkpoint {
    pub(crate) fn of(view: &'static str, database: &Database) -> Self {
        Self { view, collection: database.collection(COLLECTION) }
    }

    /// What is saved; begins with a checkpoint before everything.
    pub(crate) async fn load(&self) -> mongodb::error::Result<Saved> {
        let begin = doc! { "$setOnInsert": { "position": 0_i64, "wrote": false } };
        self.collection.update_one(self.id(), begin).upsert(true).await?;
        let saved = self.collection.find_one(self.id()).await?.unwrap_or_default();
        let position = saved.get_i64("position").ok().and_then(|position| u64::try_from(position).ok());
        Ok(Saved { position: Position(position.unwrap_or_default()), wrote: saved.get_bool("wrote").unwrap_or(false) })
    }

    /// Moves forward; a checkpoint that another projector has moved further stays. `false` when there is none any
    /// more: somebody has emptied the database.
    pub(crate) async fn save(&self, saved: Saved) -> mongodb::error::Result<bool> {
        let mut change = doc! { "$max": { "position": number(saved.position) } };
        if saved.wrote {
            change.insert("$set", doc! { "wrote": true });
        }
        Ok(self.collection.update_one(self.id(), change).await?.matched_count > 0)
    }

    /// Back to before everything; only for a rebuild.
    pub(crate) async fn reset(&self) -> mongodb::error::Result<()> {
        let begin = doc! { "$set": { "position": 0_i64, "wrote": false } };
        self.collection.update_one(self.id(), begin).upsert(true).await.map(drop)
    }

    fn id(&self) -> Document {
        doc! { "_id": self.view }
    }
}

/// A position as MongoDB stores it; positions stay below 2^53.
pub(crate) fn number(position: Position) -> i64 {
    i64::try_from(position.0).unwrap_or(i64::MAX)
}
