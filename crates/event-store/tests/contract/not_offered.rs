//! SPEC.md §8: whatever is not about streams is refused in plain words, at once.

use eventstore::operations::Client as OperationsClient;
use eventstore::{
    DeletePersistentSubscriptionOptions, Error, GetPersistentSubscriptionInfoOptions,
    ListPersistentSubscriptionsOptions, PersistentSubscriptionOptions, PersistentSubscriptionToAllOptions,
    ProjectionClient, ReplayParkedMessagesOptions, RestartPersistentSubscriptionSubsystem,
    SubscribeToPersistentSubscriptionOptions,
};
use tonic::Code;

use crate::harness::{Server, soon};
use crate::raw;

fn unsupported<T>(what: &str, outcome: eventstore::Result<T>) {
    assert!(matches!(outcome, Err(Error::UnsupportedFeature)), "{what}: {:?}", outcome.err());
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_3_persistent_subscriptions_are_unimplemented() {
    let server = Server::start().await;
    let client = &server.client;
    let (group, change) = (PersistentSubscriptionOptions::default(), PersistentSubscriptionToAllOptions::default());
    unsupported("create", soon(client.create_persistent_subscription("a", "g", &group)).await);
    unsupported("create to all", soon(client.create_persistent_subscription_to_all("g", &change)).await);
    unsupported("update", soon(client.update_persistent_subscription("a", "g", &group)).await);
    unsupported("update to all", soon(client.update_persistent_subscription_to_all("g", &change)).await);
    let delete = DeletePersistentSubscriptionOptions::default();
    unsupported("delete", soon(client.delete_persistent_subscription("a", "g", &delete)).await);
    let subscribe = SubscribeToPersistentSubscriptionOptions::default();
    let subscribed = soon(client.subscribe_to_persistent_subscription("a", "g", &subscribe)).await;
    unsupported("subscribe", subscribed.map(drop));
}

/// Where the feature list does not name them, the client asks for these over HTTP, which is not spoken here.
#[tokio::test(flavor = "multi_thread")]
async fn rule_8_3_what_a_client_asks_over_http_fails_at_once() {
    let server = Server::start().await;
    let client = &server.client;
    let list = ListPersistentSubscriptionsOptions::default();
    assert!(soon(client.list_all_persistent_subscriptions(&list)).await.is_err());
    let one = GetPersistentSubscriptionInfoOptions::default();
    assert!(soon(client.get_persistent_subscription_info("a", "g", &one)).await.is_err());
    let replay = ReplayParkedMessagesOptions::default();
    assert!(soon(client.replay_parked_messages("a", "g", &replay)).await.is_err());
    let restart = RestartPersistentSubscriptionSubsystem::default();
    assert!(soon(client.restart_persistent_subscription_subsystem(&restart)).await.is_err());
    server.fill("a", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_3_projections_users_and_operations_are_unimplemented() {
    let server = Server::start().await;
    let settings: eventstore::ClientSettings = server.url().parse().unwrap();
    let projections = ProjectionClient::new(settings.clone());
    unsupported("create", soon(projections.create("p", "fromAll()".into(), &Default::default())).await);
    unsupported("delete", soon(projections.delete("p", &Default::default())).await);
    unsupported("list", soon(projections.list(&Default::default())).await.map(drop));
    let operations = OperationsClient::new(settings);
    unsupported("merge", soon(operations.merge_indexes(&Default::default())).await);
    unsupported("shut down", soon(operations.shutdown(&Default::default())).await);
    unsupported("scavenge", soon(operations.start_scavenge(1, 0, &Default::default())).await.map(drop));
    let options = Default::default();
    unsupported("create user", soon(operations.create_user("ann", "x", "Ann", Vec::new(), &options)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_3_every_other_service_is_unimplemented_in_plain_words() {
    let server = Server::start().await;
    for path in [
        "/event_store.client.users.Users/Create",
        "/event_store.client.operations.Operations/StartScavenge",
        "/event_store.client.projections.Projections/Create",
        "/event_store.client.persistent_subscriptions.PersistentSubscriptions/Read",
        "/event_store.client.monitoring.Monitoring/Stats",
        "/kurrentdb.protocol.v2.streams.StreamsService/AppendSession",
        "/nothing",
    ] {
        let status = raw::call(server.port, path, &[]).await;
        assert_eq!(status.code(), Code::Unimplemented, "{path}");
        assert!(status.message().contains("streams only"), "{path}: {status:?}");
    }
}
