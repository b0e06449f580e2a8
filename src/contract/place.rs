//! Where a value sits: in an answer ([`Source`]), in a request ([`Carrier`]).

use regex_lite::Regex;
use std::fmt;

/// A regular expression, as written and compiled.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles it.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |error: regex_lite::Error| format!("`{text}` is no regular expression: {error}");
        Regex::new(text).map(Self).map_err(wrong)
    }

    /// Whether it occurs in a text.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// What its one group holds.
    fn group(&self, text: &str) -> Option<String> {
        Some(self.0.captures(text)?.get(1)?.as_str().to_owned())
    }

    fn groups(&self) -> usize {
        self.0.captures_len() - 1
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// Where a value sits in an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// `/json/pointer` (RFC 6901) into the body.
    Json(String),
    /// `cookie:NAME`: a cookie the answer sets.
    Cookie(String),
    /// `header:NAME`, or `header:NAME ~ REGEX` with one group.
    Header {
        /// The field.
        name: String,
        /// What of its value.
        pattern: Option<Pattern>,
    },
}

impl Source {
    /// Reads it as contracts write it.
    ///
    /// # Errors
    /// What it would have to be.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('/') {
            return Ok(Self::Json(text.to_owned()));
        }
        match text.split_once(':') {
            Some(("cookie", name)) if is_name(name) => Ok(Self::Cookie(name.to_owned())),
            Some(("header", rest)) => {
                let (name, pattern) = match rest.split_once('~') {
                    Some((name, pattern)) => (name.trim(), Some(Pattern::parse(pattern.trim())?)),
                    None => (rest.trim(), None),
                };
                if let Some(pattern) = pattern.as_ref().filter(|pattern| pattern.groups() != 1) {
                    return Err(format!(
                        "`{pattern}` has {} groups; one `(…)` says which part is meant",
                        pattern.groups()
                    ));
                }
                if !is_name(name) {
                    return Err("expected `header:NAME` or `header:NAME ~ REGEX`".to_owned());
                }
                Ok(Self::Header { name: name.to_owned(), pattern })
            }
            _ => Err(format!(
                "`{text}` is no place in an answer: expected `/json/pointer`, `cookie:NAME`, `header:NAME` or \
                 `header:NAME ~ REGEX`"
            )),
        }
    }

    /// The part of a header's value that is meant; `None` when the pattern does not match.
    pub fn part_of(pattern: Option<&Pattern>, value: &str) -> Option<String> {
        match pattern {
            Some(pattern) => pattern.group(value),
            None => Some(value.to_owned()),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(pointer) => write!(f, "`{pointer}`"),
            Self::Cookie(name) => write!(f, "the cookie `{name}`"),
            Self::Header { name, pattern: None } => write!(f, "the header `{name}`"),
            Self::Header { name, pattern: Some(pattern) } => write!(f, "the header `{name}` (`{pattern}`)"),
        }
    }
}

/// Where a value sits in a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// `json:/pointer` (RFC 6901) into a JSON body.
    Json(String),
    /// `form:NAME`: a field of a form body.
    Form(String),
    /// `header:NAME`, or `header:NAME PREFIX` with a word before the value.
    Header {
        /// The field.
        name: String,
        /// What stands before the value and a blank, e.g. `Bearer`.
        prefix: Option<String>,
    },
    /// `cookie:NAME`.
    Cookie(String),
    /// `query:NAME`: a parameter of the URL.
    Query(String),
}

impl Carrier {
    /// Reads it as contracts write it.
    ///
    /// # Errors
    /// What it would have to be.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("json", pointer)) if pointer.starts_with('/') && pointer.len() > 1 => {
                Ok(Self::Json(pointer.to_owned()))
            }
            Some(("form", name)) if !name.is_empty() => Ok(Self::Form(name.to_owned())),
            Some(("query", name)) if !name.is_empty() => Ok(Self::Query(name.to_owned())),
            Some(("cookie", name)) if is_name(name) => Ok(Self::Cookie(name.to_owned())),
            Some(("header", rest)) => {
                let (name, prefix) = match rest.trim().split_once(' ') {
                    Some((name, prefix)) => (name, Some(prefix.trim().to_owned())),
                    None => (rest.trim(), None),
                };
                if is_name(name) {
                    Ok(Self::Header { name: name.to_owned(), prefix })
                } else {
                    Err("expected `header:NAME` or `header:NAME PREFIX`".to_owned())
                }
            }
            _ => Err(format!(
                "`{text}` is no place in a request: expected `json:/pointer`, `form:NAME`, `header:NAME`, \
                 `header:NAME PREFIX`, `cookie:NAME` or `query:NAME`"
            )),
        }
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(pointer) => write!(f, "`{pointer}` in the body"),
            Self::Form(name) => write!(f, "the form field `{name}`"),
            Self::Header { name, .. } => write!(f, "the header `{name}`"),
            Self::Cookie(name) => write!(f, "the cookie `{name}`"),
            Self::Query(name) => write!(f, "the query parameter `{name}`"),
        }
    }
}

/// Whether it can name a header field or a cookie (RFC 9110 §5.6.2, a token).
fn is_name(text: &str) -> bool {
    let mark = |c| "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_answers_are_read_as_written() {
        assert_eq!(Source::parse("/a/b"), Ok(Source::Json("/a/b".to_owned())));
        assert_eq!(Source::parse("cookie:rt"), Ok(Source::Cookie("rt".to_owned())));
        let Ok(Source::Header { name, pattern: Some(pattern) }) =
            Source::parse("header:location ~ code=([^&]+)")
        else {
            panic!("no header with a pattern")
        };
        assert_eq!(name, "location");
        assert_eq!(Source::part_of(Some(&pattern), "/cb?code=a.b&state=1").as_deref(), Some("a.b"));
        assert_eq!(Source::part_of(Some(&pattern), "/cb?error=x"), None);
        for (wrong, told) in [
            ("token", "no place in an answer"),
            ("cookie:", "no place in an answer"),
            ("header:a b", "expected `header:NAME`"),
            ("header:a ~ (", "no regular expression"),
            ("header:a ~ b", "0 groups"),
            ("header:a ~ (b)(c)", "2 groups"),
        ] {
            let error = Source::parse(wrong).unwrap_err();
            assert!(error.contains(told), "{wrong}: {error}");
        }
    }

    #[test]
    fn places_in_requests_are_read_as_written() {
        let header = |name: &str, prefix: Option<&str>| Carrier::Header {
            name: name.to_owned(),
            prefix: prefix.map(str::to_owned),
        };
        for (text, expected) in [
            ("json:/refresh", Carrier::Json("/refresh".to_owned())),
            ("form:refresh_token", Carrier::Form("refresh_token".to_owned())),
            ("query:token", Carrier::Query("token".to_owned())),
            ("cookie:rt", Carrier::Cookie("rt".to_owned())),
            ("header:x-refresh", header("x-refresh", None)),
            ("header:authorization Bearer ", header("authorization", Some("Bearer"))),
        ] {
            assert_eq!(Carrier::parse(text), Ok(expected), "{text}");
        }
        for wrong in ["/refresh", "json:refresh", "json:/", "form:", "header:", "cookie:a;b"] {
            assert!(Carrier::parse(wrong).is_err(), "{wrong}");
        }
    }
}
