//! Certificates and private keys out of PEM and PFX files, encrypted or not.

use cbc::cipher::{BlockDecryptMut as _, KeyInit, KeyIvInit as _, block_padding::Pkcs7};
use p12_keystore::Pkcs12Archive;
use pem::Pem;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
};
use rustls::sign::CertifiedKey;
use sha2::Digest as _;

/// Why a file gives no certificate or no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyError {
    /// No PEM at all, or broken PEM.
    #[error("it is not PEM: {0}")]
    NotPem(String),
    /// PEM without `CERTIFICATE`.
    #[error("it holds no certificate (`-----BEGIN CERTIFICATE-----`)")]
    NoCertificate,
    /// PEM without a key.
    #[error("it holds no private key (`-----BEGIN PRIVATE KEY-----`)")]
    NoKey,
    /// Encrypted, and nobody said how.
    #[error("the key is encrypted, and no passphrase is given")]
    NoPassphrase,
    /// Decryption gave no key.
    #[error("the passphrase does not open it")]
    WrongPassphrase,
    /// A cipher, curve or container this build does not know.
    #[error("{0}")]
    Unsupported(String),
    /// Not PKCS #12.
    #[error("it is not a PFX (PKCS #12) file: {0}")]
    NotPfx(String),
    /// The certificate is another key's.
    #[error("the certificate does not belong to the key")]
    Mismatch,
}

/// The certificates of a PEM file, in order. Errors: none is there.
pub(super) fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, KeyError> {
    let found: Vec<_> = blocks(text)?
        .into_iter()
        .filter(|block| matches!(block.tag(), "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE"))
        .map(|block| CertificateDer::from(block.into_contents()))
        .collect();
    if found.is_empty() { Err(KeyError::NoCertificate) } else { Ok(found) }
}

/// The first private key of a PEM file.
pub(super) fn private_key(text: &[u8], passphrase: Option<&str>) -> Result<PrivateKeyDer<'static>, KeyError> {
    let block = blocks(text)?.into_iter().find(|block| block.tag().ends_with("PRIVATE KEY"));
    let block = block.ok_or(KeyError::NoKey)?;
    let tag = block.tag().to_owned();
    if tag == "ENCRYPTED PRIVATE KEY" {
        return decrypt_pkcs8(block.contents(), passphrase.ok_or(KeyError::NoPassphrase)?);
    }
    let bytes = match block.headers().get("DEK-Info").map(str::to_owned) {
        Some(info) => {
            decrypt_traditional(&info, block.contents(), passphrase.ok_or(KeyError::NoPassphrase)?)?
        }
        None => block.into_contents(),
    };
    Ok(match tag.as_str() {
        "PRIVATE KEY" => PrivatePkcs8KeyDer::from(bytes).into(),
        "RSA PRIVATE KEY" => PrivatePkcs1KeyDer::from(bytes).into(),
        "EC PRIVATE KEY" => PrivateSec1KeyDer::from(bytes).into(),
        other => {
            return Err(KeyError::Unsupported(format!("`{other}` is not a kind of key TLS can use here")));
        }
    })
}

/// Key and certificates of a PFX file; the key's own certificate comes first.
pub(super) fn pfx(bytes: &[u8], passphrase: &str) -> Result<CertifiedKey, KeyError> {
    let archive = Pkcs12Archive::from_pkcs12(bytes, passphrase).map_err(|error| match error {
        p12_keystore::error::Error::MacError(_)
        | p12_keystore::error::Error::UnpadError
        | p12_keystore::error::Error::Pkcs5Error(_) => KeyError::WrongPassphrase,
        p12_keystore::error::Error::UnsupportedEncryptionScheme
        | p12_keystore::error::Error::UnsupportedMacAlgorithm => {
            KeyError::Unsupported(lower(&error.to_string()))
        }
        other => KeyError::NotPfx(lower(&other.to_string())),
    })?;
    let key = archive.keys.first().ok_or_else(|| KeyError::NotPfx("it holds no private key".to_owned()))?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.key.as_der().to_vec()));
    let mut chain: Vec<CertificateDer<'static>> =
        archive.certs.iter().map(|bag| CertificateDer::from(bag.cert.as_der().to_vec())).collect();
    if chain.is_empty() {
        return Err(KeyError::NotPfx("it holds no certificate".to_owned()));
    }
    for at in 0..chain.len() {
        let candidate = certified(vec![chain[at].clone()], key.clone_key());
        match candidate {
            Err(KeyError::Mismatch) => {}
            Err(other) => return Err(other),
            Ok(_) => {
                chain[..=at].rotate_right(1);
                return certified(chain, key);
            }
        }
    }
    Err(KeyError::Mismatch)
}

/// A key with its certificates. Errors: a kind of key that cannot sign here, or certificates of another key.
pub(super) fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, KeyError> {
    let key = any_supported_type(&key).map_err(|_| {
        KeyError::Unsupported(
            "the key cannot be used here: RSA (2048 bits or more), P-256, P-384 and Ed25519 can".to_owned(),
        )
    })?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch)) => {
            Err(KeyError::Mismatch)
        }
        // A certificate that rustls cannot read is still the server's to judge.
        _ => Ok(certified),
    }
}

fn blocks(text: &[u8]) -> Result<Vec<Pem>, KeyError> {
    let blocks = pem::parse_many(text).map_err(|error| KeyError::NotPem(lower(&error.to_string())))?;
    if blocks.is_empty() {
        return Err(KeyError::NotPem("no `-----BEGIN …-----` is there".to_owned()));
    }
    Ok(blocks)
}

fn decrypt_pkcs8(der: &[u8], passphrase: &str) -> Result<PrivateKeyDer<'static>, KeyError> {
    let unreadable = |error: &dyn std::fmt::Display| {
        KeyError::Unsupported(format!("the encrypted key cannot be read: {}", lower(&error.to_string())))
    };
    let info = pkcs8::EncryptedPrivateKeyInfoRef::try_from(der).map_err(|error| unreadable(&error))?;
    if info.encryption_algorithm.pbes2().is_none() {
        return Err(KeyError::Unsupported(
            "the key is encrypted by an old scheme (PBES1); `openssl pkcs8 -topk8 -v2 aes-256-cbc` makes it new".to_owned(),
        ));
    }
    match info.decrypt(passphrase) {
        Ok(key) => Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into()),
        Err(pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::UnsupportedAlgorithm { oid })) => {
            Err(KeyError::Unsupported(format!("the key is encrypted by a scheme unknown here ({oid})")))
        }
        Err(_) => Err(KeyError::WrongPassphrase),
    }
}

/// What OpenSSL wrote before PKCS #8 (`Proc-Type: 4,ENCRYPTED`): the cipher of `DEK-Info`, its key derived by MD5 from
/// the passphrase and the initialisation vector's first eight bytes.
fn decrypt_traditional(info: &str, data: &[u8], passphrase: &str) -> Result<Vec<u8>, KeyError> {
    let unknown =
        || KeyError::Unsupported(format!("the key is encrypted by a cipher unknown here (`{info}`)"));
    let (cipher, iv) = info.split_once(',').ok_or_else(unknown)?;
    let iv = unhex(iv.trim()).ok_or_else(unknown)?;
    let salt = iv.get(..8).ok_or_else(unknown)?;
    let derive = |length: usize| {
        let mut key: Vec<u8> = Vec::new();
        let mut block: Vec<u8> = Vec::new();
        while key.len() < length {
            block = md5::Md5::new()
                .chain_update(&block)
                .chain_update(passphrase)
                .chain_update(salt)
                .finalize()
                .to_vec();
            key.extend(&block);
        }
        key.truncate(length);
        key
    };
    let plain = match cipher.trim() {
        "AES-128-CBC" => decrypt_cbc::<aes::Aes128>(&derive(16), &iv, data),
        "AES-192-CBC" => decrypt_cbc::<aes::Aes192>(&derive(24), &iv, data),
        "AES-256-CBC" => decrypt_cbc::<aes::Aes256>(&derive(32), &iv, data),
        "DES-EDE3-CBC" => decrypt_cbc::<des::TdesEde3>(&derive(24), &iv, data),
        _ => return Err(unknown()),
    };
    // Padding may fit by chance; a key is a DER sequence that fills the text.
    plain.filter(|bytes| is_sequence(bytes)).ok_or(KeyError::WrongPassphrase)
}

fn decrypt_cbc<C>(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>>
where
    C: cbc::cipher::BlockDecryptMut + cbc::cipher::BlockCipher + KeyInit,
{
    cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?.decrypt_padded_vec_mut::<Pkcs7>(data).ok()
}

/// Whether the bytes are one DER sequence, to the end.
fn is_sequence(bytes: &[u8]) -> bool {
    let [0x30, first, rest @ ..] = bytes else { return false };
    if *first < 0x80 {
        return rest.len() == usize::from(*first);
    }
    let count = usize::from(first & 0x7f);
    if count > 4 || rest.len() < count {
        return false;
    }
    let length = rest[..count].iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
    rest.len() - count == length
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by OpenSSL 3.0: one P-256 and one RSA key in every wrapping, the passphrase `opensesame`.
    macro_rules! file {
        ($name:literal) => {
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/", $name)).as_slice()
        };
    }

    fn usable(text: &[u8], passphrase: Option<&str>) -> Result<(), KeyError> {
        let chain = certificates(file!("ec.crt")).unwrap();
        let own = certified(chain, private_key(text, passphrase)?);
        match own {
            // RSA keys: another certificate's.
            Err(KeyError::Mismatch) => {
                certified(certificates(file!("rsa.crt")).unwrap(), private_key(text, passphrase)?).map(drop)
            }
            other => other.map(drop),
        }
    }

    #[test]
    fn keys_in_every_wrapping() {
        let secret = Some("opensesame");
        for (name, text, passphrase) in [
            ("PKCS #8", file!("ec.key"), None),
            ("SEC 1 after its parameters", file!("ec-sec1.key"), None),
            ("PKCS #1", file!("rsa-pkcs1.key"), None),
            ("a passphrase nobody needs", file!("ec.key"), secret),
            ("PBES2 AES-256", file!("ec-aes256.key"), secret),
            ("PBES2 3DES, SHA-1", file!("ec-des3.key"), secret),
            ("DEK-Info AES-128", file!("rsa-traditional-aes128.key"), secret),
            ("DEK-Info AES-256", file!("ec-traditional-aes256.key"), secret),
            ("DEK-Info 3DES", file!("rsa-traditional-des3.key"), secret),
        ] {
            assert_eq!(usable(text, passphrase), Ok(()), "{name}");
        }
    }

    #[test]
    fn keys_that_do_not_open() {
        for text in [
            file!("ec-aes256.key"),
            file!("ec-des3.key"),
            file!("rsa-traditional-aes128.key"),
            file!("rsa-traditional-des3.key"),
        ] {
            assert_eq!(usable(text, None), Err(KeyError::NoPassphrase));
            assert_eq!(usable(text, Some("wrong")), Err(KeyError::WrongPassphrase));
        }
        assert!(matches!(usable(file!("ec-pbes1.key"), Some("opensesame")), Err(KeyError::Unsupported(_))));
        assert!(matches!(usable(b"no key", None), Err(KeyError::NotPem(_))));
        assert!(matches!(usable(b"-----BEGIN PRIVATE KEY-----\nAAAA", None), Err(KeyError::NotPem(_))));
        assert_eq!(usable(file!("ec.crt"), None), Err(KeyError::NoKey));
        assert_eq!(certificates(file!("ec.key")), Err(KeyError::NoCertificate));
        let other =
            certified(certificates(file!("rsa.crt")).unwrap(), private_key(file!("ec.key"), None).unwrap());
        assert_eq!(other.map(drop), Err(KeyError::Mismatch));
    }

    #[test]
    fn pfx_files_old_and_new() {
        for (name, bytes) in [("AES-256", file!("ec.pfx")), ("RC2 and 3DES", file!("ec-legacy.pfx"))] {
            let own = pfx(bytes, "opensesame").unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(own.cert[0], certificates(file!("ec.crt")).unwrap()[0], "{name}");
            assert_eq!(pfx(bytes, "wrong").map(drop), Err(KeyError::WrongPassphrase), "{name}");
        }
        assert!(matches!(pfx(b"no pfx", ""), Err(KeyError::NotPfx(_))));
    }
}
