//! A run as test reports see it: a suite per execution of an item, a case per assertion, per request where nothing is
//! asserted, per error and per check. JUnit, TAP and TeamCity write it down, each in its own words.

mod case;
mod item;

pub(super) use case::{Case, Notes, Outcome, Suite, Totals, Trouble};

use super::curl;
use super::ending::EndWatch;
use super::text::counted;
use crate::event::{Counterexample, Coverage, EventKind, RunEvent, RunInfo};
use crate::verdict::CheckResult;
use item::ItemSuite;
use std::collections::HashMap;
use std::fmt::Write as _;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// Gathers suites from events; each is given away when it is complete.
pub(super) struct Suites {
    run: Option<RunInfo>,
    started: OffsetDateTime,
    /// How often a suite name was used in this iteration.
    names: HashMap<String, u32>,
    open: Option<ItemSuite>,
    /// What went wrong outside of any item.
    outside: Vec<Case>,
    checks: Vec<CheckResult>,
    coverage: Coverage,
    /// Counterexamples, in words.
    told: Vec<String>,
    end: EndWatch,
    at_ms: f64,
    /// Whether items say what they did.
    transcribes: bool,
}

impl Default for Suites {
    fn default() -> Self {
        Self {
            run: None,
            started: OffsetDateTime::UNIX_EPOCH,
            names: HashMap::new(),
            open: None,
            outside: Vec::new(),
            checks: Vec::new(),
            coverage: Coverage::default(),
            told: Vec::new(),
            end: EndWatch::default(),
            at_ms: 0.0,
            transcribes: false,
        }
    }
}

impl Suites {
    /// Suites with a transcript each.
    pub(super) fn transcribed() -> Self {
        Self { transcribes: true, ..Self::default() }
    }

    /// The name of what is run.
    pub(super) fn name(&self) -> &str {
        self.run.as_ref().map_or("postproof", |run| &run.name)
    }

    /// Takes one event; the suites that are complete with it.
    pub(super) fn observe(&mut self, event: &RunEvent) -> Vec<Suite> {
        self.end.observe(event);
        self.at_ms = event.at_ms;
        match &event.kind {
            EventKind::RunStarted { run } => {
                self.started =
                    OffsetDateTime::parse(&run.started, &Rfc3339).unwrap_or(OffsetDateTime::UNIX_EPOCH);
                // The collection is for reports that repeat it.
                self.run = Some(RunInfo { collection: None, ..run.clone() });
            }
            EventKind::IterationStarted { .. } => self.names.clear(),
            EventKind::CheckFinished { check } => self.checks.push(check.clone()),
            EventKind::CoverageReported { coverage } => self.coverage.clone_from(coverage),
            EventKind::CounterexampleFound { counterexample } => self.told.push(steps(counterexample)),
            _ => return self.item_event(event),
        }
        Vec::new()
    }

    /// What is left after the last event.
    pub(super) fn rest(&mut self) -> Vec<Suite> {
        let item = self.close_item(false);
        item.into_iter().chain(self.conformance_suite()).chain(self.run_suite()).map(unique).collect()
    }

    /// The wall clock at an event, milliseconds.
    fn timestamp(&self, at_ms: f64) -> OffsetDateTime {
        self.started + Duration::milliseconds(at_ms.round() as i64)
    }

    fn item_event(&mut self, event: &RunEvent) -> Vec<Suite> {
        let done = match &event.kind {
            EventKind::ItemStarted { cursor, item } => {
                let before = self.close_item(false);
                self.open_item(ItemSuite::new(item, cursor, self.timestamp(event.at_ms)));
                before
            }
            EventKind::ItemSkipped { cursor, item, .. } if self.open.is_none() => {
                self.open_item(ItemSuite::new(item, cursor, self.timestamp(event.at_ms)));
                self.within(event);
                self.close_item(true)
            }
            EventKind::ItemFinished { passed, .. } => self.close_item(*passed),
            _ => {
                self.within(event);
                None
            }
        };
        done.into_iter().map(unique).collect()
    }

    fn open_item(&mut self, item: ItemSuite) {
        let count = self.names.entry(item.name().to_owned()).or_insert(0);
        *count += 1;
        let number = *count;
        self.open = Some(item.numbered(number).transcribed(self.transcribes));
    }

    fn close_item(&mut self, passed: bool) -> Option<Suite> {
        Some(self.open.take()?.into_suite(passed))
    }

    fn within(&mut self, event: &RunEvent) {
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
        let told: Vec<String> = self.told.drain(..).chain(covered(&self.coverage)).collect();
        let system_out = (!told.is_empty()).then(|| told.join("\n\n"));
        Some(Suite { name, timestamp, cases, notes: Notes { properties, system_out } })
    }

    fn run_suite(&mut self) -> Option<Suite> {
        let mut cases = std::mem::take(&mut self.outside);
        if let Some((kind, message)) = self.end.ending().trouble() {
            cases.push(Case::new("run", "run", Outcome::error(kind, message)));
        }
        let timestamp = self.timestamp(self.at_ms);
        (!cases.is_empty()).then(|| Suite {
            name: "run".to_owned(),
            timestamp,
            cases,
            notes: Notes::default(),
        })
    }
}

/// The shortest way to a violation.
fn steps(found: &Counterexample) -> String {
    let mut text = format!("counterexample for {} (seed {}):", found.check, found.seed);
    for step in &found.steps {
        let _ = write!(text, "\n{}", step.text);
        for exchange in &step.exchanges {
            let _ = write!(text, "\n  $ {}", curl::line(exchange.request()));
        }
    }
    text
}

/// How much of the error table was reached.
fn covered(coverage: &Coverage) -> Option<String> {
    let mut text = "error table:".to_owned();
    for row in &coverage.rows {
        let found = match (row.reached, row.contradicted, &row.instead) {
            (0, ..) => "never reached".to_owned(),
            (reached, 0, _) => format!("as documented, {}", counted(reached, "time")),
            (reached, contradicted, instead) => {
                format!("{} in {contradicted} of {reached}", instead.as_deref().unwrap_or_default())
            }
        };
        let _ = write!(text, "\n{}: {}: {found}", row.case, row.documented);
    }
    for row in &coverage.undocumented {
        let _ =
            write!(text, "\n{}: not documented: {}, {}", row.case, row.answer, counted(row.count, "time"));
    }
    (!coverage.rows.is_empty() || !coverage.undocumented.is_empty()).then_some(text)
}

fn unique(mut suite: Suite) -> Suite {
    suite.make_names_unique();
    suite
}
