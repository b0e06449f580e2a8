//! Lines on the standard output that a CI turns into annotations: GitHub's workflow commands, Azure's logging commands.

use super::findings::{Finding, Findings};
use super::sink::Output;
use super::text::{clipped, visible};
use super::{Artifact, ReportError, Reporter};
use crate::diagnostic::Location;
use crate::event::RunEvent;

/// Bytes of a message; GitHub cuts it anyway.
const MESSAGE: usize = 4000;

/// Whose lines they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `::error file=…,line=…::…`
    GitHub,
    /// `##vso[task.logissue type=error;…]…`
    Azure,
}

/// Annotations.
pub struct AnnotationReporter {
    output: Output,
    dialect: Dialect,
    findings: Findings,
}

impl AnnotationReporter {
    /// Annotations to that output.
    pub(super) fn new(output: Output, dialect: Dialect) -> Self {
        Self { output, dialect, findings: Findings::default() }
    }

    fn tell(&mut self, finding: Option<Finding>) -> Result<(), ReportError> {
        let Some(finding) = finding else { return Ok(()) };
        let line = match self.dialect {
            Dialect::GitHub => github(&finding),
            Dialect::Azure => azure(&finding),
        };
        self.output.write((line + "\n").as_bytes())
    }
}

impl Reporter for AnnotationReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        let finding = self.findings.observe(event);
        self.tell(finding)
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        self.output.flush()
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        let last = self.findings.last();
        self.tell(last)?;
        let name = match self.dialect {
            Dialect::GitHub => "github",
            Dialect::Azure => "azure",
        };
        Ok(Artifact::of(name, self.output.finish()?))
    }
}

/// What is said in the message: what was found, and the rest in further lines.
fn message(finding: &Finding, text: &str) -> String {
    let text = match finding.detail.is_empty() {
        true => text.to_owned(),
        false => format!("{text}\n{}", finding.detail),
    };
    visible(&clipped(&text, MESSAGE)).into_owned()
}

fn kind(finding: &Finding) -> &'static str {
    if finding.is_red() { "error" } else { "warning" }
}

fn github(finding: &Finding) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut properties = Vec::new();
    if let Some(Location { file, line, column }) = &finding.location {
        properties.push(format!("file={},line={line},col={column}", property(&visible(file))));
    }
    properties.push(format!("title={}", property(&format!("{} ({})", finding.title, finding.rule))));
    format!("::{} {}::{}", kind(finding), properties.join(","), data(&message(finding, &finding.message)))
}

fn azure(finding: &Finding) -> String {
    let data = |text: &str| text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(';', "%3B").replace(']', "%5D");
    let mut properties = format!("type={};", kind(finding));
    if let Some(Location { file, line, column }) = &finding.location {
        let file = property(&visible(file));
        properties += &format!("sourcepath={file};linenumber={line};columnnumber={column};");
    }
    properties += &format!("code={};", property(&finding.rule));
    format!("##vso[task.logissue {properties}]{}", data(&message(finding, &finding.text())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::findings::Severity;

    fn finding() -> Finding {
        Finding {
            severity: Severity::Major,
            rule: "assertion".into(),
            title: "a, b: 100% [x]; y".into(),
            message: "one\ntwo::error::three ##vso[task.complete]".into(),
            detail: String::new(),
            location: Some(Location { file: "c,1.json".into(), line: 7, column: 2 }),
        }
    }

    #[test]
    fn nothing_that_was_said_ends_the_command_or_begins_another() {
        assert_eq!(
            github(&finding()),
            "::error file=c%2C1.json,line=7,col=2,title=a%2C b%3A 100%25 [x]; y (assertion)::one%0Atwo::error::three \
             ##vso[task.complete]"
        );
        assert_eq!(
            azure(&finding()),
            "##vso[task.logissue type=error;sourcepath=c,1.json;linenumber=7;columnnumber=2;code=assertion;]a, b: \
             100%AZP25 [x]; y: one%0Atwo::error::three ##vso[task.complete]"
        );
    }

    #[test]
    fn a_warning_without_a_place_is_a_warning() {
        let finding = Finding { severity: Severity::Minor, location: None, ..finding() };
        assert!(github(&finding).starts_with("::warning title="));
        assert!(azure(&finding).starts_with("##vso[task.logissue type=warning;code="));
    }
}
