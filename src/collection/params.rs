//! Lists of key and value: headers, query parameters, form fields, path variables, in every shape they come in.

use super::model::{HeaderParam, PathVariable, QueryParam};
use super::node::{Node, ShapeError, scalar_text};
use super::url::parse_query;
use serde_json::Value;

type Read<T> = Result<T, ShapeError>;

/// How one kind of list is written.
struct Form {
    hint: &'static str,
    /// Reads the whole list, or one entry, from text.
    from_text: Option<fn(&str) -> Vec<QueryParam>>,
    /// v2.0 wrote the name of a path variable as `id`.
    id_is_key: bool,
    /// What the value `null` is, where newman sends something for it.
    null: Option<&'static str>,
    /// Whether an entry may hold a list of values.
    lists: bool,
}

const HEADERS: Form = Form {
    hint: r#"write a list such as [{"key": "Accept", "value": "application/json"}]"#,
    from_text: Some(parse_headers),
    id_is_key: false,
    null: Some("null"),
    lists: false,
};

const QUERY: Form = Form {
    hint: r#"write a list such as [{"key": "limit", "value": "10"}]"#,
    from_text: Some(parse_query),
    id_is_key: false,
    null: None,
    lists: false,
};

const PATH_VARIABLES: Form = Form {
    hint: r#"write a list such as [{"key": "id", "value": "1"}]"#,
    from_text: None,
    id_is_key: true,
    null: None,
    lists: false,
};

/// Header fields: a list, `"A: 1\nB: 2"`, or an object of names and values.
pub(super) fn headers(node: Option<Node<'_>>) -> Read<Vec<HeaderParam>> {
    let header = |p: QueryParam| HeaderParam {
        key: p.key.unwrap_or_default(),
        value: p.value.unwrap_or_default(),
        disabled: p.disabled,
    };
    Ok(params(node, &HEADERS)?.into_iter().map(header).collect())
}

/// Query parameters or form fields: a list, `"a=1&b=2"`, or an object of names and values.
pub(super) fn query(node: Option<Node<'_>>) -> Read<Vec<QueryParam>> {
    params(node, &QUERY)
}

/// Form fields: as query parameters, but a list of values is one field a value.
pub(super) fn fields(node: Option<Node<'_>>) -> Read<Vec<QueryParam>> {
    params(node, &Form { lists: true, ..QUERY })
}

/// Values for `:name` path segments: a list or an object of names and values.
pub(super) fn path_variables(node: Option<Node<'_>>) -> Read<Vec<PathVariable>> {
    let variable = |p: QueryParam| Some(PathVariable { key: p.key?, value: p.value, disabled: p.disabled });
    Ok(params(node, &PATH_VARIABLES)?.into_iter().filter_map(variable).collect())
}

fn params(node: Option<Node<'_>>, form: &Form) -> Read<Vec<QueryParam>> {
    let Some(node) = node else { return Ok(Vec::new()) };
    match (node.value(), form.from_text) {
        (Value::String(text), Some(from_text)) => Ok(from_text(text)),
        (Value::Array(_), _) => {
            let mut list = Vec::new();
            for entry in node.elements().into_iter().flatten() {
                match (entry.value(), form.from_text) {
                    (Value::Null, _) => {}
                    (Value::String(text), Some(from_text)) => list.extend(from_text(text)),
                    (Value::Object(_), _) => list.extend(entries(&entry, form)?),
                    _ => entry.ignore(entry.fail("an object with `key` and `value`", form.hint))?,
                }
            }
            Ok(list)
        }
        (Value::Object(fields), _) if fields.contains_key("key") => entries(&node, form),
        (Value::Object(_), _) => node.fields().into_iter().flatten().map(named).collect(),
        (_, Some(_)) => Err(node.fail("an array or a string", form.hint)),
        (_, None) => Err(node.fail("an array", form.hint)),
    }
}

/// The one parameter of an entry, or one for each of its values.
fn entries(entry: &Node<'_>, form: &Form) -> Read<Vec<QueryParam>> {
    let values = entry.get("value").filter(|value| form.lists && value.value().is_array());
    let Some(values) = values.as_ref().and_then(Node::elements) else { return Ok(vec![param(entry, form)?]) };
    let (key, disabled) = (entry.text_at("key")?, entry.flag("disabled")?);
    let one = |value: Node<'_>| {
        let value = if value.value().is_null() { None } else { value.tolerate(value.text().map(Some))? };
        Ok(QueryParam { key: key.clone(), value, disabled })
    };
    values.map(one).collect()
}

fn param(entry: &Node<'_>, form: &Form) -> Read<QueryParam> {
    let mut key = entry.text_at("key")?;
    if form.id_is_key && key.as_deref().is_none_or(str::is_empty) {
        key = entry.text_at("id")?;
    }
    let value = match entry.value().get("value") {
        Some(Value::Null) => form.null.map(str::to_owned),
        _ => entry.text_at("value")?,
    };
    Ok(QueryParam { key, value, disabled: entry.flag("disabled")? })
}

fn named((key, value): (&str, Node<'_>)) -> Read<QueryParam> {
    let text = match value.value() {
        Value::Null => None,
        other => Some(scalar_text(other).ok_or_else(|| value.fail("a string", "write the value in quotes"))?),
    };
    Ok(QueryParam { key: Some(key.to_owned()), value: text, disabled: false })
}

/// A line that begins with a blank, or whose name is several words (`// Accept: x`), is no header.
fn parse_headers(text: &str) -> Vec<QueryParam> {
    let field = |line: &str| {
        let (key, value) = line.split_once(':')?;
        (!key.trim_end().contains([' ', '\t'])).then(|| QueryParam {
            key: Some(key.trim().to_owned()),
            value: Some(value.trim().to_owned()),
            disabled: false,
        })
    };
    text.lines().filter_map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(params: &[QueryParam]) -> Vec<String> {
        let show = |p: &QueryParam| {
            let off = if p.disabled { "#" } else { "" };
            format!("{off}{}={}", p.key.as_deref().unwrap_or("∅"), p.value.as_deref().unwrap_or("∅"))
        };
        params.iter().map(show).collect()
    }

    #[test]
    fn query_in_every_shape() {
        for (value, expected) in [
            (
                json!([{"key": "a", "value": "1"}, {"key": "b", "value": null, "disabled": true}]),
                &["a=1", "#b=∅"][..],
            ),
            (json!([{"key": "a", "value": 1}, {"key": null, "value": true}, null]), &["a=1", "∅=true"]),
            (json!("a=1&b=&c"), &["a=1", "b=", "c=∅"]),
            (json!(["a=1", "b"]), &["a=1", "b=∅"]),
            (json!({"a": "1", "b": null, "c": 2}), &["a=1", "b=∅", "c=2"]),
            (json!({"key": "a", "value": "1"}), &["a=1"]),
            (json!([]), &[]),
        ] {
            assert_eq!(shown(&query(Some(Node::root(&value))).unwrap()), expected, "{value}");
        }
    }

    #[test]
    fn a_form_field_with_a_list_of_values_is_one_a_value() {
        let list = json!([{"key": "a", "value": ["x", 1, null]}, {"key": "b", "value": "2"}]);
        assert_eq!(shown(&fields(Some(Node::root(&list))).unwrap()), ["a=x", "a=1", "a=∅", "b=2"]);
    }

    #[test]
    fn headers_and_path_variables_in_every_shape() {
        for value in [
            json!("// A: 0\r\nA: 1\r\nB:2: 3 \n C: folded\nnoise\n"),
            json!([{"key": "A", "value": 1}, "B: 2: 3"]),
            json!({"A": "1", "B": "2: 3"}),
        ] {
            let fields: Vec<_> =
                headers(Some(Node::root(&value))).unwrap().into_iter().map(|h| (h.key, h.value)).collect();
            assert_eq!(fields, [("A".into(), "1".into()), ("B".into(), "2: 3".into())], "{value}");
        }
        for value in [
            json!([{"key": "id", "value": "1"}, {"value": "nameless"}]),
            json!([{"id": "id", "value": 1}]),
            json!([{"id": "id", "key": "", "value": "1"}]),
            json!({"id": "1"}),
        ] {
            let expected = PathVariable { key: "id".into(), value: Some("1".into()), disabled: false };
            assert_eq!(path_variables(Some(Node::root(&value))).unwrap(), [expected], "{value}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_understand() {
        for (value, path, message) in [
            (json!(5), "", "expected an array or a string, found a number"),
            (json!([5]), "[0]", "expected an object with `key` and `value`, found a number"),
            (json!([{"key": {}}]), "[0].key", "expected a string, found an object"),
            (json!({"a": []}), "a", "expected a string, found an array"),
            (json!([{"key": "a", "disabled": 3}]), "[0].disabled", "expected true or false, found a number"),
        ] {
            let error = query(Some(Node::root(&value))).unwrap_err();
            assert_eq!((error.path.to_string().as_str(), error.message.as_str()), (path, message));
        }
        let error = path_variables(Some(Node::root(&json!("a")))).unwrap_err();
        assert_eq!(error.message, "expected an array, found a string");
    }
}
