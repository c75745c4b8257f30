//! What delivery costs while many others are online: messages in a channel of twenty, all of them online, beside
//! sockets of people who do not belong to it.

use std::time::{Duration, Instant};

use serde_json::json;
use uuid::Uuid;

use super::history::{Place, SMALL_MEMBERS};
use super::{Costs, Scale};
use crate::cpu;
use crate::line::Lines;
use crate::report::Report;
use crate::seeds::{TEXT, person};
use crate::tokens::Signer;
use crate::volley::volley;

/// Messages on their way at a time.
const OUTSTANDING: usize = 8;
/// One round.
const LENGTH: Duration = Duration::from_secs(2);
/// Confab counts as idle when it uses less than this share of a core for a second.
const IDLE: f64 = 0.1;
/// It may take so long to become idle after many have come.
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn measure(place: &Place, scale: &Scale, report: &mut Report) {
    let (signer, mut lines, mut costs) = (Signer::of(&place.server.data_dir), Lines::new(), Costs::default());
    for size in scale.bystanders {
        for number in lines.len()..SMALL_MEMBERS + size {
            lines.open(&place.server.address, "/v1/realtime", Some(&signer.token(person(number))));
        }
        become_idle(place, &mut lines);
        for run in 0..=scale.runs {
            let cost = cost(place, &mut lines);
            if run > 0 {
                costs.note(*size, cost);
            }
        }
    }
    costs.tell("CPU of a message to 20 online", "other sockets online", "µs", 0.03, report);
}

/// Processor time of a message, microseconds, without what the idle sockets cost in the same time.
fn cost(place: &Place, lines: &mut Lines) -> f64 {
    let processes = place.server.processes();
    let using = |start: Duration| (cpu::used(&processes) - start).as_secs_f64();
    let (before, start) = (cpu::used(&processes), Instant::now());
    lines.listen(LENGTH);
    let idle = using(before) / start.elapsed().as_secs_f64();
    let (before, start) = (cpu::used(&processes), Instant::now());
    let compose =
        || json!({ "type": "send", "id": Uuid::now_v7(), "conversation": place.small, "text": TEXT }).to_string();
    let volley = volley(lines, SMALL_MEMBERS, OUTSTANDING, LENGTH, compose);
    let used = using(before) - idle * start.elapsed().as_secs_f64();
    used * 1e6 / volley.messages as f64
}

/// Waits until those who came are known to be here, and nothing is left to do about it.
fn become_idle(place: &Place, lines: &mut Lines) {
    let (processes, start) = (place.server.processes(), Instant::now());
    loop {
        let before = cpu::used(&processes);
        lines.listen(Duration::from_secs(1));
        if (cpu::used(&processes) - before).as_secs_f64() < IDLE || start.elapsed() > PATIENCE {
            return;
        }
    }
}
