//! Testsuites and testcases before they are XML.

use crate::diagnostic::Location;
use crate::report::text::one_line;
use crate::verdict::{CheckResult, Verdict};
use std::collections::HashSet;
use std::fmt::Write as _;
use time::{Duration, OffsetDateTime};

/// What a testcase came to, as JUnit knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Passed.
    Passed,
    /// `<skipped message>`.
    Skipped(String),
    /// `<failure>`: something was judged and found wrong.
    Failure(Trouble),
    /// `<error>`: something could not be done.
    Error(Trouble),
}

/// The content of a `<failure>` or `<error>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// The `type` attribute.
    pub(super) kind: String,
    /// The `message` attribute.
    pub(super) message: String,
    /// The text.
    pub(super) detail: String,
}

impl Outcome {
    /// An `<error>` that has nothing to add to its message.
    pub(super) fn error(kind: &str, message: &str) -> Self {
        let (kind, message) = (kind.to_owned(), message.to_owned());
        Self::Error(Trouble { kind, detail: message.clone(), message })
    }

    /// Whether it makes the run red.
    pub(super) fn is_red(&self) -> bool {
        matches!(self, Self::Failure(_) | Self::Error(_))
    }
}

/// One `<testcase>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Case {
    /// Its name, unique in its suite once the suite is written.
    pub(super) name: String,
    /// The group it belongs to.
    pub(super) class: String,
    /// What it came to.
    pub(super) outcome: Outcome,
    /// How long it took.
    pub(super) time: Duration,
    /// Where it is defined.
    pub(super) location: Option<Location>,
    /// `<system-out>`.
    pub(super) system_out: Option<String>,
}

impl Case {
    /// A case that took no time.
    pub(super) fn new(name: impl Into<String>, class: impl Into<String>, outcome: Outcome) -> Self {
        let (name, class) = (name.into(), class.into());
        Self { name, class, outcome, time: Duration::ZERO, location: None, system_out: None }
    }

    /// Adds where it is defined.
    pub(super) fn at(mut self, location: Option<Location>) -> Self {
        self.location = location;
        self
    }
}

/// What a suite says beside its cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Notes {
    /// `<properties>`.
    pub(super) properties: Vec<(String, String)>,
    /// `<system-out>`.
    pub(super) system_out: Option<String>,
}

/// One `<testsuite>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suite {
    /// Its name.
    pub(super) name: String,
    /// When it began.
    pub(super) timestamp: OffsetDateTime,
    /// Its cases.
    pub(super) cases: Vec<Case>,
    /// The rest.
    pub(super) notes: Notes,
}

impl Suite {
    /// Appends ` #2`, ` #3`, … to names already used, so that no consumer merges two cases.
    pub(super) fn make_names_unique(&mut self) {
        let mut used = HashSet::new();
        for case in &mut self.cases {
            let first = one_line(&case.name);
            let mut name = first.clone();
            let mut number = 1;
            while !used.insert(name.clone()) {
                number += 1;
                name = format!("{first} #{number}");
            }
            case.name = name;
        }
    }

    /// The numbers of this suite.
    pub(super) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for case in &self.cases {
            totals.tests += 1;
            totals.time += case.time;
            match case.outcome {
                Outcome::Passed => {}
                Outcome::Skipped(_) => totals.skipped += 1,
                Outcome::Failure(_) => totals.failures += 1,
                Outcome::Error(_) => totals.errors += 1,
            }
        }
        totals
    }
}

/// Counts of testcases as they were written. These are JUnit's own units (a testcase is an assertion, a check, or
/// a request), so they cannot come from the run's statistics; they count elements, nothing is judged again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) tests: u64,
    pub(super) failures: u64,
    pub(super) errors: u64,
    pub(super) skipped: u64,
    pub(super) time: Duration,
}

impl Totals {
    /// Numbers that take the most room.
    pub(super) fn widest() -> Self {
        let most = u64::MAX;
        Self { tests: most, failures: most, errors: most, skipped: most, time: Duration::MAX }
    }
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
        self.time += other.time;
    }
}

/// The testcase of a check.
pub(super) fn of_check(check: &CheckResult, contract: &str) -> Case {
    let trouble = || Trouble {
        kind: check.level.to_string(),
        message: check.reason.clone(),
        detail: check_detail(check),
    };
    let outcome = match check.verdict {
        Verdict::Pass | Verdict::Warn => Outcome::Passed,
        Verdict::Fail => Outcome::Failure(trouble()),
        Verdict::Error => Outcome::Error(trouble()),
        Verdict::Expected => Outcome::Skipped(format!("expected failure: {}", check.reason)),
        Verdict::Skip => Outcome::Skipped(check.reason.clone()),
        Verdict::NotApplicable => Outcome::Skipped(format!("n/a: {}", check.reason)),
    };
    let name = format!("{} [{}] {}", check.id, check.level, check.title);
    let mut case = Case::new(name, contract, outcome);
    // JUnit knows no warning: the case passes and says so.
    if check.verdict == Verdict::Warn {
        case.system_out = Some(format!("WARN {}", check_detail(check)));
    }
    case
}

fn check_detail(check: &CheckResult) -> String {
    let mut text = format!("{}\nclause: {}\n", check.reason, check.clause);
    for evidence in &check.evidence {
        let _ = writeln!(text, "request {} ({}): {}", evidence.request, evidence.item, evidence.seen);
    }
    if let Some(diff) = &check.diff {
        let _ = writeln!(text, "\n{diff}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_unique_even_when_the_number_is_taken() {
        let cases =
            ["a", "a #2", "a", "a", "b\u{1}"].map(|name| Case::new(name, "c", Outcome::Passed)).to_vec();
        let timestamp = OffsetDateTime::UNIX_EPOCH;
        let mut suite = Suite { name: "s".into(), timestamp, cases, notes: Notes::default() };
        suite.make_names_unique();
        let names: Vec<&str> = suite.cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names, ["a", "a #2", "a #3", "a #4", "b\\u{1}"]);
    }
}
