//! Reads request bodies.

use super::model::{FormPart, RequestBody};
use super::node::{Node, ShapeError, scalar_text, truthy};
use super::params::fields;
use serde_json::{Map, Value};

type Read<T> = Result<T, ShapeError>;

const BODY_HINT: &str = r#"write an object such as {"mode": "raw", "raw": "…"}"#;
const FORM_HINT: &str = r#"write a list such as [{"key": "name", "value": "Rex", "type": "text"}]"#;
const MODES: [&str; 5] = ["raw", "urlencoded", "formdata", "file", "graphql"];

/// A body; `None` when there is none. A string is a raw body.
pub(super) fn body(node: &Node<'_>) -> Read<Option<RequestBody>> {
    if node.value().as_str().is_some_and(str::is_empty) {
        return Ok(Some(RequestBody::Empty));
    }
    if let Value::String(text) = node.value() {
        return Ok(Some(RequestBody::Raw { text: text.clone(), language: None }));
    }
    if !node.value().is_object() {
        return Err(node.fail("an object or a string", BODY_HINT));
    }
    let content = |mode: &str| node.value().get(mode).is_some_and(|content| !content.is_null());
    match node.text_at("mode")?.map(|mode| mode.to_lowercase()).as_deref() {
        Some("raw") => raw(node).map(Some),
        Some("urlencoded") => Ok(Some(RequestBody::UrlEncoded(fields(node.get("urlencoded"))?))),
        Some("formdata") => form(node.get("formdata")).map(|parts| Some(RequestBody::FormData(parts))),
        Some("file") => file(node.get("file")).map(Some),
        Some("graphql") => graphql(node.get("graphql")).map(Some),
        // Postman takes what it does not know for text.
        Some(mode) if !mode.is_empty() && content("raw") => raw(node).map(Some),
        Some(mode) if !mode.is_empty() => Ok(Some(RequestBody::Unknown(mode.to_owned()))),
        _ if MODES.into_iter().any(content) => Ok(Some(RequestBody::Unknown(String::new()))),
        _ => Ok(Some(RequestBody::Empty)),
    }
}

fn raw(node: &Node<'_>) -> Read<RequestBody> {
    let language = match node.get("options") {
        Some(options) => match options.get("raw") {
            Some(raw) => raw.text_at("language")?,
            None => None,
        },
        None => None,
    };
    Ok(RequestBody::Raw {
        text: node.get("raw").map(|raw| json_text(raw.value())).unwrap_or_default(),
        language,
    })
}

/// Text as it stands; JSON written without quotes around it is what it looks like.
fn json_text(value: &Value) -> String {
    scalar_text(value).unwrap_or_else(|| value.to_string())
}

fn file(node: Option<Node<'_>>) -> Read<RequestBody> {
    let Some(node) = node else { return Ok(RequestBody::File { src: None, content: None }) };
    if let Value::String(path) = node.value() {
        return Ok(RequestBody::File { src: Some(path.clone()), content: None });
    }
    node.object(r#"write an object such as {"src": "photo.png"}"#)?;
    Ok(RequestBody::File { src: node.text_at("src")?, content: node.text_at("content")? })
}

fn graphql(node: Option<Node<'_>>) -> Read<RequestBody> {
    let mut fields = Map::new();
    let Some(node) = node else { return Ok(RequestBody::GraphQl(fields)) };
    if node.value().is_string() {
        fields.insert("query".to_owned(), node.value().clone());
        return Ok(RequestBody::GraphQl(fields));
    }
    let written =
        node.object(r#"write an object such as {"query": "{ pets { name } }", "variables": "{}"}"#)?;
    for name in ["query", "operationName", "variables"] {
        if let Some(value) = written.get(name) {
            fields.insert(name.to_owned(), value.clone());
        }
    }
    Ok(RequestBody::GraphQl(fields))
}

fn form(node: Option<Node<'_>>) -> Read<Vec<FormPart>> {
    let Some(node) = node else { return Ok(Vec::new()) };
    if let Some(fields) = node.fields() {
        let part = |(key, value): (&str, Node<'_>)| {
            let text = if value.value().is_null() { None } else { Some(value.text()?) };
            Ok(FormPart { key: key.to_owned(), ..text_part(text) })
        };
        return fields.map(part).collect();
    }
    let Some(entries) = node.elements() else { return Err(node.fail("an array", FORM_HINT)) };
    let parts = entries.filter(|entry| !entry.value().is_null());
    parts.filter_map(|entry| entry.tolerate(part(&entry).map(Some)).transpose()).collect()
}

fn text_part(value: Option<String>) -> FormPart {
    let key = String::new();
    FormPart { key, value, src: None, file: false, content_type: None, file_name: None, disabled: false }
}

fn part(entry: &Node<'_>) -> Read<FormPart> {
    entry.object(FORM_HINT)?;
    Ok(FormPart {
        key: entry.text_at("key")?.unwrap_or_default(),
        // What is falsy is nothing, for Postman.
        value: entry.get("value").filter(|value| truthy(value.value())).map(|value| json_text(value.value())),
        src: entry.get("src").map_or(Ok(None), |src| src.tolerate(sources(&src).map(Some)))?,
        file: entry.text_at("type")?.as_deref() == Some("file"),
        content_type: entry.text_at("contentType")?,
        file_name: entry.text_at("fileName")?,
        disabled: entry.flag("disabled")?,
    })
}

fn sources(src: &Node<'_>) -> Read<Vec<String>> {
    match src.elements() {
        Some(paths) => paths.map(|path| path.text()).collect(),
        None if src.value().is_string() => Ok(vec![src.text()?]),
        None => Err(src.fail("a string or an array", "write the path of a file, or a list of paths")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::QueryParam;
    use super::*;
    use serde_json::json;

    fn raw(text: &str, language: Option<&str>) -> Option<RequestBody> {
        Some(RequestBody::Raw { text: text.into(), language: language.map(Into::into) })
    }

    #[test]
    fn reads_every_mode() {
        let field = |key: &str, value: Option<&str>, disabled| QueryParam {
            key: Some(key.into()),
            value: value.map(Into::into),
            disabled,
        };
        let fields =
            Some(RequestBody::UrlEncoded(vec![field("a", Some("1"), false), field("b", None, true)]));
        let file = |src: Option<&str>| Some(RequestBody::File { src: src.map(Into::into), content: None });
        let graphql = |fields: Value| Some(RequestBody::GraphQl(fields.as_object().unwrap().clone()));
        let language = json!({"raw": {"language": "json"}});
        for (value, expected) in [
            (json!({}), Some(RequestBody::Empty)),
            (json!(""), Some(RequestBody::Empty)),
            (json!({"mode": null, "raw": null}), Some(RequestBody::Empty)),
            (json!({"raw": "lost"}), Some(RequestBody::Unknown(String::new()))),
            (json!({"mode": "raw", "raw": "x", "disabled": true}), raw("x", None)),
            (json!("x"), raw("x", None)),
            (json!({"mode": "raw"}), raw("", None)),
            (json!({"mode": "raw", "raw": "{}", "options": language}), raw("{}", Some("json"))),
            (json!({"mode": "raw", "raw": {"a": [1]}, "options": {}}), raw(r#"{"a":[1]}"#, None)),
            (json!({"mode": "raw", "raw": 5}), raw("5", None)),
            (json!({"mode": "urlencoded"}), Some(RequestBody::UrlEncoded(vec![]))),
            (
                json!({"mode": "urlencoded", "urlencoded": [
                    {"key": "a", "value": 1}, {"key": "b", "value": null, "disabled": true}]}),
                fields,
            ),
            (
                json!({"mode": "urlencoded", "urlencoded": "a=1&b"}),
                Some(RequestBody::UrlEncoded(vec![field("a", Some("1"), false), field("b", None, false)])),
            ),
            (json!({"mode": "file", "file": "a.bin"}), file(Some("a.bin"))),
            (json!({"mode": "file", "file": {"src": "a.bin"}}), file(Some("a.bin"))),
            (json!({"mode": "file"}), file(None)),
            (json!({"mode": "graphql"}), graphql(json!({}))),
            (json!({"mode": "graphql", "graphql": "{a}"}), graphql(json!({"query": "{a}"}))),
            (
                json!({"mode": "graphql", "graphql": {"variables": {"b": 1}, "operationName": null, "x": 1}}),
                graphql(json!({"operationName": null, "variables": {"b": 1}})),
            ),
            (json!({"mode": "protobuf", "raw": "x"}), raw("x", None)),
            (json!({"mode": "RAW", "raw": "x"}), raw("x", None)),
            (json!({"mode": "protobuf"}), Some(RequestBody::Unknown("protobuf".into()))),
        ] {
            assert_eq!(body(&Node::root(&value)).unwrap(), expected, "{value}");
        }
    }

    #[test]
    fn reads_form_parts() {
        let value = json!({"mode": "formdata", "formdata": [
            {"key": "a", "value": 1, "contentType": "text/plain"},
            {"key": "f", "type": "file", "src": "x.png", "fileName": "y.png", "disabled": true},
            {"key": "g", "type": "file", "src": ["x", "y"]},
            {"key": "h", "type": "file", "src": null}, null]});
        let Some(RequestBody::FormData(parts)) = body(&Node::root(&value)).unwrap() else { panic!() };
        let shown: Vec<_> = parts.iter().map(|p| (p.key.as_str(), p.file, p.src.clone())).collect();
        let of = |paths: &[&str]| Some(paths.iter().map(|path| (*path).to_owned()).collect());
        assert_eq!(
            shown,
            [
                ("a", false, None),
                ("f", true, of(&["x.png"])),
                ("g", true, of(&["x", "y"])),
                ("h", true, None)
            ]
        );
        assert_eq!(parts[0].value.as_deref(), Some("1"));
        assert_eq!(parts[0].content_type.as_deref(), Some("text/plain"));
        assert_eq!(parts[1].file_name.as_deref(), Some("y.png"));
        assert!(parts[1].disabled);

        let value = json!({"mode": "formdata", "formdata": {"a": "1", "b": null}});
        let Some(RequestBody::FormData(parts)) = body(&Node::root(&value)).unwrap() else { panic!() };
        assert_eq!((parts[0].value.as_deref(), parts[1].value.as_deref()), (Some("1"), None));
    }

    #[test]
    fn refuses_what_it_cannot_understand() {
        for (value, path, message) in [
            (json!(5), "", "expected an object or a string, found a number"),
            (json!({"mode": []}), "mode", "expected a string, found an array"),
            (json!({"mode": "formdata", "formdata": "a"}), "formdata", "expected an array, found a string"),
            (
                json!({"mode": "formdata", "formdata": [1]}),
                "formdata[0]",
                "expected an object, found a number",
            ),
            (
                json!({"mode": "formdata", "formdata": [{"src": 1}]}),
                "formdata[0].src",
                "expected a string or an array, found a number",
            ),
            (json!({"mode": "file", "file": []}), "file", "expected an object, found an array"),
            (json!({"mode": "graphql", "graphql": 1}), "graphql", "expected an object, found a number"),
        ] {
            let error = body(&Node::root(&value)).unwrap_err();
            assert_eq!((error.path.to_string().as_str(), error.message.as_str()), (path, message));
        }
    }
}
