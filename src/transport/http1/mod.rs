//! HTTP/1.1 as it is spoken: heads and bodies to the byte, strict where Node is.
//!
//! Written here because no client library says what Postman says: hyper lower-cases header names, brings duplicates
//! together, mends lengths and normalises targets. httparse, which the tunnels use, reads less than Node does (reason
//! phrases beyond ASCII, versions) and more (bare line feeds).

pub(super) mod answer;
pub(super) mod body;
pub(super) mod chunked;
pub(super) mod head;
pub(super) mod message;

use crate::exchange::{FailureKind, TransportFailure};

/// An answer that is not HTTP.
pub(super) fn not_http(what: impl std::fmt::Display) -> TransportFailure {
    TransportFailure { kind: FailureKind::Protocol, message: format!("the answer is not valid HTTP: {what}") }
}

/// A connection that ended too soon.
pub(super) fn cut_short() -> TransportFailure {
    let message = "the server closed the connection before the answer was complete".to_owned();
    TransportFailure { kind: FailureKind::Reset, message }
}
