//! A proxy in front of a server that writes down what a client sent.
//!
//! Tokens differ from run to run, so each is written as the number of the answer that issued it.

use crate::support::Routed;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Fields that a client adds on its own, or that depend on the connection.
const SYSTEM: &[&str] = &[
    "user-agent",
    "accept",
    "cache-control",
    "postman-token",
    "host",
    "accept-encoding",
    "connection",
    "content-length",
];

#[derive(Default)]
struct Seen {
    requests: Vec<String>,
    answers: usize,
    tokens: HashMap<String, String>,
}

struct Shared {
    target: String,
    client: reqwest::Client,
    seen: Mutex<Seen>,
}

/// Listens until it is dropped.
pub(crate) struct Recorder {
    shared: Arc<Shared>,
    served: Routed,
}

impl Recorder {
    pub(crate) fn start(target: &str) -> Self {
        // reqwest wants a TLS provider even for plain http.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build();
        let shared =
            Arc::new(Shared { target: target.to_owned(), client: client.unwrap(), seen: Mutex::default() });
        let router = Router::new().fallback(forward).with_state(Arc::clone(&shared));
        Self { shared, served: Routed::start(router) }
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn base_url(&self) -> &str {
        &self.served.base_url
    }

    /// Every token the server issued.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap().tokens.keys().cloned().collect()
    }

    /// One text a request, in order.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap().requests.clone()
    }
}

async fn forward(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    shared.seen.lock().unwrap().note(&head, &body);
    let url = format!("{}{}", shared.target, head.uri);
    let mut headers = head.headers;
    headers.remove("host");
    headers.remove("accept-encoding");
    let answer = shared.client.request(head.method, url).headers(headers).body(body).send().await.unwrap();
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers().iter().filter(|(name, _)| *name != "transfer-encoding") {
        response = response.header(name, value);
    }
    let body = answer.bytes().await.unwrap();
    shared.seen.lock().unwrap().learn(&body);
    response.body(Body::from(body)).unwrap()
}

impl Seen {
    fn note(&mut self, head: &axum::http::request::Parts, body: &[u8]) {
        let mut fields: Vec<String> = head
            .headers
            .iter()
            .filter(|(name, _)| !SYSTEM.contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        fields.sort();
        let mut text = format!(
            "{} {}\n{}\n{}\n",
            head.method,
            head.uri,
            fields.join("\n"),
            String::from_utf8_lossy(body)
        );
        for (token, name) in &self.tokens {
            text = text.replace(token, name);
        }
        self.requests.push(text);
    }

    fn learn(&mut self, body: &[u8]) {
        self.answers += 1;
        let Ok(body) = serde_json::from_slice::<serde_json::Value>(body) else { return };
        for field in ["token", "shortToken", "refreshToken"] {
            if let Some(token) = body[field].as_str() {
                self.tokens.insert(token.to_owned(), format!("<{field} of answer {}>", self.answers));
            }
        }
    }
}
