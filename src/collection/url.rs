//! A URL's text to its parts and back, as Postman does it: before substitution, so `{{…}}` is never cut.

use super::model::{PathVariable, QueryParam, Url};
use std::fmt::{self, Write as _};

impl Url {
    /// Takes a URL apart. Anything goes: what is no URL becomes a host. Each `:name` segment yields a path variable without a value.
    pub fn parse(text: &str) -> Self {
        let text = text.trim_start();
        let mask = mask(text);
        let whole = Masked { text, mask: &mask };
        let (unhashed, hash) = match whole.split_once("#") {
            Some((before, hash)) => (before, Some(hash.text.to_owned())),
            None => (whole, None),
        };
        let (address, query) = match unhashed.split_once("?") {
            Some((address, query)) => (address, Some(query)),
            None => (unhashed, None),
        };
        // Browsers and Postman alike take `\` for `/` here.
        let mask = address.mask.replace('\\', "/");
        let text: String = address
            .text
            .char_indices()
            .map(|(at, c)| if c == '\\' && mask.as_bytes()[at] == b'/' { '/' } else { c })
            .collect();
        let mut url = parse_address(Masked { text: &text, mask: &mask });
        url.query = query.map(split_query).unwrap_or_default();
        url.variables = path_variables(url.path.as_deref().unwrap_or_default());
        url.hash = hash;
        url
    }
}

fn parse_address(address: Masked<'_>) -> Url {
    let mut url = Url::default();
    let mut rest = address;
    if let Some((protocol, after)) = rest.split_once("://") {
        url.protocol = Some(protocol.text.to_owned());
        let slashes = after.text.len() - after.text.trim_start_matches('/').len();
        // `file:////x` keeps one slash, `http:///host` none.
        let keep = usize::from(protocol.text.eq_ignore_ascii_case("file") && slashes > 0);
        rest = after.skip(slashes - keep);
    }
    if let Some((before, path)) = rest.split_once("/") {
        url.path = Some(path.split("/").map(|segment| segment.text.to_owned()).collect());
        rest = before;
    }
    if let Some((auth, host)) = rest.rsplit_once("@") {
        url.auth = Some(auth.text.to_owned());
        rest = host;
    }
    // A colon before `]` belongs to an IPv6 address.
    if let Some((host, port)) = rest.rsplit_once(":").filter(|(_, port)| !port.mask.contains(']')) {
        url.port = Some(port.text.to_owned());
        rest = host;
    }
    url.host = rest.text.to_owned();
    url
}

/// Takes a query string apart: pairs by `&`, key from value by the first `=`.
pub(super) fn parse_query(text: &str) -> Vec<QueryParam> {
    split_query(Masked { text, mask: &mask(text) })
}

fn split_query(query: Masked<'_>) -> Vec<QueryParam> {
    let pairs: Vec<_> = query.split("&").collect();
    let last = pairs.len() - 1;
    let param = |(index, pair): (usize, &Masked<'_>)| match pair.split_once("=") {
        Some((key, value)) => {
            QueryParam { key: Some(key.text.to_owned()), value: Some(value.text.to_owned()), disabled: false }
        }
        // Between two `&` there is not even an empty key.
        None if pair.text.is_empty() && index != last => {
            QueryParam { key: None, value: None, disabled: false }
        }
        None => QueryParam { key: Some(pair.text.to_owned()), value: None, disabled: false },
    };
    pairs.iter().enumerate().map(param).collect()
}

fn path_variables(path: &[String]) -> Vec<PathVariable> {
    let mut variables: Vec<PathVariable> = Vec::new();
    for key in path.iter().filter_map(|segment| variable_key(segment)) {
        if !variables.iter().any(|known| known.key == key) {
            variables.push(PathVariable { key: key.to_owned(), value: None, disabled: false });
        }
    }
    variables
}

/// `id` of `:id` and of `:id.json`.
fn variable_key(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix(':')?;
    Some(name.split('.').next().unwrap_or(name)).filter(|key| !key.is_empty())
}

impl fmt::Display for Url {
    /// The URL with enabled query parameters and with path variables filled in; `{{…}}` as written. Only what
    /// would change the structure is encoded: `&` and `#` in query keys and values, `=` in keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(protocol) = self.protocol.as_deref().filter(|protocol| !protocol.is_empty()) {
            write!(f, "{protocol}://")?;
        }
        if let Some(auth) = &self.auth {
            write!(f, "{auth}@")?;
        }
        f.write_str(&self.host)?;
        if let Some(port) = &self.port {
            write!(f, ":{port}")?;
        }
        if let Some(path) = &self.path {
            f.write_char('/')?;
            for (index, segment) in path.iter().enumerate() {
                let separator = if index == 0 { "" } else { "/" };
                write!(f, "{separator}{}", self.filled(segment))?;
            }
        }
        for (index, param) in self.query.iter().filter(|param| !param.disabled).enumerate() {
            f.write_char(if index == 0 { '?' } else { '&' })?;
            if let Some(key) = &param.key {
                f.write_str(&guarded(key, &['&', '#', '=']))?;
            }
            if let Some(value) = &param.value {
                write!(f, "={}", guarded(value, &['&', '#']))?;
            }
        }
        self.hash.as_ref().map_or(Ok(()), |hash| write!(f, "#{hash}"))
    }
}

impl Url {
    /// A path segment with its variable's value, if it has a non-empty one; a suffix from `.` on stays. As in Postman, a
    /// path variable cannot be disabled.
    fn filled(&self, segment: &str) -> String {
        let value = variable_key(segment).and_then(|key| {
            let variable = self.variables.iter().rev().find(|v| v.key == key)?;
            let value = variable.value.as_deref().filter(|value| !value.is_empty())?;
            Some(format!("{value}{}", &segment[1 + key.len()..]))
        });
        value.unwrap_or_else(|| segment.to_owned())
    }
}

/// Percent-encodes the reserved characters outside `{{…}}`.
fn guarded(text: &str, reserved: &[char]) -> String {
    let mask = mask(text);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if reserved.contains(&c) && mask.as_bytes()[at] == c as u8 {
            let _ = write!(out, "%{:02X}", c as u8);
        } else {
            out.push(c);
        }
    }
    out
}

/// The text with every innermost `{{…}}` blotted out, byte for byte, so that offsets agree.
pub(crate) fn mask(text: &str) -> String {
    let mut mask = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(close) = rest.find("}}") {
        let before = &rest[..close];
        match before.rfind("{{").filter(|open| !before[open + 2..].contains(['{', '}'])) {
            Some(open) => {
                mask.push_str(&before[..open]);
                mask.extend(std::iter::repeat_n('_', close + 2 - open));
                rest = &rest[close + 2..];
            }
            None => {
                mask.push_str(&rest[..=close]);
                rest = &rest[close + 1..];
            }
        }
    }
    mask.push_str(rest);
    mask
}

/// A text and its mask: delimiters are sought in the mask and cut in the text.
#[derive(Clone, Copy)]
struct Masked<'t> {
    text: &'t str,
    mask: &'t str,
}

impl<'t> Masked<'t> {
    fn cut(self, at: usize, delimiter: usize) -> (Self, Self) {
        let before = Self { text: &self.text[..at], mask: &self.mask[..at] };
        (before, self.skip(at + delimiter))
    }

    fn skip(self, bytes: usize) -> Self {
        Self { text: &self.text[bytes..], mask: &self.mask[bytes..] }
    }

    fn split_once(self, delimiter: &str) -> Option<(Self, Self)> {
        Some(self.cut(self.mask.find(delimiter)?, delimiter.len()))
    }

    fn rsplit_once(self, delimiter: &str) -> Option<(Self, Self)> {
        Some(self.cut(self.mask.rfind(delimiter)?, delimiter.len()))
    }

    fn split(self, delimiter: &'static str) -> impl Iterator<Item = Self> {
        let mut rest = Some(self);
        std::iter::from_fn(move || {
            let current = rest?;
            let (piece, after) = match current.split_once(delimiter) {
                Some((piece, after)) => (piece, Some(after)),
                None => (current, None),
            };
            rest = after;
            Some(piece)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `protocol|auth|host|port|path,segments|key=value&…`, `∅` for what is absent.
    fn parts(url: &Url) -> String {
        let or = |part: &Option<String>| part.clone().unwrap_or_else(|| "∅".into());
        let path = url.path.as_ref().map_or("∅".into(), |path| path.join(","));
        let query: Vec<_> = url.query.iter().map(|p| format!("{}={}", or(&p.key), or(&p.value))).collect();
        let (protocol, auth, port) = (or(&url.protocol), or(&url.auth), or(&url.port));
        format!("{protocol}|{auth}|{}|{port}|{path}|{}", url.host, query.join("&"))
    }

    /// URL, its parts; both ways unless a third says how it comes back.
    const TABLE: &[(&str, &str, Option<&str>)] = &[
        ("", "∅|∅||∅|∅|", None),
        ("/", "∅|∅||∅||", None),
        ("//h", "∅|∅||∅|,h|", None),
        ("localhost", "∅|∅|localhost|∅|∅|", None),
        ("localhost:3000/a?b=c=d", "∅|∅|localhost|3000|a|b=c=d", None),
        ("http://h", "http|∅|h|∅|∅|", None),
        ("http://h/", "http|∅|h|∅||", None),
        ("http://h/a/b/", "http|∅|h|∅|a,b,|", None),
        ("http://h//a", "http|∅|h|∅|,a|", None),
        ("http:///h/a", "http|∅|h|∅|a|", Some("http://h/a")),
        ("file:////a/b", "file|∅||∅|a,b|", Some("file:///a/b")),
        ("https://api.example.com/v1/pets", "https|∅|api.example.com|∅|v1,pets|", None),
        ("https://api.example.com:8443/v1", "https|∅|api.example.com|8443|v1|", None),
        ("http://h:/x", "http|∅|h||x|", None),
        ("http://[::1]:80/", "http|∅|[::1]|80||", None),
        ("http://[::1]/", "http|∅|[::1]|∅||", None),
        ("http://u:p@h/", "http|u:p|h|∅||", None),
        ("http://u@h", "http|u|h|∅|∅|", None),
        ("http://a@b:c@h:1/", "http|a@b:c|h|1||", None),
        ("http://h?", "http|∅|h|∅|∅|=∅", None),
        ("http://h?a", "http|∅|h|∅|∅|a=∅", None),
        ("http://h/?a=&b", "http|∅|h|∅||a=&b=∅", None),
        ("http://h?a=1&&b=2&", "http|∅|h|∅|∅|a=1&∅=∅&b=2&=∅", None),
        ("http://h?=v", "http|∅|h|∅|∅|=v", None),
        ("http://h?a=b?c/d:e@f", "http|∅|h|∅|∅|a=b?c/d:e@f", None),
        ("http://h?a=%20+x", "http|∅|h|∅|∅|a=%20+x", None),
        ("http://h/a#f?x=1", "http|∅|h|∅|a|", None),
        ("http://h?a=1#f", "http|∅|h|∅|∅|a=1", None),
        ("  http://h/a b ", "http|∅|h|∅|a b |", Some("http://h/a b ")),
        (r"http:\\h\a\b?c=\d", r"http|∅|h|∅|a,b|c=\d", Some(r"http://h/a/b?c=\d")),
        ("{{baseUrl}}", "∅|∅|{{baseUrl}}|∅|∅|", None),
        ("{{baseUrl}}/x/:id?a=1&b=&c#h", "∅|∅|{{baseUrl}}|∅|x,:id|a=1&b=&c=∅", None),
        ("{{host}}:{{port}}/x", "∅|∅|{{host}}|{{port}}|x|", None),
        ("{{a:b}}", "∅|∅|{{a:b}}|∅|∅|", None),
        ("{{a/b?c#d&e=f@g}}/{{x://y}}", "∅|∅|{{a/b?c#d&e=f@g}}|∅|{{x://y}}|", None),
        (
            "{{p}}://{{u:v}}:{{w@}}@{{h.i}}.com:{{#p}}/{{a/b}}?{{k=}}={{v&w}}&{{z}}#{{h}}",
            "{{p}}|{{u:v}}:{{w@}}|{{h.i}}.com|{{#p}}|{{a/b}}|{{k=}}={{v&w}}&{{z}}=∅",
            None,
        ),
        ("{{{{a/b}}}}/c", "∅|∅|{{{{a/b}}}}|∅|c|", None),
        ("http://h/{a/b}}/{{c", "http|∅|h|∅|{a,b}},{{c|", None),
        (r"{{a\b}}\c", r"∅|∅|{{a\b}}|∅|c|", Some(r"{{a\b}}/c")),
        ("mailto:x@h", "∅|mailto:x|h|∅|∅|", None),
        ("/pets/:petId/toys/:toyId.json", "∅|∅||∅|pets,:petId,toys,:toyId.json|", None),
        ("http://münchen.de/straße?ä=ö", "http|∅|münchen.de|∅|straße|ä=ö", None),
    ];

    #[test]
    fn takes_urls_apart_and_puts_them_together() {
        for (text, expected, back) in TABLE {
            let url = Url::parse(text);
            assert_eq!(parts(&url), *expected, "{text}");
            assert_eq!(url.to_string(), back.unwrap_or(text), "{text}");
            assert_eq!(Url::parse(&url.to_string()), url, "{text}: stable");
        }
    }

    #[test]
    fn fills_path_variables() {
        let mut url = Url::parse("h/:id/:id.json/:other/:/:id:x/a:id");
        let keys: Vec<_> = url.variables.iter().map(|v| v.key.as_str()).collect();
        assert_eq!(keys, ["id", "other", "id:x"]);
        for (value, disabled, expected) in [
            (Some("7"), false, "h/7/7.json/:other/:/:id:x/a:id"),
            (Some("{{petId}}"), false, "h/{{petId}}/{{petId}}.json/:other/:/:id:x/a:id"),
            (Some(""), false, "h/:id/:id.json/:other/:/:id:x/a:id"),
            (None, false, "h/:id/:id.json/:other/:/:id:x/a:id"),
            (Some("7"), true, "h/7/7.json/:other/:/:id:x/a:id"),
        ] {
            url.variables = vec![PathVariable { key: "id".into(), value: value.map(Into::into), disabled }];
            assert_eq!(url.to_string(), expected, "{value:?} {disabled}");
        }
    }

    #[test]
    fn keeps_the_structure_of_a_query_given_in_parts() {
        let param = |key: &str, value: &str, disabled| QueryParam {
            key: Some(key.into()),
            value: Some(value.into()),
            disabled,
        };
        let mut url = Url { host: "h".into(), ..Url::default() };
        url.query = vec![param("off", "1", true)];
        assert_eq!(url.to_string(), "h");
        url.query =
            vec![param("off", "1", true), param("a=b", "c&d#e=f", false), param("{{k=}}", "{{v&}}&", false)];
        assert_eq!(url.to_string(), "h?a%3Db=c%26d%23e=f&{{k=}}={{v&}}%26");
    }
}
