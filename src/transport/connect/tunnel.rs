//! Through a proxy to the target: CONNECT, or SOCKS 5.

use super::authority;
use super::proxy::{Proxy, Scheme};
use super::stream::Stream;
use crate::exchange::{FailureKind, TransportFailure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_socks::tcp::Socks5Stream;

/// The proxy's answer to CONNECT is cut off above this.
const MAX_HEAD: usize = 64 * 1024;

/// Header fields of the answer to CONNECT at most.
const MAX_FIELDS: usize = 100;

/// Asks the proxy at the other end of the stream for a connection to a host. `authorization` is what the request
/// itself says (`Proxy-Authorization`); it outweighs the proxy's own credentials.
pub(super) async fn open(
    stream: Stream,
    proxy: &Proxy,
    (host, port): (&str, u16),
    authorization: Option<&str>,
) -> Result<Stream, TransportFailure> {
    match proxy.scheme {
        Scheme::Socks5 => socks(stream, proxy, (host, port)).await,
        Scheme::Http | Scheme::Https => connect(stream, proxy, (host, port), authorization).await,
    }
}

async fn connect(
    mut stream: Stream,
    proxy: &Proxy,
    (host, port): (&str, u16),
    authorization: Option<&str>,
) -> Result<Stream, TransportFailure> {
    let target = authority(host, port);
    let own = proxy.authorization();
    let authorization = authorization
        .or(own.as_deref())
        .map(|value| format!("Proxy-Authorization: {value}\r\n"))
        .unwrap_or_default();
    // `host` as node spells it here: what a proxy sees is to be what it saw of newman.
    let ask = format!("CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n{authorization}\r\n");
    let broken = |error: std::io::Error| refused(proxy, &target, &super::words(&error));
    stream.write_all(ask.as_bytes()).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    let mut head = Vec::new();
    loop {
        if stream.read_buf(&mut head).await.map_err(broken)? == 0 {
            return Err(refused(proxy, &target, "it closed the connection"));
        }
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut answer = httparse::Response::new(&mut fields);
        match answer.parse(&head) {
            Ok(httparse::Status::Complete(length)) => {
                let (code, reason) = (answer.code.unwrap_or_default(), answer.reason.unwrap_or_default());
                return match code {
                    // TLS speaks first from this side: nothing of the target can be here yet.
                    200..300 if length == head.len() => Ok(stream),
                    200..300 => Err(refused(proxy, &target, "it said more than HTTP allows")),
                    _ => Err(refused(proxy, &target, &answered(code, reason))),
                };
            }
            Ok(httparse::Status::Partial) if head.len() < MAX_HEAD => {}
            Ok(httparse::Status::Partial) => return Err(refused(proxy, &target, "its answer has no end")),
            Err(error) => return Err(refused(proxy, &target, &format!("its answer is not HTTP: {error}"))),
        }
    }
}

fn answered(code: u16, reason: &str) -> String {
    let hint = match code {
        407 => "; it asks for credentials: http://user:password@host:port",
        _ => "",
    };
    format!("{code} {reason}").trim_end().to_owned() + hint
}

async fn socks(stream: Stream, proxy: &Proxy, (host, port): (&str, u16)) -> Result<Stream, TransportFailure> {
    let target = authority(host, port);
    let told = |error: tokio_socks::Error| {
        let mut text = error.to_string();
        text[..1].make_ascii_lowercase();
        refused(proxy, &target, &text)
    };
    let opened = match &proxy.credentials {
        None => Socks5Stream::connect_with_socket(stream, (host, port)).await,
        Some(pair) => {
            let pair = String::from_utf8_lossy(pair);
            let (user, password) = pair.split_once(':').unwrap_or((&pair, ""));
            Socks5Stream::connect_with_password_and_socket(stream, (host, port), user, password).await
        }
    };
    opened.map(Socks5Stream::into_inner).map_err(told)
}

fn refused(proxy: &Proxy, target: &str, reason: &str) -> TransportFailure {
    let message = format!("the proxy {proxy} did not connect to {target}: {reason}");
    TransportFailure { kind: FailureKind::Proxy, message }
}
