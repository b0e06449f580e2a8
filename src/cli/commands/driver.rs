//! Probes, sent through the runner at the pace that was asked for.

use super::safety::{Limits, Turn};
use super::session::{self, Stop};
use crate::cli::terminal;
use postproof::conformance::probe::Driver;
use postproof::contract::Http2;
use postproof::event::{Cursor, EventKind};
use postproof::exchange::Exchange;
use postproof::plan::PlannedItem;
use postproof::runner::{self, Cancel, Runner, StormOptions, StormTransport, Transport};
use postproof::variable::{Dynamic, Resolver, Scopes};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// How long a probe's request may take where `--timeout-request` says nothing.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
/// Requests in a row without an answer after which a target is taken to be gone.
pub(super) const SILENT: u32 = 5;

/// Sends probes through the runner.
pub(super) struct RunnerDriver<T, F> {
    runner: Runner<T, F>,
    cancel: Cancel,
    cursor: Cursor,
    delay: Option<Duration>,
    answered: bool,
    /// Requests sent, answered or not; those of storms aside.
    begun: u64,
    /// Requests without an answer since the last one that had one.
    silent: u32,
    dynamic: Dynamic,
    limits: Limits,
    violations: Violations,
    /// Exchanges that a walk wants to see again.
    kept: Option<Vec<Arc<Exchange>>>,
}

/// Checks violated so far, and how often.
pub(super) type Violations = Rc<RefCell<BTreeMap<&'static str, u64>>>;

impl<T, F> RunnerDriver<T, F> {
    /// A driver that has sent nothing. `violations` are told from outside; `delay` lies before each request.
    pub(super) fn new(
        runner: Runner<T, F>,
        cancel: Cancel,
        delay: Option<Duration>,
        limits: Limits,
        violations: Violations,
    ) -> Self {
        Self {
            runner,
            cancel,
            cursor: Cursor { cycles: 1, ..Cursor::default() },
            delay,
            answered: false,
            begun: 0,
            silent: 0,
            dynamic: Dynamic::from_entropy(),
            limits,
            violations,
            kept: None,
        }
    }
}

impl<T, F> Driver for RunnerDriver<T, F>
where
    T: Transport + StormTransport,
    F: FnMut(EventKind) -> Result<(), Infallible>,
{
    type Error = Stop;

    fn resolve(&mut self, template: &str, variables: &[(String, Value)]) -> String {
        let mut scopes = self.runner.scopes().clone();
        variables.iter().for_each(|(name, value)| scopes.local.set(name, value.clone()));
        Resolver::new(&scopes, &mut self.dynamic).resolve(template).into_owned()
    }

    async fn send(&mut self, item: PlannedItem) -> Result<Arc<Exchange>, Stop> {
        if let Some(delay) = self.delay {
            self.pause(delay, "--delay-request").await?;
        }
        self.wait_for_turn(1).await?;
        let cursor = self.cursor;
        self.cursor.position += 1;
        self.begun += 1;
        let Ok(exchange) = self.runner.run_item(&item, cursor).await;
        let exchange = exchange.ok_or(Stop::Interrupted)?;
        self.heard(&exchange)?;
        self.kept.iter_mut().for_each(|kept| kept.push(Arc::clone(&exchange)));
        Ok(exchange)
    }

    async fn send_last(&mut self, item: PlannedItem) -> Option<Arc<Exchange>> {
        // Past the limit, but counted; the rate is kept as far as the time goes.
        if let Turn::After(pause) = self.limits.turn(1)
            && !self.cancel.is_cancelled()
        {
            tokio::time::sleep(pause.min(LIMIT)).await;
        }
        let cursor = self.cursor;
        self.cursor.position += 1;
        self.begun += 1;
        let Ok(exchange) = self.runner.run_regardless(&item, cursor, LIMIT).await;
        let exchange = exchange?;
        self.kept.iter_mut().for_each(|kept| kept.push(Arc::clone(&exchange)));
        Some(exchange)
    }

    fn begun(&self) -> u64 {
        self.begun
    }

    async fn storm(&mut self, items: Vec<PlannedItem>, http2: Http2) -> Result<Vec<Arc<Exchange>>, Stop> {
        let http2 = match http2 {
            Http2::Auto => runner::Http2::Auto,
            Http2::PriorKnowledge => runner::Http2::PriorKnowledge,
            Http2::Off => runner::Http2::Off,
        };
        self.release(&items, StormOptions { http2, ..StormOptions::default() }).await
    }

    async fn abandon(&mut self, item: PlannedItem) -> Result<(), Stop> {
        let options = StormOptions { patience: None, http2: runner::Http2::Off, ..StormOptions::default() };
        self.release(&[item], options).await.map(|_| ())
    }

    async fn pause(&mut self, duration: Duration, _why: &str) -> Result<(), Stop> {
        tokio::select! {
            () = self.cancel.cancelled() => Err(Stop::Interrupted),
            () = tokio::time::sleep(duration) => Ok(()),
        }
    }

    fn now_ms(&self) -> f64 {
        session::unix_ms()
    }

    fn violations(&self) -> BTreeMap<&'static str, u64> {
        self.violations.borrow().clone()
    }

    fn keep(&mut self) {
        self.kept = Some(Vec::new());
    }

    fn kept(&mut self) -> Vec<Arc<Exchange>> {
        self.kept.take().unwrap_or_default()
    }

    fn progress(&mut self, done: usize, of: usize) {
        // On a terminal the bar says so.
        if !terminal::stderr_is_terminal() {
            terminal::note(&format!("{done} of {of} moves"));
        }
    }
}

impl<T, F> RunnerDriver<T, F>
where
    T: Transport + StormTransport,
    F: FnMut(EventKind) -> Result<(), Infallible>,
{
    /// The variables as the probes left them.
    pub(super) fn into_scopes(self) -> Scopes {
        self.runner.into_scopes()
    }

    async fn release(
        &mut self,
        items: &[PlannedItem],
        options: StormOptions,
    ) -> Result<Vec<Arc<Exchange>>, Stop> {
        self.wait_for_turn(items.len()).await?;
        let cursor = self.cursor;
        self.cursor.position += 1;
        let Ok(released) = self.runner.run_storm(items, cursor, &options).await;
        Ok(released.ok_or(Stop::Interrupted)?.exchanges)
    }

    /// Waits until so many requests may be sent.
    async fn wait_for_turn(&mut self, requests: usize) -> Result<(), Stop> {
        match self.limits.turn(requests) {
            Turn::Now => Ok(()),
            Turn::After(pause) => self.pause(pause, "--rate").await,
            Turn::Never(limit) => Err(Stop::Exhausted(limit)),
        }
    }

    /// Ends what has no point: a target that is not there, or is there no more.
    fn heard(&mut self, exchange: &Exchange) -> Result<(), Stop> {
        match exchange.failure() {
            Some(failure) if !self.answered && failure.kind.unreachable() => {
                Err(Stop::Unreachable(failure.clone()))
            }
            Some(failure) => {
                self.silent += 1;
                if self.silent < SILENT { Ok(()) } else { Err(Stop::Silent(failure.clone())) }
            }
            None => {
                (self.answered, self.silent) = (true, 0);
                Ok(())
            }
        }
    }
}
