//! A request of the collection as a contract writes it down, and how it names its application.

use super::guess::{Client, ENOUGH, Flat, Places, origin, points, redeems};
use super::hide::Hiding;
use crate::collection::{Request, RequestAuth, RequestBody};
use regex_lite::Regex;
use serde_json::Value;

/// A request, its templates those of contracts.
#[derive(Debug, Clone)]
pub(super) struct Sighted {
    pub(super) name: String,
    pub(super) method: String,
    /// What its URL begins with, where that is not the base URL.
    elsewhere: String,
    pub(super) segments: Vec<Segment>,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Body,
}

/// A part of a path.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// Of a path variable (`:name`).
    pub(super) name: Option<String>,
    pub(super) value: String,
}

#[derive(Debug, Clone)]
pub(super) enum Body {
    None,
    Json(Value),
    Form(Vec<(String, String)>),
}

impl Sighted {
    /// Below the base URL, or whole where it goes elsewhere.
    pub(super) fn path(&self) -> String {
        let segments: String = self.segments.iter().map(|segment| format!("/{}", segment.value)).collect();
        let path = if segments.is_empty() { "/".to_owned() } else { segments };
        self.elsewhere.clone() + &path
    }

    /// `POST /login ("Sign in")`.
    pub(super) fn told(&self) -> String {
        format!("{} {} ({:?})", self.method, self.path(), self.name)
    }

    /// Every key of a request in a contract, with its value as TOML.
    pub(super) fn keys(&self) -> Vec<(&'static str, String)> {
        let mut keys = vec![("method", super::quoted(&self.method)), ("path", super::quoted(&self.path()))];
        for (key, pairs) in [("query", &self.query), ("headers", &self.headers)] {
            if !pairs.is_empty() {
                keys.push((key, super::table(pairs)));
            }
        }
        match &self.body {
            Body::None => {}
            Body::Json(json) => keys.push(("json", super::inline(json))),
            Body::Form(fields) => keys.push(("form", super::table(fields))),
        }
        keys
    }

    /// The variables it needs; of those that the contract sets from others, these others.
    pub(super) fn names(&self, own: &[(String, String)]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (_, text) in self.keys() {
            for name in names_in(&text) {
                let from = own.iter().find(|(variable, _)| *variable == name);
                let from = from.map_or_else(|| vec![name], |(_, template)| names_in(template));
                names.extend(from);
            }
        }
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }
}

/// The variables of a template; those that Postman makes up (`$guid`) nobody has to give.
fn names_in(template: &str) -> Vec<String> {
    let Ok(variable) = Regex::new("<<\\s*([^<>|\\s]+)") else { return Vec::new() };
    let names = variable.captures_iter(template).map(|found| found[1].to_owned());
    names.filter(|name| !name.starts_with('$')).collect()
}

/// The path as the collection has it.
pub(super) fn path(request: &Request) -> String {
    format!("/{}", request.url.path.clone().unwrap_or_default().join("/"))
}

fn segments(request: &Request) -> Vec<Segment> {
    let parts = request.url.path.iter().flatten();
    parts
        .map(|part| match part.strip_prefix(':').filter(|name| !name.is_empty()) {
            Some(name) => {
                let given = request.url.variables.iter().find(|variable| variable.key == name);
                let given =
                    given.and_then(|variable| variable.value.clone()).filter(|value| !value.is_empty());
                let value = given.map_or_else(|| format!("<<{name}>>"), |value| templated(&value));
                Segment { name: Some(name.to_owned()), value }
            }
            None => Segment { name: None, value: templated(part) },
        })
        .collect()
}

/// The body's fields; those of a JSON body by their place, `user/name`.
pub(super) fn fields(request: &Request) -> Vec<(String, String)> {
    match body(request) {
        Body::None => Vec::new(),
        Body::Form(fields) => fields,
        Body::Json(json) => {
            let mut fields = Vec::new();
            leaves(&json, "", &mut fields);
            fields
        }
    }
}

fn leaves(json: &Value, at: &str, into: &mut Vec<(String, String)>) {
    let below = |key: &str| if at.is_empty() { escaped(key) } else { format!("{at}/{}", escaped(key)) };
    match json {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| leaves(value, &below(key), into)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, item)| leaves(item, &below(&n.to_string()), into));
        }
        Value::String(text) => into.push((at.to_owned(), text.clone())),
        other => into.push((at.to_owned(), other.to_string())),
    }
}

/// A key in a JSON pointer (RFC 6901 §3).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn body(request: &Request) -> Body {
    match &request.body {
        Some(RequestBody::Raw { text, .. }) => {
            // A variable that stands without quotes makes no JSON.
            serde_json::from_str(&templated(text)).map_or(Body::None, Body::Json)
        }
        Some(RequestBody::UrlEncoded(fields)) => {
            let fields = fields.iter().filter(|field| !field.disabled);
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            Body::Form(fields.map(|field| (text(&field.key), templated(&text(&field.value)))).collect())
        }
        _ => Body::None,
    }
}

/// `{{name}}` as contracts write it. Braces that belong to JSON (`{"a":{"b":1}}`) stay.
pub(super) fn templated(text: &str) -> String {
    let Ok(reference) = Regex::new(r#"\{\{([^{}"]+)\}\}"#) else { return text.to_owned() };
    reference.replace_all(text, "<<$1>>").into_owned()
}

/// A request without what the contract says elsewhere: the token, and the application's credentials.
pub(super) fn sighted(
    flat: &Flat<'_>,
    start: &str,
    tokens: &Places,
    client: Option<&Client>,
    (hiding, role): (&mut Hiding, &'static str),
) -> Sighted {
    let request = &flat.item.request;
    let own = origin(request);
    let carried = |name: &str, kind: &str| {
        [&tokens.access, &tokens.refresh].iter().any(|place| {
            let carrier = place.carrier.to_lowercase();
            carrier.split(' ').next() == Some(&format!("{kind}:{}", name.to_lowercase()))
        })
    };
    let named = |name: &str| {
        client.is_some_and(|client| client.fields.iter().any(|(_, field)| field.eq_ignore_ascii_case(name)))
    };
    let own_basic = client.is_some_and(|client| client.kind == "basic");
    let headers = request.headers.iter().filter(|header| !header.disabled).filter(|header| {
        if header.key.eq_ignore_ascii_case("authorization") {
            // The access token's place, but for credentials of the subject.
            return header.value.to_lowercase().starts_with("basic") && !own_basic;
        }
        let standard = ["content-type", "cookie", "accept", "user-agent", "host"];
        let known = standard.iter().any(|name| header.key.eq_ignore_ascii_case(name));
        !known && !carried(&header.key, "header") && !named(&header.key)
    });
    let headers = headers.map(|header| (header.key.clone(), templated(&header.value))).collect();
    let query = request.url.query.iter().filter(|parameter| !parameter.disabled);
    let query = query.filter_map(|parameter| {
        let name = parameter.key.clone().filter(|name| !carried(name, "query"))?;
        Some((name, templated(parameter.value.as_deref().unwrap_or_default())))
    });
    let body = match body(request) {
        Body::Form(fields) => Body::Form(
            fields.into_iter().filter(|(name, _)| !carried(name, "form") && !named(name)).collect(),
        ),
        Body::Json(mut json) => {
            if let Value::Object(fields) = &mut json {
                fields.retain(|name, _| !named(name));
            }
            without(&mut json, "", &|place| carried(place, "json"));
            Body::Json(json)
        }
        Body::None => Body::None,
    };
    let mut sighted = Sighted {
        name: flat.item.name.clone(),
        method: request.method.clone(),
        elsewhere: if own == start { String::new() } else { templated(&own) },
        segments: segments(request),
        query: query.collect(),
        headers,
        body,
    };
    // Basic credentials that are not the application's are the subject's.
    if let Some(auth) = flat.auth.filter(|auth| auth.kind == "basic" && !own_basic) {
        let place = format!("Basic authentication of the {role} request");
        let [user, password] =
            ["username", "password"].map(|name| hiding.secret(name, &parameter(auth, name), &place));
        sighted.headers.push(("authorization".to_owned(), hiding.pair(role, &user, &password)));
    }
    hiding.hide(role, &mut sighted);
    sighted
}

/// Takes what is at such places out of a JSON document.
fn without(json: &mut Value, at: &str, taken: &impl Fn(&str) -> bool) {
    if let Value::Object(fields) = json {
        fields.retain(|name, _| !taken(&format!("{at}/{}", escaped(name))));
        fields.iter_mut().for_each(|(name, value)| without(value, &format!("{at}/{}", escaped(name)), taken));
    }
}

/// How the request names its application.
pub(super) fn client(flat: &Flat<'_>, hiding: &mut Hiding) -> Option<Client> {
    let request = &flat.item.request;
    if let Some(auth) = flat.auth.filter(|auth| auth.kind == "basic")
        && redeems(flat) >= ENOUGH
    {
        let place = "Basic authentication of the redeem request";
        let key = hiding.secret("client-id", &parameter(auth, "username"), place);
        let secret = Some(hiding.secret("client-secret", &parameter(auth, "password"), place));
        let seen = format!("{:?} signs in by Basic", flat.item.name);
        return Some(Client { kind: "basic", fields: Vec::new(), key, secret, seen });
    }
    let fields = fields(request);
    let field = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    if let Some(key) = field("client_id") {
        let place = "the field \"client_secret\"";
        let secret = field("client_secret").map(|secret| hiding.secret("client-secret", &secret, place));
        let kind = if secret.is_some() { "form" } else { "form-id" };
        let mut fields = vec![("id-field", "client_id".to_owned())];
        fields.extend(secret.as_ref().map(|_| ("secret-field", "client_secret".to_owned())));
        let seen = format!("{:?} has `client_id` in its body", flat.item.name);
        return Some(Client { kind, fields, key, secret, seen });
    }
    let header = request.headers.iter().find(|header| {
        !header.disabled && points(&header.key, &["apikey", "clientid", "appkey", "applicationkey"], 1) > 0
    })?;
    let key = hiding.secret("api-key", &templated(&header.value), &format!("the header {:?}", header.key));
    let seen = format!("{:?} has the field `{}`", flat.item.name, header.key);
    Some(Client { kind: "header", fields: vec![("name", header.key.clone())], key, secret: None, seen })
}

fn parameter(auth: &RequestAuth, name: &str) -> String {
    let value = auth.params.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.as_str());
    match value.unwrap_or_default() {
        "" => format!("<<{name}>>"),
        value => templated(value),
    }
}
