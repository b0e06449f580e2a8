//! The run's cookie jar (RFC 6265 by `cookie_store`), lenient where Postman's is.

use crate::runner::ScriptCookie;
use cookie_store::{Cookie, CookieDomain, CookieExpiration, CookieStore, RawCookie};
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

/// What scripts do with the jar.
impl Jar {
    /// Every cookie that has not expired.
    pub(super) fn all(&self) -> Vec<ScriptCookie> {
        self.0.iter_unexpired().map(for_scripts).collect()
    }

    /// What a request to that URL would carry.
    pub(super) fn matching(&self, url: &Url) -> Vec<ScriptCookie> {
        self.0.matches(url).into_iter().map(for_scripts).collect()
    }

    /// Puts a cookie in as if its own host had set it.
    pub(super) fn put(&mut self, cookie: &ScriptCookie) {
        let scheme = if cookie.secure { "https" } else { "http" };
        let Ok(url) = Url::parse(&format!("{scheme}://{}{}", cookie.domain, cookie.path)) else { return };
        let mut raw = RawCookie::new(cookie.name.clone(), cookie.value.clone());
        raw.set_path(cookie.path.clone());
        raw.set_secure(cookie.secure);
        raw.set_http_only(cookie.http_only);
        if !cookie.host_only {
            raw.set_domain(cookie.domain.clone());
        }
        let parse =
            |text: &String| time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
        if let Some(Ok(expires)) = cookie.expires.as_ref().map(parse) {
            raw.set_expires(expires);
        }
        let _ = self.0.insert_raw(&raw, &url);
    }

    /// Takes a cookie out.
    pub(super) fn take(&mut self, domain: &str, path: &str, name: &str) {
        self.0.remove(domain, path, name);
    }
}

fn for_scripts(cookie: &Cookie<'static>) -> ScriptCookie {
    let (domain, host_only) = match &cookie.domain {
        CookieDomain::HostOnly(domain) => (domain.clone(), true),
        CookieDomain::Suffix(domain) => (domain.clone(), false),
        CookieDomain::NotPresent | CookieDomain::Empty => (String::new(), true),
    };
    let expires = match cookie.expires {
        CookieExpiration::AtUtc(at) => at.format(&time::format_description::well_known::Rfc3339).ok(),
        CookieExpiration::SessionEnd => None,
    };
    ScriptCookie {
        name: cookie.name().to_owned(),
        value: cookie.value().to_owned(),
        domain,
        path: cookie.path.to_string(),
        host_only,
        secure: cookie.secure().unwrap_or(false),
        http_only: cookie.http_only().unwrap_or(false),
        expires,
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
    fn scripts_see_and_change_the_jar() {
        let mut jar = jar("http://h.test/", &["a=1; Path=/x; HttpOnly", "b=2; Domain=h.test; Max-Age=60"]);
        let all = jar.all();
        assert_eq!(all.len(), 2);
        assert!(all[0].host_only && all[0].http_only && all[0].path == "/x" && all[0].expires.is_none());
        assert!(!all[1].host_only && all[1].expires.is_some());
        for mut cookie in all {
            cookie.value = "new".to_owned();
            jar.put(&cookie);
        }
        assert_eq!(jar.all().len(), 2);
        assert_eq!(jar.header(None, &url("http://h.test/x")).as_deref(), Some("a=new; b=new"));
        assert_eq!(jar.matching(&url("http://sub.h.test/x")).len(), 1);
        jar.take("h.test", "/x", "a");
        assert_eq!(jar.header(None, &url("http://h.test/x")).as_deref(), Some("b=new"));
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
