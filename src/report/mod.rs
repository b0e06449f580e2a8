//! Reports: consumers of [`RunEvent`] and nothing else.

use crate::event::RunEvent;
use std::path::PathBuf;

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The file could not be created or written.
    #[error("cannot write report `{}`", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The stream ended.
    #[error("cannot write to standard output")]
    Stdout(#[source] std::io::Error),
}

/// A file a reporter wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Which reporter: `junit`, `json`, …
    pub reporter: &'static str,
    /// Where.
    pub path: PathBuf,
}

/// A report in the making. Sees every event in order, masked; writes as it goes.
pub trait Reporter {
    /// One event. An error here stops this reporter only; the run goes on and ends with exit 4.
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError>;

    /// After the last event: completes the file.
    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError>;
}
