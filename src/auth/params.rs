//! The parameters of a scheme, read as Postman's JavaScript reads them: what is falsy is absent.

use super::{Unsigned, json};
use crate::collection::RequestAuth;
use serde_json::Value;

/// Parameters by name, variables resolved.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Params(pub(super) Vec<(String, Value)>);

impl From<&RequestAuth> for Params {
    fn from(auth: &RequestAuth) -> Self {
        Self(auth.params.clone())
    }
}

impl Params {
    /// The parameter as written, unless absent or null; of several with the name the last.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
            .filter(|value| !value.is_null())
    }

    /// The parameter as text; empty when it is absent, false or the number 0.
    pub(super) fn text(&self, name: &str) -> String {
        Some(self.value(name)).filter(|_| self.flag(name)).flatten().map(text).unwrap_or_default()
    }

    /// The parameter as text, unless absent: an empty one is told from none.
    pub(super) fn given(&self, name: &str) -> Option<String> {
        self.value(name).map(|value| match value {
            Value::Bool(false) => String::new(),
            other => text(other),
        })
    }

    /// The parameter as text, which the scheme cannot do without.
    pub(super) fn required(&self, name: &'static str) -> Result<String, Unsigned> {
        Some(self.text(name)).filter(|text| !text.is_empty()).ok_or(Unsigned::Missing(name))
    }

    /// Whether the parameter is truthy. A text is, whatever it says, unless it is empty.
    pub(super) fn flag(&self, name: &str) -> bool {
        match self.value(name) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            Some(_) => true,
        }
    }

    /// The whole number the parameter begins with, unless that is zero.
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        leading_integer(&self.text(name)).filter(|number| *number != 0)
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        Value::Null => String::new(),
        other => json::write(other),
    }
}

/// As `parseInt(text, 10)`.
pub(super) fn leading_integer(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    text[..text.len() - digits.len() + length].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// value → text, flag, integer
    #[test]
    fn values_read_as_javascript_reads_them() {
        for (value, text, flag, integer) in [
            (json!(null), "", false, None),
            (json!(""), "", false, None),
            (json!("false"), "false", true, None),
            (json!("12ab"), "12ab", true, Some(12)),
            (json!(" -3.9"), " -3.9", true, Some(-3)),
            (json!(0), "", false, None),
            (json!(1.0), "1", true, Some(1)),
            (json!(false), "", false, None),
            (json!(true), "true", true, None),
            (json!(["a", 1]), "a,1", true, None),
            (json!({"a": 1}), r#"{"a":1}"#, true, None),
        ] {
            let params = Params(vec![("p".into(), json!("old")), ("p".into(), value.clone())]);
            let read = (params.text("p"), params.flag("p"), params.integer("p"));
            assert_eq!(read, (text.to_owned(), flag, integer), "{value}");
        }
    }
}
