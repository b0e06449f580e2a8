//! One entry of `run.executions`: an item execution, gathered from its events.

use super::definition::Definition;
use super::sent::{Received, SentRequest};
use super::shapes::{self, Place};
use crate::event::{AssertionOutcome, EventKind, ItemRef, RunEvent};
use crate::exchange::Exchange;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// An item being executed.
pub(super) struct Execution {
    item: ItemRef,
    place: Place,
    /// The row of data it runs with.
    pub(super) row: Option<Arc<Value>>,
    newman_streams: bool,
    /// The item's own request; where its auth had to try again, the last try.
    own: Option<(u64, Arc<Exchange>)>,
    /// Requests of its scripts, and earlier tries.
    others: Vec<(u64, Arc<Exchange>)>,
    assertions: Vec<Asserted>,
    script_errors: Map<String, Value>,
    exceptions: Vec<Value>,
    console: Vec<Value>,
    captured: Vec<String>,
    skipped: Option<String>,
    passed: Option<bool>,
}

impl Execution {
    /// An item that begins.
    pub(super) fn new(item: &ItemRef, place: Place, newman_streams: bool) -> Self {
        Self {
            item: item.clone(),
            place,
            row: None,
            newman_streams,
            own: None,
            others: Vec::new(),
            assertions: Vec::new(),
            script_errors: Map::new(),
            exceptions: Vec::new(),
            console: Vec::new(),
            captured: Vec::new(),
            skipped: None,
            passed: None,
        }
    }

    /// Which item.
    pub(super) fn id(&self) -> &str {
        &self.item.id
    }

    /// Where it belongs.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Takes one event of the item; `started` is when the run did, epoch milliseconds.
    pub(super) fn observe(&mut self, event: &RunEvent, started: Option<i64>) {
        match &event.kind {
            EventKind::RequestFinished { number, exchange, by_script, .. } => {
                let sent = (*number, Arc::clone(exchange));
                if *by_script {
                    self.others.push(sent);
                } else {
                    self.others.extend(self.own.replace(sent));
                }
            }
            EventKind::ScriptFinished { listen, error: Some(error), .. } => {
                let mut error = shapes::script_error(error);
                let at = started.map(|started| started + event.at_ms as i64);
                shapes::identify(&mut error, &event.seq.to_string(), at);
                let list = self.script_errors.entry(format!("{listen}Script")).or_insert(json!([]));
                if let Value::Array(list) = list {
                    list.push(json!({ "error": error }));
                }
            }
            EventKind::AssertionFinished { assertion, .. } => {
                let error = match &assertion.outcome {
                    AssertionOutcome::Failed { error } => {
                        Some(shapes::assertion_error(&assertion.name, assertion.index, error))
                    }
                    AssertionOutcome::Passed | AssertionOutcome::Skipped => None,
                };
                self.assertions.push(Asserted {
                    assertion: assertion.name.clone(),
                    skipped: assertion.outcome == AssertionOutcome::Skipped,
                    error,
                });
            }
            EventKind::ExceptionRaised { error, .. } => self.exceptions.push(json!(error)),
            EventKind::ConsoleLogged { level, messages, .. } => {
                self.console.push(json!({ "level": level, "messages": messages }));
            }
            EventKind::VariablesCaptured { names, .. } => self.captured.extend_from_slice(names),
            EventKind::ItemSkipped { reason, .. } => self.skipped = Some(reason.clone()),
            EventKind::ItemFinished { passed, .. } => self.passed = Some(*passed),
            _ => {}
        }
    }

    /// The entry, with what the collection says of the item.
    pub(super) fn entry<'a>(&'a self, definition: Option<Definition<'a>>) -> Entry<'a> {
        let (own, others) = match (&self.own, self.others.split_last()) {
            // A skipped request leaves only what its scripts sent.
            (None, Some((last, before))) => (Some(last), before),
            (own, _) => (own.as_ref(), self.others.as_slice()),
        };
        Entry {
            cursor: &self.place,
            item: Described {
                item: &self.item,
                defined: Defined(definition.and_then(|definition| definition.item.as_object())),
            },
            own: own.map(|sent| self.sides(sent, definition)),
            id: &self.item.id,
            assertions: &self.assertions,
            script_errors: &self.script_errors,
            extra_requests: others.iter().map(|sent| self.sides(sent, None)).collect(),
            exceptions: &self.exceptions,
            console: &self.console,
            captured: &self.captured,
            iteration_data: self.row.as_deref(),
            skipped: self.skipped.as_deref(),
            passed: self.passed,
        }
    }

    fn sides<'a>(
        &self,
        (number, exchange): &'a (u64, Arc<Exchange>),
        definition: Option<Definition<'a>>,
    ) -> Sides<'a> {
        let answered = |response| Received::new(response, *number, exchange.total_ms(), self.newman_streams);
        let hops = &exchange.calls[..exchange.calls.len() - 1];
        Sides {
            request_number: *number,
            request: SentRequest::new(exchange.request(), definition),
            outcome: match &exchange.last().outcome {
                Ok(response) => Outcome::Response(answered(response)),
                Err(failure) => Outcome::RequestError(shapes::request_error(failure)),
            },
            redirects: hops.iter().map(shapes::hop).collect(),
        }
    }
}

/// One entry of `run.executions`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    cursor: &'a Place,
    item: Described<'a>,
    #[serde(flatten)]
    own: Option<Sides<'a>>,
    id: &'a str,
    assertions: &'a [Asserted],
    #[serde(flatten)]
    script_errors: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extra_requests: Vec<Sides<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    exceptions: &'a [Value],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    console: &'a [Value],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    captured: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    iteration_data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    passed: Option<bool>,
}

/// The item with its folders and its line, and what else the collection says of it.
#[derive(Debug, Serialize)]
struct Described<'a> {
    #[serde(flatten)]
    item: &'a ItemRef,
    #[serde(flatten)]
    defined: Defined<'a>,
}

#[derive(Debug)]
struct Defined<'a>(Option<&'a Map<String, Value>>);

impl Serialize for Defined<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let told = |name: &str| matches!(name, "id" | "name" | "path" | "location");
        serializer.collect_map(self.0.into_iter().flatten().filter(|(name, _)| !told(name)))
    }
}

/// `assertions[]`.
#[derive(Debug, Serialize)]
struct Asserted {
    assertion: String,
    skipped: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
}

/// One exchange, with its number in the run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sides<'a> {
    request_number: u64,
    request: SentRequest<'a>,
    #[serde(flatten)]
    outcome: Outcome<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    redirects: Vec<Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Outcome<'a> {
    Response(Received<'a>),
    RequestError(Value),
}
