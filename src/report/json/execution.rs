//! One entry of `run.executions`: an item execution, gathered from its events.

use super::definition::Definition;
use super::sent;
use super::shapes::{self, Place};
use crate::event::{AssertionOutcome, EventKind, ItemRef, RunEvent};
use crate::exchange::Exchange;
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
    assertions: Vec<Value>,
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
    pub(super) fn item(&self) -> &ItemRef {
        &self.item
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
                let mut entry = json!({
                    "assertion": assertion.name,
                    "skipped": assertion.outcome == AssertionOutcome::Skipped,
                });
                if let AssertionOutcome::Failed { error } = &assertion.outcome {
                    entry["error"] = shapes::assertion_error(&assertion.name, assertion.index, error);
                }
                self.assertions.push(entry);
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
    pub(super) fn into_value(mut self, definition: Option<Definition<'_>>) -> Value {
        // A skipped request leaves only what its scripts sent.
        let own = self.own.take().or_else(|| self.others.pop());
        let mut entry = Map::new();
        entry.insert("cursor".into(), self.place.to_json());
        entry.insert("item".into(), self.described(definition));
        if let Some((number, exchange)) = own {
            entry.extend(self.sides(number, &exchange, definition));
        }
        entry.insert("id".into(), json!(self.item.id));
        entry.insert("assertions".into(), Value::Array(std::mem::take(&mut self.assertions)));
        entry.append(&mut self.script_errors);
        let extra: Vec<Value> = self
            .others
            .iter()
            .map(|(number, exchange)| Value::Object(self.sides(*number, exchange, None)))
            .collect();
        for (name, list) in [
            ("extraRequests", extra),
            ("exceptions", self.exceptions),
            ("console", self.console),
            ("captured", self.captured.into_iter().map(Value::from).collect()),
        ] {
            if !list.is_empty() {
                entry.insert(name.into(), Value::Array(list));
            }
        }
        if let Some(row) = self.row {
            entry.insert("iterationData".into(), (*row).clone());
        }
        if let Some(reason) = self.skipped {
            entry.insert("skipped".into(), json!(reason));
        }
        if let Some(passed) = self.passed {
            entry.insert("passed".into(), json!(passed));
        }
        Value::Object(entry)
    }

    /// The item as defined, with its folders and its line.
    fn described(&self, definition: Option<Definition<'_>>) -> Value {
        let mut item = definition.map_or_else(|| json!({}), |definition| definition.item.clone());
        if let (Value::Object(item), Value::Object(own)) = (&mut item, json!(self.item)) {
            item.extend(own);
        }
        item
    }

    /// `request`, and `response` or `requestError`, of one exchange, with its number in the run.
    fn sides(
        &self,
        number: u64,
        exchange: &Exchange,
        definition: Option<Definition<'_>>,
    ) -> Map<String, Value> {
        let mut sides = Map::new();
        sides.insert("requestNumber".into(), json!(number));
        sides.insert("request".into(), sent::request(exchange.request(), definition));
        match &exchange.last().outcome {
            Ok(response) => {
                let time = exchange.total_ms();
                let shape = sent::response(response, number, time, self.newman_streams);
                sides.insert("response".into(), shape);
            }
            Err(failure) => {
                sides.insert("requestError".into(), shapes::request_error(failure));
            }
        }
        let hops = &exchange.calls[..exchange.calls.len() - 1];
        if !hops.is_empty() {
            let history = hops.iter().map(shapes::hop).collect();
            sides.insert("redirects".into(), Value::Array(history));
        }
        sides
    }
}
