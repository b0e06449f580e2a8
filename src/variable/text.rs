//! Values as JavaScript prints them: what `String(value)` gives in Postman and newman.

use serde_json::{Number, Value};

/// The text that stands for a value in a template: `1,2` for an array, `[object Object]` for an object.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number_text(number),
        Value::String(text) => text.clone(),
        // Array.prototype.toString: null is an empty field, nested arrays flatten by being joined themselves.
        Value::Array(items) => {
            let fields: Vec<String> =
                items.iter().map(|item| if item.is_null() { String::new() } else { text_of(item) }).collect();
            fields.join(",")
        }
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

/// ECMAScript's Number::toString: every number is a double, exponents from 1e21 and below 1e-6.
fn number_text(number: &Number) -> String {
    let Some(value) = number.as_f64() else { return number.to_string() };
    if value == 0.0 {
        return "0".to_owned();
    }
    // Rust's `{:e}` gives the shortest digits that round-trip, which is what ECMAScript asks for.
    let scientific = format!("{:e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = mantissa.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let sign = if value < 0.0 { "-" } else { "" };
    let count = digits.len() as i32;
    let zeros = |n: i32| "0".repeat(n.max(0) as usize);
    let text = if (21..).contains(&exponent) || exponent < -6 {
        let fraction = if count > 1 { format!(".{}", &digits[1..]) } else { String::new() };
        let plus = if exponent > 0 { "+" } else { "" };
        format!("{}{fraction}e{plus}{exponent}", &digits[..1])
    } else if exponent < 0 {
        format!("0.{}{digits}", zeros(-exponent - 1))
    } else if count <= exponent + 1 {
        format!("{digits}{}", zeros(exponent + 1 - count))
    } else {
        let (whole, fraction) = digits.split_at(exponent as usize + 1);
        format!("{whole}.{fraction}")
    };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_print_as_in_javascript() {
        let cases = [
            (json!(null), "null"),
            (json!(true), "true"),
            (json!("a b"), "a b"),
            (json!(1), "1"),
            (json!(1.0), "1"),
            (json!(-0.0), "0"),
            (json!(-12.5), "-12.5"),
            (json!(0.1), "0.1"),
            (json!(0.000001), "0.000001"),
            (json!(0.0000001), "1e-7"),
            (json!(1.5e-7), "1.5e-7"),
            (json!(1e20), "100000000000000000000"),
            (json!(123456789012345680000.0), "123456789012345680000"),
            (json!(1e21), "1e+21"),
            (json!(-1.25e30), "-1.25e+30"),
            (json!(9007199254740993_i64), "9007199254740992"),
            (json!(u64::MAX), "18446744073709552000"),
            (json!(5e-324), "5e-324"),
            (json!([1, 2]), "1,2"),
            (json!([1, [2, null, [3]], null, "x"]), "1,2,,3,,x"),
            (json!([]), ""),
            (json!([{"a": 1}]), "[object Object]"),
            (json!({"a": 1}), "[object Object]"),
        ];
        for (value, expected) in cases {
            assert_eq!(text_of(&value), expected, "{value}");
        }
    }
}
