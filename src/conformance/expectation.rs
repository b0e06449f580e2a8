//! Expected failures held against the verdicts: a ledger in which nothing goes stale unseen.
//!
//! A failed check that an entry expects fails the run no longer. An entry whose checks pass, that no check uses, or
//! whose day is over is itself a failure, so that the list says at every run what is still broken and why.

use crate::contract::ExpectedFailure;
use crate::verdict::{CheckResult, Level, Verdict};
use time::Date;
use wildmatch::WildMatch;

/// The expected failures of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectations {
    entries: Vec<ExpectedFailure>,
    today: Date,
}

impl Expectations {
    /// These entries, looked at on that day (UTC).
    pub fn new(entries: Vec<ExpectedFailure>, today: Date) -> Self {
        Self { entries, today }
    }

    /// Turns expected failures into [`Verdict::Expected`], and adds a failed result for each stale entry.
    pub fn apply(&self, mut results: Vec<CheckResult>) -> Vec<CheckResult> {
        let stale: Vec<CheckResult> =
            self.entries.iter().filter_map(|entry| self.stale(entry, &results)).collect();
        for result in results.iter_mut().filter(|result| failed(result)) {
            let expected = self.entries.iter().find(|entry| !self.expired(entry) && concerns(entry, result));
            if let Some(ExpectedFailure { reason, owner, expires, .. }) = expected {
                result.verdict = Verdict::Expected;
                result.reason = format!("{} (expected until {expires}, {owner}: {reason})", result.reason);
            }
        }
        results.extend(stale);
        results
    }

    fn expired(&self, entry: &ExpectedFailure) -> bool {
        entry.expires < self.today
    }

    fn stale(&self, entry: &ExpectedFailure, results: &[CheckResult]) -> Option<CheckResult> {
        let mut concerned = results.iter().filter(|result| concerns(entry, result)).peekable();
        let reason = if self.expired(entry) {
            format!("it expired on {}: mend what it excuses, or agree on a new day", entry.expires)
        } else if concerned.peek().is_none() {
            "no check of the contract has that id".to_owned()
        } else if concerned.clone().any(failed) {
            return None;
        } else if concerned.any(|result| result.verdict == Verdict::Pass) {
            "what it expects to fail passes: remove it".to_owned()
        } else {
            "nothing exercised what it expects to fail".to_owned()
        };
        Some(CheckResult {
            id: format!("expected-failure.{}", entry.check),
            title: format!("the expected failure of {} is still needed", entry.check),
            level: Level::Must,
            verdict: Verdict::Fail,
            clause: format!("{}: {}", entry.owner, entry.reason),
            reason,
            evidence: Vec::new(),
            diff: None,
        })
    }
}

/// What an entry may excuse: a violation. That the infrastructure failed says nothing about the check.
fn failed(result: &CheckResult) -> bool {
    matches!(result.verdict, Verdict::Fail | Verdict::Warn)
}

fn concerns(entry: &ExpectedFailure, result: &CheckResult) -> bool {
    WildMatch::new(&entry.check).matches(&result.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    const TODAY: Date = date!(2026 - 11 - 26);

    fn entry(check: &str, expires: Date) -> ExpectedFailure {
        let (reason, owner) = ("the cache is not shared".to_owned(), "auth team".to_owned());
        ExpectedFailure { check: check.to_owned(), reason, owner, expires }
    }

    fn result(id: &str, verdict: Verdict) -> CheckResult {
        CheckResult {
            id: id.to_owned(),
            title: String::new(),
            level: Level::Must,
            verdict,
            clause: String::new(),
            reason: "2 winners".to_owned(),
            evidence: Vec::new(),
            diff: None,
        }
    }

    fn judged(entries: &[(&str, Date)], results: &[(&str, Verdict)]) -> Vec<(String, Verdict)> {
        let entries = entries.iter().map(|(check, expires)| entry(check, *expires)).collect();
        let results = results.iter().map(|(id, verdict)| result(id, *verdict)).collect();
        let applied = Expectations::new(entries, TODAY).apply(results);
        applied.into_iter().map(|result| (result.id, result.verdict)).collect()
    }

    fn is(results: &[(String, Verdict)], expected: &[(&str, Verdict)]) {
        let results: Vec<_> = results.iter().map(|(id, verdict)| (id.as_str(), *verdict)).collect();
        assert_eq!(results, expected);
    }

    #[test]
    fn a_failure_is_excused_until_its_day_is_over() {
        let failing = [("rt.race", Verdict::Fail)];
        is(&judged(&[("rt.race", TODAY)], &failing), &[("rt.race", Verdict::Expected)]);
        is(
            &judged(&[("rt.race", date!(2026 - 11 - 25))], &failing),
            &[("rt.race", Verdict::Fail), ("expected-failure.rt.race", Verdict::Fail)],
        );
    }

    #[test]
    fn a_pattern_is_needed_while_one_of_its_checks_fails() {
        let entries = [("rt.race*", TODAY)];
        is(
            &judged(&entries, &[("rt.race", Verdict::Pass), ("rt.race.winner", Verdict::Warn)]),
            &[("rt.race", Verdict::Pass), ("rt.race.winner", Verdict::Expected)],
        );
        is(
            &judged(&entries, &[("rt.race", Verdict::Pass), ("rt.race.winner", Verdict::Skip)]),
            &[
                ("rt.race", Verdict::Pass),
                ("rt.race.winner", Verdict::Skip),
                ("expected-failure.rt.race*", Verdict::Fail),
            ],
        );
    }

    #[test]
    fn what_excuses_nothing_fails() {
        for (verdict, reason) in [
            (Verdict::Pass, "what it expects to fail passes: remove it"),
            (Verdict::Skip, "nothing exercised what it expects to fail"),
            (Verdict::Error, "nothing exercised what it expects to fail"),
        ] {
            let expectations = Expectations::new(vec![entry("rt.race", TODAY)], TODAY);
            let applied = expectations.apply(vec![result("rt.race", verdict)]);
            assert_eq!((applied[0].verdict, applied[1].reason.as_str()), (verdict, reason));
        }
        let applied = Expectations::new(vec![entry("rt.rice", TODAY)], TODAY).apply(Vec::new());
        assert_eq!(applied[0].reason, "no check of the contract has that id");
    }

    #[test]
    fn what_was_seen_stays_in_the_reason() {
        let expectations = Expectations::new(vec![entry("rt.race", TODAY)], TODAY);
        let applied = expectations.apply(vec![result("rt.race", Verdict::Fail)]);
        assert_eq!(
            applied[0].reason,
            "2 winners (expected until 2026-11-26, auth team: the cache is not shared)"
        );
    }
}
