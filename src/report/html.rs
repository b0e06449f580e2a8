//! One HTML page: verdict and summary first, then every execution, readable without JavaScript and without a network.
//!
//! Executions are written to a temporary file as they come, because what stands above them is known at the end. Every
//! text is escaped by the templates; style and script are allowed by their hashes alone.

mod execution;
mod life;
mod picture;
mod summary;
mod text;

use super::ending::{EndWatch, Ending};
use super::failure::Failures;
use super::sink::WholeFile;
use super::warnings::Warnings;
use super::{Artifact, ReportError, Reporter, curl};
use crate::event::{Counterexample, Coverage, EventKind, ItemRef, RunEvent, RunInfo};
use crate::exchange::Exchange;
use crate::verdict::{CheckResult, Verdict};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use execution::Execution;
use life::Life;
use minijinja::value::Serde;
use minijinja::{Environment, context};
use picture::{Bar, Storms};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::io::{Read as _, Seek as _, Write as _};
use summary::FailureRow;
use tempfile::SpooledTempFile;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Bytes of executions kept in memory.
const IN_MEMORY: usize = 1024 * 1024;
/// Bytes that executions which passed may take in full; those after them are a line each.
const WHOLE_PASSED: usize = 12 * 1024 * 1024;
/// The same for those that failed.
const WHOLE_FAILED: usize = 8 * 1024 * 1024;
/// Failures repeated in the summary.
const FAILURES: usize = 100;
/// Bytes of a variable's value that are shown.
const VALUE: usize = 500;
/// Scopes in the order they are shown.
const SCOPES: [&str; 3] = ["environment", "globals", "collection"];
/// Requests among the slowest.
const SLOWEST: usize = 10;

/// The HTML report.
pub struct HtmlReporter {
    file: WholeFile,
    templates: Environment<'static>,
    run: Option<RunInfo>,
    executions: SpooledTempFile,
    passed_bytes: usize,
    failed_bytes: usize,
    shortened: u64,
    open: Option<Execution>,
    counter: Failures,
    failures: Vec<FailureRow>,
    checks: Vec<CheckResult>,
    coverage: Coverage,
    counterexamples: Vec<Counterexample>,
    warnings: Warnings,
    life: Life,
    storms: Storms,
    slowest: Vec<Bar>,
    variables: Vec<Variable>,
    end: EndWatch,
    written: bool,
}

/// A variable: what the run began with, and what it left. One that is not there has no value.
#[derive(Debug, Serialize)]
struct Variable {
    scope: &'static str,
    name: String,
    before: Option<String>,
    after: Option<String>,
}

/// A section with a picture.
#[derive(Debug, Serialize)]
struct Pictured {
    title: String,
    told: String,
    picture: String,
}

impl HtmlReporter {
    /// A report in that file.
    ///
    /// # Errors
    /// [`ReportError::Encode`]: a template of ours is broken.
    pub(super) fn new(file: WholeFile) -> Result<Self, ReportError> {
        let mut templates = Environment::new();
        for (name, source) in [
            ("start.html", include_str!("html/start.html")),
            ("execution.html", include_str!("html/execution.html")),
            ("end.html", include_str!("html/end.html")),
        ] {
            templates.add_template(name, source).map_err(encode)?;
        }
        Ok(Self {
            file,
            templates,
            run: None,
            executions: SpooledTempFile::new(IN_MEMORY),
            passed_bytes: 0,
            failed_bytes: 0,
            shortened: 0,
            open: None,
            counter: Failures::default(),
            failures: Vec::new(),
            checks: Vec::new(),
            coverage: Coverage::default(),
            counterexamples: Vec::new(),
            warnings: Warnings::default(),
            life: Life::default(),
            storms: Storms::default(),
            slowest: Vec::new(),
            variables: Vec::new(),
            end: EndWatch::default(),
            written: false,
        })
    }

    fn begin(&mut self, item: &ItemRef) -> Result<(), ReportError> {
        self.close()?;
        self.open = Some(Execution::new(item));
        Ok(())
    }

    /// Writes the execution that is open.
    fn close(&mut self) -> Result<(), ReportError> {
        let Some(execution) = self.open.take() else { return Ok(()) };
        let failed = execution.failed();
        let (used, most) = match failed {
            true => (self.failed_bytes, WHOLE_FAILED),
            false => (self.passed_bytes, WHOLE_PASSED),
        };
        let whole = used < most;
        self.shortened += u64::from(!whole);
        let text = self.render("execution.html", context! { item => execution.view(whole) })?;
        match failed {
            true => self.failed_bytes += text.len(),
            false => self.passed_bytes += text.len(),
        }
        let written = self.executions.write_all(text.as_bytes());
        written.map_err(|source| self.file.error(source))
    }

    fn render(&self, template: &str, context: impl Into<minijinja::Value>) -> Result<String, ReportError> {
        self.templates
            .get_template(template)
            .and_then(|template| template.render(context.into()))
            .map_err(encode)
    }

    fn exchange(&mut self, number: u64, exchange: &Exchange) {
        self.life.take(number, exchange);
        self.storms.take(exchange);
        let bar = Bar::of(number, exchange);
        let place = self.slowest.partition_point(|slow| slow.total_ms >= bar.total_ms);
        if place < SLOWEST {
            self.slowest.insert(place, bar);
            self.slowest.truncate(SLOWEST);
        }
    }

    fn write(&mut self) -> Result<(), ReportError> {
        self.close()?;
        let ending = self.end.ending();
        let verdict = match &ending {
            Ending::Passed => ("PASS", "good"),
            Ending::Failed => ("FAIL", "bad"),
            Ending::Nothing => ("NOTHING RUN", "bad"),
            Ending::Aborted { .. } => ("ABORTED", "bad"),
            Ending::Incomplete => ("INCOMPLETE", "bad"),
        };
        let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
        let left_out = self.counter.count().saturating_sub(self.failures.len() as u64);
        let storms: Vec<Pictured> = self.storms.take_all();
        // What is violated is looked for first.
        self.checks.sort_by_key(|check| match check.verdict {
            Verdict::Fail | Verdict::Error => 0,
            Verdict::Warn | Verdict::Expected => 1,
            Verdict::Pass | Verdict::Skip | Verdict::NotApplicable => 2,
        });
        let start = self.render(
            "start.html",
            Serde(json!({
                "run": self.run,
                "verdict": json!({ "word": verdict.0, "ink": verdict.1 }),
                "trouble": ending.trouble().map(|(_, message)| message.to_owned()),
                "style": STYLE, "style_hash": hash(STYLE), "script_hash": hash(SCRIPT),
                "counts": self.end.stats().map(summary::counts),
                "totals": self.end.stats().map(summary::totals),
                "failures": self.failures, "failures_left": left_out,
                "checks": self.checks.iter().map(summary::check).collect::<Vec<_>>(),
                "coverage": summary::coverage(&self.coverage),
                "counterexamples": self.counterexamples.iter().map(counterexample).collect::<Vec<_>>(),
                "life": self.life.picture(),
                "storms": storms,
                "slowest": (!self.slowest.is_empty()).then(|| picture::bars(&self.slowest)),
                "warnings": self.warnings.iter().map(summary::warning).collect::<Vec<_>>(),
                "variables": self.variables,
            })),
        )?;
        self.file.write(start.as_bytes())?;
        let copied = self.executions.rewind();
        copied.map_err(|source| self.file.error(source))?;
        let mut chunk = vec![0; 64 * 1024];
        loop {
            let read = self.executions.read(&mut chunk).map_err(|source| self.file.error(source))?;
            if read == 0 {
                break;
            }
            self.file.write(&chunk[..read])?;
        }
        let end = self.render("end.html", context! { script => SCRIPT, shortened => self.shortened })?;
        self.file.write(end.as_bytes())
    }
}

fn encode(error: minijinja::Error) -> ReportError {
    ReportError::Encode(error.into())
}

/// A counterexample as the page shows it.
fn counterexample(found: &Counterexample) -> Value {
    let again = if found.repeatable { "" } else { "; it was not seen to happen again" };
    let told = format!("shrunk from {} moves, seed {}{again}", found.shrunk_from, found.seed);
    let steps = found.steps.iter().flat_map(|step| {
        step.exchanges.iter().map(|exchange| {
            let outcome = match (exchange.response(), exchange.failure()) {
                (Some(response), _) => response.code.to_string(),
                (None, failure) => failure.map(|failure| failure.message.clone()).unwrap_or_default(),
            };
            json!({ "text": format!("{}: {outcome}", step.text), "curl": curl::line(exchange.request()) })
        })
    });
    json!({ "check": found.check, "told": told, "steps": steps.collect::<Vec<_>>() })
}

impl Reporter for HtmlReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        self.end.observe(event);
        let failure = self.counter.observe(event);
        match &event.kind {
            EventKind::RunStarted { run } => {
                let mut run = run.clone();
                // Told elsewhere, and large.
                run.collection = None;
                self.run = Some(run);
            }
            EventKind::ItemStarted { item, .. } => self.begin(item)?,
            EventKind::ItemSkipped { item, reason, .. } => {
                if self.open.as_ref().is_none_or(|open| !open.is_of(item)) {
                    self.begin(item)?;
                }
                self.open.iter_mut().for_each(|open| open.skipped(reason));
                self.close()?;
            }
            EventKind::RequestFinished { number, exchange, .. } => {
                self.exchange(*number, exchange);
                self.open.iter_mut().for_each(|open| open.request(*number, exchange));
            }
            EventKind::ItemFinished { passed, .. } => {
                self.open.iter_mut().for_each(|open| open.finished(*passed));
                self.close()?;
            }
            EventKind::StormStarted { requests, .. } => self.storms.begin(*requests),
            EventKind::StormFinished { skew_ms, .. } => self.storms.end(*skew_ms),
            EventKind::CheckFinished { check } => self.checks.push(check.clone()),
            EventKind::CoverageReported { coverage } => self.coverage.clone_from(coverage),
            EventKind::CounterexampleFound { counterexample } => {
                self.counterexamples.push(counterexample.clone());
            }
            EventKind::WarningRaised { warning, cursor } => {
                self.warnings.add(warning);
                if cursor.is_some() {
                    self.open.iter_mut().for_each(|open| open.warned(&warning.message));
                }
            }
            EventKind::VariablesBefore { environment, globals, collection_variables } => {
                self.began_with("environment", &environment["values"]);
                self.began_with("globals", &globals["values"]);
                self.began_with("collection", collection_variables);
            }
            EventKind::RunFinished { environment, globals, collection_variables, .. } => {
                self.left("environment", environment.as_ref().map(|scope| &scope["values"]));
                self.left("globals", globals.as_ref().map(|scope| &scope["values"]));
                self.left("collection", collection_variables.as_ref());
            }
            other => self.open.iter_mut().for_each(|open| open.observe(other)),
        }
        if let Some(failure) = failure {
            self.open.iter_mut().for_each(Execution::mark_failed);
            if self.failures.len() < FAILURES {
                let anchor = self.open.as_ref().and_then(Execution::anchor);
                self.failures.push(FailureRow::of(&failure, anchor));
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        if !self.written {
            self.written = true;
            self.write()?;
        }
        let path = self.file.commit()?;
        Ok(vec![Artifact { reporter: "html", path }])
    }
}

impl HtmlReporter {
    fn began_with(&mut self, scope: &'static str, values: &Value) {
        let found =
            named(values).map(|(name, value)| Variable { scope, name, before: Some(value), after: None });
        self.variables.extend(found);
    }

    fn left(&mut self, scope: &'static str, values: Option<&Value>) {
        for (name, value) in values.into_iter().flat_map(named) {
            let known = self.variables.iter_mut().find(|known| known.scope == scope && known.name == name);
            match known.filter(|known| known.after.is_none()) {
                Some(known) => known.after = Some(value),
                None => self.variables.push(Variable { scope, name, before: None, after: Some(value) }),
            }
        }
        self.variables.sort_by_key(|variable| SCOPES.iter().position(|scope| *scope == variable.scope));
    }
}

/// Names and values of an exported scope.
fn named(values: &Value) -> impl Iterator<Item = (String, String)> {
    values.as_array().into_iter().flatten().map(|variable| {
        let value = match &variable["value"] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let name = variable["key"].as_str().unwrap_or_default().to_owned();
        (name, super::text::clipped(&value, VALUE).into_owned())
    })
}
