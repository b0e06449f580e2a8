//! The run's cookie jar (RFC 6265 by `cookie_store`), lenient where Postman's is.

use cookie_store::{CookieStore, RawCookie};
use reqwest::Url;
use reqwest::header::{HeaderMap, SET_COOKIE};

/// Cookies by domain and path. `Secure` ones go to loopback hosts over plain http too.
#[derive(Debug, Default)]
pub(super) struct Jar(CookieStore);

impl Jar {
    /// Keeps what a response sets. A cookie that does not parse, or is not the host's to set, is not kept.
    pub(super) fn store(&mut self, headers: &HeaderMap, url: &Url) {
        for field in headers.get_all(SET_COOKIE) {
            let text = String::from_utf8_lossy(field.as_bytes());
            if let Some(cookie) = parse(&text) {
                let _ = self.0.insert_raw(&cookie, url);
            }
        }
    }

    /// The value of the `Cookie` field for that URL: the user's own cookies, then the jar's, longest path first.
    pub(super) fn header(&self, own: Option<&str>, url: &Url) -> Option<String> {
        let mut cookies = self.0.matches(url);
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let jar = cookies.iter().map(|cookie| match cookie.name_value() {
            ("", value) => value.to_owned(),
            (name, value) => format!("{name}={value}"),
        });
        let all: Vec<String> = own.map(str::to_owned).into_iter().chain(jar).collect();
        if all.is_empty() { None } else { Some(all.join("; ")) }
    }
}

/// A `Set-Cookie` value; `bad` without `=` is a cookie without a name, as for Postman's jar (`looseMode`).
fn parse(text: &str) -> Option<RawCookie<'static>> {
    let pair = text.split(';').next().unwrap_or_default();
    if pair.contains('=') {
        return RawCookie::parse(text.to_owned()).ok();
    }
    if pair.trim().is_empty() {
        return None;
    }
    let mut cookie = RawCookie::parse(format!("nameless={}", text.trim_start())).ok()?;
    cookie.set_name("");
    Some(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn jar(from: &str, cookies: &[&'static str]) -> Jar {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(SET_COOKIE, reqwest::header::HeaderValue::from_static(cookie));
        }
        let mut jar = Jar::default();
        jar.store(&headers, &url(from));
        jar
    }

    #[test]
    fn cookies_go_where_they_belong() {
        // Set by, what; the user's own; asked for; sent
        type Case =
            (&'static str, &'static [&'static str], Option<&'static str>, &'static str, Option<&'static str>);
        let cases: [Case; 12] = [
            ("http://h/a", &["a=1", "b=2"], None, "http://h/", Some("a=1; b=2")),
            ("http://h/a", &["r=1"], Some("mine=1; r=user"), "http://h/", Some("mine=1; r=user; r=1")),
            ("http://h/a", &[], Some("mine=1"), "http://h/", Some("mine=1")),
            ("http://h/a", &[], None, "http://h/", None),
            ("http://h/a", &["a=1"], None, "http://other/", None),
            ("http://127.0.0.1:1/", &["a=1"], None, "http://localhost:1/", None),
            ("http://127.0.0.1:1/", &["a=1; Secure"], None, "http://127.0.0.1:2/", Some("a=1")),
            ("https://h/", &["a=1; Secure"], None, "http://h/", None),
            ("http://h/", &["s=1; Path=/", "l=2; Path=/x"], None, "http://h/x/y", Some("l=2; s=1")),
            ("http://h/", &["a=1; Max-Age=0"], None, "http://h/", None),
            ("http://h/", &["bad; Path=/", "", "=", "a=1; Domain=evil"], None, "http://h/", Some("bad")),
            ("http://a.h.test/", &["a=\"q q\"; Domain=h.test"], None, "http://b.h.test/", Some("a=\"q q\"")),
        ];
        for (from, set, own, to, expected) in cases {
            assert_eq!(jar(from, set).header(own, &url(to)).as_deref(), expected, "{set:?} {from} → {to}");
        }
    }
}
