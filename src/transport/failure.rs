//! What went wrong on an open connection, told apart for machines and worded for people.

use super::connect;
use crate::exchange::{FailureKind, TransportFailure};
use std::io;
use std::time::Duration;

/// A connection to `target` that broke while it was written to or read from.
pub(super) fn broken(error: &io::Error, target: &str) -> TransportFailure {
    if let Some(tls) = connect::broken(error, target) {
        return tls;
    }
    let message = match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "the server closed the connection before the answer was complete".to_owned()
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            "the connection was reset before the answer was complete".to_owned()
        }
        _ => format!("the connection to {target} broke: {}", connect::words(error)),
    };
    TransportFailure { kind: FailureKind::Reset, message }
}

/// A server that says nothing (more).
pub(super) fn silent(allowed: Duration, begun: bool) -> TransportFailure {
    let allowed = allowed.as_millis();
    let message = match begun {
        false => format!("no answer within {allowed} ms"),
        true => format!("the answer stopped: nothing came for {allowed} ms"),
    };
    TransportFailure { kind: FailureKind::Timeout, message }
}

/// A server that has not said all in time.
pub(super) fn unfinished(allowed: Duration) -> TransportFailure {
    let message = format!("no complete answer within {} ms", allowed.as_millis());
    TransportFailure { kind: FailureKind::Timeout, message }
}

/// A server that cannot be connected to in time.
pub(super) fn unconnected(allowed: Duration, target: &str) -> TransportFailure {
    let message = format!("no connection to {target} within {} ms", allowed.as_millis());
    TransportFailure { kind: FailureKind::ConnectTimeout, message }
}

/// A request whose answer nobody waited for.
pub(super) fn abandoned() -> TransportFailure {
    let message = "the connection was closed before the answer, on purpose".to_owned();
    TransportFailure { kind: FailureKind::Abandoned, message }
}

/// A request of a storm that could not be brought to its server in time to be released with the others.
pub(super) fn unparked(allowed: Duration, target: &str) -> TransportFailure {
    let allowed = allowed.as_millis();
    let message =
        format!("the request was not sent: {target} did not take all but its last byte within {allowed} ms");
    TransportFailure { kind: FailureKind::Timeout, message }
}

/// A request of a storm that never came to be released.
pub(super) fn unsent() -> TransportFailure {
    TransportFailure { kind: FailureKind::InvalidRequest, message: "the request was not sent".to_owned() }
}
