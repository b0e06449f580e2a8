//! The event stream: the contract between the runner and everything that reports.
//!
//! newman's event names in spirit. Every event is serialisable; what reporters see is exactly what a recording
//! (NDJSON) holds, so every report can be rebuilt from one.

use crate::diagnostic::{Location, Warning};
use crate::exchange::Exchange;
use crate::summary::Stats;
use crate::verdict::CheckResult;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Where in the run: all zero-based, as Postman's cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Index of the item in the iteration's plan.
    pub position: u32,
    /// Items in the plan.
    pub length: u32,
    /// Index of the iteration.
    pub iteration: u32,
    /// Iterations in the run.
    pub cycles: u32,
}

/// An event with its place in the stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunEvent {
    /// Position in the stream, from 1, without gaps.
    pub seq: u64,
    /// Milliseconds since the run started.
    pub at_ms: f64,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What is run, told once at the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunInfo {
    /// The collection's name, or the contract's title for a conformance run.
    pub name: String,
    /// The collection file as the user named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Who runs it, e.g. `postproof/0.1.0`.
    pub tool: String,
    /// Wall clock at the start, RFC 3339, UTC, milliseconds.
    pub started: String,
    /// Iterations planned.
    pub iterations: u32,
    /// Items in one iteration; absent when the run decides as it goes (probes).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<u32>,
    /// Id of the contract that judges the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// The collection as exported (for reports that repeat it).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<Arc<Value>>,
    /// Base URL of the target of a conformance run (`http://127.0.0.1:4010`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The files the run is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
    /// The target, for reports; faults switched on in the embedded server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A file the run is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// What it is to the run: `collection`, `contract`.
    pub role: String,
    /// As the user named it.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// An item as reports name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemRef {
    /// The item's id (generated when the collection has none).
    pub id: String,
    /// The item's name.
    pub name: String,
    /// Names of the folders it is in, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
    /// Where it is defined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

impl ItemRef {
    /// `Folder / Sub / name`.
    pub fn full_name(&self) -> String {
        let mut parts: Vec<&str> = self.path.iter().map(String::as_str).collect();
        parts.push(&self.name);
        parts.join(" / ")
    }
}

/// A value that must not be shown, and what to call it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// What it is: `password`.
    pub name: String,
    /// The secret.
    pub value: String,
}

impl Secret {
    /// Every text and number of a value known to be secret.
    pub fn all_in(name: &str, value: &Value) -> Vec<Self> {
        let secret = |value: String| vec![Self { name: name.to_owned(), value }];
        match value {
            Value::String(text) => secret(text.clone()),
            Value::Number(number) => secret(number.to_string()),
            Value::Array(items) => items.iter().flat_map(|item| Self::all_in(name, item)).collect(),
            Value::Object(fields) => fields.values().flat_map(|item| Self::all_in(name, item)).collect(),
            Value::Null | Value::Bool(_) => Vec::new(),
        }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A request about to be sent, as the console shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLine {
    /// Method.
    pub method: String,
    /// URL with variables resolved.
    pub url: String,
}

/// A script error or an assertion's, as the reports show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorInfo {
    /// `AssertionError`, `TypeError`, …
    pub name: String,
    /// What it says.
    pub message: String,
    /// Where in the user's files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The script's line there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// How what was found differs from what was expected, as a unified diff, where a message is too short to say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
}

impl ErrorInfo {
    /// An error that belongs to no place in a file.
    pub fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), message: message.into(), location: None, excerpt: None, diff: None }
    }
}

/// A line of a script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The line, no longer than a person reads.
    pub text: String,
    /// One-based column the error is at, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl Excerpt {
    /// Characters of a line that are kept.
    const LENGTH: usize = 200;

    /// That line of a script, one-based; none where it is blank or does not exist.
    pub fn of(script: &str, line: u32, column: Option<u32>) -> Option<Self> {
        let text = script.lines().nth(line.checked_sub(1)? as usize)?.trim_end();
        let kept: String = text.chars().take(Self::LENGTH).collect();
        let column = column.filter(|column| (1..=kept.chars().count() as u32).contains(column));
        (!kept.trim().is_empty()).then_some(Self { text: kept, column })
    }
}

/// What an assertion came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "result")]
pub enum AssertionOutcome {
    /// It held.
    Passed,
    /// It did not.
    Failed {
        /// Why.
        error: ErrorInfo,
    },
    /// The script said to skip it.
    Skipped,
}

/// One `pm.test`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// Its name, not necessarily unique.
    pub name: String,
    /// Its index within the script, from 0.
    pub index: u32,
    /// Which script: `prerequest` or `test`.
    pub listen: String,
    /// What it came to.
    #[serde(flatten)]
    pub outcome: AssertionOutcome,
}

/// Why a run ended before its plan did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AbortReason {
    /// Ctrl-C or a termination signal.
    Interrupted,
    /// The target could not be reached.
    Unreachable,
    /// The target answered, or was never asked, but no login could be used: nothing could be probed.
    NoLogin,
    /// `--bail`.
    Bail,
    /// `--timeout`.
    Timeout,
}

/// The shortest sequence of requests found that violates a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counterexample {
    /// The check's id.
    pub check: String,
    /// What chose the walk's moves.
    pub seed: u64,
    /// Moves of the sequence it was found in.
    pub shrunk_from: usize,
    /// Whether the sequence was repeated, and violated the check once more.
    pub repeatable: bool,
    /// What was done, in order.
    pub steps: Vec<CounterexampleStep>,
}

impl Counterexample {
    /// Every request of it, in order.
    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.steps.iter().flat_map(|step| &step.exchanges).map(Arc::as_ref)
    }
}

/// One step of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CounterexampleStep {
    /// In words.
    pub text: String,
    /// Its requests: one, but for logins of several steps.
    pub exchanges: Vec<Arc<Exchange>>,
}

/// How much of a contract's error table a run has reached.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// One a row of the table.
    pub rows: Vec<CoverageRow>,
    /// Refusals that no row speaks of, each different one once.
    pub undocumented: Vec<Undocumented>,
}

/// A row of the error table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CoverageRow {
    /// The case, as contracts name it.
    pub case: String,
    /// What is documented: `401 INVALID_REFRESH_TOKEN`.
    pub documented: String,
    /// Requests that were the case.
    pub reached: u64,
    /// Those that were answered otherwise.
    pub contradicted: u64,
    /// The first such answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// The number of the first request that was the case, or contradicted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<u64>,
}

/// A refusal that no row speaks of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Undocumented {
    /// What the request was.
    pub case: String,
    /// What it was answered.
    pub answer: String,
    /// How often.
    pub count: u64,
    /// The number of the first such request.
    pub request: u64,
}

/// What happened.
#[expect(
    clippy::large_enum_variant,
    reason = "events are passed on one at a time, never stored by the thousand"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum EventKind {
    /// First event of every run.
    RunStarted {
        /// What is run.
        run: RunInfo,
    },
    /// An iteration begins.
    IterationStarted {
        /// Where.
        cursor: Cursor,
        /// The row of data it runs with, an object.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<Arc<Value>>,
    },
    /// An item begins.
    ItemStarted {
        /// Where.
        cursor: Cursor,
        /// Which.
        item: ItemRef,
    },
    /// An item was not executed.
    ItemSkipped {
        /// Where.
        cursor: Cursor,
        /// Which.
        item: ItemRef,
        /// Why not.
        reason: String,
    },
    /// A script ended.
    ScriptFinished {
        /// Where.
        cursor: Cursor,
        /// `prerequest` or `test`.
        listen: String,
        /// Milliseconds.
        duration_ms: f64,
        /// The error it ended with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<ErrorInfo>,
    },
    /// An assertion was decided.
    AssertionFinished {
        /// Where.
        cursor: Cursor,
        /// Which, and how.
        assertion: Assertion,
    },
    /// There are secrets that no other event shows for what they are: a request's auth uses them, a script has set them.
    /// Told to the redactor alone; it is in no recording and no report.
    #[serde(skip)]
    SecretsMade {
        /// Which.
        secrets: Vec<Secret>,
        /// They can turn up until the run ends; others matter for what is about to be sent.
        lasting: bool,
    },
    /// A request is about to be sent.
    RequestStarted {
        /// Where.
        cursor: Cursor,
        /// The request's number in the run, from 1.
        number: u64,
        /// What.
        request: RequestLine,
    },
    /// A request was answered, or failed.
    RequestFinished {
        /// Where.
        cursor: Cursor,
        /// The request's number in the run, from 1.
        number: u64,
        /// The wire.
        exchange: Arc<Exchange>,
        /// A script sent it: it is not the item's own request.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_script: bool,
    },
    /// Requests are about to be released together. They follow as items of their own once all are answered, between
    /// this event and [`StormFinished`](Self::StormFinished).
    StormStarted {
        /// Where.
        cursor: Cursor,
        /// How many.
        requests: u32,
    },
    /// The requests of a storm have been told of.
    StormFinished {
        /// Where.
        cursor: Cursor,
        /// Milliseconds from the release of the first one to that of the last; absent where fewer than two were.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skew_ms: Option<f64>,
    },
    /// The contract's captures, or scripts, changed variables.
    VariablesCaptured {
        /// Where.
        cursor: Cursor,
        /// Names of the variables set, in the order set.
        names: Vec<String>,
    },
    /// An item ended.
    ItemFinished {
        /// Where.
        cursor: Cursor,
        /// Which.
        item: ItemRef,
        /// Nothing of it failed.
        passed: bool,
    },
    /// A script wrote to the console.
    ConsoleLogged {
        /// Where.
        cursor: Cursor,
        /// `log`, `info`, `warn`, `error`, `debug`.
        level: String,
        /// Formatted arguments.
        messages: Vec<String>,
    },
    /// Something outside an assertion went wrong.
    ExceptionRaised {
        /// Where.
        cursor: Cursor,
        /// What.
        error: ErrorInfo,
    },
    /// Something was done that the user should know about.
    WarningRaised {
        /// Where, when it belongs to an item.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<Cursor>,
        /// What.
        warning: Warning,
    },
    /// An iteration ended.
    IterationFinished {
        /// Where.
        cursor: Cursor,
    },
    /// A check was judged (after the last request).
    CheckFinished {
        /// Which, and how.
        check: CheckResult,
    },
    /// A random walk violated a check; this is the shortest sequence found that does.
    CounterexampleFound {
        /// Which check, and how.
        counterexample: Counterexample,
    },
    /// How much of the contract's error table was reached (after the checks).
    CoverageReported {
        /// Row by row.
        coverage: Coverage,
    },
    /// The run ends early; `RunFinished` still follows.
    RunAborted {
        /// Why.
        reason: AbortReason,
        /// For a person.
        message: String,
    },
    /// The variables the run began with. Told at its end, when everything that turned out to be secret is known to be.
    VariablesBefore {
        /// The environment, as exported.
        environment: Value,
        /// The globals, as exported.
        globals: Value,
        /// The collection's variables, as an export's `variable`.
        collection_variables: Value,
    },
    /// Last event of every run.
    RunFinished {
        /// Everything counted.
        stats: Stats,
        /// The command that runs it again, without what selects items.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        command: Option<String>,
        /// The environment's final state, as exported.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        environment: Option<Value>,
        /// The globals' final state, as exported.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        globals: Option<Value>,
        /// The collection's variables, as an export's `variable`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        collection_variables: Option<Value>,
    },
}
