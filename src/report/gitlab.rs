//! GitLab's code quality report, which merge requests show.

use super::findings::{Finding, Findings, Severity};
use super::sink::WholeFile;
use super::text::visible;
use super::{Artifact, ReportError, Reporter};
use crate::event::RunEvent;
use serde_json::{Value, json};
use std::collections::HashMap;

/// GitLab's code quality report: CodeClimate's issues, as far as GitLab reads them.
pub struct GitLabReporter {
    file: WholeFile,
    findings: Findings,
    found: Vec<Finding>,
}

impl GitLabReporter {
    /// A report in that file.
    pub(super) fn new(file: WholeFile) -> Self {
        Self { file, findings: Findings::default(), found: Vec::new() }
    }
}

impl Reporter for GitLabReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        self.found.extend(self.findings.observe(event));
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        self.found.extend(self.findings.last());
        let mut used: HashMap<String, u32> = HashMap::new();
        let issues = self.found.iter().map(|finding| {
            // GitLab takes two issues of one fingerprint for one.
            let mut fingerprint = finding.fingerprint();
            let before = used.entry(fingerprint.clone()).or_default();
            if *before > 0 {
                fingerprint += &before.to_string();
            }
            *before += 1;
            let place = finding.location.as_ref();
            let severity = match finding.severity {
                Severity::Critical => "critical",
                Severity::Major => "major",
                Severity::Minor => "minor",
            };
            json!({
                "description": visible(&finding.text()),
                "check_name": finding.rule,
                "fingerprint": fingerprint,
                "severity": severity,
                "location": {
                    "path": place.map_or(self.findings.file(), |place| &place.file),
                    "lines": { "begin": place.map_or(1, |place| place.line) },
                },
            })
        });
        let issues = Value::Array(issues.collect());
        let text = serde_json::to_vec_pretty(&issues).map_err(|e| ReportError::Encode(e.into()))?;
        self.file.write(&text)?;
        self.file.write(b"\n")?;
        Ok(Artifact::of("gitlab", Some(&self.file.commit()?)))
    }
}
