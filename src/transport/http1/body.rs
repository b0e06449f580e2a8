//! Where an answer's body ends (RFC 9112 §6.3), and its bytes up to there.

use super::chunked::Chunked;
use super::head::{Head, Strictness};
use super::not_http;
use crate::exchange::TransportFailure;

/// How the end of a body is known, and how far it has been read.
#[derive(Debug)]
pub(in crate::transport) enum Framing {
    /// So many bytes are missing.
    Length(u64),
    Chunked(Box<Chunked>),
    /// It ends with the connection.
    UntilClose,
}

impl Framing {
    /// The framing of the answer to a request with that method.
    pub(in crate::transport) fn of(
        method: &str,
        head: &Head,
        strictness: Strictness,
    ) -> Result<Self, TransportFailure> {
        let mut lengths = head.headers.get_all("content-length");
        let length = match (lengths.next(), lengths.next()) {
            (None, _) => None,
            (Some(length), None) => Some(parse_length(length)?),
            (Some(_), Some(_)) => return Err(not_http("it has several Content-Length fields")),
        };
        let coding = head.headers.get_all("transfer-encoding").last();
        if length.is_some() && coding.is_some() && strictness == Strictness::Strict {
            return Err(not_http("it has both a Content-Length and a Transfer-Encoding"));
        }
        if method == "HEAD" || matches!(head.code, 100..=199 | 204 | 304) {
            return Ok(Self::Length(0));
        }
        let last = coding.map(|codings| codings.rsplit(',').next().unwrap_or_default().trim());
        Ok(match (last, length) {
            (Some(last), _) if last.eq_ignore_ascii_case("chunked") => {
                Self::Chunked(Box::new(Chunked::new(strictness)))
            }
            (Some(_), _) | (None, None) => Self::UntilClose,
            (None, Some(length)) => Self::Length(length),
        })
    }

    /// The length, where it is known beforehand.
    pub(in crate::transport) fn length(&self) -> Option<u64> {
        match self {
            Self::Length(length) => Some(*length),
            Self::Chunked(_) | Self::UntilClose => None,
        }
    }

    /// Whether nothing more belongs to the body.
    pub(in crate::transport) fn is_complete(&self) -> bool {
        match self {
            Self::Length(left) => *left == 0,
            Self::Chunked(chunked) => chunked.is_complete(),
            Self::UntilClose => false,
        }
    }

    /// Whether the body may end where the connection does.
    pub(in crate::transport) fn ends_with_the_connection(&self) -> bool {
        matches!(self, Self::UntilClose)
    }

    /// Takes the next piece of the body off the front of `input`; empty when more input is needed or none belongs to
    /// the body.
    pub(in crate::transport) fn advance<'i>(
        &mut self,
        input: &mut &'i [u8],
    ) -> Result<&'i [u8], TransportFailure> {
        let length = match self {
            Self::Chunked(chunked) => return chunked.advance(input),
            Self::Length(left) => {
                let length = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
                *left -= length as u64;
                length
            }
            Self::UntilClose => input.len(),
        };
        let (data, rest) = input.split_at(length);
        *input = rest;
        Ok(data)
    }
}

fn parse_length(text: &str) -> Result<u64, TransportFailure> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let length = if digits { text.parse().ok() } else { None };
    length.ok_or_else(|| not_http(format!("its Content-Length is `{text}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framing(method: &str, code: u16, fields: &[(&str, &str)], strictness: Strictness) -> String {
        let mut head = Head { code, ..Head::default() };
        fields.iter().for_each(|(key, value)| head.headers.push(*key, *value));
        match Framing::of(method, &head, strictness) {
            Err(failure) => failure.message.replace("the answer is not valid HTTP: ", ""),
            Ok(Framing::Length(length)) => length.to_string(),
            Ok(Framing::Chunked(_)) => "chunked".to_owned(),
            Ok(Framing::UntilClose) => "until close".to_owned(),
        }
    }

    #[test]
    fn a_body_ends_where_node_says() {
        let both = "it has both a Content-Length and a Transfer-Encoding";
        type Case = (&'static str, u16, &'static [(&'static str, &'static str)], &'static str, &'static str);
        let cases: &[Case] = &[
            ("GET", 200, &[], "until close", "until close"),
            ("GET", 200, &[("Content-Length", "2")], "2", "2"),
            ("GET", 205, &[("content-length", "2")], "2", "2"),
            ("HEAD", 200, &[("Content-Length", "2")], "0", "0"),
            ("GET", 204, &[("Content-Length", "2")], "0", "0"),
            ("GET", 304, &[("Transfer-Encoding", "chunked")], "0", "0"),
            ("GET", 101, &[], "0", "0"),
            ("GET", 200, &[("Transfer-Encoding", "Chunked")], "chunked", "chunked"),
            ("GET", 200, &[("Transfer-Encoding", "gzip, chunked")], "chunked", "chunked"),
            ("GET", 200, &[("Transfer-Encoding", "gzip"), ("TE", "x")], "until close", "until close"),
            ("GET", 200, &[("Transfer-Encoding", "chunked, gzip")], "until close", "until close"),
            (
                "GET",
                200,
                &[("Transfer-Encoding", "gzip"), ("transfer-encoding", "chunked")],
                "chunked",
                "chunked",
            ),
            ("GET", 200, &[("Content-Length", "2"), ("Transfer-Encoding", "chunked")], both, "chunked"),
            (
                "GET",
                200,
                &[("Content-Length", "2"), ("Content-Length", "2")],
                "it has several Content-Length fields",
                "it has several Content-Length fields",
            ),
            (
                "GET",
                200,
                &[("Content-Length", "2, 2")],
                "its Content-Length is `2, 2`",
                "its Content-Length is `2, 2`",
            ),
            ("GET", 200, &[("Content-Length", "")], "its Content-Length is ``", "its Content-Length is ``"),
            (
                "GET",
                200,
                &[("Content-Length", "+1")],
                "its Content-Length is `+1`",
                "its Content-Length is `+1`",
            ),
            (
                "GET",
                200,
                &[("Content-Length", "99999999999999999999")],
                "its Content-Length is `99999999999999999999`",
                "its Content-Length is `99999999999999999999`",
            ),
        ];
        for (method, code, fields, strict, lenient) in cases {
            assert_eq!(framing(method, *code, fields, Strictness::Strict), *strict, "{fields:?}");
            assert_eq!(framing(method, *code, fields, Strictness::Lenient), *lenient, "{fields:?}");
        }
    }

    #[test]
    fn what_follows_the_body_is_left() {
        let mut framing = Framing::Length(3);
        let mut input = &b"ab"[..];
        assert_eq!((framing.advance(&mut input).unwrap(), framing.is_complete()), (&b"ab"[..], false));
        let mut input = &b"cde"[..];
        assert_eq!((framing.advance(&mut input).unwrap(), framing.is_complete()), (&b"c"[..], true));
        assert_eq!(input, b"de");
        assert_eq!(framing.advance(&mut input).unwrap(), b"");
    }
}
