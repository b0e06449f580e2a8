//! One request and its answer over one connection.

use super::departure::Turn;
use super::failure;
use super::http1::answer::{self, Answer, Expected, NoAnswer};
use super::http1::message::{Message, WriteError};
use super::pool::Connection;
use std::cell::Cell;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Instant;
use tokio::io::AsyncWrite;

/// Sends a message and reads what comes back; it is the next one's turn once this one is on its way.
pub(super) async fn converse(
    connection: &mut Connection,
    message: &Message,
    expected: &Expected<'_>,
    turn: Option<Turn<'_>>,
) -> Result<Answer, NoAnswer> {
    if message.is_short() {
        in_turn(connection, message, expected, turn).await
    } else {
        drop(turn);
        at_once(connection, message, expected).await
    }
}

async fn in_turn(
    connection: &mut Connection,
    message: &Message,
    expected: &Expected<'_>,
    turn: Option<Turn<'_>>,
) -> Result<Answer, NoAnswer> {
    let Connection { stream, buffer, .. } = connection;
    // Where the server closed while we wrote, it may have said why.
    let written = message.write(stream).await;
    drop(turn);
    let answer = answer::read(stream, buffer, expected).await;
    settled(written, answer, expected)
}

/// A long body is sent while the answer is awaited: a server may echo, or refuse, before it has all of it.
async fn at_once(
    connection: &mut Connection,
    message: &Message,
    expected: &Expected<'_>,
) -> Result<Answer, NoAnswer> {
    let Connection { stream, buffer, .. } = connection;
    let (mut reading, mut writing) = tokio::io::split(stream);
    let written_at = Cell::new(Instant::now());
    let expected = Expected { written_at: Some(&written_at), ..*expected };
    let mut progress = Progress { out: &mut writing, at: &written_at };
    let mut upload = pin!(message.write(&mut progress));
    let mut download = pin!(answer::read(&mut reading, buffer, &expected));
    let mut written = None;
    let answer = loop {
        tokio::select! {
            biased;
            answer = &mut download => break answer,
            done = &mut upload, if written.is_none() => {
                if let Err(WriteError::File(failure)) = done {
                    return Err(NoAnswer { failure, untouched: false, head_at: None });
                }
                written = Some(done);
            }
        }
    };
    match written {
        // The server did not want all of it.
        None => answer.map(|answer| Answer { reusable: false, ..answer }),
        Some(written) => settled(written, answer, &expected),
    }
}

/// Notes when something was last written.
struct Progress<'a, W> {
    out: &'a mut W,
    at: &'a Cell<Instant>,
}

impl<W: AsyncWrite + Unpin> AsyncWrite for Progress<'_, W> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut *self.out).poll_write(cx, bytes);
        if written.is_ready() {
            self.at.set(Instant::now());
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.out).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.out).poll_shutdown(cx)
    }
}

/// What a request came to that was (not) written to its end.
fn settled(
    written: Result<(), WriteError>,
    answer: Result<Answer, NoAnswer>,
    expected: &Expected<'_>,
) -> Result<Answer, NoAnswer> {
    let error = match written {
        Ok(()) => return answer,
        Err(WriteError::File(failure)) => {
            return Err(NoAnswer { failure, untouched: false, head_at: None });
        }
        Err(WriteError::Broken(error)) => error,
    };
    match answer {
        Ok(answer) => Ok(Answer { reusable: false, ..answer }),
        Err(NoAnswer { untouched: true, .. }) => {
            let failure = failure::broken(&error, expected.target);
            Err(NoAnswer { failure, untouched: true, head_at: None })
        }
        Err(no_answer) => Err(no_answer),
    }
}
