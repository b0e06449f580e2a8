//! newman's JSON shapes of requests, responses, errors and counts.

use super::definition::Definition;
use crate::event::{Cursor, ErrorInfo, RunInfo};
use crate::exchange::{Call, TransportFailure, hex};
use crate::report::failure::{Failure, Origin, error_name};
use crate::summary::{Count, Stats};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `environment` or `globals` as newman writes them: with an id, every value with a type.
pub(super) fn scope(scope: Option<Value>, name: &str) -> Value {
    let mut scope = scope.unwrap_or_else(|| json!({ "values": [] }));
    if scope["id"].is_null() {
        scope["id"] = json!(made_up_id(&["scope", name]));
    }
    for variable in scope["values"].as_array_mut().into_iter().flatten() {
        if variable["type"].is_null() {
            variable["type"] = json!("any");
        }
    }
    scope
}

/// An id for what has none: a report is a function of its events, so it is derived, never random.
pub(super) fn made_up_id(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\0"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// Where an execution or a failure belongs: the cursor, and the id of the item's execution and of its request.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Where in the run.
    pub(super) cursor: Cursor,
    /// Of the item's execution; `None` outside of any.
    pub(super) execution: Option<String>,
}

/// newman's `cursor`.
#[derive(Debug, Serialize)]
struct PlaceShape<'a> {
    position: u32,
    iteration: u32,
    length: u32,
    cycles: u32,
    empty: bool,
    eof: bool,
    bof: bool,
    cr: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#ref: Option<&'a str>,
    #[serde(rename = "httpRequestId", skip_serializing_if = "Option::is_none")]
    request: Option<String>,
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Cursor { position, length, iteration, cycles } = self.cursor;
        let execution = self.execution.as_deref();
        let shape = PlaceShape {
            position,
            iteration,
            length,
            cycles,
            empty: length == 0,
            eof: position + 1 >= length && iteration + 1 >= cycles,
            bof: position == 0 && iteration == 0,
            cr: position == 0 && iteration > 0,
            r#ref: execution,
            request: execution.map(|execution| made_up_id(&[execution, "request"])),
        };
        shape.serialize(serializer)
    }
}

/// `requestError`, with the message that newman leaves out.
pub(super) fn request_error(failure: &TransportFailure) -> Value {
    let mut shape =
        json!({ "code": failure.kind.node_code(), "kind": failure.kind, "message": failure.message });
    if let Some((errno, syscall)) = failure.kind.system_call() {
        shape["errno"] = json!(errno);
        shape["syscall"] = json!(syscall);
    }
    shape
}

/// One hop before the last.
pub(super) fn hop(call: &Call) -> Value {
    let (code, location) = match &call.outcome {
        Ok(response) => (Some(response.code), response.headers.get("location")),
        Err(_) => (None, None),
    };
    json!({ "method": call.request.method, "url": call.request.url, "code": code, "location": location })
}

/// `assertions[].error`.
pub(super) fn assertion_error(test: &str, index: u32, error: &ErrorInfo) -> Value {
    let mut shape =
        json!({ "name": error_name(error), "index": index, "test": test, "message": error.message });
    shape["stack"] = json!(stack(error));
    if let Some(location) = &error.location {
        shape["location"] = json!(location);
    }
    shape
}

/// `prerequestScript[].error`, `testScript[].error`.
pub(super) fn script_error(error: &ErrorInfo) -> Value {
    let mut shape = json!({ "type": "Error", "name": error_name(error), "message": error.message });
    if let Some(location) = &error.location {
        shape["location"] = json!(location);
    }
    shape
}

fn stack(error: &ErrorInfo) -> String {
    let place = error.location.as_ref().map(|at| format!("\n   at {at}")).unwrap_or_default();
    format!("{}: {}{place}", error_name(error), error.message)
}

/// One entry of `run.failures`. newman's `parent` is the whole folder, for each failure again. `node` is what node says
/// of a request's failure; what postproof says stays in the stack.
pub(super) fn failure(
    failure: &Failure,
    place: &Place,
    definition: Option<Definition<'_>>,
    at_epoch_ms: Option<i64>,
    node: Option<String>,
) -> Value {
    let mut error = match &failure.origin {
        Origin::Assertion { name, index, .. } => assertion_error(name, *index, &failure.error),
        _ => script_error(&failure.error),
    };
    error["stack"] = json!(stack(&failure.error));
    if let Some(node) = node {
        error["stack"] = json!(format!("Error: {node}\n    {}", failure.error.message));
        error["name"] = json!("Error");
        error["message"] = json!(node);
    }
    identify(&mut error, &failure.number.to_string(), at_epoch_ms);
    let parent = definition.map(|definition| {
        let group = definition.parent;
        let own = |key: &str| group.get(key).or_else(|| group["info"].get(key)).cloned();
        json!({ "id": own("id").or_else(|| own("_postman_id")), "name": own("name") })
    });
    json!({
        "number": failure.number,
        "error": error,
        "at": failure.origin.at(),
        "source": definition.map(|definition| definition.item.clone()).or_else(|| Some(json!(failure.item))),
        "parent": parent,
        "cursor": place,
    })
}

/// What newman's serialised errors carry beside their text.
pub(super) fn identify(error: &mut Value, number: &str, at_epoch_ms: Option<i64>) {
    let text = format!("{}{}", error["name"], error["message"]);
    error["checksum"] = json!(hex(&Sha256::digest(text)[..16]));
    error["id"] = json!(made_up_id(&["error", number]));
    error["timestamp"] = json!(at_epoch_ms);
    error["stacktrace"] = match error.get("location") {
        Some(at) => json!([{
            "fileName": at["file"], "lineNumber": at["line"], "columnNumber": at["column"],
            "functionName": null, "typeName": null, "methodName": null, "native": false,
        }]),
        None => json!([]),
    };
}

/// `run.error` of a run that did not do its work.
pub(super) fn run_error(name: &str, message: &str) -> Value {
    json!({ "name": name, "message": message })
}

/// newman's nine counts. Nothing is pending when a report is written.
pub(super) fn stats(stats: &Stats) -> Value {
    let count = |count: Count| json!({ "total": count.total, "pending": 0, "failed": count.failed, "skipped": count.skipped });
    let (prerequest, test) = (stats.prerequest_scripts, stats.test_scripts);
    let scripts = Count {
        total: prerequest.total + test.total,
        failed: prerequest.failed + test.failed,
        skipped: prerequest.skipped + test.skipped,
    };
    // newman's `prerequests` and `tests` count the phases of items, with or without scripts in them; like items, they
    // never fail: their scripts, requests and assertions do. What did fail is in `postproof.stats`.
    let items = Count { failed: 0, ..stats.items };
    let tests = Count { total: items.total.saturating_sub(items.skipped), ..items };
    json!({
        "iterations": count(stats.iterations),
        "items": count(items),
        "scripts": count(scripts),
        "prerequests": count(items),
        "requests": count(stats.requests),
        "tests": count(tests),
        "assertions": count(stats.assertions),
        "testScripts": count(test),
        "prerequestScripts": count(prerequest),
    })
}

/// `run.timings`: epoch milliseconds and response times. As in newman without `--verbose`, phases are 0.
pub(super) fn timings(stats: &Stats, started: Option<i64>) -> Value {
    let Stats { response_time: time, dns_time: dns, first_byte_time: first_byte, .. } = stats;
    json!({
        "responseAverage": time.mean,
        "responseMin": time.min,
        "responseMax": time.max,
        "responseSd": time.sd(),
        "dnsAverage": dns.mean,
        "dnsMin": dns.min,
        "dnsMax": dns.max,
        "dnsSd": dns.sd(),
        "firstByteAverage": first_byte.mean,
        "firstByteMin": first_byte.min,
        "firstByteMax": first_byte.max,
        "firstByteSd": first_byte.sd(),
        "started": started,
        "completed": started.map(|started| started + stats.duration_ms.round() as i64),
    })
}

/// When the run started, epoch milliseconds.
pub(super) fn epoch_ms(run: &RunInfo) -> Option<i64> {
    let started = OffsetDateTime::parse(&run.started, &Rfc3339).ok()?;
    Some((started.unix_timestamp_nanos() / 1_000_000) as i64)
}

/// `postproof`: who wrote the report, and what newman's schema has no place for.
pub(super) fn tool(run: Option<&RunInfo>, stats: &Stats) -> Value {
    let tool = run.map(|run| run.tool.as_str()).unwrap_or_default();
    let (name, version) = tool.split_once('/').unwrap_or((tool, ""));
    json!({
        "name": name,
        "version": version,
        "file": run.and_then(|run| run.file.as_deref()),
        "notes": run.map(|run| run.notes.as_slice()).unwrap_or_default(),
        "failed": stats.failed(),
        "stats": stats,
    })
}
