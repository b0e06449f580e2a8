//! How a run ended, as every report must say it.

use crate::event::{AbortReason, EventKind, RunEvent};
use crate::summary::Stats;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// Everything that was asked held.
    Passed,
    /// Something said no.
    Failed,
    /// Nothing was asked: neither a request, nor an assertion, nor a check was executed.
    Nothing,
    /// It ended before its plan did.
    Aborted {
        /// Why.
        reason: AbortReason,
        /// For a person.
        message: String,
    },
    /// The stream of events breaks off.
    Incomplete,
}

impl Ending {
    /// What went wrong with the run as a whole (not with a part of it), in plain words.
    pub(super) fn trouble(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Passed | Self::Failed => None,
            Self::Nothing => Some(("nothing-executed", "the run executed nothing")),
            Self::Aborted { reason, message } => Some((reason_name(*reason), message)),
            Self::Incomplete => Some(("incomplete", "the run did not finish")),
        }
    }
}

/// The abort reason as machines read it.
fn reason_name(reason: AbortReason) -> &'static str {
    match reason {
        AbortReason::Interrupted => "interrupted",
        AbortReason::Unreachable => "unreachable",
        AbortReason::NoLogin => "no-login",
        AbortReason::Bail => "bail",
        AbortReason::Timeout => "timeout",
    }
}

/// Follows the events that tell how the run ends.
#[derive(Debug, Default)]
pub(super) struct EndWatch {
    aborted: Option<(AbortReason, String)>,
    stats: Option<Stats>,
}

impl EndWatch {
    /// Takes one event.
    pub(super) fn observe(&mut self, event: &RunEvent) {
        match &event.kind {
            EventKind::RunAborted { reason, message } => self.aborted = Some((*reason, message.clone())),
            EventKind::RunFinished { stats, .. } => self.stats = Some(*stats),
            _ => {}
        }
    }

    /// The run's counts, once it has finished.
    pub(super) fn stats(&self) -> Option<&Stats> {
        self.stats.as_ref()
    }

    /// How the run ended, as far as is known.
    pub(super) fn ending(&self) -> Ending {
        if let Some((reason, message)) = &self.aborted {
            return Ending::Aborted { reason: *reason, message: message.clone() };
        }
        let Some(stats) = &self.stats else { return Ending::Incomplete };
        let judged = stats.checks.pass + stats.checks.fail + stats.checks.warn + stats.checks.error;
        if stats.failed() {
            Ending::Failed
        } else if stats.requests.total + stats.assertions.total + judged == 0 {
            Ending::Nothing
        } else {
            Ending::Passed
        }
    }
}
