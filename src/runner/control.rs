//! Which item comes next, and what ends a run before its plan does.

use super::script::Next;
use super::{Runner, ScriptEngine, Transport, scripts};
use crate::diagnostic::{Warning, WarningCode};
use crate::event::{Cursor, ErrorInfo, EventKind};
use crate::exchange::{Exchange, FailureKind, TransportFailure};
use crate::plan::{PlannedItem, RunPlan};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Which failures end a run (`--bail`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bail {
    /// Every failure does, a failed assertion too. What is left of the item is not run.
    pub on_failure: bool,
    /// Errors do: a script that throws, a request without an answer. The iteration does not count as run.
    pub on_error: bool,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every item of every iteration was run.
    Completed,
    /// Cancelled. The item in progress and its iteration got no closing events.
    Interrupted,
    /// Everything was run, and no request ever reached its target; the first one failed with this.
    Unreachable(TransportFailure),
    /// A failure ended it, as [`Bail`] says: this one.
    Bailed(String),
    /// The time allowed for the run was over: what was running then.
    TimedOut(String),
}

/// Why an item was not run to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Halt {
    /// This failure ends the run.
    Failure(String),
    /// The run's time is over.
    Overdue,
}

/// Whether requests reach their target.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Some request did.
    answered: bool,
    /// Some request failed for another reason.
    failed_otherwise: bool,
    /// What the first one that did not reach it failed with.
    first: Option<TransportFailure>,
}

impl Reach {
    /// Takes a request's end.
    pub(super) fn observe(&mut self, exchange: &Exchange) {
        self.answered |= exchange.calls.iter().any(|call| call.outcome.is_ok());
        match exchange.failure() {
            Some(failure) if failure.kind.unreachable() => {
                self.first.get_or_insert_with(|| failure.clone());
            }
            // Nothing was sent: it tells nothing of the target.
            Some(failure) if failure.kind == FailureKind::InvalidRequest => {}
            Some(_) => self.failed_otherwise = true,
            None => {}
        }
    }

    /// Why nothing was ever reached, if nothing was.
    fn never(&self) -> Option<&TransportFailure> {
        self.first.as_ref().filter(|_| !self.answered && !self.failed_otherwise)
    }
}

/// How an iteration ended.
enum IterationEnd {
    /// Its items are run, or a script said it is enough.
    Finished,
    Early(Outcome),
}

impl<T, F, S, E> Runner<T, F, S>
where
    T: Transport,
    S: ScriptEngine,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// Runs the plan: every item in order, once an iteration. Neither a request that fails nor a script ends the
    /// run, unless the options say so. Errors: whatever `emit` says.
    pub async fn run(&mut self, plan: &Arc<RunPlan>) -> Result<Outcome, E> {
        self.plan = Some(Arc::clone(plan));
        self.deadline = self.options.timeout.map(|timeout| Instant::now() + timeout);
        if !S::RUNS
            && let Some(warning) = scripts::not_run(&plan.items)
        {
            self.warn(None, warning)?;
        }
        if scripts::any(&plan.items) {
            self.engine.prepare();
        }
        let length = u32::try_from(plan.items.len()).unwrap_or(u32::MAX);
        for iteration in 0..plan.iterations {
            let cursor = Cursor { position: 0, length, iteration, cycles: plan.iterations };
            let data = plan.data.row(iteration).cloned();
            self.scopes.data = plan.data.scope(iteration);
            (self.emit)(EventKind::IterationStarted { cursor, data })?;
            if let IterationEnd::Early(outcome) = self.iterate(plan, cursor).await? {
                if matches!(outcome, Outcome::Bailed(_)) && !self.options.bail.on_error {
                    (self.emit)(EventKind::IterationFinished { cursor })?;
                }
                return Ok(outcome);
            }
            (self.emit)(EventKind::IterationFinished { cursor })?;
        }
        Ok(self.reach.never().map_or(Outcome::Completed, |failure| Outcome::Unreachable(failure.clone())))
    }

    async fn iterate(&mut self, plan: &RunPlan, start: Cursor) -> Result<IterationEnd, E> {
        let (mut position, mut jumps) = (0, 0);
        while let Some(item) = plan.items.get(position) {
            let cursor = Cursor { position: u32::try_from(position).unwrap_or(u32::MAX), ..start };
            if let Some(outcome) = self.pause(item).await {
                return Ok(IterationEnd::Early(outcome));
            }
            let Some(ended) = self.run_planned(item, cursor).await? else {
                return Ok(IterationEnd::Early(Outcome::Interrupted));
            };
            match ended.halt {
                Some(Halt::Failure(message)) => return Ok(IterationEnd::Early(Outcome::Bailed(message))),
                Some(Halt::Overdue) => return Ok(IterationEnd::Early(self.timed_out(item))),
                None => {}
            }
            let Some(next) = self.next_position(plan, ended.next, cursor)? else { break };
            jumps += u64::from(next <= position);
            if jumps > self.options.loop_limit {
                self.endless(cursor)?;
                break;
            }
            position = next;
        }
        Ok(IterationEnd::Finished)
    }

    /// Where the run goes on; `None` ends the iteration.
    fn next_position(&mut self, plan: &RunPlan, next: Next, cursor: Cursor) -> Result<Option<usize>, E> {
        let wanted = match next {
            Next::InOrder => return Ok(Some(cursor.position as usize + 1)),
            Next::Nothing => return Ok(None),
            Next::Item(wanted) => wanted,
        };
        let found = plan.position(&wanted);
        if found.is_none() {
            self.warn(Some(cursor), no_such_item(&wanted))?;
        }
        Ok(found)
    }

    fn endless(&mut self, cursor: Cursor) -> Result<(), E> {
        let message = format!(
            "setNextRequest went back more than {} times in one iteration: taken for an endless loop, the \
             iteration ends (--loop-limit allows more)",
            self.options.loop_limit
        );
        let error = ErrorInfo::new("EndlessLoop", message);
        (self.emit)(EventKind::ExceptionRaised { cursor, error })
    }

    /// Waits before an item; an outcome when the run ends here.
    async fn pause(&self, item: &PlannedItem) -> Option<Outcome> {
        let delay = self.options.delay_request;
        if !delay.is_zero() {
            let delay = self.remaining().map_or(delay, |remaining| remaining.min(delay));
            tokio::select! {
                () = self.options.cancel.cancelled() => {}
                () = tokio::time::sleep(delay) => {}
            }
        }
        if self.options.cancel.is_cancelled() {
            return Some(Outcome::Interrupted);
        }
        self.overdue().then(|| self.timed_out(item))
    }

    /// What is left of the time allowed for the run; `None` where it has no limit.
    pub(super) fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    pub(super) fn overdue(&self) -> bool {
        self.remaining().is_some_and(|remaining| remaining.is_zero())
    }

    /// A time limit that does not outlast the run's own.
    pub(super) fn within_run(&self, limit: Option<Duration>) -> Option<Duration> {
        [limit, self.remaining()].into_iter().flatten().min()
    }

    fn timed_out(&self, item: &PlannedItem) -> Outcome {
        let allowed = self.options.timeout.unwrap_or_default().as_millis();
        Outcome::TimedOut(format!("the run took longer than {allowed} ms, at `{}`", item.item.full_name()))
    }

    /// The halt that a failure means: `assertion` where nothing but an assertion failed.
    pub(super) fn halt(&self, assertion: bool, item: &PlannedItem, what: &str) -> Option<Halt> {
        let Bail { on_failure, on_error } = self.options.bail;
        let ends = on_failure || (on_error && !assertion);
        ends.then(|| Halt::Failure(format!("{what}, in `{}`", item.item.full_name())))
    }
}

fn no_such_item(wanted: &str) -> Warning {
    Warning::new(
        WarningCode::NoSuchItem,
        format!("setNextRequest(\"{wanted}\"): no such request; the iteration ends"),
    )
}
