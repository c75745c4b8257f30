//! The key that signs access tokens. Refuses a key that others on the machine could read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use events::{Role, SessionId, UserId};
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use service_kit::{Claims, TOKEN_AUDIENCE, TOKEN_ISSUER};

/// How long an access token is good, in seconds.
pub(crate) const ACCESS_LIFE_S: u64 = 15 * 60;

/// The private key, and the public one that everybody may have.
pub(crate) struct SigningKey {
    private: EncodingKey,
    public: Jwk,
    header: Header,
}

impl SigningKey {
    /// Opens the key in a file, made with mode 0600 if there is none.
    pub(crate) fn open(file: &Path) -> anyhow::Result<Self> {
        if !file.exists() {
            create(file)?;
        }
        let mode = fs::metadata(file)?.permissions().mode();
        if mode & 0o077 != 0 {
            bail!("others may read it: run `chmod 600 {}`", file.display());
        }
        Self::from_pem(&fs::read(file)?)
    }

    fn from_pem(pem: &[u8]) -> anyhow::Result<Self> {
        let pem = std::str::from_utf8(pem).context("not a PEM file")?;
        let key = ed25519_dalek::SigningKey::from_pkcs8_pem(pem).context("not an Ed25519 key in PEM (PKCS #8)")?;
        // The JWT library only takes the older form of PKCS #8, without the public key.
        let bare = KeypairBytes { secret_key: key.to_bytes(), public_key: None }.to_pkcs8_der()?;
        let private = EncodingKey::from_ed_der(bare.as_bytes());
        let mut public = Jwk::from_encoding_key(&private, Algorithm::EdDSA).context("not an Ed25519 key")?;
        let kid = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(kid);
        Ok(Self { private, public, header })
    }

    /// The public keys, as served to whoever checks tokens.
    pub(crate) fn public_keys(&self) -> JwkSet {
        JwkSet { keys: vec![self.public.clone()] }
    }

    /// A token that proves who somebody is for the next 15 minutes.
    pub(crate) fn access_token(&self, user: UserId, session: SessionId, role: Role) -> anyhow::Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock stands before 1970")?.as_secs();
        let claims = Claims {
            iss: TOKEN_ISSUER.to_owned(),
            aud: TOKEN_AUDIENCE.to_owned(),
            sub: user,
            sid: session,
            role,
            iat: now,
            exp: now + ACCESS_LIFE_S,
        };
        Ok(jsonwebtoken::encode(&self.header, &claims, &self.private)?)
    }
}

fn create(file: &Path) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    let pem = ed25519_dalek::SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF)?;
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut created) => Ok(created.write_all(pem.as_bytes()).and_then(|()| created.sync_all())?),
        // Another process was faster; its key is as good as ours.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use service_kit::Verifier;
    use uuid::Uuid;

    #[test]
    fn a16_a_key_is_made_once_kept_private_and_its_tokens_are_good() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys/signing-key.pem");
        let key = SigningKey::open(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let (user, session) = (UserId::new(Uuid::from_u128(1)), SessionId::new(Uuid::from_u128(2)));
        let token = key.access_token(user, session, Role::Member).unwrap();
        let again = SigningKey::open(&file).unwrap();
        let principal = Verifier::of(&again.public_keys()).verify(&token).unwrap();
        assert_eq!((principal.user, principal.session, principal.role), (user, session, Role::Member));
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("signing-key.pem");
        SigningKey::open(&file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let error = SigningKey::open(&file).err().unwrap();
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(SigningKey::from_pem(b"hello").is_err());
    }
}
