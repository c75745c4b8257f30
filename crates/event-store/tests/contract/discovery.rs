//! SPEC.md §8: what clients ask before they begin.

use crate::harness::{Server, all_of, connect, new_events};

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_1_a_client_may_discover_the_server_as_a_cluster_of_one() {
    let server = Server::start().await;
    let port = server.port;
    for url in [
        format!("esdb+discover://127.0.0.1:{port}?tls=false&discoveryInterval=10"),
        format!("esdb://127.0.0.1:{port},127.0.0.1:{port}?tls=false&discoveryInterval=10&nodePreference=leader"),
    ] {
        let client = connect(&url);
        client.append_to_stream("a", &Default::default(), new_events(1)).await.unwrap();
    }
    let read = server.client.read_stream("a", &Default::default()).await;
    assert_eq!(all_of(read.unwrap()).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_2_the_server_says_what_it_can_do_and_nothing_more() {
    let server = Server::start().await;
    // The client asks for the feature list before it opens a batch, and believes it.
    assert!(server.client.batch_append(&Default::default()).await.is_ok());
    let version = server.client.server_info().await.unwrap().version();
    assert_eq!((version.major(), version.minor()), (24, 2));
}
