//! The steps of `cargo xtask test`, in their order. Each says whether it went well and how many tests it ran.

use std::io::IsTerminal;
use std::process::Command;

use anyhow::{Result, bail};

use crate::place::Place;
use crate::tally::{Runner, Tally};
use crate::{browser, cargo, clocks, engines, generate, run, server, tools, web};

/// One step.
pub(crate) struct Step {
    /// Its headline.
    pub(crate) name: &'static str,
    /// The step without which it makes no sense.
    pub(crate) needs: Option<&'static str>,
    /// Whether `--quick` leaves it out.
    pub(crate) slow: bool,
    /// Does it, and counts.
    pub(crate) act: fn(&Place, &mut Tally) -> Result<()>,
}

const ENGINES: &str = "engines";
const PACKAGES: &str = "client packages";

/// All of them.
pub(crate) const STEPS: [Step; 10] = [
    Step { name: "formatting", needs: None, slow: false, act: formatting },
    Step { name: "clippy", needs: None, slow: false, act: clippy },
    Step { name: ENGINES, needs: None, slow: false, act: |place, _| engines::ensure(place) },
    Step { name: "Rust tests", needs: Some(ENGINES), slow: false, act: rust_tests },
    Step { name: PACKAGES, needs: None, slow: false, act: packages },
    Step { name: "client lint", needs: Some(PACKAGES), slow: false, act: |place, _| script(place, "lint") },
    Step { name: "client types", needs: Some(PACKAGES), slow: false, act: |place, _| script(place, "typecheck") },
    Step { name: "client tests", needs: Some(PACKAGES), slow: false, act: client_tests },
    Step { name: "generated files", needs: Some(PACKAGES), slow: false, act: |place, _| generate::compare(place) },
    Step { name: "browser tests", needs: Some(PACKAGES), slow: true, act: browser_tests },
];

fn formatting(place: &Place, _: &mut Tally) -> Result<()> {
    let mut command = cargo::cargo(place);
    run::check(run::finish(command.args(["fmt", "--all", "--check"]))?, "`cargo fmt --check`")
}

fn clippy(place: &Place, _: &mut Tally) -> Result<()> {
    let mut command = cargo::cargo(place);
    command.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    run::check(run::finish(&mut command)?, "clippy")
}

fn rust_tests(place: &Place, tally: &mut Tally) -> Result<()> {
    clocks::ensure()?;
    let mut command = cargo::cargo(place);
    command.args(["test", "--workspace", "--no-fail-fast"]);
    counted(&mut command, Runner::Cargo, tally, "A Rust test")
}

fn packages(place: &Place, _: &mut Tally) -> Result<()> {
    tools::node()?;
    web::packages(place)
}

fn script(place: &Place, name: &str) -> Result<()> {
    run::check(run::finish(&mut web::script(place, name))?, &format!("`npm run {name}` in web"))
}

fn client_tests(place: &Place, tally: &mut Tally) -> Result<()> {
    counted(&mut web::script(place, "test"), Runner::Vitest, tally, "A client test")
}

fn browser_tests(place: &Place, tally: &mut Tally) -> Result<()> {
    let chromium = browser::ensure()?;
    engines::ensure(place)?;
    let dist = web::build(place)?;
    let confab = cargo::build_confab(place, false)?;
    let server = server::start(place, &confab, &dist)?;
    let mut command = web::script(place, "e2e");
    command.env("CONFAB_E2E_URL", &server.url).env("PLAYWRIGHT_HTML_OPEN", "never");
    command.env("CHROMIUM", &chromium).env("CONFAB_CHROMIUM", &chromium);
    counted(&mut command, Runner::Playwright, tally, "A browser test")
}

fn counted(command: &mut Command, runner: Runner, tally: &mut Tally, what: &str) -> Result<()> {
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let status = run::read(command, |line| tally.see(runner, line))?;
    run::check(status, what)?;
    match *tally {
        Tally { failed: 0, passed: 0 } => bail!("{what} was expected, but none ran"),
        Tally { failed: 0, .. } => Ok(()),
        Tally { failed, .. } => bail!("{failed} tests failed or were flaky"),
    }
}
