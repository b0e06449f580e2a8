//! The top-level shape of a JSON answer: its keys and the kinds of their values.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Keys of a JSON object with the kind of each value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape(BTreeMap<String, &'static str>);

impl Shape {
    /// The shape of an object without some keys; `None` for anything else than an object.
    pub(super) fn of(value: &Value, without: &[&str]) -> Option<Self> {
        let kept = value.as_object()?.iter().filter(|(key, _)| !without.contains(&key.as_str()));
        Some(Self(kept.map(|(key, value)| (key.clone(), kind(value))).collect()))
    }

    /// A diff when `actual` lacks a key of this shape, or has it with another kind. Keys beyond it are tolerated:
    /// fields are added over time.
    pub(super) fn mismatch(&self, actual: &Self) -> Option<String> {
        let kept = self.0.iter().all(|(key, kind)| actual.0.get(key) == Some(kind));
        if kept { None } else { Some(crate::diff::unified(&self.render(), &actual.render())) }
    }

    /// Whether the key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    fn render(&self) -> String {
        self.0.iter().fold(String::new(), |mut out, (key, kind)| {
            let _ = writeln!(out, "{key}: {kind}");
            out
        })
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_lost_key_is_a_mismatch_and_an_added_one_is_not() {
        let shape = |value: Value| Shape::of(&value, &["refreshToken"]).unwrap();
        let login = shape(json!({"user": {}, "shortToken": "a", "refreshToken": "r"}));
        assert_eq!(login.mismatch(&shape(json!({"user": {"x": 1}, "shortToken": "b", "new": 1}))), None);
        let diff = login.mismatch(&shape(json!({"customer": {}, "shortToken": "b"}))).unwrap();
        assert!(diff.contains("-user: object") && diff.contains("+customer: object"), "{diff}");
        assert!(login.mismatch(&shape(json!({"user": null, "shortToken": "b"}))).is_some());
    }
}
