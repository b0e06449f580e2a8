//! One execution: what was sent, what came back, what was asserted.

use super::picture;
use super::text::{body, diff, escaped};
use crate::event::{AssertionOutcome, EventKind, ItemRef};
use crate::exchange::{Body, Call, Exchange, Header, Headers};
use crate::report::curl;
use crate::report::failure::{assertion_name, error_message, error_text};
use crate::report::text::{clipped, duration, one_line, size};
use minijinja::{Value, context};
use std::sync::Arc;

/// Bytes of a body that are shown.
const BODY: usize = 16 * 1024;
/// Bytes of a line of the console, of a message.
const LINE: usize = 2_000;
/// Lines of the console.
const LINES: usize = 50;
/// Requests whose times are drawn.
const CALLS: usize = 50;

/// An execution that is being told of.
#[derive(Debug)]
pub(super) struct Execution {
    item: ItemRef,
    exchanges: Vec<(u64, Arc<Exchange>)>,
    assertions: Vec<Value>,
    notes: Vec<(&'static str, String)>,
    failed: bool,
    skipped: bool,
}

impl Execution {
    pub(super) fn new(item: &ItemRef) -> Self {
        Self {
            item: item.clone(),
            exchanges: Vec::new(),
            assertions: Vec::new(),
            notes: Vec::new(),
            failed: false,
            skipped: false,
        }
    }

    pub(super) fn is_of(&self, item: &ItemRef) -> bool {
        self.item == *item
    }

    pub(super) fn failed(&self) -> bool {
        self.failed
    }

    pub(super) fn mark_failed(&mut self) {
        self.failed = true;
    }

    pub(super) fn skipped(&mut self, reason: &str) {
        self.skipped = true;
        self.note("dim", format!("skipped: {reason}"));
    }

    pub(super) fn finished(&mut self, passed: bool) {
        self.failed |= !passed;
    }

    pub(super) fn warned(&mut self, message: &str) {
        self.note("warn", message.to_owned());
    }

    pub(super) fn request(&mut self, number: u64, exchange: &Arc<Exchange>) {
        self.failed |= exchange.trouble().is_some();
        self.exchanges.push((number, Arc::clone(exchange)));
    }

    /// What else an execution is told by.
    pub(super) fn observe(&mut self, kind: &EventKind) {
        match kind {
            EventKind::AssertionFinished { assertion, .. } => {
                let (outcome, ink, error) = match &assertion.outcome {
                    AssertionOutcome::Passed => ("passed", "good", None),
                    AssertionOutcome::Failed { error } => ("failed", "bad", Some(error)),
                    AssertionOutcome::Skipped => ("skipped", "dim", None),
                };
                self.assertions.push(context! {
                    outcome, ink, name => assertion_name(&assertion.name),
                    message => error.map(|error| clipped(error_message(error), LINE)),
                    diff => error.and_then(|error| error.diff.as_deref()).map(diff),
                });
            }
            EventKind::ScriptFinished { listen, error: Some(error), .. } => {
                self.note("bad", format!("{listen} script: {}", error_text(error)));
            }
            EventKind::ExceptionRaised { error, .. } => self.note("bad", error_text(error)),
            EventKind::ConsoleLogged { level, messages, .. } => {
                self.note("dim", format!("console.{level}: {}", messages.join(", ")));
            }
            EventKind::VariablesCaptured { names, .. } => {
                self.note("dim", format!("captured {}", names.join(", ")));
            }
            _ => {}
        }
    }

    fn note(&mut self, ink: &'static str, text: String) {
        match self.notes.len() {
            0..LINES => self.notes.push((ink, clipped(&text, LINE).into_owned())),
            LINES => self.notes.push(("dim", "more was said, and is left out here".to_owned())),
            _ => {}
        }
    }

    /// Where links to its first request lead.
    pub(super) fn anchor(&self) -> Option<String> {
        self.exchanges.first().map(|(number, _)| format!("request-{number}"))
    }

    /// As the template wants it.
    pub(super) fn view(&self, whole: bool) -> Value {
        let (outcome, ink) = match (self.failed, self.skipped) {
            (true, _) => ("failed", "bad"),
            (false, true) => ("skipped", "dim"),
            (false, false) => ("passed", "good"),
        };
        let line = self.exchanges.last().map(|(_, exchange)| line(exchange.last())).unwrap_or_default();
        if !whole {
            return context! {
                outcome, ink, line, name => self.item.full_name(), anchor => self.anchor(),
            };
        }
        let calls = self.exchanges.iter().enumerate().flat_map(|(position, (number, exchange))| {
            exchange.calls.iter().enumerate().map(move |(hop, call)| {
                // The first one is the execution's own anchor.
                let anchor = (hop == 0 && position > 0).then(|| format!("request-{number}"));
                view(call, *number, anchor)
            })
        });
        let timings: Vec<_> = self
            .exchanges
            .iter()
            .flat_map(|(_, exchange)| &exchange.calls)
            .map(|call| &call.timings)
            .take(CALLS)
            .collect();
        let notes = self.notes.iter().map(|(ink, text)| context! { ink => *ink, text });
        context! {
            outcome, ink, line,
            whole => true,
            name => self.item.full_name(),
            anchor => self.anchor(),
            location => self.item.location.as_ref().map(ToString::to_string),
            assertions => self.assertions.clone(),
            notes => notes.collect::<Vec<_>>(),
            waterfall => picture::waterfall(&timings),
            calls => calls.collect::<Vec<_>>(),
            curl => self.exchanges.last().map(|(_, exchange)| curl::line(exchange.request())),
        }
    }
}

/// `POST /token 200 3ms 412B`.
fn line(call: &Call) -> String {
    let outcome = match &call.outcome {
        Ok(response) => {
            format!("{} {} {}", response.code, duration(call.timings.total_ms), size(response.body.size()))
        }
        Err(failure) => one_line(&failure.message),
    };
    one_line(&format!("{} {} {outcome}", call.request.method, clipped(&call.request.url, 200)))
}

fn view(call: &Call, number: u64, anchor: Option<String>) -> Value {
    let timings = &call.timings;
    let parts = [
        ("name lookup", timings.dns_ms),
        ("connect", timings.connect_ms),
        ("TLS", timings.tls_ms),
        ("first byte", timings.first_byte_ms),
        ("download", timings.download_ms),
        ("in all", Some(timings.total_ms)),
    ];
    let timing: Vec<String> =
        parts.iter().filter_map(|(name, ms)| Some(format!("{name} {}", duration((*ms)?)))).collect();
    let response = call.outcome.as_ref().ok();
    let ink = match response.map(|response| response.code) {
        Some(200..400) => "good",
        _ => "bad",
    };
    context! {
        anchor, ink,
        line => format!("{number}. {} {}", call.request.method, clipped(&call.request.url, LINE)),
        timing => timing.join(" · "),
        request_headers => headers(&call.request.headers),
        request_body => call.request.body.as_ref().and_then(shown),
        failure => call.outcome.as_ref().err().map(|failure| failure.message.as_str()),
        status => response.map(|response| format!("{} {} {}", response.version, response.code, response.status())),
        response_headers => response.map(|response| headers(&response.headers)),
        response_body => response.and_then(|response| shown(&response.body)),
    }
}

/// Fields as markup, a line each: a template's loop over them takes longer than all the rest of the page.
fn headers(headers: &Headers) -> String {
    let mut out = String::new();
    for Header { key, value, .. } in headers.iter() {
        out.push_str("<span class=\"k\">");
        out.push_str(&escaped(key));
        out.push_str("</span>: ");
        out.push_str(&escaped(&clipped(value, LINE)));
        out.push('\n');
    }
    out
}

/// A body as markup; what is cut, or no text, is said.
fn shown(content: &Body) -> Option<String> {
    if content.size() == 0 {
        return None;
    }
    let text = content.text();
    let binary =
        text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count() * 10 > text.chars().count();
    if binary {
        return Some(format!("({} of binary data)", size(content.size())));
    }
    Some(match content.truncated() || text.len() > BODY {
        true => body(&clipped(&text, BODY)) + &format!("\n(cut; {} in all)", size(content.size())),
        false => body(&text),
    })
}
