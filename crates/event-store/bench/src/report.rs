//! The table for people and the JSON for programs.

use std::path::Path;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::ratios::Spread;

/// Rows in the order they were measured.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<(String, String)>,
    figures: Vec<Value>,
}

impl Report {
    /// One figure; `goal` says what it should be, and whether it is.
    pub(crate) fn figure(&mut self, name: &str, figure: f64, unit: &str, goal: Option<(&str, bool)>) {
        let text = format!("{figure:.2} {unit}");
        self.row(name, text, goal, json!({ "figure": figure, "unit": unit }));
    }

    pub(crate) fn ratio(&mut self, name: &str, ratio: Spread, goal: Option<(&str, bool)>) {
        self.row(name, ratio.to_string(), goal, ratio.json());
    }

    pub(crate) fn rate(&mut self, name: &str, rates: &[f64], took: &Histogram<u64>) {
        let rate = Spread::of(rates.iter().copied());
        let ms = |quantile| took.value_at_quantile(quantile) as f64 / 1_000.0;
        let (p50, p99) = (ms(0.5), ms(0.99));
        let text = format!("{:>9.0}/s   p50 {p50:.2} ms   p99 {p99:.2} ms", rate.median);
        self.row(name, text, None, json!({ "per_second": rate.json(), "p50_ms": p50, "p99_ms": p99 }));
    }

    fn row(&mut self, name: &str, text: String, goal: Option<(&str, bool)>, figures: Value) {
        let verdict =
            goal.map(|(goal, reached)| format!("   [{} {goal}]", if reached { "reached:" } else { "missed:" }));
        let text = text + verdict.as_deref().unwrap_or_default();
        eprintln!("{name}: {text}");
        let goal = goal.map(|(goal, reached)| json!({ "goal": goal, "reached": reached }));
        self.figures.push(json!({ "name": name, "figures": figures, "goal": goal }));
        self.rows.push((name.to_owned(), text));
    }

    pub(crate) fn print(&self) {
        let width = self.rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        println!();
        for (name, text) in &self.rows {
            println!("{name:<width$}  {text}");
        }
    }

    pub(crate) fn write(&self, path: &Path) {
        std::fs::write(path, serde_json::to_string_pretty(&self.figures).unwrap() + "\n").unwrap();
        println!("\nfigures written to {}", path.display());
    }
}
