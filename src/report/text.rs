//! Values as people read them: sizes, durations, and text made safe to show.

use std::borrow::Cow;

/// Text without invisible characters: controls (escape sequences above all) and direction overrides become
/// `\u{1b}`; line breaks and tabs stay. What servers and collections say is data, never terminal commands.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let printable = |byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    // Most texts are ASCII: their characters need not be told apart.
    if text.bytes().all(printable) || !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    Cow::Owned(text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if hidden(c) {
            out.extend(c.escape_unicode())
        } else {
            out.push(c)
        }
        out
    }))
}

fn hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

/// [`visible`] text on one line.
pub(super) fn one_line(text: &str) -> String {
    let text = visible(text);
    match text.bytes().any(|byte| matches!(byte, b'\n' | b'\t')) {
        true => text.replace(['\n', '\t'], " "),
        false => text.into_owned(),
    }
}

/// At most `limit` bytes of a text, not splitting a character; says how much was left out.
pub(super) fn clipped(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Cow::Owned(format!("{}\n({} more)", &text[..end], size((text.len() - end) as u64)))
}

/// Bytes as newman shows them: `473B`, `1.16kB`.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes}B");
    }
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.995 && unit < UNITS.len() - 1 {
        value /= 1000.0;
        unit += 1;
    }
    format!("{}{}", trimmed(value, 2), UNITS[unit])
}

/// Milliseconds as newman shows them: `12ms`, `2.3s`, `1m 5s`; below one with two digits (`0.85ms`).
pub(super) fn duration(ms: f64) -> String {
    if ms < 0.995 {
        format!("{}ms", trimmed(ms, 2))
    } else if ms < 1998.0 {
        format!("{}ms", ms.round())
    } else if ms < 59_950.0 {
        format!("{}s", trimmed(ms / 1000.0, 1))
    } else {
        let seconds = (ms / 1000.0).round() as u64;
        format!("{}m {}s", seconds / 60, seconds % 60)
    }
}

/// A number with at most so many decimals, none of them a trailing zero.
fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// `1 request`, `2 requests`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (bytes, text) in [
            (0, "0B"),
            (473, "473B"),
            (999, "999B"),
            (1000, "1kB"),
            (1160, "1.16kB"),
            (999_999, "1MB"),
            (20_000_000, "20MB"),
            (u64::MAX, "18446744.07TB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn durations() {
        for (ms, text) in [
            (0.0, "0ms"),
            (0.853, "0.85ms"),
            (0.999, "1ms"),
            (12.4, "12ms"),
            (1997.0, "1997ms"),
            (2300.0, "2.3s"),
            (59_960.0, "1m 0s"),
            (125_000.0, "2m 5s"),
        ] {
            assert_eq!(duration(ms), text);
        }
    }

    #[test]
    fn terminal_commands_become_visible() {
        assert_eq!(visible("plain é ✓\n\tnext"), "plain é ✓\n\tnext");
        assert_eq!(visible("\u{1b}[31mred\r\nx\r"), "\\u{1b}[31mred\nx\\u{d}");
        assert_eq!(visible("a\u{202e}b\u{9b}"), "a\\u{202e}b\\u{9b}");
        assert_eq!(one_line("a\nb\tc"), "a b c");
    }

    #[test]
    fn long_text_is_clipped_between_characters() {
        assert_eq!(clipped("short", 5), "short");
        assert_eq!(clipped("aé", 2), "a\n(2B more)");
    }
}
