//! A server of sessions in cookies, with JSON bodies and applications that prove who they are by Basic.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What it does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A used token redeems again.
    Reusable,
    /// The secret is not looked at.
    WrongSecretAccepted,
    /// Any application's secret is good for any.
    OtherSecretAccepted,
    /// Applications are not looked at.
    NoClients,
    /// A replay ends nothing.
    NotRevoked,
    /// A login ends the ones before it.
    OneDevice,
}

const CLIENTS: [(&str, &str); 2] = [("web", "s3cret-web"), ("app", "s3cret-app")];

#[derive(Default)]
struct Store {
    /// Refresh token: session, and whether it was used.
    refresh: HashMap<String, (usize, bool)>,
    /// Access token: session.
    access: HashMap<String, usize>,
    /// The application of each session, and whether it goes on.
    sessions: Vec<(String, bool)>,
}

struct Server {
    fault: Option<Fault>,
    store: Mutex<Store>,
}

pub(super) fn router(fault: Option<Fault>) -> Router {
    let server = Server { fault, store: Mutex::default() };
    Router::new()
        .route("/session", post(log_in))
        .route("/session/refresh", post(redeem))
        .route("/me", get(me))
        .with_state(Arc::new(server))
}

impl Server {
    fn is(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn client(&self, headers: &HeaderMap) -> Option<String> {
        let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let decoded = basic.and_then(|value| STANDARD.decode(value.strip_prefix("Basic ")?).ok());
        let pair = decoded.and_then(|pair| String::from_utf8(pair).ok());
        let (id, secret) = pair.as_deref().and_then(|pair| pair.split_once(':')).unwrap_or_default();
        if self.is(Fault::NoClients) {
            return Some("web".to_owned());
        }
        let known = CLIENTS.iter().any(|(client, own)| {
            let any = CLIENTS.iter().any(|(_, other)| *other == secret);
            *client == id
                && (*own == secret
                    || self.is(Fault::WrongSecretAccepted) && !any
                    || self.is(Fault::OtherSecretAccepted) && any)
        });
        known.then(|| id.to_owned())
    }
}

fn refusal(status: StatusCode, error: &str) -> Response {
    let body = json!({ "error": error }).to_string();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn random() -> String {
    format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let fields = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = fields.flat_map(|field| field.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value.to_owned())
}

/// New tokens of a session, as cookies.
fn granted(store: &mut Store, session: usize) -> Response {
    let (access, refresh) = (random(), random());
    store.access.insert(access.clone(), session);
    store.refresh.insert(refresh.clone(), (session, false));
    let mut response = (
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")],
        json!({ "ok": true }).to_string(),
    )
        .into_response();
    for (name, value) in [("access", access), ("refresh", refresh)] {
        let field = format!("{name}={value}; HttpOnly; Path=/");
        response.headers_mut().append(header::SET_COOKIE, field.parse().unwrap());
    }
    response
}

async fn log_in(State(server): State<Arc<Server>>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(client) = server.client(&headers) else {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_client");
    };
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    if (&body["email"], &body["password"]) != (&json!("a@example.com"), &json!("correct horse")) {
        return refusal(StatusCode::UNAUTHORIZED, "bad_credentials");
    }
    let mut store = server.store.lock().unwrap();
    if server.is(Fault::OneDevice) {
        store.sessions.iter_mut().for_each(|(_, lives)| *lives = false);
    }
    store.sessions.push((client, true));
    let session = store.sessions.len() - 1;
    granted(&mut store, session)
}

async fn redeem(State(server): State<Arc<Server>>, headers: HeaderMap) -> Response {
    let Some(client) = server.client(&headers) else {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_client");
    };
    let Some(token) = cookie(&headers, "refresh") else {
        return refusal(StatusCode::BAD_REQUEST, "no_session");
    };
    let ended = || refusal(StatusCode::UNAUTHORIZED, "session_ended");
    let mut store = server.store.lock().unwrap();
    let Some(&(session, used)) = store.refresh.get(&token) else { return ended() };
    let (owner, lives) = store.sessions[session].clone();
    if !lives || (owner != client && !server.is(Fault::NoClients)) {
        return ended();
    }
    if used && !server.is(Fault::Reusable) {
        store.sessions[session].1 = server.is(Fault::NotRevoked);
        return ended();
    }
    store.refresh.insert(token, (session, true));
    granted(&mut store, session)
}

async fn me(State(server): State<Arc<Server>>, headers: HeaderMap) -> Response {
    let store = server.store.lock().unwrap();
    let session = cookie(&headers, "access").and_then(|token| store.access.get(&token).copied());
    match session {
        Some(_) => ([(header::CONTENT_TYPE, "application/json")], "{\"me\": 1}").into_response(),
        None => refusal(StatusCode::UNAUTHORIZED, "no_session"),
    }
}
