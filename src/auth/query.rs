//! Where keys, tokens and signatures in the query go: a URL's parameters, as text.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 3986 §2.3: what is never encoded.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes everything but RFC 3986's unreserved characters.
pub(super) fn strict(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// The URL without the query parameters whose name, as written, is one of these.
pub(super) fn without(url: &str, names: &[&str]) -> String {
    let (base, query, fragment) = split(url);
    let Some(query) = query else { return url.to_owned() };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !names.contains(&pair.split('=').next().unwrap_or_default()))
        .collect();
    if kept.is_empty() { format!("{base}{fragment}") } else { format!("{base}?{}{fragment}", kept.join("&")) }
}

/// The URL with a parameter more; what would end it early (`&`, `#`, and `=` in the name) is encoded.
pub(super) fn with(url: &str, name: &str, value: Option<&str>) -> String {
    let guarded = |text: &str| text.replace('&', "%26").replace('#', "%23");
    let name = guarded(name).replace('=', "%3D");
    let pair = value.map_or_else(|| name.clone(), |value| format!("{name}={}", guarded(value)));
    let (base, query, fragment) = split(url);
    let before = query.map(|query| format!("{query}&")).unwrap_or_default();
    format!("{base}?{before}{pair}{fragment}")
}

/// The URL with another query.
pub(super) fn replaced(url: &str, query: &str) -> String {
    let (base, _, fragment) = split(url);
    if query.is_empty() { format!("{base}{fragment}") } else { format!("{base}?{query}{fragment}") }
}

fn split(url: &str) -> (&str, Option<&str>, &str) {
    let (rest, fragment) = url.find('#').map_or((url, ""), |at| url.split_at(at));
    match rest.split_once('?') {
        Some((base, query)) => (base, Some(query), fragment),
        None => (rest, None, fragment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_and_go() {
        for (url, without_q, with_q) in [
            ("http://h/p", "http://h/p", "http://h/p?q=a%26b"),
            ("http://h/p?", "http://h/p?", "http://h/p?&q=a%26b"),
            ("http://h/p?q=1&q=2", "http://h/p", "http://h/p?q=1&q=2&q=a%26b"),
            ("http://h/p?a&&b&q=3&#f", "http://h/p?a&&b&#f", "http://h/p?a&&b&q=3&&q=a%26b#f"),
            ("http://h/p?Q=1&xq=2&q", "http://h/p?Q=1&xq=2", "http://h/p?Q=1&xq=2&q&q=a%26b"),
        ] {
            assert_eq!(without(url, &["q", "r"]), without_q);
            assert_eq!(with(url, "q", Some("a&b")), with_q);
        }
        assert_eq!(with("http://h", "a=#", None), "http://h?a%3D%23");
        assert_eq!(replaced("http://h/?a#f", "b"), "http://h/?b#f");
        assert_eq!(replaced("http://h/?a", ""), "http://h/");
    }
}
