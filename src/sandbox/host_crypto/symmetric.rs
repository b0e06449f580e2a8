//! AES in its modes, and keys derived from passwords and secrets.

use super::{Args, CryptoError, Hash, Result, with_hash};
use aes::cipher::{
    BlockDecryptMut as _, BlockEncryptMut as _, KeyIvInit as _, StreamCipher as _, block_padding::Pkcs7,
};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::{AeadInPlace as _, KeyInit as _};
use aes_gcm::aes::cipher::consts::{U12, U16};

/// Bytes of a whole GCM tag.
const TAG: usize = 16;

/// Most bytes a script may derive at once.
const LARGEST: usize = 1 << 24;

/// Runs an expression with `$aes` standing for AES with a key of that length.
macro_rules! with_aes {
    ($key:expr, $aes:ident => $body:expr) => {
        match $key.len() {
            16 => {
                type $aes = Aes128;
                $body
            }
            24 => {
                type $aes = Aes192;
                $body
            }
            32 => {
                type $aes = Aes256;
                $body
            }
            _ => Err(CryptoError::Data),
        }
    };
}

pub(super) fn encrypt(args: Args<'_>) -> Result<Vec<u8>> {
    let (key, iv, data) = (args.bytes(1)?, args.bytes(2)?, args.bytes(3)?);
    match args.text(0)? {
        "AES-CBC" => with_aes!(key, A => {
            let cipher = cbc::Encryptor::<A>::new_from_slices(key, iv).map_err(|_| CryptoError::Operation)?;
            Ok(cipher.encrypt_padded_vec_mut::<Pkcs7>(data))
        }),
        "AES-CTR" => counter(key, iv, data),
        "AES-GCM" => {
            let (mut sealed, tag) = seal(key, iv, data, args.bytes(4)?)?;
            let kept = args.number(5)? / 8;
            sealed.extend_from_slice(tag.get(..kept).ok_or(CryptoError::Operation)?);
            Ok(sealed)
        }
        "AES-KW" => with_aes!(key, A => {
            let wrapping = aes_kw::Kek::<A>::try_from(key).map_err(|_| CryptoError::Data)?;
            wrapping.wrap_vec(data).map_err(|_| CryptoError::Operation)
        }),
        _ => Err(CryptoError::Unsupported("Unrecognized algorithm name")),
    }
}

pub(super) fn decrypt(args: Args<'_>) -> Result<Vec<u8>> {
    let (key, iv, data) = (args.bytes(1)?, args.bytes(2)?, args.bytes(3)?);
    match args.text(0)? {
        "AES-CBC" => with_aes!(key, A => {
            let cipher = cbc::Decryptor::<A>::new_from_slices(key, iv).map_err(|_| CryptoError::Operation)?;
            cipher.decrypt_padded_vec_mut::<Pkcs7>(data).map_err(|_| CryptoError::Operation)
        }),
        "AES-CTR" => counter(key, iv, data),
        "AES-GCM" => open(args, key, iv, data),
        "AES-KW" => with_aes!(key, A => {
            let wrapping = aes_kw::Kek::<A>::try_from(key).map_err(|_| CryptoError::Data)?;
            wrapping.unwrap_vec(data).map_err(|_| CryptoError::Operation)
        }),
        _ => Err(CryptoError::Unsupported("Unrecognized algorithm name")),
    }
}

/// The counter runs over the whole block: where a shorter one would wrap, nobody gets.
fn counter(key: &[u8], iv: &[u8], data: &[u8]) -> Result<Vec<u8>> {
    with_aes!(key, A => {
        let mut cipher = ctr::Ctr128BE::<A>::new_from_slices(key, iv).map_err(|_| CryptoError::Operation)?;
        let mut data = data.to_vec();
        cipher.apply_keystream(&mut data);
        Ok(data)
    })
}

/// Ciphertext and whole tag.
fn seal(key: &[u8], iv: &[u8], data: &[u8], additional: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    macro_rules! sealed {
        ($aes:ty, $nonce:ty) => {{
            let cipher =
                aes_gcm::AesGcm::<$aes, $nonce>::new_from_slice(key).map_err(|_| CryptoError::Data)?;
            let mut text = data.to_vec();
            let tag = cipher
                .encrypt_in_place_detached(iv.into(), additional, &mut text)
                .map_err(|_| CryptoError::Operation)?;
            Ok((text, tag.to_vec()))
        }};
    }
    match iv.len() {
        12 => with_aes!(key, A => sealed!(A, U12)),
        16 => with_aes!(key, A => sealed!(A, U16)),
        _ => Err(CryptoError::Unsupported("AES-GCM with an iv that is neither 12 nor 16 bytes long")),
    }
}

/// Sealing a ciphertext opens it, and sealing the plaintext again gives the tag to compare: so a tag of any length
/// will do.
fn open(args: Args<'_>, key: &[u8], iv: &[u8], data: &[u8]) -> Result<Vec<u8>> {
    let additional = args.bytes(4)?;
    let kept = args.number(5)? / 8;
    let split =
        data.len().checked_sub(kept).filter(|_| kept > 0 && kept <= TAG).ok_or(CryptoError::Operation)?;
    let (sealed, tag) = data.split_at(split);
    let (plain, _) = seal(key, iv, sealed, additional)?;
    let (_, whole) = seal(key, iv, &plain, additional)?;
    let difference = whole.iter().zip(tag).fold(0, |sum, (a, b)| sum | (a ^ b));
    if difference == 0 { Ok(plain) } else { Err(CryptoError::Operation) }
}

fn room(wanted: usize) -> Result<Vec<u8>> {
    if wanted > LARGEST { Err(CryptoError::Operation) } else { Ok(vec![0; wanted]) }
}

pub(super) fn pbkdf2(args: Args<'_>) -> Result<Vec<u8>> {
    let mut derived = room(args.number(4)?)?;
    let rounds = u32::try_from(args.number(3)?).map_err(|_| CryptoError::Operation)?;
    let (password, salt) = (args.bytes(1)?, args.bytes(2)?);
    with_hash!(Hash::named(args.text(0)?)?, D => pbkdf2::pbkdf2_hmac::<D>(password, salt, rounds, &mut derived));
    Ok(derived)
}

pub(super) fn hkdf(args: Args<'_>) -> Result<Vec<u8>> {
    let mut derived = room(args.number(4)?)?;
    let (key, salt, info) = (args.bytes(1)?, args.bytes(2)?, args.bytes(3)?);
    with_hash!(Hash::named(args.text(0)?)?, D => hkdf::Hkdf::<D>::new(Some(salt), key).expand(info, &mut derived))
        .map_err(|_| CryptoError::Operation)?;
    Ok(derived)
}
