//! reqwest clients, built when first needed: what a run does not use (TLS roots, proxies) is never loaded.

use crate::runner::SendOptions;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::Host;

/// What distinguishes one client from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    tls: Tls,
    /// Without the environment's proxy.
    direct: bool,
    /// reqwest asks for content codings on its own as long as it may decode them.
    decode: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Tls {
    Unused,
    Verified,
    Unverified,
}

impl Kind {
    pub(super) fn of(url: &Url, options: &SendOptions) -> Self {
        let tls = match (url.scheme(), options.verify_tls) {
            ("https", true) => Tls::Verified,
            ("https", false) => Tls::Unverified,
            _ => Tls::Unused,
        };
        let decode = !options.disabled_system_headers.iter().any(|name| name == "accept-encoding");
        Self { tls, direct: is_loopback(url), decode }
    }
}

/// Whether the host can only be this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// The clients of a run, each with its pool of connections.
#[derive(Debug, Default)]
pub(super) struct Clients(HashMap<Kind, Client>);

impl Clients {
    /// The client of that kind. Errors: the system's trust store cannot be loaded.
    pub(super) fn get(&mut self, kind: Kind) -> reqwest::Result<Client> {
        if let Some(client) = self.0.get(&kind) {
            return Ok(client.clone());
        }
        let client = build(kind)?;
        self.0.insert(kind, client.clone());
        Ok(client)
    }
}

fn build(kind: Kind) -> reqwest::Result<Client> {
    // reqwest wants a provider even where no TLS is spoken. An error means that one is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .gzip(kind.decode)
        .brotli(kind.decode)
        .deflate(kind.decode);
    if kind.direct {
        builder = builder.no_proxy().dns_resolver(Loopback);
    }
    builder = match kind.tls {
        Tls::Verified => builder,
        Tls::Unverified => builder.tls_danger_accept_invalid_certs(true),
        Tls::Unused => builder.tls_certs_only([]),
    };
    builder.build()
}

/// `localhost` and everything below it is this machine (RFC 6761 §6.3): no resolver is asked, as browsers and
/// Postman do. Only a client that is used for loopback hosts alone may have it.
struct Loopback;

impl Resolve for Loopback {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses = [IpAddr::from(Ipv6Addr::LOCALHOST), IpAddr::from(Ipv4Addr::LOCALHOST)];
        // The connector puts the URL's port in.
        let addresses: Addrs = Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0)));
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_needs_no_roots_and_loopback_no_proxy() {
        for (url, tls, direct) in [
            ("http://127.0.0.1:1/", Tls::Unused, true),
            ("http://[::1]/", Tls::Unused, true),
            ("https://api.localhost/", Tls::Verified, true),
            ("http://localhost.example/", Tls::Unused, false),
            ("https://10.0.0.1/", Tls::Verified, false),
        ] {
            let kind = Kind::of(&Url::parse(url).unwrap(), &SendOptions::default());
            assert_eq!(kind, Kind { tls, direct, decode: true }, "{url}");
        }
        let insecure = SendOptions {
            verify_tls: false,
            disabled_system_headers: vec!["accept-encoding".into()],
            ..SendOptions::default()
        };
        let kind = Kind::of(&Url::parse("https://10.0.0.1/").unwrap(), &insecure);
        assert_eq!(kind, Kind { tls: Tls::Unverified, direct: false, decode: false });
    }
}
