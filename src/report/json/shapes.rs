//! newman's JSON shapes of requests, responses, errors and counts.

use crate::event::{ErrorInfo, RunInfo};
use crate::exchange::{Body, Call, ResolvedRequest, Response, TransportFailure};
use crate::report::failure::{Failure, Origin, error_name};
use crate::report::url::UrlParts;
use crate::summary::{Count, Stats};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `collection`: as exported, or its name alone where the run has none (probes).
pub(super) fn collection(run: &RunInfo) -> Value {
    match &run.collection {
        Some(collection) => Value::clone(collection),
        None => json!({ "info": { "name": run.name } }),
    }
}

/// `environment` or `globals` of a run that has none.
pub(super) fn empty_scope() -> Value {
    json!({ "values": [] })
}

/// `request`, as sent.
pub(super) fn request(request: &ResolvedRequest) -> Value {
    let mut shape = json!({
        "url": url(&request.url),
        "header": request.headers,
        "method": request.method,
    });
    if let Some(body) = &request.body {
        let carried = body_shape(body);
        let raw = String::from_utf8_lossy(&shown_bytes(&carried)).into_owned();
        shape["body"] = json!({ "mode": "raw", "raw": raw, "size": body.size() });
        if carried["truncated"] == true {
            shape["body"]["truncated"] = json!(true);
        }
    }
    shape
}

fn url(url: &str) -> Value {
    let parts = UrlParts::of(url);
    let split = |text: &str, by: char| -> Vec<String> { text.split(by).map(str::to_owned).collect() };
    let mut shape = json!({ "raw": url, "protocol": parts.protocol });
    if let Some(port) = parts.port {
        shape["port"] = json!(port);
    }
    shape["path"] = json!(split(parts.path.strip_prefix('/').unwrap_or(parts.path), '/'));
    // An IPv6 address is one name.
    let whole = parts.host.starts_with('[') || parts.host.contains("{{");
    shape["host"] = if whole { json!([parts.host]) } else { json!(split(parts.host, '.')) };
    let query: Vec<Value> = parts
        .query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.split_once('=') {
            Some((key, value)) => json!({ "key": key, "value": value }),
            None => json!({ "key": pair, "value": null }),
        })
        .collect();
    shape["query"] = json!(query);
    shape["variable"] = json!([]);
    shape
}

/// `response`. `body` is what postproof adds: text (or base64), size, and whether and with which hash it was cut.
pub(super) fn response(response: &Response, number: u64, time_ms: f64, newman_streams: bool) -> Value {
    let body = body_shape(&response.body);
    let mut shape = json!({
        "id": format!("response-{number}"),
        "status": response.reason,
        "code": response.code,
        "header": response.headers,
    });
    if newman_streams {
        shape["stream"] = json!({ "type": "Buffer", "data": shown_bytes(&body) });
    }
    shape["responseTime"] = json!(time_ms.round() as u64);
    shape["responseSize"] = json!(response.body.size());
    shape["body"] = body;
    shape
}

/// The body as events carry it: the same whether it comes from the wire or from a recording.
fn body_shape(body: &Body) -> Value {
    serde_json::to_value(body).unwrap_or_default()
}

fn shown_bytes(body: &Value) -> Vec<u8> {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    match (body["text"].as_str(), body["base64"].as_str()) {
        (Some(text), _) => text.as_bytes().to_vec(),
        (None, Some(base64)) => BASE64_STANDARD.decode(base64).unwrap_or_default(),
        (None, None) => Vec::new(),
    }
}

/// `requestError`, with the message that newman leaves out.
pub(super) fn request_error(failure: &TransportFailure) -> Value {
    json!({ "code": failure.kind, "message": failure.message })
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

/// One entry of `run.failures`. `source` names the item; newman's `parent` repeats the whole folder per failure.
pub(super) fn failure(failure: &Failure) -> Value {
    let error = match &failure.origin {
        Origin::Assertion { name, index, .. } => assertion_error(name, *index, &failure.error),
        _ => script_error(&failure.error),
    };
    json!({
        "number": failure.number,
        "error": error,
        "at": failure.origin.at(),
        "source": failure.item,
        "cursor": failure.cursor,
    })
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
    // newman's `prerequests` and `tests` count the phases of items, with or without scripts in them.
    let phases = Count { failed: 0, ..stats.items };
    json!({
        "iterations": count(stats.iterations),
        "items": count(stats.items),
        "scripts": count(scripts),
        "prerequests": count(Count { failed: prerequest.failed, ..phases }),
        "requests": count(stats.requests),
        "tests": count(Count { failed: test.failed, ..phases }),
        "assertions": count(stats.assertions),
        "testScripts": count(test),
        "prerequestScripts": count(prerequest),
    })
}

/// `run.timings`: epoch milliseconds and response times. As in newman without `--verbose`, phases are 0.
pub(super) fn timings(stats: &Stats, started: Option<&str>) -> Value {
    let time = stats.response_time;
    let started = started
        .and_then(|started| OffsetDateTime::parse(started, &Rfc3339).ok())
        .map(|started| (started.unix_timestamp_nanos() / 1_000_000) as i64);
    json!({
        "responseAverage": time.mean,
        "responseMin": time.min,
        "responseMax": time.max,
        "responseSd": time.sd(),
        "dnsAverage": 0, "dnsMin": 0, "dnsMax": 0, "dnsSd": 0,
        "firstByteAverage": 0, "firstByteMin": 0, "firstByteMax": 0, "firstByteSd": 0,
        "started": started,
        "completed": started.map(|started| started + stats.duration_ms.round() as i64),
    })
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
