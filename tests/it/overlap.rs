//! Requests of a script that overlap, as the contract's judge sees them.

use postproof::conformance::{Bindings, Ledger, registry};
use postproof::contract;
use postproof::event::{Cursor, EventKind, RequestLine};
use postproof::exchange::{Body, Call, Exchange, Headers, ResolvedRequest, Response, Timings};
use postproof::pipeline::Pipeline;
use postproof::redact::Redactor;
use postproof::verdict::Verdict;
use serde_json::{Value, json};
use std::sync::Arc;

fn ledger() -> Ledger {
    let contract = contract::load("betterez-refresh-token", &registry::ids()).unwrap();
    let known = |name: &str| match name {
        "baseUrl" => Some("http://h"),
        "x-api-key" => Some("key"),
        _ => None,
    };
    let resolve = |template: &str, _: &[(String, Value)]| {
        let name = template.strip_prefix("<<").and_then(|rest| rest.strip_suffix(">>"));
        name.and_then(known).unwrap_or(template).to_owned()
    };
    let bindings = Bindings::new(&contract, resolve, |name| known(name).map(Value::from));
    Ledger::new(Arc::new(contract), bindings, 0.0).unwrap()
}

fn started(number: u64) -> EventKind {
    let request = RequestLine { method: "POST".into(), url: "http://h/".into() };
    EventKind::RequestStarted { cursor: Cursor::default(), number, request }
}

/// A request that ends `after_ms`, with its answer.
fn finished(number: u64, path: &str, body: &Value, answer: (u16, Value), after_ms: f64) -> EventKind {
    let mut headers = Headers::default();
    headers.push("x-api-key", "key");
    headers.push("Content-Type", "application/json");
    let request = ResolvedRequest {
        method: "POST".into(),
        url: format!("http://h{path}"),
        headers,
        body: Some(Body::new(body.to_string())),
    };
    let response = Response {
        code: answer.0,
        reason: String::new(),
        version: "HTTP/1.1".into(),
        headers: Headers::default(),
        body: Body::new(answer.1.to_string()),
    };
    let timings = Timings { start_ms: 10.0, total_ms: after_ms, ..Timings::default() };
    let exchange = Arc::new(Exchange { calls: vec![Call { request, outcome: Ok(response), timings }] });
    EventKind::RequestFinished { cursor: Cursor::default(), number, exchange, by_script: number > 1 }
}

/// Whether a refusal of a token that a slower request redeems at the same time is taken for a fault.
fn is_faulted(order: [EventKind; 4]) -> bool {
    let mut pipeline = Pipeline::new(Redactor::disabled(), Some(ledger()), Vec::new());
    let grant = |access: &str, refresh: &str| json!({"user": {"_id": "u"}, "token": "t", "shortToken": access, "refreshToken": refresh});
    pipeline.emit(started(1));
    pipeline.emit(finished(1, "/accounts/users", &json!({}), (200, grant("a0", "r0")), 1.0));
    order.into_iter().for_each(|event| pipeline.emit(event));
    pipeline.conclude().iter().any(|check| check.verdict == Verdict::Fail && check.id.starts_with("rt."))
}

#[test]
fn the_order_in_which_overlapping_requests_end_is_held_against_nobody() {
    let redeem = json!({"refreshToken": "r0"});
    let path = "/accounts/refresh-token";
    let next = json!({"user": {"_id": "u"}, "token": "t", "shortToken": "a1", "refreshToken": "r1"});
    let refusal = json!({"code": "INVALID_REFRESH_TOKEN", "message": "no"});
    let refused = finished(3, path, &redeem, (401, refusal), 1.0);
    let accepted = finished(2, path, &redeem, (200, next), 9.0);
    assert!(!is_faulted([started(2), started(3), refused.clone(), accepted.clone()]));
    // One after the other, a good token was refused.
    assert!(is_faulted([started(3), refused, started(2), accepted]));
}
