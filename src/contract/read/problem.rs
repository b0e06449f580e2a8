//! What is wrong with a contract, each mistake with the line it is on.

use super::tree::At;
use crate::diagnostic::Location;
use crate::redact::Redactor;
use crate::variable::Scopes;
use std::cell::RefCell;
use std::fmt;

/// One mistake in a contract's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
    /// Where it is.
    pub location: Location,
    /// The line it is on.
    line: String,
    /// Characters that are marked, at least one.
    width: usize,
}

impl fmt::Display for Problem {
    /// An excerpt: where, the line, a caret below it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.location.line.to_string();
        let gutter = " ".repeat(number.len());
        let before: String = self
            .line
            .chars()
            .take(self.location.column as usize - 1)
            .map(|c| if c == '\t' { c } else { ' ' })
            .collect();
        writeln!(f, "{gutter}--> {}", self.location)?;
        writeln!(f, "{gutter} |")?;
        writeln!(f, "{number} | {}", self.line)?;
        write!(f, "{gutter} | {before}{} {}", "^".repeat(self.width), self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n{gutter} = hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// A file that cannot be used, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ContractError {
    /// What it should hold: a contract, expected failures.
    pub kind: &'static str,
    /// The file as the user named it.
    pub file: String,
    /// Mistakes in the order of the text; empty when there is no text to show.
    pub problems: Vec<Problem>,
    /// Why there is no text: the file cannot be read.
    pub cause: Option<String>,
    /// How to mend that.
    pub hint: Option<String>,
}

impl fmt::Display for ContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read {} `{}`", self.kind, self.file)?;
        self.cause.iter().try_for_each(|cause| write!(f, ": {cause}"))?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n{problem}"))
    }
}

/// A text a contract is read from.
#[derive(Debug, Clone)]
pub(super) struct Text {
    /// What errors call it.
    pub(super) name: String,
    pub(super) text: String,
}

impl Text {
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }
}

/// The texts a contract is read from, and the mistakes noted so far.
#[derive(Debug)]
pub(super) struct Problems {
    texts: RefCell<Vec<Text>>,
    noted: RefCell<Vec<(At, String, Option<String>)>>,
}

impl Problems {
    pub(super) fn new(text: Text) -> Self {
        Self { texts: RefCell::new(vec![text]), noted: RefCell::default() }
    }

    /// Adds a text and gives its number.
    pub(super) fn add_text(&self, text: Text) -> usize {
        let mut texts = self.texts.borrow_mut();
        texts.push(text);
        texts.len() - 1
    }

    pub(super) fn add(&self, at: &At, message: String, hint: Option<String>) {
        let noted = (at.clone(), message, hint);
        let mut list = self.noted.borrow_mut();
        if !list.contains(&noted) {
            list.push(noted);
        }
    }

    /// The mistakes in the order of the texts.
    pub(super) fn told(self) -> Vec<Problem> {
        let mut noted = self.noted.into_inner();
        let texts = self.texts.into_inner();
        noted.sort_by_key(|(at, ..)| (at.text, at.span.start));
        noted.into_iter().map(|(at, message, hint)| tell(&at, &texts[at.text], message, hint)).collect()
    }
}

/// Where a span is, in words.
fn locate(at: &At, text: &Text) -> Location {
    let before = &text.text[..at.span.start.min(text.text.len())];
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    Location {
        file: text.name.clone(),
        line: before.matches('\n').count() as u32 + 1,
        column: before[line_start..].chars().count() as u32 + 1,
    }
}

fn tell(at: &At, text: &Text, message: String, hint: Option<String>) -> Problem {
    let location = locate(at, text);
    let line = text.text.lines().nth(location.line as usize - 1).unwrap_or_default();
    let marked = text.text.get(at.span.clone()).unwrap_or_default().lines().next().unwrap_or_default();
    let room = line.chars().count().saturating_sub(location.column as usize - 1);
    let width = marked.chars().count().min(room).max(1);
    Problem { message, hint, location, line: masked(line.trim_end()), width }
}

/// A line with stars for the values of keys that sound secret: a contract may hold a password by the letter.
fn masked(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['"', '\'']) {
        let (before, quoted) = rest.split_at(at);
        let quote = if quoted.starts_with('"') { '"' } else { '\'' };
        let end = quoted[1..].find(quote).map_or(quoted.len(), |end| end + 1);
        let value = &quoted[1..end];
        let key = before.trim_end().strip_suffix('=').map(str::trim_end).unwrap_or_default();
        let key = key.rsplit(|c: char| !(c.is_alphanumeric() || "-_".contains(c))).next().unwrap_or_default();
        out.push_str(before);
        out.push(quote);
        if is_secret(key, value) {
            out.extend(value.chars().map(|_| '*'));
        } else {
            out.push_str(value);
        }
        rest = &quoted[end..];
        if let Some(after) = rest.strip_prefix(quote) {
            out.push(quote);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// Whether a value is a secret by its key's name; a template is none.
fn is_secret(key: &str, value: &str) -> bool {
    if value.contains("<<") || value.is_empty() {
        return false;
    }
    let mut scopes = Scopes::default();
    scopes.environment.set(key, value);
    let mut redactor = Redactor::new();
    redactor.learn_scopes(&scopes);
    ["key", "authorization", "cookie"].contains(&key) || redactor.mask_text(value) != value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_by_the_letter_are_not_shown() {
        for (line, expected) in [
            (
                r#"a = { user = "u", password = "hunter-22", n = 1 }"#,
                r#"a = { user = "u", password = "*********", n = 1 }"#,
            ),
            (r#"secret = "<<client-secret>>""#, r#"secret = "<<client-secret>>""#),
            ("client-secret = 'abcdefgh", "client-secret = '********"),
            (
                r#"headers = { authorization = "Basic eDp5" }"#,
                r#"headers = { authorization = "**********" }"#,
            ),
            (r#"path = "/token""#, r#"path = "/token""#),
        ] {
            assert_eq!(masked(line), expected);
        }
    }
}
