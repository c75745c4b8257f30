//! A place with channels of every length and of every size, and what a page out of the middle of a history costs.

use std::time::{Duration, Instant};

use events::{ConversationId, Position};
use uuid::Uuid;

use super::browser::Browser;
use super::{Costs, Scale};
use crate::probes;
use crate::ratios::Spread;
use crate::report::Report;
use crate::seeds::{Seeds, channel, person};
use crate::server::{self, Server};

/// Pages of one run at one size.
const PAGES: usize = 60;
/// Pages a second, when the latency counts and not the slope.
const RATE: u32 = 200;
/// Sizes have channels of their own from here on.
const HISTORIES: usize = 100;
const MEMBERS: usize = 200;
/// Where messages are delivered while others are online.
const SMALL: usize = 300;
/// Members of that channel.
pub const SMALL_MEMBERS: usize = 20;

/// The place, running, its views complete.
pub struct Place {
    pub server: Server,
    pub histories: Vec<(usize, ConversationId)>,
    pub members: Vec<(usize, ConversationId)>,
    pub small: ConversationId,
}

impl Place {
    pub async fn make(scale: &Scale, report: &mut Report) -> Self {
        let folder = server::empty_folder("costs");
        let start = Instant::now();
        let seeds = Seeds::sow(&folder).await;
        let most = scale.members.iter().chain(scale.bystanders).max().unwrap() + SMALL_MEMBERS;
        seeds.people(0, most).await;
        let histories = numbered(scale.histories, HISTORIES);
        let members = numbered(scale.members, MEMBERS);
        for (size, id) in &members {
            seeds.channel(*id, &format!("members-{size}"), person(0)).await;
            seeds.join(*id, 0..*size).await;
        }
        seeds.channel(channel(SMALL), "small", person(0)).await;
        seeds.join(channel(SMALL), 0..SMALL_MEMBERS).await;
        for (size, id) in &histories {
            seeds.channel(*id, &format!("history-{size}"), person(0)).await;
            seeds.join(*id, 0..2).await;
            seeds.messages(*id, person(1), *size).await;
        }
        drop(seeds);
        report.figure("the place: appended in", start.elapsed().as_secs_f64(), "s", None);
        let start = Instant::now();
        let server = Server::start_in(folder);
        let browser = Browser::of(&server, person(0));
        let newest = browser.post(channel(SMALL)).await;
        browser.reached(channel(SMALL), newest).await;
        report.figure("the place: started, views complete, in", start.elapsed().as_secs_f64(), "s", None);
        Self { server, histories, members, small: channel(SMALL) }
    }
}

fn numbered(sizes: &[usize], from: usize) -> Vec<(usize, ConversationId)> {
    sizes.iter().enumerate().map(|(index, size)| (*size, channel(from + index))).collect()
}

pub async fn measure(place: &Place, scale: &Scale, report: &mut Report) {
    let browser = Browser::of(&place.server, person(0));
    let mut ranges = Vec::new();
    for (size, id) in &place.histories {
        ranges.push((*size, *id, ends(&browser, *id).await));
    }
    let mut costs = Costs::default();
    for run in 0..=scale.runs {
        for (size, id, range) in &ranges {
            let mut took = Vec::with_capacity(PAGES);
            for _ in 0..PAGES {
                let start = Instant::now();
                page(&browser, *id, *range).await;
                took.push(start.elapsed().as_secs_f64() * 1_000.0);
            }
            if run > 0 {
                costs.note(*size, Spread::of(took).median);
            }
        }
    }
    costs.tell("a page of 50 at random depth", "messages", "ms", 0.03, report);
    let (size, id, range) = *ranges.last().unwrap();
    steady(&browser, id, range, size, scale.pages_for, report).await;
}

/// Positions of the first and the last message.
async fn ends(browser: &Browser, id: ConversationId) -> (Position, Position) {
    let position = |page: serde_json::Value| Position(page["items"][0]["position"].as_u64().unwrap());
    let first = browser.get(&format!("/v1/conversations/{id}/messages?after=0&limit=1")).await;
    let last = browser.get(&format!("/v1/conversations/{id}/messages?limit=1")).await;
    (position(first), position(last))
}

async fn page(browser: &Browser, id: ConversationId, (first, last): (Position, Position)) {
    let (chance, _) = Uuid::new_v4().as_u64_pair();
    let depth = first.0 + chance % (last.0 - first.0);
    let page = browser.get(&format!("/v1/conversations/{id}/messages?before={depth}&limit=50")).await;
    assert!(page["items"].is_array());
}

/// Pages at a steady rate, counted from when they were meant to be asked for.
async fn steady(
    browser: &Browser,
    id: ConversationId,
    range: (Position, Position),
    size: usize,
    length: Duration,
    report: &mut Report,
) {
    let start = tokio::time::Instant::now();
    let asked = (0..u64::from(RATE) * length.as_secs()).map(|number| {
        let (browser, intended) = (browser.clone(), start + Duration::from_secs(number) / RATE);
        tokio::spawn(async move {
            tokio::time::sleep_until(intended).await;
            page(&browser, id, range).await;
            intended.elapsed()
        })
    });
    let mut took = probes::microseconds();
    for asked in asked.collect::<Vec<_>>() {
        took.saturating_record(asked.await.unwrap().as_micros().try_into().unwrap());
    }
    let name = format!("a page of 50 at random depth of {size}, {RATE}/s");
    report.latency(&name, &took);
    let p99 = took.value_at_quantile(0.99) as f64 / 1_000.0;
    report.figure(&format!("{name}: p99"), p99, "ms", Some(("≤ 5 ms", p99 <= 5.0)));
}
