//! A password as it was typed. Refuses what is too short to protect, too long to hash, or guessed first.

use std::fmt;

use super::easy_passwords::EASY;

/// A password: at least 8 characters, at most 128 bytes. Never cut to fit.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a text is no password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPassword {
    /// Fewer than 8 characters.
    #[error("a password has at least 8 characters")]
    TooShort,
    /// More than 128 bytes.
    #[error("a password has at most 128 bytes")]
    TooLong,
    /// Everybody tries it, or it is what the person is called or reached by.
    #[error("too easy to guess")]
    TooEasy,
}

impl Password {
    /// The longest password, in bytes: hashing is paid by length.
    pub const MAX_BYTES: usize = 128;

    /// Takes a password as it is, blanks included. `about` is what others know of the person: her name, her e-mail
    /// address, her phone number.
    ///
    /// # Errors
    /// When it is too short, too long or too easy to guess.
    pub fn parse(text: &str, about: &[&str]) -> Result<Self, InvalidPassword> {
        if text.len() > Self::MAX_BYTES {
            return Err(InvalidPassword::TooLong);
        }
        if text.chars().count() < 8 {
            return Err(InvalidPassword::TooShort);
        }
        let easy = is_tried_first(text) || about.iter().any(|known| tells(text, known));
        if easy { Err(InvalidPassword::TooEasy) } else { Ok(Self(text.to_owned())) }
    }

    /// The password, for hashing only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

fn is_tried_first(text: &str) -> bool {
    EASY.binary_search(&text.trim().to_lowercase().as_str()).is_ok()
}

/// Whether a password is what is known of the person, however it is written: all of it, or an address's first part.
fn tells(text: &str, known: &str) -> bool {
    let said = bare(text);
    let first = known.split('@').next().unwrap_or_default();
    !said.is_empty() && (said == bare(known) || said == bare(first))
}

/// Letters and digits, in lower case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Keeps the password out of every log.
impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Password, InvalidPassword> {
        Password::parse(text, &["Ann-Marie  Lee", "ann.lee1999@example.org", "+31612345678"])
    }

    #[test]
    fn a17_passwords_have_bounds() {
        assert_eq!(parse("1234567"), Err(InvalidPassword::TooShort));
        assert_eq!(parse("éééé"), Err(InvalidPassword::TooShort));
        assert_eq!(parse(&"x".repeat(129)), Err(InvalidPassword::TooLong));
        assert!(parse("eight ch").is_ok());
        assert_eq!(parse(&" ".repeat(128)).unwrap().reveal().len(), 128);
        assert_eq!(format!("{:?}", parse("correct horse")), "Ok(Password)");
    }

    #[test]
    fn what_everybody_tries_is_refused() {
        for text in ["12345678", "password", "PassWord1", "qwertyuiop", "iloveyou", "TrustNo1", " password "] {
            assert_eq!(parse(text), Err(InvalidPassword::TooEasy), "{text}");
        }
        for text in ["password of mine", "12345678 horses", "trustno1else"] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_the_person_is_called_or_reached_by_is_refused() {
        for text in ["Ann-Marie Lee", "annmarielee", "ANN.LEE1999@example.org", "annlee1999", "31612345678"] {
            assert_eq!(parse(text), Err(InvalidPassword::TooEasy), "{text}");
        }
        assert!(parse("annmarielee and a horse").is_ok());
        assert!(Password::parse("annmarielee", &["Bob", "!!", ""]).is_ok());
        assert!(Password::parse("!!!!!!!!", &["Bob", "!!", ""]).is_ok());
    }

    #[test]
    fn the_list_is_fit_to_be_searched() {
        assert!(EASY.windows(2).all(|pair| pair[0] < pair[1]), "sorted, each once");
        assert!(EASY.iter().all(|text| text.len() >= 8 && *text == text.to_lowercase()));
    }
}
