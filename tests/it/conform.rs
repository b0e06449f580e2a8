//! `conform` against the embedded server: the good one fails nothing, and each fault fails what it is there for.

use crate::support::{in_parallel, in_repo, postproof, scratch};
use postproof::conformance::registry::{self, CHECKS};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Runs of the good server; a race or a bad clock in a probe shows here.
const GOOD_RUNS: usize = 50;

/// Each fault with the checks it must fail, and those it may fail beside them because they rest on the same clause
/// and whether they notice depends on the clock.
const KILLS: &[(&str, &[&str], &[&str])] = &[
    ("replay-accepted", &["rt.reuse.now", "rt.reuse.late", "rt.chain"], &["rt.samesecond"]),
    ("replay-accepted-late", &["rt.reuse.late"], &["rt.chain"]),
    ("replay-accepted-early", &["rt.reuse.now"], &["rt.chain", "rt.samesecond"]),
    ("same-token-returned", &["rt.rotate"], &[]),
    ("same-second-reuse", &["rt.samesecond"], &["rt.reuse.now", "rt.reuse.late", "rt.chain"]),
    ("one-slot-store", &["rt.chain"], &[]),
    ("successor-dead", &["rt.chain"], &[]),
    ("no-successor", &["rt.rotate"], &[]),
    ("chain-limit", &["rt.chain"], &[]),
    ("access-not-renewed", &["rt.access"], &[]),
    ("access-dead", &["bearer.works"], &[]),
    ("login-access-dead", &["bearer.works"], &[]),
    ("wrong-shape", &["rt.shape"], &[]),
    ("legacy-token-missing", &["rt.shape"], &[]),
    ("wrong-subject-shape", &["rt.shape"], &[]),
    ("wrong-subject", &["rt.shape"], &[]),
    ("wrong-code", &["rt.reuse.code"], &[]),
    (
        "wrong-status",
        &["err.table.invalid", "rt.expiry", "rt.reuse.code", "rt.subject", "rt.subject.deleted"],
        &[],
    ),
    ("not-found-status", &["err.table.invalid"], &[]),
    // Its answer has a stack trace, and odd tokens are unknown ones.
    ("unknown-token-500", &["err.table.invalid", "err.leak"], &["err.robust"]),
    (
        "ok-with-error-body",
        &["err.table.invalid", "rt.expiry", "rt.reuse.code", "rt.subject", "rt.subject.deleted"],
        &[],
    ),
    // A token that is null or a number is none to it, and neither is one in a body of another content type.
    (
        "missing-field-500",
        &["err.table.missing-field", "err.table.null", "err.table.wrong-type", "err.leak", "err.robust"],
        &[],
    ),
    ("missing-field-401", &["err.table.missing-field", "err.table.null", "err.table.wrong-type"], &[]),
    ("missing-field-code", &["err.table.missing-field", "err.table.null", "err.table.wrong-type"], &[]),
    // An access token is an unknown refresh token to it.
    ("garbage-accepted", &["err.table.invalid", "rt.type", "rt.variants"], &[]),
    ("case-insensitive-token", &["rt.variants"], &[]),
    ("no-key-gate", &["err.table.missing-key", "rt.client.auth"], &[]),
    ("no-client-gate", &["err.table.missing-key", "err.table.unknown-key", "rt.client.auth"], &[]),
    ("unknown-key-accepted", &["err.table.unknown-key", "rt.client.auth"], &[]),
    ("wrong-key-status", &["err.table.missing-key", "err.table.unknown-key"], &[]),
    ("basic-required", &["rt.redeem"], &[]),
    ("expired-accepted", &["rt.expiry"], &[]),
    ("disabled-subject-accepted", &["rt.subject"], &[]),
    ("deleted-subject-accepted", &["rt.subject.deleted"], &[]),
    ("lockout-after-refusal", &["login.recover"], &[]),
    ("refresh-when-disabled", &["login.disabled"], &[]),
    ("wrong-lifetime", &["login.disabled"], &[]),
    ("no-short-token", &["login.access"], &[]),
    ("bearer-open", &["bearer.works"], &[]),
    ("grace", &["rt.reuse.now", "rt.reuse.late", "rt.chain"], &["rt.samesecond"]),
    ("idempotent", &["rt.reuse.now", "rt.reuse.late", "rt.chain"], &["rt.samesecond"]),
    ("access-expires-before-issue", &["login.disabled", "jwt.time"], &[]),
    ("used-token-500", &["rt.reuse.code", "err.leak"], &[]),
    ("expired-code", &["rt.expiry"], &[]),
    ("disabled-subject-code", &["rt.subject"], &[]),
    ("redeem-html-500", &["rt.redeem"], &[]),
    ("replay-ends-all-users", &["rt.family.isolated"], &[]),
    ("refresh-as-bearer", &["rt.type"], &[]),
    ("access-as-refresh", &["rt.type"], &[]),
    ("consumed-by-bad-key", &["rt.notconsumed.key"], &[]),
    // A body of another content type has no field for it.
    ("consumed-by-missing-field", &["rt.notconsumed.field", "rt.notconsumed.type"], &[]),
    ("consumed-by-content-type", &["rt.notconsumed.type"], &[]),
    ("consumed-by-malformed-body", &["rt.notconsumed.body"], &[]),
    ("consumed-by-other-client", &["rt.client.bind"], &[]),
    ("client-not-bound", &["rt.client.bind"], &[]),
    ("token-counter", &["rt.entropy"], &[]),
    ("token-timestamp", &["rt.entropy"], &[]),
    ("token-short", &["rt.entropy"], &[]),
    ("token-shared-prefix", &["rt.entropy"], &[]),
    ("access-issued-ahead", &["jwt.time"], &[]),
    ("access-subject-changes", &["jwt.claims"], &[]),
    ("access-audience-changes", &["jwt.claims"], &[]),
    ("error-without-message", &["err.envelope"], &[]),
    ("error-stack-trace", &["err.leak"], &[]),
    ("error-sql", &["err.leak"], &[]),
    ("error-path", &["err.leak"], &[]),
    ("error-echoes-token", &["err.leak"], &[]),
    ("refusals-told-apart", &["err.oracle"], &[]),
    ("empty-token-500", &["err.robust", "err.leak"], &[]),
    ("oversized-500", &["err.robust", "err.leak"], &[]),
    ("control-characters-500", &["err.robust", "err.leak"], &[]),
    ("invalid-utf8-500", &["err.robust", "err.leak"], &[]),
    ("media-type-500", &["err.robust", "err.leak"], &[]),
    ("race-check-then-delete", &["rt.race"], &["rt.race.mixed"]),
    ("race-rows-ignored", &["rt.race"], &["rt.race.mixed"]),
    ("race-two-replicas", &["rt.race"], &["rt.race.mixed"]),
    ("race-one-survivor", &["rt.race"], &["rt.race.mixed"]),
    ("race-shared-successor", &["rt.race"], &["rt.race.mixed"]),
    ("race-losers-500", &["rt.race"], &["rt.race.mixed"]),
    ("race-lost-update", &["rt.race.mixed"], &[]),
    ("redeem-content-type", &["rt.mediatype"], &[]),
    ("redeem-gzip-garbage", &["rt.redeem"], &[]),
    ("redeem-body-cut", &["rt.redeem"], &[]),
    ("redeem-reset", &["rt.redeem"], &[]),
    ("redeem-slow-head", &["rt.redeem"], &[]),
    ("redeem-unanswered", &["rt.redeem"], &[]),
];

/// The same for faults of what the shipped contract leaves open, and for checks that it does not have: judged by the
/// contract that leaves nothing open.
const KILLS_BEYOND: &[(&str, &[&str], &[&str])] = &[
    ("family-revocation", &["rt.family", "rt.family.deep", "rt.race.winner"], &["rt.race.mixed"]),
    // A storm has replays, too.
    ("replay-ends-other-sessions", &["rt.family.isolated"], &["rt.race.mixed"]),
    ("old-access-revoked", &["bearer.old"], &[]),
    ("lost-answer-rolled-back", &["rt.lost"], &["rt.race"]),
    ("token-in-query", &["rt.nourl"], &[]),
    ("redeem-by-get", &["rt.nourl"], &[]),
    ("tokens-cacheable", &["rt.nostore"], &[]),
    ("one-session-a-subject", &["rt.parallel"], &[]),
    (
        "not-found-status",
        &["err.table.access-token", "err.table.empty", "err.table.invalid", "err.table.tampered"],
        &[],
    ),
    ("access-as-refresh", &["rt.type", "err.table.access-token"], &[]),
    ("client-not-bound", &["rt.client.bind", "err.table.other-client"], &[]),
    ("empty-token-500", &["err.robust", "err.leak", "err.table.empty"], &[]),
    ("invalid-utf8-500", &["err.robust", "err.leak", "err.table.broken-body"], &[]),
    ("media-type-500", &["err.robust", "err.leak", "err.table.content-type"], &[]),
];

/// The same for contracts under which a used token lives on for a while. What the sound server does is wrong there,
/// and `grace` and `idempotent` are right, each under its own.
const KILLS_IN_GRACE: &[(&str, &[&str], &[&str])] = &[("grace-too-short", &["rt.lost"], &["rt.grace"])];
const KILLS_IDEMPOTENT: &[(&str, &[&str], &[&str])] =
    &[("grace", &["rt.grace", "rt.race"], &["rt.race.mixed"])];

/// Checks that no fault of the reference server can violate, because its applications have no secrets: the server of
/// cookies in `contracts` proves them.
const UNPROVEN: &[&str] = &["err.table.wrong-secret", "err.table.other-secret"];

/// The shipped contract with everything it leaves open decided.
const EXTENDED: &str = "tests/it/conform/extended.toml";
const GRACE: &str = "tests/it/conform/grace.toml";
const IDEMPOTENT: &str = "tests/it/conform/idempotent.toml";

type Kills = &'static [(&'static str, &'static [&'static str], &'static [&'static str])];

/// Each table with the contract it is judged by; the shipped one where none is named.
fn tables() -> [(Kills, Option<&'static str>); 4] {
    [
        (KILLS, None),
        (KILLS_BEYOND, Some(EXTENDED)),
        (KILLS_IN_GRACE, Some(GRACE)),
        (KILLS_IDEMPOTENT, Some(IDEMPOTENT)),
    ]
}

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
fn every_fault_fails_the_checks_it_is_there_for_and_no_other() {
    let listed: BTreeSet<&str> = postproof::server::faults().iter().map(|fault| fault.name).collect();
    let seen: BTreeSet<&str> =
        tables().into_iter().flat_map(|(kills, _)| kills).map(|(fault, ..)| *fault).collect();
    assert_eq!(listed, seen, "the tables and the server's faults differ");
    for (kills, contract) in tables() {
        let contract = contract.map(in_repo);
        let contract: Vec<&str> =
            contract.iter().flat_map(|path| ["--contract", path.to_str().unwrap()]).collect();
        hold(kills, &format!("conform-faults-{}", kills.len()), &contract);
    }
}

fn hold(kills: &[(&str, &[&str], &[&str])], name: &str, args: &[&str]) {
    let folder = scratch(name);
    let judged = in_parallel(kills, |(fault, ..)| {
        let folder = folder.join(fault);
        std::fs::create_dir_all(&folder).unwrap();
        conform(&folder, &[&["--timeout-request", "700", "--fault", fault][..], args].concat())
    });
    let mut wrong = Vec::new();
    for ((fault, must, may), judged) in kills.iter().zip(&judged) {
        let violated = judged.violated();
        let must: BTreeSet<String> = must.iter().map(|id| (*id).to_owned()).collect();
        let missed: BTreeSet<&String> = must.difference(&violated).collect();
        let beside: BTreeSet<&String> =
            violated.difference(&must).filter(|id| !may.contains(&id.as_str())).collect();
        let exit = i32::from(!judged.with("fail").is_empty());
        let errors = judged.with("error");
        let unproven = judged.checks.iter().any(|check| {
            violated.contains(check["id"].as_str().unwrap())
                && check["evidence"].as_array().unwrap().is_empty()
        });
        if !missed.is_empty() || !beside.is_empty() || !errors.is_empty() || judged.exit != exit || unproven {
            wrong.push(format!(
                "{fault}: missed {missed:?}, violated unrelated {beside:?}, errors {errors:?}, exit {}, without \
                 evidence: {unproven}",
                judged.exit
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_check_that_can_fail_is_proven_by_the_fault_it_names() {
    for check in CHECKS {
        match check.proven_by {
            Some(fault) => {
                let rows = tables().into_iter().flat_map(|(kills, _)| kills);
                let kills = rows.filter(|(name, ..)| *name == fault);
                let proven = kills.flat_map(|(_, must, _)| *must).any(|id| *id == check.id);
                assert!(proven, "{} names {fault}, which does not violate it", check.id);
            }
            None => assert!(UNPROVEN.contains(&check.id), "{} is proven by nothing", check.id),
        }
    }
}

#[test]
fn a_server_that_does_what_a_stricter_or_a_laxer_contract_says_keeps_it() {
    let servers = [(EXTENDED, None), (GRACE, Some("grace")), (IDEMPOTENT, Some("idempotent"))];
    for (position, (contract, right)) in servers.into_iter().enumerate() {
        let contract = in_repo(contract);
        let mut args = vec!["--contract", contract.to_str().unwrap()];
        args.extend(right.iter().flat_map(|fault| ["--fault", fault]));
        let judged = conform(&scratch(&format!("conform-extended-{position}")), &args);
        assert_eq!(judged.exit, 0, "{}", judged.stdout);
        assert_eq!(judged.violated(), BTreeSet::new(), "{}", judged.stdout);
        assert!(judged.with("skip").iter().all(|id| id == "rt.samesecond"), "{}", judged.stdout);
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
