//! What it costs to send: the time to the acknowledgement, and processor time of all of Confab until the message can be
//! read, in channels that differ in nothing but their history or their absent members.

use std::time::Instant;

use events::ConversationId;
use futures::{StreamExt, stream};

use super::browser::Browser;
use super::history::Place;
use super::{Costs, Scale};
use crate::cpu;
use crate::ratios::Spread;
use crate::report::Report;
use crate::seeds::person;

/// Messages of one run whose acknowledgements are timed, one after the other.
const TIMED: usize = 60;
/// Messages of one run whose processor time is taken, and how many of them at a time.
const COUNTED: usize = 600;
const AT_ONCE: usize = 16;

pub async fn measure(place: &mut Place, scale: &Scale, report: &mut Report) {
    let browser = Browser::of(&place.server, person(0));
    for (of, channels) in [("messages of history", &place.histories), ("members, all but one absent", &place.members)] {
        let (mut times, mut cpu) = (Costs::default(), Costs::default());
        for run in 0..=scale.runs {
            for (size, channel) in channels {
                let (time, used) = (timed(&browser, *channel).await, counted(&browser, place, *channel).await);
                if run > 0 {
                    times.note(*size, time);
                    cpu.note(*size, used);
                }
            }
        }
        let gate = if channels == &place.histories { 0.03 } else { 0.05 };
        times.tell("send to acknowledgement", of, "ms", gate, report);
        cpu.tell("CPU of a message, views included", of, "µs", gate, report);
    }
}

/// Median time to an acknowledgement, milliseconds.
async fn timed(browser: &Browser, channel: ConversationId) -> f64 {
    let mut took = Vec::with_capacity(TIMED);
    for _ in 0..TIMED {
        let start = Instant::now();
        browser.post(channel).await;
        took.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    Spread::of(took).median
}

/// Processor time of a message, microseconds.
async fn counted(browser: &Browser, place: &Place, channel: ConversationId) -> f64 {
    let before = cpu::used(&place.server.processes());
    let sends = stream::iter(0..COUNTED).map(|_| browser.post(channel)).buffer_unordered(AT_ONCE);
    let newest = sends.fold(events::Position::START, async |newest, position| newest.max(position)).await;
    browser.reached(channel, newest).await;
    let used = cpu::used(&place.server.processes()) - before;
    used.as_secs_f64() * 1e6 / COUNTED as f64
}
