//! What a contract captures from answers, so that a documented flow needs no script.

use crate::diagnostic::{Warning, WarningCode};
use crate::exchange::{Body, Exchange};
use crate::variable::VariableScope;
use serde_json::Value;
use std::collections::HashMap;

/// One value to keep from the answer to one kind of request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// The request's method.
    pub method: String,
    /// The end of the request URL's path, whole segments: `/accounts/users` matches `/v1/accounts/users/`.
    pub path: String,
    /// Where the value sits.
    pub from: CaptureSource,
    /// Environment variables to set, all to the same value.
    pub into: Vec<String>,
}

/// Where a captured value sits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaptureSource {
    /// JSON pointer (RFC 6901) into the response's body.
    Response(String),
    /// JSON pointer into the request's body.
    Request(String),
    /// A response header.
    Header(String),
}

impl std::fmt::Display for CaptureSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Response(pointer) => write!(f, "`{pointer}` in the response body"),
            Self::Request(pointer) => write!(f, "`{pointer}` in the request body"),
            Self::Header(name) => write!(f, "the response header `{name}`"),
        }
    }
}

/// What a set of captures did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Captured {
    /// Variables set, in order.
    pub(super) names: Vec<String>,
    /// Captures that matched the request and found nothing.
    pub(super) warnings: Vec<Warning>,
}

/// The variables captures set, as they are before an item's test scripts run.
pub(super) fn before_scripts(captures: &[Capture], environment: &VariableScope) -> HashMap<String, Value> {
    let names = captures.iter().flat_map(|capture| &capture.into);
    names.filter_map(|name| Some((name.clone(), environment.get(name)?.clone()))).collect()
}

/// Applies the captures that match a request answered with 2xx, after the item's scripts: a variable that a script
/// has set itself, as `before` shows, is left to it. A value that is not there, or is null, sets nothing and is
/// warned about.
pub(super) fn apply(
    captures: &[Capture],
    exchange: &Exchange,
    environment: &mut VariableScope,
    before: &HashMap<String, Value>,
) -> Captured {
    let mut captured = Captured::default();
    let Some(response) = exchange.response().filter(|response| (200..300).contains(&response.code)) else {
        return captured;
    };
    let request = exchange.request();
    let path = path_of(&request.url);
    let matching = captures.iter().filter(|capture| {
        capture.method.eq_ignore_ascii_case(&request.method) && ends_with(path, &capture.path)
    });
    for capture in matching {
        let found = match &capture.from {
            CaptureSource::Response(pointer) => at(&response.body, pointer),
            CaptureSource::Request(pointer) => request.body.as_ref().and_then(|body| at(body, pointer)),
            CaptureSource::Header(name) => response.headers.get(name).map(Value::from),
        };
        match found {
            Some(value) => {
                for name in &capture.into {
                    if before.get(name) == environment.get(name) {
                        environment.set(name, value.clone());
                        captured.names.push(name.clone());
                    }
                }
            }
            None => {
                let message = format!(
                    "{} {path} was answered {} without {}: {} not set",
                    request.method,
                    response.code,
                    capture.from,
                    capture.into.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
                );
                captured.warnings.push(Warning::new(WarningCode::CaptureMissing, message));
            }
        }
    }
    captured
}

fn at(body: &Body, pointer: &str) -> Option<Value> {
    body.json()?.pointer_mut(pointer).map(Value::take).filter(|value| !value.is_null())
}

fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    rest.find('/').map_or("/", |at| &rest[at..])
}

fn ends_with(path: &str, suffix: &str) -> bool {
    let (path, suffix) = (path.trim_end_matches('/'), suffix.trim_matches('/'));
    path.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('/') || suffix.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::tests::{answer, exchange};

    #[test]
    fn paths_match_by_whole_segments_at_the_end() {
        for (url, suffix, expected) in [
            ("http://h/accounts/users", "/accounts/users", true),
            ("http://h/v1/accounts/users/?q=/x", "accounts/users", true),
            ("http://h/myaccounts/users", "/accounts/users", false),
            ("http://h/accounts/users/7", "/accounts/users", false),
            ("http://h?x=/accounts/users", "/accounts/users", false),
            ("http://h", "/", true),
        ] {
            assert_eq!(ends_with(path_of(url), suffix), expected, "{url} {suffix}");
        }
    }

    fn capture(from: CaptureSource, into: &[&str]) -> Capture {
        Capture {
            method: "post".into(),
            path: "/login".into(),
            from,
            into: into.iter().map(|&s| s.to_owned()).collect(),
        }
    }

    fn applied(code: u16, captures: &[Capture]) -> (Captured, Vec<(String, Value)>) {
        let response =
            answer(code, &[("X-Token", "h")], r#"{"token": "t", "n": [1, {"deep": 2}], "z": null}"#);
        let exchange = exchange("POST", "http://h/v1/login", r#"{"user": "u"}"#, response);
        let mut environment = VariableScope::default();
        let captured = apply(captures, &exchange, &mut environment, &HashMap::new());
        let values = environment.iter().map(|(name, v)| (name.to_owned(), v.value.clone())).collect();
        (captured, values)
    }

    #[test]
    fn values_are_taken_from_where_they_sit() {
        let captures = [
            capture(CaptureSource::Response("/token".into()), &["jwt-short-token", "shortToken"]),
            capture(CaptureSource::Response("/n/1/deep".into()), &["deep"]),
            capture(CaptureSource::Request("/user".into()), &["user"]),
            capture(CaptureSource::Header("x-token".into()), &["header"]),
        ];
        let (captured, values) = applied(201, &captures);
        assert_eq!(captured.names, ["jwt-short-token", "shortToken", "deep", "user", "header"]);
        assert_eq!(captured.warnings, []);
        let expected: Vec<(String, Value)> = [
            ("jwt-short-token", Value::from("t")),
            ("shortToken", "t".into()),
            ("deep", 2.into()),
            ("user", "u".into()),
            ("header", "h".into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
        assert_eq!(values, expected);
    }

    #[test]
    fn what_is_missing_is_told() {
        let captures = [
            capture(CaptureSource::Response("/nope".into()), &["a", "b"]),
            capture(CaptureSource::Response("/z".into()), &["null"]),
            capture(CaptureSource::Header("X-Nope".into()), &["c"]),
        ];
        let (captured, values) = applied(200, &captures);
        assert_eq!((captured.names, values), (vec![], vec![]));
        let messages: Vec<&str> = captured.warnings.iter().map(|w| w.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "POST /v1/login was answered 200 without `/nope` in the response body: `a`, `b` not set",
                "POST /v1/login was answered 200 without `/z` in the response body: `null` not set",
                "POST /v1/login was answered 200 without the response header `X-Nope`: `c` not set",
            ]
        );
    }

    #[test]
    fn only_matching_requests_answered_with_success_count() {
        let mut other = capture(CaptureSource::Response("/nope".into()), &["a"]);
        other.method = "GET".into();
        assert_eq!(applied(200, &[other]).0, Captured::default());
        let token = capture(CaptureSource::Response("/token".into()), &["a"]);
        assert_eq!(applied(401, &[token]).0, Captured::default());
    }
}
