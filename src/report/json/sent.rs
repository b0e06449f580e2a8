//! newman's shapes of a request as it was sent, and of its answer.

use super::definition::Definition;
use super::shapes::made_up_id;
use crate::exchange::{Body, Headers, ResolvedRequest, Response};
use crate::report::url::UrlParts;
use serde_json::{Value, json};

/// `request`: what went out, in the collection's terms where those can still be told.
pub(super) fn request(request: &ResolvedRequest, definition: Option<Definition<'_>>) -> Value {
    let defined = definition.map_or(&Value::Null, |definition| &definition.item["request"]);
    let mut shape = json!({
        "url": url(&request.url),
        "header": request.headers,
        "method": request.method,
    });
    if let Some(body) = &request.body {
        shape["body"] = body_of(request, body, &defined["body"]);
    }
    if let Some(auth) = definition.and_then(|definition| definition.auth) {
        shape["auth"] = auth.clone();
    }
    shape
}

fn url(url: &str) -> Value {
    let parts = UrlParts::of(url);
    let split = |text: &str, by: char| -> Vec<String> { text.split(by).map(str::to_owned).collect() };
    let mut shape = json!({ "raw": url, "protocol": parts.protocol });
    if let Some(port) = parts.port {
        shape["port"] = json!(port);
    }
    shape["path"] = json!(split(parts.path.strip_prefix('/').unwrap_or(parts.path), '/'));
    // An IPv6 address is one name.
    let whole = parts.host.starts_with('[') || parts.host.contains("{{");
    shape["host"] = if whole { json!([parts.host]) } else { json!(split(parts.host, '.')) };
    shape["query"] = json!(pairs(parts.query.unwrap_or_default(), str::to_owned));
    shape["variable"] = json!([]);
    shape
}

fn pairs(text: &str, decode: impl Fn(&str) -> String) -> Vec<Value> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.split_once('=') {
            Some((key, value)) => json!({ "key": decode(key), "value": decode(value) }),
            None => json!({ "key": decode(pair), "value": null }),
        })
        .collect()
}

/// `body` in the collection's mode where what was sent is of that mode (a script may have changed it), else as text.
fn body_of(request: &ResolvedRequest, body: &Body, defined: &Value) -> Value {
    let carried = body_shape(body);
    let text = String::from_utf8_lossy(&shown_bytes(&carried)).into_owned();
    let content_type = request.headers.get("content-type").unwrap_or_default();
    let mode = defined["mode"].as_str().unwrap_or_default();
    let mut shape = match mode {
        "urlencoded" if content_type.starts_with("application/x-www-form-urlencoded") => {
            let decode =
                |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
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
    if carried["truncated"] == true {
        shape["truncated"] = json!(true);
    }
    shape
}

/// `response`. `body` is what postproof adds: text (or base64), size, and whether and with which hash it was cut.
pub(super) fn response(response: &Response, number: u64, time_ms: f64, newman_streams: bool) -> Value {
    let body = body_shape(&response.body);
    let mut shape = json!({
        "id": made_up_id(&["response", &number.to_string()]),
        "status": response.status(),
        "code": response.code,
        "header": response.headers,
    });
    if newman_streams {
        shape["stream"] = json!({ "type": "Buffer", "data": shown_bytes(&body) });
    }
    shape["cookie"] = cookies(&response.headers);
    shape["responseTime"] = json!(time_ms.round() as u64);
    shape["responseSize"] = json!(response.body.size());
    shape["body"] = body;
    shape
}

/// What the answer sets; newman always writes an empty list.
fn cookies(headers: &Headers) -> Value {
    let lines = headers.iter().filter(|header| header.key.eq_ignore_ascii_case("set-cookie"));
    lines.filter_map(|header| cookie(&header.value)).collect()
}

fn cookie(line: &str) -> Option<Value> {
    let mut parts = line.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    let mut shape = json!({ "name": name, "value": value, "httpOnly": false, "secure": false });
    for attribute in parts {
        let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        match key.to_ascii_lowercase().as_str() {
            "httponly" => shape["httpOnly"] = json!(true),
            "secure" => shape["secure"] = json!(true),
            "max-age" => shape["maxAge"] = json!(value),
            key @ ("path" | "domain" | "expires") => shape[key] = json!(value),
            _ => {}
        }
    }
    Some(shape)
}

/// The body as events carry it: the same whether it comes from the wire or from a recording.
fn body_shape(body: &Body) -> Value {
    serde_json::to_value(body).unwrap_or_default()
}

fn shown_bytes(body: &Value) -> Vec<u8> {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    match (body["text"].as_str(), body["base64"].as_str()) {
        (Some(text), _) => text.as_bytes().to_vec(),
        (None, Some(base64)) => BASE64_STANDARD.decode(base64).unwrap_or_default(),
        (None, None) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_with_their_attributes() {
        assert_eq!(
            cookie("a=b=c; Path=/x; Max-Age=5; HttpOnly; SameSite=Lax"),
            Some(
                json!({ "name": "a", "value": "b=c", "httpOnly": true, "secure": false, "path": "/x", "maxAge": "5" })
            )
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
        let shape = request(&sent, Some(definition));
        assert_eq!(shape["body"]["urlencoded"][1], json!({ "key": "b", "value": "two words" }));
        assert_eq!(shape["header"][0]["system"], true);
        assert_eq!(request(&sent, None)["body"]["mode"], "raw");
    }
}
