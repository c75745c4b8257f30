//! Durable appends per second, the store and the engines in turn, each behind the same kind of queue.

use std::path::Path;
use std::time::Duration;

use event_store::{EventStore, Options};

use crate::appends::{Round, Target, microseconds, run};
use crate::engines;
use crate::probes;
use crate::queue::Queue;
use crate::ratios::Spread;
use crate::report::Report;

/// Between two of them, so that the work one does afterwards falls into no other's time.
const PAUSE: Duration = Duration::from_millis(30);
/// Many short rounds: what else the machine does then meets all of them alike.
const ROUND: Duration = Duration::from_millis(300);
const ROUNDS: usize = 24;

struct Row {
    name: &'static str,
    target: Option<Target>,
    rounds: Vec<Round>,
}

/// Rows for 1, 16 and 256 writers.
pub(crate) async fn measure(folder: &Path, quick: bool, report: &mut Report) {
    let rounds = if quick { 2 } else { ROUNDS };
    let store = EventStore::open(Options::new(folder.join("store"))).unwrap();
    let mut rows = vec![Row::of("the store", Some(Target::Store(store))), Row::of("bare fdatasync, no queue", None)];
    for engine in engines::all(folder) {
        rows.push(Row::of(engine.name(), Some(Target::Engine(Queue::before(engine)))));
    }
    for writers in [1, 16, 256] {
        // Without a queue there are no groups to compare.
        let fits = |row: &&mut Row| row.target.is_some() || writers == 1;
        for number in 0..=rounds {
            for row in rows.iter_mut().filter(fits) {
                let round = match &row.target {
                    Some(target) => run(target, writers, ROUND).await,
                    None => probes::fdatasync(folder, ROUND),
                };
                // The first round warms up.
                if number > 0 {
                    row.rounds.push(round);
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        show(writers, &rows, report);
        rows.iter_mut().for_each(|row| row.rounds.clear());
    }
}

fn show(writers: usize, rows: &[Row], report: &mut Report) {
    let measured: Vec<&Row> = rows.iter().filter(|row| !row.rounds.is_empty()).collect();
    for row in &measured {
        let mut took = microseconds();
        row.rounds.iter().for_each(|round| took.add(&round.took).unwrap());
        report.rate(&format!("{writers:>3} writers, {}", row.name), &row.rates(), &took);
    }
    let ours = measured[0].rates();
    for row in &measured[1..] {
        let ratio = Spread::of_pairs(&ours, &row.rates());
        let bare = row.target.is_none();
        let goal = (writers == 1 && bare).then_some(("≥ 0.7", ratio.median >= 0.7));
        report.ratio(&format!("{writers:>3} writers, the store / {}", row.name), ratio, goal);
    }
    let engines = measured[1..].iter().filter(|row| row.is_engine());
    let Some(best) = engines.max_by(|one, other| one.median().total_cmp(&other.median())) else {
        return;
    };
    let ratio = Spread::of_pairs(&ours, &best.rates());
    let goal = (writers == 256).then_some(("≥ 0.8", ratio.median >= 0.8));
    report.ratio(&format!("{writers:>3} writers, the store / best engine, {}", best.name), ratio, goal);
}

impl Row {
    fn of(name: &'static str, target: Option<Target>) -> Self {
        Self { name, target, rounds: Vec::new() }
    }

    fn rates(&self) -> Vec<f64> {
        self.rounds.iter().map(|round| round.rate).collect()
    }

    fn median(&self) -> f64 {
        Spread::of(self.rates()).median
    }

    /// Whether it can find an event again.
    fn is_engine(&self) -> bool {
        !self.name.contains("fdatasync")
    }
}
