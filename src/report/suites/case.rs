//! Testsuites and testcases before they are XML.

use crate::diagnostic::Location;
use crate::report::text::one_line;
use crate::verdict::{CheckResult, Verdict};
use std::collections::HashSet;
use std::fmt::Write as _;
use time::{Duration, OffsetDateTime};

/// What a case came to, as JUnit knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) enum Outcome {
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
pub(in crate::report) struct Trouble {
    /// The `type` attribute.
    pub(in crate::report) kind: String,
    /// The `message` attribute.
    pub(in crate::report) message: String,
    /// The text.
    pub(in crate::report) detail: String,
}

impl Outcome {
    /// An `<error>` that has nothing to add to its message.
    pub(in crate::report) fn error(kind: &str, message: &str) -> Self {
        let (kind, message) = (kind.to_owned(), message.to_owned());
        Self::Error(Trouble { kind, detail: message.clone(), message })
    }

    /// Whether it makes the run red.
    pub(in crate::report) fn is_red(&self) -> bool {
        matches!(self, Self::Failure(_) | Self::Error(_))
    }
}

/// One `<testcase>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Case {
    /// Its name, unique in its suite once the suite is written.
    pub(in crate::report) name: String,
    /// The group it belongs to.
    pub(in crate::report) class: String,
    /// What it came to.
    pub(in crate::report) outcome: Outcome,
    /// How long it took.
    pub(in crate::report) time: Duration,
    /// Where it is defined.
    pub(in crate::report) location: Option<Location>,
    /// What else machines may want to know of it.
    pub(in crate::report) properties: Vec<(String, String)>,
    /// What it printed.
    pub(in crate::report) system_out: Option<String>,
}

impl Case {
    /// A case that took no time.
    pub(in crate::report) fn new(
        name: impl Into<String>,
        class: impl Into<String>,
        outcome: Outcome,
    ) -> Self {
        let (name, class) = (name.into(), class.into());
        Self {
            name,
            class,
            outcome,
            time: Duration::ZERO,
            location: None,
            properties: Vec::new(),
            system_out: None,
        }
    }

    /// Adds where it is defined.
    pub(in crate::report) fn at(mut self, location: Option<Location>) -> Self {
        self.location = location;
        self
    }
}

/// What a suite says beside its cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::report) struct Notes {
    /// `<properties>`.
    pub(in crate::report) properties: Vec<(String, String)>,
    /// `<system-out>`.
    pub(in crate::report) system_out: Option<String>,
}

/// One `<testsuite>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Suite {
    /// Its name.
    pub(in crate::report) name: String,
    /// When it began.
    pub(in crate::report) timestamp: OffsetDateTime,
    /// Its cases.
    pub(in crate::report) cases: Vec<Case>,
    /// The rest.
    pub(in crate::report) notes: Notes,
}

impl Suite {
    /// Appends ` #2`, ` #3`, … to names already used, so that no consumer merges two cases.
    pub(in crate::report) fn make_names_unique(&mut self) {
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
    pub(in crate::report) fn totals(&self) -> Totals {
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
pub(in crate::report) struct Totals {
    pub(in crate::report) tests: u64,
    pub(in crate::report) failures: u64,
    pub(in crate::report) errors: u64,
    pub(in crate::report) skipped: u64,
    pub(in crate::report) time: Duration,
}

impl Totals {
    /// Numbers that take the most room.
    pub(in crate::report) fn widest() -> Self {
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
pub(in crate::report) fn of_check(check: &CheckResult, contract: &str) -> Case {
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
    case.properties =
        [("check", check.id.clone()), ("level", check.level.to_string()), ("clause", check.clause.clone())]
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec();
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
