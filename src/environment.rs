//! Environment and globals files: Postman's exports to a [`VariableScope`] and back.

use crate::collection::{
    Document, Identity, InputFile, Node, ShapeError, identify, unknown_fields, variables,
};
use crate::diagnostic::InputError;
use crate::variable::{Variable, VariableScope};
use serde_json::{Map, Value, json};
use std::path::Path;

/// Which of the two: they share their format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An environment.
    Environment,
    /// Globals.
    Globals,
}

impl Kind {
    /// As `_postman_variable_scope` and messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Globals => "globals",
        }
    }

    fn with_article(self) -> &'static str {
        match self {
            Self::Environment => "an environment",
            Self::Globals => "globals",
        }
    }

    fn option(self) -> &'static str {
        match self {
            Self::Environment => "--environment (-e)",
            Self::Globals => "--globals (-g)",
        }
    }
}

/// Reads an environment or globals file; `-` is standard input.
pub fn read(path: impl AsRef<Path>, kind: Kind) -> Result<VariableScope, InputError> {
    let file = InputFile::new(kind.name(), path.as_ref());
    let bytes = file.read()?;
    scope(&file, &bytes, kind)
}

/// Reads an environment or globals from bytes; `file_name` is how messages name it.
///
/// Taken are exports (`{"values": […]}`), the same boxed (`{"environment": {…}}`, `{"globals": {…}}`) and a bare
/// list. Anything else is an error; newman ignores it in silence.
pub fn parse(file_name: &str, bytes: &[u8], kind: Kind) -> Result<VariableScope, InputError> {
    scope(&InputFile::new(kind.name(), Path::new(file_name)), bytes, kind)
}

fn scope(file: &InputFile, bytes: &[u8], kind: Kind) -> Result<VariableScope, InputError> {
    let Document { source, value } = file.document(bytes)?;
    let root = Node::root(&value);
    let is_box = |node: &Node<'_>| node.value().is_object() || node.value().is_array();
    let boxed = match value.get("values") {
        None => root.get("environment").or_else(|| root.get("globals")).filter(is_box),
        Some(_) => None,
    };
    unboxed(boxed.as_ref().unwrap_or(&root), kind).map_err(|error| file.refuse(&source, error))
}

fn unboxed(node: &Node<'_>, kind: Kind) -> Result<VariableScope, ShapeError> {
    let mut scope = VariableScope::default();
    match node.value() {
        Value::Array(_) => variables(node, &mut scope)?,
        Value::Object(fields) if fields.contains_key("values") => {
            scope.id = node.text_at("id")?;
            scope.name = node.text_at("name")?;
            scope.rest = unknown_fields(fields, &["id", "name", "values"]);
            if let Some(values) = node.get("values") {
                if !values.value().is_array() {
                    return Err(values.fail("an array", &example(values.value())));
                }
                variables(&values, &mut scope)?;
            }
        }
        Value::Object(_) => return Err(not_an_export(node, kind)),
        _ => {
            let expected = format!("{} (an object with `values`)", kind.with_article());
            return Err(node.fail(&expected, &example(node.value())));
        }
    }
    Ok(scope)
}

fn not_an_export(node: &Node<'_>, kind: Kind) -> ShapeError {
    let identity = identify(node.value());
    match (identity, identity.name()) {
        (Identity::Collection | Identity::CollectionV1, Some(found)) => node.error(
            format!("expected {}, found {found}", kind.with_article()),
            &format!(
                "give the collection as the argument, and {} with {}",
                kind.with_article(),
                kind.option()
            ),
        ),
        (_, Some(found)) => node.error(
            format!("expected {}, found {found}", kind.with_article()),
            &format!("export {} from Postman", kind.with_article()),
        ),
        (_, None) => node.error("`values` is missing", &example(node.value())),
    }
}

/// The shape to write, shown with the first variable the file seems to mean.
fn example(value: &Value) -> String {
    let first = value.as_object().and_then(|fields| fields.iter().find(|(_, value)| value.is_string()));
    let (key, value) = first.map_or(("baseUrl", "http://localhost"), |(key, value)| {
        // A value may be a secret: it is not repeated.
        (key.as_str(), if value.as_str() == Some("") { "" } else { "…" })
    });
    format!(r#"write {{"values": [{{"key": {}, "value": {}}}]}}"#, Value::from(key), Value::from(value))
}

/// The scope for a file that is fed into the next run: as [`export`], with the fields that only other tools know.
///
/// They are for files alone: nobody can tell which of them are secrets, so no report holds them.
pub fn export_whole(scope: &VariableScope, kind: Kind) -> Value {
    let mut document = export(scope, kind);
    let entries = document.get_mut("values").and_then(Value::as_array_mut).into_iter().flatten();
    for (entry, (_, variable)) in entries.zip(scope.iter()) {
        extend(entry, &variable.rest);
    }
    extend(&mut document, &scope.rest);
    document
}

fn extend(document: &mut Value, rest: &Map<String, Value>) {
    if let Some(fields) = document.as_object_mut() {
        for (name, value) in rest {
            fields.entry(name.as_str()).or_insert_with(|| value.clone());
        }
    }
}

/// The scope as Postman exports it, switched-off variables, types and descriptions included.
///
/// The time stamps Postman adds (`_postman_exported_at`) are the caller's to add.
pub fn export(scope: &VariableScope, kind: Kind) -> Value {
    let mut document = Map::new();
    for (key, text) in [("id", &scope.id), ("name", &scope.name)] {
        if let Some(text) = text {
            document.insert(key.to_owned(), json!(text));
        }
    }
    let values: Vec<_> = scope.iter().map(|(key, variable)| export_variable(key, variable)).collect();
    document.insert("values".to_owned(), Value::Array(values));
    document.insert("_postman_variable_scope".to_owned(), json!(kind.name()));
    Value::Object(document)
}

fn export_variable(key: &str, variable: &Variable) -> Value {
    let mut entry = Map::new();
    entry.insert("key".to_owned(), json!(key));
    entry.insert("value".to_owned(), variable.value.clone());
    if let Some(kind) = &variable.kind {
        entry.insert("type".to_owned(), json!(kind));
    }
    if let Some(description) = &variable.description {
        entry.insert("description".to_owned(), description.clone());
    }
    entry.insert("enabled".to_owned(), json!(!variable.disabled));
    Value::Object(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<VariableScope, InputError> {
        parse("dev.json", text.as_bytes(), Kind::Environment)
    }

    #[test]
    fn reads_every_shape() {
        let list = r#"[{"key": "a", "value": "1"}, {"key": "b", "value": "2", "enabled": false}]"#;
        for text in [
            list.to_owned(),
            format!(r#"{{"values": {list}}}"#),
            format!(r#"{{"id": "i", "name": "n", "values": {list}}}"#),
            format!(r#"{{"environment": {{"values": {list}}}}}"#),
            format!(r#"{{"globals": {{"values": {list}}}}}"#),
            format!(r#"{{"environment": {list}}}"#),
            format!("\u{feff} {list}\n"),
        ] {
            let scope = parsed(&text).unwrap();
            assert_eq!(scope.get("a"), Some(&json!("1")), "{text}");
            assert_eq!(scope.get("b"), None, "{text}");
            assert_eq!(scope.iter().count(), 2, "{text}");
        }
        assert!(parsed(r#"{"name": "n", "values": null}"#).unwrap().is_empty());
        let utf16: Vec<u8> = list.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(parse("e", &utf16, Kind::Globals).unwrap().get("a"), Some(&json!("1")));
    }

    #[test]
    fn export_and_reading_are_inverse() {
        for (kind, scope) in [(Kind::Environment, "environment"), (Kind::Globals, "globals")] {
            let exported = json!({
                "id": "4c1a", "name": "dev",
                "values": [
                    {"key": "url", "value": "http://h", "type": "default", "enabled": true},
                    {"key": "token", "value": "", "type": "secret", "description": "from login", "enabled": true},
                    {"key": "old", "value": 5, "enabled": false},
                    {"key": "deep", "value": {"a": [null]}, "type": "any", "enabled": true}
                ],
                "_postman_variable_scope": scope
            });
            let read = parse("x", exported.to_string().as_bytes(), kind).unwrap();
            assert_eq!(export(&read, kind), exported);
            assert_eq!(export_whole(&read, kind), exported);
        }
        assert_eq!(
            export(&VariableScope::default(), Kind::Globals),
            json!({"values": [], "_postman_variable_scope": "globals"})
        );
    }

    #[test]
    fn only_a_file_gets_the_fields_of_other_tools() {
        let written = json!({
            "name": "dev", "values": [{"key": "a", "value": "1", "enabled": true, "sessionValue": "s3cret"}],
            "_postman_variable_scope": "environment", "color": "red"
        });
        let scope = parse("x", written.to_string().as_bytes(), Kind::Environment).unwrap();
        assert_eq!(export_whole(&scope, Kind::Environment), written);
        let reported = export(&scope, Kind::Environment).to_string();
        assert!(!reported.contains("s3cret") && !reported.contains("red"), "{reported}");
    }

    #[test]
    fn errors_say_what_why_and_how_to_mend_it() {
        for (text, expected) in [
            ("", "the file is empty\n  hint: export the environment again from Postman"),
            (
                "baseUrl: x\n",
                "expected value (line 1, column 1)\n  hint: this looks like YAML: export the environment from Postman as JSON",
            ),
            (
                "{\"retries\": 3,\n \"token\": \"s3cret\"}",
                "`values` is missing (line 1, column 1)\n  hint: write {\"values\": [{\"key\": \"token\", \"value\": \"…\"}]}",
            ),
            (
                "{}",
                "`values` is missing (line 1, column 1)\n  hint: write {\"values\": [{\"key\": \"baseUrl\", \"value\": \"http://localhost\"}]}",
            ),
            (
                "{\n\"values\": {\"a\": \"\"}}",
                "values: expected an array, found an object (line 2, column 11)\n  hint: write {\"values\": [{\"key\": \"a\", \"value\": \"\"}]}",
            ),
            (
                "\"x\"",
                "expected an environment (an object with `values`), found a string (line 1, column 1)\n  hint: write {\"values\": [{\"key\": \"baseUrl\", \"value\": \"http://localhost\"}]}",
            ),
            (
                "{\"info\": {}, \"item\": []}",
                "expected an environment, found a collection (line 1, column 1)\n  hint: give the collection as the argument, and an environment with --environment (-e)",
            ),
            (
                "{\"openapi\": \"3.1.0\"}",
                "expected an environment, found an OpenAPI description (line 1, column 1)\n  hint: export an environment from Postman",
            ),
            (
                "{\"environment\": {\"values\": [\n  5]}}",
                "environment.values[0]: expected an object, found a number (line 2, column 3)\n  hint: write an object such as {\"key\": \"baseUrl\", \"value\": \"http://localhost\"}",
            ),
        ] {
            let error = parsed(text).unwrap_err().to_string();
            assert_eq!(
                error,
                format!("error: cannot read environment `dev.json`\n  caused by: {expected}"),
                "{text}"
            );
        }
        let error = parse("g.json", b"{\"item\": []}", Kind::Globals).unwrap_err();
        assert_eq!(
            error.to_string(),
            "error: cannot read globals `g.json`\n  caused by: expected globals, found a collection (line 1, column 1)\n  \
             hint: give the collection as the argument, and globals with --globals (-g)"
        );
    }
}
