//! Contracts by name (built in) or from a TOML file.

use super::Contract;
use crate::diagnostic::{InputError, Location, suggest};

/// Built-in contracts: name and text.
const BUILTIN: &[(&str, &str)] =
    &[("betterez-refresh-token", include_str!("builtin/betterez-refresh-token.toml"))];

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

/// Loads a contract by built-in name, else from a file of that path.
///
/// # Errors
/// When neither exists, or the text is not a contract.
pub fn load(name: &str) -> Result<Contract, InputError> {
    if let Some(text) = builtin_text(name) {
        return parse(name, text);
    }
    std::fs::read_to_string(name)
        .map_err(|error| unreadable(name, &error))
        .and_then(|text| parse(name, &text))
}

fn unreadable(name: &str, error: &std::io::Error) -> InputError {
    let names: Vec<&str> = builtin_names().collect();
    let hint = match suggest(name, names.iter().copied()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("built in: {}; or give the path of a TOML file", names.join(", ")),
    };
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    InputError {
        what: format!("cannot read contract `{name}`"),
        cause: format!("it is no built-in contract, and as a file: {text}"),
        hint: Some(hint),
        location: None,
    }
}

/// Parses a contract's text; `file` names it in errors.
///
/// # Errors
/// When it is not TOML, or not a contract.
pub fn parse(file: &str, text: &str) -> Result<Contract, InputError> {
    let wrong = |message: &str, location: Option<Location>| InputError {
        what: format!("cannot read contract `{file}`"),
        cause: match &location {
            Some(at) => format!("{message} (line {}, column {})", at.line, at.column),
            None => message.to_owned(),
        },
        hint: Some("compare with a built-in contract: postproof contract betterez-refresh-token".to_owned()),
        location,
    };
    let contract: Contract = toml::from_str(text)
        .map_err(|error| wrong(error.message(), error.span().map(|span| locate(file, text, span.start))))?;
    if contract.schema != SCHEMA {
        let message = format!("schema {} is not known; this version reads schema {SCHEMA}", contract.schema);
        return Err(wrong(&message, None));
    }
    if contract.login.is_empty() {
        return Err(wrong("a contract needs at least one [[login]]", None));
    }
    if let Some(control) = &contract.subject_control
        && contract.login(&control.login).is_none()
    {
        return Err(wrong(&format!("subject-control.login: there is no login `{}`", control.login), None));
    }
    Ok(contract)
}

pub(super) fn locate(file: &str, text: &str, offset: usize) -> Location {
    let before = &text[..offset.min(text.len())];
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    Location {
        file: file.to_owned(),
        line: before.matches('\n').count() as u32 + 1,
        column: before[line_start..].chars().count() as u32 + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_contract_parses_under_its_own_name() {
        for name in builtin_names() {
            let contract = load(name).unwrap();
            assert_eq!(contract.id, name);
        }
    }

    #[test]
    fn errors_say_where_and_how_to_mend() {
        let error = parse("x.toml", "schema = 1\nid = 3\n").unwrap_err();
        assert!(error.cause.contains("expected a string"), "{error}");
        assert!(error.cause.ends_with("(line 2, column 6)"), "{error}");

        let error = load("betterez-refresh-tokn").unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean `betterez-refresh-token`?"));
    }

    #[test]
    fn a_typo_in_a_key_is_refused_by_name() {
        let (_, text) = BUILTIN[0];
        let error = parse("x.toml", &text.replacen("subject = ", "subjct = ", 1)).unwrap_err();
        assert!(error.to_string().contains("subjct"), "{error}");
    }
}
