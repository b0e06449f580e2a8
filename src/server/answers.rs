//! What the server says: login and redeem shapes, and every refusal.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{
    directory::{Role, Subject},
    fault::{FaultName, Faults},
    store::Refusal,
};

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const STACK_TRACE: &str = "<!DOCTYPE html>\n<pre>TypeError: Cannot read properties of undefined (reading 'length')\n    \
     at redeem (/srv/accounts/src/refresh-token.js:41:23)</pre>\n";

/// An answer of the server, as data.
pub(super) enum Answer {
    Json(StatusCode, Value),
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

    fn error(status: StatusCode, code: &str, message: &str) -> Self {
        Answer::Json(status, json!({ "code": code, "message": message }))
    }

    /// No API key, or an unknown one.
    pub(super) fn key_refused(faults: &Faults) -> Self {
        let wrong = faults.has(FaultName::WrongKeyStatus);
        Answer::Bare(if wrong { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED })
    }

    /// A protected route without an access token that opens it.
    pub(super) fn bearer_refused() -> Self {
        Answer::Html(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    pub(super) fn malformed_body() -> Self {
        let page = "<!DOCTYPE html>\n<html><body><pre>Bad Request</pre></body></html>\n";
        Answer::Html(StatusCode::BAD_REQUEST, page)
    }

    pub(super) fn body_unreadable() -> Self {
        let page = "<!DOCTYPE html>\n<html><body><pre>Payload Too Large</pre></body></html>\n";
        Answer::Html(StatusCode::PAYLOAD_TOO_LARGE, page)
    }

    pub(super) fn not_found() -> Self {
        Self::error(StatusCode::NOT_FOUND, "NOT_FOUND", "The requested resource was not found.")
    }

    pub(super) fn wrong_data(message: &str) -> Self {
        Self::error(StatusCode::BAD_REQUEST, "WRONG_DATA", message)
    }

    pub(super) fn invalid_credentials() -> Self {
        Self::error(StatusCode::UNAUTHORIZED, "INVALID_CREDENTIALS", "The credentials are invalid.")
    }

    pub(super) fn mfa_required() -> Self {
        let message = "Two-factor authentication code is required.";
        Self::error(StatusCode::UNAUTHORIZED, "MFA_REQUIRED", message)
    }

    pub(super) fn mfa_failed() -> Self {
        let message = "Two-factor authentication code is invalid.";
        Self::error(StatusCode::UNAUTHORIZED, "MFA_VERIFICATION_FAILED", message)
    }

    pub(super) fn locked_out() -> Self {
        Self::error(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS", "Too many failed attempts.")
    }

    /// A redeem whose body has no `refreshToken` string.
    pub(super) fn missing_refresh_token(faults: &Faults) -> Self {
        if faults.has(FaultName::MissingField500) {
            return Answer::Html(StatusCode::INTERNAL_SERVER_ERROR, STACK_TRACE);
        }
        if faults.has(FaultName::MissingField401) {
            return invalid_refresh_token(StatusCode::UNAUTHORIZED);
        }
        if faults.has(FaultName::MissingFieldCode) {
            return Self::error(StatusCode::BAD_REQUEST, "BAD_REQUEST", "refreshToken is required.");
        }
        Self::wrong_data("refreshToken is required.")
    }

    /// A refresh token that does not redeem: one answer, whatever the reason.
    pub(super) fn redeem_refused(refusal: Refusal, faults: &Faults) -> Self {
        match refusal {
            Refusal::Unknown if faults.has(FaultName::UnknownToken500) => {
                Answer::Html(StatusCode::INTERNAL_SERVER_ERROR, STACK_TRACE)
            }
            Refusal::Unknown if faults.has(FaultName::NotFoundStatus) => {
                invalid_refresh_token(StatusCode::NOT_FOUND)
            }
            Refusal::Redeemed if faults.has(FaultName::WrongCode) => {
                Self::error(StatusCode::UNAUTHORIZED, "TOKEN_USED", "The refresh token was used already.")
            }
            _ if faults.has(FaultName::WrongStatus) => invalid_refresh_token(StatusCode::FORBIDDEN),
            _ if faults.has(FaultName::OkWithErrorBody) => invalid_refresh_token(StatusCode::OK),
            _ => invalid_refresh_token(StatusCode::UNAUTHORIZED),
        }
    }

    /// A login's answer.
    pub(super) fn signed_in(subject: &Subject, tokens: Tokens, faults: &Faults) -> Self {
        let mut answer = shape(subject.role, subject.profile.clone(), tokens);
        if faults.has(FaultName::NoShortToken) {
            answer.shift_remove("shortToken");
        }
        Self::ok(Value::Object(answer))
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
        Self::ok(Value::Object(answer))
    }
}

fn invalid_refresh_token(status: StatusCode) -> Answer {
    Answer::error(status, "INVALID_REFRESH_TOKEN", "The refresh token is invalid.")
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
