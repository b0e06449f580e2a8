//! What the console shows while the run runs: newman's lines, and what newman does not say.

use super::page::Page;
use super::storm::Tally;
use super::style::Ink;
use super::{Assertions, CliOptions};
use crate::diagnostic::Warning;
use crate::event::{Assertion, AssertionOutcome, Cursor, EventKind, ItemRef, RunEvent, RunInfo};
use crate::exchange::{Body, Call, Exchange, FailureKind, Headers, Timings};
use crate::report::failure::{Failure, assertion_name, error_message};
use crate::report::text::{duration, one_line, size};
use std::collections::HashSet;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// Bytes of a body that `--verbose` shows, as newman.
const BODY_SHOWN: usize = 2048;

/// Milliseconds from which on an answer is marked as slow.
const SLOW_MS: f64 = 1000.0;

/// What the live lines depend on.
#[derive(Debug, Default)]
pub(super) struct Live {
    folder: Vec<String>,
    /// The item whose lines are being shown, by position.
    open: Option<Cursor>,
    warned: HashSet<String>,
    /// The storm under way, whose requests share a line.
    storm: Option<Tally>,
    /// When the run started, as far as it says.
    started: Option<OffsetDateTime>,
}

impl Live {
    /// Puts one event on the page.
    pub(super) fn show(
        &mut self,
        page: &mut Page,
        event: &RunEvent,
        failure: Option<&Failure>,
        options: CliOptions,
    ) {
        let number = failure.map(|failure| format!("{}.", failure.number)).unwrap_or_default();
        match &event.kind {
            EventKind::RunStarted { run } => {
                self.started = started(run);
                if options.banner {
                    banner(page, run);
                }
            }
            EventKind::IterationStarted { cursor, .. } => self.iteration(page, cursor),
            EventKind::StormStarted { .. } if !options.verbose => self.storm = Some(Tally::default()),
            EventKind::StormFinished { skew_ms, .. } => {
                if let Some(storm) = self.storm.take() {
                    storm.show(page, *skew_ms);
                }
            }
            EventKind::ItemStarted { cursor, item } => {
                self.open = Some(*cursor);
                match &mut self.storm {
                    Some(storm) => storm.name(&item.name),
                    None => self.item(page, item),
                }
            }
            EventKind::ItemFinished { .. } => self.open = None,
            EventKind::ItemSkipped { cursor, item, reason } => {
                // One that a script skipped has begun already.
                if self.open != Some(*cursor) {
                    self.item(page, item);
                }
                skipped(page, reason);
            }
            EventKind::RequestStarted { .. } if options.timestamps && self.storm.is_none() => {
                self.time(page, event.at_ms);
            }
            EventKind::RequestFinished { exchange, .. } => match &mut self.storm {
                Some(storm) => storm.add(exchange),
                None => request(page, exchange, &number, options.verbose),
            },
            EventKind::AssertionFinished { assertion, .. } => {
                let failed = matches!(assertion.outcome, AssertionOutcome::Failed { .. });
                match options.assertions {
                    Assertions::All => assertion_line(page, assertion, &number),
                    Assertions::Failed if failed => assertion_line(page, assertion, &number),
                    Assertions::Failed | Assertions::None => {}
                }
            }
            EventKind::VariablesCaptured { names, .. } => {
                let text = format!("captured {}", names.join(", "));
                page.para(2, (Ink::Info, page.symbols.captured), (Ink::Dim, &text));
            }
            EventKind::ConsoleLogged { level, messages, .. } if options.console => {
                let ink = match level.as_str() {
                    "error" => Ink::Bad,
                    "warn" => Ink::Warn,
                    _ => Ink::Plain,
                };
                for line in messages.join(", ").split('\n') {
                    page.para(2, (Ink::Dim, page.symbols.console), (ink, line));
                }
            }
            EventKind::WarningRaised { warning, .. } => self.warning(page, warning),
            EventKind::CounterexampleFound { counterexample } => {
                super::counterexample::write(page, counterexample);
            }
            EventKind::ScriptFinished { .. } | EventKind::ExceptionRaised { .. } => {
                if let Some(failure) = failure {
                    page.para(2, (Ink::Bad, &number), (Ink::Bad, &failure.title()));
                    page.para(5, (Ink::Plain, ""), (Ink::Plain, error_message(&failure.error)));
                }
            }
            EventKind::SecretsMade { .. }
            | EventKind::RequestStarted { .. }
            | EventKind::StormStarted { .. }
            | EventKind::ConsoleLogged { .. }
            | EventKind::IterationFinished { .. }
            | EventKind::CheckFinished { .. }
            | EventKind::CoverageReported { .. }
            | EventKind::RunAborted { .. }
            | EventKind::VariablesBefore { .. }
            | EventKind::RunFinished { .. } => {}
        }
    }

    /// The wall clock at that millisecond of the run.
    fn time(&self, page: &mut Page, at_ms: f64) {
        let Some(started) = self.started else { return };
        let at = started + time::Duration::milliseconds(at_ms as i64);
        let format =
            format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3] UTC");
        if let Ok(text) = at.format(format) {
            page.para(2, (Ink::Plain, ""), (Ink::Dim, &format!("[{text}]")));
        }
    }

    fn iteration(&mut self, page: &mut Page, cursor: &Cursor) {
        self.folder.clear();
        if cursor.cycles > 1 {
            page.heading(&format!("Iteration {}/{}", cursor.iteration + 1, cursor.cycles));
        }
    }

    fn item(&mut self, page: &mut Page, item: &ItemRef) {
        if item.path != self.folder && !item.path.is_empty() {
            let folder = one_line(&item.path.join(" / "));
            page.blank();
            page.para(0, (Ink::Plain, page.symbols.folder), (Ink::Plain, &folder));
        }
        self.folder.clone_from(&item.path);
        let sign = if item.path.is_empty() { page.symbols.root_item } else { page.symbols.item };
        if item.path.is_empty() {
            page.blank();
        }
        page.para(0, (Ink::Plain, sign), (Ink::Bold, &one_line(&item.name)));
    }

    fn warning(&mut self, page: &mut Page, warning: &Warning) {
        page.para(2, (Ink::Warn, page.symbols.warn), (Ink::Warn, &warning.message));
        // Once is enough; the summary repeats it.
        if self.warned.insert(warning.message.clone()) {
            advice(page, 4, warning);
        }
    }
}

/// The hint and the place of a warning.
pub(super) fn advice(page: &mut Page, indent: usize, warning: &Warning) {
    if let Some(hint) = &warning.hint {
        page.para(indent, (Ink::Dim, "hint:"), (Ink::Dim, hint));
    }
    if let Some(location) = &warning.location {
        page.para(indent, (Ink::Dim, "-->"), (Ink::Dim, &location.to_string()));
    }
}

fn started(run: &RunInfo) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(&run.started, &Rfc3339).ok()
}

fn banner(page: &mut Page, run: &RunInfo) {
    page.para(0, (Ink::Plain, ""), (Ink::Dim, &run.tool.replacen('/', " ", 1)));
    page.heading(&one_line(&run.name));
    let file = run.file.iter().map(|file| ("file", file));
    let contract = run.contract.iter().map(|contract| ("contract", contract));
    for (label, text) in file.chain(contract) {
        page.para(2, (Ink::Dim, label), (Ink::Plain, &one_line(text)));
    }
    for note in &run.notes {
        page.para(2, (Ink::Plain, ""), (Ink::Plain, note));
    }
}

fn request(page: &mut Page, exchange: &Exchange, number: &str, verbose: bool) {
    for call in &exchange.calls {
        let left = one_line(&format!("{} {}", call.request.method, call.request.url));
        match &call.outcome {
            Ok(response) => {
                let (body, time) = (size(response.body.size()), duration(call.timings.total_ms));
                let status = format!("{} {}", response.code, one_line(response.status()));
                let slow = call.timings.total_ms >= SLOW_MS;
                let (ink, mark) = if slow { (Ink::Warn, " slow") } else { (Ink::Dim, "") };
                let right = format!("{}, {body}, {time}{mark}", status.trim_end());
                page.bracketed(2, &left, (ink, &right));
            }
            Err(failure) => {
                page.bracketed(2, &left, (Ink::Bad, "errored"));
                page.para(2, (Ink::Bad, number), (Ink::Bad, &failure.message));
                // Where nobody answers, the way to mend it is told once, at the end.
                let on_the_way = matches!(failure.kind, FailureKind::Certificate | FailureKind::Proxy);
                if let Some(hint) = failure.kind.hint().filter(|_| on_the_way) {
                    page.para(4, (Ink::Dim, "hint:"), (Ink::Dim, hint));
                }
            }
        }
        if verbose {
            transcript(page, call);
        }
    }
}

fn transcript(page: &mut Page, call: &Call) {
    message(page, ">", &call.request.headers, call.request.body.as_ref());
    if let Ok(response) = &call.outcome {
        message(page, "<", &response.headers, Some(&response.body));
        page.para(4, (Ink::Dim, "="), (Ink::Dim, &phases(call)));
    }
}

/// Where the time of an answered call went, in newman's words.
fn phases(call: &Call) -> String {
    let Timings { dns_ms, connect_ms, tls_ms, first_byte_ms, download_ms, total_ms, .. } = call.timings;
    // What a reused connection has behind it.
    let connecting = |ms: Option<f64>| Some(ms.map_or_else(|| "(cache)".to_owned(), duration));
    let is_https = call.request.url.starts_with("https:");
    [
        ("dns-lookup", connecting(dns_ms)),
        ("tcp-handshake", connecting(connect_ms)),
        ("ssl-handshake", connecting(tls_ms).filter(|_| is_https)),
        ("transfer-start", first_byte_ms.map(duration)),
        ("download", download_ms.map(duration)),
        ("total", Some(duration(total_ms))),
    ]
    .into_iter()
    .filter_map(|(name, time)| Some(format!("{name} {}", time?)))
    .collect::<Vec<_>>()
    .join(", ")
}

fn message(page: &mut Page, sign: &str, headers: &Headers, body: Option<&Body>) {
    for header in headers.iter() {
        let line = one_line(&format!("{}: {}", header.key, header.value));
        page.para(4, (Ink::Dim, sign), (Ink::Dim, &line));
    }
    if let Some(body) = body.filter(|body| !body.is_empty()) {
        // Live, a body may be whole; in a recording it is cut, but never this short.
        let shown = &body.bytes()[..body.bytes().len().min(BODY_SHOWN)];
        page.verbatim(6, &String::from_utf8_lossy(shown), |_| Ink::Dim);
        if body.truncated() || body.bytes().len() > shown.len() {
            page.para(6, (Ink::Plain, ""), (Ink::Dim, &format!("({} in all)", size(body.size()))));
        }
    }
}

fn assertion_line(page: &mut Page, assertion: &Assertion, number: &str) {
    let name = one_line(assertion_name(&assertion.name));
    match &assertion.outcome {
        AssertionOutcome::Passed => page.para(2, (Ink::Good, page.symbols.pass), (Ink::Dim, &name)),
        AssertionOutcome::Failed { .. } => page.para(2, (Ink::Bad, number), (Ink::Bad, &name)),
        AssertionOutcome::Skipped => {
            page.para(2, (Ink::Info, page.symbols.skip), (Ink::Info, &format!("{name} (skipped)")));
        }
    }
}

fn skipped(page: &mut Page, reason: &str) {
    page.para(2, (Ink::Info, page.symbols.skip), (Ink::Info, &format!("skipped: {reason}")));
}
