//! Requests as Postman writes them (v2.1), for scripts.

use super::model::{FormPart, Request, RequestAuth, RequestBody, Url};
use super::node::Node;
use crate::collection::request::request;
use serde_json::{Map, Value, json};

impl Request {
    /// The request as a v2.1 document.
    pub fn to_json(&self) -> Value {
        let mut out = json!({
            "url": self.url.to_json(),
            "method": self.method,
            "header": self.headers.iter().map(|h| pair(&h.key, Some(&h.value), h.disabled)).collect::<Vec<_>>(),
        });
        if let Some(body) = &self.body {
            out["body"] = body_json(body);
            if self.body_disabled {
                out["body"]["disabled"] = json!(true);
            }
        }
        if let Some(auth) = &self.auth {
            out["auth"] = auth.to_json();
        }
        if let Some(proxy) = &self.proxy {
            out["proxy"] = proxy.clone();
        }
        if let Some(details) = &self.details {
            details.complete(&mut out);
        }
        out
    }

    /// Reads a request from a v2.x document; `None` when it is none.
    pub fn from_json(document: &Value) -> Option<Self> {
        request(Some(Node::root(document))).ok()
    }
}

impl RequestAuth {
    /// The auth as a v2.1 document.
    pub fn to_json(&self) -> Value {
        let params =
            self.params.iter().map(|(key, value)| json!({"key": key, "value": value, "type": "any"}));
        let mut out = Map::new();
        out.insert("type".to_owned(), json!(self.kind));
        out.insert(self.kind.clone(), params.collect());
        Value::Object(out)
    }
}

impl Url {
    /// The URL in parts, as Postman stores it.
    pub fn to_json(&self) -> Value {
        let mut out = Map::new();
        if let Some(protocol) = &self.protocol {
            out.insert("protocol".to_owned(), json!(protocol));
        }
        if let Some(auth) = &self.auth {
            let auth = match auth.split_once(':') {
                Some((user, password)) => json!({"user": user, "password": password}),
                None => json!({"user": auth}),
            };
            out.insert("auth".to_owned(), auth);
        }
        if let Some(port) = &self.port {
            out.insert("port".to_owned(), json!(port));
        }
        if let Some(path) = &self.path {
            out.insert("path".to_owned(), json!(path));
        }
        // A dot inside `{{…}}` separates nothing, so a host with variables stays whole.
        let host: Vec<&str> =
            if self.host.contains("{{") { vec![&self.host] } else { self.host.split('.').collect() };
        out.insert("host".to_owned(), json!(host));
        let query = self.query.iter().map(|q| {
            let mut param = pair(q.key.as_deref().unwrap_or_default(), q.value.as_deref(), q.disabled);
            if q.key.is_none() {
                param["key"] = Value::Null;
            }
            param
        });
        out.insert("query".to_owned(), query.collect());
        let variables = self.variables.iter().map(|v| {
            let mut variable = pair(&v.key, v.value.as_deref(), v.disabled);
            if let (None, Some(fields)) = (&v.value, variable.as_object_mut()) {
                fields.shift_remove("value");
            }
            variable
        });
        out.insert("variable".to_owned(), variables.collect());
        if let Some(hash) = &self.hash {
            out.insert("hash".to_owned(), json!(hash));
        }
        Value::Object(out)
    }
}

fn pair(key: &str, value: Option<&str>, disabled: bool) -> Value {
    let mut out = json!({"key": key, "value": value});
    if disabled {
        out["disabled"] = json!(true);
    }
    out
}

fn body_json(body: &RequestBody) -> Value {
    match body {
        RequestBody::Raw { text, language } => {
            let mut out = json!({"mode": "raw", "raw": text});
            if let Some(language) = language {
                out["options"] = json!({"raw": {"language": language}});
            }
            out
        }
        RequestBody::UrlEncoded(params) => {
            let params = params
                .iter()
                .map(|p| pair(p.key.as_deref().unwrap_or_default(), p.value.as_deref(), p.disabled));
            json!({"mode": "urlencoded", "urlencoded": params.collect::<Vec<_>>()})
        }
        RequestBody::FormData(parts) => {
            json!({"mode": "formdata", "formdata": parts.iter().map(part_json).collect::<Vec<_>>()})
        }
        RequestBody::File { src, content } => match (src, content) {
            (_, Some(content)) => json!({"mode": "file", "file": {"content": content}}),
            (Some(src), None) => json!({"mode": "file", "file": {"src": src}}),
            (None, None) => json!({"mode": "file"}),
        },
        RequestBody::GraphQl(fields) => json!({"mode": "graphql", "graphql": fields}),
        RequestBody::Unknown(mode) => json!({"mode": mode}),
        RequestBody::Empty => json!({}),
    }
}

fn part_json(part: &FormPart) -> Value {
    let mut out = pair(&part.key, part.value.as_deref(), part.disabled);
    if part.file {
        out["type"] = json!("file");
    }
    if let Some(src) = &part.src {
        out["src"] = match src.as_slice() {
            [one] => json!(one),
            many => json!(many),
        };
    }
    if let Some(content_type) = &part.content_type {
        out["contentType"] = json!(content_type);
    }
    if let Some(file_name) = &part.file_name {
        out["fileName"] = json!(file_name);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_being_written_and_read() {
        for document in [
            json!({"url": "https://u:p@{{host}}.x:8080/a/:id/b?q=1&r&s=#h", "method": "PUT"}),
            json!({"url": {"host": ["{{baseUrl}}"], "path": ["x", ":y"], "variable": [{"key": "y", "value": "1"}],
                "query": [{"key": "a", "value": "b", "disabled": true}, {"key": "c", "value": null}]},
                "method": "POST", "header": [{"key": "A", "value": "1"}, {"key": "B", "value": "2", "disabled": true}],
                "auth": {"type": "basic", "basic": [{"key": "username", "value": "u"}]},
                "body": {"mode": "raw", "raw": "{}", "options": {"raw": {"language": "json"}}}}),
            json!({"url": "h", "method": "POST", "body": {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "b"}]}}),
            json!({"url": "h", "method": "POST", "body": {"mode": "formdata", "formdata": [
                {"key": "f", "type": "file", "src": ["a", "b"]}, {"key": "t", "value": "v", "type": "text"}]}}),
            json!({"url": "h", "method": "POST", "body": {"mode": "graphql", "graphql": {"query": "{a}"}}}),
        ] {
            let request = Request::from_json(&document).unwrap();
            let again = Request::from_json(&request.to_json()).unwrap();
            assert_eq!(format!("{request:?}"), format!("{again:?}"), "{document}");
        }
    }
}
