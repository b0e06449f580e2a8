//! An answer, made into bytes.

use serde_json::Value;
use std::io::Write as _;

/// What is sent, and whether the connection ends after it.
pub(super) struct Answer {
    pub(super) bytes: Vec<u8>,
    pub(super) closes: bool,
}

/// An answer in the making.
pub(super) struct Reply {
    status: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    chunks: Option<usize>,
}

impl Reply {
    /// That status, e.g. `200` or `418 I'm a teapot`; the standard's reason is added where there is none.
    pub(super) fn new(status: &str) -> Self {
        let reason = || {
            let code = status.parse().ok().and_then(|code| axum::http::StatusCode::from_u16(code).ok());
            code.and_then(|code| code.canonical_reason()).unwrap_or_default()
        };
        let status = if status.contains(' ') { status.to_owned() } else { format!("{status} {}", reason()) };
        Self { status, headers: Vec::new(), body: Vec::new(), chunks: None }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(super) fn text(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.header("Content-Type", content_type).body(body)
    }

    pub(super) fn json(self, value: &Value) -> Self {
        self.text("application/json; charset=utf-8", value.to_string())
    }

    /// Sends the body in that many pieces.
    pub(super) fn chunked(mut self, chunks: usize) -> Self {
        self.chunks = Some(chunks.max(1));
        self
    }

    /// The bytes; an answer to HEAD, 204 or 304 has no body.
    pub(super) fn finish(self, method: &str) -> Answer {
        let mut bytes = format!("HTTP/1.1 {}\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            // A header of latin-1 goes out as latin-1.
            let _ = write!(bytes, "{name}: ");
            bytes.extend(value.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')));
            bytes.extend_from_slice(b"\r\n");
        }
        let bare = method == "HEAD" || self.status.starts_with("204") || self.status.starts_with("304");
        if bare {
            bytes.extend_from_slice(b"\r\n");
        } else if let Some(chunks) = self.chunks {
            bytes.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
            for chunk in self.body.chunks(self.body.len().div_ceil(chunks).max(1)) {
                let _ = write!(bytes, "{:x}\r\n", chunk.len());
                bytes.extend_from_slice(chunk);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else {
            let _ = write!(bytes, "Content-Length: {}\r\n\r\n", self.body.len());
            bytes.extend_from_slice(&self.body);
        }
        Answer { bytes, closes: false }
    }
}
