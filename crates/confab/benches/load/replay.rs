//! How fast empty read models catch up with the whole log.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::crowd::Crowd;
use crate::server::Server;

/// Events replayed into how many seconds.
pub struct Replay {
    pub events: u64,
    pub seconds: f64,
}

/// Starts again with empty read models; the clock runs from the process being ready until a read that waits for the
/// newest position succeeds. Start-up overlaps with replay, so the figure is a lower bound.
pub async fn run(server: &mut Server, crowd: &Crowd) -> Replay {
    let newest = crowd.newest.load(Ordering::Relaxed);
    let events = count(server, crowd).await;
    let start = Instant::now();
    server.restart_without_views();
    let http = reqwest::Client::new();
    loop {
        let request = http
            .get(format!("http://{}/v1/channels", server.address))
            .header("Confab-Min-Position", newest)
            .bearer_auth(&crowd.tokens[0]);
        if request.send().await.is_ok_and(|answer| answer.status().is_success())
            && all_read(server, crowd, newest).await
        {
            return Replay { events, seconds: start.elapsed().as_secs_f64() };
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Whether the messages are there too; their view is the longest.
async fn all_read(server: &Server, crowd: &Crowd, newest: u64) -> bool {
    let http = reqwest::Client::new();
    let channel = &crowd.channels[0];
    let url = format!("http://{}/v1/conversations/{channel}/messages?limit=1", server.address);
    let request = http.get(url).header("Confab-Min-Position", newest).bearer_auth(&crowd.tokens[0]);
    request.send().await.is_ok_and(|answer| answer.status().is_success())
}

/// Messages of all channels: what is left of the count are a few hundred facts about people and channels.
async fn count(server: &Server, crowd: &Crowd) -> u64 {
    let http = reqwest::Client::new();
    let mut messages = 0;
    for channel in &crowd.channels {
        let mut before = u64::MAX >> 11;
        loop {
            let url =
                format!("http://{}/v1/conversations/{}/messages?limit=100&before={before}", server.address, channel);
            let page: Value = http.get(url).bearer_auth(&crowd.tokens[0]).send().await.unwrap().json().await.unwrap();
            messages += page["items"].as_array().map_or(0, Vec::len) as u64;
            match page["before"].as_u64() {
                Some(next) => before = next,
                None => break,
            }
        }
    }
    messages
}
