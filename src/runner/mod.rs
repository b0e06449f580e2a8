//! Drives a run: items in order through the ports. Formats nothing, counts nothing.
//!
//! The runner tells what happens through a fallible callback. It starts and ends iterations and items; the run's
//! own first and last events (`RunStarted`, `CheckFinished`, `RunAborted`, `RunFinished`) are the caller's, who
//! knows the collection, the contract and the exit code.

mod behavior;
mod body;
mod cancel;
mod capture;
mod item_flow;
mod port;
mod resolve;
mod scripts;
#[cfg(test)]
mod tests;

pub use cancel::Cancel;
pub use capture::{Capture, CaptureSource};
pub use port::{
    Script, ScriptAssertion, ScriptEngine, ScriptEngineError, ScriptError, ScriptEvent, ScriptMessage,
    ScriptQuestion, SendOptions, Transport,
};

use crate::diagnostic::Warning;
use crate::event::{Cursor, EventKind};
use crate::plan::RunPlan;
use crate::variable::{Dynamic, Scopes};
use std::time::Duration;

/// What a run does beside its plan.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Time allowed for each request with its redirects; `None` for no limit.
    pub timeout_request: Option<Duration>,
    /// Waited before every item, the first one included.
    pub delay_request: Duration,
    /// TLS certificates are not verified unless an item asks for it (`strictSSL`).
    pub insecure: bool,
    /// What the contract captures from answers into the environment.
    pub captures: Vec<Capture>,
    /// Ends the run early.
    pub cancel: Cancel,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every item of every iteration was run.
    Completed,
    /// Cancelled. The item in progress and its iteration got no closing events.
    Interrupted,
    /// The target cannot be reached: the first request to fail that way, nothing having been answered before,
    /// said so with this message. The item has its closing event, its iteration has not.
    Unreachable(String),
}

/// Runs items: owns the transport and the variables for as long as the run lasts.
pub struct Runner<T, F> {
    transport: T,
    scopes: Scopes,
    options: RunOptions,
    emit: F,
    dynamic: Dynamic,
    /// Requests announced so far.
    requests: u64,
    /// Some request was answered: the target is there.
    answered: bool,
}

impl<T, F, E> Runner<T, F>
where
    T: Transport,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// A runner that has done nothing yet. `emit` receives every event; its error ends the run.
    pub fn new(transport: T, scopes: Scopes, options: RunOptions, emit: F) -> Self {
        let dynamic = Dynamic::from_entropy();
        Self { transport, scopes, options, emit, dynamic, requests: 0, answered: false }
    }

    /// Runs the plan: every item in order, once an iteration. A request that fails does not end the run, unless it
    /// shows that the target cannot be reached at all. Errors: whatever `emit` says.
    pub async fn run(&mut self, plan: &RunPlan) -> Result<Outcome, E> {
        if let Some(warning) = scripts::not_run(&plan.items) {
            self.warn(None, warning)?;
        }
        let length = u32::try_from(plan.items.len()).unwrap_or(u32::MAX);
        for iteration in 0..plan.iterations {
            let cursor = Cursor { position: 0, length, iteration, cycles: plan.iterations };
            (self.emit)(EventKind::IterationStarted { cursor })?;
            for (position, item) in (0..).zip(&plan.items) {
                if !self.delay().await {
                    return Ok(Outcome::Interrupted);
                }
                let Some(exchange) = self.run_item(item, Cursor { position, ..cursor }).await? else {
                    return Ok(Outcome::Interrupted);
                };
                if let Some(failure) = exchange.failure().filter(|failure| failure.kind.unreachable())
                    && !self.answered
                {
                    return Ok(Outcome::Unreachable(failure.message.clone()));
                }
            }
            (self.emit)(EventKind::IterationFinished { cursor })?;
        }
        Ok(Outcome::Completed)
    }

    /// The variables as they are now.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// The variables, to be changed between items.
    pub fn scopes_mut(&mut self) -> &mut Scopes {
        &mut self.scopes
    }

    /// The variables as the run left them.
    pub fn into_scopes(self) -> Scopes {
        self.scopes
    }

    /// Waits between items; `false` when the run was cancelled, before or meanwhile.
    async fn delay(&self) -> bool {
        if !self.options.delay_request.is_zero() {
            tokio::select! {
                () = self.options.cancel.cancelled() => {}
                () = tokio::time::sleep(self.options.delay_request) => {}
            }
        }
        !self.options.cancel.is_cancelled()
    }

    fn warn(&mut self, cursor: Option<Cursor>, warning: Warning) -> Result<(), E> {
        (self.emit)(EventKind::WarningRaised { cursor, warning })
    }
}
