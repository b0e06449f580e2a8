//! JSON as `JSON.stringify` writes it: a signature is over the bytes.

use serde_json::{Map, Value};

/// Without spaces; numbers and the order of keys as in JavaScript, whole numbers exact however long they are.
pub(super) fn write(value: &Value) -> String {
    let mut out = String::new();
    put(value, &mut out);
    out
}

fn put(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            out.push('{');
            for (index, (key, value)) in in_order(fields).into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key).to_string());
                out.push(':');
                put(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                put(item, out);
            }
            out.push(']');
        }
        Value::Number(number) if number.is_f64() => out.push_str(&float(number.as_f64().unwrap_or_default())),
        other => out.push_str(&other.to_string()),
    }
}

/// Keys that are array indices come first, by size.
fn in_order(fields: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let index =
        |key: &str| key.parse::<u32>().ok().filter(|number| *number < u32::MAX && number.to_string() == key);
    let mut sorted: Vec<_> = fields.iter().map(|(key, value)| (key.as_str(), value)).collect();
    sorted.sort_by_key(|(key, _)| index(key).map_or((1, 0), |number| (0, number)));
    sorted
}

fn float(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 {
        "0".to_owned()
    } else if (1e-6..1e21).contains(&size) {
        number.to_string()
    } else {
        let text = format!("{number:e}");
        if text.contains("e-") { text } else { text.replace('e', "e+") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_javascript_writes() {
        for (text, expected) in [
            (r#"{"b": 1, "10": 2, "2": 3, "01": 4, "a": [ ]}"#, r#"{"2":3,"10":2,"b":1,"01":4,"a":[]}"#),
            ("[1.0, 1e3, 0.000001, 1e-7, 1e21, -0.0, 1.5]", "[1,1000,0.000001,1e-7,1e+21,0,1.5]"),
            ("9007199254740993", "9007199254740993"),
            (r#"["\u00e9\n\"\\/\u0001", null, true]"#, r#"["é\n\"\\/\u0001",null,true]"#),
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(write(&value), expected);
        }
    }
}
