//! Reads requests: method, URL, headers, auth.

use super::body::body;
use super::details::Details;
use super::model::{Request, RequestAuth, RequestBody, Url};
use super::node::{Node, ShapeError, scalar_text, spelled};
use super::params::{headers, path_variables, query};
use serde_json::Value;

type Read<T> = Result<T, ShapeError>;

const REQUEST_HINT: &str =
    r#"write an object such as {"method": "GET", "url": "{{baseUrl}}/pets"}, or just the URL"#;
const URL_HINT: &str = r#"write a string such as "{{baseUrl}}/pets", or an object with a `raw` field"#;
const AUTH_HINT: &str =
    r#"write an object such as {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]}"#;

/// A request; a string is its URL, a missing one has an empty URL.
pub(super) fn request(node: Option<Node<'_>>) -> Read<Request> {
    let get = || Request { method: "GET".to_owned(), ..Request::default() };
    let Some(node) = node else { return Ok(get()) };
    if let Value::String(text) = node.value() {
        return Ok(Request { url: Url::parse(text), ..get() });
    }
    if !node.value().is_object() {
        node.ignore(node.fail("an object or a string", REQUEST_HINT))?;
        return Ok(get());
    }
    let field = |key| node.get(key);
    Ok(Request {
        method: method(node.get("method"))?,
        url: field("url").map(|node| node.tolerate(url(&node))).transpose()?.unwrap_or_default(),
        headers: field("header").map_or(Ok(Vec::new()), |node| node.tolerate(headers(Some(node))))?,
        body: match field("body") {
            Some(node) => node.tolerate(body(&node))?,
            // To scripts `null` is a body that says nothing; only what is not there is `undefined`.
            None => node.value().get("body").map(|_| RequestBody::Empty),
        },
        body_disabled: field("body").map_or(Ok(false), |body| body.flag("disabled"))?,
        auth: auth(field("auth"))?,
        proxy: field("proxy").map(|proxy| proxy.value().clone()).filter(Value::is_object),
        details: Details::of(node.value()),
    })
}

/// What is no method keeps its odd spelling, and is refused where it would be sent.
fn method(node: Option<Node<'_>>) -> Read<String> {
    let Some(node) = node else { return Ok("GET".to_owned()) };
    node.tolerate(node.text().map(drop))?;
    Ok(match spelled(node.value()) {
        method if method.is_empty() => "GET".to_owned(),
        method if method.contains("{{") => method,
        method => method.to_uppercase(),
    })
}

fn url(node: &Node<'_>) -> Read<Url> {
    if let Value::String(text) = node.value() {
        return Ok(Url::parse(text));
    }
    if !node.value().is_object() {
        return Err(node.fail("a string or an object", URL_HINT));
    }
    let protocol = node.text_at("protocol")?;
    let mut url = Url {
        protocol: protocol.map(|text| text.strip_suffix("://").unwrap_or(&text).to_owned()),
        auth: node.get("auth").map(|auth| credentials(&auth)).transpose()?.flatten(),
        host: node.get("host").map(|host| segments(&host)).transpose()?.unwrap_or_default().join("."),
        port: node.text_at("port")?.filter(|port| !port.is_empty()),
        path: node.get("path").map(|node| path(&node)).transpose()?.flatten(),
        query: query(node.get("query"))?,
        variables: path_variables(node.get("variable"))?,
        hash: node.text_at("hash")?,
    };
    if url.host.is_empty()
        && url.path.is_none()
        && let Some(raw) = node.text_at("raw")?
    {
        let parsed = Url::parse(&raw);
        let query = or(url.query, parsed.query);
        url = Url { query, variables: or(url.variables, parsed.variables), ..parsed };
    }
    Ok(url)
}

/// What the object lists wins over what its `raw` implies.
fn or<T>(given: Vec<T>, implied: Vec<T>) -> Vec<T> {
    if given.is_empty() { implied } else { given }
}

fn credentials(node: &Node<'_>) -> Read<Option<String>> {
    if node.value().is_string() {
        return node.text().map(|text| Some(text).filter(|text| !text.is_empty()));
    }
    node.object(r#"write an object such as {"user": "{{user}}", "password": "{{password}}"}"#)?;
    Ok(match (node.text_at("user")?, node.text_at("password")?) {
        (None, None) => None,
        (user, None) => user,
        (user, Some(password)) => Some(format!("{}:{password}", user.unwrap_or_default())),
    })
}

/// A string, or an array of strings or of objects with `value`.
fn segments(node: &Node<'_>) -> Read<Vec<String>> {
    let Some(elements) = node.elements() else {
        return scalar_text(node.value()).map(|text| vec![text]).ok_or_else(|| {
            node.fail("a string or an array of strings", r#"write a list such as ["api", "example", "com"]"#)
        });
    };
    let segment = |element: Node<'_>| match element.value() {
        Value::Null => Ok(String::new()),
        Value::Object(_) => Ok(element.text_at("value")?.unwrap_or_default()),
        _ => element.text(),
    };
    elements.map(segment).collect()
}

fn path(node: &Node<'_>) -> Read<Option<Vec<String>>> {
    let Value::String(text) = node.value() else { return segments(node).map(Some) };
    let trimmed = text.strip_prefix('/').unwrap_or(text);
    Ok((!text.is_empty()).then(|| trimmed.split('/').map(str::to_owned).collect()))
}

/// Auth with its parameters; `None` when it names no type, which means: inherit.
pub(super) fn auth(node: Option<Node<'_>>) -> Read<Option<RequestAuth>> {
    let Some(node) = node else { return Ok(None) };
    node.tolerate(node.object(AUTH_HINT).map(drop))?;
    let Some(Value::String(kind)) = node.get("type").map(|kind| kind.value()) else { return Ok(None) };
    let params = node.get(kind).map(|params| params.tolerate(auth_params(&params))).transpose()?;
    let params = params.unwrap_or_default();
    Ok(Some(RequestAuth { kind: kind.clone(), params }))
}

fn auth_params(node: &Node<'_>) -> Read<Vec<(String, Value)>> {
    if let Value::Object(fields) = node.value() {
        return Ok(fields.iter().map(|(key, value)| (key.clone(), value.clone())).collect());
    }
    let Some(entries) = node.elements() else { return Err(node.fail("an array or an object", AUTH_HINT)) };
    let mut params = Vec::new();
    for entry in entries.filter(|entry| !entry.value().is_null()) {
        let value = entry.tolerate(entry.object(AUTH_HINT).map(|fields| fields.get("value").cloned()))?;
        let value = match value.unwrap_or_default() {
            // What says of itself that it is text counts as true, even where it is `false`.
            Value::Bool(flag) if entry.value()["type"] == "string" => Value::from(flag.to_string()),
            value => value,
        };
        if let Some(key) = entry.text_at("key")? {
            params.push((key, value));
        }
    }
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: &Value) -> Read<Request> {
        request(Some(Node::root(value)))
    }

    #[test]
    fn reads_urls_in_every_shape() {
        for (value, expected) in [
            (json!("{{b}}/x?a=1"), "{{b}}/x?a=1"),
            (json!({"raw": "http://h/x?a=1"}), "http://h/x?a=1"),
            (json!({"raw": "http://h/:id", "variable": [{"id": "id", "value": "7"}]}), "http://h/7"),
            (json!({"raw": "http://h/x?a=1", "query": [{"key": "b", "value": "2"}]}), "http://h/x?b=2"),
            (json!({"raw": "ignored", "host": ["h"], "path": ["x"]}), "h/x"),
            (
                json!({"protocol": "https://", "host": "h.i", "port": 8080, "path": "/a/b"}),
                "https://h.i:8080/a/b",
            ),
            (json!({"host": ["h", "i"], "port": "", "path": "a//"}), "h.i/a//"),
            (json!({"host": "h", "path": "/"}), "h/"),
            (json!({"host": "h", "path": ""}), "h"),
            (json!({"host": "h", "path": []}), "h/"),
            (json!({"host": ["h"], "path": ["a", {"type": "string", "value": "b"}, 3, null]}), "h/a/b/3/"),
            (json!({"host": "h", "auth": {"user": "u", "password": "p"}}), "u:p@h"),
            (json!({"host": "h", "auth": {"user": "u"}}), "u@h"),
            (json!({"host": "h", "auth": "u:p", "hash": "f"}), "u:p@h#f"),
            (json!({"host": "h", "query": "a=1&b"}), "h?a=1&b"),
            (json!({"host": "h", "query": {"a": 1}}), "h?a=1"),
            (json!({"host": "h", "path": ":x", "variable": {"x": "1"}}), "h/1"),
            (json!({}), ""),
        ] {
            let request = read(&json!({"url": value})).unwrap();
            assert_eq!(request.url.to_string(), expected, "{value}");
        }
        assert_eq!(read(&json!("http://h/")).unwrap().url.to_string(), "http://h/");
        assert_eq!(request(None).unwrap().method, "GET");
    }

    #[test]
    fn methods_are_upper_cased_but_variables_keep_their_case() {
        for (value, expected) in [
            (json!("post"), "POST"),
            (json!("fOo"), "FOO"),
            (json!("{{verb}}"), "{{verb}}"),
            (json!(""), "GET"),
            (json!(null), "GET"),
        ] {
            assert_eq!(read(&json!({"method": value})).unwrap().method, expected);
        }
    }

    #[test]
    fn reads_auth_of_both_versions_alike() {
        let v20 = json!({"type": "basic", "basic": {"username": "u", "password": 5}});
        let v21 = json!({"type": "basic", "basic": [
            {"key": "username", "value": "u", "type": "string"}, {"key": "password", "value": 5}, null]});
        let both = [v20, v21].map(|value| auth(Some(Node::root(&value))).unwrap().unwrap());
        assert_eq!(both[0], both[1]);
        assert_eq!(both[0].params[1], ("password".to_owned(), json!(5)));
        for (value, kind) in [
            (json!({"type": "noauth"}), Some("noauth")),
            (json!({"type": "bearer", "bearer": null}), Some("bearer")),
            (json!({"type": null}), None),
            (json!({"type": 5}), None),
            (json!({}), None),
        ] {
            assert_eq!(
                auth(Some(Node::root(&value))).unwrap().map(|auth| auth.kind).as_deref(),
                kind,
                "{value}"
            );
        }
    }

    #[test]
    fn refuses_what_it_cannot_understand() {
        for (value, path, message) in [
            (json!(5), "", "expected an object or a string, found a number"),
            (json!({"url": 5}), "url", "expected a string or an object, found a number"),
            (json!({"url": []}), "url", "expected a string or an object, found an array"),
            (
                json!({"url": {"host": {}}}),
                "url.host",
                "expected a string or an array of strings, found an object",
            ),
            (json!({"url": {"host": [[]]}}), "url.host[0]", "expected a string, found an array"),
            (
                json!({"url": {"path": {}}}),
                "url.path",
                "expected a string or an array of strings, found an object",
            ),
            (json!({"url": {"auth": 5}}), "url.auth", "expected an object, found a number"),
            (json!({"header": 5}), "header", "expected an array or a string, found a number"),
            (json!({"method": {}}), "method", "expected a string, found an object"),
            (json!({"auth": "x"}), "auth", "expected an object, found a string"),
            (
                json!({"auth": {"type": "basic", "basic": "x"}}),
                "auth.basic",
                "expected an array or an object, found a string",
            ),
            (
                json!({"auth": {"type": "basic", "basic": [1]}}),
                "auth.basic[0]",
                "expected an object, found a number",
            ),
        ] {
            let error = read(&value).unwrap_err();
            assert_eq!((error.path.to_string().as_str(), error.message.as_str()), (path, message));
        }
    }
}
