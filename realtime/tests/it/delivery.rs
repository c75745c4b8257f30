//! Who gets what, once and in order.

use std::time::Duration;

use async_nats::jetstream;
use events::{
    ConversationEvent, ConversationId, Pointers, Position, ProfileEvent, ReceiptEvent, StreamName, UserId, Visibility,
};
use serde_json::json;
use uuid::Uuid;

use crate::backstage::publish;
use crate::world::{ANN, BOB, CAT, ROOM, World};

const A_WHILE: Duration = Duration::from_millis(400);

#[tokio::test(flavor = "multi_thread")]
async fn a14_b13_d08_members_on_all_nodes_get_each_message_once_in_order_and_others_get_none() {
    let world = World::new().await;
    let (one, other) = (world.node(&[]).await, world.node(&[]).await);
    let (mut ann, mut bob) = (world.client(&one, ANN).await, world.client(&other, BOB).await);
    let (mut anns_tablet, mut cat) = (world.client(&other, ANN).await, world.client(&one, CAT).await);
    let texts: Vec<String> = (0..50).map(|n| n.to_string()).collect();
    for text in &texts {
        world.post(ROOM, ANN, text).await;
    }
    for client in [&mut ann, &mut bob, &mut anns_tablet] {
        assert_eq!(client.texts(50).await, texts);
        client.silent_for(A_WHILE).await;
    }
    cat.silent_for(A_WHILE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_one_person_or_for_everybody_goes_there() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let (mut ann, mut cat) = (world.client(&node, ANN).await, world.client(&node, CAT).await);
    let read = ReceiptEvent::ReadUpTo(Pointers { delivered: Position(2), read: Position(2), ..Pointers::default() });
    world.append(&StreamName::receipt(ROOM, ANN), vec![read]).await;
    world.append(&StreamName::profile(CAT), vec![ProfileEvent::ProfileCreated { name: "Cat".into() }]).await;
    assert_eq!(ann.frame().await["event"]["type"], "read_up_to");
    assert_eq!(ann.frame().await["event"]["user"]["name"], "Cat");
    assert_eq!(cat.frame().await["event"]["type"], "profile_created");
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_and_leaving_cut_exactly_at_their_positions() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let mut cat = world.client(&node, CAT).await;
    world.post(ROOM, ANN, "before").await;
    world.changed(ROOM, ConversationEvent::MemberJoined { user: CAT }).await;
    world.post(ROOM, ANN, "while").await;
    world.changed(ROOM, ConversationEvent::MemberRemoved { user: CAT, by: ANN }).await;
    world.post(ROOM, ANN, "after").await;
    assert_eq!(cat.frame().await["event"]["type"], "member_joined");
    assert_eq!(cat.texts(1).await, ["while"]);
    assert_eq!(cat.frame().await["event"]["type"], "member_left");
    cat.silent_for(A_WHILE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_founded_while_online_reaches_its_members() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let (mut bob, mut cat) = (world.client(&node, BOB).await, world.client(&node, CAT).await);
    let direct = ConversationId::direct(&[ANN, BOB]);
    world.changed(direct, ConversationEvent::DirectOpened { members: vec![ANN, BOB], creator: ANN }).await;
    world.post(direct, ANN, "psst").await;
    assert_eq!(bob.frame().await["event"]["conversation"]["kind"], "direct");
    assert_eq!(bob.texts(1).await, ["psst"]);
    let group = ConversationId::new(Uuid::from_u128(77));
    let members = vec![ANN, CAT];
    world.changed(group, ConversationEvent::GroupCreated { members, creator: ANN }).await;
    world.post(group, ANN, "us").await;
    assert_eq!(cat.texts(1).await, ["us"], "a group's founding has no public form, yet its members are known");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channels_creator_sees_it_created() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let mut cat = world.client(&node, CAT).await;
    let channel = ConversationId::new(Uuid::from_u128(78));
    let founded = ConversationEvent::ChannelCreated {
        name: "cats".into(),
        visibility: Visibility::Public,
        topic: None,
        description: None,
        creator: CAT,
    };
    let joined = ConversationEvent::MemberJoined { user: CAT };
    world.append(&StreamName::conversation(channel), vec![founded, joined]).await;
    assert_eq!(cat.frame().await["event"]["conversation"]["name"], "cats");
    assert_eq!(cat.frame().await["event"]["type"], "member_joined");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nats_lost_is_read_from_the_event_store_first() {
    let world = World::without_relay().await;
    let node = world.node(&[]).await;
    let mut bob = world.client(&node, BOB).await;
    let start = world.log.head().await.unwrap();
    for text in ["1", "2", "3", "4", "5"] {
        world.post(ROOM, ANN, text).await;
    }
    let facts = world.log.read_all(vec!["message-".into()], start, 10).await.unwrap();
    let [first, second, third, _, fifth] = facts.as_slice() else { panic!("five facts") };
    let context = jetstream::new(async_nats::connect(world.nats.url()).await.unwrap());
    publish(&context, first, start).await;
    assert_eq!(bob.texts(1).await, ["1"]);
    // The second one never comes, and the third one says so. Then an old one comes again.
    publish(&context, third, second.position).await;
    publish(&context, second, first.position).await;
    assert_eq!(bob.texts(2).await, ["2", "3"]);
    // A stream that was begun anew names no predecessor.
    publish(&context, fifth, Position::START).await;
    assert_eq!(bob.texts(2).await, ["4", "5"]);
    bob.silent_for(A_WHILE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_relay_the_event_store_is_asked() {
    let world = World::without_relay().await;
    let node = world.node(&[]).await;
    let mut bob = world.client(&node, BOB).await;
    world.post(ROOM, ANN, "anyway").await;
    assert_eq!(bob.texts(1).await, ["anyway"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_is_closed_and_slows_nobody() {
    let world = World::new().await;
    let node = world.node(&[("CONFAB_SOCKET_QUEUE_BYTES", "200000")]).await;
    let mut slow = crate::client::Client::open_narrow(node.address).await;
    slow.hello(&world.token(BOB), None).await;
    let ready = slow.frame().await;
    let mut ann = world.client(&node, ANN).await;
    let text = "x".repeat(11_000);
    // Its kernel may hold a few megabytes for it.
    for _ in 0..90 {
        let burst = (0..10).map(|_| crate::world::posted(ROOM, ANN, &text)).collect();
        world.append(&StreamName::message(events::MessageId::new(Uuid::now_v7())), burst).await;
        assert_eq!(ann.texts(10).await.len(), 10);
    }
    // Bob reads again: what had left the server, and then the end; he comes back and has the rest.
    let mut got = 0_u64;
    let mut cursor = ready["cursor"].as_u64().unwrap();
    while let Ok(frame) = tokio::time::timeout(Duration::from_secs(3), slow.try_frame()).await {
        let Some(frame) = frame else { break };
        cursor = frame["cursor"].as_u64().unwrap();
        got += 1;
    }
    assert!(got < 900, "the slow socket was to be closed");
    let (mut again, _) = crate::client::Client::ready(node.address, &world.token(BOB), Some(cursor)).await;
    let missed = usize::try_from(900 - got).unwrap();
    assert_eq!(again.texts(missed).await.len(), missed);
    again.silent_for(A_WHILE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c05_e04_typing_reaches_the_other_members_now_and_then() {
    let world = World::new().await;
    let (one, other) = (world.node(&[]).await, world.node(&[]).await);
    let (mut ann, mut bob) = (world.client(&one, ANN).await, world.client(&other, BOB).await);
    let mut cat = world.client(&other, CAT).await;
    for _ in 0..5 {
        ann.say(json!({ "type": "typing", "conversation": ROOM })).await;
        cat.say(json!({ "type": "typing", "conversation": ROOM })).await;
    }
    assert_eq!(bob.frame().await, json!({ "type": "typing", "conversation": ROOM, "user": ANN }));
    bob.silent_for(A_WHILE).await;
    ann.silent_for(A_WHILE).await;
    cat.silent_for(A_WHILE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_what_is_for_somebody_who_has_no_socket() {
    let world = World::new().await;
    let node = world.node(&[]).await;
    let mut cat = world.client(&node, CAT).await;
    let direct = ConversationId::direct(&[ANN, UserId::new(Uuid::from_u128(9))]);
    let members = vec![ANN, UserId::new(Uuid::from_u128(9))];
    world.changed(direct, ConversationEvent::DirectOpened { members, creator: ANN }).await;
    world.post(direct, ANN, "secret").await;
    cat.silent_for(A_WHILE).await;
}
