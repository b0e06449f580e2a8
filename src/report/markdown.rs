//! A summary in Markdown, as GitHub's job summaries and merge requests show it: verdict, counts, what to look at.

use super::ending::Ending;
use super::findings::{Finding, Findings};
use super::sink::Output;
use super::text::{clipped, counted, duration, one_line, visible};
use super::{Artifact, ReportError, Reporter};
use crate::event::{Coverage, EventKind, RunEvent, RunInfo};
use crate::summary::{Count, Stats};
use crate::verdict::{CheckResult, Verdict};
use std::fmt::Write as _;

/// Findings that are written out.
const FINDINGS: usize = 50;
/// Bytes of one that are shown.
const SHOWN: usize = 2000;

/// The summary.
pub struct MarkdownReporter {
    output: Output,
    run: Option<RunInfo>,
    command: Option<String>,
    findings: Findings,
    found: Vec<Finding>,
    checks: Vec<CheckResult>,
    coverage: Coverage,
    /// Written at the run's end; what follows it has nothing to add.
    written: bool,
}

impl MarkdownReporter {
    /// A summary to that output, written at once when the run is over.
    pub(super) fn new(output: Output) -> Self {
        Self {
            output,
            run: None,
            command: None,
            findings: Findings::default(),
            found: Vec::new(),
            checks: Vec::new(),
            coverage: Coverage::default(),
            written: false,
        }
    }

    fn text(&self) -> String {
        let ending = self.findings.end().ending();
        let (sign, word) = match ending {
            Ending::Passed => ("✅", "passed"),
            Ending::Failed => ("❌", "failed"),
            Ending::Nothing => ("❌", "executed nothing"),
            Ending::Aborted { .. } => ("❌", "was stopped"),
            Ending::Incomplete => ("❌", "did not finish"),
        };
        let name = self.run.as_ref().map_or("postproof", |run| &run.name);
        let mut text = format!("## {sign} {} {word}\n\n", prose(name));
        if let Some(stats) = self.findings.end().stats() {
            text += &counts(stats);
        }
        if let Some(run) = self.run.as_ref().filter(|_| !self.checks.is_empty()) {
            text += &conformance(run, &self.checks, &self.coverage);
        }
        let (red, yellow): (Vec<&Finding>, Vec<&Finding>) = self.found.iter().partition(|f| f.is_red());
        text += &list("Failures", &red);
        text += &list("Warnings", &yellow);
        if self.findings.repeated() > 0 {
            let _ = writeln!(text, "_{} more say the same._\n", self.findings.repeated());
        }
        if let Some(command) = &self.command {
            let _ = writeln!(text, "Run again:\n\n{}", fenced("sh", command));
        }
        text
    }
}

fn counts(stats: &Stats) -> String {
    let mut text = "| | executed | failed | skipped |\n|---|--:|--:|--:|\n".to_owned();
    for (name, Count { total, failed, skipped }) in stats.rows() {
        let failed = if failed > 0 { format!("**{failed}**") } else { "0".to_owned() };
        let _ = writeln!(text, "| {name} | {total} | {failed} | {skipped} |");
    }
    let mut facts = vec![duration(stats.duration_ms)];
    if stats.response_time.count > 0 {
        facts.push(format!("average response {}", duration(stats.response_time.mean)));
    }
    let _ = writeln!(text, "\n{}\n", facts.join(", "));
    text
}

fn conformance(run: &RunInfo, checks: &[CheckResult], coverage: &Coverage) -> String {
    let contract = run.contract.as_deref().unwrap_or("no contract named");
    let mut text = format!("### Conformance: `{}`\n\n", one_line(contract).replace('`', "'"));
    let passed = checks.iter().filter(|check| check.verdict == Verdict::Pass).count();
    let _ = writeln!(text, "{} passed.\n", counted(passed as u64, "check"));
    let shown =
        checks.iter().filter(|check| !matches!(check.verdict, Verdict::Pass | Verdict::NotApplicable));
    let rows: Vec<String> = shown
        .map(|check| {
            format!("| {} | `{}` | {} | {} |", check.verdict, check.id, check.level, cell(&check.reason))
        })
        .collect();
    if !rows.is_empty() {
        let _ = writeln!(text, "| verdict | check | level | |\n|---|---|---|---|\n{}\n", rows.join("\n"));
    }
    let never: Vec<String> =
        coverage.rows.iter().filter(|row| row.reached == 0).map(|row| format!("`{}`", row.case)).collect();
    if !coverage.rows.is_empty() {
        let reached = coverage.rows.len() - never.len();
        let rest = if never.is_empty() { String::new() } else { format!("; never: {}", never.join(", ")) };
        let _ =
            writeln!(text, "Rows of the error table reached: {reached} of {}{rest}\n", coverage.rows.len());
    }
    text
}

fn list(heading: &str, findings: &[&Finding]) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut text = format!("### {heading}\n\n");
    for finding in findings.iter().take(FINDINGS) {
        let place =
            finding.location.as_ref().map(|place| format!(" — `{}`", place.to_string().replace('`', "'")));
        let _ = writeln!(
            text,
            "<details><summary>{} (<code>{}</code>)</summary>\n",
            html(&finding.title),
            html(&finding.rule)
        );
        let mut body = visible(&clipped(&finding.message, SHOWN)).into_owned();
        if !finding.detail.is_empty() {
            let _ = write!(body, "\n\n{}", visible(&clipped(&finding.detail, SHOWN)));
        }
        let language = if finding.detail.starts_with("--- ") { "diff" } else { "text" };
        let _ = writeln!(text, "{}\n</details>{}\n", fenced(language, &body), place.unwrap_or_default());
    }
    if findings.len() > FINDINGS {
        let _ = writeln!(text, "and {} more\n", findings.len() - FINDINGS);
    }
    text
}

/// A block of code with a fence longer than any in it (CommonMark §4.5).
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n")
}

/// Text in HTML in Markdown.
fn html(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text that means nothing to Markdown.
fn prose(text: &str) -> String {
    let mut out = String::new();
    for c in html(text).chars() {
        if "\\`*_[]|~#!".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The same in a table.
fn cell(text: &str) -> String {
    prose(&clipped(text, SHOWN))
}

impl Reporter for MarkdownReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        self.found.extend(self.findings.observe(event));
        match &event.kind {
            EventKind::RunStarted { run } => self.run = Some(RunInfo { collection: None, ..run.clone() }),
            EventKind::CheckFinished { check } => self.checks.push(check.clone()),
            EventKind::CoverageReported { coverage } => self.coverage.clone_from(coverage),
            EventKind::RunFinished { command, .. } => self.command.clone_from(command),
            _ => {}
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        self.output.flush()
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        self.found.extend(self.findings.last());
        if !self.written {
            self.written = true;
            self.output.write(self.text().as_bytes())?;
        }
        Ok(Artifact::of("markdown", self.output.finish()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_said_is_markup() {
        assert_eq!(prose("a|b <img> *x* `y`\n# z"), "a\\|b &lt;img&gt; \\*x\\* \\`y\\` \\# z");
        let hostile = "```\n</details><script>\n````";
        let fence = fenced("text", hostile);
        assert!(fence.starts_with("`````text\n") && fence.ends_with("\n`````\n"), "{fence}");
    }
}
