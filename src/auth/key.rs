//! Private keys as people hold them: PEM (PKCS#8, PKCS#1, SEC1), bare PKCS#8 in base64, JWK.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use p256::pkcs8::DecodePrivateKey as _;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::{BigUint, RsaPrivateKey};
use serde_json::Value;

/// A private key that signs.
pub(super) enum PrivateKey {
    Rsa(Box<RsaPrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
}

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyError {
    #[error("the private key is neither PEM nor a JWK")]
    Format,
    #[error("the private key cannot be read: it is damaged, encrypted, or of a kind that does not sign")]
    Content,
}

/// Tells nothing of the key.
impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateKey").finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// Reads a key; line breaks may be missing, or be spelled `\n` as in an environment variable.
    pub(super) fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.starts_with('{') {
            return serde_json::from_str(text)
                .ok()
                .and_then(|jwk| Self::from_jwk(&jwk))
                .ok_or(KeyError::Content);
        }
        let (label, body) = pem(text).ok_or(KeyError::Format)?;
        let der = lenient(&body.replace("\\r", "").replace("\\n", "")).ok_or(KeyError::Content)?;
        match label {
            "RSA PRIVATE KEY" => RsaPrivateKey::from_pkcs1_der(&der).ok().map(|key| Self::Rsa(Box::new(key))),
            "EC PRIVATE KEY" => Self::from_sec1(&der),
            "PRIVATE KEY" => Self::from_pkcs8(&der).ok(),
            _ => None,
        }
        .ok_or(KeyError::Content)
    }

    /// A key in PKCS#8.
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let rsa = || RsaPrivateKey::from_pkcs8_der(der).ok().map(|key| Self::Rsa(Box::new(key)));
        let p256 = || p256::ecdsa::SigningKey::from_pkcs8_der(der).ok().map(Self::P256);
        let p384 = || p384::ecdsa::SigningKey::from_pkcs8_der(der).ok().map(Self::P384);
        let p521 = || p521::SecretKey::from_pkcs8_der(der).ok().and_then(|key| p521_key(&key));
        rsa().or_else(p256).or_else(p384).or_else(p521).ok_or(KeyError::Content)
    }

    fn from_sec1(der: &[u8]) -> Option<Self> {
        let p256 = || Some(Self::P256(p256::SecretKey::from_sec1_der(der).ok()?.into()));
        let p384 = || Some(Self::P384(p384::SecretKey::from_sec1_der(der).ok()?.into()));
        let p521 = || p521_key(&p521::SecretKey::from_sec1_der(der).ok()?);
        p256().or_else(p384).or_else(p521)
    }

    fn from_jwk(jwk: &Value) -> Option<Self> {
        let bytes = |name: &str| lenient(jwk.get(name)?.as_str()?);
        let number = |name: &str| bytes(name).map(|bytes| BigUint::from_bytes_be(&bytes));
        match (jwk.get("kty")?.as_str()?, jwk.get("crv").and_then(Value::as_str)) {
            ("RSA", _) => {
                let primes = vec![number("p")?, number("q")?];
                let key = RsaPrivateKey::from_components(number("n")?, number("e")?, number("d")?, primes);
                Some(Self::Rsa(Box::new(key.ok()?)))
            }
            ("EC", Some("P-256")) => p256::ecdsa::SigningKey::from_slice(&bytes("d")?).ok().map(Self::P256),
            ("EC", Some("P-384")) => p384::ecdsa::SigningKey::from_slice(&bytes("d")?).ok().map(Self::P384),
            ("EC", Some("P-521")) => p521::ecdsa::SigningKey::from_slice(&bytes("d")?).ok().map(Self::P521),
            _ => None,
        }
    }
}

fn p521_key(key: &p521::SecretKey) -> Option<PrivateKey> {
    p521::ecdsa::SigningKey::from_slice(&key.to_bytes()).ok().map(PrivateKey::P521)
}

/// The label and the base64 of a PEM document.
fn pem(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    Some((label, body))
}

/// Base64 as Node reads it: either alphabet, with or without padding, white space anywhere.
pub(super) fn lenient(text: &str) -> Option<Vec<u8>> {
    let engine = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    engine.decode(plain.trim_end_matches('=')).ok()
}
