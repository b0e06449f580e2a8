//! Expected failures: what is known to be broken, why, whose it is, and until when that is accepted.

use crate::diagnostic::InputError;
use serde::Deserialize;

/// A check, or several, expected to fail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExpectedFailure {
    /// Id of the check; `*` stands for any characters, `?` for one.
    pub check: String,
    /// Why the failure is accepted.
    pub reason: String,
    /// Who is to mend it.
    pub owner: String,
    /// The last day it is accepted, `2027-01-31` (UTC).
    #[serde(deserialize_with = "day")]
    pub expires: time::Date,
}

/// The file of `--expected-failures`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ExpectedFailures {
    #[serde(default)]
    expected_failure: Vec<ExpectedFailure>,
}

/// Parses a file of `[[expected-failure]]` tables; `file` names it in errors.
///
/// # Errors
/// When it is not TOML, a field is missing or unknown, or a day is none.
pub fn parse_expected_failures(file: &str, text: &str) -> Result<Vec<ExpectedFailure>, InputError> {
    let parsed: ExpectedFailures = toml::from_str(text).map_err(|error| {
        let location = error.span().map(|span| super::read::locate(file, text, span.start));
        let place = location.as_ref().map(|at| format!(" (line {}, column {})", at.line, at.column));
        InputError {
            what: format!("cannot read expected failures `{file}`"),
            cause: format!("{}{}", error.message(), place.unwrap_or_default()),
            hint: Some(
                "each is a table: [[expected-failure]] check = \"rt.race*\", reason = \"…\", owner = \"…\", \
                 expires = \"2027-01-31\""
                    .to_owned(),
            ),
            location,
        }
    })?;
    Ok(parsed.expected_failure)
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<time::Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    let format = time::macros::format_description!("[year]-[month]-[day]");
    time::Date::parse(&text, format)
        .map_err(|_| serde::de::Error::custom(format!("`{text}` is no day; expected one such as 2027-01-31")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_needs_its_four_fields_and_a_real_day() {
        let whole = "[[expected-failure]]\ncheck = \"rt.race*\"\nreason = \"known\"\nowner = \"auth team\"\nexpires = \"2027-01-31\"\n";
        let entries = parse_expected_failures("known.toml", whole).unwrap();
        assert_eq!(entries[0].expires, time::macros::date!(2027 - 01 - 31));

        for field in ["check", "reason", "owner", "expires"] {
            let text: String = whole
                .lines()
                .filter(|line| !line.starts_with(field))
                .map(|line| format!("{line}\n"))
                .collect();
            let error = parse_expected_failures("known.toml", &text).unwrap_err();
            assert!(error.cause.contains(field), "{error}");
        }
        let error = parse_expected_failures("known.toml", &whole.replace("01-31", "02-30")).unwrap_err();
        assert_eq!(
            error.cause,
            "`2027-02-30` is no day; expected one such as 2027-01-31 (line 5, column 11)"
        );
    }
}
