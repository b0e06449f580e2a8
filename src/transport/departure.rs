//! The order in which requests leave that are sent together: as from node, that in which they were asked for, where
//! connecting does not take long.

use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

/// How long a request waits for those before it to be on their way.
const PATIENCE: Duration = Duration::from_millis(10);

/// Lets one request after the other go.
#[derive(Debug, Default)]
pub(super) struct Departures(Mutex<()>);

/// To be dropped when the request is on its way.
pub(super) type Turn<'d> = MutexGuard<'d, ()>;

impl Departures {
    /// Waits for its turn; without one, the request goes all the same.
    pub(super) async fn turn(&self) -> Option<Turn<'_>> {
        match self.0.try_lock() {
            Ok(turn) => Some(turn),
            Err(_) => tokio::time::timeout(PATIENCE, self.0.lock()).await.ok(),
        }
    }
}
