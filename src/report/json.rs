//! newman's JSON report, with its defects mended, beside `conformance` and `warnings`.
//!
//! Executions are written as they end, one a line, so memory does not grow with the run; newman's order of keys
//! is not kept where a value is known only at the end (JSON objects have none). An execution is one item
//! execution, never one request: further requests of its scripts are in `extraRequests`.

mod execution;
mod shapes;

use super::ending::EndWatch;
use super::failure::Failures;
use super::sink::WholeFile;
use super::warnings::Warnings;
use super::{Artifact, ReportError, Reporter};
use crate::diagnostic::Warning;
use crate::event::{EventKind, RunEvent, RunInfo};
use crate::verdict::CheckResult;
use execution::Execution;
use serde::Serialize;
use serde_json::Value;

/// The JSON report.
pub struct JsonReporter {
    file: WholeFile,
    newman_streams: bool,
    run: Option<RunInfo>,
    opened: bool,
    executions: u64,
    open: Option<Execution>,
    /// Serialised; a failure's size is bounded by its message.
    failures: Vec<String>,
    counter: Failures,
    checks: Vec<CheckResult>,
    warnings: Warnings,
    environment: Option<Value>,
    globals: Option<Value>,
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
            open: None,
            failures: Vec::new(),
            counter: Failures::default(),
            checks: Vec::new(),
            warnings: Warnings::default(),
            environment: None,
            globals: None,
            end: EndWatch::default(),
        }
    }

    /// Everything before the first execution.
    fn begin(&mut self, run: Option<&RunInfo>) -> Result<(), ReportError> {
        self.opened = true;
        let collection = run.map(shapes::collection).unwrap_or_default();
        self.file.write(b"{\n\"collection\": ")?;
        self.value(&collection)?;
        self.file.write(b",\n\"run\": {\n\"executions\": [")
    }

    fn close_execution(&mut self) -> Result<(), ReportError> {
        match self.open.take() {
            Some(execution) => self.execution(execution),
            None => Ok(()),
        }
    }

    fn execution(&mut self, execution: Execution) -> Result<(), ReportError> {
        self.file.write(if self.executions == 0 { b"\n" } else { b",\n" })?;
        self.executions += 1;
        self.value(&execution.into_value())
    }

    /// Everything after the last execution.
    fn complete(&mut self) -> Result<(), ReportError> {
        self.file.write(b"\n],\n\"failures\": [")?;
        for (index, failure) in std::mem::take(&mut self.failures).iter().enumerate() {
            self.file.write(if index == 0 { b"\n" } else { b",\n" })?;
            self.file.write(failure.as_bytes())?;
        }
        self.file.write(b"\n],\n")?;
        let stats = self.end.stats().copied().unwrap_or_default();
        let run = self.run.take();
        let started = run.as_ref().map(|run| run.started.as_str());
        let error = self.end.ending().trouble().map(|(name, message)| shapes::run_error(name, message));
        self.member("stats", &shapes::stats(&stats), ",\n")?;
        self.member("timings", &shapes::timings(&stats, started), ",\n")?;
        self.member("transfers", &serde_json::json!({ "responseTotal": stats.bytes_received }), ",\n")?;
        self.member("error", &error, "\n},\n")?;
        let (environment, globals) = (self.environment.take(), self.globals.take());
        self.member("environment", &environment.unwrap_or_else(shapes::empty_scope), ",\n")?;
        self.member("globals", &globals.unwrap_or_else(shapes::empty_scope), ",\n")?;
        let (checks, warnings) = (std::mem::take(&mut self.checks), std::mem::take(&mut self.warnings));
        let warnings: Vec<CountedWarning<'_>> =
            warnings.iter().map(|(warning, count)| CountedWarning { warning, count }).collect();
        let contract = run.as_ref().and_then(|run| run.contract.as_deref());
        self.member("conformance", &Conformance { contract, checks: &checks }, ",\n")?;
        self.member("warnings", &warnings, ",\n")?;
        self.member("postproof", &shapes::tool(run.as_ref(), &stats), "\n}\n")
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
            let json = encode(&shapes::failure(&failure))?;
            self.failures.push(String::from_utf8_lossy(&json).into_owned());
        }
        if let Some(execution) = &mut self.open {
            execution.observe(event);
        }
        Ok(())
    }
}

impl Reporter for JsonReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        self.end.observe(event);
        if let EventKind::ItemStarted { cursor, item } = &event.kind {
            self.close_execution()?;
            self.open = Some(Execution::new(item, *cursor, self.newman_streams));
        }
        self.observe(event)?;
        match &event.kind {
            EventKind::RunStarted { run } => {
                self.begin(Some(run))?;
                // Written; a report holds no second copy of the collection.
                self.run = Some(RunInfo { collection: None, ..run.clone() });
            }
            EventKind::ItemSkipped { cursor, item, .. } if self.open.is_none() => {
                let mut execution = Execution::new(item, *cursor, self.newman_streams);
                execution.observe(event);
                self.execution(execution)?;
            }
            EventKind::ItemFinished { .. } => self.close_execution()?,
            EventKind::WarningRaised { warning, .. } => self.warnings.add(warning),
            EventKind::CheckFinished { check } => self.checks.push(check.clone()),
            EventKind::RunFinished { environment, globals, .. } => {
                self.environment.clone_from(environment);
                self.globals.clone_from(globals);
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        if !self.opened {
            self.begin(None)?;
        }
        self.close_execution()?;
        self.complete()?;
        Ok(Artifact::of("json", Some(&self.file.commit()?)))
    }
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>, ReportError> {
    serde_json::to_vec(value).map_err(|error| ReportError::Encode(error.into()))
}
