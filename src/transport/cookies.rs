//! The run's cookie jar (RFC 6265 by `cookie_store`), lenient where Postman's is.

use super::cookie_date;
use crate::exchange::Headers;
use crate::runner::ScriptCookie;
use crate::wire_url::WireUrl;
use cookie_store::{Cookie, CookieDomain, CookieExpiration, CookieStore, RawCookie, StoreAction};
use url::Url;

/// Cookies by domain and path. `Secure` ones go to loopback hosts over plain http too.
#[derive(Debug, Default)]
pub(super) struct Jar(CookieStore);

impl Jar {
    /// Keeps what a response sets. A cookie that does not parse, or is not the host's to set, is not kept.
    pub(super) fn store(&mut self, headers: &Headers, url: &WireUrl) {
        if !headers.contains("set-cookie") {
            return;
        }
        let Some(url) = for_store(url) else { return };
        for field in headers.get_all("set-cookie") {
            if let Some(mut cookie) = parse(field).filter(keeps_its_prefix)
                && let Some(owner) = settle_owner(&mut cookie, &url)
                && matches!(self.0.insert_raw(&cookie, &owner), Ok(StoreAction::ExpiredExisting))
            {
                self.forget_expired();
            }
        }
    }

    /// An expired cookie that stayed would keep its place: one set anew goes after the others.
    fn forget_expired(&mut self) {
        let expired = self.0.iter_any().filter(|cookie| cookie.is_expired()).map(for_scripts);
        for ScriptCookie { domain, path, name, .. } in expired.collect::<Vec<_>>() {
            self.0.remove(&domain, &path, &name);
        }
    }

    /// Whether there is nothing to look for.
    fn is_empty(&self) -> bool {
        self.0.iter_any().next().is_none()
    }

    /// What goes into the `Cookie` field for that URL, longest path first.
    pub(super) fn header(&self, url: &WireUrl) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let url = for_store(url)?;
        let mut cookies = self.0.matches(&url);
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let texts = cookies.iter().map(|cookie| match cookie.name_value() {
            ("", value) => value.to_owned(),
            (name, value) => format!("{name}={value}"),
        });
        Some(texts.collect::<Vec<_>>().join("; ")).filter(|_| !cookies.is_empty())
    }
}

/// Whether a cookie is what its name's prefix promises (RFC 6265bis §4.1.3); else it is not kept.
fn keeps_its_prefix(cookie: &RawCookie<'static>) -> bool {
    let secure = cookie.secure() == Some(true);
    if cookie.name().starts_with("__Host-") {
        return secure && cookie.domain().is_none() && cookie.path() == Some("/");
    }
    secure || !cookie.name().starts_with("__Secure-")
}

/// The URL whose cookie it is: that of the host which set it, unless it names a domain without a dot (`localhost`,
/// `com`). That is a public suffix: as in Postman's jar, the cookie belongs to the host of that name alone.
fn settle_owner(cookie: &mut RawCookie<'static>, url: &Url) -> Option<Url> {
    let mut owner = url.clone();
    let suffix = cookie.domain().filter(|domain| !domain.is_empty() && !domain.contains('.'));
    if let Some(suffix) = suffix.map(str::to_ascii_lowercase) {
        let below = url.domain()?.strip_suffix(&suffix)?;
        if !below.is_empty() && !below.ends_with('.') {
            return None;
        }
        owner.set_host(Some(&suffix)).ok()?;
        cookie.unset_domain();
    }
    Some(owner)
}

/// What a cookie's domain, path and secrecy are compared with.
fn for_store(url: &WireUrl) -> Option<Url> {
    Url::parse(&format!("{}://{}{}", url.scheme().name(), url.target(), url.path())).ok()
}

/// What scripts do with the jar.
impl Jar {
    /// Every cookie that has not expired.
    pub(super) fn all(&self) -> Vec<ScriptCookie> {
        self.0.iter_unexpired().map(for_scripts).collect()
    }

    /// What a request to that URL would carry.
    pub(super) fn matching(&self, url: &WireUrl) -> Vec<ScriptCookie> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut cookies = for_store(url).map(|url| self.0.matches(&url)).unwrap_or_default();
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        cookies.into_iter().map(for_scripts).collect()
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
        let moment =
            |text: &String| time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
        if let Some(Ok(expires)) = cookie.expires.as_ref().map(moment) {
            raw.set_expires(expires);
        }
        if let Some(seconds) = cookie.max_age {
            raw.set_max_age(time::Duration::seconds(seconds));
        }
        // The cookie crate's own words are reached by parsing alone.
        let same_site = cookie.same_site.as_ref().and_then(|text| parse(&format!("a; SameSite={text}")));
        raw.set_same_site(same_site.and_then(|cookie| cookie.same_site()));
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
        max_age: cookie.max_age().map(time::Duration::whole_seconds),
        same_site: cookie.same_site().map(|same_site| same_site.to_string().to_lowercase()),
    }
}

/// A `Set-Cookie` value; `bad` and `=bad` are cookies without a name, as for Postman's jar (`looseMode`).
fn parse(text: &str) -> Option<RawCookie<'static>> {
    let text = text.trim_start();
    let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
    let nameless = pair.strip_prefix('=').or_else(|| (!pair.contains('=')).then_some(pair));
    let mut cookie = match nameless {
        None => RawCookie::parse(text.to_owned()).ok()?,
        Some(value) if value.trim().is_empty() => return None,
        Some(value) => {
            let mut cookie = RawCookie::parse(format!("nameless={value};{attributes}")).ok()?;
            cookie.set_name("");
            cookie
        }
    };
    let date = attributes.rsplit(';').find_map(|attribute| {
        let (name, date) = attribute.split_once('=')?;
        name.trim().eq_ignore_ascii_case("expires").then(|| cookie_date::parse(date)).flatten()
    });
    if let Some(date) = date {
        cookie.set_expires(date);
    }
    Some(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire_url::Encoding;

    fn url(text: &str) -> WireUrl {
        WireUrl::parse(text, Encoding::Encode).unwrap()
    }

    fn jar(from: &str, cookies: &[&'static str]) -> Jar {
        let mut headers = Headers::default();
        cookies.iter().for_each(|cookie| headers.push("Set-Cookie", *cookie));
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
        assert_eq!(jar.header(&url("http://h.test/x")).as_deref(), Some("a=new; b=new"));
        assert_eq!(jar.matching(&url("http://sub.h.test/x")).len(), 1);
        jar.take("h.test", "/x", "a");
        assert_eq!(jar.header(&url("http://h.test/x")).as_deref(), Some("b=new"));
    }

    #[test]
    fn cookies_go_where_they_belong() {
        // Set by, what; asked for; sent
        type Case = (&'static str, &'static [&'static str], &'static str, Option<&'static str>);
        let cases: [Case; 18] = [
            ("http://h/", &["a=1", "b=2", "c=3", "a=; Max-Age=0", "a=4"], "http://h/", Some("b=2; c=3; a=4")),
            ("http://h/", &["=v; Path=/", "t=1; Expires=2 Jan 99 1:2:3"], "http://h/", Some("v")),
            (
                "http://h/a/b",
                &[
                    "y=1; Max-Age=60; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
                    "n=1; Expires=garbage",
                    "r=x,y; Path=no",
                ],
                "http://h/a/c",
                Some("y=1; n=1; r=x,y"),
            ),
            ("http://h/a", &["a=1", "b=2"], "http://h/", Some("a=1; b=2")),
            ("http://h/a", &[], "http://h/", None),
            ("http://h/a", &["a=1"], "http://other/", None),
            ("http://127.0.0.1:1/", &["a=1"], "http://localhost:1/", None),
            ("http://127.0.0.1:1/", &["a=1; Secure"], "http://127.0.0.1:2/", Some("a=1")),
            ("https://h/", &["a=1; Secure"], "http://h/", None),
            ("http://h/", &["s=1; Path=/", "l=2; Path=/x"], "http://h/x/y", Some("l=2; s=1")),
            ("http://h/", &["a=1; Max-Age=0"], "http://h/", None),
            ("http://h/", &["bad; Path=/", "", "=", "a=1; Domain=evil"], "http://h/", Some("bad")),
            ("http://a.h.test/", &["a=\"q q\"; Domain=h.test"], "http://b.h.test/", Some("a=\"q q\"")),
            ("http://a.h/", &["a=1; Domain=h", "b=2"], "http://a.h/", Some("b=2")),
            ("http://a.h/", &["a=1; Domain=h"], "http://h/", Some("a=1")),
            ("http://h/", &["a=1; Domain=.H"], "http://a.h/", None),
            ("http://ah/", &["a=1; Domain=h"], "http://h/", None),
            ("http://[::1]:1/", &["a=1"], "http://[::1]/", Some("a=1")),
        ];
        for (from, set, to, expected) in cases {
            assert_eq!(jar(from, set).header(&url(to)).as_deref(), expected, "{set:?} {from} → {to}");
        }
    }
}
