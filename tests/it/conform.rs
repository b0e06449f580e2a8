//! `conform` against the embedded server: the good one fails nothing, and each fault fails what it is there for.

use crate::support::{in_parallel, in_repo, postproof, scratch};
use postproof::conformance::registry;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Runs of the good server; a race or a bad clock in a probe shows here.
const GOOD_RUNS: usize = 50;

/// What one `conform` came to.
struct Judged {
    exit: i32,
    stdout: String,
    /// Check ids by verdict.
    verdicts: BTreeMap<String, BTreeSet<String>>,
    checks: Vec<Value>,
}

impl Judged {
    fn with(&self, verdict: &str) -> BTreeSet<String> {
        self.verdicts.get(verdict).cloned().unwrap_or_default()
    }

    /// Checks that found something: a failure, or a warning where the contract only recommends.
    fn violated(&self) -> BTreeSet<String> {
        &self.with("fail") | &self.with("warn")
    }
}

fn conform(folder: &Path, args: &[&str]) -> Judged {
    let output = postproof().arg("conform").args(args).current_dir(folder).output().unwrap();
    let report: Value =
        serde_json::from_slice(&std::fs::read(folder.join("reports/report.json")).unwrap()).unwrap();
    let checks = report["conformance"]["checks"].as_array().unwrap().clone();
    let mut verdicts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for check in &checks {
        let text = |key: &str| check[key].as_str().unwrap().to_owned();
        verdicts.entry(text("verdict")).or_default().insert(text("id"));
    }
    let stdout = String::from_utf8(output.stdout).unwrap();
    Judged { exit: output.status.code().unwrap(), stdout, verdicts, checks }
}

#[test]
fn the_good_server_fails_nothing_however_often_it_is_asked() {
    let folder = scratch("conform-good");
    let runs: Vec<usize> = (0..GOOD_RUNS).collect();
    let judged = in_parallel(&runs, |run| {
        let folder = folder.join(run.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let judged = conform(&folder, &[]);
        for report in ["junit.xml", "report.json", "events.ndjson"] {
            assert!(folder.join("reports").join(report).is_file(), "{report} is missing");
        }
        judged
    });
    for judged in &judged {
        assert_eq!(judged.exit, 0, "{}", judged.stdout);
        assert!(judged.verdicts.keys().all(|verdict| ["pass", "skip"].contains(&verdict.as_str())));
        // A busy machine may never fit login, redeem and replay into one second; nothing else is left out.
        assert!(judged.with("skip").iter().all(|id| id == "rt.samesecond"), "{}", judged.stdout);
        let contract = postproof::contract::load("betterez-refresh-token", &registry::ids()).unwrap();
        assert_eq!(judged.checks.len(), contract.checks.len());
    }
    assert!(judged.iter().any(|judged| judged.with("skip").is_empty()), "rt.samesecond was never exercised");
}

#[test]
fn the_kill_matrix_is_complete() {
    let output = postproof().args(["selftest", "--good-runs", "1", "--jobs", "12"]).output().unwrap();
    let matrix = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{matrix}");
    for fault in postproof::server::faults() {
        assert!(matrix.contains(&format!("ok   {}: ", fault.name)), "{}\n{matrix}", fault.name);
    }
}

#[test]
fn a_shape_that_differs_is_shown_as_a_diff() {
    let judged = conform(&scratch("conform-diff"), &["--fault", "wrong-shape"]);
    let shape = judged.checks.iter().find(|check| check["id"] == "rt.shape").unwrap();
    let diff = shape["diff"].as_str().unwrap();
    assert!(diff.contains("-user: object"), "{diff}");
    assert!(judged.stdout.contains("-user: object"));
}

#[test]
fn what_is_not_configured_is_skipped_with_what_to_set() {
    let served = crate::support::Served::start(&[]);
    let base_url = format!("baseUrl={}", served.base_url);
    let environment = in_repo("environments/local.postman_environment.json");
    let mut args = vec!["-e", environment.to_str().unwrap(), "--env-var", &base_url];
    for unset in
        ["x-api-key-no-refresh=", "x-api-key-short-lived=", "subjectLogin=", "customerBasicAuthToken="]
    {
        args.extend(["--env-var", unset]);
    }
    let judged = conform(&scratch("conform-partly"), &args);
    assert_eq!(judged.exit, 0, "{}", judged.stdout);
    assert_eq!(
        judged.with("skip"),
        ["login.disabled", "rt.expiry", "rt.subject", "rt.subject.deleted"].map(str::to_owned).into()
    );
    for (id, names) in [("rt.subject", "subjectLogin"), ("login.disabled", "x-api-key-no-refresh")] {
        let check = judged.checks.iter().find(|check| check["id"] == id).unwrap();
        assert!(check["reason"].as_str().unwrap().contains(names), "{check}");
    }
    assert!(judged.stdout.contains("the customer login was left out: set `customerBasicAuthToken`"));
}

#[test]
fn wrong_credentials_end_the_run_before_a_page_of_failures() {
    let served = crate::support::Served::start(&[]);
    let environment = in_repo("environments/local.postman_environment.json");
    let output = postproof()
        .args(["conform", "-r", "cli", "-e", environment.to_str().unwrap()])
        .args(["--env-var", &format!("baseUrl={}", served.base_url), "--env-var", "x-api-key=pk_wrong"])
        .current_dir(scratch("conform-credentials"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("the staff user login was refused (401); check"), "{stderr}");
}

#[test]
fn the_shipped_collection_is_judged_too() {
    let folder = scratch("run-judged");
    for (faults, exit, failed) in [
        (&[][..], 0, &[][..]),
        (&["replay-accepted"][..], 1, &["rt.reuse.now"][..]),
        (&["wrong-code"][..], 1, &["rt.reuse.code"][..]),
        (&["successor-dead"][..], 1, &["rt.chain"][..]),
    ] {
        let served = crate::support::Served::start(faults);
        let report = folder.join("report.json");
        let status = run_shipped(&served.base_url, &report).status().unwrap();
        let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
        let checks = report["conformance"]["checks"].as_array().unwrap();
        // Whether a replay falls into the second of its login is up to the clock.
        let named: Vec<&str> = checks
            .iter()
            .filter(|check| check["verdict"] == "fail" && check["id"] != "rt.samesecond")
            .map(|check| check["id"].as_str().unwrap())
            .collect();
        assert_eq!((status.code(), named.as_slice()), (Some(exit), failed), "{faults:?}");
    }
}

fn run_shipped(base_url: &str, report: &Path) -> Command {
    let mut command = postproof();
    command
        .arg("run")
        .arg(in_repo("collections/betterez-refresh-token.postman_collection.json"))
        .arg("-e")
        .arg(in_repo("environments/local.postman_environment.json"))
        .args(["--env-var", &format!("baseUrl={base_url}"), "-r", "json", "--reporter-json-export"])
        .arg(report);
    command
}

#[test]
fn a_walk_finds_a_fault_and_shrinks_it_to_a_collection_that_reproduces_it() {
    let folder = scratch("conform-walk");
    let collection = folder.join("found.json");
    let walk = ["--explore", "200", "--seed", "7", "--fault", "replay-accepted", "--counterexample"];
    let judged = conform(&folder, &[&walk[..], &[collection.to_str().unwrap()]].concat());
    assert_eq!(judged.exit, 1);
    assert!(judged.with("fail").contains("rt.reuse.now"), "{}", judged.stdout);
    // Log in, redeem, redeem again: nothing shorter is a replay.
    assert!(judged.stdout.contains("rt.reuse.now in 3 steps"), "{}", judged.stdout);
    let text = std::fs::read_to_string(&collection).unwrap();
    assert!(!text.contains("s3cret") && text.contains("{{basicAuthToken}}"), "{text}");
    for (faults, failed) in [(&["replay-accepted"][..], 1), (&[], 0)] {
        let served = crate::support::Served::start(faults);
        let status = postproof()
            .arg("run")
            .arg(&collection)
            .args(["--no-contract", "-r", "--env-var", &format!("baseUrl={}", served.base_url), "-e"])
            .arg(in_repo("environments/local.postman_environment.json"))
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(failed), "{faults:?}");
    }
}

#[test]
fn walks_over_the_good_server_find_nothing_whatever_the_seed() {
    let seeds: Vec<String> = (1..=6).map(|seed: u32| seed.to_string()).collect();
    let folder = scratch("conform-walks");
    let judged = in_parallel(&seeds, |seed| {
        let folder = folder.join(seed);
        std::fs::create_dir_all(&folder).unwrap();
        conform(&folder, &["--explore", "400", "--seed", seed])
    });
    for (seed, judged) in seeds.iter().zip(&judged) {
        assert_eq!(judged.violated(), BTreeSet::new(), "seed {seed}\n{}", judged.stdout);
        assert_eq!(judged.exit, 0, "seed {seed}");
        assert!(judged.with("pass").contains("rt.chain"), "seed {seed}");
    }
}

#[test]
fn what_is_limited_is_shown_and_what_is_not_allowed_is_not_done() {
    let limited = conform(&scratch("conform-limited"), &["--max-requests", "30", "--rate", "1000"]);
    for told in
        ["at most 30 requests", "at most 1000.000 requests a second", "the limit of 30 requests was reached"]
    {
        assert!(limited.stdout.contains(told), "{told}\n{}", limited.stdout);
    }
    assert!(limited.with("skip").contains("rt.race"), "{}", limited.stdout);
    let elsewhere = ["conform", "--env-var", "baseUrl=http://api.example", "--explore", "10", "-r", "cli"];
    let output = postproof()
        .args(elsewhere)
        .arg("-e")
        .arg(in_repo("environments/local.postman_environment.json"))
        .current_dir(scratch("conform-elsewhere"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--target-ok api.example"));
}

#[test]
fn a_whole_url_in_the_contract_needs_leave_of_its_own() {
    let folder = scratch("conform-whole-url");
    let shown = postproof().arg("contract").output().unwrap().stdout;
    let whole = "path = \"https://api.example/people\"";
    let text = String::from_utf8(shown).unwrap().replace("path = \"/accounts/people-lookups\"", whole);
    assert!(text.contains(whole), "{text}");
    std::fs::write(folder.join("contract.toml"), text).unwrap();
    let walk = ["conform", "--contract", "contract.toml", "--explore", "10"];
    let output = postproof().args(walk).current_dir(&folder).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("no random walk at api.example") && said.contains("--target-ok api.example"),
        "{said}"
    );
}

#[test]
fn coverage_says_what_of_the_error_table_was_reached() {
    let judged = conform(&scratch("conform-coverage"), &["--fault", "wrong-code"]);
    let shown = "contradicted";
    assert!(judged.stdout.contains("error table: ") && judged.stdout.contains(shown), "{}", judged.stdout);
    assert!(
        judged.stdout.contains("used: 401 INVALID_REFRESH_TOKEN, got 401 TOKEN_USED"),
        "{}",
        judged.stdout
    );
}
