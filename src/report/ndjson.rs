//! The recording: every event as one line of JSON, from which every other report can be rebuilt.

use super::sink::Output;
use super::{Artifact, ReportError, Reporter};
use crate::event::RunEvent;

/// Writes the recording, a line an event; those that happened at a time go to the disk together.
pub struct NdjsonReporter {
    output: Output,
}

impl NdjsonReporter {
    /// A recording to that output.
    pub(super) fn new(output: Output) -> Self {
        Self { output }
    }
}

impl Reporter for NdjsonReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        let mut line = serde_json::to_vec(event).map_err(|e| ReportError::Encode(e.into()))?;
        line.push(b'\n');
        self.output.write(&line)
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        self.output.flush()
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        Ok(Artifact::of("ndjson", self.output.finish()?))
    }
}
