//! Opening the app in organisations of several sizes, each of them running: somebody with twenty channels of her own
//! asks for what a client asks for before it can show anything, people by the ids on screen, and opens her socket.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::Value;

use super::browser::Browser;
use super::{Costs, Scale};
use crate::line::Lines;
use crate::ratios::Spread;
use crate::report::Report;
use crate::seeds::{Seeds, channel, person};
use crate::server::{self, Server};
use crate::tokens::Signer;

/// Her own channels, people in each, and what they have said.
const CHANNELS: usize = 20;
const MEMBERS: usize = 20;
const MESSAGES: usize = 50;
/// Openings of one run.
const OPENINGS: usize = 15;

struct Organisation {
    size: usize,
    server: Server,
    browser: Browser,
}

pub async fn measure(scale: &Scale, report: &mut Report) {
    let mut organisations = Vec::new();
    for size in scale.people {
        organisations.push(Organisation::make(*size).await);
    }
    let mut costs = Costs::default();
    for run in 0..=scale.runs {
        for organisation in &organisations {
            let mut took = Vec::with_capacity(OPENINGS);
            for _ in 0..OPENINGS {
                took.push(organisation.open().await);
            }
            if run > 0 {
                costs.note(organisation.size, Spread::of(took).median);
            }
        }
    }
    costs.tell("opening the app", "people", "ms", 0.1, report);
    organisations.iter_mut().for_each(|organisation| organisation.server.stop());
}

impl Organisation {
    async fn make(size: usize) -> Self {
        let folder = server::empty_folder(&format!("opening-{size}"));
        let seeds = Seeds::sow(&folder).await;
        seeds.people(0, size).await;
        for number in 0..CHANNELS {
            seeds.channel(channel(number), &format!("own-{number}"), person(0)).await;
            seeds.join(channel(number), 0..MEMBERS).await;
            seeds.messages(channel(number), person(1), MESSAGES).await;
        }
        drop(seeds);
        let server = Server::start_in(folder);
        let browser = Browser::of(&server, person(0));
        let newest = browser.post(channel(0)).await;
        browser.reached(channel(0), newest).await;
        Self { size, server, browser }
    }

    /// Milliseconds until everything is there.
    async fn open(&self) -> f64 {
        let token = Signer::of(&self.server.data_dir).token(person(0));
        let start = Instant::now();
        let first = channel(0);
        for path in ["/v1/users/me", "/v1/conversations", "/v1/preferences"] {
            self.browser.get(path).await;
        }
        let messages = self.browser.get(&format!("/v1/conversations/{first}/messages?limit=50")).await;
        let members = self.browser.get(&format!("/v1/conversations/{first}/members?limit=100")).await;
        let shown: BTreeSet<String> = each(&messages, "author").chain(each(&members, "user")).collect();
        let ids = shown.into_iter().collect::<Vec<_>>().join(",");
        let named = self.browser.get(&format!("/v1/users?ids={ids}")).await;
        assert_eq!(each(&named, "id").count(), MEMBERS, "everybody on screen has a name");
        Lines::new().open(&self.server.address, "/v1/realtime", Some(&token));
        start.elapsed().as_secs_f64() * 1_000.0
    }
}

fn each<'a>(page: &'a Value, field: &'a str) -> impl Iterator<Item = String> + 'a {
    page["items"].as_array().unwrap().iter().map(move |item| item[field].as_str().unwrap().to_owned())
}
