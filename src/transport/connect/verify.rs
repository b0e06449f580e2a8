//! Whether a server's certificate is to be trusted, as node decides it and in node's words.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};
use std::sync::Arc;
use x509_parser::prelude::{FromDer as _, X509Certificate, X509Version};

/// Why a certificate is not trusted: node's words first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Distrust {
    /// It vouches for itself, and nobody else does.
    #[error("self-signed certificate")]
    SelfSigned,
    /// What vouches for it vouches for itself, and is not among the roots.
    #[error("self-signed certificate in certificate chain (`{0}` is not a trusted root)")]
    SelfSignedInChain(String),
    /// The server sent one certificate only, and its issuer is not among the roots.
    #[error(
        "unable to verify the first certificate (its issuer `{0}` is not a trusted root, and the server sent no intermediate certificate)"
    )]
    Alone(String),
    /// The chain ends before a root.
    #[error("unable to get local issuer certificate (`{0}` is not a trusted root)")]
    NoRoot(String),
    /// Too late.
    #[error("certificate has expired (it was valid until {0})")]
    Expired(String),
    /// Too early.
    #[error("certificate is not yet valid (it will be from {0})")]
    NotYetValid(String),
    /// Somebody else's.
    #[error("Hostname/IP does not match certificate's altnames: it is for {names}, not for {host}")]
    OtherName { host: String, names: String },
    /// A form that the TLS library does not read.
    #[error("X.509 version {0} certificates are not supported")]
    OldVersion(u32),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<Distrust> for Error {
    fn from(distrust: Distrust) -> Self {
        Self::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(distrust))))
    }
}

/// What a server is checked against.
#[derive(Debug)]
pub(super) struct Verifier {
    pub(super) roots: Arc<RootCertStore>,
    /// Certificates trusted as they are: a self-signed server certificate given as a root is one for node, too.
    pub(super) pinned: Vec<CertificateDer<'static>>,
    pub(super) provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn check_chain(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let parsed =
            ParsedCertificate::try_from(certificate).map_err(|error| unreadable(certificate, &error))?;
        if self.pinned.iter().any(|pinned| pinned.as_ref() == certificate.as_ref()) {
            return check_dates(certificate, now);
        }
        let algorithms = self.provider.signature_verification_algorithms.all;
        verify_server_cert_signed_by_trust_anchor(&parsed, &self.roots, intermediates, now, algorithms)
            .map_err(|error| explain(&error, certificate, intermediates).into())
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check_chain(certificate, intermediates, now)?;
        let parsed = ParsedCertificate::try_from(certificate)?;
        if verify_server_name(&parsed, host).is_err() && !is_named_by_common_name(certificate, host) {
            return Err(
                Distrust::OtherName { host: host.to_str().into_owned(), names: names(certificate) }.into()
            );
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Trusts everybody: `-k`, `strictSSL: false`.
#[derive(Debug)]
pub(super) struct Anybody {
    pub(super) provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _host: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    // The signatures prove nothing about a certificate that nobody looks at, and checking them would need one that
    // can be read: `-k` is for those that cannot, too.
    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn parse<'a>(certificate: &'a CertificateDer<'_>) -> Option<X509Certificate<'a>> {
    X509Certificate::from_der(certificate).ok().map(|(_, certificate)| certificate)
}

fn unreadable(certificate: &CertificateDer<'_>, error: &Error) -> Error {
    match parse(certificate).map(|certificate| certificate.version) {
        Some(version) if version != X509Version::V3 => Distrust::OldVersion(version.0 + 1).into(),
        _ => Distrust::Other(error.to_string()).into(),
    }
}

fn check_dates(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), Error> {
    let Some(certificate) = parse(certificate) else {
        return Err(Error::InvalidCertificate(CertificateError::BadEncoding));
    };
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let validity = certificate.validity();
    if now > validity.not_after.timestamp() {
        Err(Distrust::Expired(date(validity.not_after.timestamp())).into())
    } else if now < validity.not_before.timestamp() {
        Err(Distrust::NotYetValid(date(validity.not_before.timestamp())).into())
    } else {
        Ok(())
    }
}

/// What OpenSSL would have said where rustls says `error`.
fn explain(
    error: &Error,
    certificate: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
) -> Distrust {
    match error {
        Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }) => {
            return Distrust::Expired(date(i64::try_from(not_after.as_secs()).unwrap_or(i64::MAX)));
        }
        Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. }) => {
            return Distrust::NotYetValid(date(i64::try_from(not_before.as_secs()).unwrap_or(i64::MAX)));
        }
        _ => {}
    }
    if matches!(error, Error::InvalidCertificate(CertificateError::BadSignature)) {
        let text = "certificate signature failure (who it says has signed it has not)";
        return Distrust::Other(text.to_owned());
    }
    let Some(leaf) = parse(certificate) else { return Distrust::Other(error.to_string()) };
    if leaf.issuer() == leaf.subject() {
        return Distrust::SelfSigned;
    }
    if !matches!(error, Error::InvalidCertificate(CertificateError::UnknownIssuer)) {
        return Distrust::Other(error.to_string());
    }
    let Some(last) = intermediates.iter().filter_map(|sent| parse(sent)).next_back() else {
        return Distrust::Alone(leaf.issuer().to_string());
    };
    if last.issuer() == last.subject() {
        Distrust::SelfSignedInChain(last.subject().to_string())
    } else {
        Distrust::NoRoot(last.issuer().to_string())
    }
}

/// A certificate without any altname is for its common name, as node has it.
fn is_named_by_common_name(certificate: &CertificateDer<'_>, host: &ServerName<'_>) -> bool {
    let ServerName::DnsName(host) = host else { return false };
    let Some(certificate) = parse(certificate) else { return false };
    if matches!(certificate.subject_alternative_name(), Ok(Some(_)) | Err(_)) {
        return false;
    }
    let host = host.as_ref().to_lowercase();
    certificate.subject().iter_common_name().filter_map(|name| name.as_str().ok()).any(|name| {
        let name = name.to_lowercase();
        match name.strip_prefix("*.") {
            // One label, below at least two.
            Some(under) => {
                under.contains('.')
                    && host.split_once('.').is_some_and(|(first, rest)| !first.is_empty() && rest == under)
            }
            None => name == host,
        }
    })
}

/// The names a certificate is for, as a list for people.
fn names(certificate: &CertificateDer<'_>) -> String {
    let Some(certificate) = parse(certificate) else { return "nobody".to_owned() };
    let altnames = certificate.subject_alternative_name().ok().flatten();
    let mut names: Vec<String> =
        altnames.iter().flat_map(|names| &names.value.general_names).filter_map(name).collect();
    if altnames.is_none() {
        names.extend(
            certificate.subject().iter_common_name().filter_map(|name| Some(name.as_str().ok()?.to_owned())),
        );
    }
    match names.len() {
        0 => "no host at all".to_owned(),
        count if count > SHOWN => format!("{} and {} more", names[..SHOWN].join(", "), count - SHOWN),
        _ => names.join(", "),
    }
}

/// Names of a certificate told at most.
const SHOWN: usize = 5;

fn name(name: &x509_parser::extensions::GeneralName<'_>) -> Option<String> {
    use std::net::{Ipv4Addr, Ipv6Addr};
    match name {
        x509_parser::extensions::GeneralName::DNSName(name) => Some((*name).to_owned()),
        x509_parser::extensions::GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|ip| Ipv4Addr::from(ip).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|ip| Ipv6Addr::from(ip).to_string()),
        },
        _ => None,
    }
}

fn date(unix: i64) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    time::OffsetDateTime::from_unix_timestamp(unix)
        .ok()
        .and_then(|time| time.format(format).ok())
        .unwrap_or_else(|| unix.to_string())
}
