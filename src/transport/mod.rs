//! HTTP behind the runner's [`Transport`] and [`StormTransport`](crate::runner::StormTransport) ports: our own
//! HTTP/1.1, cookies, redirects as a trace of calls, storms.
//!
//! What Postman puts on the wire is put there byte for byte: header names in their case, fields in their order,
//! targets as written. Where this parts ways with newman 6.2.2 on purpose is told by [`crate::compatibility`].

mod connect;
mod converse;
mod cookie_date;
mod cookies;
mod decode;
mod departure;
mod failure;
mod http1;
mod jar_file;
mod pool;
mod prepare;
mod redirect;
mod storm;
#[cfg(test)]
mod tests;

pub use connect::{
    ClientCertificate, ExtraRoots, ListError, Network, Proxies, Proxy, ProxyError, UrlPattern,
};

pub use jar_file::{JarFileError, read_cookie_jar, write_cookie_jar};

use crate::diagnostic::Warning;
use crate::exchange::{Call, Exchange, FailureKind, ResolvedRequest, Response, Timings, TransportFailure};
use crate::runner::{ScriptCookie, SendOptions, Transport};
use crate::wire_url::{Encoding, WireUrl, Written};
use connect::{Connector, Phases, Route};
use cookies::Jar;
use departure::Departures;
use http1::answer::{Answer, Expected, NoAnswer};
use http1::head::Strictness;
use http1::message::Message;
use pool::{Connection, Pool};
use prepare::Draft;
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// Sends requests over HTTP/1.1, each on a connection of its own; connections are kept and reused, cookies live as long
/// as this. Nothing of what is shared is held while a request waits.
///
/// A request is sent twice in one case only: its method is safe (RFC 9110 §9.2.1), and the connection it was sent on
/// had been kept and was closed by the server without a byte of an answer. Otherwise such an exchange fails with
/// [`FailureKind::Reset`].
#[derive(Debug)]
pub struct HttpTransport {
    clock: Instant,
    connector: RefCell<Connector>,
    pool: RefCell<Pool>,
    jar: RefCell<Jar>,
    departures: Departures,
}

impl HttpTransport {
    /// A transport without cookies or connections. Calls are timed relative to `clock`, the start of the run.
    /// Costs nothing: what connections need (TLS roots, certificates) is loaded when the first one needs it.
    pub fn new(clock: Instant) -> Self {
        Self {
            clock,
            connector: RefCell::default(),
            pool: RefCell::default(),
            jar: RefCell::default(),
            departures: Departures::default(),
        }
    }

    /// The same transport, with proxies, certificates and roots of its own.
    #[must_use]
    pub fn with_network(self, network: Network) -> Self {
        Self { connector: Connector::new(network).into(), ..self }
    }

    async fn exchange(&self, request: ResolvedRequest, options: &SendOptions) -> Exchange {
        let token = uuid::Uuid::new_v4().to_string();
        let drafted = Draft::new(&request, options, &token);
        let mut draft = match drafted.or_else(|no| self.left_to_a_proxy(&request, options, &token).ok_or(no))
        {
            Ok(draft) => draft,
            Err(failure) => {
                let url = Written::of(&request.url, options.url_encoding).map(|url| url.bare().to_string());
                let request = ResolvedRequest { url: url.unwrap_or_default(), ..request };
                return Exchange { calls: vec![self.not_sent(request, failure)] };
            }
        };
        let mut calls: Vec<Call> = Vec::new();
        loop {
            calls.push(self.call(&mut draft, options).await);
            let Some(Ok(response)) = calls.last().map(|call| &call.outcome) else { break };
            let from = draft.url.clone().without_userinfo();
            let unfollowed = match redirect::follow(&mut draft, response, options) {
                Ok(false) => break,
                Ok(true) if calls.len() <= options.max_redirects as usize => continue,
                Ok(true) => TransportFailure {
                    kind: FailureKind::TooManyRedirects,
                    message: format!(
                        "more than {} redirects; the last one came from {from}",
                        options.max_redirects
                    ),
                },
                Err(failure) => failure,
            };
            // The trace shows where it would have gone.
            let mut request = draft.request;
            request.url = draft.url.without_userinfo().to_string();
            calls.push(self.not_sent(request, unfollowed));
            break;
        }
        Exchange { calls }
    }

    /// A request to what is no host name, where a proxy is there to be asked for it.
    fn left_to_a_proxy(
        &self,
        request: &ResolvedRequest,
        options: &SendOptions,
        token: &str,
    ) -> Option<Draft> {
        let draft = Draft::for_proxy(request, options, token).ok()?;
        let found = self.connector.borrow_mut().has_proxy(&draft.target(), draft.hints(), options);
        found.then_some(draft)
    }

    /// A call that failed before anything was sent.
    fn not_sent(&self, request: ResolvedRequest, failure: TransportFailure) -> Call {
        let timings = Timings { start_ms: ms(self.clock.elapsed()), ..Timings::default() };
        Call { request, outcome: Err(failure), timings }
    }

    async fn call(&self, draft: &mut Draft, options: &SendOptions) -> Call {
        let started = Instant::now();
        let mut timings = Timings { start_ms: ms(started.duration_since(self.clock)), ..Timings::default() };
        let attempt = self.attempt(draft, options, &mut timings);
        let outcome = match options.limit {
            None => attempt.await,
            Some(allowed) => match tokio::time::timeout(allowed, attempt).await {
                Ok(outcome) => outcome,
                Err(_) => Err(failure::unfinished(allowed)),
            },
        };
        timings.total_ms = ms(started.elapsed());
        Call { request: draft.request.clone(), outcome, timings }
    }

    async fn attempt(
        &self,
        draft: &mut Draft,
        options: &SendOptions,
        timings: &mut Timings,
    ) -> Result<Response, TransportFailure> {
        let route = self.connector.borrow_mut().route(&draft.target(), draft.hints(), options)?;
        draft.complete(&route, options, &self.jar.borrow());
        let message = draft.message(&route)?;
        let target = route.target();
        let expected = Expected {
            method: &draft.request.method,
            strictness: if options.lenient_parser { Strictness::Lenient } else { Strictness::Strict },
            max_size: options.max_response_size,
            silence: options.timeout,
            written_at: None,
            target: &target,
        };
        let (answer, connection) = self.converse(&route, &message, &expected, timings).await?;
        let Answer { head, body, reusable, .. } = answer;
        if reusable && draft.is_framed() {
            self.pool.borrow_mut().put(route, connection, head.headers.get("keep-alive"));
        }
        if options.cookies {
            self.jar.borrow_mut().store(&head.headers, &draft.url);
        }
        let http1::head::Head { version, code, reason, headers } = head;
        Ok(Response { code, reason, version, headers, body })
    }

    /// Sends and receives, on a connection that was kept if there is one.
    async fn converse(
        &self,
        route: &Route,
        message: &Message,
        expected: &Expected<'_>,
        timings: &mut Timings,
    ) -> Result<(Answer, Connection), TransportFailure> {
        let mut turn = self.departures.turn().await;
        let mut kept = self.kept(route).await;
        loop {
            let mut connection = match kept.take() {
                Some(connection) => connection,
                None => self.connect(route, expected, timings).await?,
            };
            let sending = Instant::now();
            let answer = converse::converse(&mut connection, message, expected, turn.take()).await;
            let head_at = match &answer {
                Ok(answer) => Some(answer.head_at),
                Err(no_answer) => no_answer.head_at,
            };
            if let Some(head_at) = head_at {
                timings.first_byte_ms = Some(ms(head_at.duration_since(sending)));
                timings.download_ms = Some(ms(head_at.elapsed()));
            }
            match answer {
                Ok(answer) => return Ok((answer, connection)),
                Err(NoAnswer { untouched, failure, .. }) => {
                    let closed = untouched && failure.kind == FailureKind::Reset;
                    if !(closed && connection.reused && is_safe(expected.method)) {
                        return Err(failure);
                    }
                }
            }
        }
    }

    async fn kept(&self, route: &Route) -> Option<Connection> {
        loop {
            // Taken first: of requests that are sent together, the first gets it.
            let idle = self.pool.borrow_mut().take(route)?;
            // Lets the runtime hear what happened on it meanwhile.
            tokio::task::yield_now().await;
            if let Some(connection) = idle.awake() {
                return Some(connection);
            }
        }
    }

    async fn connect(
        &self,
        route: &Route,
        expected: &Expected<'_>,
        timings: &mut Timings,
    ) -> Result<Connection, TransportFailure> {
        let mut phases = Phases::default();
        let connecting = connect::connect(&self.connector, route, &mut phases);
        let stream = match expected.silence {
            None => connecting.await,
            Some(allowed) => match tokio::time::timeout(allowed, connecting).await {
                Ok(stream) => stream,
                Err(_) => Err(failure::unconnected(allowed, expected.target)),
            },
        };
        timings.dns_ms = phases.dns.map(ms);
        timings.connect_ms = phases.connect.map(ms);
        timings.tls_ms = phases.tls.map(ms);
        stream.map(Connection::new)
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: ResolvedRequest, options: &SendOptions) -> impl Future<Output = Exchange> {
        self.exchange(request, options)
    }

    fn take_warnings(&self) -> Vec<Warning> {
        self.connector.borrow_mut().take_warnings()
    }

    fn cookies(&self) -> Vec<ScriptCookie> {
        self.jar.borrow().all()
    }

    fn cookies_for(&self, url: &str) -> Vec<ScriptCookie> {
        WireUrl::parse(url, Encoding::Encode).map(|url| self.jar.borrow().matching(&url)).unwrap_or_default()
    }

    fn put_cookie(&self, cookie: &ScriptCookie) {
        self.jar.borrow_mut().put(cookie);
    }

    fn remove_cookie(&self, domain: &str, path: &str, name: &str) {
        self.jar.borrow_mut().take(domain, path, name);
    }
}

/// Whether a server that got the request twice did nothing twice (RFC 9110 §9.2.1).
fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
