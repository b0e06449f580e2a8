//! A request of a storm over HTTP/1.1: a connection of its own, on which one byte is missing.

use super::Answered;
use crate::exchange::{Response, TransportFailure};
use crate::runner::SendOptions;
use crate::transport::connect::Stream;
use crate::transport::failure;
use crate::transport::http1::answer::{self, Expected};
use crate::transport::http1::head::{Head, Strictness};
use crate::transport::http1::message::Message;
use bytes::BytesMut;
use std::io;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;

/// How long a last byte may wait for room to leave.
const ROOM: Duration = Duration::from_millis(500);

/// A request of which the last byte is still here.
pub(super) struct Parked {
    stream: Stream,
    last: u8,
    target: String,
    /// Why the last byte could not be sent.
    broken: Option<io::Error>,
}

/// Sends all but the last byte.
pub(super) async fn park(
    mut stream: Stream,
    message: &Message,
    target: &str,
) -> Result<Parked, TransportFailure> {
    let (start, last) = message.split_last().ok_or_else(failure::unsent)?;
    let broken = |error: io::Error| failure::broken(&error, target);
    stream.write_all(start).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    Ok(Parked { stream, last, target: target.to_owned(), broken: None })
}

impl Parked {
    /// Sends the last byte.
    pub(super) async fn release(&mut self) {
        let sent = async {
            self.stream.write_all(&[self.last]).await?;
            self.stream.flush().await
        };
        // One byte has room, but for a server that takes nothing; it must not hold up the others.
        self.broken = match tokio::time::timeout(ROOM, sent).await {
            Ok(sent) => sent.err(),
            Err(_) => Some(io::ErrorKind::TimedOut.into()),
        };
    }

    /// Reads the answer. A server that closed before the last byte may have said why.
    pub(super) async fn answer(mut self, method: &str, options: &SendOptions) -> Answered {
        let expected = Expected {
            method,
            strictness: if options.lenient_parser { Strictness::Lenient } else { Strictness::Strict },
            max_size: options.max_response_size,
            silence: options.timeout,
            written_at: None,
            target: &self.target,
        };
        match answer::read(&mut self.stream, &mut BytesMut::new(), &expected).await {
            Ok(answer) => {
                let Head { version, code, reason, headers } = answer.head;
                let response = Response { code, reason, version, headers, body: answer.body };
                Answered { response: Ok(response), head_at: Some(answer.head_at) }
            }
            Err(none) => {
                let broken = self.broken.filter(|_| none.untouched);
                let failure = broken.map_or(none.failure, |error| failure::broken(&error, &self.target));
                Answered { response: Err(failure), head_at: none.head_at }
            }
        }
    }
}
