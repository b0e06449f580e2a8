//! The testsuite of one execution of an item, gathered from its events.

use super::case::{Case, Notes, Outcome, Suite, Trouble};
use crate::diagnostic::Location;
use crate::event::{Assertion, AssertionOutcome, Cursor, ErrorInfo, EventKind, ItemRef, RunEvent};
use crate::exchange::{Call, Exchange};
use crate::report::curl;
use crate::report::failure::{assertion_name, error_message, error_name, error_text};
use crate::report::text::{clipped, duration, size};
use crate::report::url::short_name;
use time::{Duration, OffsetDateTime};

/// Bytes of a request's line of `curl`.
const CURL: usize = 2000;

/// One item being executed.
#[derive(Debug)]
pub(super) struct ItemSuite {
    item: ItemRef,
    cursor: Cursor,
    name: String,
    timestamp: OffsetDateTime,
    cases: Vec<Case>,
    /// Requests answered: a testcase each when no assertion speaks for the item.
    requests: Vec<Case>,
    asserted: bool,
    time: Duration,
    /// What it did, for who writes it down.
    transcript: Option<Vec<String>>,
}

impl ItemSuite {
    /// An item that begins.
    pub(super) fn new(item: &ItemRef, cursor: &Cursor, timestamp: OffsetDateTime) -> Self {
        Self {
            item: item.clone(),
            cursor: *cursor,
            name: item.full_name(),
            timestamp,
            cases: Vec::new(),
            requests: Vec::new(),
            asserted: false,
            time: Duration::ZERO,
            transcript: None,
        }
    }

    /// Asks for a transcript.
    pub(super) fn transcribed(mut self, asked: bool) -> Self {
        self.transcript = asked.then(Vec::new);
        self
    }

    /// The suite's name, without number and iteration.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Says which of several executions of that name in one iteration this is.
    pub(super) fn numbered(mut self, number: u32) -> Self {
        if number > 1 {
            self.name += &format!(" #{number}");
        }
        self
    }

    /// Takes one event of the item.
    pub(super) fn observe(&mut self, event: &RunEvent) {
        match &event.kind {
            EventKind::AssertionFinished { assertion, .. } => {
                self.asserted = true;
                self.push(assertion_case(assertion));
            }
            EventKind::RequestFinished { exchange, .. } => self.request(exchange),
            EventKind::ItemSkipped { reason, .. } => {
                self.push(Case::new(&self.item.name, "", Outcome::Skipped(reason.clone())));
            }
            EventKind::VariablesCaptured { names, .. } => {
                self.tell(|| format!("captured {}", names.join(", ")));
            }
            EventKind::ConsoleLogged { level, messages, .. } => {
                self.tell(|| format!("console.{level}: {}", messages.join(", ")));
            }
            EventKind::WarningRaised { warning, .. } => {
                self.tell(|| format!("warning: {}", warning.message));
                warning.hint.iter().for_each(|hint| self.tell(|| format!("  hint: {hint}")));
            }
            _ => {
                if let Some(case) = failure_case(event) {
                    self.push(case);
                }
            }
        }
    }

    fn tell(&mut self, line: impl FnOnce() -> String) {
        if let Some(transcript) = &mut self.transcript {
            transcript.push(line());
        }
    }

    fn push(&mut self, mut case: Case) {
        case.class = self.item.full_name();
        case.location = case.location.or_else(|| self.item.location.clone());
        self.cases.push(case);
    }

    fn request(&mut self, exchange: &Exchange) {
        let time = Duration::milliseconds(exchange.total_ms().round() as i64);
        for call in &exchange.calls {
            self.tell(|| told(call));
        }
        let request = exchange.request();
        self.tell(|| format!("  $ {}", clipped(&curl::line(request), CURL)));
        let name = short_name(&request.method, &request.url);
        if let Some(failure) = exchange.trouble() {
            let mut case = Case::new(name, "", Outcome::error("request", &failure.message));
            case.time = time;
            self.push(case);
        } else {
            let mut case = Case::new(name, self.item.full_name(), Outcome::Passed);
            case.location.clone_from(&self.item.location);
            case.time = time;
            self.requests.push(case);
            self.time += time;
        }
    }

    /// The suite of the item, which has ended, and how it says it ended.
    pub(super) fn into_suite(mut self, passed: bool) -> Suite {
        let mut cases = if self.asserted { Vec::new() } else { std::mem::take(&mut self.requests) };
        cases.append(&mut self.cases);
        if !passed && !cases.iter().any(|case| case.outcome.is_red()) {
            let message = "the item did not finish, or failed without saying why";
            cases.push(Case::new(&self.item.name, self.item.full_name(), Outcome::error("item", message)));
        }
        if cases.is_empty() {
            cases.push(Case::new(&self.item.name, self.item.full_name(), Outcome::Passed));
        }
        // Answered requests take their time on the item's first assertion, so that the sum stays true.
        if let Some(first) = cases.first_mut().filter(|_| self.asserted) {
            first.time += self.time;
        }
        let mut properties = vec![("item".to_owned(), self.item.id)];
        let mut name = self.name;
        if self.cursor.cycles > 1 {
            let iteration = self.cursor.iteration + 1;
            name += &format!(" (iteration {iteration})");
            properties.push(("iteration".to_owned(), iteration.to_string()));
        }
        let system_out = self.transcript.filter(|lines| !lines.is_empty()).map(|lines| lines.join("\n"));
        Suite { name, timestamp: self.timestamp, cases, notes: Notes { properties, system_out } }
    }
}

/// `GET http://host/path [200 OK, 473B, 12ms]`.
fn told(call: &Call) -> String {
    let outcome = match &call.outcome {
        Ok(response) => {
            let body = size(response.body.size());
            format!("{} {}, {body}", response.code, response.status())
        }
        Err(failure) => failure.message.clone(),
    };
    let Call { request, timings, .. } = call;
    format!("{} {} [{outcome}, {}]", request.method, request.url, duration(timings.total_ms))
}

fn assertion_case(assertion: &Assertion) -> Case {
    let (outcome, location) = match &assertion.outcome {
        AssertionOutcome::Passed => (Outcome::Passed, None),
        AssertionOutcome::Skipped => (Outcome::Skipped("the script skips this test".to_owned()), None),
        AssertionOutcome::Failed { error } => (Outcome::Failure(trouble(error)), error.location.clone()),
    };
    Case::new(assertion_name(&assertion.name), "", outcome).at(location)
}

fn trouble(error: &ErrorInfo) -> Trouble {
    let place = error.location.as_ref().map(|at: &Location| format!("\nat {at}")).unwrap_or_default();
    let message = error_message(error).to_owned();
    let excerpt =
        error.excerpt.as_ref().map(|excerpt| format!("\n  {}", excerpt.text.trim())).unwrap_or_default();
    let diff = error.diff.as_ref().map(|diff| format!("\n\n{diff}")).unwrap_or_default();
    let detail = error_text(error) + &place + &excerpt + &diff;
    Trouble { kind: error_name(error).to_owned(), message, detail }
}

/// The testcase of a script that ended with an error or of an exception.
pub(super) fn failure_case(event: &RunEvent) -> Option<Case> {
    let (name, error) = match &event.kind {
        EventKind::ScriptFinished { listen, error: Some(error), .. } => (format!("{listen} script"), error),
        EventKind::ExceptionRaised { error, .. } => ("exception".to_owned(), error),
        EventKind::RequestFinished { exchange, .. } => {
            let (request, failure) = (exchange.request(), exchange.trouble()?);
            let name = short_name(&request.method, &request.url);
            return Some(Case::new(name, "run", Outcome::error("request", &failure.message)));
        }
        EventKind::AssertionFinished { assertion, .. } => return Some(assertion_case(assertion)),
        _ => return None,
    };
    Some(Case::new(name, "run", Outcome::Error(trouble(error))).at(error.location.clone()))
}
