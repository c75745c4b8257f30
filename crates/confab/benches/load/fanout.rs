//! Fan-out: 1,000 people with a socket each in one channel, beside a bare `ws` broadcast server with as many sockets,
//! in turn. The same thread counts what comes from both, and the frames have the same bytes. Confab does more for a
//! message: it checks who may post and who may read, fsyncs it, keeps it for those who come back, and writes documents
//! of it; `ws` hands on what comes.

mod peer;

use std::time::Duration;

use events::ConversationId;
use serde_json::json;
use uuid::Uuid;

use crate::cpu;
use crate::line::Lines;
use crate::probes;
use crate::ratios::Spread;
use crate::report::Report;
use crate::seeds::{Seeds, TEXT, person};
use crate::server::{self, Server};
use crate::tokens::Signer;
use crate::volley::volley;
use peer::Peer;

/// Sockets of each server.
const SOCKETS: usize = 1_000;
/// After joining, nothing may come for so long before it begins.
const QUIET: Duration = Duration::from_millis(500);

/// One of the two, with its sockets.
struct Side {
    lines: Lines,
    processes: Vec<u32>,
    compose: Box<dyn Fn() -> String>,
}

/// What one round gave.
#[derive(Default)]
struct Figures {
    /// Deliveries per second.
    rates: Vec<f64>,
    /// Milliseconds until the first socket has a message.
    first: Vec<f64>,
    /// Processor time of a delivery, microseconds: the server's, and the counting thread's.
    server_cpu: Vec<f64>,
    counting_cpu: Vec<f64>,
}

pub async fn run(pairs: usize, length: Duration, report: &mut Report) {
    report.probe("before", probes::run());
    let folder = server::empty_folder("fanout");
    Seeds::sow(&folder).await.people(0, SOCKETS).await;
    let (mut server, peer) = (Server::start_in(folder), Peer::start());
    let mut confab = confab(&server);
    let mut ws = ws(&peer, confab.lines.sample(0, &(confab.compose)()));
    for side in [&mut confab, &mut ws] {
        side.lines.settle(QUIET);
    }
    for (outstanding, goal) in [(1, 0.8), (20, 3.0)] {
        let (mut ours, mut theirs) = (Figures::default(), Figures::default());
        for pair in 0..=pairs {
            for (side, figures) in [(&mut confab, &mut ours), (&mut ws, &mut theirs)] {
                // The first pair warms up.
                side.round(outstanding, length, (pair > 0).then_some(figures));
            }
        }
        tell(outstanding, goal, &ours, &theirs, report);
        report.probe("after", probes::run());
    }
    server.stop();
}

fn confab(server: &Server) -> Side {
    let (signer, mut lines) = (Signer::of(&server.data_dir), Lines::new());
    for number in 0..SOCKETS {
        lines.open(&server.address, "/v1/realtime", Some(&signer.token(person(number))));
    }
    lines.settle(QUIET);
    let conversation = ConversationId::general();
    let compose =
        move || json!({ "type": "send", "id": Uuid::now_v7(), "conversation": conversation, "text": TEXT }).to_string();
    Side { lines, processes: server.processes(), compose: Box::new(compose) }
}

/// The frame that Confab sends is what goes through `ws`.
fn ws(peer: &Peer, frame: String) -> Side {
    let mut lines = Lines::new();
    (0..SOCKETS).for_each(|_| lines.open(&peer.address, "/", None));
    Side { lines, processes: peer.processes(), compose: Box::new(move || frame.clone()) }
}

impl Side {
    fn round(&mut self, outstanding: usize, length: Duration, figures: Option<&mut Figures>) {
        let before = (cpu::used(&self.processes), cpu::used(&[std::process::id()]));
        let volley = volley(&mut self.lines, SOCKETS, outstanding, length, &self.compose);
        let after = (cpu::used(&self.processes), cpu::used(&[std::process::id()]));
        let Some(figures) = figures else { return };
        let deliveries = (volley.messages * SOCKETS) as f64;
        figures.rates.push(deliveries / volley.seconds);
        figures.first.push(Spread::of(volley.first).median);
        figures.server_cpu.push(1e6 * (after.0 - before.0).as_secs_f64() / deliveries);
        figures.counting_cpu.push(1e6 * (after.1 - before.1).as_secs_f64() / deliveries);
    }
}

fn tell(outstanding: usize, goal: f64, ours: &Figures, theirs: &Figures, report: &mut Report) {
    let name = |what: &str| format!("fan-out to {SOCKETS}, {outstanding} outstanding: {what}");
    let ratio = Spread::of_pairs(&ours.rates, &theirs.rates);
    report.ratio(&name("Confab / ws"), ratio, Some((&format!("≥ {goal}"), ratio.median >= goal)));
    for (who, figures) in [("Confab", ours), ("ws", theirs)] {
        let median = |figures: &[f64]| Spread::of(figures.iter().copied()).median;
        report.figure(&name(&format!("{who}, deliveries")), median(&figures.rates), "/s", None);
        if outstanding == 1 {
            report.figure(&name(&format!("{who}, until the first has it")), median(&figures.first), "ms", None);
        }
        report.figure(&name(&format!("{who}, CPU of a delivery")), median(&figures.server_cpu), "µs", None);
        report.figure(&name(&format!("{who}, counting it")), median(&figures.counting_cpu), "µs", None);
    }
}
