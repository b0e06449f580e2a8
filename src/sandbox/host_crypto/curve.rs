//! Elliptic curves: ECDSA and ECDH over the NIST curves, and Ed25519.

use super::jwk::{self, Jwk};
use super::{Args, CryptoError, Hash, Result};
use ed25519_dalek::{SigningKey as EdKey, VerifyingKey as EdPublic};
use p256::ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::elliptic_curve::rand_core::{OsRng, RngCore as _};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _};

/// Runs an expression with `$curve` standing for the crate of a NIST curve.
macro_rules! with_curve {
    ($name:expr, $curve:ident => $body:expr) => {
        match $name {
            "P-256" => {
                use p256 as $curve;
                $body
            }
            "P-384" => {
                use p384 as $curve;
                $body
            }
            "P-521" => {
                use p521 as $curve;
                $body
            }
            _ => Err(CryptoError::Unsupported("Unrecognized namedCurve")),
        }
    };
}

const ED25519: &str = "Ed25519";

/// Any error of a conversion: the material is not what it should be.
fn data<T, E>(result: std::result::Result<T, E>) -> Result<T> {
    result.map_err(|_| CryptoError::Data)
}

fn operation<T, E>(result: std::result::Result<T, E>) -> Result<T> {
    result.map_err(|_| CryptoError::Operation)
}

pub(super) fn generate(args: Args<'_>) -> Result<Vec<u8>> {
    let curve = args.text(0)?;
    if curve == ED25519 {
        let mut seed = [0; 32];
        OsRng.fill_bytes(&mut seed);
        return Ok(data(EdKey::from_bytes(&seed).to_pkcs8_der())?.as_bytes().to_vec());
    }
    with_curve!(curve, c => Ok(data(c::SecretKey::random(&mut OsRng).to_pkcs8_der())?.as_bytes().to_vec()))
}

pub(super) fn public(args: Args<'_>) -> Result<Vec<u8>> {
    let (curve, der) = (args.text(0)?, args.bytes(1)?);
    if curve == ED25519 {
        return Ok(data(data(EdKey::from_pkcs8_der(der))?.verifying_key().to_public_key_der())?.into_vec());
    }
    with_curve!(curve, c => {
        Ok(data(data(c::SecretKey::from_pkcs8_der(der))?.public_key().to_public_key_der())?.into_vec())
    })
}

/// A digest with leading zeros up to half the curve's field, below which the crates refuse one.
fn digest_for(curve: &str, digest: Vec<u8>) -> Vec<u8> {
    let least: usize = match curve {
        "P-384" => 24,
        "P-521" => 33,
        _ => 0,
    };
    let zeros = least.saturating_sub(digest.len());
    [vec![0; zeros], digest].concat()
}

/// A signature as Web Crypto has it: r and s, each as long as the curve's field.
pub(super) fn sign(args: Args<'_>) -> Result<Vec<u8>> {
    let (curve, der, message) = (args.text(0)?, args.bytes(2)?, args.bytes(3)?);
    if curve == ED25519 {
        return Ok(data(EdKey::from_pkcs8_der(der))?.sign(message).to_bytes().to_vec());
    }
    let digest = digest_for(curve, Hash::named(args.text(1)?)?.digest(message));
    with_curve!(curve, c => {
        let key = data(c::SecretKey::from_pkcs8_der(der))?;
        let key = operation(c::ecdsa::SigningKey::from_slice(&key.to_bytes()))?;
        let signature: c::ecdsa::Signature = operation(key.sign_prehash(&digest))?;
        Ok(signature.to_bytes().to_vec())
    })
}

pub(super) fn verify(args: Args<'_>) -> Result<bool> {
    let (curve, der, message, signature) = (args.text(0)?, args.bytes(2)?, args.bytes(3)?, args.bytes(4)?);
    if curve == ED25519 {
        let key = data(EdPublic::from_public_key_der(der))?;
        let signature = ed25519_dalek::Signature::from_slice(signature);
        return Ok(signature.is_ok_and(|signature| key.verify(message, &signature).is_ok()));
    }
    let digest = digest_for(curve, Hash::named(args.text(1)?)?.digest(message));
    with_curve!(curve, c => {
        let key = data(c::PublicKey::from_public_key_der(der))?;
        let key = data(c::ecdsa::VerifyingKey::from_affine(*key.as_affine()))?;
        let signature = c::ecdsa::Signature::from_slice(signature);
        Ok(signature.is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()))
    })
}

/// The shared secret: the x coordinate.
pub(super) fn agree(args: Args<'_>) -> Result<Vec<u8>> {
    let (curve, private, public) = (args.text(0)?, args.bytes(1)?, args.bytes(2)?);
    with_curve!(curve, c => {
        let private = data(c::SecretKey::from_pkcs8_der(private))?;
        let public = data(c::PublicKey::from_public_key_der(public))?;
        let shared = c::ecdh::diffie_hellman(private.to_nonzero_scalar(), public.as_affine());
        Ok(shared.raw_secret_bytes().to_vec())
    })
}

pub(super) fn import(args: Args<'_>) -> Result<Vec<u8>> {
    let (curve, format) = (args.text(0)?, args.text(1)?);
    if curve == ED25519 {
        return import_edwards(args, format);
    }
    with_curve!(curve, c => {
        let public = match format {
            "pkcs8" => return secret(data(c::SecretKey::from_pkcs8_der(args.bytes(2)?))?.to_pkcs8_der()),
            "jwk-private" => {
                let number = Jwk::parse(args.text(2)?)?.bytes("d")?;
                return secret(data(c::SecretKey::from_slice(&number))?.to_pkcs8_der());
            }
            "spki" => data(c::PublicKey::from_public_key_der(args.bytes(2)?))?,
            "raw" => data(c::PublicKey::from_sec1_bytes(args.bytes(2)?))?,
            "jwk-public" => {
                let jwk = Jwk::parse(args.text(2)?)?;
                let point = [&[4][..], &jwk.bytes("x")?, &jwk.bytes("y")?].concat();
                data(c::PublicKey::from_sec1_bytes(&point))?
            }
            _ => return Err(CryptoError::Unsupported("Unable to import EC key with that format")),
        };
        Ok(data(public.to_public_key_der())?.into_vec())
    })
}

fn secret<E>(document: std::result::Result<p256::pkcs8::SecretDocument, E>) -> Result<Vec<u8>> {
    Ok(data(document)?.as_bytes().to_vec())
}

fn import_edwards(args: Args<'_>, format: &str) -> Result<Vec<u8>> {
    let fixed = |bytes: &[u8]| data(<[u8; 32]>::try_from(bytes));
    let public = match format {
        "pkcs8" => return secret(data(EdKey::from_pkcs8_der(args.bytes(2)?))?.to_pkcs8_der()),
        "jwk-private" => {
            let seed = fixed(&Jwk::parse(args.text(2)?)?.bytes("d")?)?;
            return secret(EdKey::from_bytes(&seed).to_pkcs8_der());
        }
        "spki" => data(EdPublic::from_public_key_der(args.bytes(2)?))?,
        "raw" => data(EdPublic::from_bytes(&fixed(args.bytes(2)?)?))?,
        "jwk-public" => data(EdPublic::from_bytes(&fixed(&Jwk::parse(args.text(2)?)?.bytes("x")?)?))?,
        _ => return Err(CryptoError::Unsupported("Unable to import Ed25519 key with that format")),
    };
    Ok(data(public.to_public_key_der())?.into_vec())
}

/// A public key as a bare point.
pub(super) fn raw(args: Args<'_>) -> Result<Vec<u8>> {
    let (curve, der) = (args.text(0)?, args.bytes(2)?);
    if curve == ED25519 {
        return Ok(data(EdPublic::from_public_key_der(der))?.to_bytes().to_vec());
    }
    with_curve!(curve, c => {
        Ok(data(c::PublicKey::from_public_key_der(der))?.to_encoded_point(false).as_bytes().to_vec())
    })
}

pub(super) fn export(args: Args<'_>) -> Result<String> {
    let (curve, der) = (args.text(0)?, args.bytes(2)?);
    let private = args.text(1)? == "jwk-private";
    if curve == ED25519 {
        if !private {
            return Ok(jwk::write(&[("x", &raw(args)?)]));
        }
        let key = data(EdKey::from_pkcs8_der(der))?;
        return Ok(jwk::write(&[("x", key.verifying_key().as_bytes()), ("d", key.as_bytes())]));
    }
    with_curve!(curve, c => {
        let key = if private { Some(data(c::SecretKey::from_pkcs8_der(der))?) } else { None };
        let public = match &key {
            Some(key) => key.public_key(),
            None => data(c::PublicKey::from_public_key_der(der))?,
        };
        let point = public.to_encoded_point(false);
        let (x, y) = point.x().zip(point.y()).ok_or(CryptoError::Data)?;
        Ok(match key {
            Some(key) => jwk::write(&[("x", x), ("y", y), ("d", &key.to_bytes())]),
            None => jwk::write(&[("x", x), ("y", y)]),
        })
    })
}
