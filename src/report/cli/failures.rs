//! Failures at the end of the page: each in full with all one needs to see it again, the same one as a count.

use super::page::Page;
use super::style::Ink;
use crate::event::Excerpt;
use crate::report::failure::{Failure, error_text};
use crate::report::text::{clipped, one_line};
use indexmap::IndexMap;
use unicode_width::UnicodeWidthStr;

/// Failures that are shown in full; each has been shown where it happened anyway.
const IN_FULL: usize = 100;
/// Further places of one failure that are named.
const PLACES: usize = 5;
/// Bytes of a message or diff that are shown.
const SHOWN: usize = 4096;
/// Bytes of a line of curl.
const CURL: usize = 2000;

/// What failed, by what it says.
#[derive(Debug, Default)]
pub(super) struct Groups {
    groups: IndexMap<(String, String), Group>,
    left_out: u64,
}

#[derive(Debug)]
struct Group {
    first: Failure,
    /// Where else.
    others: Vec<String>,
    count: u64,
}

impl Groups {
    /// Takes in a failure of a run of so many iterations.
    pub(super) fn add(&mut self, failure: &Failure, cycles: u32) {
        let key = (failure.title(), error_text(&failure.error));
        if let Some(group) = self.groups.get_mut(&key) {
            group.count += 1;
            if group.others.len() < PLACES {
                group.others.push(format!("{}. {}", failure.number, place(failure, cycles)));
            }
        } else if self.groups.len() < IN_FULL {
            self.groups.insert(key, Group { first: failure.clone(), others: Vec::new(), count: 1 });
        } else {
            self.left_out += 1;
        }
    }

    /// Puts them on the page.
    pub(super) fn write(&self, page: &mut Page, cycles: u32) {
        for group in self.groups.values() {
            page.blank();
            in_full(page, &group.first, cycles);
            again(page, group);
        }
        if self.left_out > 0 {
            page.blank();
            let text = format!("and {} more, shown where they happened", self.left_out);
            page.para(1, (Ink::Plain, ""), (Ink::Dim, &text));
        }
    }
}

fn place(failure: &Failure, cycles: u32) -> String {
    let mut place = match &failure.item {
        Some(item) => format!("in {}", one_line(&item.full_name())),
        None => "outside of any item".to_owned(),
    };
    if cycles > 1 {
        place += &format!(" (iteration {})", failure.cursor.iteration + 1);
    }
    place
}

fn in_full(page: &mut Page, failure: &Failure, cycles: u32) {
    page.para(1, (Ink::Bad, &format!("{}.", failure.number)), (Ink::Bad, &one_line(&failure.title())));
    page.para(4, (Ink::Plain, ""), (Ink::Dim, &place(failure, cycles)));
    let message = error_text(&failure.error);
    page.para(4, (Ink::Plain, ""), (Ink::Plain, &clipped(&message, SHOWN)));
    if let Some(location) = failure.location() {
        page.para(4, (Ink::Info, "-->"), (Ink::Plain, &location.to_string()));
        let own = failure.error.location.as_ref().zip(failure.error.excerpt.as_ref());
        if let Some((location, excerpt)) = own {
            self::excerpt(page, location.line, excerpt);
        }
    }
    if let Some(diff) = &failure.error.diff {
        self::diff(page, diff);
    }
    if let Some(curl) = &failure.curl {
        page.unwrapped(4, (Ink::Dim, "$"), &clipped(curl, CURL));
    }
}

/// ```text
///     214 | pm.response.to.have.status(200);
///         |                     ^
/// ```
fn excerpt(page: &mut Page, line: u32, excerpt: &Excerpt) {
    let code = excerpt.text.trim_start();
    let indent = excerpt.text.chars().count() - code.chars().count();
    let number = line.to_string();
    page.verbatim(4, &format!("{number} | {code}"), |_| Ink::Plain);
    let column = excerpt.column.and_then(|column| (column as usize).checked_sub(indent + 1));
    if let Some(column) = column {
        let before: String = code.chars().take(column).collect();
        let fill = " ".repeat(number.len());
        page.verbatim(4, &format!("{fill} | {}^", " ".repeat(before.width())), |_| Ink::Bad);
    }
}

/// A unified diff.
pub(super) fn diff(page: &mut Page, diff: &str) {
    page.verbatim(4, &clipped(diff, SHOWN), |line| match line.as_bytes().first() {
        Some(b'+') => Ink::Good,
        Some(b'-') => Ink::Bad,
        Some(b'@') => Ink::Info,
        _ => Ink::Plain,
    });
}

fn again(page: &mut Page, group: &Group) {
    if group.count == 1 {
        return;
    }
    let more = group.count - 1 - group.others.len() as u64;
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    let sign = format!("{}{}", group.count, page.symbols.times);
    page.para(4, (Ink::Bad, &sign), (Ink::Plain, &format!("also {}{rest}", group.others.join(", "))));
}
