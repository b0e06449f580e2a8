//! A request as the routes see it, and the key gate every request passes first.

use std::sync::Arc;

use axum::{
    RequestPartsExt,
    body::{Bytes, to_bytes},
    extract::{FromRequest, Path, Request, State as Shared},
    http::{Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{answers::Answer, fault::FaultName, routes::REFRESH_TOKEN, state::State};

const API_KEY: &str = "x-api-key";
/// Far more than any request needs, so that a body meant to be too large is still read, and judged, as a whole.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// The application a request is made for, by position; `None` when a faulty gate let it through without one.
#[derive(Clone, Copy)]
struct Caller(Option<usize>);

/// A request that has passed the gate, its body read.
pub(super) struct Call {
    parts: Parts,
    body: Bytes,
    caller: Option<usize>,
    /// The one path parameter a route may have.
    pub(super) id: Option<String>,
}

/// Answers requests without a known API key, whatever else they ask for; all others go on.
pub(super) async fn gate(Shared(state): Shared<Arc<State>>, mut request: Request, next: Next) -> Response {
    let key = api_key(&request);
    let known = key.as_deref().and_then(|key| state.directory.application_of_key(key));
    if known.is_none() && !open_gate(&state, &request, key.is_some()) {
        // Read what was sent: closing a connection with bytes unread can cost the client the answer.
        let body = to_bytes(request.into_body(), BODY_LIMIT).await;
        if let Some(body) = body.ok().filter(|_| state.faults.has(FaultName::ConsumedByBadKey)) {
            state.store().use_up(&body, state.now());
        }
        return Answer::key_refused(&state.faults).into_response();
    }
    request.extensions_mut().insert(Caller(known));
    next.run(request).await
}

/// Whether a fault opens the gate for a redeem without a known key.
fn open_gate(state: &State, request: &Request, key_sent: bool) -> bool {
    let fault = if key_sent { FaultName::UnknownKeyAccepted } else { FaultName::NoKeyGate };
    let open = state.faults.has(fault) || state.faults.has(FaultName::NoClientGate);
    request.method() == Method::POST && request.uri().path() == REFRESH_TOKEN && open
}

/// The key as header or else as query parameter; an empty one is none.
fn api_key(request: &Request) -> Option<String> {
    let header =
        request.headers().get(API_KEY).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    header
        .filter(|key| !key.is_empty())
        .or_else(|| query(request.uri(), API_KEY))
        .filter(|key| !key.is_empty())
}

fn query(uri: &Uri, wanted: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
}

impl FromRequest<Arc<State>> for Call {
    type Rejection = Answer;

    async fn from_request(request: Request, _: &Arc<State>) -> Result<Self, Answer> {
        let (mut parts, body) = request.into_parts();
        let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| Answer::body_unreadable())?;
        let id = parts.extract::<Option<Path<String>>>().await.ok().flatten().map(|Path(id)| id);
        let caller = parts.extensions.get::<Caller>().and_then(|caller| caller.0);
        Ok(Self { parts, body, caller, id })
    }
}

impl Call {
    /// The caller's application, where it matters whether there is one.
    pub(super) fn caller(&self) -> Option<usize> {
        self.caller
    }

    /// The caller's application.
    pub(super) fn application(&self) -> Result<usize, Answer> {
        self.caller.ok_or(Answer::Bare(StatusCode::UNAUTHORIZED))
    }

    /// The body as a JSON object, read as the field's usual framework does: a body that is absent, or not
    /// declared as JSON, or an array is an object without members; broken JSON is refused in HTML.
    pub(super) fn json(&self) -> Result<Map<String, Value>, Answer> {
        if self.body.is_empty() || !self.is_json() {
            return Ok(Map::new());
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(members)) => Ok(members),
            Ok(Value::Array(_)) => Ok(Map::new()),
            _ => Err(Answer::malformed_body()),
        }
    }

    /// The body as it was sent.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the body is declared as JSON.
    pub(super) fn is_json(&self) -> bool {
        let declared = self.header(header::CONTENT_TYPE).unwrap_or_default();
        let media_type = declared.split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case("application/json")
    }

    /// A parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        query(&self.parts.uri, name)
    }

    /// User and password of a Basic `Authorization`.
    pub(super) fn basic(&self) -> Option<(String, String)> {
        let decoded = STANDARD.decode(self.authorization("Basic")?).ok()?;
        let text = String::from_utf8(decoded).ok()?;
        text.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
    }

    /// The token of a Bearer `Authorization`.
    pub(super) fn bearer(&self) -> Option<&str> {
        self.authorization("Bearer")
    }

    fn authorization(&self, wanted: &str) -> Option<&str> {
        let (scheme, credentials) = self.header(header::AUTHORIZATION)?.split_once(' ')?;
        scheme.eq_ignore_ascii_case(wanted).then(|| credentials.trim())
    }

    fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }
}
