//! Verdicts of checks: data, never errors.

use serde::{Deserialize, Serialize};

/// How binding a requirement is (RFC 2119), or that it is only recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// The contract says so; a violation fails the run.
    Must,
    /// Entailed or recommended; a violation is a warning.
    Should,
    /// Recorded, never judged.
    Observe,
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::Observe => "OBSERVE",
        })
    }
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// Exercised, and every time as required (or, at level OBSERVE, recorded).
    #[serde(rename = "pass")]
    Pass,
    /// A MUST was violated.
    #[serde(rename = "fail")]
    Fail,
    /// A SHOULD was violated.
    #[serde(rename = "warn")]
    Warn,
    /// Violated, as the list of expected failures says, with its reason and its owner.
    #[serde(rename = "expected")]
    Expected,
    /// Could not be judged; the reason says why and what would make it possible.
    #[serde(rename = "skip")]
    Skip,
    /// The contract says that it does not apply.
    #[serde(rename = "n/a")]
    NotApplicable,
    /// The infrastructure failed while it was being judged; never a pass.
    #[serde(rename = "error")]
    Error,
}

impl Verdict {
    /// The word used in every report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Expected => "expected",
            Self::Skip => "skip",
            Self::NotApplicable => "n/a",
            Self::Error => "error",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// One exchange that made a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The request's number in the run, from 1, as the reports show it.
    pub request: u64,
    /// The item that sent it, folders included.
    pub item: String,
    /// What was seen, e.g. `POST /accounts/refresh-token → 200, expected 401 INVALID_REFRESH_TOKEN`.
    pub seen: String,
}

/// The result of one check, as every report shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    /// The check's stable id, e.g. `rt.reuse.now`.
    pub id: String,
    /// What it requires, in a few words.
    pub title: String,
    /// How binding it is under this contract.
    pub level: Level,
    /// What it came to.
    pub verdict: Verdict,
    /// The clause it rests on, as the contract words it.
    pub clause: String,
    /// Why: for a failure what was wrong, for a skip what was missing, for a pass how often it was exercised.
    pub reason: String,
    /// The exchanges behind the verdict, oldest first; bounded.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// A unified diff (expected against actual), where shapes were compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
}
