//! A URL as it goes on the wire: Postman's parsing and percent-encoding, which normalise next to nothing.
//!
//! `..`, `//`, `;` and a trailing `?` stay; `\` becomes `/`; the fragment is dropped; what is encoded already is not
//! encoded again. The `url` crate (WHATWG) would change what the collection says.

use crate::collection::mask_variables;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Whether a URL's path, query and userinfo are percent-encoded (`disableUrlEncoding` says no).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// As Postman encodes.
    #[default]
    Encode,
    /// As written.
    Keep,
}

/// What is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `http`
    Http,
    /// `https`
    Https,
}

impl Scheme {
    /// As URLs spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port where a URL names none.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Why a text is no URL that can be requested.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireUrlError {
    /// There is nothing.
    #[error("request url is empty")]
    Empty,
    /// Neither `http` nor `https`.
    #[error("`{url}` cannot be requested: `{scheme}` is not a scheme of the web")]
    Scheme {
        /// What was written.
        url: String,
        /// Its scheme.
        scheme: String,
    },
    /// Nothing between the scheme and the path.
    #[error("`{url}` cannot be requested: it names no host")]
    NoHost {
        /// What was written.
        url: String,
    },
    /// The host holds what no host name does, an unresolved variable say.
    #[error("`{url}` cannot be requested: `{host}` is not a host name")]
    Host {
        /// What was written.
        url: String,
        /// Its host.
        host: String,
    },
    /// The port is no number below 65536.
    #[error("`{url}` cannot be requested: `{port}` is not a port (0 to 65535)")]
    Port {
        /// What was written.
        url: String,
        /// Its port.
        port: String,
    },
}

/// A URL's pieces, encoded, whether or not it can be requested: what scripts and reports show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// As written; `http` where nothing is.
    scheme: String,
    /// `user` or `user:password`, encoded.
    userinfo: Option<String>,
    /// Lower case, Punycode; an IPv6 address in brackets. As written where it is no host.
    host: String,
    /// As written, possibly empty.
    port: Option<String>,
    /// Begins with `/`.
    path: String,
    /// Without the `?`.
    query: Option<String>,
    /// Without the `#`.
    fragment: Option<String>,
}

impl Written {
    /// Takes a URL apart whose variables are filled in. Where no scheme is written, it is `http`. Blanks before it are
    /// nothing, those behind it belong to it, as for Postman. `None`: there is nothing.
    pub fn of(text: &str, encoding: Encoding) -> Option<Self> {
        let text = Some(text.trim_start()).filter(|text| !text.is_empty())?;
        let mask = mask_variables(text);
        let (mask, unhashed, fragment) = match mask.find('#') {
            Some(at) => (&mask[..at], &text[..at], text.get(at + 1..)),
            None => (mask.as_str(), text, None),
        };
        let end = mask.find('?').unwrap_or(mask.len());
        let query = unhashed.get(end + 1..);
        // `\` is `/` up to here.
        let address_text = unhashed[..end].replace('\\', "/");
        let address = Address::of(&address_text, &mask[..end].replace('\\', "/"));
        let encode = |text: &str, set: &'static AsciiSet| match encoding {
            Encoding::Encode => utf8_percent_encode(text, set).to_string(),
            Encoding::Keep => text.to_owned(),
        };
        // The `url` crate lets braces through: what is left of a variable that nothing resolved.
        let host = Some(address.host.to_lowercase()).filter(|host| !host.contains(['{', '}']));
        let host = host.and_then(|host| url::Host::parse(&host).ok());
        Some(Self {
            scheme: address.scheme.map_or_else(|| "http".to_owned(), str::to_lowercase),
            userinfo: address.userinfo.map(|userinfo| match userinfo.split_once(':') {
                Some((user, password)) => {
                    format!("{}:{}", encode(user, USERINFO), encode(password, USERINFO))
                }
                None => encode(userinfo, USERINFO),
            }),
            host: host.map_or_else(|| address.host.to_owned(), |host| host.to_string()),
            port: address.port.map(str::to_owned),
            path: format!("/{}", encode(address.path, PATH)),
            query: query.map(|query| encode(query, QUERY)),
            fragment: fragment.map(|fragment| encode(fragment, FRAGMENT)),
        })
    }

    /// The URL as it goes on the wire, credentials apart: without `user:password@` and fragment.
    #[must_use]
    pub fn bare(mut self) -> Self {
        (self.userinfo, self.fragment) = (None, None);
        self
    }

    /// Whether the host could be one.
    fn names_host(&self) -> bool {
        // The `url` crate lets braces through.
        !self.host.contains(['{', '}']) && url::Host::parse(&self.host).is_ok()
    }

    fn origin(&self) -> String {
        let mut text = format!("{}://", self.scheme);
        if let Some(userinfo) = &self.userinfo {
            let _ = write!(text, "{userinfo}@");
        }
        text + &self.authority()
    }

    fn authority(&self) -> Cow<'_, str> {
        match &self.port {
            None => Cow::Borrowed(&self.host),
            Some(port) => Cow::Owned(format!("{}:{port}", self.host)),
        }
    }

    fn request_target(&self) -> Cow<'_, str> {
        match &self.query {
            None => Cow::Borrowed(&self.path),
            Some(query) => Cow::Owned(format!("{}?{query}", self.path)),
        }
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.request_target())?;
        self.fragment.as_ref().map_or(Ok(()), |fragment| write!(f, "#{fragment}"))
    }
}

/// An absolute URL that can be requested, without a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireUrl {
    written: Written,
    scheme: Scheme,
    port: u16,
}

impl WireUrl {
    /// Parses a URL whose variables are filled in. Errors: it cannot be requested.
    pub fn parse(text: &str, encoding: Encoding) -> Result<Self, WireUrlError> {
        let url = Self::parse_any_host(text, encoding)?;
        match url.written.names_host() {
            true => Ok(url),
            false => Err(WireUrlError::Host { url: text.trim_start().to_owned(), host: url.written.host }),
        }
    }

    /// The same, whatever stands where a host name should: for a proxy, which is asked for it as it is.
    pub fn parse_any_host(text: &str, encoding: Encoding) -> Result<Self, WireUrlError> {
        let mut written = Written::of(text, encoding).ok_or(WireUrlError::Empty)?;
        written.fragment = None;
        let url = || text.trim_start().to_owned();
        let scheme = match written.scheme.as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            scheme => return Err(WireUrlError::Scheme { url: url(), scheme: scheme.to_owned() }),
        };
        if written.host.is_empty() {
            return Err(WireUrlError::NoHost { url: url() });
        }
        let port = match written.port.as_deref() {
            // `{{scheme}}://…`, which no proxy can make sense of either.
            Some("") if !written.names_host() => {
                return Err(WireUrlError::Host { url: url(), host: written.host });
            }
            None | Some("") => scheme.default_port(),
            // A blank that was pasted behind `{{baseUrl}}`.
            Some(port) => Some(port.trim_end_matches(' '))
                .filter(|port| port.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|port| port.parse().ok())
                .ok_or_else(|| WireUrlError::Port { url: url(), port: port.to_owned() })?,
        };
        Ok(Self { written, scheme, port })
    }

    /// The same URL, its host in lower case though it may be none.
    #[must_use]
    pub fn with_lower_host(mut self) -> Self {
        self.written.host = self.written.host.to_lowercase();
        self
    }

    /// What is spoken.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host's name or address, an IPv6 address without its brackets: what is connected to.
    pub fn host(&self) -> &str {
        let host = &self.written.host;
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    /// The port that is connected to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Host and, where one is written, port: what `Host` says.
    pub fn authority(&self) -> Cow<'_, str> {
        self.written.authority()
    }

    /// The same without a port that goes without saying: what `Host` says after a redirect.
    pub fn short_authority(&self) -> Cow<'_, str> {
        match &self.written.port {
            Some(port) if *port == self.scheme.default_port().to_string() => {
                Cow::Borrowed(&self.written.host)
            }
            _ => self.authority(),
        }
    }

    /// `host:port`, for messages.
    pub fn target(&self) -> String {
        format!("{}:{}", self.written.host, self.port)
    }

    /// `user:password` as written in front of the host, decoded.
    pub fn credentials(&self) -> Option<String> {
        let userinfo = self.written.userinfo.as_deref().filter(|userinfo| !userinfo.is_empty())?;
        let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
        let decoded = |text| percent_decode_str(text).decode_utf8_lossy();
        Some(format!("{}:{}", decoded(user), decoded(password)))
    }

    /// The same URL without `user:password@`.
    #[must_use]
    pub fn without_userinfo(mut self) -> Self {
        self.written.userinfo = None;
        self
    }

    /// The path, encoded; at least `/`.
    pub fn path(&self) -> &str {
        &self.written.path
    }

    /// The query, encoded, without the `?`; `None` where there is no `?`.
    pub fn query(&self) -> Option<&str> {
        self.written.query.as_deref()
    }

    /// Path and query: what the request line says.
    pub fn request_target(&self) -> Cow<'_, str> {
        self.written.request_target()
    }

    /// Whether the host can only be this machine (RFC 6761 §6.3).
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
    }

    /// The text of the URL that `reference` (a `Location`) means here: joined, nothing normalised.
    pub fn resolve(&self, reference: &str) -> String {
        let base = &self.written;
        match reference.as_bytes() {
            [] => base.to_string(),
            [b'/', b'/', ..] | [b'\\', b'\\', ..] => format!("{}:{reference}", base.scheme),
            [b'/' | b'\\', ..] => format!("{}{reference}", base.origin()),
            [b'#', ..] => format!("{base}{reference}"),
            [b'?', ..] => format!("{}{}{reference}", base.origin(), base.path),
            _ if has_scheme(reference) => reference.to_owned(),
            _ => {
                let folder = base.path.rfind('/').map_or("/", |at| &base.path[..=at]);
                format!("{}{folder}{reference}", base.origin())
            }
        }
    }
}

impl fmt::Display for WireUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written.fmt(f)
    }
}

/// `scheme://x` or `scheme:\\x`.
fn has_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    !scheme.is_empty()
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-'))
        && (rest.starts_with("//") || rest.starts_with("\\\\"))
        && rest.len() > 2
}

/// The pieces of what stands before the query.
struct Address<'t> {
    scheme: Option<&'t str>,
    userinfo: Option<&'t str>,
    host: &'t str,
    port: Option<&'t str>,
    path: &'t str,
}

impl<'t> Address<'t> {
    /// Takes an address apart. Delimiters are sought in `mask`, which is as long as the text and blots out what is
    /// left of variables.
    fn of(text: &'t str, mask: &str) -> Self {
        let mut rest = (0, text.len());
        let mut scheme = None;
        if let Some(at) = mask.find("://") {
            scheme = Some(&text[..at]);
            let after = &mask[at + 3..];
            // `http:///host` is `http://host`.
            rest.0 = mask.len() - after.trim_start_matches('/').len();
        }
        let mut path = "";
        if let Some(at) = mask[rest.0..].find('/') {
            path = &text[rest.0 + at + 1..];
            rest.1 = rest.0 + at;
        }
        let mut userinfo = None;
        if let Some(at) = mask[rest.0..rest.1].rfind('@') {
            userinfo = Some(&text[rest.0..rest.0 + at]);
            rest.0 += at + 1;
        }
        let mut port = None;
        // A colon before `]` belongs to an IPv6 address.
        if let Some(at) = mask[rest.0..rest.1].rfind(':')
            && !mask[rest.0 + at..rest.1].contains(']')
        {
            port = Some(&text[rest.0 + at + 1..rest.1]);
            rest.1 = rest.0 + at;
        }
        Self { scheme, userinfo, host: &text[rest.0..rest.1], port, path }
    }
}

/// What Postman's encoder leaves alone it sends as it stands: `%` above all, so nothing is encoded twice.
pub(crate) const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'\'').add(b'<').add(b'>');
const FRAGMENT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');
const PATH: &AsciiSet = &FRAGMENT.add(b'#').add(b'?').add(b'{').add(b'}');
pub(crate) const USERINFO: &AsciiSet = &PATH
    .add(b'/')
    .add(b':')
    .add(b';')
    .add(b'=')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'|');

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str) -> String {
        WireUrl::parse(text, Encoding::Encode).map_or_else(|error| error.to_string(), |url| url.to_string())
    }

    #[test]
    fn urls_are_encoded_as_postman_does() {
        for (written, expected) in [
            (" http://h/a b?q=a b\"'<>{}|[]+%zz ", "http://h/a%20b?q=a%20b%22%27%3C%3E{}|[]+%zz%20"),
            ("http://h/{x}\\y;z//w/../.", "http://h/%7Bx%7D/y;z//w/../."),
            ("http://h/é?é#é", "http://h/%C3%A9?%C3%A9"),
            ("h/%41%e9|^`~", "http://h/%41%e9|^%60~"),
            ("h", "http://h/"),
            ("h?", "http://h/?"),
            ("h?a=1&&b=2&#", "http://h/?a=1&&b=2&"),
            ("http://h?a=\\d", "http://h/?a=\\d"),
            ("HTTP:\\\\H:8080\\x", "http://h:8080/x"),
            ("http:////h//a", "http://h//a"),
            ("http://h:/x", "http://h:/x"),
            ("http://bücher.example", "http://xn--bcher-kva.example/"),
            ("http://0x7f.1/", "http://127.0.0.1/"),
            ("http://[::0:1]:80/", "http://[::1]:80/"),
            ("https://u:p:q@x@h:1/", "https://u:p%3Aq%40x@h:1/"),
            ("http://h/{{a?b}}/{{c#d}}?{{e#f}}", "http://h/%7B%7Ba%3Fb%7D%7D/%7B%7Bc%23d%7D%7D?{{e%23f}}"),
            ("http://h/a?x=http://b/c@d", "http://h/a?x=http://b/c@d"),
            ("h/x://y", "`h/x://y` cannot be requested: `h/x` is not a scheme of the web"),
        ] {
            assert_eq!(sent(written), expected, "{written}");
        }
    }

    #[test]
    fn what_is_shown_has_credentials_and_fragment_and_need_not_be_requestable() {
        for (text, shown, bare) in [
            ("h#a b`?c", "http://h/#a%20b%60?c", "http://h/"),
            ("http://ü:p@h:1/a?b#", "http://%C3%BC:p@h:1/a?b#", "http://h:1/a?b"),
            ("{{a/B}}/a b?{c}", "http://{{a/B}}/a%20b?{c}", "http://{{a/B}}/a%20b?{c}"),
            ("http:://h/x", "http:://h/x", "http:://h/x"),
            ("ftp://h:x", "ftp://h:x/", "ftp://h:x/"),
        ] {
            let written = Written::of(text, Encoding::Encode).unwrap();
            assert_eq!(written.to_string(), shown, "{text}");
            assert_eq!(written.bare().to_string(), bare, "{text}");
        }
        assert_eq!(Written::of(" ", Encoding::Encode), None);
    }

    #[test]
    fn encoding_can_be_switched_off() {
        let url = WireUrl::parse("http://u v@BÜ.test/a b/é?q='\"#f", Encoding::Keep).unwrap();
        assert_eq!(url.to_string(), "http://u v@xn--b-eha.test/a b/é?q='\"");
        assert_eq!(url.request_target(), "/a b/é?q='\"");
    }

    #[test]
    fn what_cannot_be_requested_says_why() {
        for (written, expected) in [
            ("", "request url is empty"),
            (" \n", "request url is empty"),
            ("/x", "`/x` cannot be requested: it names no host"),
            ("http://", "`http://` cannot be requested: it names no host"),
            ("http://?a", "`http://?a` cannot be requested: it names no host"),
            ("http://:80/", "`http://:80/` cannot be requested: it names no host"),
            ("http://h:99999", "`http://h:99999` cannot be requested: `99999` is not a port (0 to 65535)"),
            ("http://h:-1", "`http://h:-1` cannot be requested: `-1` is not a port (0 to 65535)"),
            ("http://h:+1", "`http://h:+1` cannot be requested: `+1` is not a port (0 to 65535)"),
            ("http://a b/", "`http://a b/` cannot be requested: `a b` is not a host name"),
            ("http://{{H}}/x", "`http://{{H}}/x` cannot be requested: `{{H}}` is not a host name"),
            ("{{a:b/c}}/x", "`{{a:b/c}}/x` cannot be requested: `{{a:b/c}}` is not a host name"),
            ("http://[::x]/", "`http://[::x]/` cannot be requested: `[::x]` is not a host name"),
            ("ftp://h/", "`ftp://h/` cannot be requested: `ftp` is not a scheme of the web"),
        ] {
            assert_eq!(sent(written), expected, "{written}");
        }
    }

    #[test]
    fn parts() {
        let url = WireUrl::parse("https://u%40x:p%zz@[::1]:0443/a?b", Encoding::Encode).unwrap();
        assert_eq!((url.scheme(), url.host(), url.port()), (Scheme::Https, "::1", 443));
        assert_eq!(url.authority(), "[::1]:0443");
        assert_eq!(url.target(), "[::1]:443");
        assert_eq!(url.credentials().as_deref(), Some("u@x:p%zz"));
        assert_eq!((url.path(), url.query(), &*url.request_target()), ("/a", Some("b"), "/a?b"));
        assert_eq!(url.without_userinfo().to_string(), "https://[::1]:0443/a?b");
        for (written, authority, short, credentials) in [
            ("http://h:80", "h:80", "h", None),
            ("http://h:443", "h:443", "h:443", None),
            ("https://h:443", "h:443", "h", None),
            ("http://@h", "h", "h", None),
            ("http://u@h", "h", "h", Some("u:")),
            ("http://:p@h", "h", "h", Some(":p")),
        ] {
            let url = WireUrl::parse(written, Encoding::Encode).unwrap();
            assert_eq!((&*url.authority(), &*url.short_authority()), (authority, short), "{written}");
            assert_eq!(url.credentials().as_deref(), credentials, "{written}");
        }
        for (host, expected) in [
            ("localhost", true),
            ("a.LOCALHOST", true),
            ("127.1", true),
            ("[::1]", true),
            ("localhost.a", false),
        ] {
            assert_eq!(WireUrl::parse(host, Encoding::Encode).unwrap().is_loopback(), expected, "{host}");
        }
    }

    #[test]
    fn references_are_joined_and_nothing_more() {
        let base = WireUrl::parse("http://u:p@h:1/a/b?q", Encoding::Encode).unwrap();
        for (reference, expected) in [
            ("", "http://u:p@h:1/a/b?q"),
            ("//other/x", "http://other/x"),
            ("/x/../y", "http://u:p@h:1/x/../y"),
            ("\\x", "http://u:p@h:1\\x"),
            ("?z", "http://u:p@h:1/a/b?z"),
            ("#f", "http://u:p@h:1/a/b?q#f"),
            ("c d", "http://u:p@h:1/a/c d"),
            ("ht!tp://%%%", "http://u:p@h:1/a/ht!tp://%%%"),
            ("mailto:a@b", "http://u:p@h:1/a/mailto:a@b"),
            ("https://x", "https://x"),
        ] {
            assert_eq!(base.resolve(reference), expected, "{reference}");
        }
    }
}
