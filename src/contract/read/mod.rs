//! Contracts by name (built in) or from a TOML file: all that is wrong with one is told at once.

mod problem;
mod requests;
mod sections;
mod table;
mod tree;

pub use problem::{ContractError, Problem};

use super::{Contract, ExpectedFailure};
use crate::diagnostic::suggest;
use problem::{Problems, Text};
use table::Reader;
use toml::de::DeTable;
use tree::{At, Table};

/// Built-in contracts: name and text.
const BUILTIN: &[(&str, &str)] = &[
    ("betterez-refresh-token", include_str!("../builtin/betterez-refresh-token.toml")),
    ("oauth2-refresh", include_str!("../builtin/oauth2-refresh.toml")),
    ("refresh-rotation", include_str!("../builtin/refresh-rotation.toml")),
];

/// What errors call the file.
const CONTRACT: &str = "contract";

/// The version of the file's schema that this version reads.
const SCHEMA: u32 = 1;

/// Names of the built-in contracts.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|(name, _)| *name)
}

/// The text of a built-in contract.
pub fn builtin_text(name: &str) -> Option<&'static str> {
    BUILTIN.iter().find(|(builtin, _)| *builtin == name).map(|(_, text)| *text)
}

/// Loads a contract by built-in name, else from a file of that path. `checks` are the ids of the checks there are.
///
/// # Errors
/// When neither exists, or the text is not a contract.
pub fn load(name: &str, checks: &[&str]) -> Result<Contract, ContractError> {
    if let Some(text) = builtin_text(name) {
        return parse(name, text, checks);
    }
    let text = std::fs::read_to_string(name).map_err(|error| unreadable(name, &error))?;
    parse(name, &text, checks)
}

fn unreadable(name: &str, error: &std::io::Error) -> ContractError {
    let names: Vec<&str> = builtin_names().collect();
    let hint = match suggest(name, names.iter().copied()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("built in: {}; or give the path of a TOML file", names.join(", ")),
    };
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    ContractError {
        kind: CONTRACT,
        file: name.to_owned(),
        problems: Vec::new(),
        cause: Some(format!("it is no built-in contract, and as a file: {text}")),
        hint: Some(hint),
    }
}

/// Parses a contract's text; `file` names it in errors, `checks` are the ids of the checks there are.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(file: &str, text: &str, checks: &[&str]) -> Result<Contract, ContractError> {
    let problems = Problems::new(Text::new(file, text));
    let contract = document(text, 0, &problems)
        .and_then(|table| whole(&table, &problems, |reader| sections::contract(reader, checks)));
    told(CONTRACT, file, contract, problems)
}

/// Parses a file of `[[expected-failure]]` tables; `file` names it in errors.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_expected_failures(file: &str, text: &str) -> Result<Vec<ExpectedFailure>, ContractError> {
    let problems = Problems::new(Text::new(file, text));
    let failures = toml_table(text, 0, &problems)
        .and_then(|table| whole(&table, &problems, |reader| Some(sections::expected_failures(reader))));
    told("expected failures", file, failures, problems)
}

/// Reads a whole document.
fn whole<T>(table: &Table, problems: &Problems, read: impl FnOnce(&Reader<'_>) -> Option<T>) -> Option<T> {
    let start = At { text: 0, span: 0..0 };
    let reader = Reader::new(table, start, String::new(), problems);
    let value = read(&reader);
    reader.done();
    value
}

fn told<T>(kind: &'static str, file: &str, value: Option<T>, problems: Problems) -> Result<T, ContractError> {
    let problems = problems.told();
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ => Err(ContractError { kind, file: file.to_owned(), problems, cause: None, hint: None }),
    }
}

/// The document with what it extends laid under it.
fn document(text: &str, number: usize, problems: &Problems) -> Option<Table> {
    let own = toml_table(text, number, problems)?;
    let Some(name) = own.get("extends") else { return Some(own) };
    let wanted = own.text("extends").unwrap_or_default();
    let Some(text) = builtin_text(wanted) else {
        let names: Vec<&str> = builtin_names().collect();
        let hint = match suggest(wanted, names.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("built in: {}", names.join(", ")),
        };
        problems.add(&name.at, "`extends` names no built-in contract".to_owned(), Some(hint));
        return None;
    };
    let mut base = document(text, problems.add_text(Text::new(wanted, text)), problems)?;
    base.lay(own);
    Some(base)
}

/// A text as a tree; what is no TOML is noted, all of it.
fn toml_table(text: &str, number: usize, problems: &Problems) -> Option<Table> {
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().unwrap_or_default();
        let message = match error.message().trim() {
            "" => "this is no TOML".to_owned(),
            message => message.lines().collect::<Vec<_>>().join(", "),
        };
        problems.add(&At { text: number, span }, message, None);
    }
    errors.is_empty().then(|| Table::new(document.get_ref(), number))
}

#[cfg(test)]
mod tests;
