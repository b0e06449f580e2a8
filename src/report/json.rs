//! newman's JSON report, with its defects mended, beside `conformance` and `warnings`.
//!
//! Executions are written as they end, one a line, so memory does not grow with the run; newman's order of keys
//! is not kept where a value is known only at the end (JSON objects have none). An execution is one item
//! execution, never one request: further requests of its scripts are in `extraRequests`.

mod definition;
mod execution;
mod node_words;
mod sent;
mod shapes;

use super::ending::EndWatch;
use super::failure::Failures;
use super::sink::WholeFile;
use super::warnings::Warnings;
use super::{Artifact, ReportError, Reporter};
use crate::diagnostic::Warning;
use crate::event::{Counterexample, Coverage, Cursor, EventKind, ItemRef, RunEvent, RunInfo};
use crate::verdict::CheckResult;
use definition::Definitions;
use execution::Execution;
use serde::Serialize;
use serde_json::Value;
use shapes::{Place, made_up_id};
use std::io::{Read as _, Seek as _, Write as _};
use std::sync::Arc;
use tempfile::SpooledTempFile;

/// Bytes of failures kept in memory.
const FAILURES_IN_MEMORY: usize = 256 * 1024;

/// The JSON report.
pub struct JsonReporter {
    file: WholeFile,
    newman_streams: bool,
    run: Option<RunInfo>,
    opened: bool,
    executions: u64,
    written: bool,
    open: Option<Execution>,
    /// Serialised, told after the last execution; on disk once they are many.
    failures: SpooledTempFile,
    failed: bool,
    counter: Failures,
    checks: Vec<CheckResult>,
    coverage: Option<Coverage>,
    counterexamples: Vec<Counterexample>,
    warnings: Warnings,
    definitions: Definitions,
    started: Option<i64>,
    /// The data of the iteration.
    row: Option<Arc<Value>>,
    environment: Option<Value>,
    globals: Option<Value>,
    collection_variables: Option<Value>,
    end: EndWatch,
}

/// A warning and how often it was raised.
#[derive(Debug, Serialize)]
struct CountedWarning<'a> {
    #[serde(flatten)]
    warning: &'a Warning,
    count: u64,
}

/// `conformance`: what the contract's checks came to.
#[derive(Debug, Serialize)]
struct Conformance<'a> {
    contract: Option<&'a str>,
    checks: &'a [CheckResult],
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<&'a Coverage>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    counterexamples: &'a [Counterexample],
}

impl JsonReporter {
    /// A report in that file; `newman_streams` repeats bodies as newman's arrays of integers.
    pub(super) fn new(file: WholeFile, newman_streams: bool) -> Self {
        Self {
            file,
            newman_streams,
            run: None,
            opened: false,
            executions: 0,
            written: false,
            open: None,
            failures: SpooledTempFile::new(FAILURES_IN_MEMORY),
            failed: false,
            counter: Failures::default(),
            checks: Vec::new(),
            coverage: None,
            counterexamples: Vec::new(),
            warnings: Warnings::default(),
            definitions: Definitions::new(None, ""),
            started: None,
            row: None,
            environment: None,
            globals: None,
            collection_variables: None,
            end: EndWatch::default(),
        }
    }

    /// Everything before the first execution.
    fn begin(&mut self) -> Result<(), ReportError> {
        self.opened = true;
        self.file.write(b"{\n\"run\": {\n\"executions\": [")
    }

    fn open_execution(&mut self, item: &ItemRef, cursor: Cursor) {
        self.executions += 1;
        let started = self.run.as_ref().map(|run| run.started.as_str()).unwrap_or_default();
        let execution = Some(made_up_id(&[started, "execution", &self.executions.to_string()]));
        let mut opened = Execution::new(item, Place { cursor, execution }, self.newman_streams);
        opened.row.clone_from(&self.row);
        self.open = Some(opened);
    }

    fn close_execution(&mut self) -> Result<(), ReportError> {
        let Some(execution) = self.open.take() else { return Ok(()) };
        self.file.write(if self.written { b",\n" } else { b"\n" })?;
        self.written = true;
        let entry = encode(&execution.entry(self.definitions.find(execution.id())))?;
        self.file.write(&entry)
    }

    /// Everything after the last execution.
    fn complete(&mut self) -> Result<(), ReportError> {
        self.file.write(b"\n],\n\"failures\": [")?;
        self.copy_failures()?;
        self.file.write(b"\n],\n")?;
        let stats = self.end.stats().copied().unwrap_or_default();
        let run = self.run.take();
        let error = self.end.ending().trouble().map(|(name, message)| shapes::run_error(name, message));
        self.member("stats", &shapes::stats(&stats), ",\n")?;
        self.member("timings", &shapes::timings(&stats, self.started), ",\n")?;
        self.member("transfers", &serde_json::json!({ "responseTotal": stats.bytes_received }), ",\n")?;
        self.member("error", &error, "\n},\n")?;
        for (name, scope) in [("environment", self.environment.take()), ("globals", self.globals.take())] {
            self.member(name, &shapes::scope(scope, name), ",\n")?;
        }
        // Last, because its variables are as they ended.
        let definitions = std::mem::replace(&mut self.definitions, Definitions::new(None, ""));
        let collection = definitions.into_collection(self.collection_variables.take());
        self.member("collection", &collection, ",\n")?;
        let (checks, warnings) = (std::mem::take(&mut self.checks), std::mem::take(&mut self.warnings));
        let warnings: Vec<CountedWarning<'_>> =
            warnings.iter().map(|(warning, count)| CountedWarning { warning, count }).collect();
        let contract = run.as_ref().and_then(|run| run.contract.as_deref());
        let (coverage, counterexamples) = (self.coverage.take(), std::mem::take(&mut self.counterexamples));
        let conformance = Conformance {
            contract,
            checks: &checks,
            coverage: coverage.as_ref(),
            counterexamples: &counterexamples,
        };
        self.member("conformance", &conformance, ",\n")?;
        self.member("warnings", &warnings, ",\n")?;
        self.member("postproof", &shapes::tool(run.as_ref(), &stats), "\n}\n")
    }

    fn copy_failures(&mut self) -> Result<(), ReportError> {
        let mut block = [0; 64 * 1024];
        self.failures.rewind().map_err(|error| self.file.error(error))?;
        loop {
            match self.failures.read(&mut block).map_err(|error| self.file.error(error))? {
                0 => return Ok(()),
                length => self.file.write(&block[..length])?,
            }
        }
    }

    fn member(&mut self, name: &str, value: &impl Serialize, end: &str) -> Result<(), ReportError> {
        self.file.write(format!("\"{name}\": ").as_bytes())?;
        self.value(value)?;
        self.file.write(end.as_bytes())
    }

    fn value(&mut self, value: &impl Serialize) -> Result<(), ReportError> {
        self.file.write(&encode(value)?)
    }

    fn observe(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        if let Some(failure) = self.counter.observe(event) {
            let outside = Place { cursor: failure.cursor, execution: None };
            let place = self.open.as_ref().map_or(&outside, Execution::place);
            let definition = failure.item.as_ref().and_then(|item| self.definitions.find(&item.id));
            let at = self.started.map(|started| started + event.at_ms as i64);
            let node = nodes_words(&event.kind);
            let json = encode(&shapes::failure(&failure, place, definition, at, node))?;
            let separator: &[u8] = if self.failed { b",\n" } else { b"\n" };
            self.failed = true;
            let kept = self.failures.write_all(separator).and_then(|()| self.failures.write_all(&json));
            kept.map_err(|error| self.file.error(error))?;
        }
        if let Some(execution) = &mut self.open {
            execution.observe(event, self.started);
        }
        Ok(())
    }
}

impl Reporter for JsonReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        self.end.observe(event);
        if let EventKind::ItemStarted { cursor, item } = &event.kind {
            self.close_execution()?;
            self.open_execution(item, *cursor);
        }
        self.observe(event)?;
        match &event.kind {
            EventKind::RunStarted { run } => {
                self.definitions = Definitions::new(run.collection.as_deref(), &run.name);
                self.started = shapes::epoch_ms(run);
                // A report holds no second copy of the collection.
                self.run = Some(RunInfo { collection: None, ..run.clone() });
                self.begin()?;
            }
            EventKind::IterationStarted { data, .. } => self.row.clone_from(data),
            EventKind::ItemSkipped { cursor, item, .. } if self.open.is_none() => {
                self.open_execution(item, *cursor);
                self.observe(event)?;
                self.close_execution()?;
            }
            EventKind::ItemFinished { .. } => self.close_execution()?,
            EventKind::WarningRaised { warning, .. } => self.warnings.add(warning),
            EventKind::CheckFinished { check } => self.checks.push(check.clone()),
            EventKind::CoverageReported { coverage } => self.coverage = Some(coverage.clone()),
            EventKind::CounterexampleFound { counterexample } => {
                self.counterexamples.push(counterexample.clone());
            }
            EventKind::RunFinished { environment, globals, collection_variables, .. } => {
                self.environment.clone_from(environment);
                self.globals.clone_from(globals);
                self.collection_variables.clone_from(collection_variables);
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        if !self.opened {
            self.begin()?;
        }
        self.close_execution()?;
        self.complete()?;
        Ok(Artifact::of("json", Some(&self.file.commit()?)))
    }
}

/// What node says of a request that failed.
fn nodes_words(event: &EventKind) -> Option<String> {
    let EventKind::RequestFinished { exchange, .. } = event else { return None };
    node_words::of(exchange.trouble()?, &exchange.calls.last()?.request.url)
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>, ReportError> {
    serde_json::to_vec(value).map_err(|error| ReportError::Encode(error.into()))
}
