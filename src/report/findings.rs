//! What a CI should point at: failures, checks that do not pass, warnings; the same thing once, however often it came.

use super::ending::{EndWatch, Ending};
use super::failure::{Failures, Origin, error_message};
use super::text::one_line;
use crate::diagnostic::Location;
use crate::event::{EventKind, RunEvent};
use crate::exchange::hex;
use crate::verdict::{CheckResult, Level, Verdict};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use std::fmt::Write as _;

/// Different findings that are told of each colour; no CI shows more, and memory stays bounded. Warnings take no room
/// from failures.
const MOST: usize = 1000;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    /// A requirement that binds is violated.
    Critical,
    /// The run is red for it.
    Major,
    /// The run is green all the same.
    Minor,
}

/// One thing to point at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    /// What it is an instance of: a check's id, `assertion`, `script-error`, a warning's code.
    pub(super) rule: String,
    /// In one line: the item and what failed in it, or what the check requires.
    pub(super) title: String,
    /// What was found.
    pub(super) message: String,
    /// More of it, in lines.
    pub(super) detail: String,
    pub(super) location: Option<Location>,
}

impl Finding {
    /// The same for the same finding in every run: no value of the run is part of it.
    pub(super) fn fingerprint(&self) -> String {
        let file = self.location.as_ref().map(|location| location.file.as_str()).unwrap_or_default();
        hex(&Sha256::digest(format!("{}\n{}\n{file}", self.rule, self.title)))[..32].to_owned()
    }

    /// Title and message, said once where they say the same.
    pub(super) fn text(&self) -> String {
        if self.title == one_line(&self.message) {
            self.message.clone()
        } else {
            format!("{}: {}", self.title, self.message)
        }
    }

    /// Whether it makes the run red.
    pub(super) fn is_red(&self) -> bool {
        self.severity != Severity::Minor
    }
}

/// Follows a run and tells each finding when it is first made.
#[derive(Debug, Default)]
pub(super) struct Findings {
    failures: Failures,
    end: EndWatch,
    /// What was told: red, and the rest.
    told: [HashSet<[u8; 32]>; 2],
    repeated: u64,
    /// A file to point at where nothing names one.
    file: Option<String>,
}

impl Findings {
    /// Takes one event.
    pub(super) fn observe(&mut self, event: &RunEvent) -> Option<Finding> {
        self.end.observe(event);
        let failure = self.failures.observe(event);
        let found = match &event.kind {
            EventKind::RunStarted { run } => {
                let input = run.inputs.first().map(|input| &input.name);
                self.file = run.file.as_ref().or(input).cloned();
                None
            }
            EventKind::CheckFinished { check } => of_check(check),
            EventKind::WarningRaised { warning, .. } => Some(Finding {
                severity: Severity::Minor,
                rule: serde_json::to_value(warning.code).ok()?.as_str()?.to_owned(),
                title: one_line(&warning.message),
                message: warning.message.clone(),
                detail: warning.hint.clone().unwrap_or_default(),
                location: warning.location.clone(),
            }),
            _ => failure.map(|failure| {
                let rule = match failure.origin {
                    Origin::Assertion { .. } => "assertion",
                    Origin::Script { .. } => "script-error",
                    Origin::Request => "request-error",
                    Origin::Exception => "exception",
                };
                let item = failure.item.as_ref().map(|item| format!("{}: ", item.full_name()));
                Finding {
                    severity: Severity::Major,
                    rule: rule.to_owned(),
                    title: one_line(&(item.unwrap_or_default() + &failure.title())),
                    message: error_message(&failure.error).to_owned(),
                    detail: failure.error.diff.clone().unwrap_or_default(),
                    location: failure.location().cloned(),
                }
            }),
        };
        self.once(found?)
    }

    /// After the last event: what is wrong with the run as a whole.
    pub(super) fn last(&mut self) -> Option<Finding> {
        let ending = self.end.ending();
        let unsaid = (ending == Ending::Failed && self.told[0].is_empty())
            .then_some(("failed", "something failed without saying why"));
        let (rule, message) =
            ending.trouble().or(unsaid).map(|(rule, message)| (rule.to_owned(), message.to_owned()))?;
        let detail = String::new();
        let title = "the run".to_owned();
        self.once(Finding { severity: Severity::Major, rule, title, message, detail, location: None })
    }

    /// Findings that were not told, because they had been before or there were too many.
    pub(super) fn repeated(&self) -> u64 {
        self.repeated
    }

    /// A file to point at where a finding names none.
    pub(super) fn file(&self) -> &str {
        self.file.as_deref().unwrap_or("postproof")
    }

    /// How the run ended.
    pub(super) fn end(&self) -> &EndWatch {
        &self.end
    }

    fn once(&mut self, finding: Finding) -> Option<Finding> {
        let Finding { rule, title, message, .. } = &finding;
        let digest: [u8; 32] = Sha256::digest(format!("{rule}\n{title}\n{message}")).into();
        let told = &mut self.told[usize::from(!finding.is_red())];
        if told.len() < MOST && told.insert(digest) {
            return Some(finding);
        }
        self.repeated += 1;
        None
    }
}

fn of_check(check: &CheckResult) -> Option<Finding> {
    let severity = match (check.verdict, check.level) {
        (Verdict::Fail, Level::Must) => Severity::Critical,
        (Verdict::Fail | Verdict::Error, _) => Severity::Major,
        (Verdict::Warn, _) => Severity::Minor,
        _ => return None,
    };
    let mut detail = format!("clause: {}", check.clause);
    for evidence in &check.evidence {
        let _ = write!(detail, "\nrequest {} ({}): {}", evidence.request, evidence.item, evidence.seen);
    }
    if let Some(diff) = &check.diff {
        let _ = write!(detail, "\n{diff}");
    }
    let title = one_line(&format!("{}: {}", check.level, check.title));
    let (rule, message) = (check.id.clone(), check.reason.clone());
    Some(Finding { severity, rule, title, message, detail, location: None })
}
