//! In which order requests leave that are sent together, and how many: as from node in the order in which they were asked
//! for, where connecting does not take long; no more than a process may have connections.

use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

/// How long a request waits for those before it to be on their way.
const PATIENCE: Duration = Duration::from_millis(10);
/// Requests under way at most; systems allow a process 256 open files at least.
pub(super) const SEATS: usize = 192;

/// Lets one request after the other go.
#[derive(Debug)]
pub(super) struct Departures {
    gate: Mutex<()>,
    seats: Semaphore,
}

/// To be dropped when the request is on its way.
pub(super) type Turn<'d> = MutexGuard<'d, ()>;

impl Default for Departures {
    fn default() -> Self {
        Self { gate: Mutex::default(), seats: Semaphore::new(SEATS) }
    }
}

impl Departures {
    /// Waits until there is room for one more, which there is until what is given is dropped.
    pub(super) async fn seat(&self) -> Option<SemaphorePermit<'_>> {
        // Never closed.
        self.seats.acquire().await.ok()
    }

    /// Waits for its turn; without one, the request goes all the same.
    pub(super) async fn turn(&self) -> Option<Turn<'_>> {
        match self.gate.try_lock() {
            Ok(turn) => Some(turn),
            Err(_) => tokio::time::timeout(PATIENCE, self.gate.lock()).await.ok(),
        }
    }
}
