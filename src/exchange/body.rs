//! A message body of any size: in memory while it is small, on disk beyond that, cut where it is told of.

use bytes::Bytes;
use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::sync::Arc;

/// Bytes of a body that events and reports carry.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Bytes of a received body that stay in memory; the rest goes to a temporary file.
pub const MEMORY_LIMIT: usize = 1024 * 1024;

/// A message body: whole on the wire side; cut and masked once it has been through the pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// The beginning; all of it, unless something follows or was cut off.
    head: Bytes,
    /// What follows the head.
    rest: Option<Arc<[Chunk]>>,
    /// On the wire, whatever has been cut or masked since.
    size: u64,
    truncated: bool,
    sha256: Option<String>,
}

/// A piece of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chunk {
    /// In memory.
    Bytes(Bytes),
    /// A file of the user's, read when it is sent.
    File(FileChunk),
    /// What a large response left in a temporary file.
    Spilled(Spill),
}

/// A file that is sent as part of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChunk {
    /// Where it is.
    pub path: Arc<Path>,
    /// Its size in bytes, as announced to the server.
    pub size: u64,
}

/// Part of a body in a temporary file, which is gone once nobody holds it any more.
#[derive(Debug, Clone)]
pub struct Spill {
    file: Arc<File>,
    size: u64,
}

impl PartialEq for Spill {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.file, &other.file) && self.size == other.size
    }
}

impl Eq for Spill {}

impl Spill {
    fn read_into(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let mut file = &*self.file;
        file.rewind()?;
        file.take(self.size).read_to_end(out)?;
        Ok(())
    }
}

impl Chunk {
    /// A file of the user's. Errors: it cannot be looked at.
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let size = std::fs::metadata(path)?.len();
        Ok(Self::File(FileChunk { path: Arc::from(path), size }))
    }

    /// Bytes it will be on the wire.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(FileChunk { size, .. }) | Self::Spilled(Spill { size, .. }) => *size,
        }
    }

    fn read_into(&self, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => out.extend_from_slice(bytes),
            Self::File(FileChunk { path, .. }) => drop(File::open(path)?.read_to_end(out)?),
            Self::Spilled(spill) => spill.read_into(out)?,
        }
        Ok(())
    }
}

impl Body {
    /// A whole body.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let head = bytes.into();
        Self { size: head.len() as u64, head, ..Self::default() }
    }

    /// A body made of pieces, in order: parts of a form and the files between them, say.
    pub fn of_chunks(chunks: impl IntoIterator<Item = Chunk>) -> Self {
        let mut chunks: Vec<Chunk> = chunks.into_iter().filter(|chunk| chunk.size() > 0).collect();
        let size = chunks.iter().map(Chunk::size).sum();
        let head = match chunks.first() {
            Some(Chunk::Bytes(bytes)) => {
                let head = bytes.clone();
                chunks.remove(0);
                head
            }
            _ => Bytes::new(),
        };
        let rest = (!chunks.is_empty()).then(|| Arc::from(chunks));
        Self { head, rest, size, ..Self::default() }
    }

    /// What events carry of it: itself when it is short enough, else its beginning and, where it is known, a hash
    /// of the whole. Nothing of it is on disk.
    #[must_use]
    pub fn cut(&self) -> Self {
        if self.rest.is_none() && self.head.len() <= BODY_LIMIT {
            return self.clone();
        }
        let end =
            if self.head.len() <= BODY_LIMIT { self.head.len() } else { cut_at_char(&self.head, BODY_LIMIT) };
        let hash = || (self.rest.is_none() && !self.truncated).then(|| hex(&Sha256::digest(&self.head)));
        Self {
            // A copy: a slice would keep all of a large body in memory.
            head: Bytes::copy_from_slice(&self.head[..end]),
            rest: None,
            size: self.size,
            truncated: true,
            sha256: self.sha256.clone().or_else(hash),
        }
    }

    /// The same body with other bytes to show, secrets masked for instance.
    #[must_use]
    pub fn shown_as(&self, bytes: impl Into<Bytes>) -> Self {
        Self { head: bytes.into(), ..self.clone() }
    }

    /// The bytes at hand: all of them, unless [`truncated`](Self::truncated).
    pub fn bytes(&self) -> &Bytes {
        &self.head
    }

    /// The bytes at hand as text, invalid UTF-8 replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.head)
    }

    /// Every byte, read from disk where they are there. Errors: a file cannot be read, or the body was cut.
    pub fn whole(&self) -> io::Result<Bytes> {
        if self.truncated {
            return Err(io::Error::other("only the beginning of the body was kept"));
        }
        let Some(rest) = &self.rest else { return Ok(self.head.clone()) };
        let mut out = Vec::with_capacity(usize::try_from(self.size).unwrap_or_default());
        out.extend_from_slice(&self.head);
        for chunk in rest.iter() {
            chunk.read_into(&mut out)?;
        }
        Ok(out.into())
    }

    /// What follows the bytes at hand, for whoever sends it.
    pub fn rest(&self) -> &[Chunk] {
        self.rest.as_deref().unwrap_or_default()
    }

    /// Size on the wire in bytes, also when cut or masked.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether only the beginning is at hand: the body was cut, or the rest is on disk.
    pub fn truncated(&self) -> bool {
        self.truncated || self.rest.is_some()
    }

    /// Whether there is no body at all.
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// The body as JSON, when it is JSON and was not cut.
    pub fn json(&self) -> Option<serde_json::Value> {
        match &self.rest {
            _ if self.truncated => None,
            None => serde_json::from_slice(&self.head).ok(),
            Some(_) => serde_json::from_slice(&self.whole().ok()?).ok(),
        }
    }
}

/// Collects a body of unknown size: the first [`MEMORY_LIMIT`] bytes in memory, the rest in a temporary file.
#[derive(Debug, Default)]
pub struct BodyWriter {
    head: Vec<u8>,
    spilled: Option<(File, Sha256)>,
    size: u64,
}

impl BodyWriter {
    /// Makes room for a body that is said to have that size.
    pub fn expect(&mut self, size: u64) {
        let room = usize::try_from(size).unwrap_or(MEMORY_LIMIT).min(MEMORY_LIMIT);
        self.head.reserve(room.saturating_sub(self.head.len()));
    }

    /// Adds bytes at the end. Errors: the temporary file cannot be written.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        let room = MEMORY_LIMIT - self.head.len();
        let (head, rest) = bytes.split_at(room.min(bytes.len()));
        self.head.extend_from_slice(head);
        if rest.is_empty() {
            return Ok(());
        }
        if self.spilled.is_none() {
            let mut hash = Sha256::new();
            hash.update(&self.head);
            self.spilled = Some((tempfile::tempfile()?, hash));
        }
        if let Some((file, hash)) = &mut self.spilled {
            hash.update(rest);
            file.write_all(rest)?;
        }
        Ok(())
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The body.
    pub fn finish(self) -> Body {
        let Self { head, spilled, size } = self;
        let head = Bytes::from(head);
        let Some((file, hash)) = spilled else { return Body { head, size, ..Body::default() } };
        let spill = Spill { file: Arc::new(file), size: size - head.len() as u64 };
        let sha256 = Some(hex(&hash.finalize()));
        Body { head, rest: Some(Arc::new([Chunk::Spilled(spill)])), size, truncated: false, sha256 }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BodyParts<'b> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'b, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    size: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use base64::prelude::{BASE64_STANDARD, Engine as _};
        let Self { head, rest: _, size, truncated, sha256 } = self.cut();
        let (text, base64) = match std::str::from_utf8(&head) {
            Ok(text) => (Some(text.into()), None),
            Err(_) => (None, Some(BASE64_STANDARD.encode(&head))),
        };
        BodyParts { text, base64, size, truncated, sha256 }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use base64::prelude::{BASE64_STANDARD, Engine as _};
        let BodyParts { text, base64, size, truncated, sha256 } = BodyParts::deserialize(deserializer)?;
        let head = match (text, base64) {
            (Some(text), _) => Bytes::from(text.into_owned()),
            (None, Some(base64)) => {
                Bytes::from(BASE64_STANDARD.decode(base64).map_err(serde::de::Error::custom)?)
            }
            (None, None) => Bytes::new(),
        };
        Ok(Self { head, rest: None, size, truncated, sha256 })
    }
}

/// The length of the longest prefix of at most `limit` bytes that does not split a UTF-8 character.
fn cut_at_char(bytes: &[u8], limit: usize) -> usize {
    let mut end = limit;
    while end > limit - 4 && bytes[end] & 0xc0 == 0x80 {
        end -= 1;
    }
    end
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(size: usize, step: usize) -> (Vec<u8>, Body) {
        let bytes: Vec<u8> = (0..size).map(|at| b'a' + (at % 23) as u8).collect();
        let mut writer = BodyWriter::default();
        bytes.chunks(step).for_each(|chunk| writer.push(chunk).unwrap());
        (bytes, writer.finish())
    }

    #[test]
    fn bodies_spill_beyond_the_limit_and_are_whole_all_the_same() {
        for size in [0, 1, MEMORY_LIMIT - 1, MEMORY_LIMIT, MEMORY_LIMIT + 1, 3 * MEMORY_LIMIT + 7] {
            let (bytes, body) = written(size, 100_003);
            assert_eq!(body.size(), size as u64);
            assert_eq!(body.truncated(), size > MEMORY_LIMIT);
            assert!(body.bytes().len() <= MEMORY_LIMIT && bytes.starts_with(body.bytes()));
            for _ in 0..2 {
                assert!(body.whole().unwrap() == bytes, "{size}");
            }
        }
    }

    #[test]
    fn what_is_told_of_is_short_and_knows_the_whole() {
        let (bytes, body) = written(2 * MEMORY_LIMIT, 4096);
        let (small_bytes, small) = written(BODY_LIMIT + 1, 4096);
        for (bytes, body) in [(bytes, body), (small_bytes, small)] {
            let cut = body.cut();
            assert!(cut.truncated() && cut.rest().is_empty() && cut.bytes().len() == BODY_LIMIT);
            assert_eq!(cut.size(), bytes.len() as u64);
            assert_eq!(cut.sha256, Some(hex(&Sha256::digest(&bytes))));
            assert_eq!(cut.cut(), cut);
            assert!(cut.whole().is_err() && cut.json().is_none());
            let told = serde_json::to_value(&body).unwrap();
            assert_eq!(serde_json::from_value::<Body>(told).unwrap(), cut);
        }
    }

    #[test]
    fn a_body_of_chunks_knows_its_size_before_it_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "from disk").unwrap();
        let text = |text: &'static str| Chunk::Bytes(text.into());
        let chunks = [text("one,"), Chunk::file(file.path()).unwrap(), text(""), text(",two")];
        let body = Body::of_chunks(chunks);
        assert_eq!((body.size(), body.bytes().as_ref(), body.truncated()), (17, &b"one,"[..], true));
        assert_eq!(body.rest().len(), 2);
        assert_eq!(body.whole().unwrap(), "one,from disk,two");
        assert_eq!(body.cut().bytes().as_ref(), b"one,");
        assert_eq!(Body::of_chunks([text("a")]), Body::new("a"));
        assert!(Body::of_chunks([]).is_empty());
        assert!(Chunk::file("/nowhere/at/all").is_err());
    }

    #[test]
    fn json_is_read_from_disk_too() {
        let mut writer = BodyWriter::default();
        writer.push(b"[\"").unwrap();
        writer.push("x".repeat(MEMORY_LIMIT).as_bytes()).unwrap();
        writer.push(b"\"]").unwrap();
        assert!(writer.finish().json().is_some_and(|json| json[0].as_str().unwrap().len() == MEMORY_LIMIT));
    }
}
