//! What MongoDB is told about a collection: its `$jsonSchema` validator and its indexes, as written in `schema/*.json`.

use mongodb::Database;
use mongodb::bson::{Document, doc};
use mongodb::error::{Error, ErrorKind};

/// The server's code for a collection that exists already.
const NAMESPACE_EXISTS: i32 = 48;

/// Creates the collection, or brings its validator and indexes up to date.
pub(crate) async fn prepare(database: &Database, collection: &str, schema: &str) -> mongodb::error::Result<()> {
    let schema: Document = serde_json::from_str(schema).map_err(Error::custom)?;
    let validator = schema.get_document("validator").map_err(Error::custom)?;
    match database.create_collection(collection).validator(validator.clone()).await {
        Err(error) if exists(&error) => {
            database.run_command(doc! { "collMod": collection, "validator": validator.clone() }).await?;
        }
        outcome => outcome?,
    }
    let indexes = schema.get_array("indexes").map_err(Error::custom)?;
    if !indexes.is_empty() {
        database.run_command(doc! { "createIndexes": collection, "indexes": indexes.clone() }).await?;
    }
    Ok(())
}

fn exists(error: &Error) -> bool {
    matches!(error.kind.as_ref(), ErrorKind::Command(refusal) if refusal.code == NAMESPACE_EXISTS)
}
