//! What went wrong on the wire, told apart for machines and worded for people.

use crate::exchange::{FailureKind, TransportFailure};
use std::error::Error;
use std::io;

/// Classifies an error that came while talking to `target` (`host:port`).
pub(super) fn classify(error: &reqwest::Error, target: &str) -> TransportFailure {
    let host = target.rsplit_once(':').map_or(target, |(host, _)| host);
    let tls = find::<rustls::Error>(error);
    let hyper = find::<hyper::Error>(error);
    let io = find::<io::Error>(error);
    let (kind, message) = if error.is_dns() {
        (FailureKind::Dns, format!("could not resolve `{host}`"))
    } else if let Some(tls) = tls {
        (FailureKind::Tls, format!("could not establish TLS with {target}: {tls}"))
    } else if error.is_connect() {
        (FailureKind::Connect, format!("could not connect to {target}: {}", root_cause(error)))
    } else if error.is_builder() {
        (FailureKind::InvalidRequest, format!("the request could not be built: {}", root_cause(error)))
    } else if error.is_timeout() {
        (FailureKind::Timeout, format!("the connection to {target} timed out"))
    } else if hyper.is_some_and(hyper::Error::is_parse) {
        (FailureKind::Protocol, format!("the answer is not valid HTTP: {}", root_cause(error)))
    } else if error.is_decode() && hyper.is_none() {
        (FailureKind::Protocol, format!("the body could not be decoded: {}", root_cause(error)))
    } else if io
        .is_some_and(|io| io.kind() == io::ErrorKind::InvalidInput || io.kind() == io::ErrorKind::InvalidData)
    {
        (FailureKind::Protocol, format!("the answer is not valid HTTP: {}", root_cause(error)))
    } else if io.is_some_and(|io| io.kind() == io::ErrorKind::ConnectionReset) {
        (FailureKind::Reset, "the connection was reset before the answer was complete".to_owned())
    } else {
        (FailureKind::Reset, "the server closed the connection before the answer was complete".to_owned())
    };
    TransportFailure { kind, message }
}

/// A client that could not be built: only TLS can make that fail.
pub(super) fn of_client(error: &reqwest::Error) -> TransportFailure {
    let message = format!("could not set up TLS: {}", root_cause(error));
    TransportFailure { kind: FailureKind::Tls, message }
}

/// The error and what caused it, including what an [`io::Error`] carries (which `source` skips).
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(carried) => Some(carried as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref::<E>())
}

/// The innermost cause, as the middle of a sentence: `connection refused`.
fn root_cause(error: &reqwest::Error) -> String {
    let text = chain(error).last().map(ToString::to_string).unwrap_or_default();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}
