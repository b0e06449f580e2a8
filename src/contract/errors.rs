//! The documented refusals: one row a case.

use super::place::{Pattern, Source};
use super::status::{StatusPattern, either};
use indexmap::IndexMap;
use std::fmt;

/// The documented refusals.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ErrorTable {
    /// Where an error answer has its code; none where it has no code.
    pub code: Option<Source>,
    /// JSON pointers that every error body has.
    pub envelope: Vec<String>,
    /// Rows.
    pub row: Vec<ErrorRow>,
}

/// One documented refusal.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorRow {
    /// What the request did wrong.
    pub case: ErrorCase,
    /// Status codes, any of them.
    pub status: Vec<StatusPattern>,
    /// The code in the answer; not compared when absent.
    pub code: Option<CodeRule>,
    /// Where the code is, when it is not where the table says.
    pub code_at: Option<Source>,
    /// Header fields that must be there, and what must occur in their values.
    pub headers: IndexMap<String, Pattern>,
    /// The media type, without parameters.
    pub content_type: Option<String>,
}

/// What an error's code must be.
#[derive(Debug, Clone, PartialEq)]
pub enum CodeRule {
    /// One of these.
    OneOf(Vec<String>),
    /// Whatever this occurs in.
    Matches(Pattern),
    /// There must be none.
    Absent,
}

impl CodeRule {
    /// Whether a code is as it must be.
    pub fn accepts(&self, code: Option<&str>) -> bool {
        match (self, code) {
            (Self::OneOf(codes), Some(code)) => codes.iter().any(|allowed| allowed == code),
            (Self::Matches(pattern), Some(code)) => pattern.is_match(code),
            (Self::Absent, code) => code.is_none(),
            (_, None) => false,
        }
    }
}

impl fmt::Display for ErrorRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&either(&self.status))?;
        match &self.code {
            Some(CodeRule::OneOf(codes)) => write!(f, " {}", either(codes)),
            Some(CodeRule::Matches(pattern)) => write!(f, " with a code like `{pattern}`"),
            Some(CodeRule::Absent) => f.write_str(" without a code"),
            None => Ok(()),
        }
    }
}

/// Declares the cases with their names in contracts.
macro_rules! cases {
    ($($(#[$doc:meta])* $case:ident = $name:literal,)*) => {
        /// What a refused redeem did wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCase {
            $($(#[$doc])* $case,)*
        }

        impl ErrorCase {
            /// Every case, by its name in contracts.
            pub const NAMED: &[(&str, Self)] = &[$(($name, Self::$case),)*];
        }
    };
}

cases! {
    /// The request lacks the token.
    MissingField = "missing-field",
    /// The token is an empty string.
    Empty = "empty",
    /// The token is null.
    Null = "null",
    /// The token is a number, an object …
    WrongType = "wrong-type",
    /// The body cannot be parsed.
    BrokenBody = "broken-body",
    /// The body is of another media type than documented.
    WrongContentType = "wrong-content-type",
    /// No such token was ever issued.
    Garbage = "garbage",
    /// A token that was issued, with a part of it changed.
    Tampered = "tampered",
    /// An access token in the refresh token's place.
    AccessToken = "access-token",
    /// The token was redeemed before.
    Used = "used",
    /// The token is older than its lifetime.
    Expired = "expired",
    /// The subject can no longer sign in.
    DisabledSubject = "disabled-subject",
    /// The subject is gone.
    DeletedSubject = "deleted-subject",
    /// The application is not named.
    MissingClient = "missing-client",
    /// The application is not known.
    UnknownClient = "unknown-client",
    /// The application's secret is wrong.
    WrongSecret = "wrong-secret",
    /// One application's id with another's secret.
    OtherClientCredentials = "other-client-credentials",
    /// Another application presents the token, with credentials of its own that are good.
    OtherClient = "other-client",
}

impl ErrorCase {
    /// Its name in contracts.
    pub fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(_, case)| *case == self).map_or("", |(name, _)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_compared_as_its_row_says() {
        let one_of = CodeRule::OneOf(vec!["A".to_owned(), "B".to_owned()]);
        let like = CodeRule::Matches(Pattern::parse("^invalid_").unwrap());
        for (rule, code, expected) in [
            (&one_of, Some("B"), true),
            (&one_of, Some("b"), false),
            (&one_of, None, false),
            (&like, Some("invalid_grant"), true),
            (&like, Some("not_invalid_"), false),
            (&CodeRule::Absent, None, true),
            (&CodeRule::Absent, Some("A"), false),
        ] {
            assert_eq!(rule.accepts(code), expected, "{rule:?} {code:?}");
        }
    }
}
