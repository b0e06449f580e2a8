//! From a name to a TCP connection: addresses, and which of them answers first.

use super::authority;
use crate::exchange::{FailureKind, TransportFailure};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// How long an address is given before the next one is tried beside it (RFC 8305 §5; node's, too).
const HEAD_START: Duration = Duration::from_millis(250);

/// How long each step took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Dialled {
    pub(super) dns: Duration,
    pub(super) connect: Duration,
}

/// Connects to a host.
pub(super) async fn dial(host: &str, port: u16) -> Result<(TcpStream, Dialled), TransportFailure> {
    let started = Instant::now();
    let addresses = resolve(host, port).await?;
    let dns = started.elapsed();
    let stream = race(addresses).await.map_err(|reason| TransportFailure {
        kind: FailureKind::Connect,
        message: format!("could not connect to {}: {reason}", authority(host, port)),
    })?;
    // Requests are written whole: nothing is gained by waiting for more.
    let _ = stream.set_nodelay(true);
    Ok((stream, Dialled { dns, connect: started.elapsed() - dns }))
}

/// The host's addresses, in the order to try them.
async fn resolve(host: &str, port: u16) -> Result<VecDeque<SocketAddr>, TransportFailure> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok([SocketAddr::new(ip, port)].into());
    }
    if is_localhost(host) {
        let both = [IpAddr::from(Ipv6Addr::LOCALHOST), IpAddr::from(Ipv4Addr::LOCALHOST)];
        return Ok(both.map(|ip| SocketAddr::new(ip, port)).into());
    }
    let unresolved = |reason: &str| TransportFailure {
        kind: FailureKind::Dns,
        message: format!("could not resolve `{host}`{reason}"),
    };
    let found = tokio::net::lookup_host((host, port)).await.map_err(|error| {
        // The one reason that is not about the name.
        let temporary = error.to_string().to_lowercase().contains("temporary failure");
        unresolved(if temporary { ": temporary failure in name resolution" } else { "" })
    })?;
    let addresses = interleave(found);
    if addresses.is_empty() { Err(unresolved(": it has no address")) } else { Ok(addresses) }
}

/// `localhost` and everything below it is this machine (RFC 6761 §6.3): no resolver is asked, as browsers and
/// Postman do.
fn is_localhost(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

/// Alternates between the families, the resolver's first choice first (RFC 8305 §4).
fn interleave(found: impl IntoIterator<Item = SocketAddr>) -> VecDeque<SocketAddr> {
    let found: Vec<SocketAddr> = found.into_iter().collect();
    let first = found.first().map(SocketAddr::is_ipv6);
    let (same, other): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|address| Some(address.is_ipv6()) == first);
    let (mut same, mut other) = (same.into_iter(), other.into_iter());
    let mut mixed = VecDeque::new();
    loop {
        let pair = [same.next(), other.next()];
        if pair == [None, None] {
            return mixed;
        }
        mixed.extend(pair.into_iter().flatten());
    }
}

type Attempt = Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send>>;

/// The first address that answers: each gets a head start before the next joins, one that fails is followed at once.
async fn race(mut addresses: VecDeque<SocketAddr>) -> Result<TcpStream, String> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut reasons: Vec<String> = Vec::new();
    loop {
        if let Some(address) = addresses.pop_front() {
            attempts.push(Box::pin(TcpStream::connect(address)));
        } else if attempts.is_empty() {
            return Err(reasons.join("; "));
        }
        let next = first_of(&mut attempts);
        let outcome = if addresses.is_empty() {
            next.await
        } else {
            match tokio::time::timeout(HEAD_START, next).await {
                Ok(outcome) => outcome,
                Err(_) => continue,
            }
        };
        match outcome {
            Ok(stream) => return Ok(stream),
            Err(error) => {
                let reason = super::words(&error);
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
    }
}

/// The outcome of whichever attempt is done first; it is taken out.
async fn first_of(attempts: &mut Vec<Attempt>) -> io::Result<TcpStream> {
    poll_fn(|context| {
        for at in 0..attempts.len() {
            if let Poll::Ready(outcome) = attempts[at].as_mut().poll(context) {
                drop(attempts.swap_remove(at));
                return Poll::Ready(outcome);
            }
        }
        Poll::Pending
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[test]
    fn localhost_is_a_top_level_domain() {
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST", true),
            ("api.localhost", true),
            ("api.localhost.", true),
            ("localhost.test", false),
            ("notlocalhost", false),
        ] {
            assert_eq!(is_localhost(host), expected, "{host}");
        }
    }

    #[test]
    fn families_alternate() {
        let parse = |text: &str| {
            text.split(' ').map(|ip| SocketAddr::new(ip.parse().unwrap(), 1)).collect::<Vec<_>>()
        };
        for (found, expected) in [
            ("::1 ::2 ::3 1.1.1.1", "::1 1.1.1.1 ::2 ::3"),
            ("1.1.1.1 1.1.1.2 ::1 ::2", "1.1.1.1 ::1 1.1.1.2 ::2"),
            ("1.1.1.1", "1.1.1.1"),
        ] {
            assert_eq!(Vec::from(interleave(parse(found))), parse(expected), "{found}");
        }
    }

    #[tokio::test]
    async fn the_second_address_is_tried_when_the_first_refuses() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        // Nothing listens on ::1; there may not even be such an address.
        let (stream, _) = dial("api.localhost", port).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), listener.local_addr().unwrap());
    }

    #[tokio::test]
    async fn an_address_that_says_nothing_holds_nobody_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // Of TEST-NET-1 (RFC 5737): no route, or silence.
        let nowhere = SocketAddr::from(([192, 0, 2, 1], 9));
        let stream = race([nowhere, listener.local_addr().unwrap()].into()).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), listener.local_addr().unwrap());
    }

    #[tokio::test]
    async fn a_refusal_names_target_and_reason_once() {
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let failure = dial("127.0.0.1", port).await.map(drop).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Connect);
        assert_eq!(failure.message, format!("could not connect to 127.0.0.1:{port}: connection refused"));
        let failure = dial("localhost", port).await.map(drop).unwrap_err();
        assert!(failure.message.starts_with(&format!("could not connect to localhost:{port}: ")));
        assert!(failure.message.contains("connection refused"), "{}", failure.message);
    }
}
