//! Every refusal of the server, with the faults that spoil one.

use axum::http::StatusCode;
use serde_json::json;

use super::{
    answers::Answer,
    fault::{FaultName, Faults},
    store::Refusal,
};

const STACK_TRACE: &str = "<!DOCTYPE html>\n<pre>TypeError: Cannot read properties of undefined (reading 'length')\n    \
     at redeem (/srv/accounts/src/refresh-token.js:41:23)</pre>\n";

impl Answer {
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

    /// What a sound server never says.
    pub(super) fn internal_error() -> Self {
        Answer::Html(StatusCode::INTERNAL_SERVER_ERROR, STACK_TRACE)
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
        let message = "refreshToken is required.";
        if faults.has(FaultName::MissingField500) {
            return Self::internal_error();
        }
        if faults.has(FaultName::MissingField401) {
            return Self::error(StatusCode::UNAUTHORIZED, "INVALID_REFRESH_TOKEN", message);
        }
        if faults.has(FaultName::MissingFieldCode) {
            return Self::error(StatusCode::BAD_REQUEST, "BAD_REQUEST", message);
        }
        if faults.has(FaultName::ErrorWithoutMessage) {
            return Answer::Json(StatusCode::BAD_REQUEST, json!({ "code": "WRONG_DATA" }));
        }
        Self::wrong_data(message)
    }

    /// A refresh token that does not redeem: one answer, whatever the reason.
    pub(super) fn redeem_refused(refusal: Refusal, presented: &str, faults: &Faults) -> Self {
        match refusal {
            Refusal::Unknown if faults.has(FaultName::UnknownToken500) => return Self::internal_error(),
            Refusal::Redeemed if faults.has(FaultName::UsedToken500) => return Self::internal_error(),
            _ => {}
        }
        let mut body =
            json!({ "code": code(refusal, faults), "message": message(refusal, presented, faults) });
        if faults.has(FaultName::ErrorWithoutMessage) {
            body.as_object_mut().map(|members| members.shift_remove("message"));
        }
        if faults.has(FaultName::ErrorStackTrace) {
            body["stack"] = json!(
                "TokenError: invalid refresh token\n    at redeem (refresh-token.js:41:23)\n    \
                 at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"
            );
        }
        Answer::Json(status(refusal, faults), body)
    }
}

fn status(refusal: Refusal, faults: &Faults) -> StatusCode {
    if refusal == Refusal::Unknown && faults.has(FaultName::NotFoundStatus) {
        StatusCode::NOT_FOUND
    } else if faults.has(FaultName::WrongStatus) {
        StatusCode::FORBIDDEN
    } else if faults.has(FaultName::OkWithErrorBody) {
        StatusCode::OK
    } else {
        StatusCode::UNAUTHORIZED
    }
}

fn code(refusal: Refusal, faults: &Faults) -> &'static str {
    match refusal {
        Refusal::Redeemed if faults.has(FaultName::WrongCode) => "TOKEN_USED",
        Refusal::Expired if faults.has(FaultName::ExpiredCode) => "TOKEN_EXPIRED",
        Refusal::CannotSignIn if faults.has(FaultName::DisabledSubjectCode) => "ACCOUNT_DISABLED",
        _ => "INVALID_REFRESH_TOKEN",
    }
}

fn message(refusal: Refusal, presented: &str, faults: &Faults) -> String {
    if faults.has(FaultName::ErrorEchoesToken) {
        return format!("\"{presented}\" is no valid refresh token.");
    }
    if faults.has(FaultName::ErrorSql) {
        return "no rows: SELECT id, user_id FROM refresh_tokens WHERE token = $1 AND used = FALSE"
            .to_owned();
    }
    if faults.has(FaultName::ErrorPath) {
        return "ENOENT: no such file or directory, open '/var/lib/accounts/sessions/7f3a.json'".to_owned();
    }
    let text = match refusal {
        Refusal::Unknown if faults.has(FaultName::RefusalsToldApart) => "No such refresh token.",
        Refusal::Redeemed if faults.has(FaultName::RefusalsToldApart) => {
            "The refresh token was used already."
        }
        Refusal::Expired if faults.has(FaultName::RefusalsToldApart) => "The refresh token has expired.",
        _ => "The refresh token is invalid.",
    };
    text.to_owned()
}
