//! One item, phase by phase: announce, scripts, resolve, sign, send, scripts, capture, finish.

use super::control::Halt;
use super::resolve::{self, Resolved};
use super::script::{Next, Phase, Sent};
use super::{Runner, ScriptEngine, SendOptions, Transport, behavior};
use crate::auth::{Attempt, Verdict, Wire};
use crate::collection::Request;
use crate::event::{Cursor, EventKind, RequestLine, Secret};
use crate::exchange::{Exchange, Headers, ResolvedRequest};
use crate::plan::PlannedItem;
use crate::variable::Resolver;
use crate::wire_url::Written;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// What came of a request, however many attempts it took.
#[derive(Debug)]
pub(super) struct Fetched {
    /// The last attempt and its answer.
    pub(super) exchange: Arc<Exchange>,
    /// The URL as written and signed, encoded: with credentials and fragment, which reports leave out.
    pub(super) url: String,
    /// The auth as it was used, what the server's challenge added included.
    pub(super) auth: Option<Value>,
}

/// A request on its way, over however many attempts.
#[derive(Debug)]
pub(super) struct Fetch {
    unsigned: ResolvedRequest,
    attempt: Option<Attempt>,
    wire: Wire,
    content_type: Option<String>,
    cursor: Cursor,
    sender: Sender,
    /// Of the attempt under way.
    number: u64,
    /// The URL of the attempt under way.
    url: String,
}

/// Who sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    /// An item: it is its own.
    Item,
    /// A script, beside the item's.
    Script,
}

/// What an item came to.
#[derive(Debug)]
pub(super) struct ItemEnd {
    /// What was sent and answered; `None` when a script skipped the request.
    pub(super) exchange: Option<Arc<Exchange>>,
    /// What its scripts want to run next.
    pub(super) next: Next,
    /// Why the run ends with it, if it does.
    pub(super) halt: Option<Halt>,
}

impl<T, F, S, E> Runner<T, F, S>
where
    T: Transport,
    S: ScriptEngine,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// Runs one item and tells everything about it. `None`: cancelled while it was in progress; no further event of
    /// the item follows. Errors: whatever `emit` says.
    pub async fn run_item(&mut self, item: &PlannedItem, cursor: Cursor) -> Result<Option<Arc<Exchange>>, E> {
        Ok(self.run_planned(item, cursor).await?.and_then(|ended| ended.exchange))
    }

    /// The same for what must be sent though the run was cancelled; `None` where it is not done within that time, too.
    ///
    /// # Errors
    /// Whatever `emit` says.
    pub async fn run_regardless(
        &mut self,
        item: &PlannedItem,
        cursor: Cursor,
        within: Duration,
    ) -> Result<Option<Arc<Exchange>>, E> {
        let cancel = std::mem::take(&mut self.options.cancel);
        let ran = tokio::time::timeout(within, self.run_item(item, cursor)).await;
        self.options.cancel = cancel;
        ran.unwrap_or(Ok(None))
    }

    pub(super) async fn run_planned(
        &mut self,
        item: &PlannedItem,
        cursor: Cursor,
    ) -> Result<Option<ItemEnd>, E> {
        self.announce(item, cursor)?;
        let Some(before) = self.scripts(Phase::Prerequest, item, cursor, None).await? else {
            return Ok(None);
        };
        if before.halt.is_some() {
            self.finish(item, false, cursor)?;
            return Ok(Some(ItemEnd { exchange: None, next: before.next, halt: before.halt }));
        }
        if before.skip_request {
            let reason = "pm.execution.skipRequest()".to_owned();
            (self.emit)(EventKind::ItemSkipped { cursor, item: item.item.clone(), reason })?;
            self.finish(item, !before.failed, cursor)?;
            return Ok(Some(ItemEnd { exchange: None, next: before.next, halt: None }));
        }
        let (written, changed) = self.written(item, before.request);
        let request = self.prepare(item, changed.as_ref(), cursor)?;
        let Some(fetched) = self.fetch(item, request, (cursor, Sender::Item)).await? else {
            return Ok(None);
        };
        let Fetched { exchange, url, auth } = fetched;
        if let Some(halt) = self.halt_after(&exchange, item) {
            self.finish(item, false, cursor)?;
            return Ok(Some(ItemEnd { exchange: Some(exchange), next: before.next, halt: Some(halt) }));
        }
        let sent = Sent { exchange: &exchange, url: &url, written: &written, auth: auth.as_ref() };
        let before_tests = self.options.captures.before_scripts(&self.scopes.environment);
        let Some(after) = self.scripts(Phase::Test, item, cursor, Some(sent)).await? else {
            return Ok(None);
        };
        self.capture(&exchange, &before_tests, cursor)?;
        let passed = exchange.response().is_some() && !before.failed && !after.failed;
        self.finish(item, passed, cursor)?;
        // What a test says outweighs what the pre-request script said.
        let next = if after.next == Next::InOrder { before.next } else { after.next };
        Ok(Some(ItemEnd { exchange: Some(exchange), next, halt: after.halt }))
    }

    /// Whether the run ends with that request, its tests not run.
    fn halt_after(&self, exchange: &Exchange, item: &PlannedItem) -> Option<Halt> {
        if self.overdue() {
            return Some(Halt::Overdue);
        }
        self.halt(false, item, &exchange.failure()?.message)
    }

    fn announce(&mut self, item: &PlannedItem, cursor: Cursor) -> Result<(), E> {
        (self.emit)(EventKind::ItemStarted { cursor, item: item.item.clone() })
    }

    /// Resolves. `changed` is what pre-request scripts made of the request.
    pub(super) fn prepare(
        &mut self,
        item: &PlannedItem,
        changed: Option<&Request>,
        cursor: Cursor,
    ) -> Result<Resolved, E> {
        let resolver = Resolver::new(&self.scopes, &mut self.dynamic);
        let mut resolved = match changed {
            None => resolve::resolve(item, &self.options.files, resolver),
            Some(request) => {
                let auth = request.auth.clone().or_else(|| item.auth.clone());
                let auth_owner = item.auth_owner.clone().filter(|_| auth == item.auth);
                let changed = PlannedItem { request: request.clone(), auth, auth_owner, ..item.clone() };
                resolve::resolve(&changed, &self.options.files, resolver)
            }
        };
        for warning in std::mem::take(&mut resolved.warnings) {
            self.warn_once(item, cursor, warning)?;
        }
        Ok(resolved)
    }

    /// The request as test scripts will see it, variables resolved, and the one to send: where a value is made up
    /// (`{{$guid}}`), both must have the same.
    pub(super) fn written(
        &mut self,
        item: &PlannedItem,
        changed: Option<Request>,
    ) -> (Value, Option<Request>) {
        if !S::RUNS || !item.events.iter().any(|event| event.listen == Phase::Test.listen()) {
            return (Value::Null, changed);
        }
        let request = changed.as_ref().unwrap_or(&item.request);
        let mut written = request.to_json();
        if let Some(parts) = written.as_object_mut() {
            // Signing may change the URL and the auth: of them, what was sent is seen.
            parts.retain(|name, _| !matches!(name.as_str(), "url" | "auth"));
        }
        let makes_up = written.to_string().contains("{{$");
        let written = Resolver::new(&self.scopes, &mut self.dynamic).resolve_json(&written);
        let made = makes_up.then(|| Request::from_json(&written)).flatten();
        let sent = made.map(|made| Request { headers: made.headers, body: made.body, ..request.clone() });
        (written, sent.or(changed))
    }

    /// Signs and sends, and again while the server's challenge asks for it. Every attempt is a request of its own in
    /// the reports; the last one is the item's. `None`: cancelled.
    pub(super) async fn fetch(
        &mut self,
        item: &PlannedItem,
        resolved: Resolved,
        (cursor, sender): (Cursor, Sender),
    ) -> Result<Option<Fetched>, E> {
        let mut fetch = self.begin(item, resolved, (cursor, sender));
        loop {
            let (request, options) = self.attempt(item, &mut fetch)?;
            let exchange = tokio::select! {
                biased;
                () = self.options.cancel.cancelled() => return Ok(None),
                exchange = self.transport.send(request, &options) => exchange,
            };
            if let Some(fetched) = self.attempted(item, &mut fetch, exchange)? {
                return Ok(Some(fetched));
            }
        }
    }

    /// A request that is about to be sent.
    pub(super) fn begin(
        &mut self,
        item: &PlannedItem,
        resolved: Resolved,
        (cursor, sender): (Cursor, Sender),
    ) -> Fetch {
        let Resolved { request: unsigned, auth, wire, content_type, .. } = resolved;
        let attempt = auth.map(|auth| self.auth.begin(&auth, item.auth_owner.as_deref()));
        Fetch { unsigned, attempt, wire, content_type, cursor, sender, number: 0, url: String::new() }
    }

    /// What to send next, signed and announced.
    pub(super) fn attempt(
        &mut self,
        item: &PlannedItem,
        fetch: &mut Fetch,
    ) -> Result<(ResolvedRequest, SendOptions), E> {
        let cursor = fetch.cursor;
        let shape = (fetch.wire, fetch.content_type.as_deref());
        let request = self.sign(item, &fetch.unsigned, fetch.attempt.as_ref(), shape, cursor)?;
        let url = Written::of(&request.url, fetch.wire.encoding).map(|url| url.to_string());
        fetch.url = url.unwrap_or_default();
        self.requests += 1;
        fetch.number = self.requests;
        let line = RequestLine { method: request.method.clone(), url: request.url.clone() };
        (self.emit)(EventKind::RequestStarted { cursor, number: fetch.number, request: line })?;
        let mut options = behavior::send_options(&item.behavior, &self.options);
        options.timeout = self.within_run(options.timeout);
        if let Some(proxy) = &item.request.proxy {
            let resolved = Resolver::new(&self.scopes, &mut self.dynamic).resolve_json(proxy);
            options.proxy = behavior::request_proxy(&resolved);
        }
        Ok((request, options))
    }

    /// Tells what came of an attempt. `None`: the server wants another.
    pub(super) fn attempted(
        &mut self,
        item: &PlannedItem,
        fetch: &mut Fetch,
        exchange: Exchange,
    ) -> Result<Option<Fetched>, E> {
        let (cursor, exchange) = (fetch.cursor, Arc::new(exchange));
        for warning in self.transport.take_warnings() {
            self.warn(Some(cursor), warning)?;
        }
        self.reach.observe(&exchange);
        let by_script = fetch.sender == Sender::Script;
        let number = fetch.number;
        (self.emit)(EventKind::RequestFinished {
            cursor,
            number,
            exchange: Arc::clone(&exchange),
            by_script,
        })?;
        let verdict = match (&mut fetch.attempt, exchange.response()) {
            (Some(attempt), Some(response)) => self.auth.answered(attempt, response),
            _ => Verdict::Done(None),
        };
        let Verdict::Done(warning) = verdict else {
            fetch.unsigned.headers = replayed(&fetch.unsigned.headers, &exchange.request().headers);
            return Ok(None);
        };
        if let Some(warning) = warning {
            self.warn_once(item, cursor, warning.at(item.item.location.clone()))?;
        }
        let auth = fetch.attempt.as_ref().map(|attempt| attempt.auth().to_json());
        Ok(Some(Fetched { exchange, url: std::mem::take(&mut fetch.url), auth }))
    }

    /// Has secrets masked from now on.
    pub(super) fn tell_secrets(&mut self, secrets: Vec<Secret>, lasting: bool) -> Result<(), E> {
        if secrets.is_empty() { Ok(()) } else { (self.emit)(EventKind::SecretsMade { secrets, lasting }) }
    }

    /// A request with its auth's fields.
    pub(super) fn sign(
        &mut self,
        item: &PlannedItem,
        unsigned: &ResolvedRequest,
        attempt: Option<&Attempt>,
        (wire, content_type): (Wire, Option<&str>),
        cursor: Cursor,
    ) -> Result<ResolvedRequest, E> {
        let mut request = unsigned.clone();
        let signed = attempt.map(|attempt| self.auth.sign(attempt, &mut request, wire));
        let (warning, secrets) = signed.map(|signed| (signed.warning, signed.secrets)).unwrap_or_default();
        if let Some(warning) = warning {
            self.warn_once(item, cursor, warning.at(item.item.location.clone()))?;
        }
        // Postman's order of headers is the user's, auth, `Content-Type`.
        if let Some(content_type) = content_type
            && !request.headers.contains("content-type")
        {
            request.headers.push_system("Content-Type", content_type);
        }
        self.tell_secrets(secrets, false)?;
        Ok(request)
    }

    fn capture(
        &mut self,
        exchange: &Exchange,
        before: &HashMap<String, Value>,
        cursor: Cursor,
    ) -> Result<(), E> {
        let environment = &mut self.scopes.environment;
        let captured = self.options.captures.apply(exchange, environment, before);
        for warning in captured.warnings {
            self.warn(Some(cursor), warning)?;
        }
        if !captured.names.is_empty() {
            (self.emit)(EventKind::VariablesCaptured { cursor, names: captured.names })?;
        }
        Ok(())
    }

    fn finish(&mut self, item: &PlannedItem, passed: bool, cursor: Cursor) -> Result<(), E> {
        (self.emit)(EventKind::ItemFinished { cursor, item: item.item.clone(), passed })
    }
}

/// The headers a request is sent with once more, before it is signed: as they went out, in Postman's order, but for the
/// cookies, which the jar adds anew.
fn replayed(own: &Headers, sent: &Headers) -> Headers {
    let mut headers = sent.clone();
    headers.remove("cookie");
    let cookies = own.iter().filter(|header| header.key.eq_ignore_ascii_case("cookie"));
    headers.0.extend(cookies.cloned());
    headers
}
