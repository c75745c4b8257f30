//! A password as it was typed. Refuses what is too short to protect or too long to hash.

use std::fmt;

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
}

impl Password {
    /// The longest password, in bytes: hashing is paid by length.
    pub const MAX_BYTES: usize = 128;

    /// Takes a password as it is, blanks included.
    ///
    /// # Errors
    /// When it is too short or too long.
    pub fn parse(text: &str) -> Result<Self, InvalidPassword> {
        if text.len() > Self::MAX_BYTES {
            return Err(InvalidPassword::TooLong);
        }
        if text.chars().count() < 8 { Err(InvalidPassword::TooShort) } else { Ok(Self(text.to_owned())) }
    }

    /// The password, for hashing only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
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

    #[test]
    fn a17_passwords_have_bounds() {
        assert_eq!(Password::parse("1234567"), Err(InvalidPassword::TooShort));
        assert_eq!(Password::parse("éééé"), Err(InvalidPassword::TooShort));
        assert_eq!(Password::parse(&"x".repeat(129)), Err(InvalidPassword::TooLong));
        assert!(Password::parse("12345678").is_ok());
        assert_eq!(Password::parse(&" ".repeat(128)).unwrap().reveal().len(), 128);
        assert_eq!(format!("{:?}", Password::parse("12345678")), "Ok(Password)");
    }
}
