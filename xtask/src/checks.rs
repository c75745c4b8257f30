//! `cargo xtask test`: every step, whatever the ones before it said; a table of them; one closing line that counts.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::place::Place;
use crate::steps::{STEPS, Step};
use crate::tally::Tally;

struct Report {
    name: &'static str,
    /// Why it is red.
    fault: Option<String>,
    tally: Tally,
    took: Duration,
}

/// Runs the steps; red if one of them is.
pub(crate) fn all(place: &Place, quick: bool) -> Result<ExitCode> {
    let mut reports: Vec<Report> = Vec::new();
    for step in STEPS.iter().filter(|step| !(quick && step.slow)) {
        let report = perform(place, step, &reports);
        if let Some(fault) = &report.fault {
            eprintln!("{}: {fault}", report.name);
        }
        reports.push(report);
    }
    println!("\n{}", table(&reports));
    println!("{}", closing_line(&reports));
    let green = reports.iter().all(|report| report.fault.is_none());
    Ok(if green { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn perform(place: &Place, step: &Step, before: &[Report]) -> Report {
    println!("\n=== {} ===", step.name);
    let start = Instant::now();
    let mut tally = Tally::default();
    let needed = before.iter().find(|report| Some(report.name) == step.needs && report.fault.is_some());
    let fault = match needed {
        Some(needed) => Some(format!("not run, because of: {}", needed.name)),
        None => (step.act)(place, &mut tally).err().map(|error| format!("{error:#}")),
    };
    let took = start.elapsed();
    println!("--- {}: {} in {:.1} s", step.name, verdict(fault.as_deref()), took.as_secs_f64());
    Report { name: step.name, fault, tally, took }
}

fn verdict(fault: Option<&str>) -> &'static str {
    if fault.is_none() { "ok" } else { "FAILED" }
}

fn table(reports: &[Report]) -> String {
    let mut lines = vec![format!("{:<18}{:<8}{:>10}{:>9}{:>9}", "step", "", "time", "passed", "failed")];
    for report in reports {
        let Report { name, fault, tally, took } = report;
        let verdict = verdict(fault.as_deref());
        let seconds = format!("{:.1} s", took.as_secs_f64());
        lines.push(format!("{name:<18}{verdict:<8}{seconds:>10}{:>9}{:>9}", tally.passed, tally.failed));
        if let Some(fault) = fault {
            lines.push(format!("    {}", fault.lines().next().unwrap_or_default()));
        }
    }
    let total: Duration = reports.iter().map(|report| report.took).sum();
    lines.push(format!("{:<18}{:<8}{:>10}", "all", "", format!("{:.1} s", total.as_secs_f64())));
    lines.join("\n")
}

/// A red step that has no failed test, like formatting, counts as one.
fn closing_line(reports: &[Report]) -> String {
    let mut total = Tally::default();
    for report in reports {
        total.add(report.tally);
        if report.fault.is_some() && report.tally.failed == 0 {
            total.failed += 1;
        }
    }
    format!("{} passed, {} failed", total.passed, total.failed)
}

#[cfg(test)]
mod tests {
    use super::{Report, closing_line};
    use crate::tally::Tally;
    use std::time::Duration;

    fn report(fault: Option<&str>, passed: u64, failed: u64) -> Report {
        let fault = fault.map(str::to_owned);
        Report { name: "a step", fault, tally: Tally { passed, failed }, took: Duration::ZERO }
    }

    #[test]
    fn the_closing_line_is_never_green_when_a_step_is_red() {
        assert_eq!(closing_line(&[report(None, 5, 0), report(None, 7, 0)]), "12 passed, 0 failed");
        assert_eq!(closing_line(&[report(None, 5, 0), report(Some("clippy failed"), 0, 0)]), "5 passed, 1 failed");
        assert_eq!(closing_line(&[report(Some("a test failed"), 5, 3)]), "5 passed, 3 failed");
    }
}
