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
mod script;
mod scripts;
#[cfg(test)]
mod tests;

pub use cancel::Cancel;
pub use capture::{Capture, CaptureSource};
pub use port::{
    NoScripts, RequestProxy, Script, ScriptAssertion, ScriptCookie, ScriptEngine, ScriptEngineError,
    ScriptError, ScriptEvent, ScriptMessage, ScriptQuestion, SendOptions, TlsOptions, Transport,
};

use crate::diagnostic::Warning;
use crate::diagnostic::WarningCode;
use crate::event::{Cursor, ErrorInfo, EventKind};
use crate::plan::RunPlan;
use crate::variable::{Dynamic, Scopes, VariableScope};
use script::{Mutations, Next};
use std::collections::VecDeque;
use std::sync::Arc;
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
    /// Time allowed for each script; `None` for no limit.
    pub timeout_script: Option<Duration>,
    /// Ends the run early.
    pub cancel: Cancel,
}

/// Jumps by `setNextRequest` that one iteration may make before it is taken for an endless loop.
const MAX_JUMPS: u32 = 10_000;

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
pub struct Runner<T, F, S = NoScripts> {
    transport: T,
    engine: S,
    scopes: Scopes,
    options: RunOptions,
    emit: F,
    dynamic: Dynamic,
    /// Requests announced so far.
    requests: u64,
    /// Some request was answered: the target is there.
    answered: bool,
    /// Scripts executed so far; each gets an id from it.
    executions: u64,
    /// `pm.vault` of this run.
    vault: VariableScope,
    /// What is run: scripts may run any request of it.
    plan: Option<Arc<RunPlan>>,
    /// Requests under way that scripts run, outermost first.
    nested: Vec<Mutations>,
    /// Scripts under way, outermost first.
    under_way: Vec<String>,
    /// What those said that are not listened to at the moment.
    heard: VecDeque<ScriptMessage>,
}

impl<T, F, E> Runner<T, F>
where
    T: Transport,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// A runner that has done nothing yet, and runs no scripts. `emit` receives every event; its error ends the run.
    pub fn new(transport: T, scopes: Scopes, options: RunOptions, emit: F) -> Self {
        Self {
            transport,
            engine: NoScripts,
            scopes,
            options,
            emit,
            dynamic: Dynamic::from_entropy(),
            requests: 0,
            answered: false,
            executions: 0,
            vault: VariableScope::default(),
            plan: None,
            nested: Vec::new(),
            under_way: Vec::new(),
            heard: VecDeque::new(),
        }
    }

    /// The same runner with an engine for the collection's scripts.
    pub fn with_scripts<S: ScriptEngine>(self, engine: S) -> Runner<T, F, S> {
        Runner {
            transport: self.transport,
            engine,
            scopes: self.scopes,
            options: self.options,
            emit: self.emit,
            dynamic: self.dynamic,
            requests: self.requests,
            answered: self.answered,
            executions: self.executions,
            vault: self.vault,
            plan: self.plan,
            nested: self.nested,
            under_way: self.under_way,
            heard: self.heard,
        }
    }
}

impl<T, F, S, E> Runner<T, F, S>
where
    T: Transport,
    S: ScriptEngine,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// Runs the plan: every item in order, once an iteration. A request that fails does not end the run, unless it
    /// shows that the target cannot be reached at all. Errors: whatever `emit` says.
    pub async fn run(&mut self, plan: &Arc<RunPlan>) -> Result<Outcome, E> {
        self.plan = Some(Arc::clone(plan));
        if !S::RUNS
            && let Some(warning) = scripts::not_run(&plan.items)
        {
            self.warn(None, warning)?;
        }
        let length = u32::try_from(plan.items.len()).unwrap_or(u32::MAX);
        for iteration in 0..plan.iterations {
            let cursor = Cursor { position: 0, length, iteration, cycles: plan.iterations };
            (self.emit)(EventKind::IterationStarted { cursor })?;
            let mut jumps = 0;
            let mut position = 0;
            while let Some(item) = plan.items.get(position) {
                if !self.delay().await {
                    return Ok(Outcome::Interrupted);
                }
                let cursor = Cursor { position: u32::try_from(position).unwrap_or(u32::MAX), ..cursor };
                let Some(ended) = self.run_planned(item, cursor).await? else {
                    return Ok(Outcome::Interrupted);
                };
                if let Some(failure) = ended.exchange.as_ref().and_then(|exchange| exchange.failure())
                    && failure.kind.unreachable()
                    && !self.answered
                {
                    return Ok(Outcome::Unreachable(failure.message.clone()));
                }
                position = match ended.next {
                    Next::InOrder => position + 1,
                    Next::Nothing => break,
                    Next::Item(wanted) => match plan.position(&wanted) {
                        Some(target) => target,
                        None => {
                            self.warn(Some(cursor), no_such_item(&wanted))?;
                            break;
                        }
                    },
                };
                jumps += u32::from(position <= cursor.position as usize);
                if jumps > MAX_JUMPS {
                    self.endless(cursor)?;
                    break;
                }
            }
            (self.emit)(EventKind::IterationFinished { cursor })?;
        }
        Ok(Outcome::Completed)
    }

    fn endless(&mut self, cursor: Cursor) -> Result<(), E> {
        let message =
            format!("setNextRequest went back {MAX_JUMPS} times in one iteration: taken for an endless loop");
        let error = ErrorInfo { name: "EndlessLoop".to_owned(), message, location: None };
        (self.emit)(EventKind::ExceptionRaised { cursor, error })
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

fn no_such_item(wanted: &str) -> Warning {
    Warning::new(
        WarningCode::NoSuchItem,
        format!("setNextRequest(\"{wanted}\"): no such request; the iteration ends"),
    )
}
