//! The values of CSV fields: newman's rules for what is a number.

use serde_json::{Number, Value};

/// Integers up to here are exact in a double.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What an unquoted field stands for: a number where JavaScript would read one, otherwise its text.
pub(super) fn cast(field: &str) -> Value {
    number(field).and_then(json_number).map_or_else(|| Value::from(field), Value::Number)
}

/// `parseFloat`, for what newman takes for a number: a finite decimal, or a prefixed integer, of which `parseFloat`
/// reads the leading zero alone.
fn number(field: &str) -> Option<f64> {
    // Blanks that the reader leaves in place, such as a no-break space, do not make a number a text.
    let field = field.trim_matches(is_blank);
    if is_prefixed_integer(field) {
        return Some(0.0);
    }
    let number: f64 = if is_decimal(field) { field.parse().ok()? } else { return None };
    number.is_finite().then_some(number)
}

/// ECMAScript's white space and line ends.
fn is_blank(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// `0x1f`, `0o17`, `0b1`.
fn is_prefixed_integer(field: &str) -> bool {
    let digits = |prefixes: [&str; 2]| prefixes.into_iter().find_map(|prefix| field.strip_prefix(prefix));
    [(["0x", "0X"], 16), (["0o", "0O"], 8), (["0b", "0B"], 2)].into_iter().any(|(prefixes, radix)| {
        digits(prefixes).is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix)))
    })
}

/// ECMAScript's StrDecimalLiteral without `Infinity`.
fn is_decimal(field: &str) -> bool {
    let unsigned = field.strip_prefix(['+', '-']).unwrap_or(field);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_is_one = |text: &str| {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        !unsigned.is_empty() && digits(unsigned)
    };
    !(whole.is_empty() && fraction.is_empty())
        && digits(whole)
        && digits(fraction)
        && exponent.is_none_or(exponent_is_one)
}

fn json_number(value: f64) -> Option<Number> {
    let whole = value.fract() == 0.0 && value.abs() <= EXACT && !(value == 0.0 && value.is_sign_negative());
    if whole { Some(Number::from(value as i64)) } else { Number::from_f64(value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Every pair was observed with newman 6.2.2.
    #[test]
    fn numbers_are_what_newman_takes_for_numbers() {
        for (field, expected) in [
            ("1", json!(1)),
            ("-5", json!(-5)),
            ("+5", json!(5)),
            ("01", json!(1)),
            ("0", json!(0)),
            ("1e3", json!(1000)),
            ("1.50", json!(1.5)),
            (".5", json!(0.5)),
            ("5.", json!(5)),
            ("0x10", json!(0)),
            ("0b2", json!("0b2")),
            ("-0x10", json!("-0x10")),
            ("12345678901234567890", json!(12345678901234567000.0)),
            ("1e400", json!("1e400")),
            ("Infinity", json!("Infinity")),
            ("NaN", json!("NaN")),
            ("1_000", json!("1_000")),
            ("1,5", json!("1,5")),
            ("1 2", json!("1 2")),
            ("\u{a0}1", json!(1)),
            ("\u{feff}2\u{3000}", json!(2)),
            ("\u{a0}", json!("\u{a0}")),
            ("\u{85}1", json!("\u{85}1")),
            ("1e", json!("1e")),
            (".", json!(".")),
            ("+", json!("+")),
            ("", json!("")),
            ("true", json!("true")),
            ("null", json!("null")),
            ("2024-01-01", json!("2024-01-01")),
        ] {
            assert_eq!(cast(field), expected, "{field:?}");
        }
    }
}
