//! A route with all that it takes to go it, any number of times at once.

use super::proxy::{Proxy, Scheme};
use super::{Phases, Route, Stream, Via, authority, dial, of_proxy, tunnel, words};
use crate::exchange::{FailureKind, TransportFailure};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;
use tokio_rustls::TlsConnector;

/// How to get to a target, its TLS configured.
#[derive(Debug)]
pub(in crate::transport) struct Way {
    pub(super) route: Route,
    /// For a proxy that is itself spoken to by TLS.
    pub(super) to_proxy: Option<Arc<ClientConfig>>,
    pub(super) to_target: Option<Arc<ClientConfig>>,
}

/// Connects to the target, or to the proxy that leads there.
pub(super) async fn dial(route: &Route, phases: &mut Phases) -> Result<Stream, TransportFailure> {
    let Route { host, port, via, .. } = route;
    let (to, at) = via.as_ref().map_or((host, *port), |via| (&via.proxy.host, via.proxy.port));
    let (stream, dialled) = dial::dial(to, at).await.map_err(|failure| match via {
        Some(via) => of_proxy(&via.proxy, failure),
        None => failure,
    })?;
    phases.dns = Some(dialled.dns);
    phases.connect = Some(dialled.connect);
    Ok(Stream::Tcp(stream))
}

impl Way {
    /// Opens a connection. The phases are told as they end.
    pub(in crate::transport) async fn open(&self, phases: &mut Phases) -> Result<Stream, TransportFailure> {
        let stream = dial(&self.route, phases).await?;
        self.over(stream, phases).await
    }

    /// Goes on from an open connection: through the proxy, into TLS.
    pub(super) async fn over(
        &self,
        mut stream: Stream,
        phases: &mut Phases,
    ) -> Result<Stream, TransportFailure> {
        let Route { host, port, via, tls } = &self.route;
        if let Some(via) = via {
            let asked = Instant::now();
            stream = self.through(stream, via).await?;
            phases.connect = phases.connect.map(|dialled| dialled + asked.elapsed());
        }
        if let (Some(tls), Some(config)) = (tls, &self.to_target) {
            let begun = Instant::now();
            let name = server_name(&tls.server_name, tls.profile.verify)?;
            stream = encrypt(stream, config, name, &authority(host, *port)).await?;
            phases.tls = Some(begun.elapsed());
        }
        Ok(stream)
    }

    async fn through(&self, mut stream: Stream, via: &Via) -> Result<Stream, TransportFailure> {
        let proxy: &Proxy = &via.proxy;
        if let (Scheme::Https, Some(config)) = (&proxy.scheme, &self.to_proxy) {
            let name = server_name(&proxy.host, via.tls.verify)?;
            let encrypted = encrypt(stream, config, name, &proxy.to_string()).await;
            stream = encrypted.map_err(|failure| of_proxy(proxy, failure))?;
        }
        if !via.tunnel {
            return Ok(stream);
        }
        let authorization = via.authorization.as_ref().map(|secret| secret.0.as_str());
        tunnel::open(stream, proxy, (&self.route.host, self.route.port), authorization).await
    }
}

async fn encrypt(
    stream: Stream,
    config: &Arc<ClientConfig>,
    name: ServerName<'static>,
    target: &str,
) -> Result<Stream, TransportFailure> {
    match TlsConnector::from(Arc::clone(config)).connect(name, stream).await {
        Ok(stream) => Ok(Stream::Tls(Box::new(stream))),
        Err(error) => Err(words::handshake(&error, target)),
    }
}

/// Whose certificate is asked for. What is no name (a variable that nothing resolved, behind a proxy that took it) has
/// none that could be checked; where nothing is checked anyway, an address stands for it: of an address TLS sends none.
fn server_name(host: &str, verify: bool) -> Result<ServerName<'static>, TransportFailure> {
    match ServerName::try_from(host.to_owned()) {
        Ok(name) => Ok(name),
        Err(_) if !verify => Ok(ServerName::from(IpAddr::from(Ipv4Addr::UNSPECIFIED))),
        Err(_) => Err(TransportFailure {
            kind: FailureKind::InvalidRequest,
            message: format!("`{host}` cannot be the name in a certificate"),
        }),
    }
}
