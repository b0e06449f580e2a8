//! Host functions over bytes: randomness and identifiers, digests, text encodings, compression.

use super::raw;
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder, GzEncoder, MultiGzDecoder, ZlibDecoder, ZlibEncoder};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::Rng as _;
use rquickjs::function::{Func, Opt};
use rquickjs::{Ctx, Object, Result, TypedArray};
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use std::io::Read;

type Bytes<'js> = TypedArray<'js, u8>;

/// Most bytes a script may unpack: more than an engine's memory holds anyway.
const LARGEST: u64 = 256 << 20;

/// Puts these functions on `host`. What they do not know (an algorithm, an encoding, broken data) gives `undefined`.
pub(super) fn define<'js>(host: &Object<'js>) -> Result<()> {
    host.set("random", Func::from(random))?;
    host.set("uuid", Func::from(|| uuid::Uuid::new_v4().to_string()))?;
    host.set("digest", Func::from(digest))?;
    host.set("hmac", Func::from(hmac_of))?;
    host.set("utf8Encode", Func::from(encode))?;
    host.set("utf8Decode", Func::from(decode))?;
    host.set("encodingName", Func::from(encoding_name))?;
    host.set("compress", Func::from(compress))?;
    host.set("decompress", Func::from(decompress))
}

fn random(ctx: Ctx<'_>, length: u32) -> Result<Bytes<'_>> {
    let mut bytes = vec![0; length as usize];
    rand::rng().fill_bytes(&mut bytes);
    TypedArray::new(ctx, bytes)
}

fn digest<'js>(ctx: Ctx<'js>, algorithm: String, data: Bytes<'js>) -> Result<Option<Bytes<'js>>> {
    let data = raw::bytes(&data);
    let digest = match algorithm.as_str() {
        "MD5" => md5::Md5::digest(data).to_vec(),
        "SHA-1" => Sha1::digest(data).to_vec(),
        "SHA-224" => Sha224::digest(data).to_vec(),
        "SHA-256" => Sha256::digest(data).to_vec(),
        "SHA-384" => Sha384::digest(data).to_vec(),
        "SHA-512" => Sha512::digest(data).to_vec(),
        _ => return Ok(None),
    };
    TypedArray::new(ctx, digest).map(Some)
}

fn hmac_of<'js>(
    ctx: Ctx<'js>,
    algorithm: String,
    key: Bytes<'js>,
    data: Bytes<'js>,
) -> Result<Option<Bytes<'js>>> {
    macro_rules! mac {
        ($hash:ty) => {
            Hmac::<$hash>::new_from_slice(&raw::bytes(&key))
                .ok()
                .map(|mac| mac.chain_update(raw::bytes(&data)).finalize().into_bytes().to_vec())
        };
    }
    let mac = match algorithm.as_str() {
        "MD5" => mac!(md5::Md5),
        "SHA-1" => mac!(Sha1),
        "SHA-224" => mac!(Sha224),
        "SHA-256" => mac!(Sha256),
        "SHA-384" => mac!(Sha384),
        "SHA-512" => mac!(Sha512),
        _ => None,
    };
    mac.map(|mac| TypedArray::new(ctx, mac)).transpose()
}

fn encode(ctx: Ctx<'_>, text: String) -> Result<Bytes<'_>> {
    TypedArray::new(ctx, text.into_bytes())
}

/// Text of bytes in the encoding `label` names (`utf-8` when absent). Bytes that are none of it become U+FFFD, or make
/// all of it `undefined` where `fatal` is set. A byte order mark stays.
fn decode<'js>(data: Bytes<'js>, label: Opt<String>, fatal: Opt<bool>) -> Option<String> {
    let encoding = encoding_rs::Encoding::for_label(label.0.as_deref().unwrap_or("utf-8").as_bytes())?;
    let data = raw::bytes(&data);
    let (text, malformed) = encoding.decode_without_bom_handling(&data);
    (!malformed || fatal.0 != Some(true)).then(|| text.into_owned())
}

/// What the web calls the encoding of that label, in lower case.
fn encoding_name(label: String) -> Option<String> {
    Some(encoding_rs::Encoding::for_label(label.as_bytes())?.name().to_ascii_lowercase())
}

/// `format`: `gzip`, `deflate` (with zlib's header), `deflate-raw`.
fn compress<'js>(ctx: Ctx<'js>, format: String, data: Bytes<'js>) -> Result<Option<Bytes<'js>>> {
    let data = raw::bytes(&data);
    let (data, level) = (data.as_slice(), Compression::default());
    let packed = match format.as_str() {
        "gzip" => read_all(GzEncoder::new(data, level)),
        "deflate" => read_all(ZlibEncoder::new(data, level)),
        "deflate-raw" => read_all(DeflateEncoder::new(data, level)),
        _ => None,
    };
    packed.map(|packed| TypedArray::new(ctx, packed)).transpose()
}

/// `undefined` too for what would unpack to more than [`LARGEST`] bytes.
fn decompress<'js>(ctx: Ctx<'js>, format: String, data: Bytes<'js>) -> Result<Option<Bytes<'js>>> {
    let data = raw::bytes(&data);
    let data = data.as_slice();
    let unpacked = match format.as_str() {
        "gzip" => read_all(MultiGzDecoder::new(data)),
        "deflate" => read_all(ZlibDecoder::new(data)),
        "deflate-raw" => read_all(DeflateDecoder::new(data)),
        _ => None,
    };
    unpacked.map(|unpacked| TypedArray::new(ctx, unpacked)).transpose()
}

fn read_all(from: impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = from.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    (read as u64 <= LARGEST).then_some(bytes)
}
