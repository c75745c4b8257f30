//! Bad days, with the real processes: every service and engine alone, killed or stopped under load, and the invariants
//! checked afterwards from what clients were told, what the store holds, and what reads answer.
//!
//! Needs the service binaries beside the test: `cargo build --workspace --bins` (`cargo xtask test` does it).

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]
#![expect(unreachable_pub, reason = "the modules of one program have no outside")]

mod checks;
mod clocks;
mod cluster;
mod listener;
mod talker;

use std::time::Duration;

use cluster::{Cluster, Service};
use confab::engines::Kind;
use serde_json::json;
use talker::Talk;
use tokio::time::sleep;

/// How long people talk around a fault.
const TALK: Duration = Duration::from_secs(6);

/// Kills a service with -9 in the middle of talk, starts it again, and checks everything.
async fn survives_the_death_of(service: Service) {
    let mut cluster = Cluster::start(&format!("kill-{}", service.name())).await;
    let talk = Talk::start(&cluster, 4).await;
    sleep(TALK / 3).await;
    cluster.kill(service);
    sleep(Duration::from_millis(700)).await;
    cluster.start_service(service);
    sleep(TALK / 3).await;
    cluster.kill(service);
    cluster.start_service(service);
    sleep(TALK / 3).await;
    checks::all(&cluster, talk.finish().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_store_is_killed_under_load() {
    survives_the_death_of(Service::EventStore).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn command_api_is_killed_under_load() {
    survives_the_death_of(Service::CommandApi).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_projector_is_killed_under_load() {
    survives_the_death_of(Service::Projector).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn realtime_is_killed_under_load() {
    survives_the_death_of(Service::Realtime).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_mongodb_is_away_messages_are_accepted_and_arrive_live() {
    let cluster = Cluster::start("mongo-away").await;
    let talk = Talk::start(&cluster, 4).await;
    sleep(TALK / 3).await;
    cluster.engine(Kind::Mongo).stop().await;
    sleep(Duration::from_secs(1)).await;
    let heard = talk.heard();
    let answer = talk.post_now("said without MongoDB").await;
    assert_eq!(answer, 201, "a send does not need MongoDB");
    sleep(Duration::from_secs(1)).await;
    assert!(talk.heard() > heard, "delivery does not need MongoDB");
    let read = cluster.get(&talk.people[0], &format!("/v1/conversations/{}/messages", talk.channel)).await;
    assert_eq!((read.0, &read.1["code"]), (503, &json!("read_model_unavailable")));
    cluster.engine(Kind::Mongo).start().await.unwrap();
    sleep(TALK / 3).await;
    checks::all(&cluster, talk.finish().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nats_is_away_rest_accepts_and_nothing_is_lost() {
    let cluster = Cluster::start("nats-away").await;
    let talk = Talk::start(&cluster, 4).await;
    sleep(TALK / 3).await;
    cluster.engine(Kind::Nats).stop().await;
    sleep(Duration::from_secs(3)).await;
    assert_eq!(talk.post_now("said without NATS").await, 201, "a send over REST does not need NATS");
    assert!(talk.reconnects() > 0, "sockets are closed, so that clients say they are reconnecting");
    cluster.engine(Kind::Nats).start().await.unwrap();
    sleep(TALK / 2).await;
    checks::all(&cluster, talk.finish().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_comes_back_with_nothing() {
    let cluster = Cluster::start("nats-empty").await;
    let talk = Talk::start(&cluster, 4).await;
    sleep(TALK / 3).await;
    cluster.engine(Kind::Nats).stop().await;
    cluster.forget("nats");
    talk.post_now("said while NATS forgot everything").await;
    cluster.engine(Kind::Nats).start().await.unwrap();
    sleep(TALK / 2).await;
    checks::all(&cluster, talk.finish().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn read_models_that_were_lost_are_built_again() {
    let cluster = Cluster::start("mongo-empty").await;
    let talk = Talk::start(&cluster, 3).await;
    sleep(TALK / 3).await;
    cluster.engine(Kind::Mongo).stop().await;
    cluster.forget("mongo");
    cluster.engine(Kind::Mongo).start().await.unwrap();
    sleep(TALK / 3).await;
    checks::all(&cluster, talk.finish().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b20_a13_people_of_a_killed_realtime_node_go_offline() {
    let mut cluster = Cluster::start("node-death").await;
    let other_node = cluster.start_another_realtime();
    let talk = Talk::start(&cluster, 2).await;
    let mut watcher = listener::Watcher::open(other_node, &talk.people[0], &talk.people[1]).await;
    watcher.until("active", Duration::from_secs(10)).await;
    talk.stop_reconnecting();
    cluster.kill(Service::Realtime);
    watcher.until("offline", Duration::from_secs(45)).await;
    drop(talk);
}
