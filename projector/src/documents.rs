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
        self.must_be_newer(&overtaken(&answer, &updates)?).await
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

/// The updates that met their own document; any other write error is a failure.
fn overtaken<'a>(answer: &Document, updates: &'a [Document]) -> Result<Vec<&'a Document>, Failure> {
    let errors = answer.get_array("writeErrors").into_iter().flatten().filter_map(Bson::as_document);
    let overtaken = errors.map(|error| {
        let index = error.get_i32("index").ok().and_then(|index| usize::try_from(index).ok());
        match (error.get_i32("code").ok(), index.and_then(|index| updates.get(index))) {
            (Some(DUPLICATE_KEY), Some(update)) => Ok(update),
            (code, update) => Err(refusal(code, index, update)),
        }
    });
    overtaken.collect()
}

fn upsert<D: serde::Serialize>(id: &str, stored: &Stored<D>) -> Result<Document, Failure> {
    let mut document = serialize_to_document(&stored.doc).map_err(|error| Failure::Refused(error.to_string()))?;
    let seen = number(stored.seen);
    document.insert("seen", seen);
    Ok(doc! { "q": { "_id": id, "seen": { "$lt": seen } }, "u": document, "upsert": true })
}

fn decode<D: serde::de::DeserializeOwned>(document: Document) -> Result<Stored<D>, Failure> {
    let seen = document.get_i64("seen").ok().and_then(|seen| u64::try_from(seen).ok()).unwrap_or_default();
    let id = document.get_str("_id").unwrap_or("?").to_owned();
    // What serde says of a wrong value has the value in it.
    let doc = deserialize_from_document(document)
        .map_err(|_| Failure::Refused(format!("the stored document {id} has another shape")))?;
    Ok(Stored { seen: Position(seen), doc })
}

/// A write error. One that is about the document itself would come again for ever. Of MongoDB's words nothing is
/// repeated: what it says of a refused document has the document's values in it, and this text goes into the log.
fn refusal(code: Option<i32>, index: Option<usize>, update: Option<&Document>) -> Failure {
    const VALIDATION_FAILED: i32 = 121;
    const TOO_LARGE: i32 = 10_334;
    let id = update.and_then(|update| update.get_document("q").ok()?.get_str("_id").ok()).unwrap_or("?");
    let place = index.map_or_else(|| "?".to_owned(), |index| index.to_string());
    match code {
        Some(code @ (VALIDATION_FAILED | TOO_LARGE)) => {
            Failure::Refused(format!("MongoDB refuses the document {id} (update {place}, code {code})"))
        }
        Some(code) => {
            Failure::Mongo(Error::custom(format!("the document {id} is not written (update {place}, code {code})")))
        }
        None => Failure::Mongo(Error::custom(format!("the document {id} is not written (update {place}, no code)"))),
    }
}

/// About the bytes of a document on the wire.
fn size(document: &Document) -> usize {
    document.to_vec().map_or(COMMAND_BYTES, |bytes| bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    const SECRET: &str = "nobody may read this";

    #[derive(Debug, Serialize, Deserialize)]
    struct Text {
        text: String,
    }

    fn updates() -> [Document; 2] {
        ["m-1", "m-2"].map(|id| {
            let doc = Text { text: SECRET.to_owned() };
            upsert(id, &Stored { seen: Position(7), doc }).unwrap()
        })
    }

    /// As MongoDB 6 answers, with the refused value in its details.
    fn answer(code: i32) -> Document {
        let details = doc! { "failingDocumentId": "m-2", "details": { "consideredValue": SECRET } };
        let error = doc! { "index": 1, "code": code, "errInfo": details, "errmsg": format!("refused: {SECRET}") };
        doc! { "ok": 1, "n": 1, "writeErrors": [error] }
    }

    #[test]
    fn a_refusal_names_the_document_and_never_its_values() {
        for (code, for_ever) in [(121, true), (10_334, true), (64, false)] {
            let failure = overtaken(&answer(code), &updates()).unwrap_err();
            assert_eq!(matches!(failure, Failure::Refused(_)), for_ever, "{failure:?}");
            let told = format!("{failure} {failure:?}");
            assert!(!told.contains(SECRET), "{told}");
            assert!(told.contains("document m-2") && told.contains(&format!("(update 1, code {code})")), "{told}");
        }
    }

    #[test]
    fn a_document_of_another_shape_is_named_without_its_values() {
        let Err(failure) = decode::<Text>(doc! { "_id": "m-3", "text": { SECRET: 1 } }) else { panic!("decoded") };
        let Err(wrong) = decode::<u8>(doc! { "_id": "m-3", "text": SECRET }) else { panic!("decoded") };
        for told in [failure.to_string(), wrong.to_string()] {
            assert!(told.contains("m-3") && !told.contains(SECRET), "{told}");
        }
    }

    #[test]
    fn an_update_that_met_its_document_is_told_apart() {
        let updates = updates();
        assert_eq!(overtaken(&answer(DUPLICATE_KEY), &updates).unwrap(), [&updates[1]]);
    }
}
