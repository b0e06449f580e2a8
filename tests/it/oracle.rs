//! The differential test: every script of `tests/oracle/corpus` runs through Postman's own sandbox and
//! through ours, and what they let us see must agree, but for `known-differences.toml`.
//!
//! `ORACLE_FILTER=area/` runs some cases, `ORACLE_ONLY=1` asks Postman's sandbox alone and prints what it
//! said, `ORACLE_TOML=1` prints differences as entries of the list.
#![allow(clippy::unwrap_used, reason = "clippy exempts test functions, not what they call")]

mod case;
mod observation;
mod process;
mod world;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use serde_json::Value;

use self::case::Case;
use self::observation::{FIELDS, Observation, observe, shows_something};
use self::process::{Engine, Process};
use crate::support::{in_repo, postproof};

/// The list of what may differ.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    difference: Vec<KnownDifference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownDifference {
    case: String,
    fields: Vec<String>,
    /// Words that what ours says must have in it, so that an entry hides no other difference.
    ours: String,
    reason: String,
}

/// One field of one case that disagrees.
struct Difference {
    case: String,
    script: usize,
    field: &'static str,
    ours: Value,
    theirs: Value,
}

#[test]
fn scripts_behave_as_in_postman() {
    let only = std::env::var_os("ORACLE_ONLY").is_some();
    let filter = std::env::var("ORACLE_FILTER").unwrap_or_default();
    if let Some(reason) = oracle_missing() {
        assert!(std::env::var_os("POSTPROOF_REQUIRE_ORACLE").is_none(), "{reason}");
        eprintln!("skipped: {reason}");
        return;
    }
    if crate::support::libraries_missing() {
        return;
    }
    let mut cases = case::corpus();
    assert!(!filter.is_empty() || cases.len() >= 300, "the corpus holds {} cases", cases.len());
    cases.retain(|case| case.name.contains(&filter));

    let theirs = all(&cases, ORACLE);
    let useless: Vec<String> =
        cases.iter().zip(&theirs).filter_map(|(case, seen)| useless(case, seen)).collect();
    assert!(useless.is_empty(), "{}", useless.join("\n"));
    if only {
        cases.iter().zip(&theirs).for_each(|(case, seen)| print(case, seen));
        return;
    }
    let ours = all(&cases, OURS);
    let differences: Vec<Difference> = cases
        .iter()
        .zip(ours.iter().zip(&theirs))
        .flat_map(|(case, (ours, theirs))| compare(&case.name, ours, theirs))
        .collect();
    let problems = judge(&cases, &differences);
    assert!(problems.is_empty(), "{problems}");
}

/// Why a case proves nothing.
fn useless(case: &Case, seen: &[Observation]) -> Option<String> {
    if let Some(failed) = seen.iter().find(|seen| !seen["failure"].is_null()) {
        return Some(format!("{}: the oracle failed: {}", case.name, failed["failure"]));
    }
    (!seen.iter().any(shows_something)).then(|| format!("{} shows nothing", case.name))
}

/// Postman's own sandbox.
const ORACLE: Engine = Engine {
    start: || {
        let mut command = Command::new("node");
        command.arg(in_repo("tests/oracle/run.mjs"));
        command
    },
    starts_over: true,
};

/// Ours, which keeps to Postman's protocol: there a second `initialize` changes nothing.
const OURS: Engine = Engine {
    start: || {
        let mut command = postproof();
        command.args(["script", "--stdio"]);
        command
    },
    starts_over: false,
};

/// Why Postman's sandbox cannot be asked.
fn oracle_missing() -> Option<String> {
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !node.is_ok_and(|status| status.success()) {
        return Some("no node on the path".to_owned());
    }
    let installed = in_repo("tests/oracle/node_modules/postman-sandbox/package.json").exists();
    (!installed).then(|| "run `npm ci --ignore-scripts` in tests/oracle".to_owned())
}

/// Observes every case. An area shares a context, as the scripts of a run do; a few processes share the areas.
fn all(cases: &[Case], engine: Engine) -> Vec<Vec<Observation>> {
    let areas: Vec<&[Case]> = cases.chunk_by(|left, right| left.area() == right.area()).collect();
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Vec<Vec<Observation>>>> = Mutex::new(vec![Vec::new(); areas.len()]);
    let processes = std::thread::available_parallelism().map_or(2, usize::from).min(4);
    std::thread::scope(|scope| {
        for _ in 0..processes {
            scope.spawn(|| {
                let mut process = Process::new(engine);
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(area) = areas.get(index) else { break };
                    let seen = observe_area(&mut process, area);
                    results.lock().unwrap()[index] = seen;
                }
            });
        }
    });
    results.into_inner().unwrap().into_iter().flatten().collect()
}

fn observe_area(process: &mut Process, area: &[Case]) -> Vec<Vec<Observation>> {
    let mut clean = false;
    area.iter()
        .map(|case| {
            if !clean || case.alone() {
                clean = false;
                if let Err(failure) = process.initialize() {
                    return vec![Observation::from([("failure", Value::String(failure))])];
                }
            }
            let seen = observe(process, case);
            clean = !case.alone() && seen.iter().all(|seen| seen["failure"].is_null());
            seen
        })
        .collect()
}

fn compare(case: &str, ours: &[Observation], theirs: &[Observation]) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (script, theirs) in theirs.iter().enumerate() {
        let ours = ours.get(script);
        for field in FIELDS {
            let ours = ours.and_then(|seen| seen.get(field)).cloned().unwrap_or_default();
            // as text, for that has the order of members
            let [ours_text, theirs_text] = [&ours, &theirs[field]].map(Value::to_string);
            if ours_text != theirs_text {
                let theirs = theirs[field].clone();
                differences.push(Difference { case: case.to_owned(), script, field, ours, theirs });
            }
        }
    }
    // the order of messages is worth a word only where the messages themselves agree
    if differences.iter().any(|difference| difference.field != "order") {
        differences.retain(|difference| difference.field != "order");
    }
    differences
}

/// Everything that is not as the list says.
fn judge(cases: &[Case], differences: &[Difference]) -> String {
    let text = std::fs::read_to_string(in_repo("tests/oracle/known-differences.toml")).unwrap();
    let known: Known = toml::from_str(&text).unwrap();
    let mut listed = BTreeSet::new();
    let mut problems = String::new();
    for entry in &known.difference {
        assert!(!entry.reason.trim().is_empty(), "{} has no reason", entry.case);
        for field in &entry.fields {
            assert!(listed.insert((entry.case.as_str(), field.as_str())), "{} {field} twice", entry.case);
            let ran = cases.iter().any(|case| case.name == entry.case);
            let exists = ran || in_repo("tests/oracle/corpus").join(format!("{}.js", entry.case)).exists();
            let mut differing = differences.iter().filter(|it| it.case == entry.case && it.field == field);
            let differs = differing.clone().next().is_some();
            if differs && !differing.any(|it| it.ours.to_string().contains(&entry.ours)) {
                listed.remove(&(entry.case.as_str(), field.as_str()));
            }
            if !exists || (ran && !differs) {
                writeln!(problems, "stale: {} {field} agrees now; take it off the list", entry.case).unwrap();
            }
        }
    }
    let new: Vec<_> =
        differences.iter().filter(|it| !listed.contains(&(it.case.as_str(), it.field))).collect();
    if std::env::var_os("ORACLE_TOML").is_some() {
        return new.iter().map(|it| entry(it)).collect();
    }
    for Difference { case, script, field, ours, theirs } in &new {
        let [ours, theirs] = [ours, theirs].map(|value| format!("{value:#}\n"));
        let diff = postproof::diff::unified(&theirs, &ours);
        writeln!(problems, "== {case} (script {script}): {field}, Postman's (-) and ours (+)\n{diff}")
            .unwrap();
    }
    let count = new.iter().map(|it| &it.case).collect::<BTreeSet<_>>().len();
    if count > 0 {
        writeln!(problems, "{count} of {} cases disagree", cases.len()).unwrap();
    }
    problems
}

fn entry(difference: &Difference) -> String {
    let Difference { case, field, .. } = difference;
    format!("[[difference]]\ncase = \"{case}\"\nfields = [\"{field}\"]\nours = \"\"\nreason = \"\"\n\n")
}

fn print(case: &Case, seen: &[Observation]) {
    for (script, seen) in seen.iter().enumerate() {
        eprintln!("== {} (script {script})", case.name);
        for (field, value) in seen.iter().filter(|(_, value)| !is_empty(value)) {
            eprintln!("{field}: {value}");
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}
