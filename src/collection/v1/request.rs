//! v1 requests: URL, headers and body.

use super::{auth, copy};
use crate::collection::model::Url;
use crate::collection::node::truthy;
use serde_json::{Map, Value, json};

/// The v2.1 request of a v1 one.
pub(super) fn request(v1: &Value) -> Value {
    let mut out = Map::new();
    for (key, value) in [
        ("auth", auth::auth(v1)),
        ("method", v1.get("method").cloned()),
        ("header", Some(headers(v1))),
        ("body", body(v1)),
        ("url", url(v1)),
    ] {
        out.extend(value.map(|value| (key.to_owned(), value)));
    }
    copy(v1, "description", &mut out, "description");
    Value::Object(out)
}

fn array<'v>(v1: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    v1.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The URL's text, or its parts where parameters or path variables are listed beside it.
fn url(v1: &Value) -> Option<Value> {
    let text = match v1.get("url")? {
        Value::String(text) => text,
        other => return Some(other.clone()),
    };
    let query: Vec<Value> =
        array(v1, "queryParams").filter(|param| param.is_object()).map(query_param).collect();
    let mut variables: Vec<Value> = array(v1, "pathVariableData").cloned().collect();
    for (key, value) in v1.get("pathVariables").and_then(Value::as_object).into_iter().flatten() {
        if !variables.iter().any(|known| known.get("key").and_then(Value::as_str) == Some(key)) {
            variables.push(json!({"key": key, "value": value}));
        }
    }
    if query.is_empty() && variables.is_empty() {
        return Some(json!(text));
    }
    let url = Url::parse(text);
    let mut parts = url.to_json();
    parts["raw"] = json!(text);
    if url.auth.is_some_and(|auth| !auth.contains(':'))
        && let Some(auth) = parts["auth"].as_object_mut()
    {
        auth.shift_remove("password");
    }
    for (key, list) in [("query", query), ("variable", variables)] {
        if !list.is_empty() {
            parts[key] = Value::Array(list);
        }
    }
    Some(parts)
}

fn query_param(v1: &Value) -> Value {
    let mut param = v1.as_object().cloned().unwrap_or_default();
    if param.shift_remove("enabled") == Some(Value::Bool(false)) {
        param.insert("disabled".to_owned(), json!(true));
    }
    if let Some(equals) = param.shift_remove("equals") {
        let value = param.get("value").filter(|value| truthy(value)).cloned();
        let without = if truthy(&equals) { json!("") } else { Value::Null };
        param.insert("value".to_owned(), value.unwrap_or(without));
    }
    Value::Object(param)
}

/// `headerData`, then what only the text of `headers` has.
fn headers(v1: &Value) -> Value {
    let text = match v1.get("headers") {
        Some(Value::Array(list)) => return Value::Array(list.clone()),
        Some(Value::String(text)) => text.as_str(),
        _ => "",
    };
    let mut list: Vec<Value> = array(v1, "headerData").filter_map(Value::as_object).map(header).collect();
    let named: Vec<Option<String>> =
        list.iter().map(|header| header["key"].as_str().map(str::to_owned)).collect();
    let more = text.replace("\r\n ", " ").replace("\r\n\t", "\t");
    let more = more.split(['\n', '\r']).filter_map(parse_header);
    list.extend(more.filter(|header| !named.contains(&header["key"].as_str().map(str::to_owned))));
    Value::Array(list)
}

fn header(v1: &Map<String, Value>) -> Value {
    let mut header = v1.clone();
    let off = header.shift_remove("enabled") == Some(Value::Bool(false));
    let key = header.get("key").and_then(Value::as_str).unwrap_or_default().to_owned();
    if off || key.starts_with("//") {
        header.insert("disabled".to_owned(), json!(true));
        header.insert("key".to_owned(), json!(key.replacen("//", "", 1).trim()));
    }
    Value::Object(header)
}

/// `Name: value`, switched off by `//` in front. The name ends at the last colon before the first blank.
fn parse_header(line: &str) -> Option<Value> {
    let (off, rest) = match line.strip_prefix("//") {
        Some(rest) => (true, rest.trim_start()),
        None => (false, line),
    };
    let blank = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let colon = rest[..blank].rfind(':').filter(|colon| *colon > 0)?;
    let mut header = json!({"key": &rest[..colon], "value": rest[colon + 1..].trim()});
    if off {
        header["disabled"] = json!(true);
    }
    Some(header)
}

/// v1's data modes and today's.
const MODES: [(&str, &str); 5] = [
    ("binary", "file"),
    ("graphql", "graphql"),
    ("params", "formdata"),
    ("raw", "raw"),
    ("urlencoded", "urlencoded"),
];

fn body(v1: &Value) -> Option<Value> {
    let field = |key: &str| v1.get(key).filter(|value| !is_empty(value));
    let (data, raw, graphql) = (field("data"), field("rawModeData"), field("graphqlModeData"));
    let wanted = v1.get("dataMode");
    let mode = wanted.and_then(Value::as_str).and_then(|wanted| MODES.iter().find(|(v1, _)| *v1 == wanted));
    let nothing = data.is_none() && raw.is_none() && graphql.is_none();
    if wanted == Some(&Value::Null) || (mode.is_none() && nothing) {
        return None;
    }
    let text = match raw {
        Some(Value::String(text)) => Some(text),
        Some(Value::Array(one)) if one.len() == 1 => match &one[0] {
            Value::String(text) => Some(text),
            _ => None,
        },
        _ => None,
    };
    let graphql = graphql.or_else(|| data.filter(|_| v1.pointer("/dataOptions/graphql").is_some()));
    let form = data.or(raw);
    let mode = match mode {
        Some((_, mode)) => mode,
        None if text.is_none() && form.is_some_and(Value::is_array) => "formdata",
        None if text.is_none() && graphql.is_some() => "graphql",
        None => "raw",
    };
    let content = match mode {
        "raw" => json!(text.map(String::as_str).or_else(|| data.and_then(Value::as_str)).unwrap_or_default()),
        "graphql" => graphql.cloned().unwrap_or_default(),
        "file" => json!({"src": text}),
        _ => form.and_then(Value::as_array).into_iter().flatten().filter_map(form_field).collect(),
    };
    let mut body = json!({"mode": mode, mode: content});
    let options: Map<String, Value> = MODES
        .iter()
        .filter_map(|(v1_mode, mode)| {
            let options = v1.get("dataOptions")?.get(v1_mode)?;
            (!is_empty(options)).then(|| ((*mode).to_owned(), options.clone()))
        })
        .collect();
    if !options.is_empty() {
        body["options"] = Value::Object(options);
    }
    if v1.get("dataDisabled").is_some_and(truthy) {
        body["disabled"] = json!(true);
    }
    Some(body)
}

/// Nothing in it: text, lists and objects without content, and everything that is none of these.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => true,
    }
}

/// A field of a form; none without a key.
fn form_field(v1: &Value) -> Option<Value> {
    let mut field = v1.as_object()?.clone();
    field.get("key").filter(|key| !key.is_null())?;
    let is_file = field.get("type").and_then(Value::as_str) == Some("file");
    if is_file && !field.get("src").is_some_and(truthy) && field.get("value").is_some_and(truthy) {
        let path = field.shift_remove("value").filter(|path| path.is_string() || path.is_array());
        field.insert("src".to_owned(), path.unwrap_or_default());
    }
    if field.shift_remove("enabled") == Some(Value::Bool(false)) {
        field.insert("disabled".to_owned(), json!(true));
    }
    Some(Value::Object(field))
}
