//! TeamCity's service messages, as its build log reads them: suites and tests as they are decided.

use super::sink::Output;
use super::suites::{Outcome, Suite, Suites};
use super::text::one_line;
use super::{Artifact, ReportError, Reporter};
use crate::event::RunEvent;
use std::fmt::Write as _;

/// Service messages.
pub struct TeamCityReporter {
    output: Output,
    suites: Suites,
}

impl TeamCityReporter {
    /// Messages to that output.
    pub(super) fn new(output: Output) -> Self {
        Self { output, suites: Suites::default() }
    }

    fn write(&mut self, suites: Vec<Suite>) -> Result<(), ReportError> {
        for suite in suites {
            self.output.write(messages(&suite).as_bytes())?;
        }
        Ok(())
    }
}

fn messages(suite: &Suite) -> String {
    let mut text = message("testSuiteStarted", &[("name", &one_line(&suite.name))]);
    for case in &suite.cases {
        let name = one_line(&case.name);
        if let Outcome::Skipped(reason) = &case.outcome {
            text += &message("testIgnored", &[("name", &name), ("message", reason)]);
            continue;
        }
        text += &message("testStarted", &[("name", &name)]);
        if let Outcome::Failure(trouble) | Outcome::Error(trouble) = &case.outcome {
            let attributes =
                [("name", name.as_str()), ("message", &trouble.message), ("details", &trouble.detail)];
            text += &message("testFailed", &attributes);
        }
        if let Some(printed) = &case.system_out {
            text += &message("testStdOut", &[("name", &name), ("out", printed)]);
        }
        let duration = case.time.whole_milliseconds().to_string();
        text += &message("testFinished", &[("name", &name), ("duration", &duration)]);
    }
    text + &message("testSuiteFinished", &[("name", &one_line(&suite.name))])
}

fn message(name: &str, attributes: &[(&str, &str)]) -> String {
    let mut text = format!("##teamcity[{name}");
    for (key, value) in attributes {
        let _ = write!(text, " {key}='{}'", escaped(value));
    }
    text + "]\n"
}

/// What ends a value or a message is written behind a bar.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '\'' | '[' | ']' => out.extend(['|', c]),
            '\n' => out.push_str("|n"),
            '\r' => out.push_str("|r"),
            '\u{85}' => out.push_str("|x"),
            '\u{2028}' => out.push_str("|l"),
            '\u{2029}' => out.push_str("|p"),
            c if c.is_control() => {
                let _ = write!(out, "|0x{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

impl Reporter for TeamCityReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        let complete = self.suites.observe(event);
        self.write(complete)
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        self.output.flush()
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        let rest = self.suites.rest();
        self.write(rest)?;
        Ok(Artifact::of("teamcity", self.output.finish()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_as_teamcity_reads_them() {
        assert_eq!(
            message("m", &[("name", "it's [a|b]\n\u{1b}é")]),
            "##teamcity[m name='it|'s |[a||b|]|n|0x001Bé']\n"
        );
    }
}
