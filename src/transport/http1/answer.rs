//! One answer, read off a connection: interim ones are passed over, the body is decoded as it arrives.

use super::body::Framing;
use super::head::{Head, HeadParser, Strictness};
use super::{cut_short, not_http};
use crate::exchange::{Body, TransportFailure};
use crate::transport::decode::Decoder;
use crate::transport::failure;
use bytes::{Buf as _, BytesMut};
use std::cell::Cell;
use std::io;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// Bytes asked of a connection at once.
const READ: usize = 64 * 1024;

/// What an answer is expected to be like.
#[derive(Debug, Clone, Copy)]
pub(in crate::transport) struct Expected<'a> {
    /// The request's method.
    pub(in crate::transport) method: &'a str,
    pub(in crate::transport) strictness: Strictness,
    /// Largest body taken, in bytes, decoded.
    pub(in crate::transport) max_size: Option<u64>,
    /// How long the server may be silent.
    pub(in crate::transport) silence: Option<Duration>,
    /// When something was last sent, while something is: the server is silent only after that.
    pub(in crate::transport) written_at: Option<&'a Cell<Instant>>,
    /// `host:port`, for messages.
    pub(in crate::transport) target: &'a str,
}

/// An answer.
#[derive(Debug)]
pub(in crate::transport) struct Answer {
    pub(in crate::transport) head: Head,
    pub(in crate::transport) body: Body,
    /// When the head was complete.
    pub(in crate::transport) head_at: Instant,
    /// Whether the connection can carry another request, as far as the answer says.
    pub(in crate::transport) reusable: bool,
}

/// Why there is no answer.
#[derive(Debug)]
pub(in crate::transport) struct NoAnswer {
    pub(in crate::transport) failure: TransportFailure,
    /// Not one byte came.
    pub(in crate::transport) untouched: bool,
    /// When the head was complete, if it ever was.
    pub(in crate::transport) head_at: Option<Instant>,
}

/// Reads an answer. `buffer` holds what was read from the connection and not used yet.
pub(in crate::transport) async fn read<R>(
    from: &mut R,
    buffer: &mut BytesMut,
    expected: &Expected<'_>,
) -> Result<Answer, NoAnswer>
where
    R: AsyncRead + Unpin,
{
    let mut reader = Reader { from, buffer, expected, touched: false };
    let head = match reader.final_head().await {
        Ok(head) => head,
        Err(failure) => return Err(NoAnswer { failure, untouched: !reader.touched, head_at: None }),
    };
    let head_at = Instant::now();
    match reader.body(&head).await {
        Ok((body, reusable)) => Ok(Answer { reusable: reusable && keeps_alive(&head), head, body, head_at }),
        Err(failure) => Err(NoAnswer { failure, untouched: false, head_at: Some(head_at) }),
    }
}

struct Reader<'a, R> {
    from: &'a mut R,
    buffer: &'a mut BytesMut,
    expected: &'a Expected<'a>,
    touched: bool,
}

impl<R: AsyncRead + Unpin> Reader<'_, R> {
    async fn final_head(&mut self) -> Result<Head, TransportFailure> {
        loop {
            let head = self.head().await?;
            // 101 is final: nobody here speaks anything else.
            if !matches!(head.code, 100 | 102..=199) {
                return Ok(head);
            }
        }
    }

    async fn head(&mut self) -> Result<Head, TransportFailure> {
        let mut parser = HeadParser::new(self.expected.strictness);
        loop {
            if !self.buffer.is_empty() {
                let mut input = &self.buffer[..];
                let head = parser.advance(&mut input)?;
                let used = self.buffer.len() - input.len();
                self.buffer.advance(used);
                if let Some(head) = head {
                    return Ok(head);
                }
            }
            if self.more().await? == 0 {
                return Err(cut_short());
            }
            self.touched = true;
        }
    }

    /// The body, and whether the connection is in a known state after it.
    async fn body(&mut self, head: &Head) -> Result<(Body, bool), TransportFailure> {
        let Expected { method, strictness, max_size, .. } = *self.expected;
        let mut framing = Framing::of(method, head, strictness)?;
        let coding = head.headers.get_all("content-encoding").collect::<Vec<_>>().join(", ");
        let mut decoder = Decoder::new(&coding, framing.length(), max_size)?;
        loop {
            let mut input = &self.buffer[..];
            loop {
                let data = framing.advance(&mut input)?;
                if data.is_empty() {
                    break;
                }
                decoder.push(data)?;
            }
            let used = self.buffer.len() - input.len();
            self.buffer.advance(used);
            if framing.is_complete() {
                let surplus = self.buffer.len();
                // Where there can be no body, what follows is a server's idea of one: whether it is here yet is
                // chance, and must not decide. It is gone with the connection.
                if surplus > 0 && !has_no_body(method, head.code) {
                    return Err(not_http(format!("{surplus} bytes follow its end")));
                }
                return Ok((decoder.finish()?, surplus == 0));
            }
            if self.more().await? == 0 {
                return match framing.ends_with_the_connection() {
                    true => Ok((decoder.finish()?, false)),
                    false => Err(cut_short()),
                };
            }
        }
    }

    /// Reads what is there; 0 at the end of the connection.
    async fn more(&mut self) -> Result<usize, TransportFailure> {
        self.buffer.reserve(READ);
        let read = match self.expected.silence {
            None => self.from.read_buf(self.buffer).await,
            Some(allowed) => self.within(allowed).await?,
        };
        read.map_err(|error| failure::broken(&error, self.expected.target))
    }

    async fn within(&mut self, allowed: Duration) -> Result<io::Result<usize>, TransportFailure> {
        let mut wait = allowed;
        loop {
            if let Ok(read) = tokio::time::timeout(wait, self.from.read_buf(self.buffer)).await {
                return Ok(read);
            }
            let since = self.expected.written_at.map_or(allowed, |at| at.get().elapsed());
            wait = allowed.saturating_sub(since);
            if wait.is_zero() {
                return Err(failure::silent(allowed, self.touched));
            }
        }
    }
}

/// Whether an answer ends with its head, whatever it says (RFC 9112 §6.3).
fn has_no_body(method: &str, code: u16) -> bool {
    method == "HEAD" || matches!(code, 204 | 304)
}

/// Whether the server keeps the connection (RFC 9112 §9.3).
fn keeps_alive(head: &Head) -> bool {
    let says = |option: &str| {
        head.headers
            .get_all("connection")
            .flat_map(|value| value.split(','))
            .any(|said| said.trim().eq_ignore_ascii_case(option))
    };
    let by_default = head.version == "HTTP/1.1";
    head.code != 101 && !says("close") && (by_default || says("keep-alive"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::StdRng;
    use rand::{RngExt as _, SeedableRng as _};
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use tokio::io::ReadBuf;

    /// Bytes that arrive in pieces of a certain size.
    struct Pieces<'b> {
        bytes: &'b [u8],
        size: usize,
    }

    impl AsyncRead for Pieces<'_> {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            let length = self.size.min(self.bytes.len()).min(buffer.remaining());
            let (piece, rest) = self.bytes.split_at(length);
            buffer.put_slice(piece);
            self.bytes = rest;
            Poll::Ready(Ok(()))
        }
    }

    async fn answered(bytes: &[u8], size: usize, strictness: Strictness) -> Result<String, String> {
        let expected = Expected {
            method: "GET",
            strictness,
            max_size: Some(1 << 20),
            silence: None,
            written_at: None,
            target: "h:80",
        };
        let mut pieces = Pieces { bytes, size };
        match read(&mut pieces, &mut BytesMut::new(), &expected).await {
            Ok(Answer { head, body, reusable, .. }) => {
                Ok(format!("{head:?} {:?} {reusable}", body.whole().unwrap()))
            }
            Err(no_answer) => Err(no_answer.failure.message),
        }
    }

    const SEEDS: [&[u8]; 4] = [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 \xc3\xa9\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n3;x=y\r\nabc\r\n0a\r\n0123456789\r\n0\r\nT: 1\r\n\r\n",
        b"HTTP/1.0 404\r\nX: a\r\n b\r\nconnection: keep-alive\r\n\r\nuntil the end",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: 13\r\n\r\nx\x9c\xcbH\xcd\xc9\xc9\x07\0\x06,\x02\x15",
    ];

    /// A seed with some bytes changed, dropped, doubled or cut off.
    fn garbled(random: &mut StdRng) -> Vec<u8> {
        let mut bytes = SEEDS[random.random_range(0..SEEDS.len())].to_vec();
        for _ in 0..random.random_range(0..4) {
            if bytes.is_empty() {
                break;
            }
            let at = random.random_range(0..bytes.len());
            match random.random_range(0..5) {
                0 => bytes[at] = random.random(),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, b"\r\n :;,09afx\0\xff"[random.random_range(0..13)]),
                3 => bytes.truncate(at + 1),
                _ => {
                    let end = random.random_range(at..bytes.len()).min(at + 20);
                    let again = bytes[at..end].to_vec();
                    bytes.splice(at..at, again);
                }
            }
        }
        bytes
    }

    /// However an answer is garbled, reading it ends, and the pieces it comes in change nothing but what of a broken
    /// end is seen first.
    #[tokio::test]
    async fn garbled_answers_are_read_or_refused_alike_in_all_pieces() {
        let mut random = StdRng::seed_from_u64(2026);
        let (mut read, mut refused) = (0, 0);
        for round in 0..4000 {
            let bytes = garbled(&mut random);
            let strictness = if random.random() { Strictness::Strict } else { Strictness::Lenient };
            let whole = answered(&bytes, usize::MAX, strictness).await;
            for size in [1, random.random_range(2..40)] {
                let pieces = answered(&bytes, size, strictness).await;
                let surplus = |result: &Result<String, String>| {
                    result.as_ref().is_err_and(|message| message.ends_with("bytes follow its end"))
                };
                let what = || String::from_utf8_lossy(&bytes).into_owned();
                if !surplus(&whole) {
                    assert_eq!(pieces.is_ok(), whole.is_ok(), "{round} {size}: {:?}", what());
                }
                if let (Ok(pieces), Ok(whole)) = (&pieces, &whole) {
                    assert_eq!(pieces, whole, "{round} {size}: {:?}", what());
                }
            }
            if whole.is_ok() { read += 1 } else { refused += 1 }
        }
        assert!(read > 400 && refused > 400, "{read} {refused}");
    }
}
