//! The one verdict of a gate: conforms, conforms with warnings, does not conform, could not tell.

use crate::summary::Stats;
use crate::verdict::{CheckResult, Level, Verdict};
use std::fmt;

/// What a run says about its target as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conformance {
    /// Every check that was exercised is kept.
    Conforms,
    /// No MUST is violated; a SHOULD is, or an expected failure was seen.
    ConformsWithWarnings,
    /// Something is proven wrong.
    DoesNotConform,
    /// Nothing is proven either way.
    CouldNotTell,
}

impl fmt::Display for Conformance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Conforms => "conforms",
            Self::ConformsWithWarnings => "conforms with warnings",
            Self::DoesNotConform => "does not conform",
            Self::CouldNotTell => "could not tell",
        })
    }
}

/// The verdict of a gate, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// The verdict.
    pub conformance: Conformance,
    /// What it rests on, in one line.
    pub reason: String,
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.conformance, self.reason)
    }
}

impl Gate {
    /// Judges a run by its verdicts. `complete`: it came to its own end.
    pub fn judge(checks: &[CheckResult], stats: &Stats, complete: bool) -> Self {
        let ids = |verdicts: &[Verdict]| {
            let ids: Vec<&str> =
                checks.iter().filter(|c| verdicts.contains(&c.verdict)).map(|c| c.id.as_str()).collect();
            ids.join(", ")
        };
        let is = |conformance, reason| Self { conformance, reason };
        let violated = ids(&[Verdict::Fail]);
        let undecided = ids(&[Verdict::Error]);
        let warned = ids(&[Verdict::Warn, Verdict::Expected]);
        if !violated.is_empty() {
            return is(Conformance::DoesNotConform, format!("violated: {violated}"));
        }
        if stats.assertions.failed > 0 {
            return is(Conformance::DoesNotConform, format!("{} assertions failed", stats.assertions.failed));
        }
        if !complete {
            return is(Conformance::CouldNotTell, "the run ended before its plan did".to_owned());
        }
        if !undecided.is_empty() {
            return is(Conformance::CouldNotTell, format!("no answer came: {undecided}"));
        }
        if stats.failed() {
            let reason = "a request, a script or a login failed, which says nothing of the contract";
            return is(Conformance::CouldNotTell, reason.to_owned());
        }
        let exercised =
            |check: &&CheckResult| matches!(check.verdict, Verdict::Pass | Verdict::Warn | Verdict::Expected);
        let judged = checks.iter().filter(exercised).filter(|check| check.level != Level::Observe).count();
        let unexercised = checks.iter().filter(|c| c.verdict == Verdict::Skip && c.level == Level::Must);
        let unexercised: Vec<&str> = unexercised.map(|check| check.id.as_str()).collect();
        // What every other check stands on: a token was redeemed.
        if judged == 0 || unexercised.contains(&"rt.redeem") {
            return is(Conformance::CouldNotTell, format!("not exercised: {}", unexercised.join(", ")));
        }
        let mut reason = format!("{judged} checks exercised");
        if !warned.is_empty() {
            reason.push_str(&format!("; warned: {warned}"));
        }
        if !unexercised.is_empty() {
            reason.push_str(&format!("; not exercised: {}", unexercised.join(", ")));
        }
        match warned.is_empty() {
            true => is(Conformance::Conforms, reason),
            false => is(Conformance::ConformsWithWarnings, reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, level: Level, verdict: Verdict) -> CheckResult {
        CheckResult {
            id: id.to_owned(),
            title: String::new(),
            level,
            verdict,
            clause: String::new(),
            reason: String::new(),
            evidence: Vec::new(),
            diff: None,
        }
    }

    fn judged(extra: &[(&str, Level, Verdict)]) -> String {
        let redeemed = check("rt.redeem", Level::Must, Verdict::Pass);
        let checks: Vec<CheckResult> = std::iter::once(redeemed)
            .chain(extra.iter().map(|(id, level, verdict)| check(id, *level, *verdict)))
            .collect();
        Gate::judge(&checks, &Stats::default(), true).to_string()
    }

    #[test]
    fn the_worst_thing_proven_decides() {
        use {Level::*, Verdict::*};
        assert_eq!(judged(&[]), "conforms: 1 checks exercised");
        assert_eq!(
            judged(&[("rt.race", Should, Warn), ("rt.expiry", Must, Skip), ("bearer.old", Observe, Pass)]),
            "conforms with warnings: 2 checks exercised; warned: rt.race; not exercised: rt.expiry"
        );
        assert_eq!(
            judged(&[("rt.chain", Must, Expected)]),
            "conforms with warnings: 2 checks exercised; warned: rt.chain"
        );
        assert_eq!(
            judged(&[("rt.rotate", Must, Error), ("rt.chain", Must, Fail)]),
            "does not conform: violated: rt.chain"
        );
        assert_eq!(judged(&[("rt.rotate", Must, Error)]), "could not tell: no answer came: rt.rotate");
    }

    #[test]
    fn what_exercised_nothing_or_broke_off_could_not_tell() {
        let skipped = [check("rt.redeem", Level::Must, Verdict::Skip)];
        let passed = [check("rt.redeem", Level::Must, Verdict::Pass)];
        let broken = Stats { exceptions: 1, ..Stats::default() };
        for (checks, stats, complete) in [
            (&skipped[..], Stats::default(), true),
            (&[], Stats::default(), true),
            (&passed, Stats::default(), false),
            (&passed, broken, true),
        ] {
            let gate = Gate::judge(checks, &stats, complete);
            assert_eq!(gate.conformance, Conformance::CouldNotTell, "{gate}");
        }
        let mut red = Stats::default();
        red.assertions.failed = 1;
        assert_eq!(Gate::judge(&passed, &red, true).conformance, Conformance::DoesNotConform);
    }
}
