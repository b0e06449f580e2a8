//! Bytes to text: whatever encoding an editor or an export tool chose.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes UTF-8 and UTF-16 (with or without byte order mark) and, failing that, windows-1252.
///
/// The mark is dropped. White space that JSON does not know (no-break spaces and the like) is dropped at the
/// end and replaced at the start, so that lines and columns stay true.
pub(super) fn decode(bytes: &[u8]) -> String {
    let text = decode_whole(bytes);
    // A second byte order mark, left by joining files, is white space to JavaScript.
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let end = text.trim_end_matches(blank).len();
    let start = text.len() - text.trim_start_matches(blank).len();
    if start >= end {
        return String::new();
    }
    let margin = text[..start].chars().map(|c| if c == '\n' { c } else { ' ' });
    margin.chain(text[start..end].chars()).collect()
}

/// The same with all its white space, for texts whose line ends count.
pub(super) fn decode_whole(bytes: &[u8]) -> String {
    match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned(),
        None => decode_unmarked(bytes),
    }
}

/// JSON begins with an ASCII character: where its zero byte sits tells UTF-16's byte order (RFC 4627 §3).
fn decode_unmarked(bytes: &[u8]) -> String {
    let encoding = match bytes {
        [0, second, ..] if *second != 0 => UTF_16BE,
        [first, 0, ..] if *first != 0 => UTF_16LE,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => return text.to_owned(),
            Err(_) => WINDOWS_1252,
        },
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn decodes_every_encoding_alike() {
        let text = "{\"ä\": \"€ 😀\"}";
        let marked = format!("\u{feff}{text}");
        for (name, bytes) in [
            ("utf-8", text.as_bytes().to_vec()),
            ("utf-8 with mark", marked.as_bytes().to_vec()),
            ("utf-16le", utf16(text, u16::to_le_bytes)),
            ("utf-16be", utf16(text, u16::to_be_bytes)),
            ("utf-16le with mark", utf16(&marked, u16::to_le_bytes)),
            ("utf-16be with mark", utf16(&marked, u16::to_be_bytes)),
        ] {
            assert_eq!(decode(&bytes), text, "{name}");
        }
        assert_eq!(decode(b"{\"\xe4\": \"\x80\"}"), "{\"ä\": \"€\"}", "windows-1252");
    }

    #[test]
    fn keeps_lines_and_columns_true() {
        for (bytes, expected) in [
            ("", ""),
            (" \n\t \u{feff}", ""),
            ("\u{feff}\u{feff}{}", " {}"),
            ("\u{a0}\r\n\u{2003}{}\u{a0}\n", "  \n {}"),
            ("\n\n[1]\n\n", "\n\n[1]"),
            ("{\"a\":\"\u{a0}\"}", "{\"a\":\"\u{a0}\"}"),
        ] {
            assert_eq!(decode(bytes.as_bytes()), expected, "{bytes:?}");
        }
    }
}
