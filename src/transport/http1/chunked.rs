//! The chunked transfer coding (RFC 9112 §7.1), as it arrives.

use super::head::Strictness;
use super::not_http;
use crate::exchange::TransportFailure;

/// Bytes a chunk extension or the trailers may have.
const ASIDE_LIMIT: usize = 16 * 1024;

/// Reads chunks.
#[derive(Debug)]
pub(in crate::transport) struct Chunked {
    strictness: Strictness,
    state: State,
    /// Bytes of extensions and trailers so far.
    aside: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In the size; how many digits it has so far.
    Size {
        size: u64,
        digits: u8,
    },
    /// Between the size and the end of its line.
    Extension {
        size: u64,
    },
    /// At the LF of the size's line.
    SizeLf {
        size: u64,
    },
    /// In the data.
    Data {
        left: u64,
    },
    DataCr,
    DataLf,
    /// At the beginning of a line of the trailers.
    TrailerStart,
    Trailer,
    TrailerLf,
    /// At the LF that ends it all.
    EndLf,
    End,
}

impl Chunked {
    pub(super) fn new(strictness: Strictness) -> Self {
        Self { strictness, state: State::Size { size: 0, digits: 0 }, aside: 0 }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.state == State::End
    }

    /// Takes what belongs to the body off the front of `input`: the next piece of data, empty when more input is
    /// needed or the body is complete.
    pub(super) fn advance<'i>(&mut self, input: &mut &'i [u8]) -> Result<&'i [u8], TransportFailure> {
        while let (Some(&byte), false) = (input.first(), self.is_complete()) {
            if let State::Data { left } = self.state {
                let length = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
                let (data, rest) = input.split_at(length);
                *input = rest;
                let left = left - length as u64;
                self.state = if left == 0 { State::DataCr } else { State::Data { left } };
                return Ok(data);
            }
            self.state = self.after(byte)?;
            *input = &input[1..];
        }
        Ok(&[])
    }

    fn after(&mut self, byte: u8) -> Result<State, TransportFailure> {
        let lenient = self.strictness == Strictness::Lenient;
        Ok(match (self.state, byte) {
            (State::Size { size, digits }, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                let digit = char::from(byte).to_digit(16).map_or(0, u64::from);
                let size = size.checked_mul(16).ok_or_else(|| not_http("a chunk is too large"))? + digit;
                State::Size { size, digits: digits.saturating_add(1) }
            }
            (State::Size { size, digits: 1.. }, b'\r') => State::SizeLf { size },
            (State::Size { size, digits: 1.. }, b';') => State::Extension { size },
            (State::Size { size, digits: 1.. }, b' ' | b'\t') if lenient => State::Extension { size },
            (State::Extension { size }, b'\r') => State::SizeLf { size },
            (State::Extension { size }, 9 | 32..) => self.aside(State::Extension { size })?,
            (State::SizeLf { size: 0 }, b'\n') => State::TrailerStart,
            (State::SizeLf { size }, b'\n') => State::Data { left: size },
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => State::Size { size: 0, digits: 0 },
            (State::TrailerStart, b'\r') => State::EndLf,
            (State::TrailerStart | State::Trailer, 9 | 32..) => self.aside(State::Trailer)?,
            (State::Trailer, b'\r') => State::TrailerLf,
            (State::TrailerLf, b'\n') => State::TrailerStart,
            (State::EndLf, b'\n') => State::End,
            (State::Size { .. } | State::Extension { .. } | State::SizeLf { .. }, _) => {
                return Err(not_http("a chunk's size is malformed"));
            }
            (State::DataCr | State::DataLf, _) => return Err(not_http("a chunk is longer than its size")),
            _ => return Err(not_http("the trailers are malformed")),
        })
    }

    fn aside(&mut self, state: State) -> Result<State, TransportFailure> {
        self.aside += 1;
        if self.aside > ASIDE_LIMIT {
            Err(not_http("extensions and trailers are too long"))
        } else {
            Ok(state)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The data, whether it is complete, and what is left over.
    fn read(text: &[u8], step: usize, strictness: Strictness) -> Result<(String, bool, String), String> {
        let mut chunked = Chunked::new(strictness);
        let mut data = Vec::new();
        let mut rest = Vec::new();
        for piece in text.chunks(step.max(1)) {
            let mut input = piece;
            loop {
                let bytes = chunked.advance(&mut input).map_err(|failure| failure.message)?;
                if bytes.is_empty() {
                    break;
                }
                data.extend_from_slice(bytes);
            }
            rest.extend_from_slice(input);
        }
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok((text(data), chunked.is_complete(), text(rest)))
    }

    #[test]
    fn chunks_are_read_whatever_the_pieces_they_come_in() {
        let text = b"2\r\nok\r\n0A;a=\"b;c\"\r\n0123456789\r\n00\r\nT: 1\r\nU: 2\r\n\r\nleft";
        for step in 1..=text.len() {
            let got = read(text, step, Strictness::Strict);
            assert_eq!(got, Ok(("ok0123456789".into(), true, "left".into())), "{step}");
        }
        for end in 0..text.len() - "left".len() {
            assert!(!read(&text[..end], 7, Strictness::Strict).unwrap().1, "{end}");
        }
    }

    #[test]
    fn what_node_refuses_is_refused() {
        for (text, lenient) in [
            ("zz\r\n", false),
            ("\r\nok", false),
            ("-2\r\n", false),
            ("0x2\r\n", false),
            ("2 \r\nok\r\n0\r\n\r\n", true),
            ("2\nok\n0\n\n", false),
            ("2\r\nokX0\r\n\r\n", false),
            ("2;a=b\nok", false),
            ("fffffffffffffffff\r\n", false),
            ("0\r\nT: 1\n\r\n", false),
        ] {
            assert!(read(text.as_bytes(), 5, Strictness::Strict).is_err(), "{text}");
            assert_eq!(read(text.as_bytes(), 5, Strictness::Lenient).is_ok(), lenient, "{text}");
        }
        let endless = format!("1;{}", "x".repeat(ASIDE_LIMIT + 1));
        assert!(read(endless.as_bytes(), 4096, Strictness::Strict).is_err());
    }
}
