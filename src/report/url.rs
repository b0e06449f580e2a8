//! The parts of a URL as it was written.
//!
//! Split by hand: the `url` crate would percent-encode the marks that masking leaves (`‹secret:…›`) and drop
//! default ports, and a report shows what is in the event.

/// The parts of an absolute URL.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct UrlParts<'a> {
    /// `http`.
    pub(super) protocol: &'a str,
    /// Host; IPv6 with its brackets.
    pub(super) host: &'a str,
    /// Port, when written.
    pub(super) port: Option<&'a str>,
    /// Path with its leading slash; empty when there is none.
    pub(super) path: &'a str,
    /// Query without `?`.
    pub(super) query: Option<&'a str>,
}

impl<'a> UrlParts<'a> {
    /// Splits a URL; what is not there is empty.
    pub(super) fn of(url: &'a str) -> Self {
        let url = url.split_once('#').map_or(url, |(before, _)| before);
        let (protocol, rest) = url.split_once("://").unwrap_or(("", url));
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(r, q)| (r, Some(q)));
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        Self { protocol, host, port, path, query }
    }
}

/// `POST /path`, the short name of a request.
pub(super) fn short_name(method: &str, url: &str) -> String {
    let path = UrlParts::of(url).path;
    format!("{method} {}", if path.is_empty() { "/" } else { path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let parts = |protocol, host, port, path, query| UrlParts { protocol, host, port, path, query };
        for (url, expected) in [
            ("http://a.b:80/x/y?q=1#f", parts("http", "a.b", Some("80"), "/x/y", Some("q=1"))),
            ("https://u:p@[::1]/", parts("https", "[::1]", None, "/", None)),
            ("http://[::1]:80?a:b", parts("http", "[::1]", Some("80"), "", Some("a:b"))),
            ("{{baseUrl}}/x", parts("", "{{baseUrl}}", None, "/x", None)),
            ("", parts("", "", None, "", None)),
        ] {
            assert_eq!(UrlParts::of(url), expected, "{url}");
        }
        assert_eq!(short_name("GET", "http://a"), "GET /");
    }
}
