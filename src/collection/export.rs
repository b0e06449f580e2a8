//! A collection as a run leaves it, for the next one.

use super::node::scalar_text;
use crate::variable::VariableScope;
use serde_json::{Value, json};

/// The collection's document with its variables as they are now; everything else as it was read.
///
/// A variable keeps its place, its description and whatever else its entry says. One that a script removed is gone,
/// one that a script made comes last.
pub fn export(document: &Value, variables: &VariableScope) -> Value {
    let mut document = document.clone();
    let Some(fields) = document.as_object_mut() else { return document };
    let was = match fields.get("variable") {
        Some(Value::Array(entries)) => entries.clone(),
        Some(Value::Object(named)) => {
            named.iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
        }
        _ => Vec::new(),
    };
    let mut entries: Vec<Value> = Vec::new();
    let known: Vec<Option<String>> = was.iter().map(key).collect();
    for (index, entry) in was.into_iter().enumerate() {
        let Some(key) = &known[index] else {
            entries.push(entry);
            continue;
        };
        // Of several entries of one name, the last counts.
        let is_last = !known[index + 1..].contains(&known[index]);
        match variables.iter().find(|(name, _)| name == key) {
            Some((_, variable)) if is_last => {
                entries.push(updated(entry, &variable.value, variable.disabled))
            }
            Some(_) => entries.push(entry),
            None => {}
        }
    }
    for (name, variable) in variables.iter().filter(|(name, _)| !known.contains(&Some((*name).to_owned()))) {
        entries.push(updated(json!({"key": name}), &variable.value, variable.disabled));
    }
    if !entries.is_empty() || fields.contains_key("variable") {
        fields.insert("variable".to_owned(), Value::Array(entries));
    }
    document
}

fn key(entry: &Value) -> Option<String> {
    let named = |field: &str| entry.get(field).and_then(scalar_text).filter(|key| !key.is_empty());
    named("key").or_else(|| named("id"))
}

fn updated(mut entry: Value, value: &Value, disabled: bool) -> Value {
    let Value::Object(fields) = &mut entry else { return entry };
    // A variable that was declared without a value and got none stays so.
    if fields.contains_key("value") || value.as_str() != Some("") {
        fields.insert("value".to_owned(), value.clone());
    }
    if !disabled {
        for (switch, off) in [("disabled", true), ("enabled", false)] {
            if fields.get(switch) == Some(&Value::Bool(off)) {
                fields.insert(switch.to_owned(), Value::Bool(!off));
            }
        }
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::parse;

    #[test]
    fn variables_are_exported_as_the_run_left_them() {
        let document = json!({
            "info": {"name": "c", "_postman_id": "p"}, "x": 1,
            "item": [],
            "variable": [
                {"id": "v1", "key": "kept", "value": "1", "type": "string", "description": "why"},
                {"key": "changed", "value": "old", "type": "secret"},
                {"key": "gone", "value": "1"},
                {"key": "off", "value": "1", "disabled": true},
                {"key": "on", "value": "1", "disabled": true},
                {"key": "twice", "value": "1"}, {"key": "twice", "value": "2"}
            ]
        });
        let collection = parse("c.json", document.to_string().as_bytes()).unwrap();
        let mut variables = collection.variables.clone();
        assert_eq!(export(&document, &variables), document, "nothing changed");
        variables.set("changed", "new");
        variables.unset("gone");
        variables.set("on", "2");
        variables.set("twice", "3");
        variables.set("made", json!({"a": 1}));
        assert_eq!(
            export(&document, &variables),
            json!({
                "info": {"name": "c", "_postman_id": "p"}, "x": 1,
                "item": [],
                "variable": [
                    {"id": "v1", "key": "kept", "value": "1", "type": "string", "description": "why"},
                    {"key": "changed", "value": "new", "type": "secret"},
                    {"key": "off", "value": "1", "disabled": true},
                    {"key": "on", "value": "2", "disabled": false},
                    {"key": "twice", "value": "1"}, {"key": "twice", "value": "3"},
                    {"key": "made", "value": {"a": 1}}
                ]
            })
        );
        let bare = json!({"item": []});
        assert_eq!(export(&bare, &VariableScope::default()), bare);
    }
}
