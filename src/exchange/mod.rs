//! What went over the wire: requests as sent, responses as received, hop by hop.
//!
//! These values are complete while the runner and the ledger use them. Serialised (for events and reports) a
//! body is cut at [`BODY_LIMIT`] bytes and carries its full size and a hash, so events stay small however large
//! the bodies are.

mod body;
mod headers;
mod reasons;

pub(crate) use body::hex;
pub use body::{BODY_LIMIT, Body, BodyWriter, Chunk, FileChunk, MEMORY_LIMIT};
pub use headers::{Header, Headers};

use serde::{Deserialize, Serialize};

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
    /// Reason phrase as the server spells it; empty where it sends none.
    pub reason: String,
    /// `HTTP/1.1`, `HTTP/2`.
    pub version: String,
    /// Header fields in order.
    pub headers: Headers,
    /// Decoded body.
    pub body: Body,
}

impl Response {
    /// The reason phrase; where the server sends none, the name of the code.
    pub fn status(&self) -> &str {
        match self.reason.as_str() {
            "" => reasons::reason_of(self.code).unwrap_or_default(),
            reason => reason,
        }
    }
}

/// Phases of one call, milliseconds; a phase the transport cannot see is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timings {
    /// Milliseconds from the start of the run's clock to the start of the call.
    pub start_ms: f64,
    /// Looking the host's name up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns_ms: Option<f64>,
    /// The TCP handshake, a proxy's answer included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_ms: Option<f64>,
    /// The TLS handshake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_ms: Option<f64>,
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
    /// The time allowed ran out before there was a connection.
    ConnectTimeout,
    /// The time allowed ran out.
    Timeout,
    /// The connection ended before the response did.
    Reset,
    /// The answer is not HTTP, or its content coding is broken.
    Protocol,
    /// More redirects than allowed.
    TooManyRedirects,
    /// The response is larger than allowed.
    TooLarge,
    /// Nobody waited for the answer, on purpose.
    Abandoned,
}

impl FailureKind {
    /// How to mend it, where the kind alone tells.
    pub fn hint(self) -> Option<&'static str> {
        match self {
            Self::Dns | Self::Connect => {
                Some("is the server running, and is the environment's base URL right?")
            }
            Self::Proxy => Some("--proxy, HTTP_PROXY and HTTPS_PROXY name a proxy, NO_PROXY what needs none"),
            Self::Tls => Some("does that port speak TLS, and does the server want a client certificate?"),
            Self::Certificate => Some("--ssl-extra-ca-certs trusts a further authority, -k trusts anybody"),
            Self::InvalidRequest
            | Self::ConnectTimeout
            | Self::Timeout
            | Self::Reset
            | Self::Protocol
            | Self::TooManyRedirects
            | Self::TooLarge
            | Self::Abandoned => None,
        }
    }

    /// Whether the target was never reached.
    pub fn unreachable(self) -> bool {
        matches!(self, Self::Dns | Self::Connect | Self::Proxy | Self::Tls | Self::Certificate)
    }

    /// Node's code for it, which scripts and reports compare with.
    pub fn node_code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "EINVAL",
            Self::Dns => "ENOTFOUND",
            Self::Connect => "ECONNREFUSED",
            Self::Proxy => "ECONNRESET",
            Self::Tls => "EPROTO",
            Self::Certificate => "CERT_UNTRUSTED",
            Self::ConnectTimeout => "ETIMEDOUT",
            Self::Timeout => "ESOCKETTIMEDOUT",
            Self::Reset => "ECONNRESET",
            Self::Protocol => "EPROTOCOL",
            Self::TooManyRedirects => "EMAXREDIRECTS",
            Self::TooLarge => "EMSGSIZE",
            Self::Abandoned => "ECONNABORTED",
        }
    }

    /// Node's `errno` and `syscall`, of failures the system tells.
    pub fn system_call(self) -> Option<(i32, &'static str)> {
        match self {
            Self::Dns => Some((-3008, "getaddrinfo")),
            Self::Connect => Some((-111, "connect")),
            Self::ConnectTimeout => Some((-110, "connect")),
            Self::Reset => Some((-104, "read")),
            _ => None,
        }
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

    /// Why none came though one was waited for: what makes a request a failed one.
    pub fn trouble(&self) -> Option<&TransportFailure> {
        self.failure().filter(|failure| failure.kind != FailureKind::Abandoned)
    }

    /// Milliseconds over all hops.
    pub fn total_ms(&self) -> f64 {
        self.calls.iter().map(|c| c.timings.total_ms).sum()
    }
}
