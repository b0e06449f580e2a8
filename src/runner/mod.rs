//! Drives a run: items in order through the ports. Formats nothing, counts nothing.
//!
//! The runner tells what happens through a fallible callback. It starts and ends iterations and items; the run's
//! own first and last events (`RunStarted`, `CheckFinished`, `RunAborted`, `RunFinished`) are the caller's, who
//! knows the collection, the contract and the exit code.

mod behavior;
mod body;
mod cancel;
mod capture;
mod control;
mod item_flow;
mod port;
mod resolve;
mod script;
mod scripts;
mod storm;
mod storm_flow;
#[cfg(test)]
mod tests;

pub use body::FileAccess;
pub use cancel::Cancel;
pub use capture::{CapturedValue, Captures};
pub use control::{Bail, Outcome};
pub use port::{
    NoScripts, RequestProxy, Script, ScriptAssertion, ScriptCookie, ScriptEngine, ScriptEngineError,
    ScriptError, ScriptEvent, ScriptMessage, ScriptQuestion, SendOptions, TlsOptions, Transport,
};
pub use storm::{Http2, Storm, StormOptions, StormTransport};
pub use storm_flow::Released;

use crate::auth;
use crate::diagnostic::Warning;
use crate::event::{Cursor, EventKind};
use crate::plan::{PlannedItem, RunPlan};
use crate::variable::{Dynamic, Scopes};
use control::Reach;
use script::Mutations;
use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher as _, RandomState};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// What a run does beside its plan.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Time allowed for the whole run; it then ends, reported as far as it came. `None` for no limit.
    pub timeout: Option<Duration>,
    /// How long connecting may take, and how long a server may be silent; `None` for no limit.
    pub timeout_request: Option<Duration>,
    /// How long each request may take in all, however much the server says meanwhile; `None` for no limit.
    pub limit_request: Option<Duration>,
    /// Redirects are not followed unless an item asks for it (`followRedirects`).
    pub ignore_redirects: bool,
    /// Largest response body in bytes, decoded; `None` for no limit.
    pub max_response_size: Option<u64>,
    /// Waited before every item, the first one included.
    pub delay_request: Duration,
    /// TLS certificates are not verified unless an item asks for it (`strictSSL`).
    pub insecure: bool,
    /// What the contract captures from answers into the environment.
    pub captures: Captures,
    /// Time allowed for each script; `None` for no limit.
    pub timeout_script: Option<Duration>,
    /// Where files that requests send may be.
    pub files: FileAccess,
    /// Which failures end the run.
    pub bail: Bail,
    /// Jumps back by `setNextRequest` that one iteration may make before it is taken for an endless loop.
    pub loop_limit: u64,
    /// Ends the run early.
    pub cancel: Cancel,
}

/// Jumps back allowed where nobody says otherwise: far more than any flow polls, few enough to end soon.
pub const LOOP_LIMIT: u64 = 10_000;

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            timeout: None,
            timeout_request: None,
            limit_request: None,
            ignore_redirects: false,
            max_response_size: None,
            delay_request: Duration::ZERO,
            insecure: false,
            captures: Captures::default(),
            timeout_script: None,
            files: FileAccess::default(),
            bail: Bail::default(),
            loop_limit: LOOP_LIMIT,
            cancel: Cancel::default(),
        }
    }
}

/// Runs items: owns the transport and the variables for as long as the run lasts.
pub struct Runner<T, F, S = NoScripts> {
    transport: Rc<T>,
    engine: S,
    scopes: Scopes,
    options: RunOptions,
    emit: F,
    dynamic: Dynamic,
    auth: auth::Session,
    /// Requests announced so far.
    requests: u64,
    /// Whether the target is there.
    reach: Reach,
    /// Scripts executed so far; each gets an id from it.
    executions: u64,
    /// What is run: scripts may run any request of it.
    plan: Option<Arc<RunPlan>>,
    /// Requests under way that scripts run, outermost first.
    nested: Vec<Mutations>,
    /// Scripts under way, outermost first.
    under_way: Vec<String>,
    /// What those said that are not listened to at the moment.
    heard: VecDeque<ScriptMessage>,
    /// When the time allowed for the run is over.
    deadline: Option<Instant>,
    /// What has been warned about, as hashes: an item is run again in every iteration.
    warned: HashSet<u64>,
    hasher: RandomState,
}

impl<T, F, E> Runner<T, F>
where
    T: Transport,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// A runner that has done nothing yet, and runs no scripts. `emit` receives every event; its error ends the run.
    pub fn new(transport: T, scopes: Scopes, options: RunOptions, emit: F) -> Self {
        Self {
            transport: Rc::new(transport),
            engine: NoScripts,
            scopes,
            options,
            emit,
            dynamic: Dynamic::from_entropy(),
            auth: auth::Session::new(auth::Source::from_entropy()),
            requests: 0,
            reach: Reach::default(),
            executions: 0,
            plan: None,
            nested: Vec::new(),
            under_way: Vec::new(),
            heard: VecDeque::new(),
            deadline: None,
            warned: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// The same runner, with this source of dynamic variables.
    pub fn with_dynamic(self, dynamic: Dynamic) -> Self {
        Self { dynamic, ..self }
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
            auth: self.auth,
            requests: self.requests,
            reach: self.reach,
            executions: self.executions,
            plan: self.plan,
            nested: self.nested,
            under_way: self.under_way,
            heard: self.heard,
            deadline: self.deadline,
            warned: self.warned,
            hasher: self.hasher,
        }
    }
}

impl<T, F, S, E> Runner<T, F, S>
where
    T: Transport,
    S: ScriptEngine,
    F: FnMut(EventKind) -> Result<(), E>,
{
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

    fn warn(&mut self, cursor: Option<Cursor>, warning: Warning) -> Result<(), E> {
        (self.emit)(EventKind::WarningRaised { cursor, warning })
    }

    /// Warns about something an item will do again whenever it is run: told the first time.
    fn warn_once(&mut self, item: &PlannedItem, cursor: Cursor, warning: Warning) -> Result<(), E> {
        let seen = self.hasher.hash_one((&item.item.id, warning.code, &warning.message));
        if !self.warned.insert(seen) {
            return Ok(());
        }
        self.warn(Some(cursor), warning)
    }
}
