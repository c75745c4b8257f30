//! A view's documents in MongoDB: loaded by key, written in bulk, each guarded by the position it has seen.

use std::collections::HashMap;
use std::marker::PhantomData;

use events::Position;
use futures::TryStreamExt;
use mongodb::bson::{Bson, Document, deserialize_from_document, doc, serialize_to_document};
use mongodb::error::Error;
use mongodb::{Collection, Database};
use read_model::{Stored, View};

use crate::checkpoint::number;

/// Bytes of documents in one command at most; the server takes 16 MiB.
const COMMAND_BYTES: usize = 8 << 20;
const DUPLICATE_KEY: i32 = 11_000;

/// Why documents could not be loaded or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// MongoDB did not do it; it may later.
    #[error(transparent)]
    Mongo(#[from] Error),
    /// MongoDB will never do it.
    #[error("{0}")]
    Refused(String),
}

/// The documents of one view.
pub(crate) struct Documents<V: View> {
    database: Database,
    collection: Collection<Document>,
    view: PhantomData<V>,
}

impl<V: View> Documents<V> {
    pub(crate) fn of(database: &Database) -> Self {
        let collection = database.collection(V::COLLECTION);
        Self { database: database.clone(), collection, view: PhantomData }
    }

    pub(crate) async fn is_empty(&self) -> mongodb::error::Result<bool> {
        Ok(self.collection.find_one(doc! {}).projection(doc! { "_id": 1 }).await?.is_none())
    }

    pub(crate) async fn remove_all(&self) -> mongodb::error::Result<()> {
        self.collection.delete_many(doc! {}).await.map(drop)
    }

    /// The documents of these keys, as far as they exist.
    pub(crate) async fn load(&self, keys: &[V::Key]) -> Result<HashMap<V::Key, Stored<V::Doc>>, Failure> {
        let names: HashMap<String, V::Key> = keys.iter().map(|key| (key.to_string(), *key)).collect();
        let wanted: Vec<&String> = names.keys().collect();
        let mut found = self.collection.find(doc! { "_id": { "$in": wanted } }).await?;
        let mut loaded = HashMap::with_capacity(keys.len());
        while let Some(document) = found.try_next().await? {
            let key = document.get_str("_id").ok().and_then(|name| names.get(name));
            if let Some(key) = key {
                loaded.insert(*key, decode(document)?);
            }
        }
        Ok(loaded)
    }

    /// Writes documents in any order. One that is stored with a later position stays as it is.
    pub(crate) async fn write(&self, changed: &[(V::Key, &Stored<V::Doc>)]) -> Result<(), Failure> {
        let mut updates = Vec::new();
        let mut bytes = 0;
        for (key, stored) in changed {
            let update = upsert(&key.to_string(), stored)?;
            bytes += size(&update);
            if bytes > COMMAND_BYTES && !updates.is_empty() {
                self.update(std::mem::take(&mut updates)).await?;
                bytes = size(&update);
            }
            updates.push(update);
        }
        if updates.is_empty() { Ok(()) } else { self.update(updates).await }
    }

    async fn update(&self, updates: Vec<Document>) -> Result<(), Failure> {
        let command = doc! { "update": V::COLLECTION, "updates": &updates, "ordered": false };
        let answer = self.database.run_command(command).await?;
        if let Ok(error) = answer.get_document("writeConcernError") {
            return Err(Failure::Mongo(Error::custom(format!("not replicated: {error}"))));
        }
        let mut overtaken = Vec::new();
        for error in answer.get_array("writeErrors").into_iter().flatten().filter_map(Bson::as_document) {
            let index = error.get_i32("index").ok().and_then(|index| usize::try_from(index).ok());
            match (error.get_i32("code"), index.and_then(|index| updates.get(index))) {
                (Ok(DUPLICATE_KEY), Some(update)) => overtaken.push(update),
                _ => return Err(refusal(error)),
            }
        }
        self.must_be_newer(&overtaken).await
    }

    /// An upsert whose guard does not match tries to insert and meets the document itself: then that one has seen as
    /// much or more. Anything else with a duplicate key is a document that MongoDB refuses.
    async fn must_be_newer(&self, updates: &[&Document]) -> Result<(), Failure> {
        for update in updates {
            let guard = update.get_document("q").map_err(Error::custom)?;
            let (id, seen) =
                (guard.get("_id").cloned(), guard.get_document("seen").and_then(|seen| seen.get_i64("$lt")));
            let newer = doc! { "_id": &id, "seen": { "$gte": seen.map_err(Error::custom)? } };
            if self.collection.find_one(newer).await?.is_none() {
                return Err(Failure::Refused(format!("the document {id:?} breaks a unique index")));
            }
        }
        Ok(())
    }
}

fn upsert<D: serde::Serialize>(id: &str, stored: &Stored<D>) -> Result<Document, Failure> {
    let mut document = serialize_to_document(&stored.doc).map_err(|error| Failure::Refused(error.to_string()))?;
    let seen = number(stored.seen);
    document.insert("seen", seen);
    Ok(doc! { "q": { "_id": id, "seen": { "$lt": seen } }, "u": document, "upsert": true })
}

fn decode<D: serde::de::DeserializeOwned>(document: Document) -> Result<Stored<D>, Failure> {
    let seen = document.get_i64("seen").ok().and_then(|seen| u64::try_from(seen).ok()).unwrap_or_default();
    let doc = deserialize_from_document(document)
        .map_err(|error| Failure::Refused(format!("a stored document has another shape: {error}")))?;
    Ok(Stored { seen: Position(seen), doc })
}

/// A write error that is about the document itself, and so would come again for ever.
fn refusal(error: &Document) -> Failure {
    const VALIDATION_FAILED: i32 = 121;
    const TOO_LARGE: i32 = 10_334;
    match error.get_i32("code") {
        Ok(VALIDATION_FAILED | TOO_LARGE) => Failure::Refused(format!("MongoDB refuses a document: {error}")),
        _ => Failure::Mongo(Error::custom(format!("not written: {error}"))),
    }
}

/// About the bytes of a document on the wire.
fn size(document: &Document) -> usize {
    document.to_vec().map_or(COMMAND_BYTES, |bytes| bytes.len())
}
