//! What lies in the stores: validators, indexes, and no secrets where none belong.

use events::Position;
use mongodb::bson::{Document, doc};

use crate::rig::{PASSWORD, Person, server};

async fn database() -> mongodb::Database {
    mongodb::Client::with_uri_str(&server().mongo).await.unwrap().database("confab")
}

#[tokio::test]
async fn a19_a21_every_view_has_a_schema_and_indexes() {
    let ann = Person::register("Ann").await;
    ann.get("/v1/users/me").await.expect(200);
    let database = database().await;
    let mut names = Vec::new();
    for name in ["users", "conversations", "memberships", "messages"] {
        let collections = database.list_collection_names().await.unwrap();
        let collection = collections.iter().find(|found| found.starts_with(&format!("{name}_v"))).unwrap().clone();
        let options =
            database.run_command(doc! { "listCollections": 1, "filter": { "name": &collection } }).await.unwrap();
        assert!(format!("{options}").contains("$jsonSchema"), "{collection} has no validator");
        names.push(collection);
    }
    let refused = database.collection::<Document>(&names[3]).insert_one(doc! { "_id": "x", "text": 7 }).await;
    assert!(refused.is_err(), "a document of another shape must be refused");
    let messages = database.collection::<Document>(&names[3]).list_index_names().await.unwrap();
    assert!(messages.len() > 1, "{messages:?}");
}

#[tokio::test]
async fn a17_passwords_are_argon2id_and_only_in_their_own_stream() {
    let ann = Person::register("Ann").await;
    let log = event_log::EventLog::connect(&server().event_store).unwrap();
    let stream = events::StreamName::credential(ann.id.parse().unwrap());
    let history = log.read::<events::CredentialEvent>(&stream).await.unwrap();
    let events::CredentialEvent::PasswordSet { phc } = &history.events[0].event;
    assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");

    let database = database().await;
    for collection in database.list_collection_names().await.unwrap() {
        let mut cursor = database.collection::<Document>(&collection).find(doc! {}).await.unwrap();
        while cursor.advance().await.unwrap() {
            let document = format!("{:?}", cursor.current());
            assert!(!document.contains("$argon2id$") && !document.contains(PASSWORD), "{collection}");
        }
    }
}

#[tokio::test]
async fn a_request_id_travels_into_the_events_it_caused() {
    let ann = Person::register("Ann").await;
    let notes = ann.direct(&ann).await;
    let (request_id, id) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
    let asked = ann.request(reqwest::Method::POST, &format!("/v1/conversations/{notes}/messages"));
    let asked =
        asked.header("X-Request-Id", request_id.to_string()).json(&serde_json::json!({ "id": id, "text": "traced" }));
    let answer = crate::rig::send(asked).await;
    assert_eq!(answer.headers["x-request-id"], request_id.to_string());
    answer.expect(201);
    let log = event_log::EventLog::connect(&server().event_store).unwrap();
    let history =
        log.read::<events::MessageEvent>(&events::StreamName::message(events::MessageId::new(id))).await.unwrap();
    assert_eq!(history.events[0].metadata.correlation_id, request_id);
    assert_eq!(history.events[0].metadata.actor.map(|actor| actor.to_string()), Some(ann.id));
    assert!(history.events[0].position > Position::START);
}
