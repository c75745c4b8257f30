//! Documents equal a fold from zero: whatever people did over HTTP and by socket, what the projector has put into MongoDB
//! is what the views make of the event store's facts.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::Duration;

use event_log::EventLog;
use events::Position;
use futures::TryStreamExt;
use mongodb::Database;
use mongodb::bson::{Document, deserialize_from_document, doc};
use read_model::{
    Activity, ActivityReads, Conversations, Drafts, Fold, Follows, Inboxes, Memberships, Messages, Notifications,
    Preferences, Saved, Users, View,
};

use crate::rig::Server;

/// More facts than any history here has.
const ALL: usize = 1_000_000;
/// How long the projector may take, and somebody's going offline.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where one server keeps what is compared.
struct Kept {
    log: EventLog,
    database: Database,
    seed: u64,
}

/// Every document of every view, once the projector has caught up.
pub async fn equal_a_fold(server: &Server, seed: u64) {
    let database = mongodb::Client::with_uri_str(&server.mongo).await.unwrap().database("confab");
    let kept = Kept { log: EventLog::connect(&server.event_store).unwrap(), database, seed };
    kept.equal::<Users>().await;
    kept.equal::<Conversations>().await;
    kept.equal::<Memberships>().await;
    kept.equal::<Messages>().await;
    kept.equal::<Follows>().await;
    kept.equal::<Inboxes>().await;
    kept.equal::<Preferences>().await;
    kept.equal::<Saved>().await;
    kept.equal::<Drafts>().await;
    kept.equal::<Notifications>().await;
    kept.equal::<Activity>().await;
    kept.equal::<ActivityReads>().await;
}

impl Kept {
    async fn equal<V: View<Doc: PartialEq + Debug>>(&self) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while let Some(difference) = self.difference::<V>().await {
            assert!(tokio::time::Instant::now() < deadline, "seed {}, {}: {difference}", self.seed, V::COLLECTION);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The first document that is not what a fold gives.
    async fn difference<V: View<Doc: PartialEq + Debug>>(&self) -> Option<String> {
        let mut fold = Fold::<V>::default();
        let facts = self.log.read_all(V::prefixes(), Position::START, ALL).await.unwrap();
        facts.iter().for_each(|fact| fold.apply(fact));
        let found = self.database.collection::<Document>(V::COLLECTION).find(doc! {}).await.unwrap();
        let found: Vec<Document> = found.try_collect().await.unwrap();
        let mut stored: BTreeMap<String, Document> =
            found.into_iter().map(|document| (document.get_str("_id").unwrap().to_owned(), document)).collect();
        for (key, expected) in fold.documents() {
            let Some(document) = stored.remove(&key.to_string()) else { return Some(format!("{key} is missing")) };
            let seen = document.get_i64("seen").unwrap();
            let document: V::Doc = deserialize_from_document(document).unwrap();
            if (u64::try_from(seen).unwrap(), &document) != (expected.seen.0, &expected.doc) {
                return Some(format!("{key} is {document:?} as of {seen}, and not {expected:?}"));
            }
        }
        stored.into_keys().next().map(|key| format!("nobody knows where {key} comes from"))
    }
}
