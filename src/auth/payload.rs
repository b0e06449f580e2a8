//! The body as signers see it: hashed piece by piece, files included, as much of it as a scheme wants.

use super::Unsigned;
use crate::exchange::{Body, Chunk};
use sha2::Digest;
use std::fs::File;
use std::io::{self, Read as _};

/// Bytes read from a file at once.
const PIECE: usize = 64 * 1024;

/// A request's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payload<'b> {
    /// There is none.
    Empty,
    /// There is one that is hashed.
    Whole(&'b Body),
    /// `multipart/form-data`, which Postman's signers leave out of what they hash.
    Multipart(&'b Body),
}

/// What goes into a hash around the body, and how much of the body does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'f> {
    pub(super) before: &'f str,
    pub(super) after: &'f str,
    /// Bytes of the body at most.
    pub(super) limit: u64,
}

/// The body alone, all of it.
pub(super) const BARE: Frame<'static> = Frame { before: "", after: "", limit: u64::MAX };

/// The hash of a body in its frame. Errors: one of its files cannot be read.
pub(super) fn hash<D: Digest>(body: &Body, frame: Frame<'_>) -> Result<Vec<u8>, Unsigned> {
    let mut hasher = D::new();
    hasher.update(frame.before);
    let mut left = frame.limit;
    let mut take = |piece: &[u8]| {
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        hasher.update(&piece[..length]);
        left -= length as u64;
        left > 0
    };
    if take(body.bytes()) {
        for chunk in body.rest() {
            if !feed(chunk, &mut take).map_err(|error| unreadable(chunk, &error))? {
                break;
            }
        }
    }
    hasher.update(frame.after);
    Ok(hasher.finalize().to_vec())
}

/// Feeds a piece of a body, until the taker has had enough: then it says `false`.
fn feed(chunk: &Chunk, take: &mut impl FnMut(&[u8]) -> bool) -> io::Result<bool> {
    match chunk {
        Chunk::Bytes(bytes) => Ok(take(bytes)),
        Chunk::File(file) => {
            let mut file = File::open(&file.path)?;
            let mut piece = vec![0; PIECE];
            loop {
                match file.read(&mut piece)? {
                    0 => return Ok(true),
                    length if !take(&piece[..length]) => return Ok(false),
                    _ => {}
                }
            }
        }
        // Only responses are spilled.
        Chunk::Spilled(_) => Err(io::Error::other("a response's body cannot be signed")),
    }
}

fn unreadable(chunk: &Chunk, error: &io::Error) -> Unsigned {
    let file = match chunk {
        Chunk::File(file) => file.path.display().to_string(),
        _ => "the body".to_owned(),
    };
    Unsigned::Failed(format!("{file} cannot be read to be signed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::hex;
    use sha2::Sha256;

    #[test]
    fn bodies_are_hashed_across_their_pieces() {
        let path = std::env::temp_dir().join(format!("postproof-payload-{}", std::process::id()));
        std::fs::write(&path, vec![b'x'; PIECE + 7]).unwrap();
        let body = Body::of_chunks([
            Chunk::Bytes("head".into()),
            Chunk::file(&path).unwrap(),
            Chunk::Bytes("tail".into()),
        ]);
        let whole = [b"head".as_slice(), &vec![b'x'; PIECE + 7], b"tail"].concat();
        for limit in [0, 2, 4, 5, PIECE, PIECE + 4 + 7, PIECE + 4 + 9, usize::MAX] {
            let frame = Frame { before: "<", after: ">", limit: limit as u64 };
            let expected = [b"<".as_slice(), &whole[..limit.min(whole.len())], b">"].concat();
            let hashed = hash::<Sha256>(&body, frame).unwrap();
            assert_eq!(hex(&hashed), hex(&Sha256::digest(expected)), "{limit}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(hash::<Sha256>(&body, BARE).is_err());
    }
}
