//! Request signing: one file a scheme, and the closed list of schemes this version can apply.
//!
//! Parameters arrive resolved (variables substituted). A scheme replaces what the user wrote in its place, as
//! Postman's auth helpers do: an `Authorization` header, or the header or query parameter of an API key.

pub mod apikey;
pub mod basic;
pub mod bearer;

use crate::collection::RequestAuth;
use crate::diagnostic::{Warning, WarningCode};
use crate::exchange::ResolvedRequest;

/// An auth scheme with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// Nothing is signed.
    NoAuth,
    /// RFC 7617.
    Basic(basic::Params),
    /// RFC 6750 §2.1.
    Bearer(bearer::Params),
    /// A key in a header or in the query.
    ApiKey(apikey::Params),
    /// A scheme this version does not apply, by name.
    Unsupported(String),
}

impl From<&RequestAuth> for Scheme {
    fn from(auth: &RequestAuth) -> Self {
        match auth.kind.as_str() {
            "noauth" => Self::NoAuth,
            "basic" => Self::Basic(basic::Params::from(auth)),
            "bearer" => Self::Bearer(bearer::Params::from(auth)),
            "apikey" => Self::ApiKey(apikey::Params::from(auth)),
            other => Self::Unsupported(other.to_owned()),
        }
    }
}

impl Scheme {
    /// Signs the request. `Some` says that (and why) the request is left unsigned.
    #[must_use = "an unsigned request must be told to the user"]
    pub fn sign(&self, request: &mut ResolvedRequest) -> Option<Warning> {
        match self {
            Self::NoAuth => None,
            Self::Basic(params) => {
                basic::sign(params, request);
                None
            }
            Self::Bearer(params) => bearer::sign(params, request),
            Self::ApiKey(params) => apikey::sign(params, request),
            Self::Unsupported(kind) => {
                let message =
                    format!("auth `{kind}` is not applied by this version; the request was sent unsigned");
                Some(Warning::new(WarningCode::AuthNotApplied, message))
            }
        }
    }
}

/// The warning for a scheme that lacks the parameter it cannot do without.
fn unsigned(kind: &str, parameter: &str) -> Warning {
    let message = format!("auth `{kind}` has no {parameter}; the request was sent unsigned");
    Warning::new(WarningCode::AuthNotApplied, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Headers;
    use serde_json::{Value, json};

    fn auth(kind: &str, params: Value) -> RequestAuth {
        let params = params.as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        RequestAuth { kind: kind.into(), params }
    }

    fn signed(kind: &str, params: Value, url: &str, headers: &[(&str, &str)]) -> (ResolvedRequest, bool) {
        let mut request = ResolvedRequest {
            method: "GET".into(),
            url: url.into(),
            headers: Headers::default(),
            body: None,
        };
        for (key, value) in headers {
            request.headers.push(*key, *value);
        }
        let warning = Scheme::from(&auth(kind, params)).sign(&mut request);
        (request, warning.is_some())
    }

    /// scheme, parameters, user headers → headers, warned
    #[test]
    fn headers_of_every_scheme() {
        type Case =
            (&'static str, Value, &'static [(&'static str, &'static str)], Vec<[&'static str; 2]>, bool);
        let cases: Vec<Case> = vec![
            ("noauth", json!({}), &[("Authorization", "mine")], vec![["Authorization", "mine"]], false),
            // Vectors recorded from newman (postman-compat.md §5.1).
            (
                "basic",
                json!({"username": "u", "password": "pé:x"}),
                &[],
                vec![["Authorization", "Basic dTpww6k6eA=="]],
                false,
            ),
            ("basic", json!({}), &[], vec![["Authorization", "Basic Og=="]], false),
            (
                "basic",
                json!({"username": "u"}),
                &[("authorization", "mine"), ("X", "1")],
                vec![["X", "1"], ["Authorization", "Basic dTo="]],
                false,
            ),
            ("bearer", json!({"token": "t"}), &[], vec![["Authorization", "Bearer t"]], false),
            (
                "bearer",
                json!({"token": ""}),
                &[("Authorization", "mine")],
                vec![["Authorization", "mine"]],
                true,
            ),
            ("bearer", json!({}), &[], vec![], true),
            (
                "apikey",
                json!({"key": "X-Api-Key", "value": "k"}),
                &[("x-api-key", "old"), ("X-API-KEY", "older")],
                vec![["X-Api-Key", "k"]],
                false,
            ),
            ("apikey", json!({"value": "k"}), &[], vec![], true),
            ("apikey", json!({"key": "n", "value": 7, "in": "header"}), &[], vec![["n", "7"]], false),
            ("digest", json!({"username": "u"}), &[], vec![], true),
            ("", json!({}), &[], vec![], true),
        ];
        for (kind, params, user, expected, warned) in cases {
            let (request, warning) = signed(kind, params.clone(), "http://h/", user);
            let headers: Vec<[&str; 2]> =
                request.headers.iter().map(|h| [h.key.as_str(), h.value.as_str()]).collect();
            assert_eq!((headers, warning), (expected, warned), "{kind} {params}");
            assert_eq!(request.url, "http://h/");
        }
    }

    #[test]
    fn api_key_in_the_query() {
        let params = json!({"key": "api key", "value": "a&b", "in": "query"});
        for (url, expected) in [
            ("http://h/p", "http://h/p?api%20key=a%26b"),
            ("http://h/p?x=1", "http://h/p?x=1&api%20key=a%26b"),
            ("http://h/p?API%20KEY=old&x=1&api key", "http://h/p?x=1&api%20key=a%26b"),
            ("http://h/p?x#frag", "http://h/p?x&api%20key=a%26b#frag"),
        ] {
            let (request, warned) = signed("apikey", params.clone(), url, &[]);
            assert_eq!((request.url.as_str(), warned), (expected, false));
            assert!(request.headers.0.is_empty());
        }
    }

    #[test]
    fn the_warning_names_the_scheme() {
        let mut request = signed("noauth", json!({}), "http://h/", &[]).0;
        let warning = Scheme::from(&auth("digest", json!({}))).sign(&mut request).unwrap();
        assert_eq!(warning.code, WarningCode::AuthNotApplied);
        assert_eq!(
            warning.message,
            "auth `digest` is not applied by this version; the request was sent unsigned"
        );
    }
}
