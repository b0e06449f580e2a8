//! JUnit XML: a testsuite per item execution, a testcase per assertion and per check, totals that add up.
//!
//! `junit-report` writes each testsuite when its item is done, [`annotate`] adds what it lacks, and the result
//! goes to the file at once: memory does not grow with the run. Only the root's totals, which stand first, are
//! filled in at the end, into room reserved for them.

mod annotate;
mod case;
mod item;

use super::ending::EndWatch;
use super::sink::WholeFile;
use super::{Artifact, ReportError, Reporter};
use crate::event::{EventKind, RunEvent, RunInfo};
use crate::verdict::CheckResult;
use case::{Case, Notes, Outcome, Suite, Totals};
use item::ItemSuite;
use std::collections::HashMap;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// The JUnit report.
pub struct JunitReporter {
    file: WholeFile,
    run: Option<RunInfo>,
    started: OffsetDateTime,
    /// Bytes reserved for the declaration and the root's start tag.
    reserved: usize,
    totals: Totals,
    suites: u64,
    /// How often a suite name was used in this iteration.
    names: HashMap<String, u32>,
    open: Option<ItemSuite>,
    /// What went wrong outside of any item.
    outside: Vec<Case>,
    checks: Vec<CheckResult>,
    end: EndWatch,
    at_ms: f64,
}

impl JunitReporter {
    /// A report in that file.
    pub(super) fn new(file: WholeFile) -> Self {
        Self {
            file,
            run: None,
            started: OffsetDateTime::UNIX_EPOCH,
            reserved: 0,
            totals: Totals::default(),
            suites: 0,
            names: HashMap::new(),
            open: None,
            outside: Vec::new(),
            checks: Vec::new(),
            end: EndWatch::default(),
            at_ms: 0.0,
        }
    }

    fn begin(&mut self, run: &RunInfo) -> Result<(), ReportError> {
        self.started = OffsetDateTime::parse(&run.started, &Rfc3339).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        self.run = Some(run.clone());
        // The collection is for reports that repeat it.
        if let Some(run) = &mut self.run {
            run.collection = None;
        }
        self.reserve()
    }

    fn reserve(&mut self) -> Result<(), ReportError> {
        let name = self.run.as_ref().map_or("postproof", |run| &run.name);
        let widest = annotate::root_start(name, &Totals::widest())?;
        self.reserved = widest.len();
        self.file.write(format!("{}\n", " ".repeat(self.reserved)).as_bytes())
    }

    /// The wall clock at an event, milliseconds.
    fn timestamp(&self, at_ms: f64) -> OffsetDateTime {
        self.started + Duration::milliseconds(at_ms.round() as i64)
    }

    fn write_suite(&mut self, mut suite: Suite) -> Result<(), ReportError> {
        suite.make_names_unique();
        let totals = suite.totals();
        let xml = annotate::suite_xml(suite, self.suites)?;
        self.suites += 1;
        self.totals += totals;
        self.file.write(&xml)
    }

    fn close_item(&mut self, passed: bool) -> Result<(), ReportError> {
        let Some(item) = self.open.take() else { return Ok(()) };
        let suite = item.into_suite(passed);
        self.write_suite(suite)
    }

    fn open_item(&mut self, item: ItemSuite) {
        let count = self.names.entry(item.name().to_owned()).or_insert(0);
        *count += 1;
        let number = *count;
        self.open = Some(item.numbered(number));
    }

    fn item_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        match &event.kind {
            EventKind::ItemStarted { cursor, item } => {
                self.close_item(false)?;
                let suite = ItemSuite::new(item, cursor, self.timestamp(event.at_ms));
                self.open_item(suite);
            }
            EventKind::ItemSkipped { cursor, item, .. } if self.open.is_none() => {
                let suite = ItemSuite::new(item, cursor, self.timestamp(event.at_ms));
                self.open_item(suite);
                self.observe(event);
                self.close_item(true)?;
            }
            EventKind::ItemFinished { passed, .. } => self.close_item(*passed)?,
            _ => self.observe(event),
        }
        Ok(())
    }

    fn observe(&mut self, event: &RunEvent) {
        match &mut self.open {
            Some(item) => item.observe(event),
            None => self.outside.extend(item::failure_case(event)),
        }
    }

    fn conformance_suite(&mut self) -> Option<Suite> {
        if self.checks.is_empty() {
            return None;
        }
        let contract = self.run.as_ref().and_then(|run| run.contract.clone()).unwrap_or_default();
        let timestamp = self.timestamp(self.at_ms);
        let cases = self.checks.drain(..).map(|check| case::of_check(&check, &contract)).collect();
        let run = self.run.as_ref();
        let mut properties = vec![("contract".to_owned(), contract.clone())];
        properties.extend(run.map(|run| ("tool".to_owned(), run.tool.clone())));
        properties.extend(run.iter().flat_map(|run| &run.notes).map(|n| ("note".to_owned(), n.clone())));
        let name = format!("conformance: {contract}");
        Some(Suite { name, timestamp, cases, notes: Notes { properties, system_out: None } })
    }

    fn run_suite(&mut self) -> Option<Suite> {
        let mut cases = std::mem::take(&mut self.outside);
        if let Some((kind, message)) = self.end.ending().trouble() {
            cases.push(Case::new("run", "run", Outcome::error(kind, message)));
        }
        if cases.is_empty() {
            return None;
        }
        let timestamp = self.timestamp(self.at_ms);
        Some(Suite { name: "run".to_owned(), timestamp, cases, notes: Notes::default() })
    }
}

impl Reporter for JunitReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        self.end.observe(event);
        self.at_ms = event.at_ms;
        match &event.kind {
            EventKind::RunStarted { run } => self.begin(run),
            EventKind::IterationStarted { .. } => {
                self.names.clear();
                Ok(())
            }
            EventKind::CheckFinished { check } => {
                self.checks.push(check.clone());
                Ok(())
            }
            _ => self.item_event(event),
        }
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        if self.reserved == 0 {
            self.reserve()?;
        }
        self.close_item(false)?;
        for suite in [self.conformance_suite(), self.run_suite()].into_iter().flatten() {
            self.write_suite(suite)?;
        }
        self.file.write(annotate::ROOT_END.as_bytes())?;
        let name = self.run.as_ref().map_or("postproof", |run| &run.name);
        let start = annotate::root_start(name, &self.totals)?;
        self.file.write_start(start.trim_end().as_bytes())?;
        Ok(Artifact::of("junit", Some(&self.file.commit()?)))
    }
}
