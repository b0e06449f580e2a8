//! TAP 14, the Test Anything Protocol: a line a case as it is decided, the plan at the end.

use super::sink::Output;
use super::suites::{Outcome, Suite, Suites, Trouble};
use super::text::{one_line, visible};
use super::{Artifact, ReportError, Reporter};
use crate::event::{EventKind, RunEvent};
use serde_json::Value;
use std::fmt::Write as _;

/// The TAP report.
pub struct TapReporter {
    output: Output,
    suites: Suites,
    count: u64,
    begun: bool,
}

impl TapReporter {
    /// A report to that output.
    pub(super) fn new(output: Output) -> Self {
        Self { output, suites: Suites::default(), count: 0, begun: false }
    }

    fn write(&mut self, suites: Vec<Suite>) -> Result<(), ReportError> {
        let mut text = String::new();
        if !self.begun {
            self.begun = true;
            text.push_str("TAP version 14\n");
        }
        for suite in suites {
            for case in &suite.cases {
                self.count += 1;
                let name = escaped(&format!("{} / {}", suite.name, case.name));
                let ok = if case.outcome.is_red() { "not ok" } else { "ok" };
                let skip = match &case.outcome {
                    Outcome::Skipped(reason) => format!(" # SKIP {}", one_line(reason)),
                    _ => String::new(),
                };
                let _ = writeln!(text, "{ok} {} - {name}{skip}", self.count);
                if let Outcome::Failure(trouble) | Outcome::Error(trouble) = &case.outcome {
                    diagnostic(&mut text, trouble, case.location.as_ref().map(ToString::to_string));
                }
            }
        }
        self.output.write(text.as_bytes())
    }
}

/// A YAML block; JSON's strings are YAML's.
fn diagnostic(text: &mut String, trouble: &Trouble, place: Option<String>) {
    let quoted = |text: &str| Value::from(visible(text.trim_end())).to_string();
    text.push_str("  ---\n");
    let _ = writeln!(text, "  severity: fail\n  type: {}", quoted(&trouble.kind));
    let _ = writeln!(text, "  message: {}", quoted(&trouble.message));
    if let Some(place) = place {
        let _ = writeln!(text, "  at: {}", quoted(&place));
    }
    if trouble.detail != trouble.message {
        let _ = writeln!(text, "  detail: {}", quoted(&trouble.detail));
    }
    text.push_str("  ...\n");
}

/// A description: `#` begins a directive.
fn escaped(text: &str) -> String {
    one_line(text).replace('\\', "\\\\").replace('#', "\\#")
}

impl Reporter for TapReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        let complete = self.suites.observe(event);
        match &event.kind {
            EventKind::RunStarted { .. } => self.write(complete),
            _ if complete.is_empty() => Ok(()),
            _ => self.write(complete),
        }
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        self.output.flush()
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        let rest = self.suites.rest();
        self.write(rest)?;
        self.output.write(format!("1..{}\n", self.count).as_bytes())?;
        Ok(Artifact::of("tap", self.output.finish()?))
    }
}
