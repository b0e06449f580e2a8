//! Content codings (gzip, deflate, br), decoded as they arrive, into a body of limited size.

use crate::exchange::{Body, BodyWriter, FailureKind, TransportFailure};
use brotli_decompressor::DecompressorWriter;
use flate2::write::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};
use std::io::{self, Write};

/// Bytes decoded at once.
const PIECE: usize = 32 * 1024;

/// Decodes what is pushed into it.
pub(super) struct Decoder(State);

enum State {
    Identity(Sink),
    /// Nothing has come yet: an empty body is one in every coding.
    Waiting(Coding, Sink),
    Gzip(Box<MultiGzDecoder<Sink>>),
    Deflate {
        stream: Box<Decompress>,
        ended: bool,
        out: Vec<u8>,
        sink: Sink,
    },
    Brotli(Box<DecompressorWriter<Sink>>),
    /// After an error.
    Spent,
}

#[derive(Clone, Copy)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
}

impl Decoder {
    /// `coding` is the Content-Encoding; an unknown one is passed through, as Postman does. `length` is the size on
    /// the wire where it is known, `max_size` what may come of it.
    pub(super) fn new(
        coding: &str,
        length: Option<u64>,
        max_size: Option<u64>,
    ) -> Result<Self, TransportFailure> {
        let mut sink = Sink { writer: BodyWriter::default(), max_size };
        let coding = match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" => Coding::Gzip,
            "deflate" => Coding::Deflate,
            "br" => Coding::Brotli,
            _ => {
                if let Some(length) = length {
                    sink.allow(length)?;
                    sink.writer.expect(length);
                }
                return Ok(Self(State::Identity(sink)));
            }
        };
        Ok(Self(State::Waiting(coding, sink)))
    }

    /// Takes bytes as they are on the wire.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), TransportFailure> {
        let Some(&first) = bytes.first() else { return Ok(()) };
        if let State::Waiting(..) = self.0
            && let State::Waiting(coding, sink) = std::mem::replace(&mut self.0, State::Spent)
        {
            self.0 = begun(coding, sink, first);
        }
        match &mut self.0 {
            State::Identity(sink) => sink.write_all(bytes),
            State::Gzip(decoder) => decoder.write_all(bytes),
            State::Brotli(decoder) => decoder.write_all(bytes),
            State::Deflate { stream, ended, out, sink } => {
                inflate(stream, bytes, out, sink).map(|end| *ended |= end)
            }
            State::Waiting(..) | State::Spent => Ok(()),
        }
        .map_err(|error| undecodable(&error))
    }

    /// The decoded body. Errors: it is not whole.
    pub(super) fn finish(self) -> Result<Body, TransportFailure> {
        let cut = || io::Error::new(io::ErrorKind::UnexpectedEof, "it ends too soon");
        let sink = match self.0 {
            State::Identity(sink) | State::Waiting(_, sink) => Ok(sink),
            State::Gzip(decoder) => decoder.finish(),
            State::Deflate { ended: true, sink, .. } => Ok(sink),
            State::Deflate { .. } | State::Spent => Err(cut()),
            State::Brotli(decoder) => decoder.into_inner().map_err(|_| cut()),
        };
        sink.map(|sink| sink.writer.finish()).map_err(|error| undecodable(&error))
    }
}

fn begun(coding: Coding, sink: Sink, first: u8) -> State {
    match coding {
        Coding::Gzip => State::Gzip(Box::new(MultiGzDecoder::new(sink))),
        // Some servers leave the zlib header out; its first byte says that the method is 8.
        Coding::Deflate => State::Deflate {
            stream: Box::new(Decompress::new(first & 0x0f == 8)),
            ended: false,
            out: Vec::with_capacity(PIECE),
            sink,
        },
        Coding::Brotli => State::Brotli(Box::new(DecompressorWriter::new(sink, PIECE))),
    }
}

/// Whether the stream ended.
fn inflate(
    stream: &mut Decompress,
    mut bytes: &[u8],
    out: &mut Vec<u8>,
    sink: &mut Sink,
) -> io::Result<bool> {
    loop {
        out.clear();
        let before = stream.total_in();
        let status = stream.decompress_vec(bytes, out, FlushDecompress::None)?;
        let used = usize::try_from(stream.total_in() - before).unwrap_or(bytes.len());
        bytes = &bytes[used..];
        sink.write_all(out)?;
        if status == Status::StreamEnd {
            return Ok(true);
        }
        if used == 0 && out.is_empty() {
            return Ok(false);
        }
    }
}

fn undecodable(error: &io::Error) -> TransportFailure {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Refused>()) {
        Some(Refused(failure)) => failure.clone(),
        None => {
            let message = format!("the body could not be decoded: {error}");
            TransportFailure { kind: FailureKind::Protocol, message }
        }
    }
}

/// Where decoded bytes go.
struct Sink {
    writer: BodyWriter,
    max_size: Option<u64>,
}

/// Why the sink takes no more, carried through the decoders.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
struct Refused(TransportFailure);

impl Sink {
    fn allow(&self, size: u64) -> Result<(), TransportFailure> {
        match self.max_size {
            Some(max) if size > max => {
                let message =
                    format!("the response is larger than the {max} bytes allowed (--max-response-size)");
                Err(TransportFailure { kind: FailureKind::TooLarge, message })
            }
            _ => Ok(()),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let refused = |failure| io::Error::other(Refused(failure));
        self.allow(self.writer.size() + bytes.len() as u64).map_err(refused)?;
        self.writer.push(bytes).map_err(|error| {
            let message = format!("a temporary file for the response could not be written: {error}");
            refused(TransportFailure { kind: FailureKind::TooLarge, message })
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    fn decode(coding: &str, bytes: &[u8], step: usize, max_size: Option<u64>) -> Result<Body, String> {
        let mut decoder = Decoder::new(coding, None, max_size).map_err(|failure| failure.message)?;
        for piece in bytes.chunks(step) {
            decoder.push(piece).map_err(|failure| failure.message)?;
        }
        decoder.finish().map_err(|failure| failure.message)
    }

    fn text() -> Vec<u8> {
        (0..300_000u32).flat_map(|n| (n % 1009).to_le_bytes()).collect()
    }

    fn encoded(coding: &str) -> Vec<u8> {
        let (level, text) = (Compression::fast(), text());
        match coding {
            "gzip" => {
                let mut encoder = GzEncoder::new(Vec::new(), level);
                encoder.write_all(&text).unwrap();
                encoder.finish().unwrap()
            }
            "deflate" => {
                let mut encoder = ZlibEncoder::new(Vec::new(), level);
                encoder.write_all(&text).unwrap();
                encoder.finish().unwrap()
            }
            _ => {
                let mut encoder = DeflateEncoder::new(Vec::new(), level);
                encoder.write_all(&text).unwrap();
                encoder.finish().unwrap()
            }
        }
    }

    #[test]
    fn codings_are_decoded_piece_by_piece() {
        for (coding, bytes) in [
            ("gzip", encoded("gzip")),
            (" GZIP ", encoded("gzip")),
            ("deflate", encoded("deflate")),
            ("deflate", encoded("raw")),
        ] {
            for step in [1, 1000, usize::MAX] {
                let body = decode(coding, &bytes, step, None).unwrap();
                assert!(body.whole().unwrap() == text(), "{coding} {step}");
            }
            assert!(decode(coding, &bytes[..bytes.len() - 9], 1000, None).is_err(), "{coding} cut");
        }
        let two = [encoded("gzip"), encoded("gzip")].concat();
        assert_eq!(decode("gzip", &two, 999, None).unwrap().size(), 2 * text().len() as u64);
    }

    #[test]
    fn brotli_is_decoded() {
        let hello = [11, 2, 128, 104, 101, 108, 108, 111, 3];
        for step in [1, 4, 9] {
            assert_eq!(decode("br", &hello, step, None).unwrap().text(), "hello");
        }
        assert!(decode("br", &hello[..5], 9, None).is_err());
        assert!(decode("br", b"not brotli at all", 9, None).is_err());
    }

    #[test]
    fn what_is_not_coded_is_passed_through_and_nothing_is_nothing() {
        for coding in ["", "identity", "zstd", "gzip, gzip"] {
            assert_eq!(decode(coding, b"as it is", 3, None).unwrap().text(), "as it is");
        }
        for coding in ["gzip", "deflate", "br"] {
            assert!(decode(coding, b"", 1, None).unwrap().is_empty());
        }
        let plain = decode("gzip", b"hello", 5, None).unwrap_err();
        assert!(plain.starts_with("the body could not be decoded: "), "{plain}");
    }

    #[test]
    fn the_limit_is_on_what_is_decoded() {
        let size = text().len() as u64;
        assert!(decode("gzip", &encoded("gzip"), 1000, Some(size)).is_ok());
        let refused = decode("gzip", &encoded("gzip"), 1000, Some(size - 1)).unwrap_err();
        assert!(refused.starts_with("the response is larger than the 1199999 bytes allowed"), "{refused}");
        assert!(Decoder::new("", Some(11), Some(10)).is_err());
        assert!(decode("", b"12345678901", 11, Some(10)).is_err());
    }
}
