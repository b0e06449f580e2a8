//! The cookies of one session: no login's cookies leak into another's.

use crate::exchange::Exchange;
use cookie_store::{CookieStore, RawCookie};
use url::Url;

/// Cookies by domain and path (RFC 6265). `Secure` ones go to loopback hosts over plain http too.
#[derive(Debug, Clone, Default)]
pub struct Jar(CookieStore);

impl Jar {
    /// Keeps what an exchange's answers set.
    pub fn store(&mut self, exchange: &Exchange) {
        for call in &exchange.calls {
            let (Ok(response), Ok(url)) = (&call.outcome, Url::parse(&call.request.url)) else { continue };
            for field in response.headers.get_all("set-cookie") {
                if let Ok(cookie) = RawCookie::parse(field.to_owned()) {
                    // A cookie that is not the host's to set is not kept.
                    let _ = self.0.insert_raw(&cookie, &url);
                }
            }
        }
    }

    /// Names and values that go to that URL, longest path first.
    pub fn matching(&self, url: &str) -> Vec<(String, String)> {
        let Ok(url) = Url::parse(url) else { return Vec::new() };
        let mut cookies = self.0.matches(&url);
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        cookies.iter().map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned())).collect()
    }

    /// The value of a cookie, whatever its path.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.iter_unexpired().find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    }
}
