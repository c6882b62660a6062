//! TLS as libpq does it, so that one URL means one thing to both drivers.
//!
//! `prefer` and `require` encrypt and do not verify, unless there is a file of authorities (`sslrootcert`, else `~/.postgresql/root.crt`): then the
//! server's certificate must come from one of those, whatever its name, as with `verify-ca`. `verify-full` wants the name, too (libpq's
//! documentation, "SSL Support"). Other than libpq, this takes the name from the certificate's subjectAltName alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use peerage_store::Tls;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_postgres::Socket;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres_rustls::MakeRustlsConnect;

pub(super) type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// Why TLS cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("{} cannot be used: {why}", path.display())]
    Roots { path: PathBuf, why: String },
    #[error(
        "there is nothing to verify the server's certificate with: name a file in the URL (`sslrootcert=/etc/peerage/db-ca.crt`)"
    )]
    NoRoots,
    #[error(transparent)]
    Tls(#[from] Error),
}

/// What connects as libpq would.
pub(super) fn like_libpq(wanted: &Tls) -> Result<MakeRustlsConnect, Unusable> {
    let home = || std::env::home_dir().map(|home| home.join(".postgresql/root.crt"));
    let roots = wanted.root_certificate.clone().or_else(home);
    let verifies = wanted.mode.starts_with("verify-");
    match roots {
        Some(roots) if verifies || roots.exists() => Ok(MakeRustlsConnect::new(config(
            Some(&roots),
            wanted.mode == "verify-full",
        )?)),
        None if verifies => Err(Unusable::NoRoots),
        _ => Ok(MakeRustlsConnect::new(config(None, false)?)),
    }
}

fn config(roots: Option<&Path>, names: bool) -> Result<ClientConfig, Unusable> {
    let provider = Arc::new(ring::default_provider());
    let trusted = match roots {
        None => None,
        Some(path) => Some(authorities(path, &provider)?),
    };
    let verifier = Arc::new(Verifier {
        trusted,
        names,
        provider: Arc::clone(&provider),
    });
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

fn authorities(path: &Path, provider: &Arc<CryptoProvider>) -> Result<Trusted, Unusable> {
    let unusable = |why: String| Unusable::Roots {
        path: path.to_owned(),
        why,
    };
    let mut roots = RootCertStore::empty();
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))? {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        certificates.push(certificate.clone());
        roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
    }
    let chains = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| unusable(error.to_string()))?;
    Ok(Trusted { chains, certificates })
}

/// What a server's certificate may come from.
#[derive(Debug)]
struct Trusted {
    chains: Arc<WebPkiServerVerifier>,
    certificates: Vec<CertificateDer<'static>>,
}

impl Trusted {
    /// Verifies where a certificate comes from; whose it is, if `names` says so.
    fn verify(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        (name, names): (&ServerName<'_>, bool),
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.chains.verify_server_cert(certificate, between, name, ocsp, now) {
            // The chain is verified before the name is.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !names => Ok(ServerCertVerified::assertion()),
            // A server that has signed its certificate itself is known by that one.
            Err(_)
                if self
                    .certificates
                    .iter()
                    .any(|known| known.as_ref() == certificate.as_ref()) =>
            {
                if names {
                    verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
                }
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }
}

/// Verifies where a certificate comes from, if there is something to verify it with.
#[derive(Debug)]
struct Verifier {
    trusted: Option<Trusted>,
    /// Whether the name has to be the server's too.
    names: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match &self.trusted {
            None => Ok(ServerCertVerified::assertion()),
            Some(trusted) => trusted.verify(certificate, between, (name, self.names), ocsp, now),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests;
