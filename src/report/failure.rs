//! What counts as a failure in a stream of events, numbered as it comes: one rule for every report.

use super::curl;
use crate::event::{AssertionOutcome, Cursor, ErrorInfo, EventKind, ItemRef, RunEvent};
use crate::exchange::Exchange;
use std::sync::Arc;

/// Where a failure comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// An assertion said no.
    Assertion {
        /// Its name.
        name: String,
        /// Its index in its script.
        index: u32,
        /// Which script.
        listen: String,
    },
    /// A script ended with an error.
    Script {
        /// Which script.
        listen: String,
    },
    /// A request got no response.
    Request,
    /// Something else went wrong.
    Exception,
}

impl Origin {
    /// newman's `at`: `assertion:0 in test-script`, `test-script`, `request`, `exception`.
    pub(super) fn at(&self) -> String {
        match self {
            Self::Assertion { index, listen, .. } => format!("assertion:{index} in {listen}-script"),
            Self::Script { listen } => format!("{listen}-script"),
            Self::Request => "request".to_owned(),
            Self::Exception => "exception".to_owned(),
        }
    }
}

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// Running number in the run, from 1.
    pub(super) number: u64,
    /// Where it comes from.
    pub(super) origin: Origin,
    /// The item it belongs to.
    pub(super) item: Option<ItemRef>,
    /// Where in the run.
    pub(super) cursor: Cursor,
    /// What it says.
    pub(super) error: ErrorInfo,
    /// The item's request as a line of `curl`, where it was sent before.
    pub(super) curl: Option<String>,
}

impl Failure {
    /// The failure in one short line: the assertion's name, `TypeError in test script`, …
    pub(super) fn title(&self) -> String {
        match &self.origin {
            Origin::Assertion { name, .. } => assertion_name(name).to_owned(),
            Origin::Script { listen } => format!("{} in {listen} script", error_name(&self.error)),
            Origin::Request => "no response".to_owned(),
            Origin::Exception => error_name(&self.error).to_owned(),
        }
    }

    /// The place in the user's files to open: the error's own, or its item's.
    pub(super) fn location(&self) -> Option<&crate::diagnostic::Location> {
        self.error.location.as_ref().or_else(|| self.item.as_ref()?.location.as_ref())
    }
}

/// An assertion's name; a test without one is still seen.
pub(super) fn assertion_name(name: &str) -> &str {
    if name.trim().is_empty() { "(unnamed test)" } else { name }
}

/// An error's name; a script may throw a value that has none.
pub(super) fn error_name(error: &ErrorInfo) -> &str {
    if error.name.trim().is_empty() { "Error" } else { &error.name }
}

/// An error's message; a script may throw a value that has none.
pub(super) fn error_message(error: &ErrorInfo) -> &str {
    if error.message.trim().is_empty() { "(no message)" } else { &error.message }
}

/// `AssertionError: expected 1 to equal 2`.
pub(super) fn error_text(error: &ErrorInfo) -> String {
    format!("{}: {}", error_name(error), error_message(error))
}

/// Follows the events of a run and tells each failure.
#[derive(Debug, Default)]
pub(super) struct Failures {
    count: u64,
    item: Option<ItemRef>,
    /// The request the item sent; those of its scripts are their own.
    exchange: Option<Arc<Exchange>>,
}

impl Failures {
    /// How many there were.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Takes one event; the failure it tells, if it tells one.
    pub(super) fn observe(&mut self, event: &RunEvent) -> Option<Failure> {
        let mut sent = None;
        let (origin, cursor, error) = match &event.kind {
            EventKind::ItemStarted { item, .. } => {
                self.item = Some(item.clone());
                self.exchange = None;
                return None;
            }
            EventKind::ItemFinished { .. } => {
                self.item = None;
                self.exchange = None;
                return None;
            }
            EventKind::AssertionFinished { cursor, assertion } => {
                let AssertionOutcome::Failed { error } = &assertion.outcome else { return None };
                let (name, listen) = (assertion.name.clone(), assertion.listen.clone());
                (Origin::Assertion { name, index: assertion.index, listen }, cursor, error.clone())
            }
            EventKind::ScriptFinished { cursor, listen, error: Some(error), .. } => {
                (Origin::Script { listen: listen.clone() }, cursor, error.clone())
            }
            EventKind::RequestFinished { cursor, exchange, by_script, .. } => {
                sent = Some(Arc::clone(exchange));
                if !by_script {
                    self.exchange.clone_from(&sent);
                }
                let failure = exchange.trouble()?;
                (Origin::Request, cursor, ErrorInfo::new("RequestError", &failure.message))
            }
            EventKind::ExceptionRaised { cursor, error } => (Origin::Exception, cursor, error.clone()),
            _ => return None,
        };
        self.count += 1;
        let curl = sent.as_ref().or(self.exchange.as_ref()).map(|exchange| exchange.request());
        let curl = curl.filter(|request| !request.url.is_empty()).map(curl::line);
        Some(Failure { number: self.count, origin, item: self.item.clone(), cursor: *cursor, error, curl })
    }
}
