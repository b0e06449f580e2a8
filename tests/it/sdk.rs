//! The objects scripts touch through `pm` behave as those of postman-collection 5.3.1.

use postproof::sandbox::{Limits, Sandbox};
use serde_json::{Value, json};

#[test]
fn objects_behave_as_the_sdks() {
    if crate::support::libraries_missing() {
        return;
    }
    let expected = include_str!("../js/sdk/expected.json");
    let cases: Vec<(String, String)> = serde_json::from_str(expected).unwrap();
    assert!(cases.len() > 450, "{} cases", cases.len());
    let script = format!("const cases = {expected};\n{}", include_str!("../js/sdk/in-engine.js"));
    let assertions = run(&script);
    assert_eq!(assertions.len(), cases.len());
    let unexpected: Vec<&Value> = assertions.iter().filter(|assertion| assertion["passed"] != true).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
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
