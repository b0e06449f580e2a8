//! `<<head | filters>>`: the filters by minijinja, over values that are bound, never pasted into source.

use super::text::text_of;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD, Engine,
};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The name the head's value is bound to: no Postman variable can be told apart by it in a filter's arguments.
const HEAD: &str = "__head";

/// Built when the first expression is met: a run without one never pays for it.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("b64encode", |value: &minijinja::Value| {
        plain(value).map(|text| BASE64_STANDARD.encode(text))
    });
    environment.add_filter("b64decode", b64decode);
    environment.add_filter("sha256", |value: &minijinja::Value| {
        plain(value).map(|text| crate::exchange::hex(&Sha256::digest(text.as_bytes())))
    });
    environment
});

/// Evaluates `head | filters`; `argument` gives the values of variables that the filters name.
///
/// # Errors
/// minijinja's message, when the expression does not parse, fails, or has no value.
pub(super) fn evaluate(
    head: Value,
    filters: &str,
    mut argument: impl FnMut(&str) -> Option<Value>,
) -> Result<String, String> {
    let source = format!("{HEAD} | {filters}");
    let expression = ENVIRONMENT.compile_expression(&source).map_err(|error| error.to_string())?;
    let mut context: BTreeMap<String, Value> = expression
        .undeclared_variables(false)
        .into_iter()
        .filter_map(|name| argument(&name).map(|value| (name, value)))
        .collect();
    context.insert(HEAD.to_owned(), head);
    let value = expression.eval(minijinja::value::Serde(&context)).map_err(|error| error.to_string())?;
    if value.is_undefined() {
        return Err("the expression has no value".to_owned());
    }
    plain(&value).map_err(|error| error.to_string())
}

/// A value as `{{name}}` would print it.
fn plain(value: &minijinja::Value) -> Result<String, Error> {
    if let Some(text) = value.as_str() {
        return Ok(text.to_owned());
    }
    serde_json::to_value(value)
        .map(|value| text_of(&value))
        .map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
}

fn b64decode(text: String) -> Result<String, Error> {
    let text = text.trim();
    let bytes = [&BASE64_STANDARD, &BASE64_STANDARD_NO_PAD, &BASE64_URL_SAFE, &BASE64_URL_SAFE_NO_PAD]
        .into_iter()
        .find_map(|engine| engine.decode(text).ok())
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "b64decode: not base64"))?;
    String::from_utf8(bytes)
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, "b64decode: the bytes are not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn filters_apply_to_bound_values() {
        let cases = [
            (json!("user:pa\"ss }}"), "b64encode", Ok("dXNlcjpwYSJzcyB9fQ==")),
            (json!("dXNlcjpwYXNz"), "b64decode", Ok("user:pass")),
            (json!("-_8"), "b64decode", Err("not UTF-8")),
            (json!("***"), "b64decode", Err("not base64")),
            (json!("abc"), "sha256", Ok("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")),
            (json!("a b&c"), "urlencode", Ok("a%20b%26c")),
            (json!({"a": [1, null]}), "tojson", Ok("{\"a\": [1, null]}")),
            (json!("x"), "upper | b64encode", Ok("WA==")),
            (json!([3, 1]), "sort", Ok("1,3")),
            (json!(2.0), "float", Ok("2")),
            (json!("a"), "replace('a', other)", Ok("b")),
            (json!("a"), "replace('a', missing)", Err("undefined")),
            (json!("a"), "nosuchfilter", Err("nosuchfilter")),
            (json!("a"), "(", Err("syntax error")),
            (json!([]), "first", Err("no value")),
        ];
        for (head, filters, expected) in cases {
            let got = evaluate(head, filters, |name| (name == "other").then(|| json!("b")));
            match (expected, got) {
                (Ok(expected), Ok(got)) => assert_eq!(got, expected, "{filters}"),
                (Err(part), Err(got)) => assert!(got.contains(part), "{filters}: {got}"),
                (expected, got) => panic!("{filters}: expected {expected:?}, got {got:?}"),
            }
        }
    }
}
