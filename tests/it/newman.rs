//! Side by side with newman: the shipped collection through both, against the same server.
//!
//! newman comes from npm (`npm ci --prefix tests/newman`); where it is not installed the tests say so and pass,
//! unless `POSTPROOF_REQUIRE_NEWMAN` is set, as CI does.

mod corpus;
pub(crate) mod echo;
mod observation;
pub(crate) mod recorder;

use crate::support::{Routed, Served, in_repo, postproof, scratch};
use recorder::Recorder;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

const COLLECTION: &str = "collections/betterez-refresh-token.postman_collection.json";
const ENVIRONMENT: &str = "environments/local.postman_environment.json";

/// newman, where it is installed.
pub(crate) fn newman() -> Option<Command> {
    let script = in_repo("tests/newman/node_modules/newman/bin/newman.js");
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).status();
    if !script.exists() || !node.is_ok_and(|status| status.success()) {
        assert!(
            std::env::var_os("POSTPROOF_REQUIRE_NEWMAN").is_none(),
            "newman is required and not installed"
        );
        eprintln!("newman is not installed (npm ci --prefix tests/newman): not compared");
        return None;
    }
    let mut command = Command::new("node");
    command.arg(script).stdout(Stdio::null()).stdin(Stdio::null());
    Some(command)
}

/// Runs the shipped collection and gives the exit code and the JSON report.
fn run(mut command: Command, base_url: &str, report: &Path) -> (i32, Value) {
    let status = command
        .arg("run")
        .arg(in_repo(COLLECTION))
        .arg("-e")
        .arg(in_repo(ENVIRONMENT))
        .args(["--env-var", &format!("baseUrl={base_url}"), "-r", "json", "--reporter-json-export"])
        .arg(report)
        .status()
        .unwrap();
    (status.code().unwrap(), serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap())
}

#[test]
fn newman_passes_every_assertion_of_the_shipped_collection() {
    let Some(newman) = newman() else { return };
    let served = Served::start(&[]);
    let (exit, report) = run(newman, &served.base_url, &scratch("newman-passes").join("newman.json"));
    let assertions = &report["run"]["stats"]["assertions"];
    assert_eq!((exit, assertions["failed"].as_u64()), (0, Some(0)), "{:#}", report["run"]["failures"]);
    assert!(assertions["total"].as_u64().unwrap() >= 20);
}

#[test]
fn the_server_sees_the_same_requests_from_both() {
    let Some(newman) = newman() else { return };
    let folder = scratch("newman-same");
    let mut seen = Vec::new();
    for (name, command) in [("newman", newman), ("postproof", postproof())] {
        let served = Served::start(&[]);
        let recorder = Recorder::start(&served.base_url);
        let (exit, _) = run(command, recorder.base_url(), &folder.join(format!("{name}.json")));
        assert_eq!(exit, 0, "{name}");
        seen.push(recorder.requests());
    }
    assert!(seen[0].len() >= 15);
    let diff = postproof::diff::unified(&seen[0].join("\n"), &seen[1].join("\n"));
    assert!(seen[0] == seen[1], "newman (-) and postproof (+) sent different requests:\n{diff}");
}

/// Answers with what was asked: method, path, query, headers and body; `/status/404` with that status, `/cookie` with
/// a cookie.
pub(crate) fn echo() -> axum::Router {
    async fn answer(request: axum::extract::Request) -> axum::response::Response {
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let headers: serde_json::Map<String, Value> = head
            .headers
            .iter()
            .filter(|(name, _)| !["postman-token", "user-agent", "host"].contains(&name.as_str()))
            .map(|(name, value)| (name.to_string(), Value::from(value.to_str().unwrap())))
            .collect();
        let path = head.uri.path();
        let status: u16 = path.strip_prefix("/status/").and_then(|code| code.parse().ok()).unwrap_or(200);
        let mut response = axum::response::Response::builder().status(status);
        response = response.header("content-type", "application/json; charset=utf-8");
        if path == "/cookie" {
            response = response.header("set-cookie", "flavour=oat; Path=/");
        }
        let told = serde_json::json!({
            "method": head.method.as_str(),
            "path": path,
            "query": head.uri.query(),
            "headers": headers,
            "body": String::from_utf8_lossy(&body),
        });
        response.body(axum::body::Body::from(told.to_string())).unwrap()
    }
    axum::Router::new().fallback(answer)
}

/// Every assertion of a report: item, name, outcome and message, in order.
fn assertions(report: &Value) -> Vec<String> {
    let mut executions = report["run"]["executions"].as_array().unwrap().clone();
    // newman repeats an execution for every request its scripts send.
    executions.dedup_by(|a, b| !a["cursor"]["ref"].is_null() && a["cursor"]["ref"] == b["cursor"]["ref"]);
    let of = |execution: &Value| {
        let item = execution["item"]["name"].as_str().unwrap().to_owned();
        let all = execution["assertions"].as_array().cloned().unwrap_or_default();
        all.into_iter()
            .map(|told| {
                let outcome = match (&told["skipped"], told.get("error").filter(|error| !error.is_null())) {
                    (Value::Bool(true), _) => "skipped".to_owned(),
                    (_, Some(error)) => format!("failed: {}", error["message"].as_str().unwrap()),
                    (_, None) => "passed".to_owned(),
                };
                format!("{item}: {} {outcome}", told["assertion"])
            })
            .collect::<Vec<_>>()
    };
    executions.iter().flat_map(of).collect()
}

#[test]
fn every_collection_gives_the_same_assertions_in_newman_and_here() {
    if newman().is_none() || crate::support::libraries_missing() {
        return;
    }
    let folder = scratch("newman-assertions");
    let mut collections: Vec<_> =
        std::fs::read_dir(in_repo("tests/cases/run")).unwrap().map(|entry| entry.unwrap().path()).collect();
    collections.sort();
    assert!(collections.len() >= 4);
    for collection in collections {
        let both = ["newman", "postproof"].map(|name| {
            let echo = Routed::start(echo());
            let report = folder.join(format!("{name}.json"));
            let mut command = if name == "newman" { newman().unwrap() } else { postproof() };
            let ended = command
                .arg("run")
                .arg(&collection)
                .args([
                    "--env-var",
                    &format!("baseUrl={}", echo.base_url),
                    "-r",
                    "json",
                    "--reporter-json-export",
                ])
                .arg(&report)
                .status()
                .unwrap();
            let report: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
            (ended.code(), assertions(&report))
        });
        let [(their_exit, theirs), (our_exit, ours)] = both;
        let diff = postproof::diff::unified(&theirs.join("\n"), &ours.join("\n"));
        assert!(!theirs.is_empty(), "{} asserts nothing", collection.display());
        assert!(theirs == ours, "{}: newman (-) and postproof (+):\n{diff}", collection.display());
        assert_eq!(their_exit, our_exit, "{}", collection.display());
    }
}
