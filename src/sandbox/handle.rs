//! The near end of the engine's channels.

use super::host::Shared;
use super::limits::{Limits, OUTBOX, THREAD_STACK, Watch};
use super::thread::Engine;
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc as std_mpsc;
use std::thread;
use tokio::sync::mpsc;

/// A script engine on a thread of its own, started by the first message, spoken to in the messages of Postman's
/// sandbox. Dropping it stops whatever runs.
#[derive(Debug, Default)]
pub struct Sandbox {
    limits: Limits,
    link: Option<Link>,
}

#[derive(Debug)]
struct Link {
    inbox: std_mpsc::Sender<String>,
    outbox: mpsc::Receiver<Vec<String>>,
    /// Received, not taken yet.
    heard: VecDeque<String>,
    /// Messages sent.
    sent: u64,
    /// Scripts begun by this message or one before it must stop.
    abort: Arc<AtomicU64>,
}

impl Sandbox {
    /// An engine with these limits. Nothing is started yet.
    pub fn new(limits: Limits) -> Self {
        Self { limits, link: None }
    }

    /// Sends one message in: a JSON array `[name, …arguments]`. Errors: the engine's thread cannot be started.
    pub fn post(&mut self, message: String) -> io::Result<()> {
        let message = match &mut self.link {
            Some(link) => match link.post(message) {
                Ok(()) => return Ok(()),
                // The thread is gone, which only a defect of the engine does: the next one starts afresh.
                Err(std_mpsc::SendError(message)) => message,
            },
            None => message,
        };
        let link = self.link.insert(Link::start(self.limits)?);
        link.post(message).map_err(|_| io::Error::other("the script engine stopped"))
    }

    /// The next message out; `None` when nothing was ever sent in, or the engine is gone.
    pub async fn receive(&mut self) -> Option<String> {
        let link = self.link.as_mut()?;
        loop {
            if let Some(message) = link.heard.pop_front() {
                return Some(message);
            }
            link.heard.extend(link.outbox.recv().await?);
        }
    }

    /// As [`receive`](Self::receive), for callers that are not asynchronous.
    pub fn receive_blocking(&mut self) -> Option<String> {
        let link = self.link.as_mut()?;
        loop {
            if let Some(message) = link.heard.pop_front() {
                return Some(message);
            }
            link.heard.extend(link.outbox.blocking_recv()?);
        }
    }

    /// Stops the JavaScript of every script sent in so far, however busy it is: those scripts end with an error and
    /// the engine is rebuilt. One that only waits goes on waiting: `execution.abort.<id>` is for that.
    pub fn interrupt(&self) {
        if let Some(link) = &self.link {
            link.abort.store(link.sent, Ordering::Relaxed);
        }
    }
}

impl Link {
    fn start(limits: Limits) -> io::Result<Self> {
        let (inbox, engine_inbox) = std_mpsc::channel();
        let (engine_outbox, outbox) = mpsc::channel(OUTBOX);
        let abort = Arc::new(AtomicU64::new(0));
        let watched = Arc::clone(&abort);
        thread::Builder::new().name("script engine".into()).stack_size(THREAD_STACK).spawn(move || {
            let shared = Shared::new(Watch::new(watched), engine_outbox, limits);
            Engine::new(engine_inbox, shared, limits).run();
        })?;
        Ok(Self { inbox, outbox, heard: VecDeque::new(), sent: 0, abort })
    }

    fn post(&mut self, message: String) -> Result<(), std_mpsc::SendError<String>> {
        self.inbox.send(message)?;
        self.sent += 1;
        Ok(())
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.abort.store(self.sent, Ordering::Relaxed);
    }
}
