//! Server-side filters of `$all`: by stream name or event type, by prefix or regular expression.

use fancy_regex::Regex;

use crate::error::ReadError;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    StreamName,
    EventType,
}

/// What it must look like.
#[derive(Debug)]
enum Pattern {
    Prefixes(Vec<String>),
    Regex(Box<Regex>),
}

/// One filter, compiled.
#[derive(Debug)]
pub(crate) struct Filter {
    subject: Subject,
    pattern: Pattern,
}

impl Filter {
    /// A regular expression wins over prefixes, as on the real server. Errors are for the caller's eyes.
    pub(crate) fn new(subject: Subject, regex: &str, prefixes: Vec<String>) -> Result<Self, String> {
        let pattern = if !regex.is_empty() {
            let regex =
                Regex::new(regex).map_err(|error| format!("the filter's regular expression is wrong: {error}"))?;
            Pattern::Regex(Box::new(regex))
        } else if !prefixes.is_empty() {
            Pattern::Prefixes(prefixes)
        } else {
            return Err("a filter needs a prefix or a regular expression".into());
        };
        Ok(Self { subject, pattern })
    }

    pub(crate) fn matches(&self, stream: &str, kind: &str) -> Result<bool, ReadError> {
        let subject = match self.subject {
            Subject::StreamName => stream,
            Subject::EventType => kind,
        };
        match &self.pattern {
            Pattern::Prefixes(prefixes) => Ok(prefixes.iter().any(|prefix| subject.starts_with(prefix.as_str()))),
            Pattern::Regex(regex) => {
                regex.is_match(subject).map_err(|_| ReadError::FilterTooSlow { subject: subject.to_owned() })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regex(pattern: &str) -> Filter {
        Filter::new(Subject::StreamName, pattern, vec!["nothing-".into()]).unwrap()
    }

    #[test]
    fn a_regular_expression_wins_and_is_not_anchored() {
        let filter = regex("^[^\\$].*");
        assert!(filter.matches("message-1", "$x").unwrap());
        assert!(!filter.matches("$$message-1", "x").unwrap());
        assert!(regex("ssa").matches("message-1", "").unwrap());
    }

    #[test]
    fn look_around_is_understood() {
        let filter = regex("^message-(?!secret)");
        assert!(filter.matches("message-open", "").unwrap());
        assert!(!filter.matches("message-secret", "").unwrap());
    }

    #[test]
    fn an_expression_that_explodes_is_an_error_and_not_a_hang() {
        let filter = regex("^(a|aa|aaa)*(?=b)$");
        let subject = "a".repeat(64);
        assert!(matches!(filter.matches(&subject, ""), Err(ReadError::FilterTooSlow { .. })));
    }

    #[test]
    fn nothing_to_look_for_is_refused() {
        assert!(Filter::new(Subject::EventType, "", Vec::new()).is_err());
        assert!(Filter::new(Subject::EventType, "(", Vec::new()).is_err());
    }
}
