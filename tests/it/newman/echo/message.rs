//! A request as it came in.

use std::io::{self, BufRead};

/// A request, byte for byte.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// The target as written: path and query, or a whole URL where the client takes this for a proxy.
    pub(crate) target: String,
    /// Names and values in the order and case in which they came; bytes that are no UTF-8 as `\xNN`.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// The next request of a connection; `None` at its end.
    pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(first) = line(reader)? else { return Ok(None) };
        let mut parts = first.splitn(3, ' ');
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let (method, target) = (part(), part());
        let mut headers = Vec::new();
        while let Some(field) = line(reader)?.filter(|field| !field.is_empty()) {
            let (name, value) = field.split_once(':').unwrap_or((&field, ""));
            headers.push((name.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned()));
        }
        let mut seen = Self { method, target, headers, body: Vec::new() };
        seen.body = if seen.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            chunked(reader)?
        } else {
            let length = seen.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            let mut body = vec![0; length];
            reader.read_exact(&mut body)?;
            body
        };
        Ok(Some(seen))
    }

    /// The first field of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Path, without the query.
    pub(super) fn path(&self) -> &str {
        let target = self
            .target
            .strip_prefix("http://")
            .map_or(self.target.as_str(), |rest| rest.find(['/', '?']).map_or("/", |start| &rest[start..]));
        target.split('?').next().unwrap_or_default()
    }

    /// Query parameters, decoded, in order.
    pub(super) fn query(&self) -> Vec<(String, String)> {
        self.target.split_once('?').map(|(_, query)| pairs(query)).unwrap_or_default()
    }

    /// One query parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        self.query().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// `a=1&b=2`, decoded.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}

/// A line without its end; `None` where the connection ended before it.
fn line(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if reader.read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    while bytes.last().is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
        bytes.pop();
    }
    Ok(Some(shown(&bytes)))
}

/// UTF-8 as text, any other byte as `\xNN`.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out
}

fn chunked(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(reader)?.unwrap_or_default();
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16).unwrap_or(0);
        let mut chunk = vec![0; size];
        reader.read_exact(&mut chunk)?;
        body.append(&mut chunk);
        line(reader)?;
        if size == 0 {
            return Ok(body);
        }
    }
}
