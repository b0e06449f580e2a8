//! Establishes connections: names, TCP, proxies, TLS; and says how long each took.

mod certificate;
mod dial;
mod key;
mod pattern;
mod proxy;
mod roots;
mod stream;
#[cfg(test)]
mod tests;
mod tls;
mod tunnel;
mod verify;
mod way;
mod words;

pub use certificate::{ClientCertificate, ListError};
pub use pattern::UrlPattern;
pub use proxy::{Proxies, Proxy, ProxyError};
pub use roots::ExtraRoots;
pub(super) use stream::Stream;
pub(super) use way::Way;
pub(super) use words::broken;
pub(super) use words::words;

use crate::diagnostic::{Warning, WarningCode};
use crate::exchange::{FailureKind, TransportFailure};
use crate::runner::{FileAccess, RequestProxy, SendOptions, TlsOptions};
use certificate::Loaded;
use proxy::Scheme;
use roots::Roots;
use rustls::ClientConfig;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tls::Profile;

/// Everything about connections that holds for a whole run.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Which requests go through a proxy.
    pub proxies: Proxies,
    /// The client's certificates; the first that matches is presented.
    pub certificates: Vec<ClientCertificate>,
    /// Trusted beside Mozilla's roots.
    pub extra_roots: Vec<ExtraRoots>,
    /// Where the certificates' files are.
    pub files: FileAccess,
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) https: bool,
    /// Lower case, an IPv6 address without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// Without the query.
    pub(super) path: String,
}

impl Target {
    fn standard_port(&self) -> u16 {
        if self.https { 443 } else { 80 }
    }

    #[cfg(test)]
    fn of(url: &str) -> Self {
        let url = url::Url::parse(url).unwrap();
        Self {
            https: url.scheme() == "https",
            host: url.host_str().unwrap().trim_matches(['[', ']']).to_owned(),
            port: url.port_or_known_default().unwrap(),
            path: url.path().to_owned(),
        }
    }
}

/// `host:port`, an IPv6 address in brackets.
pub(super) fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// What a request says about its connection beside its options: headers that are about the way, not the message.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hints<'r> {
    /// `Host`: node asks for that name's certificate (SNI) and checks it.
    pub(super) host: Option<&'r str>,
    /// `Proxy-Authorization`: for the proxy alone.
    pub(super) proxy_authorization: Option<&'r str>,
}

/// How a target is reached. Two requests with equal routes may share a connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Route {
    host: String,
    port: u16,
    via: Option<Via>,
    tls: Option<Tls>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Via {
    proxy: Proxy,
    /// The proxy passes bytes on; else it is asked for the whole URL.
    tunnel: bool,
    authorization: Option<Secret>,
    /// For a proxy that is itself spoken to by TLS.
    tls: Profile,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Tls {
    profile: Profile,
    server_name: String,
}

/// A text that must not be shown.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Route {
    /// Whether the request line must carry the whole URL: a proxy reads it.
    pub(super) fn is_forwarded(&self) -> bool {
        self.via.as_ref().is_some_and(|via| !via.tunnel)
    }

    /// Whether a proxy passes the bytes on: what is meant for the proxy must not be among them.
    pub(super) fn is_tunnelled(&self) -> bool {
        self.via.as_ref().is_some_and(|via| via.tunnel)
    }

    /// `Proxy-Authorization` for a proxy that reads the request.
    pub(super) fn proxy_authorization(&self) -> Option<String> {
        self.via.as_ref().filter(|via| !via.tunnel)?.proxy.authorization()
    }

    /// The same route; where it leads by TLS to the server itself, HTTP/2 is offered there.
    #[must_use]
    pub(super) fn offering_http2(mut self) -> Self {
        if let Some(tls) = &mut self.tls {
            tls.profile.http2 = true;
        }
        self
    }

    /// `host:port` of the target.
    pub(super) fn target(&self) -> String {
        authority(&self.host, self.port)
    }
}

/// How long the steps of a connection took; absent where there was no such step (yet).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Phases {
    pub(super) dns: Option<Duration>,
    /// TCP, and the proxy's part.
    pub(super) connect: Option<Duration>,
    pub(super) tls: Option<Duration>,
}

/// Connects. What a run does not use (roots, certificates, configurations) is never loaded, what it does use once.
#[derive(Debug, Default)]
pub(super) struct Connector {
    network: Network,
    roots: Option<Roots>,
    configs: HashMap<Profile, Arc<ClientConfig>>,
    loaded: HashMap<usize, Loaded>,
    warnings: Vec<Warning>,
    said: HashSet<String>,
}

impl Connector {
    pub(super) fn new(network: Network) -> Self {
        let invalid = network.certificates.iter().flat_map(ClientCertificate::invalid_patterns).collect();
        Self { network, warnings: invalid, ..Self::default() }
    }

    /// What the user should know, once each.
    pub(super) fn take_warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }

    /// How to reach a target. Errors: what is asked for cannot be done; nothing has been sent.
    pub(super) fn route(
        &mut self,
        target: &Target,
        hints: Hints<'_>,
        options: &SendOptions,
    ) -> Result<Route, TransportFailure> {
        let via = self.via(target, hints, options)?;
        let tls = match target.https {
            false => None,
            true => {
                let certificate = self.certificate(target)?;
                let profile = self.profile(options.verify_tls, &options.tls, certificate)?;
                let name = hints.host.map(host_of).filter(|name| !name.is_empty());
                let server_name = name.unwrap_or_else(|| target.host.clone());
                Some(Tls { profile, server_name })
            }
        };
        Ok(Route { host: target.host.clone(), port: target.port, via, tls })
    }

    /// Whether a proxy leads to the target.
    pub(super) fn has_proxy(&mut self, target: &Target, hints: Hints<'_>, options: &SendOptions) -> bool {
        matches!(self.via(target, hints, options), Ok(Some(_)))
    }

    fn via(
        &mut self,
        target: &Target,
        hints: Hints<'_>,
        options: &SendOptions,
    ) -> Result<Option<Via>, TransportFailure> {
        let own = options.proxy.as_ref().map(|own| (UrlPattern::parse(&own.matches), own));
        if let Some((pattern, _)) = own.as_ref().filter(|(pattern, _)| !pattern.is_valid()) {
            let message =
                format!("request.proxy.match: `{pattern}` is no URL pattern: the proxy is not used");
            self.warn(Warning::new(WarningCode::FieldIgnored, message).hint(pattern::HINT));
        }
        let own = own.filter(|(pattern, _)| pattern.matches(target)).map(|(_, own)| own);
        let (proxy, tunnel) = match own {
            Some(own) => (proxy_of(own)?, own.tunnel),
            None => match self.network.proxies.for_target(target) {
                Some(proxy) => (proxy.clone(), false),
                None => return Ok(None),
            },
        };
        let tunnel = tunnel || target.https || proxy.scheme == Scheme::Socks5;
        let authorization =
            hints.proxy_authorization.filter(|_| tunnel).map(|value| Secret(value.to_owned()));
        let tls = self.profile(options.verify_tls, &TlsOptions::default(), None)?;
        Ok(Some(Via { proxy, tunnel, authorization, tls }))
    }

    fn profile(
        &mut self,
        verify: bool,
        options: &TlsOptions,
        certificate: Option<usize>,
    ) -> Result<Profile, TransportFailure> {
        let (profile, warnings) = Profile::new(verify, options, certificate)?;
        for message in warnings {
            self.warn(Warning::new(WarningCode::FieldIgnored, message));
        }
        Ok(profile)
    }

    /// The first certificate for the target that can be read, loaded.
    fn certificate(&mut self, target: &Target) -> Result<Option<usize>, TransportFailure> {
        let Some(index) = self.network.certificates.iter().position(|entry| entry.is_for(target)) else {
            return Ok(None);
        };
        if !self.loaded.contains_key(&index) {
            let (loaded, warning) = certificate::load(&self.network.certificates[index], &self.network.files);
            self.loaded.insert(index, loaded);
            self.warnings.extend(warning);
        }
        match &self.loaded[&index] {
            Loaded::Key(_) => Ok(Some(index)),
            Loaded::Unreadable => Ok(None),
            Loaded::Unusable(failure) => Err(failure.clone()),
        }
    }

    fn warn(&mut self, warning: Warning) {
        if self.said.insert(warning.message.clone()) {
            self.warnings.push(warning);
        }
    }

    /// A route with all that it takes to go it. Errors: TLS cannot be spoken as asked.
    pub(super) fn way(&mut self, route: &Route) -> Result<Way, TransportFailure> {
        let to_proxy = match &route.via {
            Some(via) if via.proxy.scheme == Scheme::Https => {
                let config = self.config(&via.tls).map_err(|failure| of_proxy(&via.proxy, failure))?;
                Some(config)
            }
            _ => None,
        };
        let to_target = route.tls.as_ref().map(|tls| self.config(&tls.profile)).transpose()?;
        Ok(Way { route: route.clone(), to_proxy, to_target })
    }

    fn config(&mut self, profile: &Profile) -> Result<Arc<ClientConfig>, TransportFailure> {
        if let Some(config) = self.configs.get(profile) {
            return Ok(Arc::clone(config));
        }
        if profile.verify && self.roots.is_none() {
            self.roots = Some(roots::load(&self.network.extra_roots, &mut self.warnings));
        }
        let roots = self.roots.as_ref().filter(|_| profile.verify);
        let key = profile.certificate.and_then(|index| match self.loaded.get(&index) {
            Some(Loaded::Key(key)) => Some(Arc::clone(key)),
            _ => None,
        });
        let config = profile.config(roots, key).map_err(|error| TransportFailure {
            kind: FailureKind::InvalidRequest,
            message: format!("TLS cannot be spoken as asked: {error}"),
        })?;
        let config = Arc::new(config);
        self.configs.insert(profile.clone(), Arc::clone(&config));
        Ok(config)
    }
}

/// Opens a connection. The phases are told as they end, so that an abandoned attempt has told the ones it got through.
pub(super) async fn connect(
    connector: &RefCell<Connector>,
    route: &Route,
    phases: &mut Phases,
) -> Result<Stream, TransportFailure> {
    let stream = way::dial(route, phases).await?;
    // Only now: what TLS needs is loaded when there is somebody to speak it with.
    let way = connector.borrow_mut().way(route)?;
    // Boxed: a rare event is not to make every future that may come to it large.
    Box::pin(way.over(stream, phases)).await
}

/// `Host` without its port, lower case.
fn host_of(field: &str) -> String {
    let field = field.trim();
    let host = match field.strip_prefix('[') {
        Some(ip) => ip.split(']').next(),
        None => field.split(':').next(),
    };
    host.unwrap_or_default().to_lowercase()
}

fn proxy_of(own: &RequestProxy) -> Result<Proxy, TransportFailure> {
    let named = Proxy::parse(&own.host).map_err(|error| TransportFailure {
        kind: FailureKind::InvalidRequest,
        message: format!("the request's proxy `{}` cannot be used: {error}", own.host),
    })?;
    let credentials =
        own.credentials.as_ref().map(|(user, password)| format!("{user}:{password}").into_bytes());
    // As Postman: `host` is a name, spoken to in the clear, whatever else it says.
    Ok(Proxy { scheme: Scheme::Http, port: own.port, credentials, ..named })
}

fn of_proxy(proxy: &Proxy, failure: TransportFailure) -> TransportFailure {
    let kind = match failure.kind {
        FailureKind::Dns | FailureKind::Connect => FailureKind::Proxy,
        kind => kind,
    };
    TransportFailure { kind, message: format!("proxy {proxy}: {}", failure.message) }
}
