//! What stands above the executions: counts, failures, checks, coverage.

use super::text::diff;
use crate::diagnostic::Warning;
use crate::event::Coverage;
use crate::report::failure::{Failure, error_message};
use crate::report::text::{clipped, counted, duration, size};
use crate::summary::{Count, Stats};
use crate::verdict::{CheckResult, Verdict};
use serde::Serialize;
use serde_json::{Value, json};

/// Bytes of a message that are shown.
const SHOWN: usize = 2_000;

/// A failure in the list.
#[derive(Debug, Serialize)]
pub(super) struct FailureRow {
    title: String,
    at: String,
    message: String,
    diff: Option<String>,
    anchor: Option<String>,
}

impl FailureRow {
    pub(super) fn of(failure: &Failure, anchor: Option<String>) -> Self {
        let item = failure.item.as_ref().map(|item| item.full_name());
        let place = failure.location().map(|place| place.to_string());
        let at = item.into_iter().chain(place).collect::<Vec<_>>().join(", ");
        let message = error_message(&failure.error);
        Self {
            title: failure.title(),
            at,
            message: clipped(message, SHOWN).into_owned(),
            diff: failure.error.diff.as_deref().map(diff),
            anchor,
        }
    }
}

/// The rows of the table of counts.
pub(super) fn counts(stats: &Stats) -> Vec<Value> {
    let row = |(what, count): (&str, Count)| json!({ "what": what, "total": count.total, "failed": count.failed, "skipped": count.skipped });
    stats.rows().map(row).collect()
}

/// `3 warnings · 2.1s · 34kB received · …`.
pub(super) fn totals(stats: &Stats) -> String {
    let mut parts = vec![duration(stats.duration_ms), format!("{} received", size(stats.bytes_received))];
    if stats.response_time.count > 0 {
        parts.push(format!("average response {}", duration(stats.response_time.mean)));
    }
    if stats.warnings > 0 {
        parts.insert(0, counted(stats.warnings, "warning"));
    }
    parts.join(" · ")
}

/// A check's row.
pub(super) fn check(check: &CheckResult) -> Value {
    let ink = match check.verdict {
        Verdict::Pass => "good",
        Verdict::Fail | Verdict::Error => "bad",
        Verdict::Warn | Verdict::Expected => "warn",
        Verdict::Skip | Verdict::NotApplicable => "dim",
    };
    json!({
        "id": check.id, "title": check.title, "level": check.level.to_string(), "verdict": check.verdict.as_str(),
        "ink": ink, "reason": clipped(&check.reason, SHOWN), "clause": check.clause, "evidence": check.evidence,
        "violated": matches!(check.verdict, Verdict::Fail | Verdict::Error | Verdict::Warn | Verdict::Expected),
        "diff": check.diff.as_deref().map(diff),
    })
}

/// The rows of the error table.
pub(super) fn coverage(coverage: &Coverage) -> Value {
    let rows = coverage.rows.iter().map(|row| {
        let (ink, found) = match (row.reached, row.contradicted, &row.instead) {
            (0, ..) => ("dim", "never reached".to_owned()),
            (reached, 0, _) => ("good", format!("as documented, {}", counted(reached, "time"))),
            (reached, contradicted, instead) => {
                let instead = instead.as_deref().unwrap_or_default();
                ("bad", format!("{instead} in {contradicted} of {reached}"))
            }
        };
        json!({ "case": row.case, "documented": row.documented, "ink": ink, "found": found, "request": row.request })
    });
    json!({ "rows": rows.collect::<Vec<_>>(), "undocumented": coverage.undocumented })
}

/// A warning and how often it came.
pub(super) fn warning((warning, count): (&Warning, u64)) -> Value {
    json!({ "message": clipped(&warning.message, SHOWN), "hint": warning.hint, "count": count })
}
