//! Configuration from `CONFAB_…` variables. Every fault is collected, so that a start fails once and says everything;
//! the same declarations print `--help`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A variable as it was declared by a `read`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What holds when it is not set.
    pub default: String,
    /// What it is for.
    pub meaning: &'static str,
}

/// One wrong value. The value itself is not repeated: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The variable.
    pub name: &'static str,
    /// What is wrong with its value.
    pub reason: String,
}

/// Every wrong value at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wrong configuration:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {}: {}", fault.name, fault.reason))
    }
}

/// Reads configuration and remembers what was asked for and what was wrong.
#[derive(Debug, Clone, Default)]
pub struct Env {
    values: BTreeMap<String, String>,
    variables: Vec<Variable>,
    faults: Vec<Fault>,
}

impl Env {
    /// The variables of this process.
    #[must_use]
    pub fn process() -> Self {
        Self::of(std::env::vars())
    }

    /// The given variables.
    pub fn of(values: impl IntoIterator<Item = (String, String)>) -> Self {
        let values = values.into_iter().filter(|(name, _)| name.starts_with("CONFAB_")).collect();
        Self { values, ..Self::default() }
    }

    /// Sets a variable as the all-in-one does for what it has started itself; the environment's own value wins.
    pub fn preset(&mut self, name: &str, value: impl Into<String>) {
        self.values.entry(name.to_owned()).or_insert_with(|| value.into());
    }

    /// Reads a variable. A wrong value becomes a fault and the default stands in, so that reading can go on.
    ///
    /// # Panics
    /// When the default itself cannot be parsed, which is a mistake in the program.
    pub fn read<T>(&mut self, name: &'static str, default: &str, meaning: &'static str) -> T
    where
        T: FromStr<Err: fmt::Display>,
    {
        self.declare(name, default, meaning);
        if let Some(text) = self.values.get(name).filter(|text| !text.is_empty()) {
            match text.parse() {
                Ok(value) => return value,
                Err(error) => self.fault(name, error.to_string()),
            }
        }
        match default.parse() {
            Ok(value) => value,
            Err(error) => panic!("the default of {name} is not valid: {error}"),
        }
    }

    /// Reads a variable that may be absent.
    pub fn read_optional<T>(&mut self, name: &'static str, meaning: &'static str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        self.declare(name, "", meaning);
        let text = self.values.get(name).filter(|text| !text.is_empty())?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(name, error.to_string());
                None
            }
        }
    }

    /// Notes a fault that only shows when values are looked at together.
    pub fn fault(&mut self, name: &'static str, reason: impl Into<String>) {
        self.faults.push(Fault { name, reason: reason.into() });
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// When any value was wrong: all of them.
    pub fn finish(&self) -> Result<(), Faults> {
        if self.faults.is_empty() { Ok(()) } else { Err(Faults(self.faults.clone())) }
    }

    /// Every variable that was asked for, in that order.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The text of `--help`.
    #[must_use]
    pub fn help(&self, program: &str, about: &str) -> String {
        let mut text = format!("{program}: {about}\n\nConfiguration (environment variables):\n");
        for Variable { name, default, meaning } in &self.variables {
            text.push_str(&format!("  {name}\n      {meaning}"));
            text.push_str(&if default.is_empty() { " [not set]\n".into() } else { format!(" [default: {default}]\n") });
        }
        text
    }

    fn declare(&mut self, name: &'static str, default: &str, meaning: &'static str) {
        if self.variables.iter().all(|variable| variable.name != name) {
            self.variables.push(Variable { name, default: default.to_owned(), meaning });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(values: &[(&str, &str)]) -> Env {
        Env::of(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn all_wrong_values_are_reported_at_once() {
        let mut env = env(&[("CONFAB_A", "x"), ("CONFAB_B", "y"), ("CONFAB_C", "3")]);
        let values: (u16, u16, u16) =
            (env.read("CONFAB_A", "1", ""), env.read("CONFAB_B", "2", ""), env.read("CONFAB_C", "9", ""));
        assert_eq!(values, (1, 2, 3));
        let faults = env.finish().unwrap_err();
        assert_eq!(faults.0.iter().map(|fault| fault.name).collect::<Vec<_>>(), ["CONFAB_A", "CONFAB_B"]);
    }

    #[test]
    fn help_lists_what_is_read() {
        let mut env = env(&[]);
        let _: u16 = env.read("CONFAB_PORT", "8080", "Where to listen");
        assert!(env.help("confab", "all of it").contains("CONFAB_PORT\n      Where to listen [default: 8080]"));
    }

    #[test]
    fn the_environment_wins_over_a_preset() {
        let mut env = env(&[("CONFAB_A", "7")]);
        env.preset("CONFAB_A", "1");
        env.preset("CONFAB_B", "2");
        assert_eq!((env.read::<u16>("CONFAB_A", "0", ""), env.read::<u16>("CONFAB_B", "0", "")), (7, 2));
    }
}
