//! Which proxy a request goes through: `--proxy`, the environment's, or an item's own.

use super::Target;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use percent_encoding::percent_decode_str;
use std::fmt;
use std::net::IpAddr;

/// How a proxy is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scheme {
    Http,
    /// TLS to the proxy itself.
    Https,
    /// SOCKS 5; names are resolved by the proxy.
    Socks5,
}

/// A proxy. Its credentials are in no text made from it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    pub(super) scheme: Scheme,
    pub(super) host: String,
    pub(super) port: u16,
    /// `user:password`, decoded.
    pub(super) credentials: Option<Vec<u8>>,
}

/// A text that is no proxy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// Not a URL with a host.
    #[error("it is not a URL such as http://proxy.example:3128")]
    NotAUrl,
    /// A URL of something else.
    #[error("`{0}` is not a kind of proxy; http, https and socks5 are")]
    Scheme(String),
}

impl Proxy {
    /// Reads `[http://|https://|socks5://][user:password@]host[:port]`.
    pub fn parse(text: &str) -> Result<Self, ProxyError> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let scheme = match scheme.to_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            "socks5" | "socks5h" | "socks" => Scheme::Socks5,
            other => return Err(ProxyError::Scheme(other.to_owned())),
        };
        // `url` knows hosts, ports and userinfo; the standard port is ours to choose, as it knows no SOCKS.
        let url = url::Url::parse(&format!("ws://{rest}")).map_err(|_| ProxyError::NotAUrl)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(ProxyError::NotAUrl)?;
        let explicit = explicit_port(rest).or_else(|| url.port());
        let standard = match scheme {
            Scheme::Http => 80,
            Scheme::Https => 443,
            Scheme::Socks5 => 1080,
        };
        let password = url.password();
        let credentials = (!url.username().is_empty() || password.is_some()).then(|| {
            let mut credentials: Vec<u8> = percent_decode_str(url.username()).collect();
            credentials.push(b':');
            credentials.extend(percent_decode_str(password.unwrap_or_default()));
            credentials
        });
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { scheme, host, port: explicit.unwrap_or(standard), credentials })
    }

    /// `Proxy-Authorization`, where there are credentials.
    pub(super) fn authorization(&self) -> Option<String> {
        self.credentials.as_ref().map(|pair| format!("Basic {}", BASE64_STANDARD.encode(pair)))
    }
}

/// The port as written: `url` drops the one it takes for the scheme's own.
fn explicit_port(rest: &str) -> Option<u16> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok())
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::authority(&self.host, self.port))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({:?} {self})", self.scheme)
    }
}

/// The proxies of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    bypass: Vec<Bypass>,
}

impl Proxies {
    /// No proxy, whatever the environment says.
    pub fn none() -> Self {
        Self::default()
    }

    /// The environment's: `HTTP_PROXY`, `HTTPS_PROXY` (else `HTTP_PROXY`), else `ALL_PROXY`, in capitals or not; none
    /// for what `NO_PROXY` names. `given` (`--proxy`) is taken instead of all but `NO_PROXY`. Errors: the variable that
    /// is no proxy, and why.
    pub fn from_environment(
        variable: impl Fn(&str) -> Option<String>,
        given: Option<Proxy>,
    ) -> Result<Self, (String, ProxyError)> {
        let text = |name: &str| {
            [name.to_owned(), name.to_lowercase()].into_iter().find_map(|name| {
                variable(&name).filter(|text| !text.trim().is_empty()).map(|text| (name, text))
            })
        };
        let proxy = |names: &[&str]| {
            let Some((name, text)) = names.iter().find_map(|name| text(name)) else { return Ok(None) };
            Proxy::parse(&text).map(Some).map_err(|error| (name, error))
        };
        let bypass = text("NO_PROXY").map(|(_, text)| bypass(&text)).unwrap_or_default();
        let (http, https) = match given {
            Some(given) => (Some(given.clone()), Some(given)),
            None => {
                (proxy(&["HTTP_PROXY", "ALL_PROXY"])?, proxy(&["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"])?)
            }
        };
        Ok(Self { http, https, bypass })
    }

    /// The proxy for a target, if it is not to be reached directly.
    pub(super) fn for_target(&self, target: &Target) -> Option<&Proxy> {
        let proxy = if target.https { &self.https } else { &self.http };
        proxy.as_ref().filter(|_| !self.bypass.iter().any(|zone| zone.holds(target)))
    }
}

/// One entry of `NO_PROXY`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Bypass {
    Everything,
    /// That address.
    Ip {
        ip: IpAddr,
        port: Option<u16>,
    },
    /// That host and every host below it.
    Host {
        host: String,
        port: Option<u16>,
    },
}

impl Bypass {
    fn holds(&self, target: &Target) -> bool {
        let allowed = |port: &Option<u16>| port.is_none_or(|port| port == target.port);
        match self {
            Self::Everything => true,
            Self::Ip { ip, port } => target.host.parse() == Ok(*ip) && allowed(port),
            Self::Host { host, port } => {
                let below = target.host.strip_suffix(host.as_str());
                below.is_some_and(|below| below.is_empty() || below.ends_with('.')) && allowed(port)
            }
        }
    }
}

/// `host`, `.host`, `*.host`, `host:port`, `*`, separated by commas or blanks.
fn bypass(text: &str) -> Vec<Bypass> {
    text.split([',', ' '])
        .map(|zone| zone.trim().to_lowercase())
        .filter(|zone| !zone.is_empty())
        .map(|zone| {
            if zone == "*" {
                return Bypass::Everything;
            }
            if let Ok(ip) = zone.trim_matches(['[', ']']).parse() {
                return Bypass::Ip { ip, port: None };
            }
            let (host, port) = match zone.rsplit_once(':') {
                Some((host, port)) if port.parse::<u16>().is_ok() => (host, port.parse().ok()),
                _ => (zone.as_str(), None),
            };
            match host.trim_matches(['[', ']']).parse() {
                Ok(ip) => Bypass::Ip { ip, port },
                Err(_) => {
                    let host = host.strip_prefix('*').unwrap_or(host).trim_start_matches('.');
                    Bypass::Host { host: host.to_owned(), port }
                }
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Proxies {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, text)| (*text).to_owned());
        Proxies::from_environment(variable, None).unwrap()
    }

    fn chosen(proxies: &Proxies, url: &str) -> Option<String> {
        proxies.for_target(&Target::of(url)).map(ToString::to_string)
    }

    #[test]
    fn proxies_are_read() {
        for (text, shown, authorization) in [
            ("http://p.test:3128", "p.test:3128", None),
            ("p.test:3128/", "p.test:3128", None),
            ("http://p.test", "p.test:80", None),
            ("http://p.test:80", "p.test:80", None),
            ("HTTPS://p.test", "p.test:443", None),
            ("https://p.test:80", "p.test:80", None),
            ("socks5h://p.test", "p.test:1080", None),
            ("http://[::1]:3128", "[::1]:3128", None),
            ("http://me:p%40ss@p.test:1", "p.test:1", Some("Basic bWU6cEBzcw==")),
            ("me@p.test:1", "p.test:1", Some("Basic bWU6")),
        ] {
            let proxy = Proxy::parse(text).unwrap();
            assert_eq!(
                (proxy.to_string().as_str(), proxy.authorization().as_deref()),
                (shown, authorization),
                "{text}"
            );
        }
        for (text, error) in [
            ("", ProxyError::NotAUrl),
            ("http://", ProxyError::NotAUrl),
            ("http://p:99999", ProxyError::NotAUrl),
            ("ftp://p", ProxyError::Scheme("ftp".to_owned())),
        ] {
            assert_eq!(Proxy::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn credentials_are_in_no_text() {
        let proxy = Proxy::parse("http://me:hunter2@p.test:1").unwrap();
        let proxies = Proxies::from_environment(|_| None, Some(proxy.clone())).unwrap();
        assert!(!format!("{proxy} {proxy:?} {proxies:?}").contains("hunter2"));
    }

    #[test]
    fn the_environment_is_read_as_newman_reads_it() {
        let http = from(&[("HTTP_PROXY", "http://p:1")]);
        assert_eq!(chosen(&http, "http://a.test/").as_deref(), Some("p:1"));
        assert_eq!(chosen(&http, "https://a.test/").as_deref(), Some("p:1"));
        assert_eq!(chosen(&http, "http://127.0.0.1:8080/").as_deref(), Some("p:1"));
        let https = from(&[("https_proxy", "http://s:2")]);
        assert_eq!(chosen(&https, "http://a.test/"), None);
        assert_eq!(chosen(&https, "https://a.test/").as_deref(), Some("s:2"));
        let both = from(&[
            ("http_proxy", "low:1"),
            ("HTTP_PROXY", "high:1"),
            ("HTTPS_PROXY", ""),
            ("ALL_PROXY", "all:9"),
        ]);
        assert_eq!(chosen(&both, "https://a.test/").as_deref(), Some("high:1"));
        assert_eq!(chosen(&from(&[("all_proxy", "all:9")]), "https://a.test/").as_deref(), Some("all:9"));
        assert_eq!(chosen(&Proxies::none(), "https://a.test/"), None);
        let bad =
            Proxies::from_environment(|name| (name == "http_proxy").then(|| "ftp://p".to_owned()), None);
        assert_eq!(bad, Err(("http_proxy".to_owned(), ProxyError::Scheme("ftp".to_owned()))));
    }

    #[test]
    fn no_proxy_names_what_is_reached_directly() {
        for (zones, url, direct) in [
            ("a.test", "http://a.test/", true),
            ("a.test", "http://x.a.test/", true),
            ("a.test", "http://xa.test/", false),
            (".a.test", "http://a.test/", true),
            (".a.test", "http://x.a.test/", true),
            ("*.a.test", "http://x.a.test/", true),
            ("b.test, A.TEST", "http://a.test/", true),
            ("b.test a.test", "http://a.test/", true),
            ("a.test:8080", "http://a.test:8080/", true),
            ("a.test:8080", "http://a.test/", false),
            ("a.test:80", "http://a.test/", true),
            ("*", "https://a.test/", true),
            ("b.test,*", "https://a.test/", true),
            ("127.0.0.1", "http://127.0.0.1:4010/", true),
            ("127.0.0.1:1", "http://127.0.0.1:4010/", false),
            ("::1", "http://[::1]:4010/", true),
            ("[::1]:4010", "http://[::1]:4010/", true),
            ("[::1]:1", "http://[::1]:4010/", false),
            ("localhost", "http://localhost:4010/", true),
            (",,", "http://a.test/", false),
            ("", "http://a.test/", false),
        ] {
            let proxies = from(&[("HTTP_PROXY", "http://p:1"), ("no_proxy", zones)]);
            assert_eq!(chosen(&proxies, url).is_none(), direct, "{zones} {url}");
        }
    }
}
