//! Meaning of fields: every value object is parsed, and all faults are told at once.

use std::fmt::Display;

use service_kit::{FieldError, Problem};

/// Faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<FieldError>);

impl Faults {
    /// The parsed value; a fault is noted under the field's pointer.
    pub(crate) fn check<T, E: Display>(&mut self, pointer: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.0.push(FieldError { pointer: pointer.to_owned(), message: error.to_string() })).ok()
    }

    /// As [`Faults::check`] for a field that may be absent.
    pub(crate) fn check_optional<T, E: Display>(
        &mut self,
        pointer: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.check(pointer, parse(text?))
    }

    /// Goes on when there were none.
    pub(crate) fn none(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::invalid_fields(self.0)) }
    }
}
