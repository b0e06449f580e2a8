use super::*;
use crate::exchange::{Body, Header, Headers};
use crate::runner::Transport as _;
use bytes::Bytes;
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

const N: usize = 20;
const BODY: &str = r#"{"refreshToken":"abcdefgh"}"#;
const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nset-cookie: a=b\r\n\r\ndone";

/// When a request was there but for its last byte, and when it was complete.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    parked: Instant,
    complete: Instant,
}

type Arrivals = Arc<Mutex<Vec<Arrival>>>;

/// Sees to it that everything but the last byte of every request was there before the first last byte.
fn assert_together(arrivals: &Arrivals, count: usize) {
    let arrivals = arrivals.lock().unwrap();
    assert_eq!(arrivals.len(), count);
    let last_parked = arrivals.iter().map(|arrival| arrival.parked).max().unwrap();
    let first_complete = arrivals.iter().map(|arrival| arrival.complete).min().unwrap();
    assert!(last_parked < first_complete, "{arrivals:?}");
}

fn post(url: &str) -> ResolvedRequest {
    let field = |key: &str, value: &str| Header { key: key.into(), value: value.into(), system: false };
    ResolvedRequest {
        method: "POST".to_owned(),
        url: url.to_owned(),
        headers: Headers(vec![field("Content-Type", "application/json"), field("X-Api-Key", "key")]),
        body: Some(Body::new(BODY)),
    }
}

fn brief() -> StormOptions {
    StormOptions {
        parked: Duration::from_millis(50),
        patience: Some(Duration::from_secs(20)),
        ..StormOptions::default()
    }
}

/// Reads one request, however slowly it comes.
async fn read_request<S: AsyncRead + Unpin>(stream: &mut S) -> Option<(String, Arrival)> {
    let mut bytes = Vec::new();
    let mut parked = None;
    loop {
        let head = bytes.windows(4).position(|end| end == b"\r\n\r\n").map(|end| end + 4);
        let body = if bytes.starts_with(b"POST") { BODY.len() } else { 0 };
        let now = Instant::now();
        match head.map(|head| (head + body).checked_sub(bytes.len())) {
            Some(Some(0)) => {
                let text = String::from_utf8(bytes).unwrap();
                return Some((text, Arrival { parked: parked?, complete: now }));
            }
            // The one before the body's last byte, or before the last of a head without body.
            Some(Some(1)) => parked = Some(now),
            None if bytes.ends_with(b"\r\n\r") => parked = Some(now),
            _ => {}
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// Answers by path: `/ok`, `/closed`, `/reset`, `/silent`, `/dribble`, `/early` (at the head).
async fn answer(mut stream: TcpStream, arrivals: Arrivals) {
    let mut start = [0; 11];
    if stream.peek(&mut start).await.is_ok() && start.starts_with(b"POST /early") {
        let said = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let _ = stream.write_all(said).await;
        let _ = stream.shutdown().await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        return;
    }
    let Some((text, arrival)) = read_request(&mut stream).await else { return };
    arrivals.lock().unwrap().push(arrival);
    match text.split(' ').nth(1).unwrap() {
        "/ok" => drop(stream.write_all(OK).await),
        "/reset" => drop(stream.set_zero_linger()),
        "/silent" => std::future::pending().await,
        "/dribble" => {
            for byte in OK {
                let _ = stream.write_all(&[*byte]).await;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        _ => {}
    }
}

async fn serve() -> (String, Arrivals) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let arrivals = Arrivals::default();
    let seen = Arc::clone(&arrivals);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, Arc::clone(&seen)));
        }
    });
    (base, arrivals)
}

fn codes(storm: &Storm) -> Vec<u16> {
    storm.exchanges.iter().map(|exchange| exchange.response().unwrap().code).collect()
}

fn failures(storm: &Storm) -> Vec<(FailureKind, &str)> {
    let failures = storm.exchanges.iter().filter_map(Exchange::failure);
    failures.map(|failure| (failure.kind, failure.message.as_str())).collect()
}

#[tokio::test]
async fn last_bytes_leave_when_all_else_is_there() {
    let (base, arrivals) = serve().await;
    let clock = Instant::now();
    let transport = HttpTransport::new(clock);
    let requests = vec![post(&format!("{base}/ok")); N];
    let storm = transport.release(requests, &SendOptions::default(), &brief()).await;
    let ended = ms(clock.elapsed());
    assert_together(&arrivals, N);
    assert_eq!(codes(&storm), [200; N]);
    let skew = storm.skew.unwrap();
    let starts: Vec<f64> =
        storm.exchanges.iter().map(|exchange| exchange.calls[0].timings.start_ms).collect();
    assert!((starts[N - 1] - starts[0] - ms(skew)).abs() < 1e-6, "{starts:?} {skew:?}");
    for exchange in &storm.exchanges {
        let call = &exchange.calls[0];
        assert_eq!(exchange.response().unwrap().body.bytes().as_ref(), b"done");
        assert!(call.request.headers.contains("content-length"), "shown as it was sent");
        let timings = call.timings;
        assert!(timings.start_ms >= 50.0 && timings.start_ms + timings.total_ms <= ended, "{timings:?}");
        assert!(timings.first_byte_ms.unwrap() <= timings.total_ms, "{timings:?}");
    }
    assert!(transport.cookies().is_empty(), "which answer's cookie came last is chance");
}

#[tokio::test]
async fn a_request_without_a_body_is_parked_too() {
    let (base, arrivals) = serve().await;
    let request = ResolvedRequest { method: "GET".to_owned(), body: None, ..post(&format!("{base}/ok")) };
    let transport = HttpTransport::new(Instant::now());
    let storm = transport.release(vec![request; 3], &SendOptions::default(), &brief()).await;
    assert_together(&arrivals, 3);
    assert_eq!(codes(&storm), [200; 3]);
}

#[tokio::test]
async fn whatever_goes_wrong_is_a_result_of_its_own_request() {
    let (base, _) = serve().await;
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let urls =
        ["/ok", "/closed", "/reset", "/silent", "/dribble", "/early"].map(|path| format!("{base}{path}"));
    let urls = urls.into_iter().chain([format!("{nobody}/ok"), "http://".to_owned()]);
    let options = StormOptions { patience: Some(Duration::from_millis(600)), ..brief() };
    let transport = HttpTransport::new(Instant::now());
    let requests = urls.map(|url| post(&url)).collect();
    let storm = transport.release(requests, &SendOptions::default(), &options).await;
    assert_eq!(storm.exchanges[0].response().unwrap().code, 200);
    assert_eq!(storm.exchanges[5].response().unwrap().code, 401, "said before the last byte");
    let kinds: Vec<FailureKind> = failures(&storm).iter().map(|(kind, _)| *kind).collect();
    let expected = [
        FailureKind::Reset,
        FailureKind::Reset,
        FailureKind::Timeout,
        FailureKind::Timeout,
        FailureKind::Connect,
        FailureKind::InvalidRequest,
    ];
    assert_eq!(kinds, expected);
    assert!(storm.skew.is_some());
}

#[tokio::test]
async fn one_request_has_no_skew_and_none_is_no_storm() {
    let (base, _) = serve().await;
    let transport = HttpTransport::new(Instant::now());
    let storm = transport.release(vec![post(&format!("{base}/ok"))], &SendOptions::default(), &brief()).await;
    assert_eq!((codes(&storm), storm.skew), (vec![200], None));
    let storm = transport.release(Vec::new(), &SendOptions::default(), &brief()).await;
    assert_eq!((storm.exchanges.len(), storm.skew), (0, None));
}

/// Speaks HTTP/2 on a connection, notes arrivals, and answers with the request's path.
async fn speak_http2<S: AsyncRead + AsyncWrite + Unpin>(stream: S, arrivals: Arrivals, streams: u32) {
    let mut builder = h2::server::Builder::new();
    builder.max_concurrent_streams(streams);
    let Ok(mut connection) = builder.handshake::<_, Bytes>(stream).await else { return };
    let tasks = Mutex::new(Vec::new());
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let arrivals = Arc::clone(&arrivals);
        let task = tokio::spawn(async move {
            let (parts, mut body) = request.into_parts();
            assert_eq!(parts.headers["x-api-key"], "key");
            assert!(!parts.headers.contains_key("host") && !parts.headers.contains_key("connection"));
            let mut text = Vec::new();
            let mut parked = None;
            while let Some(data) = body.data().await {
                let Ok(data) = data else { return };
                text.extend_from_slice(&data);
                if text.len() == BODY.len() - 1 {
                    parked = Some(Instant::now());
                }
            }
            assert_eq!(text, BODY.as_bytes());
            let arrival = Arrival { parked: parked.unwrap(), complete: Instant::now() };
            arrivals.lock().unwrap().push(arrival);
            if parts.uri.path() == "/reset" {
                respond.send_reset(h2::Reason::REFUSED_STREAM);
                return;
            }
            let response = http::Response::builder().status(201).header("x-path", parts.uri.path());
            let mut out = respond.send_response(response.body(()).unwrap(), false).unwrap();
            out.send_data(Bytes::from_static(b"done"), true).unwrap();
        });
        tasks.lock().unwrap().push(task);
    }
}

async fn serve_http2(
    streams: u32,
    tls: Option<TlsAcceptor>,
) -> (std::net::SocketAddr, Arrivals, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (arrivals, connections) = (Arrivals::default(), Arc::new(Mutex::new(0)));
    let (seen, counted) = (Arc::clone(&arrivals), Arc::clone(&connections));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            *counted.lock().unwrap() += 1;
            let (seen, tls) = (Arc::clone(&seen), tls.clone());
            tokio::spawn(async move {
                match tls {
                    None => speak_http2(stream, seen, streams).await,
                    Some(tls) => speak_http2(tls.accept(stream).await.unwrap(), seen, streams).await,
                }
            });
        }
    });
    (address, arrivals, connections)
}

fn acceptor(protocols: &[&[u8]]) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}

#[tokio::test]
async fn http2_streams_are_released_together_on_one_connection() {
    let (address, arrivals, connections) = serve_http2(100, None).await;
    let options = StormOptions { http2: Http2::PriorKnowledge, ..brief() };
    let mut requests = vec![post(&format!("http://{address}/ok")); N - 1];
    requests.push(post(&format!("http://{address}/reset")));
    let transport = HttpTransport::new(Instant::now());
    let storm = transport.release(requests, &SendOptions::default(), &options).await;
    assert_together(&arrivals, N);
    assert_eq!(*connections.lock().unwrap(), 1);
    for exchange in &storm.exchanges[..N - 1] {
        let response = exchange.response().unwrap();
        assert_eq!((response.code, response.version.as_str()), (201, "HTTP/2"));
        assert_eq!(response.headers.get("x-path"), Some("/ok"));
        assert_eq!(response.body.bytes().as_ref(), b"done");
    }
    assert_eq!(failures(&storm)[0].0, FailureKind::Reset);
    assert!(storm.skew.is_some());
}

#[tokio::test]
async fn a_server_that_allows_few_streams_gets_more_connections() {
    let (address, arrivals, connections) = serve_http2(8, None).await;
    let options = StormOptions { http2: Http2::PriorKnowledge, ..brief() };
    let requests = vec![post(&format!("http://{address}/ok")); N];
    let transport = HttpTransport::new(Instant::now());
    let storm = transport.release(requests, &SendOptions::default(), &options).await;
    assert_eq!(codes(&storm), [201; N]);
    assert_together(&arrivals, N);
    assert_eq!(*connections.lock().unwrap(), 3);
}

#[tokio::test]
async fn the_version_over_tls_is_what_both_sides_speak() {
    let rows: [(&[&[u8]], Http2, &str); 3] = [
        (&[b"h2", b"http/1.1"], Http2::Auto, "HTTP/2"),
        (&[b"h2", b"http/1.1"], Http2::Off, "HTTP/1.1"),
        (&[b"http/1.1"], Http2::Auto, "HTTP/1.1"),
    ];
    for (offered, http2, version) in rows {
        let tls = acceptor(offered);
        let (address, arrivals) = match version {
            "HTTP/2" => {
                let (address, arrivals, _) = serve_http2(100, Some(tls)).await;
                (address, arrivals)
            }
            _ => serve_tls(tls).await,
        };
        let options = SendOptions { verify_tls: false, ..SendOptions::default() };
        let requests = vec![post(&format!("https://{address}/ok")); N];
        let transport = HttpTransport::new(Instant::now());
        let storm = transport.release(requests, &options, &StormOptions { http2, ..brief() }).await;
        assert_together(&arrivals, N);
        for exchange in &storm.exchanges {
            assert_eq!(exchange.response().unwrap().version, version, "{http2:?}");
        }
    }
}

async fn serve_tls(tls: TlsAcceptor) -> (std::net::SocketAddr, Arrivals) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let arrivals = Arrivals::default();
    let seen = Arc::clone(&arrivals);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (tls, seen) = (tls.clone(), Arc::clone(&seen));
            tokio::spawn(async move {
                let mut stream = tls.accept(stream).await.unwrap();
                let Some((_, arrival)) = read_request(&mut stream).await else { return };
                seen.lock().unwrap().push(arrival);
                let _ = stream.write_all(OK).await;
            });
        }
    });
    (address, arrivals)
}

#[tokio::test]
async fn what_cannot_wait_at_the_server_is_not_sent_and_holds_up_nothing() {
    // A server with two workers: the others are connected, and not spoken to.
    let tls = acceptor(&[b"http/1.1"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut idle = Vec::new();
        for connection in 0.. {
            let Ok((stream, _)) = listener.accept().await else { return };
            if connection >= 2 {
                idle.push(stream);
                continue;
            }
            let tls = tls.clone();
            tokio::spawn(async move {
                let mut stream = tls.accept(stream).await.unwrap();
                if read_request(&mut stream).await.is_some() {
                    let _ = stream.write_all(OK).await;
                }
            });
        }
    });
    let limit = Some(Duration::from_millis(700));
    let options = SendOptions { verify_tls: false, limit, ..SendOptions::default() };
    let rows = [
        (vec![post(&format!("https://{address}/ok")); N], Http2::Off, 2),
        (vec![post(&format!("http://{address}/ok")); N], Http2::PriorKnowledge, 0),
    ];
    for (requests, http2, answered) in rows {
        let (begun, count) = (Instant::now(), requests.len());
        let transport = HttpTransport::new(begun);
        let storm = transport.release(requests, &options, &StormOptions { http2, ..brief() }).await;
        assert!(begun.elapsed() < Duration::from_secs(10), "{http2:?} {:?}", begun.elapsed());
        let failed = failures(&storm);
        assert_eq!(failed.len(), count - answered, "{http2:?} {failed:?}");
        let unsent = |(kind, text): &(FailureKind, &str)| {
            *kind == FailureKind::Timeout && text.starts_with("the request was not sent: ")
        };
        assert!(failed.iter().all(unsent), "{http2:?} {failed:?}");
    }
}
