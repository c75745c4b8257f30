//! Registering: who may, who owns what, and who wins a race.

use std::collections::BTreeSet;

use events::{
    AccountEvent, Category, ConversationEvent, ConversationId, CredentialEvent, IdentifierEvent, Position, StreamName,
    UserId,
};
use futures::future::join_all;
use serde_json::{Value, json};
use sha2::Digest;

use crate::world::{World, newcomer};

#[tokio::test]
async fn b01_registers_with_email_and_password_and_signs_in() {
    let world = World::new().await;
    let answer = world.post("/v1/auth/register").body(newcomer("ann")).send().await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.text("/user/name"), "ann");
    assert_eq!(answer.text("/user/email"), "ann@example.org");
    assert_eq!(answer.text("/user/role"), "owner");
    assert_eq!(answer.body["expires_in"], 900);
    assert!(answer.position() > 0);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let body = json!({ "identifier": " ANN@example.org", "password": "correct horse" });
    let signed_in = world.post("/v1/auth/login").body(body).send().await;
    assert_eq!((signed_in.status, signed_in.text("/user/id")), (200, answer.text("/user/id")));
}

#[tokio::test]
async fn e01_registers_with_a_phone_number_and_signs_in_with_it() {
    let world = World::new().await;
    let body = json!({ "name": "Bob", "phone": "+31 6 1234 5678", "password": "correct horse" });
    let answer = world.post("/v1/auth/register").body(body).send().await;
    assert_eq!((answer.status, answer.text("/user/phone")), (201, "+31612345678".to_owned()));
    assert_eq!(answer.body["user"].get("email"), None);
    let body = json!({ "identifier": "+31(6)12345678", "password": "correct horse" });
    assert_eq!(world.post("/v1/auth/login").body(body).send().await.status, 200);
}

#[tokio::test]
async fn the_first_person_owns_the_workspace_and_everybody_joins_general() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let facts = world.facts::<ConversationEvent>(&StreamName::conversation(ConversationId::general())).await;
    let [created, joined_ann, joined_bob] = facts.as_slice() else { panic!("{facts:?}") };
    assert!(matches!(&created.event, ConversationEvent::ChannelCreated { name, creator, .. }
        if name == "general" && creator.to_string() == ann.id));
    let joined = [joined_ann, joined_bob].map(|fact| fact.event.clone());
    let user = |id: &str| id.parse::<UserId>().unwrap();
    let expected = [user(&ann.id), user(&bob.id)].map(|user| ConversationEvent::MemberJoined { user });
    assert_eq!(joined, expected);
    let account = world.facts::<AccountEvent>(&StreamName::account(user(&bob.id))).await;
    assert!(matches!(account[0].event, AccountEvent::AccountRegistered { role: events::Role::Member, .. }));
}

#[tokio::test]
async fn a17_the_password_is_stored_as_an_argon2id_hash_and_never_shown() {
    let world = World::new().await;
    let answer = world.post("/v1/auth/register").body(newcomer("ann")).send().await;
    let user: UserId = answer.text("/user/id").parse().unwrap();
    let facts = world.facts::<CredentialEvent>(&StreamName::credential(user)).await;
    let CredentialEvent::PasswordSet { phc } = &facts[0].event;
    assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
    assert!(!answer.body.to_string().contains("argon2"));
    let prefixes = Category::ALL.iter().map(|category| category.prefix()).collect();
    let everything = world.log.read_all(prefixes, Position::START, 10_000).await.unwrap();
    assert!(everything.iter().any(|fact| fact.stream.category() == Some(Category::Credential)));
    assert!(everything.iter().all(|fact| !format!("{:?}", fact.event).contains("correct horse")));
}

#[tokio::test]
async fn twenty_who_race_for_one_email_get_one_account() {
    let world = World::new().await;
    let race = (0..20).map(|_| world.post("/v1/auth/register").body(newcomer("ann")).send());
    let answers = join_all(race).await;
    let won = answers.iter().filter(|answer| answer.status == 201).count();
    let lost = answers.iter().filter(|answer| (answer.status, answer.code()) == (409, "email_taken")).count();
    assert_eq!((won, lost), (1, 19), "{answers:?}");
    let body = json!({ "identifier": "ann@example.org", "password": "correct horse" });
    assert_eq!(world.post("/v1/auth/login").body(body).send().await.status, 200);
}

#[tokio::test]
async fn many_who_register_at_once_all_get_in_and_one_of_them_owns_the_workspace() {
    let world = World::new().await;
    let people = join_all((0..12).map(|n| {
        let ask = world.post("/v1/auth/register").body(newcomer(&format!("person{n}")));
        ask.send()
    }))
    .await;
    assert!(people.iter().all(|answer| answer.status == 201), "{people:?}");
    assert_eq!(people.iter().filter(|answer| answer.text("/user/role") == "owner").count(), 1);
    let facts = world.facts::<ConversationEvent>(&StreamName::conversation(ConversationId::general())).await;
    let joined = facts.iter().filter_map(|fact| match &fact.event {
        ConversationEvent::MemberJoined { user } => Some(user.to_string()),
        _ => None,
    });
    let joined: BTreeSet<_> = joined.collect();
    assert_eq!(joined, people.iter().map(|answer| answer.text("/user/id")).collect());
}

#[tokio::test]
async fn a_registration_that_stopped_halfway_is_taken_up_by_the_next_one() {
    let world = World::new().await;
    let half = UserId::new(uuid::Uuid::now_v7());
    let stream = StreamName::email(&hex::encode(sha2::Sha256::digest("ann@example.org")));
    claim(&world, &stream, half).await;
    let answer = world.post("/v1/auth/register").body(newcomer("ann")).send().await;
    assert_eq!((answer.status, answer.text("/user/id")), (201, half.to_string()));
    world.post("/v1/auth/register").body(newcomer("ann")).refused(409, "email_taken").await;
}

async fn claim(world: &World, stream: &StreamName, owner: UserId) {
    let id = uuid::Uuid::now_v7();
    let metadata = events::Metadata { actor: None, session: None, correlation_id: id, causation_id: id };
    let event = IdentifierEvent::IdentifierClaimed { owner: owner.uuid() };
    let new = event_log::NewEvent { id, event, metadata };
    world.log.append(stream, event_log::Expected::NoStream, vec![new]).await.unwrap();
}

#[tokio::test]
async fn taken_identifiers_are_told_apart() {
    let world = World::new().await;
    let both =
        json!({ "name": "Ann", "email": "ann@example.org", "phone": "+31612345678", "password": "correct horse" });
    assert_eq!(world.post("/v1/auth/register").body(both).send().await.status, 201);
    let phone =
        json!({ "name": "Bob", "email": "bob@example.org", "phone": "+31612345678", "password": "correct horse" });
    world.post("/v1/auth/register").body(phone).refused(409, "phone_taken").await;
    world.post("/v1/auth/register").body(newcomer("ann")).refused(409, "email_taken").await;
    assert_eq!(
        world.post("/v1/auth/register").body(newcomer("bob")).send().await.status,
        201,
        "nothing was left claimed"
    );
}

#[tokio::test]
async fn a_repeat_under_the_same_key_finds_the_same_person() {
    let world = World::new().await;
    let register = |password: &str| {
        let mut body = newcomer("ann");
        body["password"] = Value::from(password);
        world.post("/v1/auth/register").header("idempotency-key", "first try").body(body)
    };
    let (first, again) = (register("correct horse").send().await, register("correct horse").send().await);
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.text("/user/id"), again.text("/user/id"));
    assert_ne!(first.text("/refresh_token"), again.text("/refresh_token"));
    register("another horse").refused(409, "email_taken").await;
}

#[tokio::test]
async fn repeats_that_overtake_each_other_find_the_same_person() {
    let world = World::new().await;
    let body = newcomer("ann");
    let repeats =
        (0..6).map(|_| world.post("/v1/auth/register").header("idempotency-key", "k").body(body.clone()).send());
    let answers = join_all(repeats).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.text("/user/id") == answers[0].text("/user/id")), "{answers:?}");
}
