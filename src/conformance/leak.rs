//! What an error body must not give away: how the server is built, and what was sent to it (OWASP ASVS 16.5.1).

use regex_lite::Regex;
use std::sync::LazyLock;

/// The shortest token of which a repetition is no accident.
const LONG_ENOUGH: usize = 8;
/// How much of a body is looked at, bytes.
const LIMIT: usize = 65_536;

/// What gives away what. Narrow on purpose: an error text may say `at`, `from` and `/v1/users`.
static SIGNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    [
        (
            "a stack trace",
            r"\bat [^\s()]+ ?\([^()]*:\d+(:\d+)?\)|Traceback \(most recent call last\)|goroutine \d+ \[|panicked at |#\d+ /\S+\(\d+\)",
        ),
        (
            "an SQL statement or a database's error",
            r"\bSELECT\b.{1,400}\bFROM\b|\bINSERT INTO\b|\bUPDATE\b.{1,200}\bSET\b|\bDELETE FROM\b|SQLSTATE|ORA-\d{5}|syntax error at or near",
        ),
        (
            "a path of the server's disk",
            r"(^|[^\w.:/])/(usr|var|srv|opt|etc|root|tmp|home|Users)/[^\s<>]*\.\w{1,5}\b|\b[A-Za-z]:\\{1,2}\w[^\s<>]*\.\w{1,8}\b",
        ),
    ]
    .into_iter()
    // A pattern that does not compile is found by the test below.
    .filter_map(|(what, pattern)| Some((what, Regex::new(pattern).ok()?)))
    .collect()
});

/// What a body gives away, in words; `presented` is the token of the request.
pub(super) fn given_away(body: &str, presented: Option<&str>) -> Option<&'static str> {
    let mut end = body.len().min(LIMIT);
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    let body = &body[..end];
    if presented.is_some_and(|token| token.len() >= LONG_ENOUGH && body.contains(token)) {
        return Some("the token that was presented");
    }
    SIGNS.iter().find(|(_, sign)| sign.is_match(body)).map(|(what, _)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_seen_and_harmless_texts_are_not() {
        assert_eq!(SIGNS.len(), 3);
        for (body, expected) in [
            (r#"{"stack":"TokenError: x\n    at redeem (refresh-token.js:41:23)"}"#, Some("a stack trace")),
            ("<pre>TypeError\n    at redeem (/srv/a/src/b.js:41:23)</pre>", Some("a stack trace")),
            ("Traceback (most recent call last):\n  File", Some("a stack trace")),
            ("no rows: SELECT id FROM refresh_tokens WHERE", Some("an SQL statement or a database's error")),
            ("ENOENT: open '/var/lib/accounts/7f3a.json'", Some("a path of the server's disk")),
            ("cannot open C:\\inetpub\\app\\web.config", Some("a path of the server's disk")),
            ("\"secret-token\" is no token", Some("the token that was presented")),
            ("Please select an item from the list at login (see step 3)", None),
            (r#"{"path":"/home/v1/refresh","at":"2026-01-01T00:00:00Z"}"#, None),
            ("see https://example.com/usr/docs/errors.html", None),
            ("", None),
        ] {
            assert_eq!(given_away(body, Some("secret-token")), expected, "{body}");
        }
        assert_eq!(given_away("missing token", Some("token")), None);
    }
}
