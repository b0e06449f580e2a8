//! Connections that wait for their next request.

use super::connect::{Route, Stream};
use bytes::BytesMut;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, ReadBuf};

/// Idle connections kept at most, over all servers.
const KEPT: usize = 32;

/// An open connection to one server.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) stream: Stream,
    /// What was read and not used yet.
    pub(super) buffer: BytesMut,
    /// It has carried a request before.
    pub(super) reused: bool,
}

impl Connection {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, buffer: BytesMut::new(), reused: false }
    }

    /// Whether the server has neither closed it nor said anything out of turn.
    fn is_quiet(&mut self) -> bool {
        let mut byte = [0];
        let mut byte = ReadBuf::new(&mut byte);
        let mut context = Context::from_waker(Waker::noop());
        matches!(Pin::new(&mut self.stream).poll_read(&mut context, &mut byte), Poll::Pending)
    }
}

/// A connection that was kept.
#[derive(Debug)]
pub(super) struct Idle {
    route: Route,
    connection: Connection,
    /// When the server said that it would close it.
    until: Option<Instant>,
}

impl Idle {
    /// The connection, if it is still good.
    pub(super) fn awake(mut self) -> Option<Connection> {
        let good = self.until.is_none_or(|until| Instant::now() < until) && self.connection.is_quiet();
        self.connection.reused = true;
        good.then_some(self.connection)
    }
}

/// The connections of a run, the one used last at the end.
#[derive(Debug, Default)]
pub(super) struct Pool(Vec<Idle>);

impl Pool {
    /// The connection by that route that was used last: a login by NTLM holds for one connection.
    pub(super) fn take(&mut self, route: &Route) -> Option<Idle> {
        let at = self.0.iter().rposition(|idle| idle.route == *route)?;
        Some(self.0.remove(at))
    }

    /// Keeps a connection; `keep_alive` is the server's `Keep-Alive` field.
    pub(super) fn put(&mut self, route: Route, connection: Connection, keep_alive: Option<&str>) {
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        let until = keep_alive.and_then(allowed).map(|allowed| Instant::now() + allowed);
        self.0.push(Idle { route, connection, until });
    }
}

/// How long a server keeps an idle connection, less a second for the way there.
fn allowed(keep_alive: &str) -> Option<Duration> {
    let timeout = keep_alive.split(',').find_map(|part| part.trim().strip_prefix("timeout="))?;
    Some(Duration::from_secs(timeout.trim().parse::<u32>().ok()?.saturating_sub(1).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_say_how_long_they_wait() {
        for (field, expected) in [
            ("timeout=5, max=100", Some(4)),
            ("max=1,timeout= 3", Some(2)),
            ("timeout=0", Some(0)),
            ("max=5", None),
            ("timeout=x", None),
        ] {
            assert_eq!(allowed(field), expected.map(Duration::from_secs), "{field}");
        }
    }
}
