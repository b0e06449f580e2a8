//! From the runner to the reports: observe, count, redact, fan out.
//!
//! The order matters. The ledger and the counts see the wire as it was; the redactor learns from an event before
//! anything of it is passed on; reporters see only what a recording holds.

use crate::conformance::{Expectations, Ledger};
use crate::environment::{self, Kind};
use crate::event::{AssertionOutcome, EventKind, RunEvent};
use crate::exchange::{Exchange, Timings};
use crate::redact::Redactor;
use crate::report::{Artifact, Desk, ReportError, Reporter, Written};
use crate::summary::Stats;
use crate::variable::Scopes;
use crate::verdict::CheckResult;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;
use std::{panic, thread};

/// What a finished run leaves behind.
#[derive(Debug)]
pub struct Finished {
    /// Everything counted.
    pub stats: Stats,
    /// Files written.
    pub artifacts: Vec<Artifact>,
    /// Reports that could not be written.
    pub errors: Vec<ReportError>,
    /// Files that show a secret after all, and its mask.
    pub leaks: Vec<(PathBuf, String)>,
}

/// Takes every event of a run, in order.
pub struct Pipeline {
    ledger: Option<Ledger>,
    expectations: Option<Expectations>,
    redactor: Redactor,
    desk: Desk,
    errors: Vec<ReportError>,
    stats: Stats,
    seq: u64,
    started: Instant,
    item: String,
    /// Requests whose answers are under way.
    flying: u32,
    /// Several of them were at some moment since none was: what overlaps has no order that could be judged.
    overlapping: bool,
    before: Option<Scopes>,
    command: Option<String>,
}

impl Pipeline {
    /// A pipeline whose clock starts now.
    pub fn new(redactor: Redactor, ledger: Option<Ledger>, reporters: Vec<Box<dyn Reporter>>) -> Self {
        Self {
            ledger,
            expectations: None,
            redactor,
            desk: Desk::new(reporters),
            errors: Vec::new(),
            stats: Stats::default(),
            seq: 0,
            started: Instant::now(),
            item: String::new(),
            flying: 0,
            overlapping: false,
            before: None,
            command: None,
        }
    }

    /// Takes one event. Secrets go no further than to the redactor. A reporter that fails is dropped and the run goes on; [`finish`](Self::finish) tells.
    pub fn emit(&mut self, kind: EventKind) {
        self.observe(&kind);
        if matches!(kind, EventKind::SecretsMade { .. }) {
            return;
        }
        self.count(&kind);
        self.seq += 1;
        let event = RunEvent { seq: self.seq, at_ms: self.elapsed_ms(), kind };
        self.desk.take(self.redactor.mask_event(event));
    }

    /// Waits until the reporters have seen everything, for who is about to write where they write.
    pub fn settle(&mut self) {
        self.desk.settle();
    }

    /// Holds the verdicts against a list of expected failures.
    pub fn expect(&mut self, expectations: Expectations) {
        self.expectations = Some(expectations);
    }

    /// What the run is begun with: its variables, and the command that runs it again. Both are told at the end, when
    /// everything that turns out to be secret is known.
    pub fn begin_with(&mut self, scopes: Scopes, command: String) {
        self.before = Some(scopes);
        self.command = Some(command);
    }

    /// Says why checks could not be exercised.
    pub fn excuse(&mut self, checks: &[&str], reason: &str) {
        if let Some(ledger) = &mut self.ledger {
            ledger.excuse(checks, reason);
        }
    }

    /// Judges: emits one `CheckFinished` a check, and gives the verdicts.
    pub fn conclude(&mut self) -> Vec<CheckResult> {
        let mut checks = self.ledger.as_mut().map(Ledger::conclude).unwrap_or_default();
        if let Some(expectations) = &self.expectations {
            checks = expectations.apply(checks);
        }
        for check in &checks {
            self.emit(EventKind::CheckFinished { check: check.clone() });
        }
        if let Some(coverage) = self.ledger.as_ref().map(Ledger::coverage) {
            self.emit(EventKind::CoverageReported { coverage });
        }
        checks
    }

    /// Checks that bind and were violated so far, and how often.
    pub fn violations(&self) -> BTreeMap<&'static str, u64> {
        self.ledger.as_ref().map(Ledger::violations).unwrap_or_default()
    }

    /// Counts so far.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// A text with its secrets masked, for what is told outside the reports.
    pub fn mask(&mut self, text: &str) -> String {
        self.redactor.mask_text(text).into_owned()
    }

    /// A file beside the reports that could not be written: [`finish`](Self::finish) tells, and the run ends like one without
    /// a report.
    pub fn unwritten(&mut self, path: PathBuf, source: std::io::Error) {
        self.errors.push(ReportError::Write { path, source });
    }

    /// Emits the variables as they began, and `RunFinished` with the variables as they ended, and completes every report.
    pub fn finish(mut self, scopes: Option<&Scopes>) -> Finished {
        let environment = |scopes: &Scopes| environment::export(&scopes.environment, Kind::Environment);
        let globals = |scopes: &Scopes| environment::export(&scopes.globals, Kind::Globals);
        let collection =
            |scopes: &Scopes| environment::export(&scopes.collection, Kind::Globals)["values"].take();
        self.stats.duration_ms = self.elapsed_ms();
        let after = EventKind::RunFinished {
            stats: self.stats,
            command: self.command.take(),
            environment: scopes.map(environment),
            globals: scopes.map(globals),
            collection_variables: scopes.map(collection),
        };
        // What the run leaves behind may say of a value it began with that it is secret.
        self.redactor.learn_event(&after);
        if let Some(before) = self.before.take() {
            self.emit(EventKind::VariablesBefore {
                environment: environment(&before),
                globals: globals(&before),
                collection_variables: collection(&before),
            });
        }
        self.emit(after);
        let Written { artifacts, errors } = self.desk.finish();
        self.errors.extend(errors);
        let leaks = leaks(&self.redactor, &artifacts);
        Finished { leaks, stats: self.stats, artifacts, errors: self.errors }
    }

    fn elapsed_ms(&self) -> f64 {
        self.started.elapsed().as_secs_f64() * 1000.0
    }

    fn observe(&mut self, kind: &EventKind) {
        self.redactor.learn_event(kind);
        match kind {
            EventKind::ItemStarted { item, .. } => self.item = item.full_name(),
            EventKind::StormStarted { .. } => self.ledger.iter_mut().for_each(Ledger::storm_begins),
            EventKind::StormFinished { skew_ms, .. } => {
                self.ledger.iter_mut().for_each(|ledger| ledger.storm_ends(*skew_ms));
            }
            EventKind::RequestStarted { .. } => {
                self.flying += 1;
                if self.flying == 2 && !std::mem::replace(&mut self.overlapping, true) {
                    self.ledger.iter_mut().for_each(Ledger::storm_begins);
                }
            }
            EventKind::RequestFinished { number, exchange, .. } => {
                self.learn_tokens(exchange);
                if let Some(ledger) = &mut self.ledger {
                    ledger.observe(*number, &self.item, exchange);
                }
                self.flying = self.flying.saturating_sub(1);
                if self.flying == 0 && std::mem::take(&mut self.overlapping) {
                    self.ledger.iter_mut().for_each(|ledger| ledger.storm_ends(None));
                }
            }
            // Its requests are long past: the redactor may have forgotten their tokens.
            EventKind::CounterexampleFound { counterexample } => {
                counterexample.exchanges().for_each(|exchange| self.learn_tokens(exchange));
            }
            _ => {}
        }
    }

    /// Learns tokens that sit where the contract says, under whatever name.
    fn learn_tokens(&mut self, exchange: &Exchange) {
        for (name, token) in self.ledger.iter().flat_map(|ledger| ledger.tokens_in(exchange)) {
            self.redactor.learn(&name, &token);
        }
    }

    fn count(&mut self, kind: &EventKind) {
        let stats = &mut self.stats;
        match kind {
            EventKind::IterationFinished { .. } => stats.iterations.total += 1,
            EventKind::ItemSkipped { .. } => stats.items.skipped += 1,
            EventKind::ItemFinished { passed, .. } => {
                stats.items.total += 1;
                stats.items.failed += u64::from(!passed);
            }
            EventKind::RequestFinished { exchange, .. } => self.count_exchange(exchange),
            EventKind::AssertionFinished { assertion, .. } => {
                stats.assertions.total += 1;
                match assertion.outcome {
                    AssertionOutcome::Passed => {}
                    AssertionOutcome::Failed { .. } => stats.assertions.failed += 1,
                    AssertionOutcome::Skipped => stats.assertions.skipped += 1,
                }
            }
            EventKind::ScriptFinished { listen, error, .. } => {
                let scripts = if listen == "prerequest" {
                    &mut stats.prerequest_scripts
                } else {
                    &mut stats.test_scripts
                };
                scripts.total += 1;
                scripts.failed += u64::from(error.is_some());
            }
            EventKind::ExceptionRaised { .. } => stats.exceptions += 1,
            EventKind::WarningRaised { .. } => stats.warnings += 1,
            EventKind::CheckFinished { check } => stats.checks.add(check.verdict),
            _ => {}
        }
    }

    fn count_exchange(&mut self, exchange: &Exchange) {
        let stats = &mut self.stats;
        stats.requests.total += 1;
        let Some(response) = exchange.response() else {
            stats.requests.failed += u64::from(exchange.trouble().is_some());
            return;
        };
        let headers: u64 = response.headers.iter().map(|h| (h.key.len() + h.value.len() + 4) as u64).sum();
        stats.body_bytes_received += response.body.size();
        stats.bytes_received += response.body.size() + headers;
        stats.response_time.add(exchange.total_ms());
        let Timings { dns_ms, first_byte_ms, .. } = exchange.last().timings;
        dns_ms.into_iter().for_each(|ms| stats.dns_time.add(ms));
        first_byte_ms.into_iter().for_each(|ms| stats.first_byte_time.add(ms));
    }
}

/// What files show after all: they are read side by side.
fn leaks(redactor: &Redactor, artifacts: &[Artifact]) -> Vec<(PathBuf, String)> {
    thread::scope(|scope| {
        let look = |Artifact { path, .. }: &Artifact| {
            let path = path.clone();
            // One that cannot be read again was written, at least.
            scope.spawn(move || redactor.leak_in(&path).ok().flatten().map(|mask| (path, mask)))
        };
        let looks: Vec<_> = artifacts.iter().map(look).collect();
        let found =
            looks.into_iter().map(|look| look.join().unwrap_or_else(|cause| panic::resume_unwind(cause)));
        found.flatten().collect()
    })
}
