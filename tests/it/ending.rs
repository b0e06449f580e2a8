//! What ends a run before its plan does, and that its reports hold what ran.

use crate::support::{Routed, libraries_missing, postproof, scratch};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

/// Answers at once; below `/hang` never.
fn server() -> Routed {
    let hang = axum::routing::any(std::future::pending::<&str>);
    Routed::start(axum::Router::new().route("/hang", hang).fallback(|| async { "{}" }))
}

/// Runs a collection of these items, `{{base}}` being the server's.
fn run(folder: &Path, items: &Value, args: &[&str]) -> (Output, Value) {
    let server = server();
    let collection = json!({"info": {"name": "ending"}, "item": items});
    std::fs::write(folder.join("collection.json"), collection.to_string()).unwrap();
    let output = postproof()
        .current_dir(folder)
        .args(["run", "collection.json", "--env-var", &format!("base={}", server.base_url)])
        .args([
            "-r",
            "json,junit",
            "--reporter-json-export",
            "out.json",
            "--reporter-junit-export",
            "out.xml",
        ])
        .args(args)
        .output()
        .unwrap();
    let report = serde_json::from_slice(&std::fs::read(folder.join("out.json")).unwrap()).unwrap();
    let junit = std::fs::read_to_string(folder.join("out.xml")).unwrap();
    assert!(junit.trim_end().ends_with("</testsuites>"));
    (output, report)
}

fn item(name: &str, path: &str, listen: &str, script: &str) -> Value {
    json!({"name": name, "request": format!("{{{{base}}}}{path}"),
        "event": [{"listen": listen, "script": {"exec": [script]}}]})
}

/// Names of the items that were run, in order.
fn executed(report: &Value) -> Vec<&str> {
    let executions = report["run"]["executions"].as_array().unwrap();
    executions.iter().map(|execution| execution["item"]["name"].as_str().unwrap()).collect()
}

#[test]
fn a_run_whose_time_is_over_ends_whatever_it_is_doing() {
    if libraries_missing() {
        return;
    }
    for (case, busy) in [
        ("request", item("busy", "/hang", "test", "")),
        ("script", item("busy", "/", "test", "for (;;) { try { for (;;); } catch (e) {} }")),
        ("timer", item("busy", "/", "prerequest", "setTimeout(() => {}, 3600000)")),
        (
            "sendRequest",
            item("busy", "/", "test", "pm.sendRequest(pm.environment.get('base') + '/hang', () => {})"),
        ),
    ] {
        let folder = scratch(&format!("ending-timeout-{case}"));
        let items = json!([item("first", "/", "test", ""), busy, item("never", "/", "test", "")]);
        let begun = Instant::now();
        let (output, report) = run(&folder, &items, &["--timeout", "1500"]);
        assert!(begun.elapsed() < Duration::from_secs(20), "{case}");
        assert_eq!(output.status.code(), Some(1), "{case}");
        assert_eq!(executed(&report), ["first", "busy"], "{case}");
        assert_eq!(report["run"]["error"]["name"], "timeout", "{case}: {}", report["run"]["error"]);
        assert!(!report["run"]["failures"].as_array().unwrap().is_empty(), "{case}: what was cut off failed");
        let told = String::from_utf8(output.stderr).unwrap();
        let expected =
            "error: the run was stopped\n  caused by: the run took longer than 1500 ms, at `busy`\n";
        assert!(told.starts_with(expected), "{case}: {told}");
    }
}

#[test]
fn a_failure_ends_the_run_and_its_iteration() {
    if libraries_missing() {
        return;
    }
    let fails = "pm.test('no', () => pm.expect(1).to.eql(2))";
    let items = json!([item("bad", "/", "test", fails), item("after", "/", "test", "")]);
    for (option, ran) in [
        (None, &["bad", "after", "bad", "after"][..]),
        (Some("--bail"), &["bad"]),
        (Some("--bail=failure"), &["bad"]),
        (Some("--bail=folder,failure"), &["bad"]),
        (Some("--bail=folder"), &["bad", "after", "bad", "after"]),
    ] {
        let folder = scratch("ending-bail");
        let args: Vec<&str> = ["-n", "2"].into_iter().chain(option).collect();
        let (output, report) = run(&folder, &items, &args);
        assert_eq!(output.status.code(), Some(1), "{option:?}");
        assert_eq!(executed(&report), ran, "{option:?}");
        let error = &report["run"]["error"]["message"];
        let expected = "stopped at the first failure (--bail): the assertion `no` failed, in `bad`";
        assert_eq!(error.as_str(), (ran.len() == 1).then_some(expected), "{option:?}");
    }
}

#[test]
fn a_loop_without_end_is_taken_for_one() {
    if libraries_missing() {
        return;
    }
    let folder = scratch("ending-loop");
    let again = "pm.execution.setNextRequest('again')";
    let items = json!([item("again", "/", "test", again), item("after", "/", "test", "")]);
    let (output, report) = run(&folder, &items, &["--loop-limit", "5", "-n", "2"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(executed(&report), ["again"; 12], "six an iteration: the first and five jumps back");
    let messages: Vec<&str> = report["run"]["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|failure| failure["error"]["message"].as_str().unwrap())
        .collect();
    assert!(messages.len() == 2 && messages[0].contains("more than 5 times"), "{messages:?}");
}

#[test]
fn the_report_names_the_row_of_each_iteration() {
    let folder = scratch("ending-rows");
    std::fs::write(folder.join("rows.csv"), "user;n\nann;1\nbob;x\n").unwrap();
    let items = json!([{"name": "one", "request": "{{base}}/{{user}}"}]);
    let (output, report) = run(&folder, &items, &["-d", "rows.csv", "--data-delimiter", ";"]);
    assert!(output.status.success());
    let rows: Vec<_> = report["run"]["executions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|execution| execution["iterationData"].clone())
        .collect();
    assert_eq!(rows, [json!({"user": "ann", "n": 1}), json!({"user": "bob", "n": "x"})]);
}
