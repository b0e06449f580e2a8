//! RSA: keys, signatures (PKCS#1 v1.5 and PSS) and OAEP. RFC 8017.

use super::jwk::{self, Jwk};
use super::{Args, CryptoError, Hash, Result, with_hash};
use rsa::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _};
use rsa::rand_core::OsRng;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, Oaep, Pkcs1v15Sign, Pss, RsaPrivateKey, RsaPublicKey};

/// Bits of the longest key that is made here: longer ones take minutes.
const LONGEST: usize = 4096;

fn private(der: &[u8]) -> Result<RsaPrivateKey> {
    RsaPrivateKey::from_pkcs8_der(der).map_err(|_| CryptoError::Data)
}

fn public_key(der: &[u8]) -> Result<RsaPublicKey> {
    RsaPublicKey::from_public_key_der(der).map_err(|_| CryptoError::Data)
}

fn pkcs8(key: &RsaPrivateKey) -> Result<Vec<u8>> {
    Ok(key.to_pkcs8_der().map_err(|_| CryptoError::Data)?.as_bytes().to_vec())
}

fn spki(key: &RsaPublicKey) -> Result<Vec<u8>> {
    Ok(key.to_public_key_der().map_err(|_| CryptoError::Data)?.into_vec())
}

pub(super) fn generate(args: Args<'_>) -> Result<Vec<u8>> {
    let bits = args.number(1)?;
    if !(256..=LONGEST).contains(&bits) {
        return Err(CryptoError::Operation);
    }
    let exponent = BigUint::from_bytes_be(args.bytes(2)?);
    let key = RsaPrivateKey::new_with_exp(&mut OsRng, bits, &exponent).map_err(|_| CryptoError::Operation)?;
    pkcs8(&key)
}

pub(super) fn public(args: Args<'_>) -> Result<Vec<u8>> {
    spki(&private(args.bytes(1)?)?.to_public_key())
}

pub(super) fn import(args: Args<'_>) -> Result<Vec<u8>> {
    match args.text(1)? {
        "pkcs8" => pkcs8(&private(args.bytes(2)?)?),
        "spki" => spki(&public_key(args.bytes(2)?)?),
        "jwk-public" => {
            let jwk = Jwk::parse(args.text(2)?)?;
            let number = |name| jwk.bytes(name).map(|bytes| BigUint::from_bytes_be(&bytes));
            spki(&RsaPublicKey::new(number("n")?, number("e")?).map_err(|_| CryptoError::Data)?)
        }
        "jwk-private" => {
            let jwk = Jwk::parse(args.text(2)?)?;
            let number = |name| jwk.bytes(name).map(|bytes| BigUint::from_bytes_be(&bytes));
            let primes = vec![number("p")?, number("q")?];
            let key = RsaPrivateKey::from_components(number("n")?, number("e")?, number("d")?, primes);
            pkcs8(&key.map_err(|_| CryptoError::Data)?)
        }
        _ => Err(CryptoError::Unsupported("Unable to import RSA key with that format")),
    }
}

pub(super) fn export(args: Args<'_>) -> Result<String> {
    if args.text(1)? == "jwk-public" {
        let key = public_key(args.bytes(2)?)?;
        return Ok(jwk::write(&[("n", &key.n().to_bytes_be()), ("e", &key.e().to_bytes_be())]));
    }
    let mut key = private(args.bytes(2)?)?;
    key.precompute().map_err(|_| CryptoError::Data)?;
    let [p, q] = key.primes() else { return Err(CryptoError::Data) };
    let part = |number: Option<&BigUint>| number.map(BigUint::to_bytes_be).ok_or(CryptoError::Data);
    let inverse = key.crt_coefficient();
    Ok(jwk::write(&[
        ("n", &key.n().to_bytes_be()),
        ("e", &key.e().to_bytes_be()),
        ("d", &key.d().to_bytes_be()),
        ("p", &p.to_bytes_be()),
        ("q", &q.to_bytes_be()),
        ("dp", &part(key.dp())?),
        ("dq", &part(key.dq())?),
        ("qi", &part(inverse.as_ref())?),
    ]))
}

pub(super) fn sign(args: Args<'_>) -> Result<Vec<u8>> {
    let hash = Hash::named(args.text(1)?)?;
    let key = private(args.bytes(2)?)?;
    let digest = hash.digest(args.bytes(3)?);
    let signature = with_hash!(hash, D => {
        if args.text(0)? == "RSA-PSS" {
            key.sign_with_rng(&mut OsRng, Pss::new_with_salt::<D>(args.number(4)?), &digest)
        } else {
            key.sign_with_rng(&mut OsRng, Pkcs1v15Sign::new::<D>(), &digest)
        }
    });
    signature.map_err(|_| CryptoError::Operation)
}

pub(super) fn verify(args: Args<'_>) -> Result<bool> {
    let hash = Hash::named(args.text(1)?)?;
    let key = public_key(args.bytes(2)?)?;
    let digest = hash.digest(args.bytes(3)?);
    let signature = args.bytes(4)?;
    let verdict = with_hash!(hash, D => {
        if args.text(0)? == "RSA-PSS" {
            key.verify(Pss::new_with_salt::<D>(args.number(5)?), &digest, signature)
        } else {
            key.verify(Pkcs1v15Sign::new::<D>(), &digest, signature)
        }
    });
    Ok(verdict.is_ok())
}

/// A label is text to the crate, which is what labels are in practice.
fn padding(hash: Hash, label: &[u8]) -> Result<Oaep> {
    let label =
        std::str::from_utf8(label).map_err(|_| CryptoError::Unsupported("RSA-OAEP with a binary label"))?;
    Ok(
        with_hash!(hash, D => if label.is_empty() { Oaep::new::<D>() } else { Oaep::new_with_label::<D, _>(label) }),
    )
}

pub(super) fn encrypt(args: Args<'_>) -> Result<Vec<u8>> {
    let padding = padding(Hash::named(args.text(0)?)?, args.bytes(3)?)?;
    public_key(args.bytes(1)?)?
        .encrypt(&mut OsRng, padding, args.bytes(2)?)
        .map_err(|_| CryptoError::Operation)
}

pub(super) fn decrypt(args: Args<'_>) -> Result<Vec<u8>> {
    let padding = padding(Hash::named(args.text(0)?)?, args.bytes(3)?)?;
    private(args.bytes(1)?)?
        .decrypt_blinded(&mut OsRng, padding, args.bytes(2)?)
        .map_err(|_| CryptoError::Operation)
}
