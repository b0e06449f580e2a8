//! Ending a run from outside.

use tokio::sync::watch;

/// A flag that, once raised, stays raised. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Cancel(watch::Sender<bool>);

impl Cancel {
    /// Raises the flag: the request in progress is abandoned and the run ends as interrupted.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether the flag is raised.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves when the flag is raised, at once if it is already.
    pub async fn cancelled(&self) {
        // Cannot fail: `self` keeps the sender.
        let _ = self.0.subscribe().wait_for(|raised| *raised).await;
    }
}
