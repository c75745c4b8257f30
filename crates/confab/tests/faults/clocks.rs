//! Clocks that are an hour apart, and one that is put back: order is by position, so nobody can tell but by the times that
//! are shown.

use std::time::Duration;

use events::Timestamp;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::cluster::{Cluster, Person, Service, post};
use crate::listener::{Wishes, listen};

const MESSAGES: usize = 60;
const HOUR_MS: i64 = 3_600_000;

/// Sends until there is an answer, as clients do, and gives the position.
async fn say(address: std::net::SocketAddr, by: &Person, channel: &str, id: Uuid) -> u64 {
    let (path, body) = (format!("/v1/conversations/{channel}/messages"), json!({ "id": id, "text": "tick" }));
    for _ in 0..200 {
        match post(address, &by.token, &path, &body).await {
            Some((200 | 201, answer)) => return answer["position"].as_u64().unwrap(),
            Some((503, _)) | None => sleep(Duration::from_millis(50)).await,
            Some(other) => panic!("{other:?}"),
        }
    }
    panic!("nothing was said");
}

async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}");
        sleep(Duration::from_millis(50)).await;
    }
}

fn moment(message: &Value) -> i64 {
    serde_json::from_value::<Timestamp>(message["posted_at"].clone()).unwrap().unix_ms()
}

#[tokio::test(flavor = "multi_thread")]
async fn order_holds_with_clocks_an_hour_apart() {
    let mut cluster = Cluster::start("clocks").await;
    cluster.kill(Service::CommandApi);
    cluster.start_service_with(Service::CommandApi, Some("+1h"));
    let on_time = cluster.start_another_command_api();
    cluster.ready().await;
    let (ann, bob) = (cluster.register("Ann").await, cluster.register("Bob").await);
    let channel = json!({ "kind": "channel", "name": "clocks" });
    let (_, channel) = cluster.post(&ann.token, "/v1/conversations", &channel).await.unwrap();
    let channel = channel["id"].as_str().unwrap().to_owned();
    let joined = cluster.post(&bob.token, &format!("/v1/conversations/{channel}/join"), &json!({})).await;
    assert_eq!(joined.unwrap().0, 200);
    let (shown, listening) = listen(cluster.realtime(), bob.clone(), Wishes::default());

    let mut said = Vec::new();
    for n in 0..MESSAGES {
        if n % 20 == 0 {
            let clock = [None, Some("-1h"), Some("+1h")][n / 20];
            cluster.kill(Service::EventStore);
            cluster.start_service_with(Service::EventStore, clock);
        }
        let (node, id) = (if n % 2 == 0 { cluster.commands() } else { on_time }, Uuid::now_v7());
        said.push((say(node, &ann, &channel, id).await, id.to_string()));
    }
    assert!(said.is_sorted_by(|one, next| one.0 < next.0), "positions only grow: {said:?}");

    let path = format!("/v1/conversations/{channel}");
    let page = until("the messages are read", async || {
        let (status, page) = cluster.get(&bob, &format!("{path}/messages?limit=100")).await;
        (status == 200 && page["items"].as_array().unwrap().len() == MESSAGES).then_some(page)
    });
    let messages = page.await["items"].as_array().unwrap().clone();
    let read: Vec<(u64, String)> = messages
        .iter()
        .map(|message| (message["position"].as_u64().unwrap(), message["id"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(read, said, "read as they were said");
    let jumps: Vec<i64> =
        messages.windows(2).map(|pair| (moment(&pair[1]) - moment(&pair[0])) / (HOUR_MS / 60)).collect();
    assert!(jumps.iter().any(|minutes| *minutes < -50) && jumps.iter().any(|minutes| *minutes > 100), "{jumps:?}");
    until("all is heard", async || (shown.lock().unwrap().len() == MESSAGES).then_some(())).await;
    assert_eq!(*shown.lock().unwrap(), said, "heard as they were said");
    listening.abort();

    let read_up_to = json!({ "position": said[39].0 });
    let put =
        reqwest::Client::new().put(format!("http://{on_time}{path}/read")).bearer_auth(&bob.token).json(&read_up_to);
    assert_eq!(put.send().await.unwrap().status(), 200);
    until("twenty are new", async || (cluster.get(&bob, &path).await.1["unread_count"] == 20).then_some(())).await;
}
