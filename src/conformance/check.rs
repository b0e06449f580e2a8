//! A check, what it finds in one fact, and how findings add up to a verdict.

use super::LedgerError;
use super::fact::Fact;
use super::registry;
use crate::contract::Contract;
use crate::verdict::{CheckResult, Evidence, Level, Verdict};
use std::collections::BTreeMap;

/// Exchanges kept as evidence for one check.
const EVIDENCE: usize = 3;

/// A check: what it requires and how it judges. The contract says how binding it is and by which clause.
#[derive(Debug)]
pub struct Check {
    /// Stable id, never reused.
    pub id: &'static str,
    /// What it requires, in a few words.
    pub title: &'static str,
    /// What it requires, in full.
    pub requirement: &'static str,
    /// What to look at when it fails.
    pub remedy: &'static str,
    /// A fault of the reference server that makes it fail; `None` for what is only observed.
    pub proven_by: Option<&'static str>,
    /// What the run lacked when nothing exercised it.
    pub unexercised: &'static str,
    /// Whether it applies to a contract.
    pub(super) applies: fn(&Contract) -> Applies,
    pub(super) judge: fn(&Contract, &Fact) -> Option<Finding>,
}

/// Whether a check applies to a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Applies {
    /// As binding as the contract says.
    Yes,
    /// The contract does not say what it would have to be judged by: it is only recorded.
    Observed,
    /// Not at all, and why.
    No(String),
}

/// What a check finds in one fact; nothing, when the fact does not concern it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// As required.
    Kept,
    /// Recorded, not judged.
    Noted(String),
    /// Not as required.
    Violated { reason: String, diff: Option<String> },
    /// Exercised, but neither kept nor violated.
    Inconclusive(String),
    /// No answer came.
    Unanswered,
}

impl Finding {
    pub(super) fn violated(reason: impl Into<String>) -> Self {
        Self::Violated { reason: reason.into(), diff: None }
    }

    /// Kept or violated.
    pub(super) fn require(kept: bool, reason: impl FnOnce() -> String) -> Self {
        if kept { Self::Kept } else { Self::violated(reason()) }
    }
}

#[derive(Debug, Default)]
struct Tally {
    kept: u64,
    violated: u64,
    unanswered: u64,
    reason: Option<String>,
    diff: Option<String>,
    note: Option<String>,
    inconclusive: Option<String>,
    excuse: Option<String>,
    good: Vec<Evidence>,
    bad: Vec<Evidence>,
}

/// The checks of one contract with what they found so far. Flat: bounded evidence, no exchanges.
#[derive(Debug)]
pub(super) struct Register {
    entries: Vec<(&'static Check, Tally)>,
}

impl Register {
    pub(super) fn new(contract: &Contract) -> Result<Self, LedgerError> {
        let entries = contract
            .checks
            .keys()
            .map(|id| match registry::find(id) {
                Some(check) => Ok((check, Tally::default())),
                None => Err(LedgerError::UnknownCheck { contract: contract.id.clone(), check: id.clone() }),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }

    pub(super) fn judge(&mut self, contract: &Contract, fact: &Fact, evidence: impl Fn() -> Vec<Evidence>) {
        for (check, tally) in &mut self.entries {
            if let Some(finding) = (check.judge)(contract, fact) {
                tally.record(finding, &evidence);
            }
        }
    }

    pub(super) fn excuse(&mut self, ids: &[&str], reason: &str) {
        for (check, tally) in &mut self.entries {
            if ids.contains(&check.id) {
                tally.excuse.get_or_insert_with(|| reason.to_owned());
            }
        }
    }

    /// Checks that bind and were violated, and how often.
    pub(super) fn violations(&self, contract: &Contract) -> BTreeMap<&'static str, u64> {
        let violated = self.entries.iter().filter(|(_, tally)| tally.violated > 0);
        let binding = violated.filter(|(check, _)| {
            contract.checks[check.id].level != Level::Observe && (check.applies)(contract) == Applies::Yes
        });
        binding.map(|(check, tally)| (check.id, tally.violated)).collect()
    }

    pub(super) fn conclude(&self, contract: &Contract) -> Vec<CheckResult> {
        self.entries
            .iter()
            .map(|(check, tally)| {
                let terms = &contract.checks[check.id];
                let applies = (check.applies)(contract);
                let level = if applies == Applies::Observed { Level::Observe } else { terms.level };
                let (verdict, reason) = match applies {
                    Applies::No(reason) => (Verdict::NotApplicable, reason),
                    Applies::Yes | Applies::Observed => tally.verdict(check, level),
                };
                let failed = tally.violated > 0 || tally.unanswered > 0;
                CheckResult {
                    id: check.id.to_owned(),
                    title: check.title.to_owned(),
                    level,
                    verdict,
                    clause: terms.clause.clone(),
                    reason,
                    evidence: if failed { tally.bad.clone() } else { tally.good.clone() },
                    diff: tally.diff.clone(),
                }
            })
            .collect()
    }
}

impl Tally {
    fn record(&mut self, finding: Finding, evidence: impl Fn() -> Vec<Evidence>) {
        match finding {
            Finding::Kept => self.kept += 1,
            Finding::Noted(note) => {
                self.kept += 1;
                self.note = Some(note);
            }
            Finding::Inconclusive(reason) => {
                self.inconclusive.get_or_insert(reason);
            }
            Finding::Unanswered => {
                self.unanswered += 1;
                keep(&mut self.bad, evidence);
                return;
            }
            Finding::Violated { reason, diff } => {
                self.violated += 1;
                self.reason.get_or_insert(reason);
                if self.diff.is_none() {
                    self.diff = diff;
                }
                keep(&mut self.bad, evidence);
                return;
            }
        }
        keep(&mut self.good, evidence);
    }

    fn verdict(&self, check: &Check, level: Level) -> (Verdict, String) {
        if self.violated > 0 {
            let reason = self.reason.clone().unwrap_or_default();
            let reason = match self.violated {
                1 => reason,
                n => format!("{reason} ({n} times)"),
            };
            let verdict = match level {
                Level::Must => Verdict::Fail,
                Level::Should => Verdict::Warn,
                Level::Observe => Verdict::Pass,
            };
            return (verdict, reason);
        }
        if self.unanswered > 0 {
            return (Verdict::Error, "no answer came to a request that exercises it".to_owned());
        }
        if self.kept > 0 {
            let reason = match (&self.note, self.kept) {
                (Some(note), _) => format!("observed: {note}"),
                (None, 1) => "exercised once".to_owned(),
                (None, n) => format!("exercised {n} times"),
            };
            return (Verdict::Pass, reason);
        }
        let reason = self.inconclusive.as_ref().or(self.excuse.as_ref());
        (Verdict::Skip, reason.map_or_else(|| check.unexercised.to_owned(), Clone::clone))
    }
}

fn keep(list: &mut Vec<Evidence>, evidence: impl Fn() -> Vec<Evidence>) {
    if list.len() < EVIDENCE {
        list.extend(evidence());
    }
}
