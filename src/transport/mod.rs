//! HTTP behind the runner's [`Transport`] port: reqwest, cookies, redirects as a trace of calls.
//!
//! Known deviations from what Postman puts on the wire, all due to the `url` crate, hyper and reqwest:
//! - `.` and `..` path segments are normalised, tabs and newlines inside a URL are dropped; everything else is
//!   percent-encoded as Postman does (WHATWG);
//! - header names travel in lower case, and duplicates of one name travel next to each other;
//! - a user's `Content-Length` is replaced by the real one; `Host`, `Accept` and `Content-Length` cannot be
//!   switched off by `disabledSystemHeaders`;
//! - of a decoded (gzip, deflate, br) response, the `Content-Encoding` and `Content-Length` fields are gone, and
//!   response header names are in lower case;
//! - `Authorization` and the user's `Cookie` are dropped when a redirect changes the host name (newman 6.2.2
//!   leaks the cookie); `Referer` is not sent from https to http (RFC 9110 §10.1.3);
//! - a proxy from the environment is never used for loopback hosts.

mod client;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "reqwest still connects; the client that replaces it will not")
)]
mod connect;
mod cookies;
mod failure;
mod prepare;
mod redirect;
#[cfg(test)]
mod tests;

pub use connect::{
    ClientCertificate, ExtraRoots, Files, ListError, Network, Proxies, Proxy, ProxyError, UrlPattern,
};

use crate::exchange::{
    Body, Call, Exchange, FailureKind, Headers, ResolvedRequest, Response, Timings, TransportFailure,
};
use crate::runner::{ScriptCookie, SendOptions, Transport};
use client::Clients;
use cookies::Jar;
use prepare::Prepared;
use std::time::{Duration, Instant};

/// Sends requests over HTTP/1.1, one at a time; connections are kept and reused, cookies live as long as this.
///
/// A request is never sent twice: a pooled connection that the server closed is replaced only when hyper knows
/// that nothing of the request was written; otherwise the exchange fails with [`FailureKind::Reset`].
#[derive(Debug)]
pub struct HttpTransport {
    clock: Instant,
    clients: Clients,
    jar: Jar,
}

impl HttpTransport {
    /// A transport without cookies or connections. Calls are timed relative to `clock`, the start of the run.
    /// Costs nothing: clients are built when the first request needs them.
    pub fn new(clock: Instant) -> Self {
        Self { clock, clients: Clients::default(), jar: Jar::default() }
    }

    async fn exchange(&mut self, mut request: ResolvedRequest, options: &SendOptions) -> Exchange {
        let deadline = options.timeout.map(|allowed| Deadline { started: Instant::now(), allowed });
        let token = uuid::Uuid::new_v4().to_string();
        let mut calls: Vec<Call> = Vec::new();
        loop {
            let call = self.call(&request, options, deadline, &token).await;
            let next = match &call.outcome {
                Ok(response) if options.follow_redirects => {
                    redirect::follow(&request, &call.request.url, response, options)
                }
                _ => None,
            };
            let url = call.request.url.clone();
            calls.push(call);
            let Some(next) = next else { break };
            if calls.len() > options.max_redirects as usize {
                calls.push(self.redirected_too_often(next, &url, options.max_redirects));
                break;
            }
            request = next;
        }
        Exchange { calls }
    }

    /// The redirect that is not followed, as a call that failed: the trace shows where it would have gone.
    fn redirected_too_often(&self, request: ResolvedRequest, from: &str, max: u32) -> Call {
        let failure = TransportFailure {
            kind: FailureKind::TooManyRedirects,
            message: format!("more than {max} redirects; the last one came from {from}"),
        };
        let timings = Timings { start_ms: ms(self.clock.elapsed()), ..Timings::default() };
        Call { request, outcome: Err(failure), timings }
    }

    async fn call(
        &mut self,
        request: &ResolvedRequest,
        options: &SendOptions,
        deadline: Option<Deadline>,
        token: &str,
    ) -> Call {
        let started = Instant::now();
        let mut timings = Timings { start_ms: ms(started.duration_since(self.clock)), ..Timings::default() };
        let prepared = match prepare::prepare(request, options, &self.jar, token) {
            Ok(prepared) => prepared,
            Err(failure) => {
                return Call { request: request.clone(), outcome: Err(failure), timings };
            }
        };
        let sent = prepared.as_sent.clone();
        let work = self.send_prepared(prepared, options, &mut timings);
        let outcome = match deadline {
            None => work.await,
            Some(deadline) => {
                tokio::time::timeout(deadline.left(), work).await.unwrap_or_else(|_| Err(deadline.expired()))
            }
        };
        timings.total_ms = ms(started.elapsed());
        Call { request: sent, outcome, timings }
    }

    async fn send_prepared(
        &mut self,
        prepared: Prepared,
        options: &SendOptions,
        timings: &mut Timings,
    ) -> Result<Response, TransportFailure> {
        let Prepared { request, target, .. } = prepared;
        let url = request.url().clone();
        let kind = client::Kind::of(&url, options);
        let client = self.clients.get(kind).map_err(|error| failure::of_client(&error))?;
        let sending = Instant::now();
        let response = client.execute(request).await.map_err(|error| failure::classify(&error, &target))?;
        timings.first_byte_ms = Some(ms(sending.elapsed()));
        if options.cookies {
            self.jar.store(response.headers(), &url);
        }
        let status = response.status();
        let version = format!("{:?}", response.version());
        let headers = received(response.headers());
        let head = Instant::now();
        let body = response.bytes().await.map_err(|error| failure::classify(&error, &target))?;
        timings.download_ms = Some(ms(head.elapsed()));
        Ok(Response {
            code: status.as_u16(),
            reason: status.canonical_reason().unwrap_or_default().to_owned(),
            version,
            headers,
            body: Body::new(body),
        })
    }
}

impl Transport for HttpTransport {
    fn send(&mut self, request: ResolvedRequest, options: &SendOptions) -> impl Future<Output = Exchange> {
        self.exchange(request, options)
    }

    fn cookies(&self) -> Vec<ScriptCookie> {
        self.jar.all()
    }

    fn cookies_for(&self, url: &str) -> Vec<ScriptCookie> {
        reqwest::Url::parse(url).map(|url| self.jar.matching(&url)).unwrap_or_default()
    }

    fn put_cookie(&mut self, cookie: &ScriptCookie) {
        self.jar.put(cookie);
    }

    fn remove_cookie(&mut self, domain: &str, path: &str, name: &str) {
        self.jar.take(domain, path, name);
    }
}

/// The time allowed for an exchange, over all its hops.
#[derive(Debug, Clone, Copy)]
struct Deadline {
    started: Instant,
    allowed: Duration,
}

impl Deadline {
    fn left(&self) -> Duration {
        self.allowed.saturating_sub(self.started.elapsed())
    }

    fn expired(&self) -> TransportFailure {
        let message = format!("no answer within {} ms", self.allowed.as_millis());
        TransportFailure { kind: FailureKind::Timeout, message }
    }
}

/// Header fields as received, bytes above 0x7f read as Latin-1.
fn received(map: &reqwest::header::HeaderMap) -> Headers {
    let mut headers = Headers::default();
    for (name, value) in map {
        headers.push(name.as_str(), value.as_bytes().iter().map(|&b| char::from(b)).collect::<String>());
    }
    headers
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
