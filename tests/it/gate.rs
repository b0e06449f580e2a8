//! `--gate` and `--expected-failures`: one verdict, and a list of known failures that cannot go stale unseen.

use crate::support::{postproof, scratch};
use std::fs;
use std::path::Path;
use std::process::Output;

const FAULT: &str = "replay-accepted-late";
const FAILS: &str = "rt.reuse.late";

fn gate(folder: &Path, args: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } =
        postproof().args(["conform", "--gate"]).args(args).current_dir(folder).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.code().unwrap(), said)
}

fn expecting(folder: &Path, entries: &[(&str, &str)]) -> String {
    let text: String = entries
        .iter()
        .map(|(check, expires)| {
            format!(
                "[[expected-failure]]\ncheck = \"{check}\"\nreason = \"known\"\nowner = \"auth\"\nexpires = \"{expires}\"\n\n"
            )
        })
        .collect();
    fs::write(folder.join("known.toml"), text).unwrap();
    "known.toml".to_owned()
}

#[test]
fn each_verdict_has_its_words_and_its_exit_code() {
    let folder = scratch("gate-verdicts");
    let (exit, said) = gate(&folder, &[]);
    assert!(exit == 0 && said.starts_with("conforms"), "{exit} {said}");
    let (exit, said) = gate(&folder, &["--fault", FAULT]);
    assert!(
        exit == 1 && said.starts_with("does not conform: violated: ") && said.contains(FAILS),
        "{exit} {said}"
    );
    let environment = crate::support::in_repo("environments/local.postman_environment.json");
    let environment = environment.to_str().unwrap();
    // Nothing listens on port 1 (tcpmux is long gone).
    let (exit, said) = gate(&folder, &["-e", environment, "--env-var", "baseUrl=http://127.0.0.1:1"]);
    assert!(exit == 4 && said.starts_with("could not tell: "), "{exit} {said}");
}

#[test]
fn a_known_failure_passes_the_gate_until_its_day_and_stays_visible() {
    let folder = scratch("gate-expected");
    let known = expecting(&folder, &[("rt.*", "2999-12-31")]);
    let args = ["--fault", "replay-accepted", "--expected-failures", &known];
    let (exit, said) = gate(&folder, &[&args[..], &["--reporter-junit-export", "junit.xml"]].concat());
    assert!(
        exit == 0 && said.starts_with("conforms with warnings: ") && said.contains(FAILS),
        "{exit} {said}"
    );
    let junit = fs::read_to_string(folder.join("junit.xml")).unwrap();
    assert!(junit.contains("expected failure: ") && junit.contains("auth: known"), "{junit}");

    let known = expecting(&folder, &[("rt.reuse.*", "2001-01-01")]);
    let (exit, said) = gate(&folder, &["--fault", "replay-accepted", "--expected-failures", &known]);
    assert!(exit == 1 && said.contains("expected-failure.rt.reuse.*"), "{exit} {said}");
}

#[test]
fn an_entry_that_excuses_nothing_fails() {
    let folder = scratch("gate-stale");
    for check in ["rt.chain", "rt.no-such-check"] {
        let known = expecting(&folder, &[(check, "2999-12-31")]);
        let (exit, said) = gate(&folder, &["--expected-failures", &known]);
        assert!(exit == 1 && said.contains(&format!("expected-failure.{check}")), "{exit} {said}");
    }
}

#[test]
fn a_run_that_reached_its_limit_could_not_tell_but_what_it_found_stands() {
    let folder = scratch("gate-limited");
    let (exit, said) = gate(&folder, &["--max-requests", "30"]);
    assert!(exit == 4 && said.starts_with("could not tell: the run ended before"), "{exit} {said}");
    let report = fs::read_to_string(folder.join("reports/report.json")).unwrap();
    assert!(report.contains("the limit of 30 requests was reached"), "{report}");
    let (exit, said) = gate(&folder, &["--max-requests", "30", "--fault", "replay-accepted"]);
    assert!(exit == 1 && said.starts_with("does not conform: violated: rt."), "{exit} {said}");
}
