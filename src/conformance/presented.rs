//! What a request presents: the value at a place, its refresh token, its application's credentials.

use super::answer::media_type;
use crate::contract::{Carrier, ClientAuthKind, Contract};
use crate::exchange::ResolvedRequest;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;

/// What is at a place of a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Presented {
    /// A text that is not empty.
    Text(String),
    Empty,
    Null,
    /// A number, an object …
    Other(Value),
    Missing,
    /// The body cannot be parsed.
    Broken,
    /// The body is of another media type than one that has such places.
    OtherType,
}

impl Presented {
    fn text(value: impl Into<String>) -> Self {
        match value.into() {
            text if text.is_empty() => Self::Empty,
            text => Self::Text(text),
        }
    }

    /// The text, or what JSON calls the value.
    pub(super) fn as_text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Other(value) => Some(value.to_string()),
            _ => None,
        }
    }
}

/// What is at a place of a request.
pub(super) fn at(carrier: &Carrier, request: &ResolvedRequest) -> Presented {
    match carrier {
        Carrier::Json(pointer) => in_json(pointer, request),
        Carrier::Form(name) => in_form(name, request),
        Carrier::Header { name, prefix } => match (request.headers.get(name), prefix) {
            (None, _) => Presented::Missing,
            (Some(value), None) => Presented::text(value.trim()),
            (Some(value), Some(prefix)) => match value.trim().split_once(' ') {
                Some((word, rest)) if word.eq_ignore_ascii_case(prefix) => Presented::text(rest.trim()),
                _ => Presented::Missing,
            },
        },
        Carrier::Cookie(name) => {
            let pairs = request.headers.get_all("cookie").flat_map(|field| field.split(';'));
            let mut values = pairs.filter_map(|pair| {
                let (cookie, value) = pair.trim().split_once('=')?;
                (cookie == name).then_some(value)
            });
            values.next().map_or(Presented::Missing, Presented::text)
        }
        Carrier::Query(name) => query(name, request).map_or(Presented::Missing, Presented::text),
    }
}

fn in_json(pointer: &str, request: &ResolvedRequest) -> Presented {
    let Some(body) = request.body.as_ref().filter(|body| !body.is_empty()) else { return Presented::Missing };
    let typed = request.headers.get("content-type").map(media_type);
    if typed.is_some_and(|media_type| !media_type.contains("json")) {
        return Presented::OtherType;
    }
    let Some(json) = body.json() else { return Presented::Broken };
    match json.pointer(pointer) {
        None if json.is_object() => Presented::Missing,
        None => Presented::Broken,
        Some(Value::Null) => Presented::Null,
        Some(Value::String(text)) => Presented::text(text.as_str()),
        Some(other) => Presented::Other(other.clone()),
    }
}

fn in_form(name: &str, request: &ResolvedRequest) -> Presented {
    let Some(body) = request.body.as_ref().filter(|body| !body.is_empty()) else { return Presented::Missing };
    let typed = request.headers.get("content-type").map(media_type);
    if typed.is_some_and(|media_type| media_type != "application/x-www-form-urlencoded") {
        return Presented::OtherType;
    }
    let found = url::form_urlencoded::parse(body.bytes()).find(|(key, _)| key == name);
    found.map_or(Presented::Missing, |(_, value)| Presented::text(value))
}

fn query(name: &str, request: &ResolvedRequest) -> Option<String> {
    let url = url::Url::parse(&request.url).ok()?;
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The refresh token a redeem presents: the first place that has one, else what is odd about the place.
pub(super) fn refresh_token(contract: &Contract, request: &ResolvedRequest) -> Presented {
    let found: Vec<Presented> =
        contract.refresh_carriers().into_iter().map(|carrier| at(carrier, request)).collect();
    let token = found.iter().find(|presented| matches!(presented, Presented::Text(_)));
    let odd = || found.iter().find(|presented| **presented != Presented::Missing);
    token.or_else(odd).cloned().unwrap_or(Presented::Missing)
}

/// The credentials of an application, as a request presents them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credentials {
    /// Its key or id.
    pub(super) key: String,
    /// Its secret, where requests present one.
    pub(super) secret: Option<String>,
}

/// How a request names its application; empty counts as absent.
pub(super) fn credentials(contract: &Contract, request: &ResolvedRequest) -> Option<Credentials> {
    let auth = &contract.client_auth;
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    let key_alone = |key: Option<String>| {
        let also = || auth.also_query.as_deref().and_then(|name| query(name, request));
        some(key).or_else(|| some(also())).map(|key| Credentials { key, secret: None })
    };
    match &auth.kind {
        ClientAuthKind::None => None,
        ClientAuthKind::Header(name) => key_alone(request.headers.get(name).map(str::to_owned)),
        ClientAuthKind::Query(name) => key_alone(query(name, request)),
        ClientAuthKind::Basic => {
            let (scheme, encoded) = request.headers.get("authorization")?.trim().split_once(' ')?;
            let bytes = BASE64_STANDARD.decode(encoded.trim()).ok()?;
            let pair = String::from_utf8(bytes).ok()?;
            let (key, secret) = pair.split_once(':')?;
            (scheme.eq_ignore_ascii_case("basic") && !key.is_empty())
                .then(|| Credentials { key: key.to_owned(), secret: Some(secret.to_owned()) })
        }
        ClientAuthKind::Body { id, secret } => {
            let key = some(in_body(id, request))?;
            let secret = secret.as_deref().map(|name| in_body(name, request).unwrap_or_default());
            Some(Credentials { key, secret })
        }
    }
}

/// A field of a body, form or JSON.
fn in_body(name: &str, request: &ResolvedRequest) -> Option<String> {
    match in_form(name, request) {
        Presented::OtherType => in_json(&format!("/{name}"), request).as_text(),
        presented => presented.as_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Body, Headers};

    fn request(headers: &[(&str, &str)], body: &str) -> ResolvedRequest {
        let mut fields = Headers::default();
        headers.iter().for_each(|(name, value)| fields.push(*name, *value));
        let body = (!body.is_empty()).then(|| Body::new(body.to_owned()));
        ResolvedRequest {
            method: "POST".to_owned(),
            url: "http://h/p?t=q%20v".to_owned(),
            headers: fields,
            body,
        }
    }

    #[test]
    fn a_value_is_found_wherever_it_is_carried() {
        let json = ("content-type", "application/json; charset=utf-8");
        let form = ("content-type", "application/x-www-form-urlencoded");
        let text = |text: &str| Presented::Text(text.to_owned());
        for (carrier, headers, body, expected) in [
            ("json:/a/b", &[json][..], r#"{"a":{"b":"v"}}"#, text("v")),
            ("json:/a", &[json], r#"{"a":""}"#, Presented::Empty),
            ("json:/a", &[json], r#"{"a":null}"#, Presented::Null),
            ("json:/a", &[json], r#"{"a":1}"#, Presented::Other(1.into())),
            ("json:/a", &[json], "{}", Presented::Missing),
            ("json:/a", &[json], "", Presented::Missing),
            ("json:/a", &[json], "{", Presented::Broken),
            ("json:/a", &[json], "[]", Presented::Broken),
            ("json:/a", &[form], r#"{"a":"v"}"#, Presented::OtherType),
            ("form:a", &[form], "b=1&a=x+y%2B", text("x y+")),
            ("form:a", &[form], "b=1", Presented::Missing),
            ("form:a", &[json], "a=1", Presented::OtherType),
            ("header:x-t", &[("X-T", "v")], "", text("v")),
            ("header:authorization Bearer", &[("Authorization", "bearer v")], "", text("v")),
            ("header:authorization Bearer", &[("Authorization", "Basic v")], "", Presented::Missing),
            ("cookie:rt", &[("Cookie", "a=b; rt=v=1; c=d")], "", text("v=1")),
            ("cookie:r", &[("Cookie", "rt=v")], "", Presented::Missing),
            ("query:t", &[], "", text("q v")),
        ] {
            assert_eq!(
                at(&Carrier::parse(carrier).unwrap(), &request(headers, body)),
                expected,
                "{carrier} {body}"
            );
        }
    }
}
