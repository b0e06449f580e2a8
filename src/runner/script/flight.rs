//! Requests that a script has sent and whose answers are under way: as in newman, several fly at a time, each with the
//! cookies there were when it was sent.

use super::context;
use crate::collection::{Request, RequestBody};
use crate::diagnostic::{Warning, WarningCode};
use crate::event::{Cursor, EventKind};
use crate::exchange::{Exchange, FailureKind, ResolvedRequest, TransportFailure};
use crate::plan::PlannedItem;
use crate::runner::item_flow::{Fetch, Fetched, Sender};
use crate::runner::resolve;
use crate::runner::{Runner, ScriptEngine, ScriptQuestion, SendOptions, Transport};
use crate::variable::{Resolver, Scopes};
use crate::wire_url::{Encoding, WireUrl};
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// One `pm.sendRequest`, sent by the letter, without the collection's auth; it shows in the reports like any request.
pub(super) struct Flight {
    question: ScriptQuestion,
    asked: PlannedItem,
    fetch: Fetch,
}

/// A flight that is ready to go.
pub(super) type Ready = (Flight, ResolvedRequest, SendOptions);

/// Sends what is ready.
pub(super) async fn fly<T: Transport>(
    transport: Rc<T>,
    (flight, request, options): Ready,
) -> (Flight, Exchange) {
    (flight, transport.send(request, &options).await)
}

impl<T, F, S, E> Runner<T, F, S>
where
    T: Transport,
    S: ScriptEngine,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// What a script wants to be sent; one that cannot be read is answered at once.
    pub(super) fn launch(
        &mut self,
        question: ScriptQuestion,
        item: &PlannedItem,
        cursor: Cursor,
    ) -> Result<Option<Ready>, E> {
        let request = question.arguments.first().cloned().unwrap_or_default();
        let Some(mut request) = Request::from_json(&request) else {
            let error = json!({"type": "Error", "name": "Error", "message": "sendrequest: the request cannot be read"});
            self.tell(&question, vec![error]);
            return Ok(None);
        };
        if remove_files(&mut request) {
            let message = "a script cannot send files: they were left out of its request";
            let warning = Warning::new(WarningCode::BodyNotSent, message).at(item.item.location.clone());
            self.warn_once(item, cursor, warning)?;
        }
        let auth = request.auth.clone();
        let asked = PlannedItem {
            request,
            auth,
            auth_owner: None,
            events: Vec::new(),
            behavior: as_written(),
            ..item.clone()
        };
        let none = Scopes::default();
        let resolver = Resolver::verbatim(&none, &mut self.dynamic);
        let resolved = resolve::resolve(&asked, &self.options.files, resolver);
        for warning in resolved.warnings.clone() {
            self.warn(Some(cursor), warning)?;
        }
        let fetch = self.begin(&asked, resolved, (cursor, Sender::Script));
        self.relaunch(Flight { question, asked, fetch }).map(Some)
    }

    fn relaunch(&mut self, mut flight: Flight) -> Result<Ready, E> {
        let (request, options) = self.attempt(&flight.asked, &mut flight.fetch)?;
        Ok((flight, request, options))
    }

    /// Tells the script what came back, unless the server wants another attempt: that is given back, ready.
    pub(super) fn land(&mut self, (mut flight, exchange): (Flight, Exchange)) -> Result<Option<Ready>, E> {
        let Some(Fetched { exchange, .. }) = self.attempted(&flight.asked, &mut flight.fetch, exchange)?
        else {
            return self.relaunch(flight).map(Some);
        };
        let cookies: Vec<Value> =
            self.transport.cookies_for(&exchange.last().request.url).iter().map(context::cookie).collect();
        let mut history = json!({"cookies": cookies});
        let answer = match &exchange.last().outcome {
            Ok(response) => vec![Value::Null, context::response(response, exchange.total_ms()), history],
            Err(failure) => {
                let mut words = json!({"name": "Error", "message": failure.message});
                let error = match nodes_fields(failure, &exchange.last().request.url) {
                    Some(fields) => {
                        history["words"] = words;
                        fields
                    }
                    None => {
                        words["code"] = json!(failure.kind.node_code());
                        words
                    }
                };
                vec![error, Value::Null, history]
            }
        };
        self.tell(&flight.question, answer);
        Ok(None)
    }
}

/// A failure of which the system or a clock has spoken, in node's fields and their order.
fn nodes_fields(failure: &TransportFailure, url: &str) -> Option<Value> {
    let code = failure.kind.node_code();
    if matches!(failure.kind, FailureKind::Timeout | FailureKind::ConnectTimeout) {
        return Some(json!({"code": code, "connect": failure.kind == FailureKind::ConnectTimeout}));
    }
    let (errno, syscall) = failure.kind.system_call()?;
    let mut fields = json!({"errno": errno, "code": code, "syscall": syscall});
    match (failure.kind, WireUrl::parse_any_host(url, Encoding::Encode)) {
        (FailureKind::Dns, Ok(url)) => fields["hostname"] = json!(url.host()),
        (FailureKind::Connect, Ok(url)) => {
            fields["address"] = json!(url.host().trim_matches(['[', ']']));
            fields["port"] = json!(url.port());
        }
        _ => {}
    }
    Some(fields)
}

/// What scripts send is sent whatever its method, and inherits nothing of the collection's.
fn as_written() -> Map<String, Value> {
    Map::from_iter([("disableBodyPruning".to_owned(), Value::Bool(true))])
}

/// Takes the files out of a request; whether there were any.
fn remove_files(request: &mut Request) -> bool {
    match &mut request.body {
        Some(RequestBody::File { .. }) => {
            request.body = None;
            true
        }
        Some(RequestBody::FormData(parts)) => {
            let all = parts.len();
            parts.retain(|part| !part.file);
            parts.len() < all
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_have_nodes_fields_in_nodes_order() {
        use FailureKind::{Connect, ConnectTimeout, Dns, Protocol, Reset, Timeout};
        let refused =
            r#"{"errno":-111,"code":"ECONNREFUSED","syscall":"connect","address":"127.0.0.1","port":1}"#;
        let standard =
            r#"{"errno":-111,"code":"ECONNREFUSED","syscall":"connect","address":"::1","port":443}"#;
        let unknown = r#"{"errno":-3008,"code":"ENOTFOUND","syscall":"getaddrinfo","hostname":"h.test"}"#;
        for (kind, url, expected) in [
            (Connect, "http://127.0.0.1:1/x", refused),
            (Connect, "https://[::1]/", standard),
            (Dns, "http://h.test/", unknown),
            (Reset, "http://h/", r#"{"errno":-104,"code":"ECONNRESET","syscall":"read"}"#),
            (Timeout, "http://h/", r#"{"code":"ESOCKETTIMEDOUT","connect":false}"#),
            (ConnectTimeout, "http://h/", r#"{"code":"ETIMEDOUT","connect":true}"#),
            (Protocol, "http://h/", ""),
        ] {
            let fields = nodes_fields(&TransportFailure { kind, message: String::new() }, url);
            assert_eq!(fields.map(|fields| fields.to_string()).unwrap_or_default(), expected);
        }
    }
}
