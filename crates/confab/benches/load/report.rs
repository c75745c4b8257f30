//! The table for people and the JSON for programs.

use std::path::Path;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::fits::Slope;
use crate::memory::PerSocket;
use crate::probes::Probe;
use crate::ratios::Spread;
use crate::replay::Replay;
use crate::rounds::Round;

/// Rows in the order they were measured.
#[derive(Default)]
pub struct Report {
    rows: Vec<(String, String)>,
    figures: Vec<Value>,
}

impl Report {
    pub fn probe(&mut self, when: &str, probe: Probe) {
        self.latency(&format!("fdatasync of 300 B, {when}"), &probe.fdatasync);
        self.latency(&format!("loopback round trip of 300 B, {when}"), &probe.loopback);
    }

    pub fn steady(&mut self, round: Round) {
        self.latency(&format!("send → ack at {}/s", round.rate), &round.acknowledged);
        self.latency(&format!("send → deliver at {}/s", round.rate), &round.delivered);
        self.row(
            &format!("lost at {}/s", round.rate),
            round.lost.to_string(),
            json!({ "lost": round.lost, "sent": round.sent }),
        );
    }

    pub fn sustained(&mut self, round: Round, held: bool) {
        self.latency(&format!("send → deliver at {}/s", round.rate), &round.delivered);
        let verdict = if held { "held" } else { "not held" };
        let text = format!("{verdict}: {} sent, {} lost, {} refused", round.sent, round.lost, round.refused);
        let figures = json!({ "rate": round.rate, "held": held, "sent": round.sent, "lost": round.lost });
        self.row(&format!("sustained {}/s", round.rate), text, figures);
    }

    pub fn memory(&mut self, memory: PerSocket) {
        let text = format!("{:.1} KiB ({} sockets)", memory.bytes / 1024.0, memory.sockets);
        self.row("memory per idle socket", text, json!({ "bytes": memory.bytes, "sockets": memory.sockets }));
    }

    pub fn replay(&mut self, replay: Replay) {
        let rate = replay.events as f64 / replay.seconds;
        let text =
            format!("{rate:.0} events/s ({} messages in {:.1} s, start included)", replay.events, replay.seconds);
        self.row("projector replay", text, json!({ "events": replay.events, "seconds": replay.seconds }));
    }

    /// One figure; `goal` says what it should be, and whether it is.
    pub fn figure(&mut self, name: &str, figure: f64, unit: &str, goal: Option<(&str, bool)>) {
        let text = format!("{figure:.2} {unit}") + &verdict(goal);
        self.row(name, text, json!({ "figure": figure, "unit": unit, "goal": as_json(goal) }));
    }

    /// Ratios of rounds that were run in turn.
    pub fn ratio(&mut self, name: &str, ratio: Spread, goal: Option<(&str, bool)>) {
        let text = ratio.to_string() + &verdict(goal);
        self.row(name, text, json!({ "ratio": ratio.json(), "goal": as_json(goal) }));
    }

    /// How a cost grows.
    pub fn slope(&mut self, name: &str, slope: Slope, goal: (&str, bool)) {
        let text = slope.to_string() + &verdict(Some(goal));
        self.row(name, text, json!({ "fit": slope.json(), "goal": as_json(Some(goal)) }));
    }

    pub fn latency(&mut self, name: &str, times: &Histogram<u64>) {
        let ms = |quantile: f64| times.value_at_quantile(quantile) as f64 / 1000.0;
        let (p50, p99, p999) = (ms(0.5), ms(0.99), ms(0.999));
        let text = format!("p50 {p50:.2} ms   p99 {p99:.2} ms   p999 {p999:.2} ms   ({})", times.len());
        self.row(name, text, json!({ "p50_ms": p50, "p99_ms": p99, "p999_ms": p999, "count": times.len() }));
    }

    fn row(&mut self, name: &str, text: String, figures: Value) {
        eprintln!("{name}: {text}");
        self.rows.push((name.to_owned(), text));
        self.figures.push(json!({ "name": name, "figures": figures }));
    }

    pub fn print(&self) {
        let width = self.rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        println!();
        for (name, text) in &self.rows {
            println!("{name:<width$}  {text}");
        }
    }

    pub fn write(&self, path: &Path) {
        std::fs::write(path, serde_json::to_string_pretty(&self.figures).unwrap() + "\n").unwrap();
        println!("\nfigures written to {}", path.display());
    }
}

fn verdict(goal: Option<(&str, bool)>) -> String {
    goal.map(|(goal, reached)| format!("   [{} {goal}]", if reached { "reached:" } else { "missed:" }))
        .unwrap_or_default()
}

fn as_json(goal: Option<(&str, bool)>) -> Value {
    goal.map_or(Value::Null, |(goal, reached)| json!({ "goal": goal, "reached": reached }))
}
