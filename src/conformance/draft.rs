//! A request made from a contract's template: variables resolved, then token, credentials and cookies put where the
//! contract says.

use super::bindings::BoundClient;
use crate::collection::{HeaderParam, Request, RequestBody, Url};
use crate::contract::{BodyTemplate, Carrier, ClientAuth, ClientAuthKind, Contract, RequestTemplate};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Map, Value};

/// How a request names its application.
#[derive(Debug, Clone, Copy)]
pub enum ClientKey<'a> {
    /// By that one's key, and secret.
    Of(&'a BoundClient),
    /// By a key nobody has.
    Unknown,
    /// By that one's key, with a secret nobody has.
    WrongSecret(&'a BoundClient),
    /// By the first one's key with the second one's secret.
    Mixed(&'a BoundClient, &'a BoundClient),
    /// Not at all.
    Missing,
}

/// A request whose parts can still be changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    method: String,
    url: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    cookies: Vec<(String, String)>,
    body: DraftBody,
}

#[derive(Debug, Clone, PartialEq)]
enum DraftBody {
    None,
    Json(Value),
    Form(Vec<(String, String)>),
    Text(String),
    Bytes(Vec<u8>),
}

impl Draft {
    /// Resolves a template.
    pub fn new(
        contract: &Contract,
        template: &RequestTemplate,
        mut resolve: impl FnMut(&str) -> String,
    ) -> Self {
        let path = resolve(&template.path);
        let whole = ["http://", "https://"].iter().any(|scheme| path.starts_with(scheme));
        let url =
            if whole { path } else { format!("{}{path}", resolve(&contract.base_url).trim_end_matches('/')) };
        let body = match &template.body {
            BodyTemplate::None => DraftBody::None,
            BodyTemplate::Json(json) => DraftBody::Json(resolved(json, &mut resolve)),
            BodyTemplate::JsonText(text) => {
                let text = resolve(text);
                serde_json::from_str(&text).map_or(DraftBody::Text(text), DraftBody::Json)
            }
            BodyTemplate::Form(fields) => DraftBody::Form(
                fields.iter().map(|(name, template)| (name.clone(), resolve(template))).collect(),
            ),
            BodyTemplate::Text(text) => DraftBody::Text(resolve(text)),
        };
        let media_type = match template.body {
            BodyTemplate::Json(_) | BodyTemplate::JsonText(_) => Some("application/json"),
            BodyTemplate::Form(_) => Some("application/x-www-form-urlencoded"),
            BodyTemplate::None | BodyTemplate::Text(_) => None,
        };
        let mut pairs = |templates: &indexmap::IndexMap<String, String>| -> Vec<(String, String)> {
            templates.iter().map(|(name, template)| (name.clone(), resolve(template))).collect()
        };
        let (query, headers) = (pairs(&template.query), pairs(&template.headers));
        let mut draft =
            Self { method: template.method.clone(), url, query, headers, cookies: Vec::new(), body };
        if let Some(media_type) = media_type.filter(|_| !draft.has_header("content-type")) {
            draft.headers.push(("content-type".to_owned(), media_type.to_owned()));
        }
        draft
    }

    /// The URL it goes to, without the parameters that are added.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(header, _)| header.eq_ignore_ascii_case(name))
    }

    /// Sets a header field, in place of one of its name.
    pub fn set_header(&mut self, name: &str, value: &str) {
        self.headers.retain(|(header, _)| !header.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Sets the method.
    pub fn set_method(&mut self, method: &str) {
        method.clone_into(&mut self.method);
    }

    /// Sets a body that is sent as it stands.
    pub fn set_text(&mut self, text: &str) {
        self.body = DraftBody::Text(text.to_owned());
    }

    /// Cuts the body's last character off: JSON cannot be parsed then.
    pub fn cut_body(&mut self) {
        let mut text = self.body_text();
        text.pop();
        self.body = DraftBody::Text(text);
    }

    /// Puts a byte that occurs in no UTF-8 in place of every one of these characters in the body.
    pub fn spoil_body(&mut self, marker: u8) {
        let text = self.body_text();
        let spoilt = text.bytes().map(|byte| if byte == marker { 0xff } else { byte });
        self.body = DraftBody::Bytes(spoilt.collect());
    }

    /// Makes it a GET: the fields of the body become parameters of the URL.
    pub fn ask_by_get(&mut self) {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match std::mem::replace(&mut self.body, DraftBody::None) {
            DraftBody::Form(fields) => self.query.extend(fields),
            DraftBody::Json(Value::Object(members)) => {
                self.query.extend(members.iter().map(|(name, value)| (name.clone(), text(value))));
            }
            _ => {}
        }
        self.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        self.set_method("GET");
    }

    fn body_text(&self) -> String {
        match &self.body {
            DraftBody::None => String::new(),
            DraftBody::Json(json) => json.to_string(),
            DraftBody::Form(fields) => encoded(fields),
            DraftBody::Text(text) => text.clone(),
            DraftBody::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// Adds cookies; one that is there already stays.
    pub fn add_cookies(&mut self, cookies: Vec<(String, String)>) {
        for (name, value) in cookies {
            if !self.cookies.iter().any(|(there, _)| *there == name) {
                self.cookies.push((name, value));
            }
        }
    }

    /// Puts a text at a place.
    pub fn put(&mut self, carrier: &Carrier, text: &str) {
        self.put_value(carrier, Value::from(text));
    }

    /// Puts a value at a place; where the place holds texts, what is no text is put as JSON writes it.
    pub fn put_value(&mut self, carrier: &Carrier, value: Value) {
        self.take(carrier);
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match carrier {
            Carrier::Json(pointer) => {
                if !matches!(self.body, DraftBody::Json(_)) {
                    self.body = DraftBody::Json(Value::Object(Map::new()));
                    self.implied_type("application/json");
                }
                if let DraftBody::Json(json) = &mut self.body {
                    insert(json, pointer, value);
                }
            }
            Carrier::Form(name) => {
                if !matches!(self.body, DraftBody::Form(_)) {
                    self.body = DraftBody::Form(Vec::new());
                    self.implied_type("application/x-www-form-urlencoded");
                }
                if let DraftBody::Form(fields) = &mut self.body {
                    fields.push((name.clone(), text));
                }
            }
            Carrier::Header { name, prefix: None } => self.headers.push((name.clone(), text)),
            Carrier::Header { name, prefix: Some(prefix) } => {
                self.headers.push((name.clone(), format!("{prefix} {text}")));
            }
            Carrier::Cookie(name) => self.cookies.push((name.clone(), text)),
            Carrier::Query(name) => self.query.push((name.clone(), text)),
        }
    }

    fn implied_type(&mut self, media_type: &str) {
        if !self.has_header("content-type") {
            self.headers.push(("content-type".to_owned(), media_type.to_owned()));
        }
    }

    /// Takes away whatever is at a place.
    pub fn take(&mut self, carrier: &Carrier) {
        match (carrier, &mut self.body) {
            (Carrier::Json(pointer), DraftBody::Json(json)) => remove(json, pointer),
            (Carrier::Form(name), DraftBody::Form(fields)) => fields.retain(|(field, _)| field != name),
            (Carrier::Header { name, .. }, _) => {
                self.headers.retain(|(header, _)| !header.eq_ignore_ascii_case(name));
            }
            (Carrier::Cookie(name), _) => self.cookies.retain(|(cookie, _)| cookie != name),
            (Carrier::Query(name), _) => self.query.retain(|(parameter, _)| parameter != name),
            (Carrier::Json(_) | Carrier::Form(_), _) => {}
        }
    }

    /// Names the application.
    pub fn authenticate(&mut self, auth: &ClientAuth, client: ClientKey<'_>) {
        let secret = |client: &BoundClient| client.secret.clone().unwrap_or_default();
        let (key, secret) = match client {
            ClientKey::Of(client) => (client.key.clone(), secret(client)),
            ClientKey::Unknown => (auth.unknown.clone(), auth.wrong_secret.clone()),
            ClientKey::WrongSecret(client) => (client.key.clone(), auth.wrong_secret.clone()),
            ClientKey::Mixed(client, other) => (client.key.clone(), secret(other)),
            ClientKey::Missing => return,
        };
        match &auth.kind {
            ClientAuthKind::None => {}
            ClientAuthKind::Header(name) => self.set_header(name, &key),
            ClientAuthKind::Query(name) => self.put(&Carrier::Query(name.clone()), &key),
            ClientAuthKind::Basic => {
                let encoded = BASE64_STANDARD.encode(format!("{key}:{secret}"));
                self.set_header("authorization", &format!("Basic {encoded}"));
            }
            ClientAuthKind::Body { id, secret: field } => {
                self.put(&self.in_body(id), &key);
                if let Some(field) = field {
                    self.put(&self.in_body(field), &secret);
                }
            }
        }
    }

    /// The place of a field in whatever body this is.
    fn in_body(&self, name: &str) -> Carrier {
        match self.body {
            DraftBody::Json(_) => Carrier::Json(format!("/{name}")),
            _ => Carrier::Form(name.to_owned()),
        }
    }

    /// The request.
    pub fn finish(self) -> Request {
        let body = match &self.body {
            DraftBody::None => None,
            DraftBody::Bytes(bytes) => {
                Some(RequestBody::File { src: None, content: Some(BASE64_STANDARD.encode(bytes)) })
            }
            _ => Some(RequestBody::Raw { text: self.body_text(), language: None }),
        };
        let header = |(key, value): (String, String)| HeaderParam { key, value, disabled: false };
        let mut headers: Vec<HeaderParam> = self.headers.into_iter().map(header).collect();
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.push(header(("cookie".to_owned(), pairs.join("; "))));
        }
        let mut url = self.url;
        if !self.query.is_empty() {
            let added = encoded(&self.query);
            url = format!("{url}{}{added}", if url.contains('?') { '&' } else { '?' });
        }
        Request { method: self.method, url: Url::parse(&url), headers, body, ..Request::default() }
    }
}

fn encoded(pairs: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// JSON whose strings are templates, resolved.
fn resolved(json: &Value, resolve: &mut impl FnMut(&str) -> String) -> Value {
    match json {
        Value::String(template) => Value::String(resolve(template)),
        Value::Array(items) => Value::Array(items.iter().map(|item| resolved(item, resolve)).collect()),
        Value::Object(members) => Value::Object(
            members.iter().map(|(key, value)| (key.clone(), resolved(value, resolve))).collect(),
        ),
        other => other.clone(),
    }
}

/// Puts a value at a JSON pointer; what the pointer leads through is made an object where it is none.
fn insert(json: &mut Value, pointer: &str, value: Value) {
    let mut at = json;
    for key in pointer.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        let Value::Object(members) = at else { return };
        at = members.entry(key).or_insert(Value::Null);
    }
    *at = value;
}

/// Removes what is at a JSON pointer.
fn remove(json: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(members)) = json.pointer_mut(parent) {
        members.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Refresh;

    fn draft(body: DraftBody) -> Draft {
        Draft {
            method: "POST".to_owned(),
            url: "http://h/p".to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body,
        }
    }

    fn shown(draft: Draft) -> String {
        let request = draft.finish();
        let headers = request.headers.iter().map(|h| format!("{}: {}\n", h.key, h.value)).collect::<String>();
        let body = match request.body {
            Some(RequestBody::Raw { text, .. }) => text,
            _ => String::new(),
        };
        format!("{}\n{headers}\n{body}", request.url)
    }

    #[test]
    fn a_token_goes_where_its_carrier_says_and_away_again() {
        let json = || DraftBody::Json(serde_json::json!({"grant": "r"}));
        let form = || DraftBody::Form(vec![("grant".to_owned(), "r".to_owned())]);
        for (carrier, body, with, without) in [
            ("json:/a/b", json(), r#"{"grant":"r","a":{"b":"t"}}"#, r#"{"grant":"r","a":{}}"#),
            ("json:/a", DraftBody::None, r#"{"a":"t"}"#, "{}"),
            ("form:a", form(), "grant=r&a=t", "grant=r"),
            ("header:x-a", json(), "x-a: t\n", "http://h/p\n\n"),
            ("header:authorization Bearer", json(), "authorization: Bearer t\n", "http://h/p\n\n"),
            ("cookie:a", json(), "cookie: o=1; a=t\n", "cookie: o=1\n"),
            ("query:a", json(), "http://h/p?a=t\n", "http://h/p\n"),
        ] {
            let carrier = Carrier::parse(carrier).unwrap();
            let mut request = draft(body);
            if let Carrier::Cookie(_) = carrier {
                request
                    .add_cookies(vec![("o".to_owned(), "1".to_owned()), ("a".to_owned(), "old".to_owned())]);
            }
            request.put(&carrier, "t");
            assert!(shown(request.clone()).contains(with), "{carrier}: {}", shown(request));
            request.take(&carrier);
            assert!(shown(request.clone()).contains(without), "{carrier}: {}", shown(request));
        }
    }

    #[test]
    fn an_application_is_named_as_its_kind_says() {
        let client = |key: &str| BoundClient {
            id: key.to_owned(),
            key: key.to_owned(),
            secret: Some(format!("{key}-secret")),
            refresh: Refresh::Enabled,
            access_lifetime: None,
            refresh_lifetime: None,
            variables: Vec::new(),
        };
        let (a, b) = (client("a"), client("b"));
        let auth = |kind| ClientAuth {
            kind,
            also_query: None,
            on: Vec::new(),
            unknown: "nobody".to_owned(),
            wrong_secret: "wrong".to_owned(),
        };
        let body = |secret: Option<&str>| ClientAuthKind::Body {
            id: "id".to_owned(),
            secret: secret.map(str::to_owned),
        };
        let form = || DraftBody::Form(Vec::new());
        for (kind, key, body, expected) in [
            (ClientAuthKind::Header("x-k".to_owned()), ClientKey::Of(&a), DraftBody::None, "x-k: a\n"),
            (ClientAuthKind::Query("k".to_owned()), ClientKey::Unknown, DraftBody::None, "?k=nobody"),
            // a:a-secret, a:b-secret
            (ClientAuthKind::Basic, ClientKey::Of(&a), form(), "authorization: Basic YTphLXNlY3JldA==\n"),
            (
                ClientAuthKind::Basic,
                ClientKey::Mixed(&a, &b),
                form(),
                "authorization: Basic YTpiLXNlY3JldA==\n",
            ),
            (body(Some("secret")), ClientKey::Of(&a), form(), "id=a&secret=a-secret"),
            (body(Some("secret")), ClientKey::WrongSecret(&a), form(), "id=a&secret=wrong"),
            (body(None), ClientKey::Of(&a), form(), "\nid=a"),
            (body(None), ClientKey::Of(&a), DraftBody::Json(serde_json::json!({})), r#"{"id":"a"}"#),
            (ClientAuthKind::Basic, ClientKey::Missing, form(), "http://h/p\n\n"),
        ] {
            let mut request = draft(body);
            request.authenticate(&auth(kind), key);
            assert!(shown(request.clone()).contains(expected), "{expected}: {}", shown(request));
        }
    }
}
