//! What came back, as far as verdicts need it, and where a contract finds values in it.

use super::{leak, presented};
use crate::contract::{Contract, ErrorRow, Source};
use crate::exchange::{Exchange, Headers};
use serde_json::Value;

/// The final answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// The contract's error code, where the answer has one.
    pub code: Option<String>,
    /// The body, where it is JSON.
    pub json: Option<Value>,
    /// Header fields.
    pub headers: Headers,
    /// What an error's body gives away that it must not, in words.
    pub given_away: Option<&'static str>,
    /// Cookies set and not taken back at once, those of redirects included; name and value, the last one first.
    cookies: Vec<(String, String)>,
}

impl Answer {
    /// The answer of an exchange; `None` when none came.
    pub fn of(contract: &Contract, exchange: &Exchange) -> Option<Self> {
        let response = exchange.response()?;
        let responses = exchange.calls.iter().rev().filter_map(|call| call.outcome.as_ref().ok());
        let fields = responses.flat_map(|response| {
            response.headers.get_all("set-cookie").collect::<Vec<_>>().into_iter().rev().map(str::to_owned)
        });
        let mut answer = Self {
            status: response.code,
            code: None,
            json: response.body.json(),
            headers: response.headers.clone(),
            given_away: if response.code < 400 { None } else { given_away(contract, exchange) },
            cookies: fields.filter_map(|field| cookie(&field)).collect(),
        };
        answer.code = contract.errors.code.as_ref().and_then(|source| answer.find(source));
        Some(answer)
    }

    /// 2xx.
    pub fn accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// 4xx: a refusal, whichever. 5xx is no refusal but an accident.
    pub fn refused(&self) -> bool {
        (400..500).contains(&self.status)
    }

    /// Whether the body is a JSON object.
    pub fn is_json_object(&self) -> bool {
        self.json.as_ref().is_some_and(Value::is_object)
    }

    /// The text at a place: a string that is not empty, or a number.
    pub fn find(&self, source: &Source) -> Option<String> {
        let found = match source {
            Source::Json(pointer) => match self.json.as_ref()?.pointer(pointer)? {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            },
            Source::Cookie(name) => {
                self.cookies.iter().find(|(cookie, _)| cookie == name).map(|(_, value)| value.clone())
            }
            Source::Header { name, pattern } => {
                self.headers.get_all(name).find_map(|value| Source::part_of(pattern.as_ref(), value))
            }
        };
        found.filter(|text| !text.is_empty())
    }

    /// The text at the first of these places that has one.
    pub fn first(&self, sources: &[Source]) -> Option<String> {
        sources.iter().find_map(|source| self.find(source))
    }

    /// Whether anything at all is at one of these places, a token or not.
    pub fn holds(&self, sources: &[Source]) -> bool {
        sources.iter().any(|source| match source {
            Source::Json(pointer) => self.json.as_ref().is_some_and(|json| json.pointer(pointer).is_some()),
            _ => self.find(source).is_some(),
        })
    }

    /// What differs from a documented refusal; `None` when it is that one.
    pub fn differs_from(&self, row: &ErrorRow) -> Option<String> {
        let code = match &row.code_at {
            Some(source) => self.find(source),
            None => self.code.clone(),
        };
        let status = row.status.iter().any(|status| status.matches(self.status));
        if !status || !row.code.as_ref().is_none_or(|rule| rule.accepts(code.as_deref())) {
            let shown = Self { code, ..self.clone() };
            return Some(format!("expected {row}, got {shown}"));
        }
        for (name, pattern) in &row.headers {
            if !self.headers.get_all(name).any(|value| pattern.is_match(value)) {
                let found = self.headers.get(name).unwrap_or("none");
                return Some(format!("expected a header `{name}` like `{pattern}`, found {found}"));
            }
        }
        let media_type = self.headers.get("content-type").map(media_type);
        row.content_type
            .as_ref()
            .filter(|wanted| media_type.as_deref() != Some(wanted.to_lowercase().trim()))
            .map(|wanted| {
                format!("expected {wanted}, got {}", media_type.as_deref().unwrap_or("no content type"))
            })
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} {code}", self.status),
            None => write!(f, "{}", self.status),
        }
    }
}

fn given_away(contract: &Contract, exchange: &Exchange) -> Option<&'static str> {
    let token = presented::refresh_token(contract, exchange.request()).as_text();
    leak::given_away(&exchange.response()?.body.text(), token.as_deref())
}

/// A media type without its parameters, lower case.
pub(super) fn media_type(field: &str) -> String {
    field.split(';').next().unwrap_or_default().trim().to_lowercase()
}

/// Name and value of a `Set-Cookie` field; `None` for one that takes a cookie back.
fn cookie(field: &str) -> Option<(String, String)> {
    let mut parts = field.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let taken_back = parts.any(|attribute| {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        name.trim().eq_ignore_ascii_case("max-age")
            && value.trim().parse::<i64>().is_ok_and(|seconds| seconds <= 0)
    });
    let value = value.trim();
    let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    (!taken_back && !value.is_empty()).then(|| (name.trim().to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_is_taken_back_is_none() {
        for (field, expected) in [
            ("rt=abc; Path=/; HttpOnly", Some(("rt", "abc"))),
            ("rt=\"a=b\"; Max-Age=60", Some(("rt", "a=b"))),
            ("rt=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("rt=deleted; Max-Age=0", None),
            ("nonsense", None),
        ] {
            let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(cookie(field), expected, "{field}");
        }
    }
}
