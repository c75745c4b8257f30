//! Counts tests from what the test runners print: cargo, Vitest, Playwright. Knows their closing lines only.

/// Who prints.
#[derive(Clone, Copy)]
pub(crate) enum Runner {
    /// `test result: ok. 3 passed; 0 failed; …`, once per program.
    Cargo,
    /// `Tests  1 failed | 11 passed (12)`.
    Vitest,
    /// `2 failed`, `10 passed (3.4s)`, each on its line.
    Playwright,
}

/// Tests that passed and that did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// Adds what one line of output says, if it says anything.
    pub(crate) fn see(&mut self, runner: Runner, line: &str) {
        let line = plain(line);
        let line = line.trim();
        let counts = match runner {
            Runner::Cargo => line.strip_prefix("test result: "),
            Runner::Vitest => line.strip_prefix("Tests ").filter(|rest| rest.ends_with(')')),
            Runner::Playwright => Some(line).filter(|line| is_count(line)),
        };
        let words: Vec<&str> = counts.unwrap_or_default().split_whitespace().collect();
        for pair in words.windows(2) {
            let Ok(count) = pair[0].parse::<u64>() else { continue };
            match pair[1].trim_end_matches([';', ',']) {
                "passed" => self.passed += count,
                // A test that passes at its second try is a fault to be found.
                "failed" | "flaky" | "interrupted" => self.failed += count,
                _ => {}
            }
        }
    }

    /// Adds the tests of another step.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// A number and one word, with nothing but a duration behind it.
fn is_count(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number = words.next().is_some_and(|word| word.parse::<u64>().is_ok());
    number && words.next().is_some() && words.next().is_none_or(|word| word.starts_with('('))
}

/// The line without its colours.
fn plain(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::{Runner, Tally};

    fn count(runner: Runner, text: &str) -> (u64, u64) {
        let mut tally = Tally::default();
        text.lines().for_each(|line| tally.see(runner, line));
        (tally.passed, tally.failed)
    }

    #[test]
    fn cargo_prints_a_line_per_program() {
        let text = "test a ... ok\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: \u{1b}[31mFAILED\u{1b}[m. 3 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(count(Runner::Cargo, text), (15, 2));
    }

    #[test]
    fn vitest_prints_files_and_tests() {
        let text = " Test Files  2 passed (2)\n\u{1b}[2m      Tests \u{1b}[22m \u{1b}[31m1 failed\u{1b}[39m | \u{1b}[32m11 passed\u{1b}[39m | 2 skipped (14)\n";
        assert_eq!(count(Runner::Vitest, text), (11, 1));
    }

    #[test]
    fn playwright_prints_a_line_per_outcome() {
        let text = "Running 14 tests using 1 worker\n  1 failed\n    [chromium] › talk.spec.ts:3:1 › two people talk\n  1 flaky\n  12 passed (3.4s)\n";
        assert_eq!(count(Runner::Playwright, text), (12, 2));
        assert_eq!(count(Runner::Playwright, "  ✓  1 talk.spec.ts › 3 passed notes (1s)\n"), (0, 0));
    }
}
