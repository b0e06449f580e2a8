//! An item's scripts: starts each on the engine, tells what it does, answers what it asks, takes over what it changed.

mod ask;
mod context;
mod flight;
mod nested;
mod outcome;
mod sent;

use super::control::Halt;
use super::{
    Runner, ScriptAssertion, ScriptEngine, ScriptEngineError, ScriptError, ScriptEvent, ScriptMessage,
    Transport,
};
use crate::collection::{Event, Request};
use crate::diagnostic::Location;
use crate::event::{Assertion, AssertionOutcome, Cursor, ErrorInfo, EventKind, Excerpt, Secret};
use crate::exchange::Exchange;
use crate::plan::PlannedItem;
use crate::redact::is_secret;
use crate::variable::Variable;
use context::Execution;
use flight::fly;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
pub(super) use nested::Mutations;
use outcome::Done;
use serde_json::Value;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Instant;

/// Requests of a script under way at most; systems allow a process 256 open files at least.
const FLYING: usize = 192;

/// Which of an item's scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Prerequest,
    Test,
}

impl Phase {
    pub(super) fn listen(self) -> &'static str {
        match self {
            Self::Prerequest => "prerequest",
            Self::Test => "test",
        }
    }
}

/// What is run after an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Next {
    /// The item after it.
    #[default]
    InOrder,
    /// That one, by id or name.
    Item(String),
    /// Nothing: `setNextRequest(null)`.
    Nothing,
}

/// What test scripts look back on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent<'a> {
    /// The wire.
    pub(super) exchange: &'a Exchange,
    /// The URL with credentials and fragment, encoded.
    pub(super) url: &'a str,
    /// The request as written, variables resolved, without URL and auth.
    pub(super) written: &'a Value,
    /// The auth as it was used.
    pub(super) auth: Option<&'a Value>,
}

/// What a phase's scripts came to.
#[derive(Debug, Default)]
pub(super) struct ScriptEnd {
    /// An assertion or a script failed.
    pub(super) failed: bool,
    /// What the first script that failed said.
    pub(super) error: Option<ErrorInfo>,
    /// `pm.execution.skipRequest()`.
    pub(super) skip_request: bool,
    /// `setNextRequest`.
    pub(super) next: Next,
    /// The request as the scripts changed it.
    pub(super) request: Option<Request>,
    /// Why the run ends here, if it does.
    pub(super) halt: Option<Halt>,
}

impl<T, F, S, E> Runner<T, F, S>
where
    T: Transport,
    S: ScriptEngine,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// Runs a phase's scripts in order: the collection's, its folders', its own. One that fails does not keep the
    /// others from running. `None`: cancelled.
    pub(super) async fn scripts(
        &mut self,
        phase: Phase,
        item: &PlannedItem,
        cursor: Cursor,
        sent: Option<Sent<'_>>,
    ) -> Result<Option<ScriptEnd>, E> {
        let mut end = ScriptEnd::default();
        if !S::RUNS {
            return Ok(Some(end));
        }
        let wanted = |event: &&Event| !event.disabled && event.listen == phase.listen();
        for event in item.events.iter().filter(wanted) {
            if event.script.trim().is_empty() {
                // Nothing to run, yet it counts among the scripts.
                self.script_finished(cursor, phase, 0.0, None)?;
                continue;
            }
            let Some(()) = self.script(phase, (item, event), cursor, sent, &mut end).await? else {
                return Ok(None);
            };
            // A request that a script runs stops at the first error.
            let nested_error = end.error.is_some() && !self.nested.is_empty();
            if end.skip_request || end.halt.is_some() || nested_error {
                break;
            }
        }
        Ok(Some(end))
    }

    async fn script(
        &mut self,
        phase: Phase,
        (item, event): (&PlannedItem, &Event),
        cursor: Cursor,
        sent: Option<Sent<'_>>,
        end: &mut ScriptEnd,
    ) -> Result<Option<()>, E> {
        let started = Instant::now();
        self.executions += 1;
        let id = format!("execution-{}", self.executions);
        let changed = end.request.clone();
        let own = if self.nested.is_empty() { cursor } else { nested::CURSOR };
        let execution = Execution { id: &id, item, event, cursor: own, sent, changed: changed.as_ref() };
        let cookies = sent.map(|sent| self.transport.cookies_for(&sent.exchange.last().request.url));
        let timeout = self.within_run(self.options.timeout_script);
        let script = execution.script(&self.scopes, cookies.unwrap_or_default(), timeout);
        let mut run =
            Run { event, item, listen: phase.listen(), errors: Vec::new(), failed: None, skip: false };
        let done = match self.engine.start(script) {
            Err(error) => Done::failed(&error),
            Ok(()) => match self.converse(&id, &mut run, cursor).await? {
                None => return Ok(None),
                Some(done) => done,
            },
        };
        let secrets = done.apply(&mut self.scopes);
        self.tell_secrets(secrets, false)?;
        if let Some(mutations) = self.nested.last_mut() {
            done.add_mutations(mutations);
        }
        let mut errors = run.errors;
        if let Some(error) =
            done.error.filter(|error| !errors.iter().any(|told| told.message == error.message))
        {
            errors.push(error);
        }
        let mut errors = errors.into_iter();
        let error = errors.next();
        end.failed |= run.failed.is_some() || error.is_some();
        end.error = end.error.take().or_else(|| error.clone());
        end.skip_request |= run.skip;
        if let Some(next) = done.next {
            end.next = next;
        }
        if phase == Phase::Prerequest
            && let Some(request) = done.request.filter(|request| *request != execution.request())
        {
            end.request = Request::from_json(&request);
        }
        end.halt = self.halt_of_script(error.as_ref(), run.failed.as_deref(), item);
        let duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        self.script_finished(cursor, phase, duration_ms, error)?;
        for error in errors {
            (self.emit)(EventKind::ExceptionRaised { cursor, error })?;
        }
        Ok(Some(()))
    }

    fn script_finished(
        &mut self,
        cursor: Cursor,
        phase: Phase,
        duration_ms: f64,
        error: Option<ErrorInfo>,
    ) -> Result<(), E> {
        let listen = phase.listen().to_owned();
        (self.emit)(EventKind::ScriptFinished { cursor, listen, duration_ms, error })
    }

    /// Whether the run ends with that script.
    fn halt_of_script(
        &self,
        error: Option<&ErrorInfo>,
        failed: Option<&str>,
        item: &PlannedItem,
    ) -> Option<Halt> {
        if self.overdue() {
            return Some(Halt::Overdue);
        }
        match (error, failed) {
            (Some(error), _) => self.halt(false, item, &format!("{}: {}", error.name, error.message)),
            (None, Some(what)) => self.halt(true, item, what),
            (None, None) => None,
        }
    }

    /// Listens to a script until it has ended. `None`: cancelled.
    async fn converse(&mut self, id: &str, run: &mut Run<'_>, cursor: Cursor) -> Result<Option<Done>, E> {
        self.under_way.push(id.to_owned());
        let done = self.listen(id, run, cursor).await;
        self.under_way.pop();
        if self.under_way.is_empty() {
            self.heard.clear();
        }
        done
    }

    /// The script's next message; others that are under way, waiting for this one, may have spoken too. `None`:
    /// cancelled.
    async fn hear(&mut self, id: &str) -> Option<Result<ScriptEvent, ScriptEngineError>> {
        if let Some(position) = self.heard.iter().position(|message| message.id == id) {
            return self.heard.remove(position).map(|message| Ok(message.event));
        }
        loop {
            let message = tokio::select! {
                biased;
                () = self.options.cancel.cancelled() => return None,
                message = self.engine.next() => message,
            };
            match message {
                Err(error) => return Some(Err(error)),
                Ok(ScriptMessage { id: said, event }) if said == id => return Some(Ok(event)),
                Ok(message) if self.under_way.contains(&message.id) => self.heard.push_back(message),
                Ok(_) => {}
            }
        }
    }

    async fn listen(&mut self, id: &str, run: &mut Run<'_>, cursor: Cursor) -> Result<Option<Done>, E> {
        let cancel = self.options.cancel.clone();
        let mut flights = FuturesUnordered::new();
        let mut waiting = VecDeque::new();
        let mut done = None;
        loop {
            // A script that has ended, by an error for instance, has sent what it has sent.
            if let Some(done) = done.take_if(|_| flights.is_empty()) {
                return Ok(Some(done));
            }
            let ready = tokio::select! {
                biased;
                Some(landed) = flights.next() => self.land(landed)?,
                heard = self.hear(id), if done.is_none() => match heard {
                    None => {
                        self.engine.abort().await;
                        return Ok(None);
                    }
                    Some(Err(error)) => {
                        done = Some(Done::failed(&error));
                        None
                    }
                    Some(Ok(ScriptEvent::Ended { error, execution })) => {
                        done = Some(Done::new(error.map(|error| run.error(error)), execution));
                        None
                    }
                    Some(Ok(ScriptEvent::Question(question))) if question.kind == "request" => {
                        self.launch(question, run.item, cursor)?
                    }
                    Some(Ok(event)) => {
                        let Some(()) = self.told(event, run, cursor).await? else {
                            self.engine.abort().await;
                            return Ok(None);
                        };
                        None
                    }
                },
                () = cancel.cancelled() => return Ok(None),
            };
            waiting.extend(ready);
            while flights.len() < FLYING
                && let Some(ready) = waiting.pop_front()
            {
                flights.push(fly(Rc::clone(&self.transport), ready));
            }
        }
    }

    /// What a script says on its way. `None`: cancelled.
    async fn told(&mut self, event: ScriptEvent, run: &mut Run<'_>, cursor: Cursor) -> Result<Option<()>, E> {
        match event {
            ScriptEvent::Assertions(assertions) => {
                for assertion in assertions {
                    let assertion = run.assertion(assertion);
                    (self.emit)(EventKind::AssertionFinished { cursor, assertion })?;
                }
            }
            ScriptEvent::Console { level, text } => {
                (self.emit)(EventKind::ConsoleLogged { cursor, level, messages: vec![text] })?;
            }
            ScriptEvent::Secret { name, value, declared } => {
                if declared || is_secret(&name, &Variable::new(Value::Null)) {
                    self.tell_secrets(Secret::all_in(&name, &value), false)?;
                }
            }
            ScriptEvent::Error(error) => run.errors.push(run.error(error)),
            ScriptEvent::SkipRequest => run.skip = true,
            ScriptEvent::Question(question) => return self.answer(&question, run, cursor).await,
            // Heard by who listens.
            ScriptEvent::Ended { .. } => {}
        }
        Ok(Some(()))
    }
}

/// A script that is running.
struct Run<'a> {
    event: &'a Event,
    item: &'a PlannedItem,
    listen: &'static str,
    errors: Vec<ErrorInfo>,
    /// What failed first, short of the script itself, in words.
    failed: Option<String>,
    skip: bool,
}

impl Run<'_> {
    fn assertion(&mut self, told: ScriptAssertion) -> Assertion {
        let outcome = match told.error {
            _ if told.skipped => AssertionOutcome::Skipped,
            None if told.passed => AssertionOutcome::Passed,
            error => {
                self.failed.get_or_insert_with(|| format!("the assertion `{}` failed", told.name));
                let error = error.unwrap_or_default();
                let (line, column) = match error.line {
                    Some(line) => (Some(line), error.column),
                    None => (told.line, None),
                };
                AssertionOutcome::Failed { error: self.error(ScriptError { line, column, ..error }) }
            }
        };
        Assertion { name: told.name, index: told.index, listen: self.listen.to_owned(), outcome }
    }

    /// An error with its place in the collection file.
    fn error(&self, error: ScriptError) -> ErrorInfo {
        let ScriptError { name, message, line, column, diff, .. } = error;
        let name = if name.is_empty() { "Error".to_owned() } else { name };
        let file = self.item.item.location.as_ref().map(|location| location.file.clone());
        let excerpt = line.and_then(|line| Excerpt::of(&self.event.script, line, column));
        let line = self.event.line(line.unwrap_or(1));
        ErrorInfo {
            name,
            message,
            location: file.map(|file| Location { file, line, column: 1 }),
            excerpt,
            diff,
        }
    }
}
