//! Texts as markup: escaped first, coloured then.

use crate::report::text::visible;
use serde_json::Value;

/// A text that means nothing to HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let text = visible(text);
    let mut rest = text.as_ref();
    let entity = |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    };
    while let Some((at, entity)) = rest.bytes().enumerate().find_map(|(at, byte)| Some((at, entity(byte)?))) {
        out.push_str(&rest[..at]);
        out.push_str(entity);
        rest = &rest[at + 1..];
    }
    out + rest
}

/// A body: JSON indented and coloured, anything else as it is.
pub(super) fn body(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => {
            let mut out = String::new();
            json(&value, 0, &mut out);
            out
        }
        _ => escaped(text),
    }
}

fn json(value: &Value, depth: usize, out: &mut String) {
    let indent = |depth: usize, out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', depth * 2));
    };
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            out.push('{');
            for (position, (key, value)) in fields.iter().enumerate() {
                indent(depth + 1, out);
                let key = Value::from(key.as_str()).to_string();
                out.push_str(&format!("<span class=\"k\">{}</span>: ", escaped(&key)));
                json(value, depth + 1, out);
                out.push_str(if position + 1 < fields.len() { "," } else { "" });
            }
            indent(depth, out);
            out.push('}');
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (position, value) in items.iter().enumerate() {
                indent(depth + 1, out);
                json(value, depth + 1, out);
                out.push_str(if position + 1 < items.len() { "," } else { "" });
            }
            indent(depth, out);
            out.push(']');
        }
        Value::String(_) => {
            out.push_str(&format!("<span class=\"s\">{}</span>", escaped(&value.to_string())))
        }
        Value::Object(_) => out.push_str("{}"),
        Value::Array(_) => out.push_str("[]"),
        other => out.push_str(&format!("<span class=\"v\">{other}</span>")),
    }
}

/// A unified diff, its lines coloured.
pub(super) fn diff(text: &str) -> String {
    let line = |line: &str| match line.as_bytes().first() {
        Some(b'+') => format!("<span class=\"add\">{}</span>", escaped(line)),
        Some(b'-') => format!("<span class=\"del\">{}</span>", escaped(line)),
        _ => escaped(line),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_server_says_is_markup() {
        let hostile = "</pre><script>alert(1)</script>&\"'\u{1b}[2J";
        assert!(!escaped(hostile).contains(['<', '>', '"', '\'', '\u{1b}']));
        for text in
            [hostile.to_owned(), format!("{{\"<b>\": [{}]}}", Value::from(hostile)), format!("-{hostile}")]
        {
            for marked in [body(&text), diff(&text)] {
                let spans = marked.replace("</span>", "");
                let spans = ["k", "s", "v", "add", "del"]
                    .iter()
                    .fold(spans, |text, class| text.replace(&format!("<span class=\"{class}\">"), ""));
                assert!(!spans.contains('<'), "{marked}");
            }
        }
    }

    #[test]
    fn json_is_indented_and_its_values_are_told_apart() {
        assert_eq!(
            body("{\"a\":[1,\"b\",{}]}"),
            "{\n  <span class=\"k\">&quot;a&quot;</span>: [\n    <span class=\"v\">1</span>,\n    \
             <span class=\"s\">&quot;b&quot;</span>,\n    {}\n  ]\n}"
        );
        assert_eq!(body("{\"a\": "), "{&quot;a&quot;: ");
    }
}
