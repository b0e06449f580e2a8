//! JSON without comments, as Postman sends it.

/// Where a reader of the text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Code,
    Text,
    Line,
    Block,
}

/// The text without `//` and `/* */`. A comment leaves nothing behind but the line feed that ends it; one that is
/// not closed goes up to the end.
pub(super) fn without(text: String) -> String {
    if !text.contains("//") && !text.contains("/*") {
        return text;
    }
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut place, mut from, mut at) = (Place::Code, 0, 0);
    while at < bytes.len() {
        let pair = (bytes[at], bytes.get(at + 1).copied());
        let mut step = 1;
        place = match (place, pair) {
            (Place::Code, (b'"', _)) if !escaped(bytes, at) => Place::Text,
            (Place::Text, (b'"', _)) if !escaped(bytes, at) => Place::Code,
            (Place::Code, (b'/', Some(next @ (b'/' | b'*')))) => {
                out.push_str(&text[from..at]);
                step = 2;
                if next == b'/' { Place::Line } else { Place::Block }
            }
            (Place::Line, (b'\n', _)) => {
                from = at;
                Place::Code
            }
            (Place::Block, (b'*', Some(b'/'))) => {
                step = 2;
                from = at + 2;
                Place::Code
            }
            _ => place,
        };
        at += step;
    }
    if matches!(place, Place::Code | Place::Text) {
        out.push_str(&text[from..]);
    }
    out
}

/// Whether a quote has an odd number of backslashes before it.
fn escaped(bytes: &[u8], quote: usize) -> bool {
    bytes[..quote].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair was observed with newman 6.2.2.
    #[test]
    fn comments_go_and_texts_stay() {
        for (text, expected) in [
            (
                "{ // one\n \"u\": \"http://h/*x*/\\\"//\", /* two\n */ \"a\": 1 / 2 }// end",
                "{ \n \"u\": \"http://h/*x*/\\\"//\",  \"a\": 1 / 2 }",
            ),
            ("{ // c\r\n}", "{ \n}"),
            ("{/*/ 1 */ \"a\"/**/:1}//x", "{ \"a\":1}"),
            ("\\\" 1 // e\n}", "\\\" 1 \n}"),
            ("// all", ""),
            ("1 /* open", "1 "),
            ("\"open // x", "\"open // x"),
            ("[\"é//\"] //é", "[\"é//\"] "),
            ("a // \"b\n\"c // d\"", "a \n\"c // d\""),
            ("/ * /", "/ * /"),
        ] {
            assert_eq!(without(text.to_owned()), expected, "{text}");
        }
    }
}
