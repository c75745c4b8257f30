//! Access tokens for seeded people, signed with the key of the Confab that they sign in to.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use events::{Role, SessionId, UserId};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use service_kit::{Claims, TOKEN_AUDIENCE, TOKEN_ISSUER};
use uuid::Uuid;

/// Longer than any measurement.
const LIFE_S: u64 = 3 * 3_600;

/// The key of a running Confab.
pub struct Signer {
    key: EncodingKey,
    header: Header,
}

impl Signer {
    pub fn of(data_dir: &Path) -> Self {
        let pem = std::fs::read_to_string(data_dir.join("keys/signing.pem")).unwrap();
        let pair = KeypairBytes { secret_key: SigningKey::from_pkcs8_pem(&pem).unwrap().to_bytes(), public_key: None };
        let key = EncodingKey::from_ed_der(pair.to_pkcs8_der().unwrap().as_bytes());
        let public = Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(public.thumbprint(ThumbprintHash::SHA256).unwrap());
        Self { key, header }
    }

    /// A token of a session of her own.
    pub fn token(&self, user: UserId) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let claims = Claims {
            iss: TOKEN_ISSUER.to_owned(),
            aud: TOKEN_AUDIENCE.to_owned(),
            sub: user,
            sid: SessionId::new(Uuid::now_v7()),
            role: Role::Member,
            iat: now,
            exp: now + LIFE_S,
        };
        jsonwebtoken::encode(&self.header, &claims, &self.key).unwrap()
    }
}
