//! What a request says of itself that no run depends on and scripts may ask for: descriptions, types, options.
//!
//! It is kept as written, and only where the request as it is understood would not say the same.

use super::node::scalar_text;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Parts of a request as written, by where they stand in it: `id`, `name`, `description`, `header`, `query`, `variable`, `body`.
#[derive(Debug, Clone, PartialEq)]
pub struct Details(Arc<Map<String, Value>>);

/// What the model of a header or parameter knows.
const KNOWN: [&str; 3] = ["key", "value", "disabled"];

impl Details {
    /// Those of a request, if it has any.
    pub(super) fn of(request: &Value) -> Option<Self> {
        let mut parts = Map::new();
        let mut keep = |name: &str, part: Option<&Value>| {
            if let Some(part) = part {
                parts.insert(name.to_owned(), part.clone());
            }
        };
        let url = request.get("url");
        for name in ["id", "name", "description"] {
            keep(name, request.get(name).filter(|text| !text.is_null()));
        }
        keep("header", request.get("header").filter(|list| List::Texts.says_more(list)));
        for (name, kind) in [("query", List::Query), ("variable", List::Variables)] {
            keep(name, url.and_then(|url| url.get(name)).filter(|list| kind.says_more(list)));
        }
        keep("body", request.get("body").filter(|body| body_says_more(body)));
        (!parts.is_empty()).then(|| Self(Arc::new(parts)))
    }

    /// Puts them into the document of the request.
    pub(super) fn complete(&self, request: &mut Value) {
        for (name, part) in &*self.0 {
            let place = match name.as_str() {
                "query" | "variable" => &mut request["url"],
                _ => &mut *request,
            };
            place[name.as_str()] = part.clone();
        }
    }
}

/// What the model of a list tells, apart from names and texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    /// Header or form fields: nothing; their `type` means nothing to Postman either.
    Texts,
    /// Query parameters: whether there is a value.
    Query,
    /// Path variables: the same, and their `type` is told to scripts.
    Variables,
}

impl List {
    /// Whether the value is a list of named texts, some of which say more than the model does.
    fn says_more(self, list: &Value) -> bool {
        let Some(fields) = list.as_array() else { return false };
        let known = |(name, value): (&String, &Value)| match name.as_str() {
            "value" => value.is_string() || value.is_null() && self != Self::Texts,
            "type" => self != Self::Variables,
            name => KNOWN.contains(&name),
        };
        let more = |field: &Value| {
            let lacks = |fields: &Map<String, Value>| self == Self::Texts && !fields.contains_key("value");
            field.as_object().is_some_and(|fields| lacks(fields) || !fields.iter().all(known))
        };
        fields.iter().all(is_text) && fields.iter().any(more)
    }
}

/// Whether that is a body whose content is understood as it stands, and which says more than that.
fn body_says_more(body: &Value) -> bool {
    let (Some(fields), Some(mode)) = (body.as_object(), body.get("mode").and_then(Value::as_str)) else {
        return false;
    };
    let Some(content) = body.get(mode) else { return false };
    let all = |named: fn(&Value) -> bool| content.as_array().is_some_and(|list| list.iter().all(named));
    let (understood, more) = match mode {
        "raw" => (!content.is_null(), !content.is_string()),
        "urlencoded" => (all(is_text), List::Texts.says_more(content)),
        // Files, types and odd values are told in many ways.
        "formdata" => (all(is_named), !all(is_plain)),
        "file" | "graphql" => (content.is_object(), true),
        _ => (false, false),
    };
    understood && (more || fields.keys().any(|name| name != "mode" && name != mode))
}

fn is_named(field: &Value) -> bool {
    field.get("key").is_some_and(Value::is_string)
}

fn is_text(field: &Value) -> bool {
    is_named(field) && field.get("value").is_none_or(|value| value.is_null() || scalar_text(value).is_some())
}

fn is_plain(field: &Value) -> bool {
    field.get("value").is_some_and(Value::is_string)
        && field.as_object().is_some_and(|fields| fields.keys().all(|name| KNOWN.contains(&name.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// request → names of the parts that are kept
    #[test]
    fn only_what_would_be_lost_is_kept() {
        let list = json!([{"key": "a", "value": "1"}, {"key": "b", "value": "2", "disabled": true}]);
        let described = json!([{"key": "a", "value": "1", "description": "d"}]);
        for (request, kept) in [
            (json!({"method": "GET", "url": "http://h"}), &[][..]),
            (json!({"header": list, "url": {"query": list, "variable": list}}), &[]),
            (json!({"url": {"query": [{"key": "a", "value": null}], "variable": [{"key": "a"}]}}), &[]),
            (json!({"body": {"mode": "raw", "raw": "x"}}), &[]),
            (json!({"body": {"mode": "urlencoded", "urlencoded": list}}), &[]),
            (json!({"body": {"mode": "formdata", "formdata": list}}), &[]),
            (json!({"header": [{"key": "a", "value": 5}]}), &["header"]),
            (json!({"header": described, "url": {"query": described}}), &["header", "query"]),
            (json!({"description": "d", "name": null}), &["description"]),
            (json!({"header": [{"key": "a", "value": "1", "type": "text"}]}), &[]),
            (json!({"url": {"variable": [{"key": "a", "value": "1", "type": "any"}]}}), &["variable"]),
            (json!({"body": {"mode": "raw", "raw": "x", "options": {}}}), &["body"]),
            (json!({"body": {"mode": "urlencoded", "urlencoded": [{"key": "a"}]}}), &["body"]),
            (json!({"body": {"mode": "formdata", "formdata": [{"key": "a", "type": "file"}]}}), &["body"]),
            // What is understood otherwise than written is told as understood.
            (json!({"header": "A: 1", "url": {"query": [{"value": 1}]}}), &[]),
            (json!({"body": {"mode": "graphql", "graphql": "{a}"}}), &[]),
            (json!({"body": {"mode": "urlencoded", "urlencoded": {"a": "1"}, "options": {}}}), &[]),
        ] {
            let details = Details::of(&request);
            let names: Vec<_> = details.iter().flat_map(|Details(parts)| parts.keys()).collect();
            assert_eq!(names, kept, "{request}");
        }
    }
}
