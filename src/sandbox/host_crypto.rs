//! What `crypto.subtle` computes: one entry point over pure functions of bytes.
//!
//! Keys travel as DER: private ones as PKCS#8, public ones as SubjectPublicKeyInfo. Scripts' key objects, their
//! usages and formats are JavaScript's business (`js/web/subtle.js`); digests and HMAC are the host's own functions.

mod curve;
mod jwk;
mod rsa_keys;
mod symmetric;

/// One argument of an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Arg<'a> {
    /// A name or JSON.
    Text(&'a str),
    /// A count, of bits unless an operation says otherwise.
    Number(f64),
    /// Keys, data, signatures.
    Bytes(&'a [u8]),
    /// `undefined` or `null`.
    Absent,
}

/// What an operation gives.
#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    /// Data, keys, signatures.
    Bytes(Vec<u8>),
    /// JSON.
    Text(String),
    /// Whether a signature holds.
    Flag(bool),
}

/// Why an operation fails: its text is `name: message` of the `DOMException` scripts get.
#[derive(Debug, thiserror::Error, PartialEq)]
pub(crate) enum CryptoError {
    /// The operation itself went wrong, of which attackers should learn nothing.
    #[error("OperationError: The operation failed for an operation-specific reason")]
    Operation,
    /// Key material is not what its format says.
    #[error("DataError: Invalid keyData")]
    Data,
    /// An algorithm, a curve or a length that is not built in.
    #[error("NotSupportedError: {0}")]
    Unsupported(&'static str),
    /// Our JavaScript called with the wrong arguments.
    #[error("TypeError: an argument of {0} is missing")]
    Argument(&'static str),
}

type Result<T> = std::result::Result<T, CryptoError>;

/// The arguments of one call, read by position.
#[derive(Clone, Copy)]
struct Args<'a>(&'a [Arg<'a>]);

impl<'a> Args<'a> {
    fn text(self, at: usize) -> Result<&'a str> {
        match self.0.get(at) {
            Some(Arg::Text(text)) => Ok(text),
            _ => Err(CryptoError::Argument("text")),
        }
    }

    fn bytes(self, at: usize) -> Result<&'a [u8]> {
        match self.0.get(at) {
            Some(Arg::Bytes(bytes)) => Ok(bytes),
            Some(Arg::Absent) | None => Ok(&[]),
            _ => Err(CryptoError::Argument("bytes")),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts are small and not negative"
    )]
    fn number(self, at: usize) -> Result<usize> {
        match self.0.get(at) {
            Some(Arg::Number(number)) if *number >= 0.0 => Ok(*number as usize),
            _ => Err(CryptoError::Argument("number")),
        }
    }
}

/// Digest algorithms of Web Crypto.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Result<Self> {
        Ok(match name {
            "SHA-1" => Self::Sha1,
            "SHA-256" => Self::Sha256,
            "SHA-384" => Self::Sha384,
            "SHA-512" => Self::Sha512,
            _ => return Err(CryptoError::Unsupported("Unrecognized algorithm name")),
        })
    }

    fn digest(self, data: &[u8]) -> Vec<u8> {
        with_hash!(self, D => <D as rsa::sha2::Digest>::digest(data).to_vec())
    }
}

/// Runs an expression with `$digest` standing for the type of a hash.
macro_rules! with_hash {
    ($hash:expr, $digest:ident => $body:expr) => {
        match $hash {
            crate::sandbox::host_crypto::Hash::Sha1 => {
                type $digest = sha1_10::Sha1;
                $body
            }
            crate::sandbox::host_crypto::Hash::Sha256 => {
                type $digest = rsa::sha2::Sha256;
                $body
            }
            crate::sandbox::host_crypto::Hash::Sha384 => {
                type $digest = rsa::sha2::Sha384;
                $body
            }
            crate::sandbox::host_crypto::Hash::Sha512 => {
                type $digest = rsa::sha2::Sha512;
                $body
            }
        }
    };
}
use with_hash;

/// Runs one operation.
///
/// | operation | arguments | gives |
/// |---|---|---|
/// | `encrypt`, `decrypt` | mode `AES-CBC AES-CTR AES-GCM AES-KW`, key, iv or counter, data, additional data, tag bits | bytes |
/// | `PBKDF2` | hash, password, salt, iterations, bytes wanted | bytes |
/// | `HKDF` | hash, key, salt, info, bytes wanted | bytes |
/// | `generate` | kind, and for RSA bits, exponent | PKCS#8 |
/// | `public` | kind, PKCS#8 | SPKI |
/// | `import` | kind, format `pkcs8 spki raw jwk-private jwk-public`, bytes or JSON | PKCS#8 or SPKI |
/// | `export` | kind, format `raw jwk-private jwk-public`, DER | bytes or JSON |
/// | `sign` | scheme, hash, PKCS#8, data, salt bytes | signature |
/// | `verify` | scheme, hash, SPKI, data, signature, salt bytes | flag |
/// | `RSA-OAEP-encrypt`, `RSA-OAEP-decrypt` | hash, DER, data, label | bytes |
/// | `ECDH` | curve, PKCS#8, SPKI | shared secret |
///
/// A kind is `RSA` or a curve: `P-256 P-384 P-521 Ed25519`. A scheme is `RSASSA-PKCS1-v1_5`, `RSA-PSS` or a curve.
///
/// # Errors
/// As [`CryptoError`] says.
pub(crate) fn run(operation: &str, args: &[Arg<'_>]) -> Result<Output> {
    let args = Args(args);
    Ok(Output::Bytes(match operation {
        "encrypt" => symmetric::encrypt(args)?,
        "decrypt" => symmetric::decrypt(args)?,
        "PBKDF2" => symmetric::pbkdf2(args)?,
        "HKDF" => symmetric::hkdf(args)?,
        "RSA-OAEP-encrypt" => rsa_keys::encrypt(args)?,
        "RSA-OAEP-decrypt" => rsa_keys::decrypt(args)?,
        "ECDH" => curve::agree(args)?,
        "verify" if args.text(0)?.starts_with("RSA") => return rsa_keys::verify(args).map(Output::Flag),
        "verify" => return curve::verify(args).map(Output::Flag),
        "sign" if args.text(0)?.starts_with("RSA") => rsa_keys::sign(args)?,
        "sign" => curve::sign(args)?,
        "generate" if args.text(0)? == "RSA" => rsa_keys::generate(args)?,
        "generate" => curve::generate(args)?,
        "public" if args.text(0)? == "RSA" => rsa_keys::public(args)?,
        "public" => curve::public(args)?,
        "import" if args.text(0)? == "RSA" => rsa_keys::import(args)?,
        "import" => curve::import(args)?,
        "export" if args.text(0)? == "RSA" => return rsa_keys::export(args).map(Output::Text),
        "export" if args.text(1)? == "raw" => curve::raw(args)?,
        "export" => return curve::export(args).map(Output::Text),
        _ => return Err(CryptoError::Unsupported("Unrecognized operation")),
    }))
}

#[cfg(test)]
mod tests;
