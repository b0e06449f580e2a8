//! A cursor over parsed JSON that knows where it is, so that every refusal names its place.

use serde_json::{Map, Value};
use std::cell::RefCell;
use std::fmt;

/// One step of a [`JsonPath`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathStep {
    /// Into an object.
    Key(String),
    /// Into an array, zero-based.
    Index(usize),
}

/// A place in a JSON document; displays as `item[3].request.url`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct JsonPath(pub Vec<PathStep>);

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Index(index) => write!(f, "[{index}]")?,
                PathStep::Key(key) if !is_plain(key) => write!(f, "[{}]", Value::from(key.as_str()))?,
                PathStep::Key(key) if depth == 0 => f.write_str(key)?,
                PathStep::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'))
}

/// A value that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShapeError {
    /// Where.
    pub(crate) path: JsonPath,
    /// What was expected and found.
    pub(crate) message: String,
    /// How to mend it.
    pub(crate) hint: String,
}

#[derive(Debug, Clone, Copy)]
enum Step<'n> {
    Key(&'n str),
    Index(usize),
}

/// What was left out of account while reading: Postman's tools read on where a field makes no sense.
pub(crate) type Ignored = RefCell<Vec<ShapeError>>;

/// A value and the way to it. The way is spelled out only when an error needs it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'n> {
    value: &'n Value,
    at: Option<(&'n Node<'n>, Step<'n>)>,
    /// Where errors go that are tolerated; without it none is.
    ignored: Option<&'n Ignored>,
}

impl<'n> Node<'n> {
    /// The whole document, read strictly.
    pub(crate) fn root(value: &'n Value) -> Self {
        Self { value, at: None, ignored: None }
    }

    /// The whole document, read as Postman's tools do: what makes no sense is noted and left out.
    pub(crate) fn tolerant(value: &'n Value, ignored: &'n Ignored) -> Self {
        Self { value, at: None, ignored: Some(ignored) }
    }

    /// What was read; where errors are tolerated, the error is noted and there is nothing.
    pub(crate) fn tolerate<T: Default>(&self, read: Result<T, ShapeError>) -> Result<T, ShapeError> {
        match (read, self.ignored) {
            (Err(error), Some(ignored)) => {
                ignored.borrow_mut().push(error);
                Ok(T::default())
            }
            (read, _) => read,
        }
    }

    /// Notes the error where errors are tolerated.
    pub(crate) fn ignore(&self, error: ShapeError) -> Result<(), ShapeError> {
        self.tolerate(Err(error))
    }

    fn child<'s>(&'s self, value: &'n Value, step: Step<'s>) -> Node<'s> {
        Node { value, at: Some((self, step)), ignored: self.ignored }
    }

    /// The value itself.
    pub(crate) fn value(&self) -> &'n Value {
        self.value
    }

    /// The field of that name. Absent and `null` are the same thing in every field Postman writes.
    pub(crate) fn get<'s>(&'s self, key: &'s str) -> Option<Node<'s>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(self.child(value, Step::Key(key)))
    }

    /// The elements of an array, `None` if it is not one.
    pub(crate) fn elements<'s>(&'s self) -> Option<impl Iterator<Item = Node<'s>>> {
        let elements = self.value.as_array()?;
        Some(elements.iter().enumerate().map(|(index, value)| self.child(value, Step::Index(index))))
    }

    /// The fields of an object with their names, `None` if it is not one.
    pub(crate) fn fields<'s>(&'s self) -> Option<impl Iterator<Item = (&'s str, Node<'s>)>> {
        let fields = self.value.as_object()?;
        Some(fields.iter().map(|(key, value)| (key.as_str(), self.child(value, Step::Key(key)))))
    }

    /// The object this is.
    pub(crate) fn object(&self, hint: &str) -> Result<&'n Map<String, Value>, ShapeError> {
        self.value.as_object().ok_or_else(|| self.fail("an object", hint))
    }

    /// Text; a number or a boolean stands for its text.
    pub(crate) fn text(&self) -> Result<String, ShapeError> {
        scalar_text(self.value).ok_or_else(|| self.fail("a string", "write text in double quotes"))
    }

    /// The text in that field, `None` if it is absent.
    pub(crate) fn text_at(&self, key: &str) -> Result<Option<String>, ShapeError> {
        let Some(node) = self.get(key) else { return Ok(None) };
        node.tolerate(node.text().map(Some))
    }

    /// The switch in that field, off if it is absent.
    pub(crate) fn flag(&self, key: &str) -> Result<bool, ShapeError> {
        let Some(node) = self.get(key) else { return Ok(false) };
        match node.value {
            Value::Bool(on) => Ok(*on),
            Value::String(text) if text == "true" => Ok(true),
            Value::String(text) if text == "false" || text.is_empty() => Ok(false),
            value => {
                node.ignore(node.fail("true or false", "write true or false, without quotes"))?;
                Ok(truthy(value))
            }
        }
    }

    /// Where this is.
    pub(crate) fn path(&self) -> JsonPath {
        let mut steps = Vec::new();
        let mut node = *self;
        while let Some((parent, step)) = node.at {
            steps.push(match step {
                Step::Key(key) => PathStep::Key(key.to_owned()),
                Step::Index(index) => PathStep::Index(index),
            });
            node = *parent;
        }
        steps.reverse();
        JsonPath(steps)
    }

    /// This is not what was expected.
    pub(crate) fn fail(&self, expected: &str, hint: &str) -> ShapeError {
        self.error(format!("expected {expected}, found {}", kind(self.value)), hint)
    }

    /// Something else is wrong here.
    pub(crate) fn error(&self, message: impl Into<String>, hint: &str) -> ShapeError {
        ShapeError { path: self.path(), message: message.into(), hint: hint.to_owned() }
    }
}

/// A string as it stands, numbers and booleans as JavaScript spells them; nothing else is text.
pub(super) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(match number.as_f64() {
            Some(float) if number.is_f64() => float.to_string(),
            _ => number.to_string(),
        }),
        _ => None,
    }
}

/// JavaScript's `Boolean(value)`.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// JavaScript's `String(value)`.
pub(super) fn spelled(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Array(list) => list.iter().map(spelled).collect::<Vec<_>>().join(","),
        Value::Object(_) => "[object Object]".to_owned(),
        scalar => scalar_text(scalar).unwrap_or_default(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_carry_the_path() {
        let value = json!({"item": [null, {"request": {"a b": {"": [1, true]}}}]});
        let root = Node::root(&value);
        let item = root.get("item").unwrap();
        let second = item.elements().unwrap().nth(1).unwrap();
        let request = second.get("request").unwrap();
        let odd = request.get("a b").unwrap();
        let empty = odd.get("").unwrap();
        let last = empty.elements().unwrap().nth(1).unwrap();
        let error = last.fail("a string", "quote it");
        assert_eq!(error.path.to_string(), r#"item[1].request["a b"][""][1]"#);
        assert_eq!(error.message, "expected a string, found a boolean");
        assert_eq!(root.path().to_string(), "");
    }

    #[test]
    fn scalars_are_text_as_javascript_spells_it() {
        for (value, expected) in [
            (json!("x"), Some("x")),
            (json!(5), Some("5")),
            (json!(-3), Some("-3")),
            (json!(1.0), Some("1")),
            (json!(1.5), Some("1.5")),
            (json!(false), Some("false")),
            (json!(null), None),
            (json!([]), None),
            (json!({}), None),
        ] {
            assert_eq!(scalar_text(&value).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn flags_are_strict_enough_to_catch_a_typo() {
        let value = json!({"a": true, "b": "true", "c": "false", "d": null, "e": "yes", "f": 1});
        let node = Node::root(&value);
        for (key, expected) in
            [("a", Some(true)), ("b", Some(true)), ("c", Some(false)), ("d", Some(false)), ("x", Some(false))]
        {
            assert_eq!(node.flag(key).ok(), expected, "{key}");
        }
        assert_eq!(node.flag("e").unwrap_err().message, "expected true or false, found a string");
        assert_eq!(node.flag("f").unwrap_err().path.to_string(), "f");
    }
}
