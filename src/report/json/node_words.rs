//! What node says of a request that could not be sent: the words by which tools that read newman's reports know it.

use crate::exchange::{FailureKind, TransportFailure};
use crate::wire_url::WireUrlError;

/// Node's words, where they can be told: of what fails on an open connection they depend on node's own sockets.
/// `url` is what was to be requested, as reports show it.
pub(super) fn of(failure: &TransportFailure, url: &str) -> Option<String> {
    match failure.kind {
        FailureKind::InvalidRequest if failure.message == WireUrlError::Empty.to_string() => {
            Some(format!("runtime:extensions~request: {}", failure.message))
        }
        FailureKind::InvalidRequest => invalid(&failure.message, url),
        FailureKind::Dns => Some(not_found(host(url))),
        FailureKind::Connect => {
            let refused = failure.message.strip_suffix(": connection refused")?;
            let target = refused.strip_prefix("could not connect to ")?;
            // Of a name with several addresses node says nothing at all.
            let address: std::net::SocketAddr = target.parse().ok()?;
            (host(url) == address.ip().to_string())
                .then(|| format!("connect ECONNREFUSED {}:{}", address.ip(), address.port()))
        }
        _ => None,
    }
}

/// Of a URL that cannot be requested; [`WireUrlError`] says which, and why.
fn invalid(message: &str, url: &str) -> Option<String> {
    let (before, why) = message.rsplit_once("` cannot be requested: ")?;
    let redirect = before.starts_with("the redirect ");
    let url = if redirect { before.rsplit('`').next()? } else { url };
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    if rest.is_empty() || rest.starts_with(['/', '?']) {
        let hint = if redirect { ". This can be caused by a crappy redirection." } else { "" };
        return Some(format!("Invalid URI \"{url}\"{hint}"));
    }
    let quoted = why.strip_prefix('`')?;
    if let Some(host) = quoted.strip_suffix("` is not a host name") {
        // A scheme that is an unresolved variable is shown as a host behind the standard one.
        let is_scheme = rest.strip_prefix(host).is_some_and(|rest| rest.starts_with("://"));
        return Some(match is_scheme && host.starts_with("{{") {
            true => format!("Invalid protocol: {host}:"),
            false => not_found(host),
        });
    }
    quoted.ends_with("` is not a scheme of the web").then(|| format!("Invalid protocol: {scheme}:"))
}

fn not_found(host: &str) -> String {
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    format!("getaddrinfo ENOTFOUND {}", inside.to_lowercase())
}

/// The host of a URL that could be requested.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_sent_is_told_in_nodes_words() {
        use FailureKind::{Connect, Dns, InvalidRequest, Reset};
        let refused = "could not connect to 127.0.0.1:1: connection refused";
        let no_host = "`x` cannot be requested: it names no host";
        let no_scheme = "`x` cannot be requested: `ws` is not a scheme of the web";
        let odd_scheme = "`{{p}}://h/x` cannot be requested: `{{p}}` is not a host name";
        let odd_host = "`{{Base}}:80/x` cannot be requested: `{{Base}}` is not a host name";
        let redirect =
            "the redirect from http://h/ leads nowhere: `file:///x` cannot be requested: it names no host";
        let moved = "the redirect from http://h/ leads nowhere: `ftp://b/` cannot be requested: `ftp` is not a scheme of \
            the web";
        let crappy = "Invalid URI \"file:///x\". This can be caused by a crappy redirection.";
        let empty = "request url is empty";
        for (kind, message, url, expected) in [
            (InvalidRequest, no_host, "http:///v1/x?q=%3Ca%3E", "Invalid URI \"http:///v1/x?q=%3Ca%3E\""),
            (InvalidRequest, no_host, "http:////x", "Invalid URI \"http:////x\""),
            (InvalidRequest, no_scheme, "ws://h/x", "Invalid protocol: ws:"),
            (InvalidRequest, odd_scheme, "http://{{p}}://h/x", "Invalid protocol: {{p}}:"),
            (InvalidRequest, odd_host, "http://{{Base}}:80/x", "getaddrinfo ENOTFOUND {{base}}"),
            (InvalidRequest, empty, "", "runtime:extensions~request: request url is empty"),
            (InvalidRequest, redirect, "http://h/", crappy),
            (InvalidRequest, moved, "http://h/", "Invalid protocol: ftp:"),
            (InvalidRequest, "`a b` cannot be the name of a header", "http://h/x", ""),
            (Dns, "could not resolve `h.test`", "http://h.test:8080/x", "getaddrinfo ENOTFOUND h.test"),
            (Connect, refused, "http://127.0.0.1:1/x", "connect ECONNREFUSED 127.0.0.1:1"),
            (Connect, refused, "http://localhost:1/x", ""),
            (Reset, "the connection was reset", "http://h/x", ""),
        ] {
            let failure = TransportFailure { kind, message: message.to_owned() };
            assert_eq!(of(&failure, url).unwrap_or_default(), expected, "{kind:?} {url}");
        }
    }
}
