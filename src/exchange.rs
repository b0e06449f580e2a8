//! What went over the wire: requests as sent, responses as received, hop by hop.
//!
//! These values are complete while the runner and the ledger use them. Serialised (for events and reports) a
//! body is cut at [`BODY_LIMIT`] bytes and carries its full size and a hash, so events stay small however large
//! the bodies are.

use bytes::Bytes;
use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Bytes of a body that events and reports carry.
pub const BODY_LIMIT: usize = 64 * 1024;

/// One header field, name spelled as sent or received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Field name.
    pub key: String,
    /// Field value; bytes above 0x7f are read as Latin-1.
    pub value: String,
}

/// Header fields in order, duplicates kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Headers(pub Vec<Header>);

impl Headers {
    /// The first field of that name (case-insensitive, RFC 9110 §5.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|h| h.key.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// Every field of that name, in order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |h| h.key.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// Whether a field of that name is there.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Adds a field at the end.
    pub fn push(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.push(Header { key: key.into(), value: value.into() });
    }

    /// Removes every field of that name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|h| !h.key.eq_ignore_ascii_case(name));
    }

    /// Replaces the fields of that name by one (at the end).
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let key = key.into();
        self.remove(&key);
        self.push(key, value);
    }

    /// Fields in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Header> {
        self.0.iter()
    }
}

/// A message body: whole on the wire side; cut and masked once it has been through the pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    bytes: Bytes,
    /// On the wire, whatever has been cut or masked since.
    size: u64,
    truncated: bool,
    sha256: Option<String>,
}

impl Body {
    /// A whole body.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { size: bytes.len() as u64, bytes, truncated: false, sha256: None }
    }

    /// What events carry of it: itself when it is short enough, else its beginning and a hash of the whole.
    #[must_use]
    pub fn cut(&self) -> Self {
        if self.bytes.len() <= BODY_LIMIT {
            return self.clone();
        }
        let head = self.bytes.slice(..cut_at_char(&self.bytes, BODY_LIMIT));
        let sha256 = self.sha256.clone().or_else(|| Some(hex(&Sha256::digest(&self.bytes))));
        Self { bytes: head, size: self.size, truncated: true, sha256 }
    }

    /// The same body with other bytes to show, secrets masked for instance.
    #[must_use]
    pub fn shown_as(&self, bytes: impl Into<Bytes>) -> Self {
        Self { bytes: bytes.into(), ..self.clone() }
    }

    /// The bytes at hand (all of them, unless [`truncated`](Self::truncated)).
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The bytes at hand as text, invalid UTF-8 replaced.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// Size on the wire in bytes, also when cut or masked.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether only the first [`BODY_LIMIT`] bytes are at hand.
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    /// Whether there is no body at all.
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// The body as JSON, when it is JSON and whole.
    pub fn json(&self) -> Option<serde_json::Value> {
        if self.truncated() { None } else { serde_json::from_slice(&self.bytes).ok() }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BodyParts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
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
        let Self { bytes, size, truncated, sha256 } = self.cut();
        let (text, base64) = match std::str::from_utf8(&bytes) {
            Ok(text) => (Some(text.to_owned()), None),
            Err(_) => (None, Some(BASE64_STANDARD.encode(&bytes))),
        };
        BodyParts { text, base64, size, truncated, sha256 }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use base64::prelude::{BASE64_STANDARD, Engine as _};
        let BodyParts { text, base64, size, truncated, sha256 } = BodyParts::deserialize(deserializer)?;
        let bytes = match (text, base64) {
            (Some(text), _) => Bytes::from(text),
            (None, Some(base64)) => {
                Bytes::from(BASE64_STANDARD.decode(base64).map_err(serde::de::Error::custom)?)
            }
            (None, None) => Bytes::new(),
        };
        Ok(Self { bytes, size, truncated, sha256 })
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

/// A request after substitution and signing: what the transport is asked to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvedRequest {
    /// Upper-case method.
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// Header fields in order.
    pub headers: Headers,
    /// Body, if one is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
}

/// A response, decoded (gzip, deflate, br).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// Status code.
    pub code: u16,
    /// Reason phrase as the standard names it (empty for unknown codes).
    pub reason: String,
    /// `HTTP/1.1`, `HTTP/2`.
    pub version: String,
    /// Header fields in order.
    pub headers: Headers,
    /// Decoded body.
    pub body: Body,
}

/// Phases of one call, milliseconds; a phase the transport cannot see is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timings {
    /// Milliseconds from the start of the run's clock to the start of the call.
    pub start_ms: f64,
    /// From sending to the response's head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte_ms: Option<f64>,
    /// From the response's head to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_ms: Option<f64>,
    /// The whole call.
    pub total_ms: f64,
}

/// Why no response came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The request could not be built (empty URL, invalid header name …): nothing was sent.
    InvalidRequest,
    /// The host's name does not resolve.
    Dns,
    /// No connection: refused, unreachable.
    Connect,
    /// The proxy cannot be reached, or does not connect to the target.
    Proxy,
    /// The TLS handshake failed.
    Tls,
    /// The server's certificate is not to be trusted.
    Certificate,
    /// The time allowed ran out.
    Timeout,
    /// The connection ended before the response did.
    Reset,
    /// The answer is not HTTP, or its content coding is broken.
    Protocol,
    /// More redirects than allowed.
    TooManyRedirects,
}

impl FailureKind {
    /// Whether the target was never reached.
    pub fn unreachable(self) -> bool {
        matches!(self, Self::Dns | Self::Connect | Self::Proxy | Self::Tls | Self::Certificate)
    }
}

/// A call without a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransportFailure {
    /// What went wrong, for machines.
    pub kind: FailureKind,
    /// What went wrong, for a person: e.g. `could not connect to 127.0.0.1:4010: connection refused`.
    pub message: String,
}

/// One hop on the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// What was sent, system headers and cookies included.
    pub request: ResolvedRequest,
    /// What came back.
    pub outcome: Result<Response, TransportFailure>,
    /// How long it took.
    pub timings: Timings,
}

/// One request of an item with everything it led to: one call, or several when redirects were followed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Hops in order; never empty.
    pub calls: Vec<Call>,
}

impl Exchange {
    /// The request as first sent.
    pub fn request(&self) -> &ResolvedRequest {
        &self.calls[0].request
    }

    /// The last hop.
    pub fn last(&self) -> &Call {
        &self.calls[self.calls.len() - 1]
    }

    /// The final response, if one came.
    pub fn response(&self) -> Option<&Response> {
        self.last().outcome.as_ref().ok()
    }

    /// Why none came.
    pub fn failure(&self) -> Option<&TransportFailure> {
        self.last().outcome.as_ref().err()
    }

    /// Milliseconds over all hops.
    pub fn total_ms(&self) -> f64 {
        self.calls.iter().map(|c| c.timings.total_ms).sum()
    }
}
