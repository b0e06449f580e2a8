//! Requests of a storm over HTTP/2: streams of one connection, of each of which the last DATA frame is missing.

use super::{Answered, Drafted, Lanes, Shot, State};
use crate::exchange::{Body, FailureKind, Header, Headers, Response, TransportFailure};
use crate::transport::connect::Stream;
use crate::transport::decode::Decoder;
use crate::transport::failure;
use bytes::Bytes;
use h2::client::{Builder, ResponseFuture, SendRequest};
use h2::{Ping, RecvStream, SendStream};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// How long a server may take to answer a ping where nothing else is said.
const PONG: Duration = Duration::from_secs(30);

/// What belongs to the connection, not to the message (RFC 9113 §8.2.2), and what `:authority` says instead.
const LEFT_OUT: [&str; 7] =
    ["connection", "host", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"];

/// A request whose last DATA frame is still here.
pub(super) struct Parked {
    body: SendStream<Bytes>,
    last: Bytes,
    response: ResponseFuture,
    /// Why the last frame could not be sent.
    broken: Option<h2::Error>,
    /// Shared by the streams of a connection.
    _driven: Arc<Driven>,
}

/// Drives a connection for as long as one of its streams is needed.
struct Driven(JoinHandle<()>);

impl Drop for Driven {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Opens a stream for every shot, on `stream` and, where the server allows fewer, on further connections.
pub(super) async fn park(lanes: &Lanes<'_>, stream: Stream, group: Vec<&mut Shot>) {
    let mut left = group.into_iter();
    let mut open = Ok(stream);
    loop {
        let connected = match open {
            Ok(stream) => connect(stream, lanes.options.timeout).await,
            Err(failure) => Err(failure),
        };
        let (mut sender, driven) = match connected {
            Ok(connected) => connected,
            Err(failure) => {
                left.for_each(|shot| shot.state = Err(failure.clone()));
                return;
            }
        };
        // At least one: else nothing would ever be sent.
        let allowed = sender.current_max_send_streams().max(1);
        for shot in left.by_ref().take(allowed) {
            if let Err(error) = std::future::poll_fn(|cx| sender.poll_ready(cx)).await {
                shot.state = Err(refused(&error));
            } else if let Some(drafted) = shot.drafted() {
                let parked = begin(&mut sender, drafted, &driven);
                shot.state = parked.map(|parked| State::Parked(super::Parked::Http2(parked)));
            }
            // Lets the stream be opened before the next one is asked for.
            tokio::task::yield_now().await;
        }
        if left.len() == 0 {
            return;
        }
        open = lanes.open().await;
    }
}

/// Speaks up to the point where the server has said how many streams it allows.
async fn connect(
    stream: Stream,
    timeout: Option<Duration>,
) -> Result<(SendRequest<Bytes>, Arc<Driven>), TransportFailure> {
    let handshake = Builder::new().enable_push(false).handshake::<_, Bytes>(stream).await;
    let (sender, mut connection) = handshake.map_err(|error| refused(&error))?;
    let ping = connection.ping_pong();
    // Its end is told by the streams.
    let driven = Arc::new(Driven(tokio::spawn(async move { drop(connection.await) })));
    if let Some(mut ping) = ping {
        // Settings come before any answer: with this one they are there.
        let allowed = timeout.unwrap_or(PONG);
        match tokio::time::timeout(allowed, ping.ping(Ping::opaque())).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(refused(&error)),
            Err(_) => return Err(failure::silent(allowed, false)),
        }
    }
    Ok((sender, driven))
}

/// Sends the head, and the body but for its last byte.
fn begin(
    sender: &mut SendRequest<Bytes>,
    drafted: &Drafted,
    driven: &Arc<Driven>,
) -> Result<Parked, TransportFailure> {
    let request = head(drafted).map_err(|error| TransportFailure {
        kind: FailureKind::InvalidRequest,
        message: format!("HTTP/2 cannot say this request: {error}"),
    })?;
    let (response, mut body) = sender.send_request(request, false).map_err(|error| refused(&error))?;
    let mut bytes = drafted.draft.request.body.as_ref().map(|body| body.bytes().clone()).unwrap_or_default();
    let last = bytes.split_off(bytes.len().saturating_sub(1));
    if !bytes.is_empty() {
        body.send_data(bytes, false).map_err(|error| refused(&error))?;
    }
    Ok(Parked { body, last, response, broken: None, _driven: Arc::clone(driven) })
}

fn head(drafted: &Drafted) -> Result<http::Request<()>, http::Error> {
    let Drafted { draft, .. } = drafted;
    let host = draft.request.headers.get("host").map(str::to_owned);
    let authority = host.unwrap_or_else(|| draft.url.short_authority().into_owned());
    let uri = format!("{}://{authority}{}", draft.url.scheme().name(), draft.url.request_target());
    let fields = draft.request.headers.iter().filter(|field| {
        !field.key.starts_with(':') && !LEFT_OUT.iter().any(|name| field.key.eq_ignore_ascii_case(name))
    });
    let request = http::Request::builder()
        .version(http::Version::HTTP_2)
        .method(draft.request.method.as_str())
        .uri(uri);
    fields.fold(request, |request, field| request.header(field.key.as_str(), field.value.as_str())).body(())
}

impl Parked {
    /// Hands over the last frame; it leaves when the runtime next comes to the connection.
    pub(super) fn release(&mut self) {
        self.broken = self.body.send_data(std::mem::take(&mut self.last), true).err();
    }

    /// Reads the answer.
    pub(super) async fn answer(self, max_size: Option<u64>) -> Answered {
        let Parked { response, broken, _driven, .. } = self;
        let response = match response.await {
            Ok(response) => response,
            Err(error) => {
                let failure = refused(&broken.unwrap_or(error));
                return Answered { response: Err(failure), head_at: None };
            }
        };
        let head_at = Some(Instant::now());
        let (parts, stream) = response.into_parts();
        let headers = Headers(parts.headers.iter().map(|(name, value)| field(name, value)).collect());
        let body = body(stream, &headers, max_size).await;
        let response = body.map(|body| Response {
            code: parts.status.as_u16(),
            reason: String::new(),
            version: "HTTP/2".to_owned(),
            headers,
            body,
        });
        Answered { response, head_at }
    }
}

fn field(name: &http::HeaderName, value: &http::HeaderValue) -> Header {
    let value = value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
    Header { key: name.as_str().to_owned(), value, system: false }
}

async fn body(
    mut stream: RecvStream,
    headers: &Headers,
    max_size: Option<u64>,
) -> Result<Body, TransportFailure> {
    let coding = headers.get_all("content-encoding").collect::<Vec<_>>().join(", ");
    let length = headers.get("content-length").and_then(|length| length.parse().ok());
    let mut decoder = Decoder::new(&coding, length, max_size)?;
    while let Some(data) = stream.data().await {
        let data = data.map_err(|error| refused(&error))?;
        decoder.push(&data)?;
        // Room for more is not worth an error: without it the server stops, and that is told.
        let _ = stream.flow_control().release_capacity(data.len());
    }
    decoder.finish()
}

fn refused(error: &h2::Error) -> TransportFailure {
    if let Some(error) = error.get_io() {
        return TransportFailure {
            kind: FailureKind::Reset,
            message: format!("the connection broke: {}", crate::transport::connect::words(error)),
        };
    }
    let kind =
        if error.is_reset() || error.is_go_away() { FailureKind::Reset } else { FailureKind::Protocol };
    TransportFailure { kind, message: format!("HTTP/2: {error}") }
}
