//! The console: what happens while it happens, then a summary a person likes to read.

mod counterexample;
mod coverage;
mod failures;
mod live;
mod page;
mod storm;
mod style;
mod summary;

use super::ending::EndWatch;
use super::failure::{Failure, Failures};
use super::sink::Output;
use super::warnings::Warnings;
use super::{Artifact, ReportError, Reporter, curl};
use crate::event::{Coverage, EventKind, RunEvent};
use crate::verdict::CheckResult;
use indexmap::IndexSet;
use page::Page;

/// Items that the command to run again names; with more of them it runs everything.
const NAMED: usize = 8;

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
    failures: failures::Groups,
    counter: Failures,
    command: Option<String>,
    failed_items: IndexSet<String>,
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
            EventKind::RunFinished { command, .. } => self.command.clone_from(command),
            EventKind::ItemFinished { item, passed: false, .. } if self.failed_items.len() <= NAMED => {
                self.failed_items.insert(item.name.clone());
            }
            _ => {}
        }
        let failure = self.counter.observe(event)?;
        self.failures.add(&failure, self.cycles);
        Some(failure)
    }

    /// The command that runs again what failed.
    fn again(&self) -> Option<String> {
        let mut command = self.command.clone()?;
        // A conformance run makes its items itself; checks and the items before them decide nothing alone.
        let named = self.failed_items.len() <= NAMED && !self.failed_items.contains("");
        if self.contract.is_none() && named {
            for item in &self.failed_items {
                command += &format!(" --folder {}", curl::quoted(item));
            }
        }
        Some(command)
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

    fn flush(&mut self) -> Result<(), ReportError> {
        self.output.flush()
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        if !self.summarised {
            self.summarise()?;
        }
        Ok(Artifact::of("cli", self.output.finish()?))
    }
}
