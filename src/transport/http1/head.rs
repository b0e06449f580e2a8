//! The head of an answer: status line and fields, read line by line so that nonsense is told at once.

use super::not_http;
use crate::exchange::{Header, Headers, TransportFailure};

/// Bytes that names, values and reason may have together (as Postman's current runtime; Node's own limit is 16 KiB).
const HEAD_LIMIT: usize = 128 * 1024;

/// How strictly an answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::transport) enum Strictness {
    /// As Node's parser.
    #[default]
    Strict,
    /// As Node's `insecureHTTPParser`: bare line feeds, folded and dirty values, both framings at once.
    Lenient,
}

/// Status line and fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::transport) struct Head {
    /// `HTTP/1.1`
    pub(in crate::transport) version: String,
    pub(in crate::transport) code: u16,
    /// As the server spells it.
    pub(in crate::transport) reason: String,
    pub(in crate::transport) headers: Headers,
}

/// Reads one head, however it arrives.
#[derive(Debug, Default)]
pub(in crate::transport) struct HeadParser {
    strictness: Strictness,
    head: Head,
    /// The status line has been read.
    begun: bool,
    size: usize,
}

impl HeadParser {
    pub(in crate::transport) fn new(strictness: Strictness) -> Self {
        Self { strictness, ..Self::default() }
    }

    /// Takes the complete lines off the front of `input`. The head, once its last line is among them.
    pub(in crate::transport) fn advance(
        &mut self,
        input: &mut &[u8],
    ) -> Result<Option<Head>, TransportFailure> {
        if !self.begun {
            self.skip_empty_lines(input);
        }
        while let Some(end) = memchr::memchr(b'\n', input) {
            let line = self.line(&input[..end])?;
            *input = &input[end + 1..];
            if !self.begun {
                self.status_line(line)?;
                self.begun = true;
            } else if line.is_empty() {
                return Ok(Some(std::mem::take(&mut self.head)));
            } else {
                self.field(line)?;
            }
        }
        if self.size + input.len() > HEAD_LIMIT {
            return Err(too_large());
        }
        if !self.begun && !could_begin_a_head(input) {
            return Err(not_http("it does not begin with `HTTP/`"));
        }
        Ok(None)
    }

    /// Empty lines before an answer are what an earlier one left behind.
    fn skip_empty_lines(&self, input: &mut &[u8]) {
        while let [b'\r' | b'\n', rest @ ..] = input {
            *input = rest;
        }
    }

    /// A line without its end.
    fn line<'i>(&mut self, line: &'i [u8]) -> Result<&'i [u8], TransportFailure> {
        self.size += line.len();
        if self.size > HEAD_LIMIT {
            return Err(too_large());
        }
        let line = match (line.strip_suffix(b"\r"), self.strictness) {
            (Some(line), _) => line,
            (None, Strictness::Lenient) => line,
            (None, Strictness::Strict) => return Err(not_http("a line of its head ends in LF without CR")),
        };
        if line.contains(&b'\r') {
            return Err(not_http("a line of its head holds a CR"));
        }
        Ok(line)
    }

    fn status_line(&mut self, line: &[u8]) -> Result<(), TransportFailure> {
        let rest = line.strip_prefix(b"HTTP/").ok_or_else(|| not_http("it does not begin with `HTTP/`"))?;
        let (version, rest) = match rest {
            [major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9', b' ', rest @ ..] => ([*major, *minor], rest),
            _ => return Err(not_http(format!("its status line is `{}`", shown(line)))),
        };
        let known = matches!(&version, b"09" | b"10" | b"11" | b"20");
        if !known && self.strictness == Strictness::Strict {
            return Err(not_http(format!("its status line is `{}`", shown(line))));
        }
        let (code, reason) = match rest {
            [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'] => ([a, b, c], &[][..]),
            [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ', reason @ ..] => ([a, b, c], reason),
            _ => return Err(not_http(format!("its status line is `{}`", shown(line)))),
        };
        self.head.version = format!("HTTP/{}.{}", char::from(version[0]), char::from(version[1]));
        self.head.code = code.iter().fold(0, |code, digit| code * 10 + u16::from(**digit - b'0'));
        // Where it is not plain, Postman reads it as UTF-8.
        self.head.reason = String::from_utf8_lossy(reason).into_owned();
        Ok(())
    }

    fn field(&mut self, line: &[u8]) -> Result<(), TransportFailure> {
        if matches!(line, [b' ' | b'\t', ..]) {
            return self.continuation(line);
        }
        let colon = memchr::memchr(b':', line);
        let name = &line[..colon.unwrap_or(line.len())];
        if colon.is_none() || name.is_empty() || !name.iter().all(|&b| is_token(b)) {
            return Err(not_http(format!("`{}` is not a header field", shown(line))));
        }
        let value = trimmed(&line[name.len() + 1..]);
        self.check_value(name, value)?;
        // Latin-1; the name is ASCII.
        let latin1 = |bytes: &[u8]| bytes.iter().map(|&b| char::from(b)).collect::<String>();
        self.head.headers.0.push(Header { key: latin1(name), value: latin1(value), system: false });
        Ok(())
    }

    fn continuation(&mut self, line: &[u8]) -> Result<(), TransportFailure> {
        let last = self.head.headers.0.last_mut().filter(|_| self.strictness == Strictness::Lenient);
        let Some(last) = last else {
            return Err(not_http(format!("`{}` continues the line before it", shown(line))));
        };
        last.value.extend(line.trim_ascii_end().iter().map(|&b| char::from(b)));
        Ok(())
    }

    fn check_value(&self, name: &[u8], value: &[u8]) -> Result<(), TransportFailure> {
        let fine = |&b: &u8| b == b'\t' || (b >= b' ' && b != 0x7f);
        if self.strictness == Strictness::Strict && !value.iter().all(fine) {
            return Err(not_http(format!("the value of `{}` holds a control character", shown(name))));
        }
        Ok(())
    }
}

fn too_large() -> TransportFailure {
    not_http(format!("its head is larger than {} KiB", HEAD_LIMIT / 1024))
}

/// Whether what has arrived so far may be the beginning of a status line.
fn could_begin_a_head(input: &[u8]) -> bool {
    let length = input.len().min(5);
    input[..length] == b"HTTP/"[..length]
}

/// RFC 9110 §5.6.2.
pub(in crate::transport) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn trimmed(value: &[u8]) -> &[u8] {
    let start = value.iter().position(|b| !matches!(b, b' ' | b'\t')).unwrap_or(value.len());
    let end = value.iter().rposition(|b| !matches!(b, b' ' | b'\t')).map_or(start, |at| at + 1);
    &value[start..end]
}

/// The beginning of a line, for a message.
fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let short: String = text.chars().take(60).flat_map(char::escape_default).collect();
    if text.chars().nth(60).is_some() { short + "…" } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &[u8], strictness: Strictness) -> Result<String, String> {
        let mut parser = HeadParser::new(strictness);
        let mut input = bytes;
        match parser.advance(&mut input) {
            Err(failure) => Err(failure.message.replace("the answer is not valid HTTP: ", "")),
            Ok(None) => Err("incomplete".to_owned()),
            Ok(Some(head)) => {
                let fields: Vec<_> = head.headers.iter().map(|h| format!("{}={}", h.key, h.value)).collect();
                let rest = String::from_utf8_lossy(input);
                Ok(format!("{} {} {:?} {}|{rest}", head.version, head.code, head.reason, fields.join(",")))
            }
        }
    }

    /// What Node 20 makes of each was observed: `Ok` and `Err` are its own.
    #[test]
    fn heads_are_read_as_node_reads_them() {
        let same = |text: &'static str| (Ok(text), Ok(text));
        let never = |text: &'static str| (Err(text), Err(text));
        type Case = (&'static [u8], (Result<&'static str, &'static str>, Result<&'static str, &'static str>));
        let cases: &[Case] = &[
            (b"HTTP/1.1 200 OK\r\nX-a: 1\r\nx-A:2\r\n\r\nbody", same("HTTP/1.1 200 \"OK\" X-a=1,x-A=2|body")),
            (b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", same("HTTP/1.1 200 \"OK\" |")),
            (b"HTTP/1.1 200\r\n\r\n", same("HTTP/1.1 200 \"\" |")),
            (b"HTTP/1.1 200 \r\n\r\n", same("HTTP/1.1 200 \"\" |")),
            (b"HTTP/1.0 999 I'm  odd \r\n\r\n", same("HTTP/1.0 999 \"I'm  odd \" |")),
            (
                b"HTTP/1.1 200 \xc3\xa9\r\nX: \xc3\xa9 \t\r\nY:\r\n\r\n",
                same("HTTP/1.1 200 \"é\" X=\u{c3}\u{a9},Y=|"),
            ),
            (b"HTTP/2.0 000 OK\r\n\r\n", same("HTTP/2.0 0 \"OK\" |")),
            (
                b"HTTP/1.2 200 OK\r\n\r\n",
                (Err("its status line is `HTTP/1.2 200 OK`"), Ok("HTTP/1.2 200 \"OK\" |")),
            ),
            (
                b"HTTP/1.1 200 OK\nX: a\n\n",
                (Err("a line of its head ends in LF without CR"), Ok("HTTP/1.1 200 \"OK\" X=a|")),
            ),
            (
                b"HTTP/1.1 200 OK\r\nX: a\r\n\n",
                (Err("a line of its head ends in LF without CR"), Ok("HTTP/1.1 200 \"OK\" X=a|")),
            ),
            (
                b"HTTP/1.1 200 OK\r\nX: a\r\n  b\r\n\tc \r\n\r\n",
                (Err("`  b` continues the line before it"), Ok("HTTP/1.1 200 \"OK\" X=a  b\tc|")),
            ),
            (
                b"HTTP/1.1 200 OK\r\nX: a\x01b\r\n\r\n",
                (Err("the value of `X` holds a control character"), Ok("HTTP/1.1 200 \"OK\" X=a\u{1}b|")),
            ),
            (b"HTTP/1.1 200 OK\r\n x: a\r\n\r\n", never("` x: a` continues the line before it")),
            (b"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", never("a line of its head holds a CR")),
            (b"HTTP/1.1 200 OK\r\nbroken\r\n\r\n", never("`broken` is not a header field")),
            (b"HTTP/1.1 200 OK\r\nX : a\r\n\r\n", never("`X : a` is not a header field")),
            (b"HTTP/1.1 200 OK\r\n: a\r\n\r\n", never("`: a` is not a header field")),
            (b"HTTP/1.1 200 OK\r\nX(y): a\r\n\r\n", never("`X(y): a` is not a header field")),
            (b"HTTP/1.1 99 OK\r\n\r\n", never("its status line is `HTTP/1.1 99 OK`")),
            (b"HTTP/1.1 1000 OK\r\n\r\n", never("its status line is `HTTP/1.1 1000 OK`")),
            (b"HTTP/1.1  200 OK\r\n\r\n", never("its status line is `HTTP/1.1  200 OK`")),
            (b"http/1.1 200 OK\r\n\r\n", never("it does not begin with `HTTP/`")),
            (b"hello", never("it does not begin with `HTTP/`")),
            (b"H", never("incomplete")),
            (b"HTTP/1.1 200 OK\r\nX: a\r\n", never("incomplete")),
        ];
        for (bytes, (strict, lenient)) in cases {
            let name = String::from_utf8_lossy(bytes);
            let owned = |result: &Result<&str, &str>| result.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(parse(bytes, Strictness::Strict), owned(strict), "{name}");
            assert_eq!(parse(bytes, Strictness::Lenient), owned(lenient), "{name}");
        }
    }

    #[test]
    fn a_head_is_read_whatever_the_pieces_it_comes_in() {
        let text = b"HTTP/1.1 200 OK\r\nX: a\r\nY: b\r\n\r\nrest";
        for at in 0..text.len() {
            let mut parser = HeadParser::new(Strictness::Strict);
            let mut first = &text[..at];
            let early = parser.advance(&mut first).unwrap();
            let mut second = [first, &text[at..]].concat();
            let head = match early {
                Some(head) => head,
                None => {
                    let mut input = &second[..];
                    let head = parser.advance(&mut input).unwrap().expect("a head");
                    second = input.to_vec();
                    head
                }
            };
            assert_eq!((head.headers.0.len(), second.as_slice()), (2, &b"rest"[..]), "{at}");
        }
    }

    #[test]
    fn a_head_has_a_limit() {
        let endless = [b"HTTP/1.1 200 OK\r\nX: ".as_slice(), &vec![b'a'; HEAD_LIMIT]].concat();
        assert_eq!(parse(&endless, Strictness::Strict), Err("its head is larger than 128 KiB".to_owned()));
        let many = [b"HTTP/1.1 200 OK\r\n".as_slice(), &b"X: a\r\n".repeat(HEAD_LIMIT / 4)].concat();
        assert_eq!(parse(&many, Strictness::Strict), Err("its head is larger than 128 KiB".to_owned()));
    }
}
