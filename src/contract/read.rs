//! Contracts by name (built in) or from a TOML file.

use super::Contract;
use crate::diagnostic::Location;
use std::path::PathBuf;

/// Built-in contracts: name and text.
const BUILTIN: &[(&str, &str)] = &[("betterez-refresh-token", include_str!("builtin/betterez-refresh-token.toml"))];

/// The version of the file's schema that this version reads.
const SCHEMA: u32 = 1;

/// A contract that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// Neither a built-in name nor a file.
    #[error("no built-in contract has that name, and no file does: {source}")]
    Unknown {
        /// As asked for.
        name: String,
        /// What the system says of a file of that name.
        source: std::io::Error,
    },
    /// The file could not be read.
    #[error("{source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The text is not a contract.
    #[error("{message}")]
    Invalid {
        /// Where, when it can be told.
        location: Option<Location>,
        /// What is wrong.
        message: String,
    },
}

impl ContractError {
    /// How to mend it.
    pub fn hint(&self) -> String {
        match self {
            Self::Unknown { name, .. } => {
                let names: Vec<&str> = builtin_names().collect();
                match crate::diagnostic::suggest(name, names.iter().copied()) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => format!("built in: {}; or give the path of a TOML file", names.join(", ")),
                }
            }
            Self::Read { .. } => "give the path of a readable TOML file".to_owned(),
            Self::Invalid { .. } => {
                "compare with the built-in contract: postproof contract show betterez-refresh-token".to_owned()
            }
        }
    }
}

/// Names of the built-in contracts.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|(name, _)| *name)
}

/// Loads a contract by built-in name, else from a file of that path.
///
/// # Errors
/// When neither exists, or the text is not a contract.
pub fn load(name: &str) -> Result<Contract, ContractError> {
    if let Some((_, text)) = BUILTIN.iter().find(|(builtin, _)| *builtin == name) {
        return parse(&format!("builtin/{name}.toml"), text);
    }
    match std::fs::read_to_string(name) {
        Ok(text) => parse(name, &text),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(ContractError::Unknown { name: name.to_owned(), source })
        }
        Err(source) => Err(ContractError::Read { path: name.into(), source }),
    }
}

/// Parses a contract's text; `file` names it in errors.
///
/// # Errors
/// When it is not TOML, or not a contract.
pub fn parse(file: &str, text: &str) -> Result<Contract, ContractError> {
    let contract: Contract = toml::from_str(text).map_err(|error| ContractError::Invalid {
        location: error.span().map(|span| locate(file, text, span.start)),
        message: error.message().to_owned(),
    })?;
    let wrong = |message: String| ContractError::Invalid { location: None, message };
    if contract.schema != SCHEMA {
        return Err(wrong(format!("schema {} is not known; this version reads schema {SCHEMA}", contract.schema)));
    }
    if contract.login.is_empty() {
        return Err(wrong("a contract needs at least one [[login]]".to_owned()));
    }
    if let Some(control) = &contract.subject_control
        && contract.login(&control.login).is_none()
    {
        return Err(wrong(format!("subject-control.login: there is no login `{}`", control.login)));
    }
    Ok(contract)
}

fn locate(file: &str, text: &str, offset: usize) -> Location {
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
        let ContractError::Invalid { location: Some(at), message } = error else { panic!("{error:?}") };
        assert_eq!((at.line, at.column), (2, 6));
        assert!(message.contains("expected a string"), "{message}");

        let error = load("betterez-refresh-tokn").unwrap_err();
        assert_eq!(error.hint(), "did you mean `betterez-refresh-token`?");
    }

    #[test]
    fn a_typo_in_a_key_is_refused_by_name() {
        let (_, text) = BUILTIN[0];
        let error = parse("x.toml", &text.replacen("subject = ", "subjct = ", 1)).unwrap_err();
        assert!(error.to_string().contains("subjct"), "{error}");
    }
}
