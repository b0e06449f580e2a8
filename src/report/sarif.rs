//! SARIF 2.1.0 (OASIS), as code scanning services read it: every rule that was judged, a result for each finding.

use super::ending::Ending;
use super::findings::{Finding, Findings};
use super::sink::WholeFile;
use super::text::visible;
use super::{Artifact, ReportError, Reporter};
use crate::event::{EventKind, RunEvent};
use indexmap::IndexMap;
use serde_json::{Value, json};

/// The SARIF report.
pub struct SarifReporter {
    file: WholeFile,
    tool: String,
    findings: Findings,
    found: Vec<Finding>,
    /// By id: what the rule requires.
    rules: IndexMap<String, Value>,
}

impl SarifReporter {
    /// A report in that file.
    pub(super) fn new(file: WholeFile) -> Self {
        let (tool, findings, found) = (String::new(), Findings::default(), Vec::new());
        Self { file, tool, findings, found, rules: IndexMap::new() }
    }

    fn document(&self) -> Value {
        let (name, version) = self.tool.split_once('/').unwrap_or(("postproof", ""));
        let results: Vec<Value> = self.found.iter().map(|finding| self.result(finding)).collect();
        let mut rules: Vec<Value> = self.rules.values().cloned().collect();
        for finding in &self.found {
            if !rules.iter().any(|rule| rule["id"] == finding.rule.as_str()) {
                rules.push(json!({ "id": finding.rule, "shortDescription": { "text": finding.rule } }));
            }
        }
        let done = matches!(self.findings.end().ending(), Ending::Passed | Ending::Failed);
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": { "name": name, "version": version, "rules": rules } },
                "columnKind": "unicodeCodePoints",
                "invocations": [{ "executionSuccessful": done }],
                "results": results,
            }],
        })
    }

    fn result(&self, finding: &Finding) -> Value {
        let mut place = json!({ "artifactLocation": { "uri": uri(self.findings.file()) } });
        if let Some(location) = &finding.location {
            place = json!({
                "artifactLocation": { "uri": uri(&location.file) },
                "region": { "startLine": location.line, "startColumn": location.column },
            });
        }
        let mut text = finding.text();
        if !finding.detail.is_empty() {
            text = format!("{text}\n{}", finding.detail);
        }
        json!({
            "ruleId": finding.rule,
            "level": if finding.is_red() { "error" } else { "warning" },
            "message": { "text": visible(&text) },
            "locations": [{ "physicalLocation": place }],
            "partialFingerprints": { "postproof/v1": finding.fingerprint() },
        })
    }
}

/// A path as a relative reference (RFC 3986 §4.2).
fn uri(path: &str) -> String {
    const KEPT: percent_encoding::AsciiSet =
        percent_encoding::NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(&path.replace('\\', "/"), &KEPT).to_string()
}

impl Reporter for SarifReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        self.found.extend(self.findings.observe(event));
        match &event.kind {
            EventKind::RunStarted { run } => self.tool.clone_from(&run.tool),
            EventKind::CheckFinished { check } => {
                let rule = json!({
                    "id": check.id,
                    "shortDescription": { "text": check.title },
                    "fullDescription": { "text": check.clause },
                    "properties": { "level": check.level.to_string(), "verdict": check.verdict.as_str() },
                });
                self.rules.insert(check.id.clone(), rule);
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        self.found.extend(self.findings.last());
        let text = serde_json::to_vec_pretty(&self.document()).map_err(|e| ReportError::Encode(e.into()))?;
        self.file.write(&text)?;
        self.file.write(b"\n")?;
        Ok(Artifact::of("sarif", Some(&self.file.commit()?)))
    }
}
