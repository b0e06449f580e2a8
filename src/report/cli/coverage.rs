//! What a run has reached of the contract's error table, on the console.

use super::page::Page;
use super::style::Ink;
use crate::event::Coverage;

/// Undocumented answers that are shown.
const SHOWN: usize = 10;

/// Puts it on the page: one line, and what is not as the table says.
pub(super) fn write(page: &mut Page, coverage: &Coverage, verbose: bool) {
    let rows = &coverage.rows;
    if rows.is_empty() && coverage.undocumented.is_empty() {
        return;
    }
    let contradicted = rows.iter().filter(|row| row.contradicted > 0).count();
    let unreached: Vec<&str> =
        rows.iter().filter(|row| row.reached == 0).map(|row| row.case.as_str()).collect();
    let tested = rows.len() - unreached.len() - contradicted;
    let line = format!(
        "error table: {tested} of {} rows as documented, {contradicted} contradicted, {} never reached",
        rows.len(),
        unreached.len()
    );
    page.blank();
    page.para(0, (Ink::Plain, ""), (Ink::Bold, &line));
    for row in rows.iter().filter(|row| verbose || row.contradicted > 0) {
        let (sign, ink) = match (row.reached, row.contradicted) {
            (0, _) => (page.symbols.skip, Ink::Dim),
            (_, 0) => (page.symbols.pass, Ink::Good),
            _ => (page.symbols.fail, Ink::Bad),
        };
        let instead =
            row.instead.as_ref().map(|answer| format!(", got {answer} ({} times)", row.contradicted));
        let text = format!("{}: {}{}", row.case, row.documented, instead.unwrap_or_default());
        page.para(2, (ink, sign), (Ink::Plain, &text));
    }
    if !unreached.is_empty() {
        let text = format!("never reached: {}", unreached.join(", "));
        page.para(2, (Ink::Dim, page.symbols.skip), (Ink::Dim, &text));
    }
    for answer in coverage.undocumented.iter().take(SHOWN) {
        let text = format!(
            "not documented: {} for {} ({} times, first request {})",
            answer.answer, answer.case, answer.count, answer.request
        );
        page.para(2, (Ink::Warn, page.symbols.warn), (Ink::Plain, &text));
    }
    if coverage.undocumented.len() > SHOWN {
        let text = format!("and {} more that are not documented", coverage.undocumented.len() - SHOWN);
        page.para(2, (Ink::Plain, ""), (Ink::Dim, &text));
    }
}
