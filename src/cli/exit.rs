//! Exit codes.

use std::process::ExitCode;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything passed.
    Passed,
    /// An assertion, check, request or script failed.
    Failed,
    /// The command line makes no sense.
    Usage,
    /// An input cannot be read, or is invalid.
    Input,
    /// The run could not do its work: target unreachable, nothing executed, a report not written.
    NoWork,
    /// Interrupted; reports of what ran are written.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Passed => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Input => 3,
            Exit::NoWork => 4,
            Exit::Interrupted => 130,
        })
    }
}
