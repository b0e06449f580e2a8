//! Items whose requests are released together, told of one after the other once all are answered.

use super::{Runner, ScriptEngine, StormOptions, StormTransport, Transport, behavior};
use crate::event::{Cursor, EventKind, RequestLine};
use crate::exchange::Exchange;
use crate::plan::PlannedItem;
use std::sync::Arc;
use std::time::Duration;

/// What came of a storm.
#[derive(Debug, Clone)]
pub struct Released {
    /// One exchange an item, in order.
    pub exchanges: Vec<Arc<Exchange>>,
    /// From the release of the first request to that of the last.
    pub skew: Option<Duration>,
}

impl<T, F, S, E> Runner<T, F, S>
where
    T: Transport + StormTransport,
    S: ScriptEngine,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// Releases the requests of some items together and tells everything about it. Their scripts are not run, nothing
    /// is captured, challenges are not answered; the first item says how all are sent. `None`: cancelled meanwhile.
    ///
    /// # Errors
    /// Whatever `emit` says.
    pub async fn run_storm(
        &mut self,
        items: &[PlannedItem],
        cursor: Cursor,
        storm: &StormOptions,
    ) -> Result<Option<Released>, E> {
        let requests = u32::try_from(items.len()).unwrap_or(u32::MAX);
        (self.emit)(EventKind::StormStarted { cursor, requests })?;
        let mut sent = Vec::new();
        for item in items {
            let resolved = self.prepare(item, None, cursor)?;
            let attempt = resolved.auth.map(|auth| self.auth.begin(&auth, item.auth_owner.as_deref()));
            let shape = (resolved.wire, resolved.content_type.as_deref());
            sent.push(self.sign(item, &resolved.request, attempt.as_ref(), shape, cursor)?);
        }
        let none = serde_json::Map::new();
        let behavior = items.first().map_or(&none, |item| &item.behavior);
        let mut options = behavior::send_options(behavior, &self.options);
        options.timeout = self.within_run(options.timeout);
        let released = tokio::select! {
            biased;
            () = self.options.cancel.cancelled() => return Ok(None),
            released = self.transport.release(sent, &options, storm) => released,
        };
        for warning in self.transport.take_warnings() {
            self.warn(Some(cursor), warning)?;
        }
        let exchanges: Vec<Arc<Exchange>> = released.exchanges.into_iter().map(Arc::new).collect();
        for (item, exchange) in items.iter().zip(&exchanges) {
            self.requests += 1;
            let number = self.requests;
            let request = exchange.request();
            let request = RequestLine { method: request.method.clone(), url: request.url.clone() };
            (self.emit)(EventKind::ItemStarted { cursor, item: item.item.clone() })?;
            (self.emit)(EventKind::RequestStarted { cursor, number, request })?;
            self.reach.observe(exchange);
            let passed = exchange.trouble().is_none();
            let exchange = Arc::clone(exchange);
            (self.emit)(EventKind::RequestFinished { cursor, number, exchange, by_script: false })?;
            (self.emit)(EventKind::ItemFinished { cursor, item: item.item.clone(), passed })?;
        }
        let skew_ms = released.skew.map(|skew| skew.as_secs_f64() * 1000.0);
        (self.emit)(EventKind::StormFinished { cursor, skew_ms })?;
        Ok(Some(Released { exchanges, skew: released.skew }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answer, exchange, item};
    use super::super::{Cancel, RunOptions, ScriptCookie, SendOptions, Storm};
    use super::*;
    use crate::exchange::ResolvedRequest;
    use crate::variable::Scopes;
    use std::convert::Infallible;

    /// Answers a storm with 200 for the first request and 401 for the others; cancels the run where told so.
    struct Stormy(Option<Cancel>);

    impl StormTransport for Stormy {
        async fn release(&self, requests: Vec<ResolvedRequest>, _: &SendOptions, _: &StormOptions) -> Storm {
            if let Some(cancel) = &self.0 {
                cancel.cancel();
                std::future::pending::<()>().await;
            }
            let answers = requests.iter().enumerate().map(|(position, request)| {
                let code = if position == 0 { 200 } else { 401 };
                exchange(&request.method, &request.url, "", answer(code, &[], ""))
            });
            Storm { exchanges: answers.collect(), skew: Some(Duration::from_micros(80)) }
        }
    }

    impl Transport for Stormy {
        async fn send(&self, _: ResolvedRequest, _: &SendOptions) -> Exchange {
            panic!("sent alone")
        }

        fn cookies(&self) -> Vec<ScriptCookie> {
            Vec::new()
        }

        fn cookies_for(&self, _: &str) -> Vec<ScriptCookie> {
            Vec::new()
        }

        fn put_cookie(&self, _: &ScriptCookie) {}

        fn remove_cookie(&self, _: &str, _: &str, _: &str) {}
    }

    async fn storm(cancelled: bool) -> (Option<Released>, Vec<EventKind>) {
        let cancel = Cancel::default();
        let transport = Stormy(cancelled.then(|| cancel.clone()));
        let options = RunOptions { cancel, ..RunOptions::default() };
        let mut events = Vec::new();
        let mut runner = Runner::new(transport, Scopes::default(), options, |event| {
            events.push(event);
            Ok::<(), Infallible>(())
        });
        let items = vec![item("POST", "http://127.0.0.1/token"); 2];
        let Ok(released) = runner.run_storm(&items, Cursor::default(), &StormOptions::default()).await;
        drop(runner);
        (released, events)
    }

    #[tokio::test]
    async fn a_storm_is_told_of_item_by_item_between_its_start_and_its_end() {
        let (released, events) = storm(false).await;
        let released = released.unwrap();
        assert_eq!(released.exchanges.len(), 2);
        let story: Vec<String> = events
            .iter()
            .map(|event| match event {
                EventKind::StormStarted { requests, .. } => format!("storm of {requests}"),
                EventKind::ItemStarted { .. } => "item".to_owned(),
                EventKind::RequestStarted { number, .. } => format!("request {number}"),
                EventKind::RequestFinished { number, exchange, .. } => {
                    format!("answer {number}: {}", exchange.response().unwrap().code)
                }
                EventKind::ItemFinished { .. } => "end".to_owned(),
                EventKind::StormFinished { skew_ms, .. } => format!("skew {}", skew_ms.unwrap()),
                other => panic!("{other:?}"),
            })
            .collect();
        let expected = [
            "storm of 2",
            "item",
            "request 1",
            "answer 1: 200",
            "end",
            "item",
            "request 2",
            "answer 2: 401",
            "end",
            "skew 0.08",
        ];
        assert_eq!(story, expected);
    }

    #[tokio::test]
    async fn a_storm_that_is_cancelled_has_no_answers() {
        let (released, events) = storm(true).await;
        assert!(released.is_none());
        assert_eq!(events.len(), 1, "{events:?}");
    }
}
