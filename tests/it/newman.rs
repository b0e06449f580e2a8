//! Side by side with newman: the shipped collection through both, against the same server.
//!
//! newman comes from npm (`npm ci --prefix tests/newman`); where it is not installed the tests say so and pass,
//! unless `POSTPROOF_REQUIRE_NEWMAN` is set, as CI does.

mod recorder;

use crate::support::{Served, in_repo, postproof, scratch};
use recorder::Recorder;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

const COLLECTION: &str = "collections/betterez-refresh-token.postman_collection.json";
const ENVIRONMENT: &str = "environments/local.postman_environment.json";

/// newman, where it is installed.
fn newman() -> Option<Command> {
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
        let (exit, _) = run(command, &recorder.base_url, &folder.join(format!("{name}.json")));
        assert_eq!(exit, 0, "{name}");
        seen.push(recorder.requests());
    }
    assert!(seen[0].len() >= 15);
    let diff = postproof::diff::unified(&seen[0].join("\n"), &seen[1].join("\n"));
    assert!(seen[0] == seen[1], "newman (-) and postproof (+) sent different requests:\n{diff}");
}
