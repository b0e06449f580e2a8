//! What the server says: answers as data, and the shapes of logins and redeems.

use axum::{
    body::Body,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{
    directory::{Role, Subject},
    fault::{FaultName, Faults},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
/// An answer of the server, as data.
pub(super) enum Answer {
    Json(StatusCode, Value),
    /// One that carries tokens: nobody on the way may keep it.
    Tokens(Value),
    Html(StatusCode, &'static str),
    NoContent,
    /// The key gate's own: a text without a content type.
    Bare(StatusCode),
}

/// The three tokens of a login or redeem.
pub(super) struct Tokens {
    pub(super) token: String,
    pub(super) short_token: String,
    pub(super) refresh_token: Option<String>,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Answer::Json(status, value) => {
                (status, [(CONTENT_TYPE, JSON)], value.to_string()).into_response()
            }
            Answer::Tokens(value) => {
                let fields = [(CONTENT_TYPE, JSON), (CACHE_CONTROL, NO_STORE), (PRAGMA, NO_CACHE)];
                (fields, value.to_string()).into_response()
            }
            Answer::Html(status, text) => (status, [(CONTENT_TYPE, HTML)], text).into_response(),
            Answer::NoContent => StatusCode::NO_CONTENT.into_response(),
            Answer::Bare(status) => (status, Body::from("Unauthorized")).into_response(),
        }
    }
}

impl Answer {
    pub(super) fn ok(value: Value) -> Self {
        Answer::Json(StatusCode::OK, value)
    }

    /// A login's answer.
    pub(super) fn signed_in(subject: &Subject, tokens: Tokens, faults: &Faults) -> Self {
        let mut answer = shape(subject.role, subject.profile.clone(), tokens);
        if faults.has(FaultName::NoShortToken) {
            answer.shift_remove("shortToken");
        }
        with_tokens(answer, faults)
    }

    /// A redeem's answer: that of the login which issued the token.
    pub(super) fn redeemed(subject: &Subject, stranger: &Subject, tokens: Tokens, faults: &Faults) -> Self {
        let mut profile = subject.profile.clone();
        if faults.has(FaultName::WrongSubject) {
            profile["_id"] = json!(stranger.id);
        }
        let role = if faults.has(FaultName::WrongSubjectShape) { Role::User } else { subject.role };
        let mut answer = shape(role, profile, tokens);
        if faults.has(FaultName::WrongShape) {
            answer.retain(|name, _| name == "shortToken" || name == "refreshToken");
        }
        if faults.has(FaultName::LegacyTokenMissing) {
            answer.shift_remove("token");
        }
        if faults.has(FaultName::NoSuccessor) {
            answer.shift_remove("refreshToken");
        }
        with_tokens(answer, faults)
    }
}

fn with_tokens(answer: Map<String, Value>, faults: &Faults) -> Answer {
    let answer = Value::Object(answer);
    if faults.has(FaultName::TokensCacheable) { Answer::ok(answer) } else { Answer::Tokens(answer) }
}

/// What logins and redeems have in common: the subject under its role's name, then the tokens.
fn shape(role: Role, profile: Value, tokens: Tokens) -> Map<String, Value> {
    let mut answer = Map::new();
    answer.insert(role.field().to_owned(), profile);
    answer.insert("token".to_owned(), tokens.token.into());
    answer.insert("shortToken".to_owned(), tokens.short_token.into());
    if let Some(refresh_token) = tokens.refresh_token {
        answer.insert("refreshToken".to_owned(), refresh_token.into());
    }
    answer
}
