//! The objects scripts touch through `pm` behave as those of postman-collection 5.3.1.

use postproof::sandbox::{Limits, Sandbox};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Cases that come to something else here. The SDK's own content lookup reads `RegExp.$1`, which the engine has not,
/// and so finds no file extension.
const KNOWN: [&str; 4] = [
    "res({code:200,header:'Content-Type: application/json; charset=utf-8',body:'{}'}).contentInfo()",
    "res({code:200,header:'Content-Type: text/html',body:'{}'}).contentInfo()",
    "res({code:200,body:'{}'}).contentInfo()",
    "res({code:200,header:'Content-Disposition: attachment; filename=\"a b.txt\"',body:'x'}).contentInfo()",
];

#[test]
fn objects_behave_as_the_sdks() {
    let expected = include_str!("../js/sdk/expected.json");
    let cases: Vec<(String, String)> = serde_json::from_str(expected).unwrap();
    assert!(cases.len() > 450, "{} cases", cases.len());
    let script = format!("const cases = {expected};\n{}", include_str!("../js/sdk/in-engine.js"));
    let assertions = run(&script);
    assert_eq!(assertions.len(), cases.len());
    let differing: BTreeSet<&str> = assertions
        .iter()
        .filter(|assertion| assertion["passed"] != true)
        .map(|assertion| assertion["name"].as_str().unwrap())
        .collect();
    let unexpected: Vec<&Value> = assertions
        .iter()
        .filter(|assertion| assertion["passed"] != true)
        .filter(|assertion| !KNOWN.contains(&assertion["name"].as_str().unwrap()))
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    assert_eq!(differing, BTreeSet::from(KNOWN), "no longer differing: take it off the list");
}

/// The assertions of one script.
fn run(source: &str) -> Vec<Value> {
    let mut sandbox = Sandbox::new(Limits::default());
    let event = json!({ "listen": "test", "script": { "exec": source } });
    let context = json!({ "request": { "url": "http://a" }, "response": { "code": 200 } });
    sandbox.post(json!(["execute", "x", event, context, {}]).to_string()).unwrap();
    let mut assertions = Vec::new();
    loop {
        let message: Value = serde_json::from_str(&sandbox.receive_blocking().unwrap()).unwrap();
        match message[0].as_str() {
            Some("execution.assertion.x") => assertions.extend(message[2].as_array().unwrap().clone()),
            Some("execution.result.x") => {
                assert_eq!(message[1], Value::Null);
                return assertions;
            }
            _ => {}
        }
    }
}
