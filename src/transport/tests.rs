//! The transport against real sockets: a server that answers with prepared bytes.

use super::*;
use crate::event::EventKind;
use crate::exchange::{Body, Chunk, Headers};
use crate::runner::{CapturedValue, Captures, Outcome, RunOptions, Runner};
use crate::variable::Scopes;
use serde_json::json;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

mod together;

/// What the server does with one request.
#[derive(Clone)]
enum Reply {
    /// Answers.
    Bytes(Vec<u8>),
    /// Says nothing and keeps the connection.
    Silence,
    /// Tears the connection down.
    Reset,
}

fn ok(headers: &str, body: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    Reply::Bytes([head.as_bytes(), body].concat())
}

fn raw(text: &str) -> Reply {
    Reply::Bytes(text.as_bytes().to_vec())
}

fn moved(to: &str, headers: &str) -> Reply {
    raw(&format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\n{headers}content-length: 0\r\n\r\n"))
}

/// A server whose n-th connection gives the n-th list of replies, one a request, then closes.
struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(connections: impl IntoIterator<Item = Vec<Reply>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let connections: Vec<Vec<Reply>> = connections.into_iter().collect();
        tokio::spawn(async move {
            for replies in connections {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(converse(stream, replies, Arc::clone(&log)));
            }
        });
        Self { port, seen }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Requests as they came, in order.
    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn converse(mut stream: TcpStream, replies: Vec<Reply>, log: Arc<Mutex<Vec<String>>>) {
    for reply in replies {
        let Some(request) = read_request(&mut stream).await else { return };
        log.lock().unwrap().push(request);
        match reply {
            Reply::Bytes(bytes) => stream.write_all(&bytes).await.unwrap(),
            Reply::Silence => std::future::pending().await,
            Reply::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if bytes.first() == Some(&0x16) {
            return Some("ClientHello".into());
        }
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lower = head.to_lowercase();
            let field = |name: &str| lower.lines().find_map(|line| line.strip_prefix(name));
            let complete = match field("transfer-encoding: ") {
                Some(_) => body.ends_with("0\r\n\r\n"),
                None => body.len() >= field("content-length: ").map_or(0, |n| n.parse::<usize>().unwrap()),
            };
            if complete {
                return Some(text);
            }
        }
    }
}

fn request(method: &str, url: String, headers: &[(&str, &str)], body: Option<&str>) -> ResolvedRequest {
    let mut fields = Headers::default();
    for (key, value) in headers {
        fields.push(*key, *value);
    }
    let body = body.map(|text| Body::new(text.to_owned()));
    ResolvedRequest { method: method.into(), url, headers: fields, body }
}

fn get(url: String) -> ResolvedRequest {
    request("GET", url, &[], None)
}

fn transport() -> HttpTransport {
    HttpTransport::new(Instant::now())
}

async fn send(request: ResolvedRequest) -> Exchange {
    transport().send(request, &SendOptions::default()).await
}

fn failure(exchange: &Exchange) -> (FailureKind, &str) {
    let failure = exchange.failure().expect("a failure");
    (failure.kind, failure.message.as_str())
}

#[tokio::test]
async fn the_trace_is_what_was_on_the_wire() {
    let server = Server::start([vec![ok("x-a: 1\r\nX-A: \u{e9}\r\n", b"hi")]]).await;
    let asked = request("POST", server.url("/p?q=1"), &[("X-Two", "a"), ("X-Two", "b")], Some("body"));
    let exchange = send(asked).await;
    let response = exchange.response().unwrap();
    assert_eq!((response.code, response.reason.as_str(), response.version.as_str()), (200, "OK", "HTTP/1.1"));
    assert_eq!(response.body.text(), "hi");
    assert_eq!(response.headers.get_all("x-a").collect::<Vec<_>>(), ["1", "\u{c3}\u{a9}"]);
    let sent = exchange.request();
    let mut traced = format!("{} /p?q=1 HTTP/1.1\r\n", sent.method);
    for header in sent.headers.iter() {
        traced.push_str(&format!("{}: {}\r\n", header.key, header.value));
    }
    traced.push_str("\r\nbody");
    assert_eq!(server.seen(), [traced]);
    let timings = exchange.last().timings;
    assert!(timings.first_byte_ms.unwrap() + timings.download_ms.unwrap() <= timings.total_ms);
}

#[tokio::test]
async fn a_get_lost_on_a_kept_connection_is_sent_again_on_a_new_one() {
    let server = Server::start([vec![ok("", b"1"), Reply::Reset], vec![ok("", b"again")]]).await;
    let transport = transport();
    for expected in ["1", "again"] {
        let exchange = transport.send(get(server.url("/")), &SendOptions::default()).await;
        assert_eq!(exchange.response().unwrap().body.text(), expected);
    }
    assert_eq!(server.seen().len(), 3);
    let fresh = Server::start([vec![Reply::Reset]]).await;
    assert_eq!(failure(&send(get(fresh.url("/"))).await).0, FailureKind::Reset);
}

#[tokio::test]
async fn connections_end_when_either_side_says_so() {
    let close = raw("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 1\r\n\r\n1");
    let old = raw("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n2");
    let until = raw("HTTP/1.1 200 OK\r\n\r\n3");
    let server = Server::start([
        vec![close, ok("", b"x")],
        vec![old, ok("", b"x")],
        vec![until],
        vec![ok("", b"4")],
        vec![ok("", b"5")],
    ])
    .await;
    let transport = transport();
    for expected in ["1", "2", "3"] {
        let exchange = transport.send(get(server.url("/")), &SendOptions::default()).await;
        assert_eq!(exchange.response().unwrap().body.text(), expected);
    }
    let closing = request("GET", server.url("/"), &[("Connection", "close")], None);
    assert_eq!(transport.send(closing, &SendOptions::default()).await.response().unwrap().body.text(), "4");
    let exchange = transport.send(get(server.url("/")), &SendOptions::default()).await;
    assert_eq!(exchange.response().unwrap().body.text(), "5");
}

#[tokio::test]
async fn interim_answers_are_passed_over_and_what_follows_an_answer_is_an_error() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    let server =
        Server::start([vec![raw(&format!("{interim}HTTP/1.1 200 Fine\r\nContent-Length: 0\r\n\r\n"))]]).await;
    assert_eq!(send(get(server.url("/"))).await.response().unwrap().reason, "Fine");
    let server = Server::start([vec![raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokEXTRA")]]).await;
    let message = "the answer is not valid HTTP: 5 bytes follow its end";
    assert_eq!(failure(&send(get(server.url("/"))).await), (FailureKind::Protocol, message));
}

#[tokio::test]
async fn what_follows_an_answer_without_a_body_is_dropped_with_the_connection() {
    for (method, answer) in [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nEXTRA"),
        ("GET", "HTTP/1.1 204 No\r\n\r\nEXTRA"),
        ("GET", "HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\nEXTRA"),
    ] {
        let next = "HTTP/1.1 200 Next\r\nContent-Length: 0\r\n\r\n";
        let server = Server::start([vec![raw(answer)], vec![raw(next)]]).await;
        let transport = transport();
        let options = SendOptions::default();
        let exchange = transport.send(request(method, server.url("/"), &[], None), &options).await;
        assert!(exchange.response().unwrap().body.is_empty(), "{answer}");
        let next = transport.send(get(server.url("/")), &options).await;
        assert_eq!(next.response().unwrap().reason, "Next", "{answer}");
    }
}

#[tokio::test]
async fn long_bodies_are_sent_while_the_answer_is_read() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    // Echoes as it reads, and would block if nobody read what it says.
    let echo = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = Vec::new();
        while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
            stream.read_buf(&mut bytes).await.unwrap();
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await.unwrap();
        let body = bytes.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
        let mut pending = bytes.split_off(body);
        let mut left = 8 * 1024 * 1024;
        while left > 0 {
            left -= pending.len();
            let head = format!("{:x}\r\n", pending.len());
            if !pending.is_empty() {
                stream.write_all(&[head.as_bytes(), &pending, b"\r\n"].concat()).await.unwrap();
            }
            pending.clear();
            if left > 0 {
                stream.read_buf(&mut pending).await.unwrap();
            }
        }
        stream.write_all(b"0\r\n\r\n").await.unwrap();
        stream
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "f".repeat(8 * 1024 * 1024 - 2)).unwrap();
    let body = Body::of_chunks([
        Chunk::Bytes("<".into()),
        Chunk::file(file.path()).unwrap(),
        Chunk::Bytes(">".into()),
    ]);
    let mut put = request("PUT", format!("http://127.0.0.1:{port}/"), &[], None);
    put.body = Some(body.clone());
    let exchange = send(put).await;
    let answer = exchange.response().expect("an answer");
    assert_eq!((answer.body.size(), answer.body.truncated()), (8 * 1024 * 1024, true));
    assert!(answer.body.whole().unwrap() == body.whole().unwrap());
    echo.await.unwrap();
}

#[tokio::test]
async fn an_early_refusal_ends_the_upload() {
    let refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut some = [0; 100];
        stream.read_exact(&mut some).await.unwrap();
        stream.write_all(refusal).await.unwrap();
        stream
    });
    let put = request("PUT", format!("http://127.0.0.1:{port}/"), &[], Some(&"x".repeat(32 * 1024 * 1024)));
    let exchange = send(put).await;
    assert_eq!(exchange.response().map(|response| response.code), Some(413));
    drop(server.await.unwrap());
}

#[tokio::test]
async fn a_response_may_be_too_large() {
    let options = SendOptions { max_response_size: Some(4), ..SendOptions::default() };
    let server = Server::start([vec![ok("", b"1234")], vec![ok("", b"12345")]]).await;
    assert!(transport().send(get(server.url("/")), &options).await.response().is_some());
    let exchange = transport().send(get(server.url("/")), &options).await;
    let message = "the response is larger than the 4 bytes allowed (--max-response-size)";
    assert_eq!(failure(&exchange), (FailureKind::TooLarge, message));
}

#[tokio::test]
async fn connections_are_reused() {
    let server = Server::start([vec![ok("", b"1"), ok("", b"2")]]).await;
    let transport = transport();
    for expected in ["1", "2"] {
        let exchange = transport.send(get(server.url("/")), &SendOptions::default()).await;
        assert_eq!(exchange.response().unwrap().body.text(), expected);
    }
}

#[tokio::test]
async fn a_post_lost_on_a_pooled_connection_is_not_sent_again() {
    let server = Server::start([vec![ok("", b"1"), raw("")], vec![ok("", b"again")]]).await;
    let transport = transport();
    let post = || request("POST", server.url("/"), &[], Some("once"));
    assert!(transport.send(post(), &SendOptions::default()).await.response().is_some());
    let lost = transport.send(post(), &SendOptions::default()).await;
    assert_eq!(
        failure(&lost),
        (FailureKind::Reset, "the server closed the connection before the answer was complete")
    );
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn broken_answers_are_clean_failures() {
    let closed = "the server closed the connection before the answer was complete";
    let cases = [
        (raw(""), FailureKind::Reset, closed),
        (raw("HTTP/1.1 200 OK\r\ncontent-"), FailureKind::Reset, closed),
        (raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"), FailureKind::Reset, closed),
        (raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab"), FailureKind::Reset, closed),
        (Reply::Reset, FailureKind::Reset, "the connection was reset before the answer was complete"),
        (raw("SSH-2.0-OpenSSH_9\r\n"), FailureKind::Protocol, "the answer is not valid HTTP"),
        (raw("HTTP/1.1 abc\r\n\r\n"), FailureKind::Protocol, "the answer is not valid HTTP"),
        (
            raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"),
            FailureKind::Protocol,
            "the answer is not valid HTTP",
        ),
        (ok("content-encoding: gzip\r\n", b"plain"), FailureKind::Protocol, "the body could not be decoded"),
        (ok("content-encoding: br\r\n", b"plain"), FailureKind::Protocol, "the body could not be decoded"),
        (
            ok("content-encoding: gzip\r\n", &GZIP[..12]),
            FailureKind::Protocol,
            "the body could not be decoded",
        ),
        (
            raw("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 99\r\n\r\n\x1f"),
            FailureKind::Reset,
            closed,
        ),
    ];
    for (index, (reply, kind, message)) in cases.into_iter().enumerate() {
        let server = Server::start([vec![reply]]).await;
        let exchange = send(get(server.url("/"))).await;
        let (got, text) = failure(&exchange);
        assert_eq!(got, kind, "case {index}: {text}");
        assert!(text.starts_with(message), "case {index}: {text}");
        assert_eq!(server.seen().len(), 1, "case {index}");
    }
}

const GZIP: [u8; 25] =
    [31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0, 0, 0];
const ZLIB: [u8; 13] = [120, 156, 203, 72, 205, 201, 201, 7, 0, 6, 44, 2, 21];
const BROTLI: [u8; 9] = [11, 2, 128, 104, 101, 108, 108, 111, 3];

#[tokio::test]
async fn content_codings_are_decoded() {
    for (coding, bytes) in [("gzip", &GZIP[..]), ("deflate", &ZLIB), ("br", &BROTLI)] {
        let server = Server::start([vec![ok(&format!("content-encoding: {coding}\r\n"), bytes)]]).await;
        let exchange = send(get(server.url("/"))).await;
        assert_eq!(exchange.response().expect(coding).body.text(), "hello");
    }
    let server = Server::start([vec![ok("content-encoding: zstd\r\n", b"as it is")]]).await;
    assert_eq!(send(get(server.url("/"))).await.response().unwrap().body.text(), "as it is");
}

#[tokio::test]
async fn answers_without_a_body_do_not_wait_for_one() {
    let head = raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\ncontent-encoding: gzip\r\n\r\n");
    let server = Server::start([vec![head]]).await;
    let exchange = send(request("HEAD", server.url("/"), &[], None)).await;
    assert!(exchange.response().unwrap().body.is_empty());
    let server = Server::start([vec![raw("HTTP/1.1 299 Odd\r\ncontent-length: 0\r\n\r\n")]]).await;
    assert_eq!(send(get(server.url("/"))).await.response().unwrap().reason, "Odd");
}

#[tokio::test]
async fn hosts_that_cannot_be_reached() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let refused = send(get(format!("http://127.0.0.1:{port}/"))).await;
    let message = format!("could not connect to 127.0.0.1:{port}: connection refused");
    assert_eq!(failure(&refused), (FailureKind::Connect, message.as_str()));
    assert_eq!(refused.request().headers.get("host"), Some(format!("127.0.0.1:{port}").as_str()));

    // A label longer than DNS allows: fails in the resolver, without asking anyone.
    let name = format!("{}.invalid", "a".repeat(64));
    let unknown = send(get(format!("http://{name}/"))).await;
    assert_eq!(failure(&unknown), (FailureKind::Dns, format!("could not resolve `{name}`").as_str()));
}

#[tokio::test]
async fn plain_http_on_the_other_side_is_a_tls_failure() {
    let server = Server::start([vec![raw("HTTP/1.1 400 Bad Request\r\n\r\n")]]).await;
    let url = format!("https://127.0.0.1:{}/", server.port);
    let options = SendOptions { verify_tls: false, ..SendOptions::default() };
    let exchange = transport().send(get(url), &options).await;
    let (kind, message) = failure(&exchange);
    assert_eq!(kind, FailureKind::Tls, "{message}");
    let expected = format!("could not establish TLS with 127.0.0.1:{}: ", server.port);
    assert!(message.starts_with(&expected), "{message}");
}

#[tokio::test]
async fn silence_ends_at_the_time_limit() {
    let unfinished = raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc");
    let server = Server::start([vec![Reply::Silence], vec![unfinished, Reply::Silence]]).await;
    let options = SendOptions { timeout: Some(Duration::from_millis(40)), ..SendOptions::default() };
    for expected in ["no answer within 40 ms", "the answer stopped: nothing came for 40 ms"] {
        let exchange = transport().send(get(server.url("/")), &options).await;
        assert_eq!(failure(&exchange), (FailureKind::Timeout, expected));
    }
}

#[tokio::test]
async fn every_hop_is_a_call_with_its_own_cookies() {
    let replies = vec![
        moved("/next", "set-cookie: hop=1; Path=/\r\n"),
        ok("set-cookie: end=2; HttpOnly\r\n", b"done"),
        ok("", b""),
    ];
    let server = Server::start([replies]).await;
    let transport = transport();
    let options = SendOptions::default();
    let login = request("POST", server.url("/login"), &[("Cookie", "mine=0")], Some("x"));
    let exchange = transport.send(login, &options).await;
    assert_eq!(exchange.response().unwrap().body.text(), "done");
    let hops: Vec<_> = exchange
        .calls
        .iter()
        .map(|call| (call.request.method.as_str(), call.request.headers.get("cookie")))
        .collect();
    assert_eq!(hops, [("POST", Some("mine=0")), ("GET", Some("mine=0; hop=1"))]);
    assert_eq!(exchange.calls[1].request.headers.get("referer"), Some(server.url("/login").as_str()));
    let tokens: Vec<_> = exchange.calls.iter().map(|c| c.request.headers.get("postman-token")).collect();
    assert_eq!(tokens[0], tokens[1]);

    let later = transport.send(get(server.url("/")), &options).await;
    assert_eq!(later.request().headers.get("cookie"), Some("hop=1; end=2"));
    assert!(server.seen()[2].contains("\r\nCookie: hop=1; end=2\r\n"));
}

#[tokio::test]
async fn cookies_and_credentials_stay_with_their_host() {
    let target = Server::start([vec![ok("", b"there")]]).await;
    let away = format!("http://api.localhost:{}/", target.port);
    let server = Server::start([vec![moved(&away, "set-cookie: secret=1; Path=/\r\n")]]).await;
    let headers = [("Cookie", "mine=0"), ("Authorization", "Bearer t")];
    let exchange = send(request("GET", server.url("/"), &headers, None)).await;
    assert_eq!(exchange.response().unwrap().body.text(), "there");
    let seen = target.seen().remove(0);
    let lower = seen.to_lowercase();
    assert!(!lower.contains("cookie") && !lower.contains("authorization"), "{seen}");
}

#[tokio::test]
async fn switched_off_cookies_are_neither_read_nor_written() {
    let replies = vec![ok("set-cookie: a=1\r\n", b""), ok("", b"")];
    let server = Server::start([replies]).await;
    let transport = transport();
    let off = SendOptions { cookies: false, ..SendOptions::default() };
    transport.send(get(server.url("/")), &off).await;
    let exchange = transport.send(get(server.url("/")), &SendOptions::default()).await;
    assert_eq!(exchange.request().headers.get("cookie"), None);
}

#[tokio::test]
async fn redirects_end_somewhere() {
    for (max, requests) in [(3, 4), (0, 1)] {
        let server = Server::start([vec![moved("/again", ""); 9]]).await;
        let options = SendOptions { max_redirects: max, ..SendOptions::default() };
        let exchange = transport().send(get(server.url("/")), &options).await;
        let (kind, message) = failure(&exchange);
        assert_eq!(kind, FailureKind::TooManyRedirects);
        assert!(message.starts_with(&format!("more than {max} redirects; ")), "{message}");
        assert_eq!((server.seen().len(), exchange.calls.len()), (requests, requests + 1));
    }
    let server = Server::start([vec![moved("/again", "")]]).await;
    let ignore = SendOptions { follow_redirects: false, ..SendOptions::default() };
    let exchange = transport().send(get(server.url("/")), &ignore).await;
    assert_eq!((exchange.calls.len(), exchange.response().unwrap().code), (1, 302));
}

#[tokio::test]
async fn what_cannot_be_sent_never_reaches_the_wire() {
    let exchange = send(request("GET", String::new(), &[], None)).await;
    assert_eq!(failure(&exchange), (FailureKind::InvalidRequest, "request url is empty"));
    let exchange = send(request("GET", "http://127.0.0.1:9/".into(), &[("X", "a\nb")], None)).await;
    let message = "the value of the header `X` holds `\\n`, which no header may";
    assert_eq!(failure(&exchange), (FailureKind::InvalidRequest, message));
}

/// The whole way, from a collection file to the wire: inheritance, variables, auth, body, cookies.
#[tokio::test]
async fn a_collection_runs_over_real_sockets() {
    let login = ok("set-cookie: sid=9; Path=/; Secure\r\n", br#"{"token": "t-1"}"#);
    let server = Server::start([vec![login, ok("", b"")]]).await;
    let collection = json!({
        "info": {"name": "c"},
        "variable": [{"key": "base", "value": format!("127.0.0.1:{}", server.port)}],
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]},
        "item": [
            {"name": "login", "request": {
                "method": "POST",
                "url": "{{base}}/login",
                "auth": {"type": "noauth"},
                "body": {"mode": "urlencoded", "urlencoded": [{"key": "u", "value": "<<base | urlencode>>"}]},
            }},
            {"name": "me", "request": {"url": {
                "host": "{{base}}",
                "path": ["users", ":id"],
                "variable": [{"key": "id", "value": "me"}],
            }}},
        ],
    });
    let collection = crate::collection::parse("c.json", collection.to_string().as_bytes()).unwrap();
    let plan = crate::plan::build(&collection, &Default::default()).unwrap();
    let scopes = Scopes { collection: collection.variables.clone(), ..Scopes::default() };
    let captures = Captures::new(vec!["token".to_owned()], |exchange| {
        let token = exchange.response().and_then(|r| Some(r.body.json()?.get("token")?.as_str()?.to_owned()));
        token
            .map(|token| CapturedValue { into: vec!["token".to_owned()], value: Ok(token) })
            .into_iter()
            .collect()
    });
    let options = RunOptions { captures, ..RunOptions::default() };
    let mut failed = Vec::new();
    let mut runner = Runner::new(transport(), scopes, options, |event| {
        if matches!(event, EventKind::WarningRaised { .. } | EventKind::ItemFinished { passed: false, .. }) {
            failed.push(event);
        }
        Ok::<(), Infallible>(())
    });
    assert_eq!(runner.run(&Arc::new(plan)).await, Ok(Outcome::Completed));
    drop(runner);
    assert_eq!(failed, []);
    let seen = server.seen();
    let body = format!("u=127.0.0.1%3A{}", server.port).replace("%3A", "%253A");
    assert!(seen[0].starts_with("POST /login HTTP/1.1\r\nUser-Agent: "));
    assert!(seen[0].ends_with(&format!("\r\n\r\n{body}")), "{}", seen[0]);
    assert!(seen[1].starts_with("GET /users/me HTTP/1.1\r\nAuthorization: Bearer t-1\r\n"), "{}", seen[1]);
    assert!(seen[1].contains("\r\nCookie: sid=9\r\n"), "{}", seen[1]);
}
