//! An e-mail address in its one normal form. Refuses what no mail server would deliver to.

/// A normalised e-mail address: trimmed, lower-case ASCII, at most 254 characters, with a dotted domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// The text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl Email {
    /// Reads and normalises an address.
    ///
    /// # Errors
    /// When it is not one.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim().to_ascii_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let valid = text.len() <= 254 && is_local(local) && is_domain(domain);
        if valid { Ok(Self(text)) } else { Err(InvalidEmail) }
    }

    /// An address that [`Email::parse`] never gives, so that nobody can have it.
    #[must_use]
    pub fn nobody() -> Self {
        Self("nobody".to_owned())
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local(local: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    (1..=64).contains(&local.len())
        && local.chars().all(allowed)
        && local.split('.').all(|between_dots| !between_dots.is_empty())
}

fn is_domain(domain: &str) -> bool {
    domain.contains('.') && domain.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_has_one_normal_form() {
        assert_eq!(Email::parse(Email::nobody().as_str()), Err(InvalidEmail));
        assert_eq!(Email::parse(" Ann.Lee+chat@Example.ORG ").unwrap().as_str(), "ann.lee+chat@example.org");
    }

    #[test]
    fn what_cannot_be_delivered_to_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        let texts = ["", "ann", "@example.org", "ann@", "ann@localhost", "a b@example.org", "ann@exa_mple.org"];
        let more =
            ["ann@-example.org", "ann@example..org", "a@b@c d.org", ".ann@example.org", "änn@example.org", "a\n@b.org"];
        for text in texts.into_iter().chain(more).chain([long.as_str()]) {
            assert_eq!(Email::parse(text), Err(InvalidEmail), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn the_normal_form_is_normal(text in "[A-Za-z0-9.+]{1,12}@[A-Za-z0-9-]{1,9}\\.[A-Za-z]{2,4}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = Email::parse(&text);
        }
    }
}
