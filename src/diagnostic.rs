//! What is told to a person about input or about the run itself: what happened, where, and how to mend it.

use serde::{Deserialize, Serialize};

/// A place in a text file a person can open: one-based line and column.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The file as the user named it (`-` for standard input).
    pub file: String,
    /// One-based line.
    pub line: u32,
    /// One-based column, counted in characters.
    pub column: u32,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What a warning is about; stable, for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningCode {
    /// A `{{name}}` or `<<name>>` that no scope knows was sent as it stands.
    UnresolvedVariable,
    /// The collection holds a script that this build does not run.
    ScriptNotRun,
    /// The request asks for an auth scheme that cannot sign it; it was sent unsigned.
    AuthNotApplied,
    /// A part of the request (a file, a form part) could not be sent as described.
    BodyNotSent,
    /// A file with a certificate or a key cannot be used; the request was sent without it.
    CertificateNotUsed,
    /// A field was understood as something else than what was written, or ignored.
    FieldIgnored,
    /// An option, or a key of a settings file, means nothing here.
    OptionIgnored,
    /// A variable was set without a value: it resolves to nothing.
    VariableWithoutValue,
    /// A `<<expression>>` was recognised but could not be evaluated; it was sent as it stands.
    ExpressionFailed,
    /// A contract's capture found nothing where the contract says the value sits.
    CaptureMissing,
    /// A part of the contract was left out, because its variables are not set.
    NotConfigured,
    /// A limit that was set for the run left something undone.
    LimitReached,
    /// `setNextRequest` names a request that is not in the run.
    NoSuchItem,
    /// The data file is read in a way its author may not expect.
    IterationData,
    /// The run executed nothing.
    NothingExecuted,
}

/// Something was done, and the user should know about it: never an error, never silent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// What it is about.
    pub code: WarningCode,
    /// What happened, as one sentence without a full stop.
    pub message: String,
    /// How to mend it, when there is something to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Where in the user's files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

impl Warning {
    /// A warning without hint or location.
    pub fn new(code: WarningCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, location: None }
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds where it is.
    #[must_use]
    pub fn at(mut self, location: Option<Location>) -> Self {
        self.location = location;
        self
    }
}

/// An input that cannot be used. Displays as the three lines a person gets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct InputError {
    /// What failed, e.g. ``cannot read collection `pets.json` ``.
    pub what: String,
    /// Why: the JSON path if there is one, what was expected and found, line and column.
    pub cause: String,
    /// How to mend it.
    pub hint: Option<String>,
    /// Where in the user's files.
    pub location: Option<Location>,
}

impl std::fmt::Display for InputError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "error: {}\n  caused by: {}", self.what, self.cause)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Similarity from which a name counts as a typo of another (difflib's customary cutoff).
const SIMILAR_ENOUGH: f32 = 0.6;

/// The candidate a person most likely meant by `name`, if any is close. Letter case does not count.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let mut best: Option<(f32, &'a str)> = None;
    for candidate in candidates {
        let ratio = similar::TextDiff::from_chars(wanted.as_str(), candidate.to_lowercase().as_str()).ratio();
        if ratio >= SIMILAR_ENOUGH && best.is_none_or(|(most, _)| ratio > most) {
            best = Some((ratio, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_closest_name_only_when_close() {
        let names = ["login", "logout", "Refresh token"];
        for (name, expected) in [
            ("logn", Some("login")),
            ("LOGOUT", Some("logout")),
            ("refresh-token", Some("Refresh token")),
            ("orders", None),
            ("", None),
        ] {
            assert_eq!(suggest(name, names), expected, "{name}");
        }
    }
}
