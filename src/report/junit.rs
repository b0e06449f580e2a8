//! JUnit XML: a testsuite per item execution, a testcase per assertion and per check, totals that add up.
//!
//! `junit-report` writes each testsuite when its item is done, [`annotate`] adds what it lacks, and the result
//! goes to the file at once: memory does not grow with the run. Only the root's totals, which stand first, are
//! filled in at the end, into room reserved for them.

mod annotate;

use super::sink::WholeFile;
use super::suites::{Suite, Suites, Totals};
use super::{Artifact, ReportError, Reporter};
use crate::event::{EventKind, RunEvent};

/// Whose schema the document is valid by: consumers differ in what they allow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum JunitDialect {
    /// Everything there is to say: `file` and `line`, properties of testcases, totals at the root.
    #[default]
    Full,
    /// By the schema of Jenkins' xUnit plugin (`junit-10.xsd`).
    Jenkins,
    /// By Maven Surefire's schema: one testsuite, which is the root.
    Surefire,
}

/// The JUnit report.
pub struct JunitReporter {
    file: WholeFile,
    dialect: JunitDialect,
    suites: Suites,
    /// Bytes reserved for the declaration and the root's start tag.
    reserved: usize,
    totals: Totals,
    written: u64,
}

impl JunitReporter {
    /// A report in that file.
    pub(super) fn new(file: WholeFile, dialect: JunitDialect) -> Self {
        let (suites, totals) = (Suites::transcribed(), Totals::default());
        Self { file, dialect, suites, reserved: 0, totals, written: 0 }
    }

    fn reserve(&mut self) -> Result<(), ReportError> {
        let widest = annotate::root_start(self.suites.name(), &Totals::widest(), self.dialect)?;
        self.reserved = widest.len();
        self.file.write(format!("{}\n", " ".repeat(self.reserved)).as_bytes())
    }

    fn write(&mut self, suites: Vec<Suite>) -> Result<(), ReportError> {
        for suite in suites {
            self.totals += suite.totals();
            let xml = annotate::suite_xml(suite, self.written, self.dialect)?;
            self.written += 1;
            self.file.write(&xml)?;
        }
        Ok(())
    }
}

impl Reporter for JunitReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        let complete = self.suites.observe(event);
        match &event.kind {
            EventKind::RunStarted { .. } => self.reserve(),
            _ => self.write(complete),
        }
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        if self.reserved == 0 {
            self.reserve()?;
        }
        let rest = self.suites.rest();
        self.write(rest)?;
        self.file.write(annotate::root_end(self.dialect).as_bytes())?;
        let start = annotate::root_start(self.suites.name(), &self.totals, self.dialect)?;
        self.file.write_start(start.trim_end().as_bytes())?;
        Ok(Artifact::of("junit", Some(&self.file.commit()?)))
    }
}
