//! What a token proves, the first time and every other.

use std::thread::sleep;

use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use events::{SessionId, UserId};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{EncodingKey, Header, encode};
use uuid::Uuid;

use super::*;

struct Issuer(EncodingKey);

impl Issuer {
    fn of(seed: u8) -> Self {
        let pair = KeypairBytes { secret_key: [seed; 32], public_key: None }.to_pkcs8_der().unwrap();
        Self(EncodingKey::from_ed_der(pair.as_bytes()))
    }

    fn keys(&self) -> JwkSet {
        let mut jwk = Jwk::from_encoding_key(&self.0, Algorithm::EdDSA).unwrap();
        jwk.common.key_id = Some("k".to_owned());
        JwkSet { keys: vec![jwk] }
    }

    fn token(&self, exp: u64) -> String {
        let header =
            Header { typ: Some(TOKEN_TYPE.to_owned()), kid: Some("k".to_owned()), ..Header::new(Algorithm::EdDSA) };
        let claims = Claims {
            iss: TOKEN_ISSUER.to_owned(),
            aud: TOKEN_AUDIENCE.to_owned(),
            sub: UserId::new(Uuid::from_u128(1)),
            sid: SessionId::new(Uuid::from_u128(2)),
            role: Role::Member,
            iat: exp,
            exp,
        };
        encode(&header, &claims, &self.0).unwrap()
    }
}

#[test]
fn a_token_proves_the_same_again_until_it_is_over() {
    let issuer = Issuer::of(1);
    let verifier = Verifier::of(&issuer.keys());
    let token = issuer.token(unix_now() + 1 - LEEWAY);
    let proven = verifier.verify(&token);
    assert!(proven.is_ok());
    assert_eq!(verifier.verify(&token), proven);
    sleep(Duration::from_secs(3));
    assert_eq!(verifier.verify(&token), Err(TokenError::Expired));
    assert_eq!(verifier.verify(&issuer.token(unix_now() - 2 * LEEWAY)), Err(TokenError::Expired));
}

#[test]
fn what_a_key_has_proven_goes_with_it() {
    let (issuer, next) = (Issuer::of(1), Issuer::of(2));
    let verifier = Verifier::of(&issuer.keys());
    let token = issuer.token(unix_now() + 900);
    assert!(verifier.verify(&token).is_ok());
    verifier.trust(&next.keys()).unwrap();
    assert_eq!(verifier.verify(&token), Err(TokenError::Invalid));
    assert!(verifier.verify(&next.token(unix_now() + 900)).is_ok());
}

#[test]
fn a_token_that_differs_in_one_letter_proves_nothing_beside_one_that_does() {
    let issuer = Issuer::of(1);
    let verifier = Verifier::of(&issuer.keys());
    let token = issuer.token(unix_now() + 900);
    assert!(verifier.verify(&token).is_ok());
    for place in [0, token.len() / 2, token.len() - 1] {
        let mut forged = token.clone().into_bytes();
        forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
        assert_eq!(verifier.verify(&String::from_utf8(forged).unwrap()), Err(TokenError::Invalid), "{place}");
    }
}
