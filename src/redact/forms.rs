//! The spellings under which a secret can turn up in a text.

use crate::wire_url::{QUERY, USERINFO};
use base64::engine::general_purpose::{GeneralPurpose, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use base64::prelude::Engine;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;
use std::fmt::Write as _;

/// RFC 3986's unreserved characters stay.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// JavaScript's `encodeURIComponent`.
const COMPONENT: AsciiSet = UNRESERVED.remove(b'!').remove(b'\'').remove(b'(').remove(b')').remove(b'*');
/// `application/x-www-form-urlencoded` (WHATWG), where a space becomes `+`.
const FORM: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*').remove(b' ');
const SETS: [&AsciiSet; 5] = [&UNRESERVED, &COMPONENT, &FORM, QUERY, USERINFO];
const FORM_SET: usize = 2;

/// One way to spell a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As it is.
    Raw,
    /// Inside a JSON string; the number says how many JSON strings deep.
    Json(u8),
    /// Inside a JSON string whose writer escapes `/` (PHP).
    JsonSlash,
    /// Inside a JSON string whose writer escapes everything beyond ASCII (PHP, Python).
    JsonAscii,
    /// Percent-encoded by one of [`SETS`], hexadecimal digits in upper or lower case.
    Percent { set: u8, lower: bool },
    /// What every base64 text around it has in common when it begins at byte `3n + offset`.
    Base64 { offset: u8, url_safe: bool },
    /// The same of a base64 text inside a base64 text.
    Base64Twice { inner: u8, outer: u8, url_safe: bool },
}

impl Encoding {
    /// Every encoding looked for.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let plain =
            [Self::Raw, Self::Json(1), Self::Json(2), Self::Json(3), Self::JsonSlash, Self::JsonAscii];
        let percent =
            (0..SETS.len() as u8).flat_map(|set| [false, true].map(|lower| Self::Percent { set, lower }));
        let base64 = [false, true].into_iter().flat_map(|url_safe| {
            let once = (0..3).map(move |offset| Self::Base64 { offset, url_safe });
            let twice = (0..9).map(move |n| Self::Base64Twice { inner: n / 3, outer: n % 3, url_safe });
            once.chain(twice)
        });
        plain.into_iter().chain(percent).chain(base64)
    }

    /// The secret spelled this way.
    pub(super) fn apply(self, secret: &str) -> Cow<'_, str> {
        match self {
            Self::Raw => Cow::Borrowed(secret),
            Self::Json(depth) => (0..depth).fold(Cow::Borrowed(secret), |text, _| json(&text).into()),
            Self::JsonSlash => json(secret).replace('/', "\\/").into(),
            Self::JsonAscii => ascii(&json(secret)).into(),
            Self::Percent { set, lower } => percent(secret, usize::from(set), lower).into(),
            Self::Base64 { offset, url_safe } => core(secret, offset, url_safe).into(),
            Self::Base64Twice { inner, outer, url_safe } => {
                core(&core(secret, inner, url_safe), outer, url_safe).into()
            }
        }
    }
}

/// Every spelling of a secret that is looked for, the secret itself first, each once.
pub fn forms(secret: &str) -> Vec<String> {
    distinct(secret).into_iter().map(|(_, form)| form.into_owned()).collect()
}

/// The encodings that spell this secret differently, with what they make of it.
pub(super) fn distinct(secret: &str) -> Vec<(Encoding, Cow<'_, str>)> {
    // Most tokens: no JSON or URL writer spells them differently.
    let plain = secret.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let mut found: Vec<(Encoding, Cow<'_, str>)> = Vec::new();
    for encoding in Encoding::all() {
        let base64 = matches!(encoding, Encoding::Base64 { .. } | Encoding::Base64Twice { .. });
        if plain && !base64 && encoding != Encoding::Raw {
            continue;
        }
        let form = encoding.apply(secret);
        if !form.is_empty() && found.iter().all(|(_, known)| *known != form) {
            found.push((encoding, form));
        }
    }
    found
}

fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

fn percent(text: &str, set: usize, lower: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The iterator gives an encoded byte as a piece of its own, so lower-casing one touches nothing else.
    for piece in utf8_percent_encode(text, SETS[set]) {
        if lower && piece.starts_with('%') {
            out.push_str(&piece.to_ascii_lowercase());
        } else {
            out.push_str(piece);
        }
    }
    if set == FORM_SET { out.replace(' ', "+") } else { out }
}

/// The base64 characters that depend on nothing but the secret, when `offset` bytes (modulo 3) come before it.
fn core(secret: &str, offset: u8, url_safe: bool) -> String {
    let engine: &GeneralPurpose = if url_safe { &URL_SAFE_NO_PAD } else { &STANDARD_NO_PAD };
    let offset = usize::from(offset);
    let mut bytes = vec![0; offset];
    bytes.extend_from_slice(secret.as_bytes());
    let text = engine.encode(&bytes);
    text[(offset * 8).div_ceil(6)..bytes.len() * 8 / 6].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};

    #[test]
    fn a_secret_inside_base64_is_found_at_every_offset() {
        for secret in ["s3cr3t-value", "pÄss>?~>?~", "abcd", "\u{ff}\u{fe}~~~???"] {
            let forms = forms(secret);
            for before in ["", "a", "ab", "abc", "user:"] {
                for after in ["", "x", "xy", "xyz"] {
                    let text = format!("{before}{secret}{after}");
                    for encoded in [BASE64_STANDARD.encode(&text), BASE64_URL_SAFE.encode(&text)] {
                        assert!(forms.iter().any(|form| encoded.contains(form.as_str())), "{encoded}");
                    }
                    let twice = BASE64_STANDARD.encode(format!("{before}{}", BASE64_STANDARD.encode(&text)));
                    assert!(forms.iter().any(|form| twice.contains(form.as_str())), "{twice}");
                }
            }
        }
    }

    #[test]
    fn url_and_json_spellings_are_among_the_forms() {
        let forms = forms("p@ss/\"w ö+\\");
        for expected in [
            "p@ss/\"w ö+\\",
            "p%40ss%2F%22w%20%C3%B6%2B%5C",
            "p%40ss%2f%22w%20%c3%b6%2b%5c",
            "p%40ss%2F%22w+%C3%B6%2B%5C",
            "p@ss/%22w%20%C3%B6+\\",
            "p@ss/\\\"w ö+\\\\",
            "p@ss/\\\\\\\"w ö+\\\\\\\\",
            "p@ss\\/\\\"w ö+\\\\",
            "p@ss/\\\"w \\u00f6+\\\\",
        ] {
            assert!(forms.iter().any(|form| form == expected), "{expected} not in {forms:?}");
        }
        assert_eq!(super::forms("plain-token")[0], "plain-token");
    }
}
