//! TLS as a request asks for it: protocol versions, cipher suites, verification, the client's certificate.

use super::roots::Roots;
use super::verify::{Anybody, Verifier};
use crate::exchange::{FailureKind, TransportFailure};
use crate::runner::TlsOptions;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, SupportedCipherSuite, SupportedProtocolVersion, version};
use std::sync::Arc;

/// Versions as `tlsDisabledProtocols` names them; the older ones are never spoken.
const OLD_VERSIONS: [&str; 4] = ["SSLv2", "SSLv3", "TLSv1", "TLSv1_1"];

/// What distinguishes one way to speak TLS from another; part of what a connection is pooled by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Profile {
    pub(super) verify: bool,
    tls12: bool,
    tls13: bool,
    /// Numbers of the suites in order of preference; `None` for all there are.
    suites: Option<Vec<u16>>,
    /// Which of the client's certificates.
    pub(super) certificate: Option<usize>,
    /// HTTP/2 is offered, and preferred.
    pub(super) http2: bool,
}

impl Profile {
    /// What the options ask for. The texts are warnings: what cannot be done as asked. Errors: nothing is left to
    /// speak.
    pub(super) fn new(
        verify: bool,
        options: &TlsOptions,
        certificate: Option<usize>,
    ) -> Result<(Self, Vec<String>), TransportFailure> {
        let mut warnings = Vec::new();
        let disabled = |version: &str| options.disabled_protocols.iter().any(|name| name == version);
        let mut profile = Self {
            verify,
            tls12: !disabled("TLSv1_2"),
            tls13: !disabled("TLSv1_3"),
            suites: None,
            certificate,
            http2: false,
        };
        for name in &options.disabled_protocols {
            if !OLD_VERSIONS.contains(&name.as_str()) && !matches!(name.as_str(), "TLSv1_2" | "TLSv1_3") {
                warnings.push(format!(
                    "tlsDisabledProtocols: `{name}` is no protocol version; TLSv1_2 and TLSv1_3 are"
                ));
            }
        }
        if !options.ciphers.is_empty() {
            let (known, unknown): (Vec<_>, Vec<_>) = options
                .ciphers
                .iter()
                .map(|name| (name, suite(name)))
                .partition(|(_, suite)| suite.is_some());
            for (name, _) in unknown {
                warnings.push(format!(
                    "tlsCipherSelection: `{name}` is not a cipher suite that can be used here"
                ));
            }
            // As OpenSSL, which finds no match then: what was asked for is not to be passed over.
            if known.is_empty() {
                let message = format!(
                    "tlsCipherSelection: none of `{}` is a cipher suite that can be used here",
                    options.ciphers.join(", ")
                );
                return Err(TransportFailure { kind: FailureKind::InvalidRequest, message });
            }
            profile.select(known.into_iter().filter_map(|(_, suite)| suite).collect());
        }
        if !profile.tls12 && !profile.tls13 {
            let message =
                "no TLS version is left to speak: tlsDisabledProtocols and tlsCipherSelection exclude both \
                           TLS 1.2 and TLS 1.3"
                    .to_owned();
            return Err(TransportFailure { kind: FailureKind::InvalidRequest, message });
        }
        Ok((profile, warnings))
    }

    /// As node: suites of TLS 1.2 leave those of 1.3 alone; suites of 1.3 only leave nothing of 1.2.
    fn select(&mut self, mut suites: Vec<SupportedCipherSuite>) {
        let has_13 = suites.iter().any(|suite| suite.tls13().is_some());
        let has_12 = suites.iter().any(|suite| suite.tls13().is_none());
        if !has_13 {
            let of_13 = ring::ALL_CIPHER_SUITES.iter().filter(|suite| suite.tls13().is_some());
            suites.splice(0..0, of_13.copied());
        }
        self.tls12 &= has_12;
        self.suites = Some(suites.iter().map(|suite| suite.suite().into()).collect());
    }

    /// The library's configuration for it.
    pub(super) fn config(
        &self,
        roots: Option<&Roots>,
        key: Option<Arc<CertifiedKey>>,
    ) -> Result<ClientConfig, rustls::Error> {
        let mut provider = ring::default_provider();
        if let Some(wanted) = &self.suites {
            let find =
                |id: &u16| ring::ALL_CIPHER_SUITES.iter().find(|suite| u16::from(suite.suite()) == *id);
            provider.cipher_suites = wanted.iter().filter_map(find).copied().collect();
        }
        let provider = Arc::new(provider);
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&self.versions())?
            .dangerous()
            .with_custom_certificate_verifier(verifier(roots, provider));
        let mut config = match key {
            None => config.with_no_client_auth(),
            Some(key) => config.with_client_cert_resolver(Arc::new(Always(key))),
        };
        let offered: &[&[u8]] = if self.http2 { &[b"h2", b"http/1.1"] } else { &[b"http/1.1"] };
        config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
        Ok(config)
    }

    fn versions(&self) -> Vec<&'static SupportedProtocolVersion> {
        let both = [(self.tls13, &version::TLS13), (self.tls12, &version::TLS12)];
        both.into_iter().filter(|(wanted, _)| *wanted).map(|(_, version)| version).collect()
    }
}

fn verifier(roots: Option<&Roots>, provider: Arc<CryptoProvider>) -> Arc<dyn ServerCertVerifier> {
    match roots {
        None => Arc::new(Anybody { provider }),
        Some(Roots { store, added }) => {
            Arc::new(Verifier { roots: Arc::clone(store), pinned: added.clone(), provider })
        }
    }
}

/// A suite by OpenSSL's name or by the standard's.
fn suite(name: &str) -> Option<SupportedCipherSuite> {
    ring::ALL_CIPHER_SUITES.iter().copied().find(|suite| {
        let standard = suite.suite().as_str().unwrap_or_default().replace("TLS13_", "TLS_");
        name.eq_ignore_ascii_case(&standard) || name.eq_ignore_ascii_case(&openssl_name(&standard))
    })
}

/// `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` → `ECDHE-RSA-AES128-GCM-SHA256`.
fn openssl_name(standard: &str) -> String {
    let name =
        standard.trim_start_matches("TLS_").replace("_WITH", "").replace("_POLY1305_SHA256", "_POLY1305");
    name.replace("AES_", "AES").replace('_', "-")
}

/// One certificate, whatever the server says it takes: it is for the server to refuse it.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesClientCert for Always {
    fn resolve(&self, _issuers: &[&[u8]], _schemes: &[rustls::SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::CipherSuite;

    fn profile(disabled: &[&str], ciphers: &[&str]) -> Result<(Profile, Vec<String>), TransportFailure> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let options = TlsOptions { disabled_protocols: owned(disabled), ciphers: owned(ciphers) };
        Profile::new(true, &options, None)
    }

    fn shown(profile: &Profile) -> String {
        let suites = profile.suites.as_ref().map_or_else(
            || "all".to_owned(),
            |suites| {
                suites.iter().filter_map(|id| CipherSuite::from(*id).as_str()).collect::<Vec<_>>().join(" ")
            },
        );
        format!("{} {} {suites}", profile.tls12, profile.tls13)
    }

    #[test]
    fn options_make_profiles() {
        let of_13 = "TLS13_AES_256_GCM_SHA384 TLS13_AES_128_GCM_SHA256 TLS13_CHACHA20_POLY1305_SHA256";
        for (disabled, ciphers, expected, warnings) in [
            (&[][..], &[][..], "true true all".to_owned(), 0),
            (&["TLSv1", "TLSv1_1", "SSLv3"], &[], "true true all".to_owned(), 0),
            (&["TLSv1_3"], &[], "true false all".to_owned(), 0),
            (&["TLSv1_2", "TLSv9"], &[], "false true all".to_owned(), 1),
            (
                &[],
                &["ECDHE-RSA-AES128-GCM-SHA256", "NULL-MD5"],
                format!("true true {of_13} TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                1,
            ),
            (
                &[],
                &["ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
                format!(
                    "true true {of_13} TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
                ),
                0,
            ),
            (&[], &["TLS_AES_128_GCM_SHA256"], "false true TLS13_AES_128_GCM_SHA256".to_owned(), 0),
        ] {
            let (profile, told) = profile(disabled, ciphers).unwrap();
            assert_eq!((shown(&profile), told.len()), (expected, warnings), "{disabled:?} {ciphers:?}");
            profile.config(None, None).unwrap();
        }
    }

    #[test]
    fn something_must_be_left_to_speak() {
        let no_version = "no TLS version is left to speak";
        for (disabled, ciphers, expected) in [
            (&["TLSv1_2", "TLSv1_3"][..], &[][..], no_version),
            (&["TLSv1_3"], &["TLS_AES_128_GCM_SHA256"], no_version),
            (&[], &["RC4", "NOPE"], "tlsCipherSelection: none of `RC4, NOPE` is a cipher suite"),
        ] {
            let failure = profile(disabled, ciphers).unwrap_err();
            assert_eq!(failure.kind, FailureKind::InvalidRequest);
            assert!(failure.message.starts_with(expected), "{}", failure.message);
        }
    }
}
