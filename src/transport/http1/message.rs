//! A request as bytes: head and body, written in as few pieces as possible.

use super::head::is_token;
use crate::exchange::{Body, Chunk, FailureKind, FileChunk, Header, Headers, TransportFailure};
use std::fs::File;
use std::io::{self, Read as _};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// Bytes of a body that travel in one piece with the head.
const TOGETHER: usize = 64 * 1024;

/// Bytes of a file read at once.
const PIECE: usize = 64 * 1024;

/// How a body's end is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transport) enum Coding {
    /// By a Content-Length, or not at all.
    Plain,
    /// By chunks.
    Chunked,
}

/// A request ready to be written.
#[derive(Debug)]
pub(in crate::transport) struct Message {
    /// The head, and what of the body is short enough to go with it.
    first: Vec<u8>,
    /// What follows.
    rest: Vec<Chunk>,
    coding: Coding,
}

/// Why a request was not written to its end.
#[derive(Debug)]
pub(in crate::transport) enum WriteError {
    /// The connection broke.
    Broken(io::Error),
    /// A file of the body cannot be read as it was announced.
    File(TransportFailure),
}

impl Message {
    /// Spells a request out. Errors: what is asked for cannot be said in HTTP.
    pub(in crate::transport) fn new(
        line: (&str, &str),
        headers: &Headers,
        body: Option<&Body>,
        coding: Coding,
    ) -> Result<Self, TransportFailure> {
        let mut first = Vec::with_capacity(1024);
        head(&mut first, line, headers, body.is_some_and(is_text))?;
        let mut rest = Vec::new();
        if let Some(body) = body {
            let bytes = body.bytes();
            if first.len() + bytes.len() <= TOGETHER {
                append(&mut first, bytes, coding);
            } else {
                rest.push(Chunk::Bytes(bytes.clone()));
            }
            rest.extend(body.rest().iter().cloned());
        }
        if rest.is_empty() && coding == Coding::Chunked {
            first.extend_from_slice(b"0\r\n\r\n");
        }
        Ok(Self { first, rest, coding })
    }

    /// Whether it is one piece, which a server takes before it answers.
    pub(in crate::transport) fn is_short(&self) -> bool {
        self.rest.is_empty()
    }

    /// All but the last byte, and the last byte; `None` where it is more than one piece.
    pub(in crate::transport) fn split_last(&self) -> Option<(&[u8], u8)> {
        let (last, start) = self.first.split_last()?;
        self.is_short().then_some((start, *last))
    }

    /// Writes it all.
    pub(in crate::transport) async fn write<W>(&self, out: &mut W) -> Result<(), WriteError>
    where
        W: AsyncWrite + Unpin,
    {
        write(out, &self.first).await?;
        let mut framed = Vec::new();
        for chunk in &self.rest {
            match chunk {
                Chunk::Bytes(bytes) if self.coding == Coding::Plain => write(out, bytes).await?,
                Chunk::Bytes(bytes) => {
                    framed.clear();
                    append(&mut framed, bytes, self.coding);
                    write(out, &framed).await?;
                }
                Chunk::File(file) => self.write_file(out, file, &mut framed).await?,
                // A response's body that is sent on: read whole, it came through memory before.
                Chunk::Spilled(_) => {
                    let bytes = Body::of_chunks([chunk.clone()]).whole().map_err(WriteError::Broken)?;
                    framed.clear();
                    append(&mut framed, &bytes, self.coding);
                    write(out, &framed).await?;
                }
            }
        }
        if !self.rest.is_empty() && self.coding == Coding::Chunked {
            write(out, b"0\r\n\r\n").await?;
        }
        out.flush().await.map_err(WriteError::Broken)
    }

    async fn write_file<W>(
        &self,
        out: &mut W,
        chunk: &FileChunk,
        framed: &mut Vec<u8>,
    ) -> Result<(), WriteError>
    where
        W: AsyncWrite + Unpin,
    {
        let unreadable = |error: &io::Error| WriteError::File(unreadable(chunk, &error.to_string()));
        let mut file = File::open(&chunk.path).map_err(|error| unreadable(&error))?;
        let mut piece = vec![0; PIECE];
        let mut left = chunk.size;
        while left > 0 {
            let room = usize::try_from(left).unwrap_or(usize::MAX).min(PIECE);
            let read = file.read(&mut piece[..room]).map_err(|error| unreadable(&error))?;
            if read == 0 {
                return Err(WriteError::File(self::unreadable(chunk, "it has become shorter")));
            }
            left -= read as u64;
            framed.clear();
            append(framed, &piece[..read], self.coding);
            write(out, framed).await?;
        }
        Ok(())
    }
}

async fn write<W: AsyncWrite + Unpin>(out: &mut W, bytes: &[u8]) -> Result<(), WriteError> {
    out.write_all(bytes).await.map_err(WriteError::Broken)
}

fn unreadable(chunk: &FileChunk, why: &str) -> TransportFailure {
    let message = format!("could not send the file `{}`: {why}", chunk.path.display());
    TransportFailure { kind: FailureKind::InvalidRequest, message }
}

fn append(out: &mut Vec<u8>, bytes: &[u8], coding: Coding) {
    match coding {
        _ if bytes.is_empty() => {}
        Coding::Plain => out.extend_from_slice(bytes),
        Coding::Chunked => {
            out.extend_from_slice(format!("{:x}\r\n", bytes.len()).as_bytes());
            out.extend_from_slice(bytes);
            out.extend_from_slice(b"\r\n");
        }
    }
}

/// Whether Node would hold the body as one string: it then writes head and body as one, in UTF-8, where a head on its
/// own is Latin-1.
fn is_text(body: &Body) -> bool {
    body.rest().is_empty() && !body.is_empty() && std::str::from_utf8(body.bytes()).is_ok()
}

fn head(
    out: &mut Vec<u8>,
    (method, target): (&str, &str),
    headers: &Headers,
    utf8: bool,
) -> Result<(), TransportFailure> {
    if method.is_empty() || !method.bytes().all(is_token) {
        return Err(invalid(format!("`{}` cannot be a method", method.escape_debug())));
    }
    if let Some(bad) = target.chars().find(|c| !('!'..='\u{ff}').contains(c)) {
        let message = format!("the URL holds `{}`, which has to be encoded", bad.escape_debug());
        return Err(invalid(message));
    }
    let text = |out: &mut Vec<u8>, text: &str| {
        if utf8 || text.is_ascii() {
            out.extend_from_slice(text.as_bytes());
        } else {
            // Checked to be Latin-1.
            out.extend(text.chars().map(|c| c as u8));
        }
    };
    out.extend_from_slice(method.as_bytes());
    out.push(b' ');
    text(out, target);
    out.extend_from_slice(b" HTTP/1.1\r\n");
    for Header { key, value, system: _ } in headers.iter() {
        check(key, value)?;
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b": ");
        text(out, value);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
    Ok(())
}

fn check(key: &str, value: &str) -> Result<(), TransportFailure> {
    if let Some(bad) = key.chars().find(|&c| !u8::try_from(c).is_ok_and(is_token)) {
        let (key, bad) = (key.escape_debug(), bad.escape_debug());
        return Err(invalid(format!("`{key}` cannot be the name of a header: it holds `{bad}`")));
    }
    if key.is_empty() {
        return Err(invalid("a header has no name".to_owned()));
    }
    let fine = |c: char| c == '\t' || (' '..='~').contains(&c) || ('\u{80}'..='\u{ff}').contains(&c);
    if let Some(bad) = value.chars().find(|&c| !fine(c)) {
        let bad = bad.escape_debug();
        return Err(invalid(format!("the value of the header `{key}` holds `{bad}`, which no header may")));
    }
    Ok(())
}

fn invalid(message: String) -> TransportFailure {
    TransportFailure { kind: FailureKind::InvalidRequest, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn written(headers: &[(&str, &str)], body: Option<&Body>, coding: Coding) -> String {
        let mut fields = Headers::default();
        headers.iter().for_each(|(key, value)| fields.push(*key, *value));
        let message = Message::new(("POST", "/p?q"), &fields, body, coding).unwrap();
        let mut out = Vec::new();
        message.write(&mut out).await.unwrap();
        out.iter().map(|&b| char::from(b)).collect()
    }

    #[tokio::test]
    async fn heads_keep_case_order_and_duplicates() {
        let headers = [("x-B", "1"), ("A", ""), ("x-b", "  2 "), ("x-B", "\u{e9}")];
        let head = "POST /p?q HTTP/1.1\r\nx-B: 1\r\nA: \r\nx-b:   2 \r\nx-B: ";
        assert_eq!(written(&headers, None, Coding::Plain).await, format!("{head}\u{e9}\r\n\r\n"));
        // As Node: what goes out with text goes out as text.
        let text = written(&headers, Some(&Body::new("é")), Coding::Plain).await;
        assert_eq!(text, format!("{head}\u{c3}\u{a9}\r\n\r\n\u{c3}\u{a9}"));
        let bytes = written(&headers, Some(&Body::new(vec![0xff])), Coding::Plain).await;
        assert_eq!(bytes, format!("{head}\u{e9}\r\n\r\n\u{ff}"));
    }

    #[tokio::test]
    async fn bodies_come_in_the_pieces_they_are_made_of() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "f".repeat(PIECE + 1)).unwrap();
        let chunks = [Chunk::Bytes("a".into()), Chunk::file(file.path()).unwrap(), Chunk::Bytes("z".into())];
        let body = Body::of_chunks(chunks);
        let plain = written(&[], Some(&body), Coding::Plain).await;
        assert!(plain == format!("POST /p?q HTTP/1.1\r\n\r\na{}z", "f".repeat(PIECE + 1)));
        let chunked = written(&[], Some(&body), Coding::Chunked).await;
        let expected = format!("1\r\na\r\n10000\r\n{}\r\n1\r\nf\r\n1\r\nz\r\n0\r\n\r\n", "f".repeat(PIECE));
        assert!(chunked == format!("POST /p?q HTTP/1.1\r\n\r\n{expected}"));
        assert!(written(&[], None, Coding::Chunked).await.ends_with("\r\n\r\n0\r\n\r\n"));
        let short = written(&[], Some(&Body::new("abc")), Coding::Chunked).await;
        assert!(short.ends_with("\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
    }

    #[tokio::test]
    async fn a_file_that_changed_is_told() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "long").unwrap();
        let body = Body::of_chunks([Chunk::file(file.path()).unwrap()]);
        std::fs::write(file.path(), "lo").unwrap();
        let message = Message::new(("PUT", "/"), &Headers::default(), Some(&body), Coding::Plain).unwrap();
        let error = message.write(&mut Vec::new()).await.unwrap_err();
        assert!(
            matches!(error, WriteError::File(failure) if failure.message.ends_with("it has become shorter"))
        );
    }

    #[test]
    fn what_http_cannot_say_is_refused() {
        for (line, header, expected) in [
            (("", "/"), ("X", ""), "`` cannot be a method"),
            (("FO O", "/"), ("X", ""), "`FO O` cannot be a method"),
            (("GET", "/a b"), ("X", ""), "the URL holds ` `, which has to be encoded"),
            (("GET", "/€"), ("X", ""), "the URL holds `€`, which has to be encoded"),
            (("GET", "/"), ("X-Trim ", ""), "`X-Trim ` cannot be the name of a header: it holds ` `"),
            (("GET", "/"), ("é", ""), "`é` cannot be the name of a header: it holds `é`"),
            (("GET", "/"), ("", "x"), "a header has no name"),
            (("GET", "/"), ("X", "a\nb"), "the value of the header `X` holds `\\n`, which no header may"),
            (("GET", "/"), ("X", "€"), "the value of the header `X` holds `€`, which no header may"),
        ] {
            let mut headers = Headers::default();
            headers.push(header.0, header.1);
            let failure = Message::new(line, &headers, None, Coding::Plain).unwrap_err();
            assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::InvalidRequest, expected));
        }
    }
}
