//! What a script is given: the `execute` message of Postman's sandbox.

use super::Sent;
use crate::collection::{Event, Request};
use crate::event::Cursor;
use crate::exchange::{Headers, Response};
use crate::plan::PlannedItem;
use crate::runner::{Script, ScriptCookie};
use crate::variable::{Scopes, VariableScope};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// One script about to run.
#[derive(Debug)]
pub(super) struct Execution<'a> {
    pub(super) id: &'a str,
    pub(super) item: &'a PlannedItem,
    pub(super) event: &'a Event,
    pub(super) cursor: Cursor,
    /// What was sent and answered, for test scripts.
    pub(super) sent: Option<Sent<'a>>,
    /// What earlier scripts of the phase made of the request.
    pub(super) changed: Option<&'a Request>,
}

impl Execution<'_> {
    /// The script with all it works on.
    pub(super) fn script(
        &self,
        scopes: &Scopes,
        cookies: Vec<ScriptCookie>,
        timeout: Option<Duration>,
    ) -> Script {
        let item = &self.item.item;
        let mut context = json!({
            "request": self.request(),
            "environment": scope(&scopes.environment),
            "globals": scope(&scopes.globals),
            "collectionVariables": scope(&scopes.collection),
            "_variables": scope(&scopes.local),
            "data": data(&scopes.data),
            "cookies": cookies.iter().map(cookie).collect::<Vec<_>>(),
        });
        if let Some(exchange) = self.sent.map(|sent| sent.exchange) {
            context["response"] =
                exchange.response().map_or_else(|| json!({}), |r| response(r, exchange.total_ms()));
        }
        let cursor = serde_json::to_value(self.cursor).unwrap_or_default();
        let path = std::iter::once(&*self.item.collection)
            .chain(item.path.iter().map(String::as_str))
            .chain([item.name.as_str()])
            .collect::<Vec<_>>();
        let options = json!({
            "cursor": cursor,
            "legacy": {
                "_itemId": item.id, "_itemName": item.name, "_itemPath": path, "_eventItemName": *self.event.owner,
            },
        });
        Script {
            id: self.id.to_owned(),
            listen: self.event.listen.clone(),
            source: self.event.script.to_string(),
            context,
            options,
            timeout,
        }
    }

    /// The request as scripts see it: as written before it is sent, as sent after.
    pub(super) fn request(&self) -> Value {
        match (self.sent, self.changed) {
            (Some(sent), _) => sent.to_json(),
            (None, Some(changed)) => changed.to_json(),
            // An auth that it inherits is not its own yet.
            (None, None) => self.item.request.to_json(),
        }
    }
}

/// A response as Postman's sandbox takes it; the body as text where it is UTF-8.
pub(super) fn response(response: &Response, total_ms: f64) -> Value {
    let mut out = json!({
        "status": response.reason,
        "code": response.code,
        "header": headers(&response.headers),
        // Whole milliseconds, and never none.
        "responseTime": total_ms.ceil(),
        "responseSize": response.body.size(),
    });
    let charset = response.headers.get("content-type").and_then(|value| value.split("charset=").nth(1));
    let utf8 =
        charset.is_none_or(|charset| charset.trim_matches(['"', ' ']).to_lowercase().starts_with("utf-8"));
    // A script gets all of it, however large; what was lost on disk is missing.
    let body = response.body.whole().unwrap_or_else(|_| response.body.bytes().clone());
    match std::str::from_utf8(&body) {
        // Of bytes the sandbox itself makes text, without a byte order mark.
        Ok(text) if utf8 && !text.starts_with('\u{feff}') => out["body"] = json!(text),
        _ => out["stream"] = json!({"type": "Base64", "data": BASE64_STANDARD.encode(&body)}),
    }
    out
}

fn headers(headers: &Headers) -> Value {
    headers.iter().map(|header| json!({"key": header.key, "value": header.value})).collect()
}

fn scope(scope: &VariableScope) -> Value {
    let values = scope.iter().map(|(key, variable)| {
        let mut out =
            json!({"key": key, "value": variable.value, "type": variable.kind.as_deref().unwrap_or("any")});
        if variable.disabled {
            out["disabled"] = json!(true);
        }
        out
    });
    let mut out = json!({"values": values.collect::<Vec<_>>()});
    for (name, text) in [("id", &scope.id), ("name", &scope.name)] {
        if let Some(text) = text {
            out[name] = json!(text);
        }
    }
    out
}

fn data(scope: &VariableScope) -> Value {
    scope.iter().map(|(key, variable)| (key.to_owned(), variable.value.clone())).collect::<Map<_, _>>().into()
}

/// A cookie as `pm.cookies` lists it.
pub(super) fn cookie(cookie: &ScriptCookie) -> Value {
    let mut out = named("name", cookie);
    // What a cookie does not say is told all the same.
    for (field, nothing) in [("expires", Value::Null), ("maxAge", json!(0))] {
        if out.get(field).is_none() {
            out[field] = nothing;
        }
    }
    out
}

/// A cookie as tough-cookie's store keeps it.
pub(super) fn stored(cookie: &ScriptCookie) -> Value {
    named("key", cookie)
}

/// The two differ in what they call the name.
fn named(name: &str, cookie: &ScriptCookie) -> Value {
    let mut out = json!({
        name: cookie.name,
        "value": cookie.value,
        "domain": cookie.domain,
        "path": cookie.path,
        "hostOnly": cookie.host_only,
        "secure": cookie.secure,
        "httpOnly": cookie.http_only,
    });
    if let Some(expires) = &cookie.expires {
        out["expires"] = json!(expires);
    }
    if let Some(max_age) = cookie.max_age {
        out["maxAge"] = json!(max_age);
    }
    if let Some(same_site) = &cookie.same_site {
        out["sameSite"] = json!(same_site);
    }
    out
}
