//! One item, phase by phase: announce, resolve, sign, send, capture, finish.

use super::resolve::{self, Resolved};
use super::{Runner, Transport, behavior, capture};
use crate::event::{Cursor, EventKind, RequestLine};
use crate::exchange::{Exchange, ResolvedRequest};
use crate::plan::PlannedItem;
use crate::variable::Resolver;
use std::sync::Arc;

impl<T, F, E> Runner<T, F>
where
    T: Transport,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// Runs one item and tells everything about it. `None`: cancelled while the request was in progress; no further
    /// event of the item follows. Errors: whatever `emit` says.
    pub async fn run_item(&mut self, item: &PlannedItem, cursor: Cursor) -> Result<Option<Arc<Exchange>>, E> {
        self.announce(item, cursor)?;
        let resolved = self.resolve(item, cursor)?;
        let request = self.sign(item, resolved, cursor)?;
        let Some(exchange) = self.send(item, request, cursor).await? else { return Ok(None) };
        self.capture(&exchange, cursor)?;
        self.finish(item, &exchange, cursor)?;
        Ok(Some(exchange))
    }

    fn announce(&mut self, item: &PlannedItem, cursor: Cursor) -> Result<(), E> {
        (self.emit)(EventKind::ItemStarted { cursor, item: item.item.clone() })
    }

    fn resolve(&mut self, item: &PlannedItem, cursor: Cursor) -> Result<Resolved, E> {
        let resolver = Resolver::new(&self.scopes, &mut self.dynamic);
        let mut resolved = resolve::resolve(item, resolver);
        for warning in std::mem::take(&mut resolved.warnings) {
            self.warn(Some(cursor), warning)?;
        }
        Ok(resolved)
    }

    /// Signs, then adds what the body implies: Postman's order of headers is the user's, auth, `Content-Type`.
    fn sign(&mut self, item: &PlannedItem, resolved: Resolved, cursor: Cursor) -> Result<ResolvedRequest, E> {
        let Resolved { mut request, auth, content_type, .. } = resolved;
        if let Some(warning) = auth.and_then(|scheme| scheme.sign(&mut request)) {
            self.warn(Some(cursor), warning.at(item.item.location.clone()))?;
        }
        if let Some(content_type) = content_type {
            request.headers.push("Content-Type", content_type);
        }
        Ok(request)
    }

    async fn send(
        &mut self,
        item: &PlannedItem,
        request: ResolvedRequest,
        cursor: Cursor,
    ) -> Result<Option<Arc<Exchange>>, E> {
        self.requests += 1;
        let number = self.requests;
        let line = RequestLine { method: request.method.clone(), url: request.url.clone() };
        (self.emit)(EventKind::RequestStarted { cursor, number, request: line })?;
        let options = behavior::send_options(&item.behavior, &self.options);
        let exchange = tokio::select! {
            biased;
            () = self.options.cancel.cancelled() => return Ok(None),
            exchange = self.transport.send(request, &options) => Arc::new(exchange),
        };
        self.answered |= exchange.calls.iter().any(|call| call.outcome.is_ok());
        (self.emit)(EventKind::RequestFinished { cursor, number, exchange: Arc::clone(&exchange) })?;
        Ok(Some(exchange))
    }

    fn capture(&mut self, exchange: &Exchange, cursor: Cursor) -> Result<(), E> {
        let captured = capture::apply(&self.options.captures, exchange, &mut self.scopes.environment);
        for warning in captured.warnings {
            self.warn(Some(cursor), warning)?;
        }
        if !captured.names.is_empty() {
            (self.emit)(EventKind::VariablesCaptured { cursor, names: captured.names })?;
        }
        Ok(())
    }

    fn finish(&mut self, item: &PlannedItem, exchange: &Exchange, cursor: Cursor) -> Result<(), E> {
        let passed = exchange.response().is_some();
        (self.emit)(EventKind::ItemFinished { cursor, item: item.item.clone(), passed })
    }
}
