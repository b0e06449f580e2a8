//! Reads lists of variables: a collection's, an environment's, globals.

use super::node::{Node, ShapeError, scalar_text, truthy};
use crate::variable::{Variable, VariableScope};
use serde_json::{Map, Number, Value};

type Read<T> = Result<T, ShapeError>;

const HINT: &str = r#"write a list such as [{"key": "baseUrl", "value": "http://localhost"}]"#;

/// Declares a list of variables in the scope; an object of names and values is taken too.
///
/// Values are cast to the declared `type` as Postman casts them (`boolean`: `"false"` is true, as any text but
/// the empty one), except that text which is no array or object stays text where Postman has `undefined`.
/// `enabled: false` switches off like `disabled: true`, as in the Postman app; newman uses the value. A variable
/// without a `value` stands for the empty text.
pub(crate) fn variables(node: &Node<'_>, scope: &mut VariableScope) -> Read<()> {
    if node.value().get("key").is_some() {
        // One variable that nobody put into a list.
        let one = variable(node)?;
        one.into_iter().for_each(|(key, variable)| scope.declare(key, variable));
        return Ok(());
    }
    if let Some(fields) = node.fields() {
        for (name, value) in fields {
            scope.declare(name, Variable::new(value.value().clone()));
        }
        return Ok(());
    }
    let Some(entries) = node.elements() else { return Err(node.fail("an array", HINT)) };
    for entry in entries.filter(|entry| !entry.value().is_null()) {
        if let Some((key, variable)) = entry.tolerate(variable(&entry))? {
            scope.declare(key, variable);
        }
    }
    Ok(())
}

/// A variable; none for the empty line that Postman's editor leaves behind.
fn variable(entry: &Node<'_>) -> Read<Option<(String, Variable)>> {
    let fields =
        entry.object(r#"write an object such as {"key": "baseUrl", "value": "http://localhost"}"#)?;
    let (name, key) = match entry.text_at("key")? {
        Some(key) => ("key", key),
        None => ("id", entry.text_at("id")?.unwrap_or_default()),
    };
    if key.is_empty() {
        return Ok(None);
    }
    let kind = entry.text_at("type")?;
    let off = entry.get("enabled").is_some() && !entry.flag("enabled")?;
    let value = fields.get("value");
    Ok(Some((
        key,
        Variable {
            value: value.map_or_else(|| Value::from(""), |value| cast(value, kind.as_deref())),
            kind,
            description: fields.get("description").filter(|text| !text.is_null()).cloned(),
            disabled: off || entry.flag("disabled")?,
            rest: unknown_fields(fields, &[name, "value", "type", "description", "enabled", "disabled"]),
        },
    )))
}

/// The fields that no one here understands: a newer app's, another tool's.
pub(crate) fn unknown_fields(fields: &Map<String, Value>, known: &[&str]) -> Map<String, Value> {
    let unknown = fields.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    unknown.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn cast(value: &Value, kind: Option<&str>) -> Value {
    match kind.map(str::to_lowercase).as_deref() {
        Some("string") => Value::String(match value {
            Value::Null => "null".to_owned(),
            other => scalar_text(other).unwrap_or_else(|| other.to_string()),
        }),
        Some("boolean") => Value::Bool(truthy(value)),
        Some("number") => number(value),
        Some("array") => parsed(value, Value::is_array),
        Some("object") => parsed(value, Value::is_object),
        _ => value.clone(),
    }
}

/// JavaScript's `Number(value)`; JSON has no NaN, so that is its text.
fn number(value: &Value) -> Value {
    let nan = || Value::from("NaN");
    match value {
        Value::Number(_) => value.clone(),
        Value::Null => Value::from(0),
        Value::Bool(flag) => Value::from(u8::from(*flag)),
        Value::String(text) => match text.trim() {
            "" => Value::from(0),
            text => match text.parse::<i64>() {
                Ok(integer) => Value::from(integer),
                Err(_) => text.parse().ok().and_then(Number::from_f64).map_or_else(nan, Value::Number),
            },
        },
        Value::Array(_) | Value::Object(_) => nan(),
    }
}

fn parsed(value: &Value, fits: fn(&Value) -> bool) -> Value {
    let from_text = value.as_str().and_then(|text| serde_json::from_str(text).ok()).filter(fits);
    from_text.unwrap_or_else(|| value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: &Value) -> Read<VariableScope> {
        let mut scope = VariableScope::default();
        variables(&Node::root(value), &mut scope).map(|()| scope)
    }

    #[test]
    fn casts_to_the_declared_type_as_postman_does() {
        for (kind, value, expected) in [
            (None, json!({"a": 1}), json!({"a": 1})),
            (Some("any"), json!(null), json!(null)),
            (Some("default"), json!("5"), json!("5")),
            (Some("secret"), json!("5"), json!("5")),
            (Some("string"), json!(5), json!("5")),
            (Some("String"), json!(true), json!("true")),
            (Some("string"), json!(null), json!("null")),
            (Some("boolean"), json!("false"), json!(true)),
            (Some("boolean"), json!(""), json!(false)),
            (Some("boolean"), json!(0), json!(false)),
            (Some("boolean"), json!(false), json!(false)),
            (Some("number"), json!("5"), json!(5)),
            (Some("number"), json!(" 1.5 "), json!(1.5)),
            (Some("number"), json!(""), json!(0)),
            (Some("number"), json!("abc"), json!("NaN")),
            (Some("number"), json!(true), json!(1)),
            (Some("array"), json!("[1]"), json!([1])),
            (Some("array"), json!([1]), json!([1])),
            (Some("array"), json!("{}"), json!("{}")),
            (Some("object"), json!("{\"a\":1}"), json!({"a": 1})),
            (Some("object"), json!("no"), json!("no")),
        ] {
            let scope = read(&json!([{"key": "x", "value": value, "type": kind}])).unwrap();
            assert_eq!(scope.get("x"), Some(&expected), "{kind:?} {value}");
        }
    }

    #[test]
    fn knows_switches_duplicates_and_shapes() {
        for (value, expected) in [
            (json!([{"key": "x", "value": "1", "disabled": true}]), None),
            (json!([{"key": "x", "value": "1", "enabled": false}]), None),
            (json!([{"key": "x", "value": "1", "enabled": true}]), Some("1")),
            (json!([{"key": "x", "value": "1", "enabled": null, "disabled": null}]), Some("1")),
            (json!([{"key": "x", "value": "1"}, {"key": "x", "value": "2"}]), Some("2")),
            (json!([{"key": "x", "value": "1"}, {"key": "x", "value": "2", "enabled": false}]), Some("1")),
            (json!([{"key": "x"}]), Some("")),
            (json!([{"key": "", "value": "1"}, null]), None),
            (json!([{"id": "x", "value": "1"}]), Some("1")),
            (json!({"x": "1"}), Some("1")),
        ] {
            let scope = read(&value).unwrap();
            assert_eq!(scope.get("x").and_then(Value::as_str), expected, "{value}");
        }
        let kept = read(
            &json!([{"key": "x", "type": "secret", "description": "why", "enabled": false, "uuid": "u"}]),
        )
        .unwrap();
        let (_, variable) = kept.iter().next().unwrap();
        assert!(variable.is_secret() && variable.disabled);
        assert_eq!(variable.description, Some(json!("why")));
        assert_eq!(Value::from(variable.rest.clone()), json!({"uuid": "u"}));
    }

    #[test]
    fn refuses_what_it_cannot_understand() {
        for (value, path, message) in [
            (json!("x"), "", "expected an array, found a string"),
            (json!([5]), "[0]", "expected an object, found a number"),
            (json!([{"key": []}]), "[0].key", "expected a string, found an array"),
            (json!([{"key": "a", "enabled": "no"}]), "[0].enabled", "expected true or false, found a string"),
        ] {
            let error = read(&value).unwrap_err();
            assert_eq!((error.path.to_string().as_str(), error.message.as_str()), (path, message));
        }
    }
}
