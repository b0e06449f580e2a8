//! Reads an exchange with the contract in hand: which operation it is, what it presents, what came back.

use super::fact::Answer;
use crate::contract::{Contract, RequestTemplate};
use crate::exchange::{Exchange, ResolvedRequest};
use serde_json::Value;

/// What an exchange is, as the contract names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// A login; several logins may share one path.
    Login(usize),
    Redeem,
    /// The protected route of that login.
    Protected(usize),
    DisableSubject,
    EnableSubject,
}

/// The operation of a request, by method and path.
pub(super) fn operation(contract: &Contract, request: &ResolvedRequest) -> Option<Operation> {
    let path = path_of(&request.url);
    let is = |template: &RequestTemplate| {
        request.method.eq_ignore_ascii_case(&template.method) && path_matches(&template.path, path)
    };
    if is(&contract.redeem) {
        return Some(Operation::Redeem);
    }
    if let Some(index) = contract.login.iter().position(|login| is(&login.request)) {
        return Some(Operation::Login(index));
    }
    if let Some(index) = contract.login.iter().position(|login| login.protected.as_ref().is_some_and(is)) {
        return Some(Operation::Protected(index));
    }
    let control = contract.subject_control.as_ref()?;
    if is(&control.disable) {
        Some(Operation::DisableSubject)
    } else if is(&control.enable) {
        Some(Operation::EnableSubject)
    } else {
        None
    }
}

/// The path of a URL, without query and fragment.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Whether a path ends with the template's segments; a segment `<<name>>` stands for any one segment.
fn path_matches(template: &str, path: &str) -> bool {
    let wanted: Vec<&str> = template.trim_matches('/').split('/').collect();
    let actual: Vec<&str> = path.trim_matches('/').split('/').collect();
    actual.len() >= wanted.len()
        && wanted.iter().rev().zip(actual.iter().rev()).all(|(wanted, actual)| {
            (wanted.starts_with("<<") && wanted.ends_with(">>") && !actual.is_empty()) || wanted == actual
        })
}

/// The application's key a request presents, from the header field or the query; empty counts as absent.
pub(super) fn client_key(contract: &Contract, request: &ResolvedRequest) -> Option<String> {
    let auth = &contract.client_auth;
    let header = request.headers.get(&auth.header).filter(|key| !key.is_empty()).map(str::to_owned);
    header.or_else(|| {
        let name = auth.query.as_deref()?;
        let url = url::Url::parse(&request.url).ok()?;
        url.query_pairs()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    })
}

/// How the redeem request presents its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenField {
    Token(String),
    /// No body, or a JSON object without the field.
    Missing,
    /// An empty string, another type, a body that is not a JSON object.
    Odd,
}

/// The token a redeem request presents.
pub(super) fn presented_token(contract: &Contract, request: &ResolvedRequest) -> TokenField {
    let Some(body) = request.body.as_ref().filter(|body| !body.is_empty()) else {
        return TokenField::Missing;
    };
    let json = match body.json() {
        Some(json) if json.is_object() => json,
        _ => return TokenField::Odd,
    };
    let pointer = contract.tokens.refresh.request.as_deref().unwrap_or(&contract.tokens.refresh.response);
    match json.pointer(pointer) {
        None => TokenField::Missing,
        Some(Value::String(token)) if !token.is_empty() => TokenField::Token(token.clone()),
        Some(_) => TokenField::Odd,
    }
}

/// The Bearer token of a request.
pub(super) fn bearer(request: &ResolvedRequest) -> Option<&str> {
    let value = request.headers.get("authorization")?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The final answer, with its body where it is JSON.
pub(super) fn answer(contract: &Contract, exchange: &Exchange) -> Option<(Answer, Option<Value>)> {
    let response = exchange.response()?;
    let json = response.body.json();
    let code = json.as_ref().and_then(|json| text_at(json, &contract.errors.code));
    let json_object = json.as_ref().is_some_and(Value::is_object);
    Some((Answer { status: response.code, code, json_object }, json))
}

/// A non-empty string at a JSON pointer.
pub(super) fn text_at(json: &Value, pointer: &str) -> Option<String> {
    json.pointer(pointer)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// `exp - iat` of a JWT, seconds (RFC 7519 §4.1.4, §4.1.6); `None` when it is no JWT or says neither.
pub(super) fn jwt_lifetime(token: &str) -> Option<i64> {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    Some(claims.get("exp")?.as_i64()? - claims.get("iat")?.as_i64()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_from_the_end_and_by_segment() {
        for (template, url, expected) in [
            ("/accounts/users", "http://h/accounts/users", true),
            ("/accounts/users", "http://h:1/v2/accounts/users?x=/y#z", true),
            ("/accounts/users", "http://h/my-accounts/users", false),
            ("/accounts/users", "http://h/accounts/users/1", false),
            ("/accounts/customers/<<subject>>", "http://h/accounts/customers/42", true),
            ("/accounts/customers/<<subject>>", "http://h/accounts/customers/", false),
            ("/accounts/users", "http://h", false),
        ] {
            assert_eq!(path_matches(template, path_of(url)), expected, "{template} against {url}");
        }
    }

    #[test]
    fn a_jwt_tells_its_lifetime() {
        // {"iat":100,"exp":172900}
        assert_eq!(jwt_lifetime("e30.eyJpYXQiOjEwMCwiZXhwIjoxNzI5MDB9.c2ln"), Some(172_800));
        assert_eq!(jwt_lifetime("opaque"), None);
        assert_eq!(jwt_lifetime("e30.e30.x"), None);
    }
}
