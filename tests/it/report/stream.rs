//! Event streams made by hand, counted as the pipeline counts.

use bytes::Bytes;
use postproof::diagnostic::{Location, Warning};
use postproof::event::*;
use postproof::exchange::*;
use postproof::summary::{Count, Stats};
use postproof::verdict::{CheckResult, Evidence, Level, Verdict};
use std::sync::Arc;

/// The file every fixture says it comes from.
pub(crate) const FILE: &str = "collections/flow.postman_collection.json";

pub(crate) struct Stream {
    events: Vec<RunEvent>,
    stats: Stats,
    at_ms: f64,
    cursor: Cursor,
    item: Option<ItemRef>,
    item_passed: bool,
    indexes: u32,
}

pub(crate) fn at(line: u32) -> Option<Location> {
    Some(Location { file: FILE.into(), line, column: 9 })
}

pub(crate) fn error(name: &str, message: &str, line: Option<u32>) -> ErrorInfo {
    ErrorInfo { location: line.and_then(at), ..ErrorInfo::new(name, message) }
}

pub(crate) fn check(id: &str, level: Level, verdict: Verdict, reason: &str) -> CheckResult {
    CheckResult {
        id: id.into(),
        title: format!("what {id} requires"),
        level,
        verdict,
        clause: "\"Refresh tokens are single use.\" (docs, §2)".into(),
        reason: reason.into(),
        evidence: Vec::new(),
        diff: None,
    }
}

pub(crate) fn evidence(request: u64, item: &str, seen: &str) -> Evidence {
    Evidence { request, item: item.into(), seen: seen.into() }
}

impl Stream {
    pub(crate) fn new(name: &str, iterations: u32, contract: Option<&str>) -> Self {
        let mut stream = Self {
            events: Vec::new(),
            stats: Stats::default(),
            at_ms: 0.0,
            cursor: Cursor { length: 3, cycles: iterations, ..Cursor::default() },
            item: None,
            item_passed: true,
            indexes: 0,
        };
        let collection = serde_json::json!({ "info": { "name": name }, "item": [] });
        let run = RunInfo {
            name: name.into(),
            file: Some(FILE.into()),
            tool: "postproof/0.1.0".into(),
            started: "2026-11-23T08:00:00.000Z".into(),
            iterations,
            items: Some(3),
            contract: contract.map(str::to_owned),
            collection: Some(Arc::new(collection)),
            target: None,
            inputs: Vec::new(),
            notes: vec!["target http://127.0.0.1:4010".into()],
        };
        stream.push(EventKind::RunStarted { run });
        stream
    }

    /// Adds an event, a third of a millisecond later: a time that decimal notation cannot hold exactly.
    pub(crate) fn push(&mut self, kind: EventKind) -> &mut Self {
        let seq = self.events.len() as u64 + 1;
        self.events.push(RunEvent { seq, at_ms: self.at_ms, kind });
        self.at_ms += 1.0 / 3.0;
        self
    }

    pub(crate) fn iteration(&mut self, iteration: u32) -> &mut Self {
        self.cursor.iteration = iteration;
        self.cursor.position = 0;
        self.push(EventKind::IterationStarted { cursor: self.cursor, data: None })
    }

    pub(crate) fn end_iteration(&mut self) -> &mut Self {
        self.stats.iterations.total += 1;
        self.push(EventKind::IterationFinished { cursor: self.cursor })
    }

    pub(crate) fn item(&mut self, path: &[&str], name: &str, line: u32) -> &mut Self {
        let item = item(path, name, line);
        self.item = Some(item.clone());
        self.item_passed = true;
        self.indexes = 0;
        self.push(EventKind::ItemStarted { cursor: self.cursor, item })
    }

    pub(crate) fn end_item(&mut self) -> &mut Self {
        self.stats.items.total += 1;
        self.stats.items.failed += u64::from(!self.item_passed);
        let item = self.item.take().unwrap();
        self.push(EventKind::ItemFinished { cursor: self.cursor, item, passed: self.item_passed });
        self.cursor.position += 1;
        self
    }

    pub(crate) fn skip_item(&mut self, path: &[&str], name: &str, line: u32, reason: &str) -> &mut Self {
        self.stats.items.skipped += 1;
        let item = item(path, name, line);
        self.push(EventKind::ItemSkipped { cursor: self.cursor, item, reason: reason.into() })
    }

    pub(crate) fn answered(
        &mut self,
        method: &str,
        url: &str,
        code: u16,
        body: impl Into<Bytes>,
    ) -> &mut Self {
        let mut call = call(method, url);
        let mut headers = Headers::default();
        headers.push("Content-Type", "application/json");
        let body = Body::new(body);
        self.stats.bytes_received += body.size() + 32;
        self.stats.body_bytes_received += body.size();
        let reason = if code == 200 { "OK" } else { "Unauthorized" }.to_owned();
        call.outcome = Ok(Response { code, reason, version: "HTTP/1.1".into(), headers, body });
        self.exchange(Exchange { calls: vec![call] })
    }

    pub(crate) fn refused(&mut self, method: &str, url: &str) -> &mut Self {
        self.stats.requests.failed += 1;
        self.item_passed = false;
        self.exchange(Exchange { calls: vec![call(method, url)] })
    }

    pub(crate) fn exchange(&mut self, exchange: Exchange) -> &mut Self {
        self.stats.requests.total += 1;
        let (cursor, number) = (self.cursor, self.stats.requests.total);
        let request = exchange.request();
        let line = RequestLine { method: request.method.clone(), url: request.url.clone() };
        self.push(EventKind::RequestStarted { cursor, number, request: line });
        self.at_ms += exchange.total_ms();
        self.stats.response_time.add(exchange.total_ms());
        self.push(EventKind::RequestFinished {
            cursor,
            number,
            exchange: Arc::new(exchange),
            by_script: false,
        })
    }

    fn assertion(&mut self, name: &str, outcome: AssertionOutcome) -> &mut Self {
        self.stats.assertions.total += 1;
        let (index, listen) = (self.indexes, "test".into());
        self.indexes += 1;
        let assertion = Assertion { name: name.into(), index, listen, outcome };
        self.push(EventKind::AssertionFinished { cursor: self.cursor, assertion })
    }

    pub(crate) fn pass(&mut self, name: &str) -> &mut Self {
        self.assertion(name, AssertionOutcome::Passed)
    }

    pub(crate) fn skip(&mut self, name: &str) -> &mut Self {
        self.stats.assertions.skipped += 1;
        self.assertion(name, AssertionOutcome::Skipped)
    }

    pub(crate) fn fail(&mut self, name: &str, error: ErrorInfo) -> &mut Self {
        self.stats.assertions.failed += 1;
        self.item_passed = false;
        self.assertion(name, AssertionOutcome::Failed { error })
    }

    pub(crate) fn script(&mut self, listen: &str, error: Option<ErrorInfo>) -> &mut Self {
        let count: &mut Count = match listen {
            "test" => &mut self.stats.test_scripts,
            _ => &mut self.stats.prerequest_scripts,
        };
        count.total += 1;
        count.failed += u64::from(error.is_some());
        self.item_passed &= error.is_none();
        self.push(EventKind::ScriptFinished {
            cursor: self.cursor,
            listen: listen.into(),
            duration_ms: 0.7,
            error,
        })
    }

    pub(crate) fn exception(&mut self, error: ErrorInfo) -> &mut Self {
        self.stats.exceptions += 1;
        self.item_passed = false;
        self.push(EventKind::ExceptionRaised { cursor: self.cursor, error })
    }

    pub(crate) fn captured(&mut self, names: &[&str]) -> &mut Self {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        self.push(EventKind::VariablesCaptured { cursor: self.cursor, names })
    }

    pub(crate) fn console(&mut self, level: &str, message: &str) -> &mut Self {
        let messages = vec![message.to_owned()];
        self.push(EventKind::ConsoleLogged { cursor: self.cursor, level: level.into(), messages })
    }

    pub(crate) fn warn(&mut self, warning: Warning) -> &mut Self {
        self.stats.warnings += 1;
        self.push(EventKind::WarningRaised { cursor: Some(self.cursor), warning })
    }

    pub(crate) fn check(&mut self, check: CheckResult) -> &mut Self {
        self.stats.checks.add(check.verdict);
        self.push(EventKind::CheckFinished { check })
    }

    pub(crate) fn abort(&mut self, reason: AbortReason, message: &str) -> &mut Self {
        self.push(EventKind::RunAborted { reason, message: message.into() })
    }

    pub(crate) fn finish(mut self) -> Vec<RunEvent> {
        self.stats.duration_ms = self.at_ms;
        let (stats, environment) = (self.stats, serde_json::json!({ "name": "local", "values": [] }));
        self.push(EventKind::RunFinished {
            stats,
            command: Some("postproof run collections/flow.json -e local.json".to_owned()),
            environment: Some(environment),
            globals: None,
            collection_variables: None,
        });
        self.events
    }

    /// The events so far, as of a run that breaks off.
    pub(crate) fn broken_off(self) -> Vec<RunEvent> {
        self.events
    }
}

fn item(path: &[&str], name: &str, line: u32) -> ItemRef {
    let path = path.iter().map(|&part| part.to_owned()).collect();
    ItemRef { id: format!("item-{line}"), name: name.into(), path, location: at(line) }
}

/// A call that nobody answered.
pub(crate) fn call(method: &str, url: &str) -> Call {
    let mut headers = Headers::default();
    headers.push("x-api-key", "‹secret:x-api-key#a1b2›");
    let body = (method == "POST").then(|| Body::new("{\"refreshToken\":\"‹secret:refreshToken#c3d4›\"}"));
    let message = "could not connect to 127.0.0.1:4010: connection refused".to_owned();
    Call {
        request: ResolvedRequest { method: method.into(), url: url.into(), headers, body },
        outcome: Err(TransportFailure { kind: FailureKind::Connect, message }),
        timings: Timings {
            dns_ms: Some(0.25),
            connect_ms: Some(1.0),
            first_byte_ms: Some(9.5),
            total_ms: 37.0 / 3.0,
            ..Timings::default()
        },
    }
}
