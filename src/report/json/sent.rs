//! newman's shapes of a request as it was sent, and of its answer.

use super::definition::Definition;
use super::shapes::made_up_id;
use crate::exchange::{Body, Headers, ResolvedRequest, Response};
use crate::report::url::UrlParts;
use serde::Serialize;
use serde_json::{Value, json};

/// `request`.
#[derive(Debug, Serialize)]
pub(super) struct SentRequest<'a> {
    url: SentUrl<'a>,
    header: &'a Headers,
    method: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<&'a Value>,
}

#[derive(Debug, Serialize)]
struct SentUrl<'a> {
    raw: &'a str,
    protocol: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<&'a str>,
    path: Vec<&'a str>,
    host: Vec<&'a str>,
    query: Vec<Pair<&'a str>>,
    variable: [(); 0],
}

#[derive(Debug, Serialize)]
struct Pair<T> {
    key: T,
    value: Option<T>,
}

impl<'a> SentRequest<'a> {
    /// What went out, in the collection's terms where those can still be told.
    pub(super) fn new(request: &'a ResolvedRequest, definition: Option<Definition<'a>>) -> Self {
        let defined = definition.map_or(&Value::Null, |definition| &definition.item["request"]["body"]);
        Self {
            url: SentUrl::new(&request.url),
            header: &request.headers,
            method: &request.method,
            body: request.body.as_ref().map(|body| body_of(request, body, defined)),
            auth: definition.and_then(|definition| definition.auth),
        }
    }
}

impl<'a> SentUrl<'a> {
    fn new(url: &'a str) -> Self {
        let parts = UrlParts::of(url);
        // An IPv6 address is one name.
        let whole = parts.host.starts_with('[') || parts.host.contains("{{");
        Self {
            raw: url,
            protocol: parts.protocol,
            port: parts.port,
            path: parts.path.strip_prefix('/').unwrap_or(parts.path).split('/').collect(),
            host: if whole { vec![parts.host] } else { parts.host.split('.').collect() },
            query: pairs(parts.query.unwrap_or_default(), |text| text),
            variable: [],
        }
    }
}

fn pairs<'a, T>(text: &'a str, read: impl Fn(&'a str) -> T) -> Vec<Pair<T>> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| match pair.split_once('=') {
            Some((key, value)) => Pair { key: read(key), value: Some(read(value)) },
            None => Pair { key: read(pair), value: None },
        })
        .collect()
}

/// `body` in the collection's mode where what was sent is of that mode (a script may have changed it), else as text.
fn body_of(request: &ResolvedRequest, body: &Body, defined: &Value) -> Value {
    let told = body.cut();
    let text = told.text();
    let content_type = request.headers.get("content-type").unwrap_or_default();
    let mode = defined["mode"].as_str().unwrap_or_default();
    let mut shape = match mode {
        "urlencoded" if content_type.starts_with("application/x-www-form-urlencoded") => {
            let decode = |text| percent_encoding::percent_decode_str(text).decode_utf8_lossy();
            json!({ "mode": mode, "urlencoded": pairs(&text, decode) })
        }
        // Parts of a form are files, too: the definition names them, the bytes would repeat them.
        "formdata" if content_type.starts_with("multipart/") => {
            json!({ "mode": mode, "formdata": defined[mode] })
        }
        "file" => json!({ "mode": mode, "file": defined[mode] }),
        "graphql" => match serde_json::from_str::<Value>(&text) {
            Ok(query) => json!({ "mode": mode, "graphql": query }),
            Err(_) => json!({ "mode": "raw", "raw": text }),
        },
        _ => json!({ "mode": "raw", "raw": text }),
    };
    if let Some(options) = defined.get("options") {
        shape["options"] = options.clone();
    }
    shape["size"] = json!(body.size());
    if told.truncated() {
        shape["truncated"] = json!(true);
    }
    shape
}

/// `response`. `body` is what postproof adds: text (or base64), size, and whether and with which hash it was cut.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Received<'a> {
    id: String,
    status: &'a str,
    code: u16,
    header: &'a Headers,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<Stream>,
    cookie: Vec<Cookie<'a>>,
    response_time: u64,
    response_size: u64,
    body: &'a Body,
}

/// A body as Node writes a buffer.
#[derive(Debug, Serialize)]
struct Stream {
    r#type: &'static str,
    data: Vec<u8>,
}

impl<'a> Received<'a> {
    /// The answer to the run's request of that number.
    pub(super) fn new(response: &'a Response, number: u64, time_ms: f64, newman_streams: bool) -> Self {
        let stream = || Stream { r#type: "Buffer", data: response.body.cut().bytes().to_vec() };
        Self {
            id: made_up_id(&["response", &number.to_string()]),
            status: response.status(),
            code: response.code,
            header: &response.headers,
            stream: newman_streams.then(stream),
            cookie: cookies(&response.headers),
            response_time: time_ms.round() as u64,
            response_size: response.body.size(),
            body: &response.body,
        }
    }
}

/// A cookie that an answer sets.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Cookie<'a> {
    name: &'a str,
    value: &'a str,
    http_only: bool,
    secure: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<&'a str>,
}

/// What the answer sets; newman always writes an empty list.
fn cookies(headers: &Headers) -> Vec<Cookie<'_>> {
    let lines = headers.iter().filter(|header| header.key.eq_ignore_ascii_case("set-cookie"));
    lines.filter_map(|header| cookie(&header.value)).collect()
}

fn cookie(line: &str) -> Option<Cookie<'_>> {
    let mut parts = line.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    let mut cookie = Cookie { name, value, ..Cookie::default() };
    for attribute in parts {
        let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        match key.to_ascii_lowercase().as_str() {
            "httponly" => cookie.http_only = true,
            "secure" => cookie.secure = true,
            "max-age" => cookie.max_age = Some(value),
            "path" => cookie.path = Some(value),
            "domain" => cookie.domain = Some(value),
            "expires" => cookie.expires = Some(value),
            _ => {}
        }
    }
    Some(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_with_their_attributes() {
        assert_eq!(
            json!(cookie("a=b=c; Path=/x; Max-Age=5; HttpOnly; SameSite=Lax")),
            json!({ "name": "a", "value": "b=c", "httpOnly": true, "secure": false, "path": "/x", "maxAge": "5" })
        );
        assert_eq!(cookie("none"), None);
    }

    #[test]
    fn a_form_is_told_by_its_fields() {
        let mut sent = ResolvedRequest {
            method: "POST".into(),
            url: "http://a/".into(),
            headers: Headers::default(),
            body: Some(Body::new("a=1&b=two%20words")),
        };
        sent.headers.push_system("Content-Type", "application/x-www-form-urlencoded");
        let item = json!({ "request": { "header": [], "body": { "mode": "urlencoded" } } });
        let definition = Definition { item: &item, parent: &Value::Null, auth: None };
        let shape = json!(SentRequest::new(&sent, Some(definition)));
        assert_eq!(shape["body"]["urlencoded"][1], json!({ "key": "b", "value": "two words" }));
        assert_eq!(shape["header"][0]["system"], true);
        assert_eq!(json!(SentRequest::new(&sent, None))["body"]["mode"], "raw");
    }
}
