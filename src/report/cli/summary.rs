//! What the console shows at the end: what stopped the run, the checks, the counts, every failure in full, the
//! warnings, and the verdict as the last line.

use super::live::advice;
use super::page::Page;
use super::style::Ink;
use super::{CliOptions, Story};
use crate::event::AbortReason;
use crate::report::ending::Ending;
use crate::report::text::{clipped, counted, duration, one_line, size};
use crate::summary::{Count, Stats};
use crate::verdict::{CheckResult, Level, Verdict};
use unicode_width::UnicodeWidthStr;

/// Bytes of a failure's message or diff that are shown.
const DETAIL_SHOWN: usize = 4096;

/// Puts the summary on the page.
pub(super) fn write(page: &mut Page, story: &Story, options: CliOptions) {
    let ending = story.end.ending();
    if let Some((_, message)) = ending.trouble() {
        page.blank();
        page.para(0, (Ink::Bad, page.symbols.fail), (Ink::Bad, message));
    }
    // When nobody answered, what follows from it is noise: the first line says it all.
    let unreachable =
        matches!(ending, Ending::Aborted { reason: AbortReason::Unreachable | AbortReason::NoLogin, .. });
    if !unreachable {
        checks(page, story, options.verbose);
    }
    if let Some(stats) = story.end.stats().filter(|_| options.summary) {
        counts(page, stats, options.verbose);
    }
    if !unreachable && options.failures {
        failures(page, story);
    }
    warnings(page, story);
    page.blank();
    if let Some(command) = story.again().filter(|_| ending != Ending::Passed) {
        page.unwrapped(0, (Ink::Dim, "run again:"), &command);
    }
    verdict(page, story, &ending);
}

fn checks(page: &mut Page, story: &Story, verbose: bool) {
    if story.checks.is_empty() {
        return;
    }
    page.heading(&format!("conformance: {}", story.contract.as_deref().unwrap_or("no contract named")));
    let id_width = story.checks.iter().map(|check| check.id.width()).max().unwrap_or(0);
    let mut groups: Vec<&str> = Vec::new();
    for check in &story.checks {
        let group = group_of(check);
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    for group in groups {
        page.blank();
        for check in story.checks.iter().filter(|check| group_of(check) == group) {
            check_line(page, check, id_width, verbose);
        }
    }
    super::coverage::write(page, &story.coverage, verbose);
}

/// Columns a title needs beside the check's id; with fewer it goes below.
const TITLE_COLUMNS: usize = 40;

/// Checks of one subject stand together: `rt` of `rt.reuse.now`.
fn group_of(check: &CheckResult) -> &str {
    check.id.split('.').next().unwrap_or_default()
}

fn check_line(page: &mut Page, check: &CheckResult, id_width: usize, verbose: bool) {
    let ink = Ink::of(check.verdict);
    let fill = " ".repeat(id_width - check.id.width());
    let sign = page.symbols.verdict(check.verdict);
    let head = format!("{}{fill}  {:<7} ", check.id, check.level);
    let title = one_line(&check.title);
    let title_ink = if check.verdict == Verdict::Pass { Ink::Plain } else { ink };
    let column = 2 + sign.width() + 1 + head.width() + 1;
    let hanging = column + TITLE_COLUMNS <= page.width();
    if hanging {
        page.para(2, (ink, &format!("{sign} {head}")), (title_ink, &title));
    } else {
        page.para(2, (ink, sign), (title_ink, &format!("{head} {title}")));
    }
    if check.verdict != Verdict::Pass || check.level == Level::Observe || verbose {
        let reason = match check.verdict {
            Verdict::Skip | Verdict::NotApplicable | Verdict::Error => {
                format!("{}: {}", check.verdict, check.reason)
            }
            _ => check.reason.clone(),
        };
        page.para(if hanging { column } else { 6 }, (Ink::Plain, ""), (Ink::Dim, &reason));
    }
}

fn counts(page: &mut Page, stats: &Stats, verbose: bool) {
    let row = |name: &str, count: Count| {
        vec![name.to_owned(), count.total.to_string(), count.failed.to_string(), count.skipped.to_string()]
    };
    let mut rows = vec![["", "executed", "failed", "skipped"].map(str::to_owned).to_vec()];
    rows.push(row("iterations", stats.iterations));
    rows.push(row("items", stats.items));
    rows.push(row("requests", stats.requests));
    for (name, count) in [
        ("prerequest scripts", stats.prerequest_scripts),
        ("test scripts", stats.test_scripts),
        ("assertions", stats.assertions),
    ] {
        if count.total + count.skipped > 0 {
            rows.push(row(name, count));
        }
    }
    if stats.checks.total() > 0 {
        rows.push(row("checks", stats.checks.count()));
    }
    page.blank();
    page.table(&rows, 2);
    page.para(0, (Ink::Plain, ""), (Ink::Plain, &totals(stats, verbose)));
}

fn totals(stats: &Stats, verbose: bool) -> String {
    let mut lines = Vec::new();
    let checks = stats.checks;
    if checks.total() > 0 {
        let parts = [
            (checks.pass, "pass"),
            (checks.fail, "fail"),
            (checks.warn, "warn"),
            (checks.expected, "expected"),
            (checks.error, "error"),
            (checks.skip, "skip"),
            (checks.not_applicable, "n/a"),
        ];
        let always = |word: &str| matches!(word, "pass" | "fail" | "warn" | "skip");
        let shown = parts.iter().filter(|(count, word)| *count > 0 || always(word));
        let words: Vec<String> = shown.map(|(count, word)| format!("{count} {word}")).collect();
        lines.push(format!("checks: {}", words.join(", ")));
    }
    lines.push(format!("total run duration: {}", duration(stats.duration_ms)));
    lines.push(format!("total data received: {}", size(stats.bytes_received)));
    for (what, time, shown) in [
        ("response", stats.response_time, true),
        ("DNS lookup", stats.dns_time, verbose),
        ("first byte", stats.first_byte_time, verbose),
    ] {
        if time.count > 0 && shown {
            lines.push(format!(
                "average {what} time: {} [min: {}, max: {}, s.d.: {}]",
                duration(time.mean),
                duration(time.min),
                duration(time.max),
                duration(time.sd())
            ));
        }
    }
    lines.join("\n")
}

fn failures(page: &mut Page, story: &Story) {
    let mut number = story.counter.count();
    let broken = |check: &&CheckResult| matches!(check.verdict, Verdict::Fail | Verdict::Error);
    let checks: Vec<&CheckResult> = story.checks.iter().filter(broken).collect();
    if number == 0 && checks.is_empty() {
        return;
    }
    page.heading("failures");
    story.failures.write(page, story.cycles);
    for check in checks {
        number += 1;
        page.blank();
        let title = format!("{}  {}  {}", check.id, check.level, one_line(&check.title));
        page.para(1, (Ink::Bad, &format!("{number}.")), (Ink::Bad, &title));
        check_in_full(page, check);
    }
}

fn check_in_full(page: &mut Page, check: &CheckResult) {
    page.para(4, (Ink::Plain, ""), (Ink::Plain, &clipped(&check.reason, DETAIL_SHOWN)));
    page.para(4, (Ink::Dim, "clause:"), (Ink::Dim, &check.clause));
    for evidence in &check.evidence {
        let place = one_line(&format!("request {}, {}", evidence.request, evidence.item));
        page.para(4, (Ink::Info, "-->"), (Ink::Plain, &place));
        page.para(8, (Ink::Plain, ""), (Ink::Plain, &evidence.seen));
    }
    if let Some(diff) = &check.diff {
        super::failures::diff(page, diff);
    }
}

fn warnings(page: &mut Page, story: &Story) {
    let checks: Vec<&CheckResult> =
        story.checks.iter().filter(|c| matches!(c.verdict, Verdict::Warn | Verdict::Expected)).collect();
    if story.warnings.is_empty() && checks.is_empty() {
        return;
    }
    page.heading("warnings");
    page.blank();
    for (warning, count) in story.warnings.iter() {
        let sign = page.symbols.warn;
        let message = match count {
            1 => warning.message.clone(),
            _ => format!("{count}{} {}", page.symbols.times, warning.message),
        };
        page.para(1, (Ink::Warn, sign), (Ink::Warn, &message));
        advice(page, 4, warning);
    }
    for check in checks {
        let title = format!("{}  {}  {}", check.id, check.level, one_line(&check.title));
        page.para(1, (Ink::Warn, page.symbols.warn), (Ink::Warn, &title));
        check_in_full(page, check);
    }
}

fn verdict(page: &mut Page, story: &Story, ending: &Ending) {
    let (word, ink) = match ending {
        Ending::Passed => ("PASS", Ink::Good),
        Ending::Failed => ("FAIL", Ink::Bad),
        Ending::Nothing => ("NOTHING EXECUTED", Ink::Bad),
        Ending::Incomplete => ("INCOMPLETE", Ink::Bad),
        Ending::Aborted { reason, .. } => match reason {
            AbortReason::Interrupted => ("INTERRUPTED", Ink::Bad),
            AbortReason::Unreachable => ("UNREACHABLE", Ink::Bad),
            AbortReason::NoLogin => ("NOT PROBED", Ink::Bad),
            AbortReason::Bail => ("STOPPED AT THE FIRST FAILURE", Ink::Bad),
            AbortReason::Timeout => ("TIMED OUT", Ink::Bad),
        },
    };
    let text = story.end.stats().map(in_numbers).unwrap_or_default();
    page.unwrapped(0, (ink, word), if text.is_empty() { "no counts" } else { &text });
}

/// `12 requests, 1 of 30 assertions failed, 31 checks (4 skipped), 2 warnings`.
fn in_numbers(stats: &Stats) -> String {
    let tally = |count: Count, noun: &str| {
        let total = counted(count.total, noun);
        let mut text = if count.failed > 0 { format!("{} of {total} failed", count.failed) } else { total };
        if count.skipped > 0 {
            text += &format!(" ({} skipped)", count.skipped);
        }
        text
    };
    let mut parts = vec![tally(stats.requests, "request")];
    let scripts = stats.prerequest_scripts.failed + stats.test_scripts.failed;
    if scripts > 0 {
        parts.push(format!("{} failed", counted(scripts, "script")));
    }
    if stats.assertions.total > 0 {
        parts.push(tally(stats.assertions, "assertion"));
    }
    if stats.exceptions > 0 {
        parts.push(counted(stats.exceptions, "exception"));
    }
    let checks = stats.checks;
    if checks.total() > 0 {
        parts.push(tally(stats.checks.count(), "check"));
    }
    let warnings = stats.warnings + checks.warn + checks.expected;
    if warnings > 0 {
        parts.push(counted(warnings, "warning"));
    }
    parts.join(", ")
}
