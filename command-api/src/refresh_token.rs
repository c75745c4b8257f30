//! Refresh tokens: `{session id}.{256 random bits, base64url}`. The id finds the session, the bits prove it; only their
//! hash is ever stored.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::session::RefreshHash;
use events::SessionId;
use sha2::{Digest, Sha256};

/// A refresh token.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RefreshToken {
    pub(crate) session: SessionId,
    secret: [u8; 32],
}

impl RefreshToken {
    /// A new token of this session.
    pub(crate) fn fresh(session: SessionId) -> Result<Self, getrandom::Error> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret)?;
        Ok(Self { session, secret })
    }

    /// Reads a token; `None` for what cannot be one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (session, secret) = text.split_once('.')?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some(Self { session: session.parse().ok()?, secret })
    }

    /// What is stored of it.
    pub(crate) fn hash(&self) -> RefreshHash {
        RefreshHash(hex::encode(Sha256::digest(self.secret)))
    }

    /// The token as its owner keeps it.
    pub(crate) fn reveal(&self) -> String {
        format!("{}.{}", self.session, URL_SAFE_NO_PAD.encode(self.secret))
    }
}

/// Keeps the token out of every log.
impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshToken({})", self.session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_token_is_read_back_and_two_are_never_the_same() {
        let session = SessionId::new(Uuid::from_u128(7));
        let (one, two) = (RefreshToken::fresh(session).unwrap(), RefreshToken::fresh(session).unwrap());
        assert_eq!(RefreshToken::parse(&one.reveal()), Some(one.clone()));
        assert_ne!(one, two);
        assert!(!one.reveal().contains(&one.hash().0) && !format!("{one:?}").contains(&one.reveal()[37..]));
    }

    #[test]
    fn what_is_no_token_is_not_read() {
        for text in
            ["", ".", "x.y", "00000000-0000-0000-0000-000000000007.", "00000000-0000-0000-0000-000000000007.AAAA"]
        {
            assert_eq!(RefreshToken::parse(text), None, "{text:?}");
        }
    }
}
