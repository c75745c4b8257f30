//! Costs that must not grow: sending in the length of a channel's history and in its absent members, delivery in sockets
//! that are not concerned, a page of history in depth, opening the app in the size of the organisation. Every cost is
//! measured at several sizes in turn, and a slope fitted to all of it.

mod browser;
mod delivery;
mod history;
mod opening;
mod sending;

use std::time::Duration;

use crate::fits::Slope;
use crate::probes;
use crate::report::Report;

/// How large everything is made, and how often it is measured.
pub struct Scale {
    /// Messages in the histories of channels.
    pub histories: &'static [usize],
    /// Members of channels, nearly all of them absent.
    pub members: &'static [usize],
    /// Sockets of people who are not concerned.
    pub bystanders: &'static [usize],
    /// People of an organisation.
    pub people: &'static [usize],
    /// Runs of every size; one more goes before them and does not count.
    pub runs: usize,
    /// How long pages of history are asked for at a steady rate.
    pub pages_for: Duration,
}

pub const FULL: Scale = Scale {
    histories: &[1_000, 10_000, 100_000, 1_000_000],
    members: &[10, 100, 1_000, 10_000],
    bystanders: &[10, 100, 1_000, 10_000],
    people: &[100, 1_000, 10_000, 100_000],
    runs: 7,
    pages_for: Duration::from_secs(20),
};

pub const QUICK: Scale = Scale {
    histories: &[100, 1_000, 10_000],
    members: &[10, 100, 1_000],
    bystanders: &[10, 100, 1_000],
    people: &[100, 1_000, 10_000],
    runs: 2,
    pages_for: Duration::from_secs(3),
};

pub async fn run(scale: &Scale, report: &mut Report) {
    report.probe("before", probes::run());
    let mut place = history::Place::make(scale, report).await;
    sending::measure(&mut place, scale, report).await;
    report.probe("between", probes::run());
    history::measure(&place, scale, report).await;
    delivery::measure(&place, scale, report).await;
    place.server.stop();
    report.probe("between", probes::run());
    opening::measure(scale, report).await;
    report.probe("after", probes::run());
}

/// Costs at the sizes they were measured at.
#[derive(Default)]
struct Costs {
    points: Vec<(f64, f64)>,
}

impl Costs {
    fn note(&mut self, size: usize, cost: f64) {
        self.points.push((size as f64, cost));
    }

    /// A row with the median cost at every size, and one with the slope.
    fn tell(&self, what: &str, of: &str, unit: &str, gate: f64, report: &mut Report) {
        let mut sizes: Vec<usize> = self.points.iter().map(|(size, _)| *size as usize).collect();
        sizes.sort_unstable();
        sizes.dedup();
        for size in sizes {
            let costs = self.points.iter().filter(|(at, _)| *at as usize == size).map(|(_, cost)| *cost);
            let median = crate::ratios::Spread::of(costs).median;
            report.figure(&format!("{what}, {size} {of}"), median, unit, None);
        }
        let slope = Slope::of(&self.points);
        report.slope(&format!("{what}, in {of}"), slope, (&format!("≤ {gate}"), slope.slope <= gate));
    }
}
