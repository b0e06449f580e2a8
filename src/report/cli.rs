//! The console: what happens while it happens, then a summary a person likes to read.

mod counterexample;
mod coverage;
mod live;
mod page;
mod storm;
mod style;
mod summary;

use super::ending::EndWatch;
use super::failure::{Failure, Failures};
use super::sink::Output;
use super::warnings::Warnings;
use super::{Artifact, ReportError, Reporter};
use crate::event::{Coverage, EventKind, RunEvent};
use crate::verdict::CheckResult;
use page::Page;

/// Failures the summary repeats in full; each has been shown where it happened anyway.
const MAX_FAILURES: usize = 100;

/// How the console is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CliOptions {
    /// ANSI colours; without, not a single escape byte is written.
    pub color: bool,
    /// Symbols beyond ASCII.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Headers and bodies of every request, and the reasons of passed checks.
    pub verbose: bool,
    /// The wall clock in front of every request.
    pub timestamps: bool,
    /// The tool's name and what is run.
    pub banner: bool,
    /// Which assertions are shown while the run runs.
    pub assertions: Assertions,
    /// What scripts print.
    pub console: bool,
    /// The counts at the end.
    pub summary: bool,
    /// The failures in full at the end.
    pub failures: bool,
}

/// Assertions that are shown where they happen. The counts know all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assertions {
    /// Every one.
    All,
    /// Those that failed.
    Failed,
    /// None.
    None,
}

impl Default for CliOptions {
    fn default() -> Self {
        Self {
            color: false,
            unicode: true,
            width: 100,
            verbose: false,
            timestamps: false,
            banner: true,
            assertions: Assertions::All,
            console: true,
            summary: true,
            failures: true,
        }
    }
}

/// The console report.
pub struct CliReporter {
    output: Output,
    options: CliOptions,
    live: live::Live,
    story: Story,
    summarised: bool,
}

/// What the summary repeats.
#[derive(Debug, Default)]
struct Story {
    contract: Option<String>,
    cycles: u32,
    failures: Vec<Failure>,
    counter: Failures,
    checks: Vec<CheckResult>,
    coverage: Coverage,
    warnings: Warnings,
    end: EndWatch,
}

impl Story {
    /// Takes one event; the failure it tells, if it tells one.
    fn observe(&mut self, event: &RunEvent) -> Option<Failure> {
        self.end.observe(event);
        match &event.kind {
            EventKind::RunStarted { run } => {
                self.contract.clone_from(&run.contract);
                self.cycles = run.iterations;
            }
            EventKind::CheckFinished { check } => self.checks.push(check.clone()),
            EventKind::CoverageReported { coverage } => self.coverage.clone_from(coverage),
            EventKind::WarningRaised { warning, .. } => self.warnings.add(warning),
            _ => {}
        }
        let failure = self.counter.observe(event)?;
        if self.failures.len() < MAX_FAILURES {
            self.failures.push(failure.clone());
        }
        Some(failure)
    }
}

impl CliReporter {
    /// A console on that output.
    pub(super) fn new(output: Output, options: CliOptions) -> Self {
        let (live, story) = (live::Live::default(), Story::default());
        Self { output, options, live, story, summarised: false }
    }

    fn summarise(&mut self) -> Result<(), ReportError> {
        self.summarised = true;
        let mut page = Page::new(self.options);
        summary::write(&mut page, &self.story, self.options);
        self.output.write(page.into_text().as_bytes())
    }
}

impl Reporter for CliReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        let failure = self.story.observe(event);
        let mut page = Page::new(self.options);
        self.live.show(&mut page, event, failure.as_ref(), self.options);
        let text = page.into_text();
        if !text.is_empty() {
            self.output.write(text.as_bytes())?;
        }
        match event.kind {
            EventKind::RunFinished { .. } => self.summarise(),
            _ => Ok(()),
        }
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        if !self.summarised {
            self.summarise()?;
        }
        Ok(Artifact::of("cli", self.output.path()))
    }
}
