//! Postman's URL match patterns: `https://*.example.com:*/v1/*`, `http+https://*/*`, `<all_urls>`.

use super::Target;

const ALL_URLS: &str = "<all_urls>";
const SCHEMES: [&str; 4] = ["http", "https", "file", "ftp"];

/// A pattern that URLs match or not. Text that is no pattern matches nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlPattern {
    text: String,
    shape: Shape,
}

/// How a pattern is written.
pub(super) const HINT: &str =
    "a pattern is `scheme://host/path`, e.g. `https://*.example.com:*/*`, or `<all_urls>`";

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    All,
    Nothing,
    Parts(Parts),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    http: bool,
    https: bool,
    host: Host,
    port: Port,
    /// A glob.
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Any,
    /// That host and every host below it.
    Under(String),
    Exactly(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Port {
    Any,
    /// The scheme's own.
    Standard,
    Exactly(u16),
}

impl UrlPattern {
    /// Every URL.
    pub fn all() -> Self {
        Self { text: ALL_URLS.to_owned(), shape: Shape::All }
    }

    /// Reads a pattern.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let shape = match text {
            ALL_URLS => Shape::All,
            _ => parts(text).map_or(Shape::Nothing, Shape::Parts),
        };
        Self { text: text.to_owned(), shape }
    }

    /// Whether the text was a pattern at all: one that is not matches nothing.
    pub fn is_valid(&self) -> bool {
        self.shape != Shape::Nothing
    }

    /// Whether the URL matches.
    pub(super) fn matches(&self, target: &Target) -> bool {
        match &self.shape {
            Shape::All => true,
            Shape::Nothing => false,
            Shape::Parts(parts) => parts.matches(target),
        }
    }
}

impl std::fmt::Display for UrlPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Parts {
    fn matches(&self, target: &Target) -> bool {
        let scheme = if target.https { self.https } else { self.http };
        let host = match &self.host {
            Host::Any => true,
            Host::Exactly(host) => *host == target.host,
            Host::Under(host) => target
                .host
                .strip_suffix(host.as_str())
                .is_some_and(|below| below.is_empty() || below.ends_with('.')),
        };
        let port = match self.port {
            Port::Any => true,
            Port::Standard => target.port == target.standard_port(),
            Port::Exactly(port) => target.port == port,
        };
        scheme && host && port && glob(self.path.as_bytes(), target.path.as_bytes())
    }
}

fn parts(text: &str) -> Option<Parts> {
    let (schemes, rest) = text.split_once("://")?;
    let mut schemes = schemes.split('+');
    let first = schemes.next()?;
    let more: Vec<&str> = schemes.collect();
    if !(first == "*" || SCHEMES.contains(&first)) || more.iter().any(|scheme| !SCHEMES.contains(scheme)) {
        return None;
    }
    let has = |scheme: &str| first == "*" || first == scheme || more.contains(&scheme);
    let (authority, path) = rest.split_at(rest.find('/')?);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port = match port {
        None => Port::Standard,
        Some("*") => Port::Any,
        Some(port) => Port::Exactly(port.parse().ok()?),
    };
    Some(Parts {
        http: has("http"),
        https: has("https"),
        host: host_pattern(host)?,
        port,
        path: path.to_owned(),
    })
}

fn host_pattern(text: &str) -> Option<Host> {
    let host = text.strip_prefix('[').and_then(|ip| ip.strip_suffix(']')).unwrap_or(text).to_lowercase();
    let named = |host: &str| !host.is_empty() && !host.contains('*');
    match host.strip_prefix("*.") {
        _ if host == "*" => Some(Host::Any),
        Some(under) => named(under).then(|| Host::Under(under.to_owned())),
        None => named(&host).then_some(Host::Exactly(host)),
    }
}

/// Whether the whole text matches: `*` stands for any text, `?` for one byte.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on when what follows the last `*` does not fit: after it, and one byte further in the text.
    let mut retry = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(&c) if c == b'?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after, from)) = retry else { return false };
                retry = Some((after, from + 1));
                (p, t) = (after, from + 1);
            }
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_postmans() {
        for (pattern, url, expected) in [
            ("<all_urls>", "http://a.test/", true),
            ("https://*/*", "https://a.test/x", true),
            ("https://*/*", "https://a.test:8443/x", false),
            ("https://*:*/*", "https://a.test:8443/x", true),
            ("https://*:*/*", "http://a.test/x", false),
            ("http+https://*:*/*", "http://a.test/x", true),
            ("*://*:*/*", "https://a.test/x", true),
            ("https://a.test:8443/*", "https://a.test:8443/", true),
            ("https://a.test:443/*", "https://a.test/", true),
            ("https://a.test:8443/*", "https://a.test/", false),
            ("https://A.test/*", "https://a.test/", true),
            ("https://*.a.test/*", "https://a.test/", true),
            ("https://*.a.test/*", "https://x.y.a.test/", true),
            ("https://*.a.test/*", "https://xa.test/", false),
            ("https://a.test/v1/*", "https://a.test/v1/pets", true),
            ("https://a.test/v1/*", "https://a.test/v2/pets", false),
            ("https://a.test/*/pets/*", "https://a.test/v2/pets/1", true),
            ("https://a.test/*/pets/*", "https://a.test/v2/dogs/1", false),
            ("https://a.test/v?/x", "https://a.test/v1/x", true),
            ("https://a.test/v?/x", "https://a.test/v/x", false),
            ("https://a.test/(x).y", "https://a.test/(x).y", true),
            ("https://[::1]:8443/*", "https://[::1]:8443/", true),
            ("https://a.test", "https://a.test/", false),
            ("a.test/*", "https://a.test/", false),
            ("https://*a.test/*", "https://a.test/", false),
            ("gopher://a.test/*", "https://a.test/", false),
            ("", "https://a.test/", false),
        ] {
            let target = Target::of(url);
            assert_eq!(UrlPattern::parse(pattern).matches(&target), expected, "{pattern} {url}");
        }
        assert!(!UrlPattern::parse("https://a.test").is_valid());
        assert!(UrlPattern::all().is_valid());
    }

    #[test]
    fn globs_with_many_stars_end() {
        let text = "a".repeat(5000);
        assert!(!glob("*a*a*a*a*a*b".as_bytes(), text.as_bytes()));
        assert!(glob("*a*a*".as_bytes(), text.as_bytes()));
    }
}
