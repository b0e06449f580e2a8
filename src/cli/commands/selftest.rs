//! `postproof selftest`: every fault of the reference server against every check, and the good server against all.
//!
//! Each row is a `conform` in a process of its own: what is tested is what is used.

mod kills;

use crate::cli::args::SelftestArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::terminal;
use kills::{Kill, TABLES, UNPROVEN};
use postproof::conformance::registry::CHECKS;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Time allowed for a request, milliseconds: faults of the transport answer late, or never.
const TIMEOUT: &str = "2500";

/// One `conform`.
struct Row {
    contract: Option<PathBuf>,
    /// None: the server is right under its contract, and must violate nothing.
    kill: Option<Kill>,
    faults: Vec<&'static str>,
}

/// What a row came to.
struct Outcome {
    violated: BTreeSet<String>,
    /// What is wrong with it; empty where it is as it must be.
    complaints: Vec<String>,
}

/// Runs the kill matrix.
pub(super) fn selftest(args: &SelftestArgs) -> Result<Exit, Failure> {
    let folder = tempfile::tempdir().map_err(|error| cannot("make a folder", &error))?;
    let rows = rows(args, folder.path())?;
    terminal::out(&format!(
        "{} faults and {} runs of servers that are right, {} at once\n",
        rows.iter().filter(|row| row.kill.is_some()).count(),
        rows.iter().filter(|row| row.kill.is_none()).count(),
        args.jobs
    ));
    let program = std::env::current_exe().map_err(|error| cannot("find this program", &error))?;
    let next = AtomicUsize::new(0);
    let outcomes: Mutex<Vec<Outcome>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..args.jobs.min(rows.len()) {
            scope.spawn(|| {
                loop {
                    let position = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(position) else { break };
                    let outcome = row.run(&program, &folder.path().join(position.to_string()));
                    terminal::out(&row.told(&outcome));
                    outcomes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(outcome);
                }
            });
        }
    });
    let outcomes = outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(conclude(&outcomes, args.fault.is_empty()))
}

fn cannot(what: &str, error: &std::io::Error) -> Failure {
    Failure::new(Exit::NoWork, format!("cannot {what}")).cause(input::io_text(&error.to_string()))
}

/// The rows asked for.
fn rows(args: &SelftestArgs, folder: &Path) -> Result<Vec<Row>, Failure> {
    input::fault_names(&args.fault)?;
    let asked = |fault: &str| args.fault.is_empty() || args.fault.iter().any(|name| name == fault);
    let mut rows = Vec::new();
    for (position, table) in TABLES.iter().enumerate() {
        let contract = table.contract.map(|text| {
            let path = folder.join(format!("contract-{position}.toml"));
            std::fs::write(&path, text).map(|()| path).map_err(|error| cannot("write a contract", &error))
        });
        let contract = contract.transpose()?;
        let runs = if args.fault.is_empty() { args.good_runs } else { 0 };
        // The shipped contract's good server is what the number is about.
        for _ in 0..if position == 0 { runs } else { runs.min(1) } {
            rows.push(Row {
                contract: contract.clone(),
                kill: None,
                faults: table.right.into_iter().collect(),
            });
        }
        for kill in table.kills.iter().filter(|(fault, ..)| asked(fault)) {
            rows.push(Row { contract: contract.clone(), kill: Some(*kill), faults: vec![kill.0] });
        }
    }
    Ok(rows)
}

impl Row {
    fn run(&self, program: &Path, folder: &Path) -> Outcome {
        let report = folder.join("report.json");
        let mut command = Command::new(program);
        command
            .args(["conform", "-r", "json", "--timeout-request", TIMEOUT, "--reporter-json-export"])
            .arg(&report);
        self.contract.iter().for_each(|contract| {
            command.arg("--contract").arg(contract);
        });
        self.faults.iter().for_each(|fault| {
            command.args(["--fault", fault]);
        });
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let ran = std::fs::create_dir_all(folder).and_then(|()| command.status());
        let read = ran.and_then(|status| Ok((status.code(), std::fs::read(&report)?)));
        let (exit, text) = match read {
            Ok(read) => read,
            Err(error) => return Outcome::broken(format!("no report: {error}")),
        };
        match serde_json::from_slice::<Value>(&text) {
            Ok(report) => judge(self.kill, exit, &report["conformance"]["checks"]),
            Err(error) => Outcome::broken(format!("the report cannot be read: {error}")),
        }
    }

    /// `✓ chain-limit: rt.chain`.
    fn told(&self, outcome: &Outcome) -> String {
        let name = match (&self.kill, self.faults.as_slice()) {
            (Some((fault, ..)), _) => (*fault).to_owned(),
            (None, []) => "(no fault)".to_owned(),
            (None, faults) => format!("(right where {} is)", faults.join(", ")),
        };
        let violated: Vec<&str> = outcome.violated.iter().map(String::as_str).collect();
        let sign = if outcome.complaints.is_empty() { "ok  " } else { "FAIL" };
        let complaints: String = outcome.complaints.iter().map(|text| format!("\n       {text}")).collect();
        format!(
            "{sign} {name}: {}{complaints}\n",
            if violated.is_empty() { "nothing".to_owned() } else { violated.join(", ") }
        )
    }
}

impl Outcome {
    fn broken(why: String) -> Self {
        Self { violated: BTreeSet::new(), complaints: vec![why] }
    }
}

/// Holds what a run found against what it must, and may, find.
fn judge(kill: Option<Kill>, exit: Option<i32>, checks: &Value) -> Outcome {
    let of = |verdicts: &[&str]| -> BTreeSet<String> {
        let checks = checks.as_array().into_iter().flatten();
        let found = checks
            .filter(|check| check["verdict"].as_str().is_some_and(|verdict| verdicts.contains(&verdict)));
        found.filter_map(|check| Some(check["id"].as_str()?.to_owned())).collect()
    };
    let (violated, failed, errors) = (of(&["fail", "warn"]), of(&["fail"]), of(&["error"]));
    let (_, must, may) = kill.unwrap_or_default();
    let listed = |ids: &[&str]| -> BTreeSet<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
    let (must, may) = (listed(must), listed(may));
    let joined = |ids: BTreeSet<&String>| ids.into_iter().cloned().collect::<Vec<_>>().join(", ");
    let missed = joined(must.difference(&violated).collect());
    let unrelated = joined(violated.difference(&must).filter(|id| !may.contains(*id)).collect());
    let unproven = checks.as_array().into_iter().flatten().find(|check| {
        let id = check["id"].as_str().unwrap_or_default();
        violated.contains(id) && check["evidence"].as_array().is_none_or(Vec::is_empty)
    });
    let expected = i32::from(!failed.is_empty());
    let complaints = [
        checks.as_array().is_none_or(Vec::is_empty).then(|| "nothing was judged".to_owned()),
        (!missed.is_empty()).then(|| format!("must violate {missed}, and does not")),
        (!unrelated.is_empty()).then(|| format!("violates {unrelated}, which is not its business")),
        (!errors.is_empty()).then(|| format!("could not be judged: {}", joined(errors.iter().collect()))),
        (exit != Some(expected)).then(|| format!("exit {exit:?}, expected {expected}")),
        unproven.map(|check| format!("{} shows no evidence", check["id"])),
    ];
    Outcome { violated, complaints: complaints.into_iter().flatten().collect() }
}

/// Says what it all came to; `whole`: every fault was run, so that every check has to have been violated.
fn conclude(outcomes: &[Outcome], whole: bool) -> Exit {
    let wrong = outcomes.iter().filter(|outcome| !outcome.complaints.is_empty()).count();
    let (mut unkilled, mut stale) = (Vec::new(), Vec::new());
    if whole {
        let killed = |id: &str| outcomes.iter().any(|outcome| outcome.violated.contains(id));
        let mut excused = 0;
        for check in CHECKS {
            match (killed(check.id), UNPROVEN.iter().find(|(id, _)| *id == check.id)) {
                (true, None) => {}
                (true, Some((id, _))) => stale.push(*id),
                (false, Some((id, why))) => {
                    excused += 1;
                    terminal::out(&format!("not killed: {id}: {why}\n"));
                }
                (false, None) => unkilled.push(check.id),
            }
        }
        terminal::out(&format!(
            "{} of {} checks killed, {excused} excused\n",
            CHECKS.len() - excused - unkilled.len(),
            CHECKS.len()
        ));
    }
    unkilled.iter().for_each(|id| terminal::out(&format!("FAIL {id} was violated by no fault\n")));
    stale
        .iter()
        .for_each(|id| terminal::out(&format!("FAIL {id} was violated: it needs no excuse any more\n")));
    let verdict = if wrong == 0 && unkilled.is_empty() && stale.is_empty() { "PASS" } else { "FAIL" };
    terminal::out(&format!("{verdict} {} runs, {wrong} not as they must be\n", outcomes.len()));
    if verdict == "PASS" { Exit::Passed } else { Exit::Failed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_is_held_to_what_it_must_and_may_violate() {
        let check = |id: &str, verdict: &str| json!({"id": id, "verdict": verdict, "evidence": [1]});
        let kill: Kill = ("f", &["a"], &["b"]);
        let complaints = |kill, exit, checks: &[Value]| judge(kill, Some(exit), &json!(checks)).complaints;
        let none: Vec<String> = Vec::new();
        assert_eq!(
            complaints(Some(kill), 1, &[check("a", "fail"), check("b", "warn"), check("c", "pass")]),
            none
        );
        assert_eq!(complaints(Some(kill), 0, &[check("a", "warn")]), none);
        assert_eq!(complaints(None, 0, &[check("a", "pass"), check("b", "skip")]), none);
        for (kill, exit, checks, words) in [
            (Some(kill), 0, &[check("a", "pass")][..], "must violate a"),
            (Some(kill), 1, &[check("a", "fail"), check("c", "fail")], "violates c, which"),
            (None, 1, &[check("a", "fail")], "violates a, which"),
            (Some(kill), 1, &[check("a", "fail"), check("c", "error")], "could not be judged: c"),
            (Some(kill), 4, &[check("a", "fail")], "exit Some(4), expected 1"),
            (Some(kill), 1, &[json!({"id": "a", "verdict": "fail", "evidence": []})], "shows no evidence"),
            (None, 0, &[], "nothing was judged"),
        ] {
            let complaints = complaints(kill, exit, checks);
            assert!(complaints.len() == 1 && complaints[0].contains(words), "{words}: {complaints:?}");
        }
    }

    #[test]
    fn a_check_that_nothing_violates_fails_the_whole_matrix_and_so_does_an_excuse_without_need() {
        // Every check is killed that has to be, but for one, and that one beside.
        let killed = |but: &str, beside: &str| {
            let excused = |id: &str| UNPROVEN.iter().any(|(unproven, _)| *unproven == id);
            let ids = CHECKS.iter().map(|check| check.id).filter(|id| *id != but);
            let ids = ids.filter(|id| !excused(id) || *id == beside);
            [Outcome { violated: ids.map(str::to_owned).collect(), complaints: Vec::new() }]
        };
        assert_eq!(conclude(&killed("", ""), true), Exit::Passed);
        assert_eq!(conclude(&killed("rt.chain", ""), true), Exit::Failed);
        assert_eq!(conclude(&killed("rt.chain", ""), false), Exit::Passed);
        assert_eq!(conclude(&killed("", "err.table.wrong-secret"), true), Exit::Failed);
        assert_eq!(conclude(&killed("", "err.table.wrong-secret"), false), Exit::Passed);
    }
}
