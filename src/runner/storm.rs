//! What it takes to let several requests reach a server at the same moment: the port of storms.

use super::port::SendOptions;
use crate::exchange::{Exchange, ResolvedRequest};
use std::time::Duration;

/// Whether the requests of a storm travel over HTTP/2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Http2 {
    /// Where the server agrees on it in the TLS handshake.
    #[default]
    Auto,
    /// Without asking, in the clear too (RFC 9113 §3.3).
    PriorKnowledge,
    /// Never.
    Off,
}

/// How a storm is released and awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StormOptions {
    /// How long the requests wait, all but their last byte sent, so that every one of them has reached the server.
    pub parked: Duration,
    /// How long after their release answers are awaited at most; `None`: the connections are
    /// closed a moment later, and nothing is read.
    pub patience: Option<Duration>,
    /// The version of HTTP.
    pub http2: Http2,
}

impl Default for StormOptions {
    fn default() -> Self {
        Self {
            parked: Duration::from_millis(150),
            patience: Some(Duration::from_secs(30)),
            http2: Http2::default(),
        }
    }
}

/// What came of requests that were released together.
#[derive(Debug, Clone)]
pub struct Storm {
    /// One exchange of one call a request, in the order of the requests. The call of a released request starts when
    /// its last byte was let go and ends with its answer, both on the run's clock.
    pub exchanges: Vec<Exchange>,
    /// From the first last byte to the last one; `None` where fewer than two requests were released.
    ///
    /// Over HTTP/2 the last bytes are handed over one by one and leave in one write.
    pub skew: Option<Duration>,
}

/// Lets requests go at the same moment. Whatever goes wrong on the wire is part of the exchanges, not an error.
pub trait StormTransport {
    /// Sends all of each request but its last byte, each over a connection (HTTP/2: a stream) of its own, waits
    /// until all are parked at the server, and releases the last bytes back to back.
    ///
    /// Redirects are not followed. Cookies of the jar are sent as the options say; those of the answers are left
    /// alone, for which of them would be the last is chance.
    fn release(
        &self,
        requests: Vec<ResolvedRequest>,
        options: &SendOptions,
        storm: &StormOptions,
    ) -> impl Future<Output = Storm>;
}

impl<T: StormTransport> StormTransport for &T {
    fn release(
        &self,
        requests: Vec<ResolvedRequest>,
        options: &SendOptions,
        storm: &StormOptions,
    ) -> impl Future<Output = Storm> {
        (**self).release(requests, options, storm)
    }
}
