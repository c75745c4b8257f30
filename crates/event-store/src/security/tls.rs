//! A certificate and its key, ready to take connections. No process-wide default of rustls is
//! touched: other libraries in the process set one, or insist that nobody has.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{SecurityError, read_secret};

/// How the server proves who it is.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl Tls {
    /// A chain of certificates, the server's own first, and its private key, both PEM.
    ///
    /// # Errors
    /// A file cannot be read or holds something else, everybody may read the key, or the two do not fit.
    pub fn from_pem_files(certificate: &Path, key: &Path) -> Result<Self, SecurityError> {
        let certificates = certificates(certificate)?;
        let not_a_key = |_| SecurityError::NotPem { path: key.to_path_buf(), wanted: "private key" };
        let key = PrivateKeyDer::from_pem_slice(&read_secret(key)?).map_err(not_a_key)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, key))
            .map_err(SecurityError::Certificate)?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Self(Arc::new(config).into()))
    }

    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.0
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Tls")
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, SecurityError> {
    let pem = std::fs::read(path).map_err(|source| SecurityError::Unreadable { path: path.to_path_buf(), source })?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        _ => Err(SecurityError::NotPem { path: path.to_path_buf(), wanted: "certificate" }),
    }
}
