//! One exchange as a line of the transcript, and what of it belongs to this run alone.

use super::settle::Settler;
use crate::exchange::{Body, Call, Exchange, Headers, ResolvedRequest};
use crate::report::curl;
use serde_json::{Map, Value, json};

/// Fields that differ in every message.
const VOLATILE: [&str; 2] = ["date", "postman-token"];

/// An exchange as it is compared.
pub(super) fn line(number: u64, item: &str, exchange: &Exchange, settler: &mut Settler) -> Value {
    let calls: Vec<Value> = exchange.calls.iter().map(|call| self::call(call, settler)).collect();
    json!({
        "request": number,
        "item": settler.text(item),
        "curl": settler.text(&curl::line(exchange.request())),
        "calls": calls,
    })
}

/// What of it no other run has.
pub(super) fn volatile(number: u64, exchange: &Exchange) -> Value {
    let headers: Vec<Value> = exchange
        .calls
        .iter()
        .map(|call| {
            let sent = call.request.headers.iter();
            let received = call.outcome.iter().flat_map(|response| response.headers.iter());
            let of_this_run = sent.chain(received).filter(|header| is_volatile(&header.key));
            of_this_run
                .map(|header| (header.key.clone(), json!(header.value)))
                .collect::<Map<String, Value>>()
                .into()
        })
        .collect();
    let timings: Vec<Value> = exchange.calls.iter().map(|call| json!(call.timings)).collect();
    json!({"request": number, "timings": timings, "headers": headers})
}

fn is_volatile(name: &str) -> bool {
    VOLATILE.iter().any(|volatile| name.eq_ignore_ascii_case(volatile))
}

fn call(call: &Call, settler: &mut Settler) -> Value {
    let ResolvedRequest { method, url, headers, body } = &call.request;
    let request = json!({
        "method": method,
        "url": settler.text(url),
        "headers": fields(headers, settler),
        "body": body.as_ref().map(|body| text(body, settler)),
    });
    let answer = match &call.outcome {
        Ok(response) => json!({
            "code": response.code,
            "reason": response.reason,
            "version": response.version,
            "headers": fields(&response.headers, settler),
            "body": text(&response.body, settler),
        }),
        Err(failure) => json!({"failure": failure.kind, "message": settler.text(&failure.message)}),
    };
    json!({"request": request, "answer": answer})
}

fn fields(headers: &Headers, settler: &mut Settler) -> Vec<[String; 2]> {
    let settled = headers.iter().filter(|header| !is_volatile(&header.key));
    settled.map(|header| [header.key.clone(), settler.field(&header.key, &header.value)]).collect()
}

/// A body's text; one that is none, or was cut, by its size.
fn text(body: &Body, settler: &mut Settler) -> Value {
    match std::str::from_utf8(body.bytes()) {
        Ok(text) if !body.truncated() => json!(settler.text(text)),
        Ok(text) => json!({"beginning": settler.text(text), "bytes": body.size()}),
        Err(_) => json!({"binary": true, "bytes": body.size()}),
    }
}
