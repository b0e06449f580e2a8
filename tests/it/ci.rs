//! A run inside a CI: it is told in the CI's own words, on request or because its environment is seen.

use crate::support::{Served, postproof, scratch};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SECRET: &str = "pl4nted-in-the-environment";

/// A run with one failing test and a secret in its environment.
fn run(folder: &Path, served: &Served) -> Command {
    let script = ["pm.test('answers', () => pm.expect(pm.response.code).to.equal(200));"];
    let collection = serde_json::json!({"info": {"name": "gated"}, "item": [{
        "name": "first", "request": "{{baseUrl}}/accounts/users",
        "event": [{"listen": "test", "script": {"exec": script}}],
    }]});
    std::fs::write(folder.join("c.json"), serde_json::to_string_pretty(&collection).unwrap()).unwrap();
    let environment = serde_json::json!({"name": "e", "values": [
        {"key": "baseUrl", "value": served.base_url}, {"key": "odd", "value": SECRET, "type": "secret"},
    ]});
    std::fs::write(folder.join("e.json"), environment.to_string()).unwrap();
    let mut command = postproof();
    command.args(["run", "c.json", "-e", "e.json"]).current_dir(folder);
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn github_gets_annotations_a_summary_and_masks_for_what_is_exported() {
    let served = Served::start(&[]);
    let folder = scratch("ci-github");
    let summary: PathBuf = folder.join("summary.md");
    std::fs::write(&summary, "## An earlier step\n").unwrap();
    let mut command = run(&folder, &served);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary);
    let told = stdout(&command.output().unwrap());
    let line = told.lines().find(|line| line.starts_with("::error ")).expect(&told);
    assert!(line.starts_with("::error file=c.json,line="), "{line}");
    assert!(line.contains("first%3A answers (assertion)::expected 401 to equal 200"), "{line}");
    assert!(!told.contains(SECRET), "nothing leaves the run unmasked: there is nothing to mask");
    let page = std::fs::read_to_string(&summary).unwrap();
    assert!(page.starts_with("## An earlier step\n## ❌ gated failed\n"), "{page}");

    // What is exported is real, and a later step may print it.
    let mut command = run(&folder, &served);
    command.args(["--ci", "github", "--export-environment", "out.json"]);
    let told = stdout(&command.output().unwrap());
    assert!(told.contains(&format!("::add-mask::{SECRET}\n")), "{told}");
    assert!(std::fs::read_to_string(folder.join("out.json")).unwrap().contains(SECRET));
}

#[test]
fn azure_and_teamcity_are_told_in_their_own_words() {
    let served = Served::start(&[]);
    let folder = scratch("ci-others");
    for (name, value, start) in [
        ("TF_BUILD", "True", "##vso[task.logissue type=error;sourcepath=c.json;linenumber="),
        (
            "TEAMCITY_VERSION",
            "2025.07",
            "##teamcity[testFailed name='answers' message='expected 401 to equal 200'",
        ),
    ] {
        let told = stdout(&run(&folder, &served).env(name, value).output().unwrap());
        assert_eq!(told.lines().filter(|line| line.starts_with(start)).count(), 1, "{told}");
        let silent = stdout(&run(&folder, &served).env(name, value).args(["--ci", "off"]).output().unwrap());
        assert!(!silent.contains("##"), "{silent}");
    }
}

#[test]
fn a_recording_on_the_standard_output_stays_one() {
    let served = Served::start(&[]);
    let folder = scratch("ci-recording");
    let mut command = run(&folder, &served);
    command.env("GITHUB_ACTIONS", "true").args(["-r", "ndjson", "--reporter-ndjson-export", "-"]);
    let told = stdout(&command.output().unwrap());
    assert!(told.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{told}");
}

/// Where nothing shows that a long run goes on, a line now and then does.
#[test]
fn a_long_run_without_a_console_says_that_it_goes_on() {
    let served = Served::start(&[]);
    let folder = scratch("ci-progress");
    let mut command = run(&folder, &served);
    command.args(["-r", "junit", "-n", "7", "--delay-request", "1000"]);
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.lines().any(|line| line.contains(" done after ") && line.contains("failed")), "{told}");
    assert!(output.stdout.is_empty());
    let silent = command.arg("--silent").output().unwrap();
    assert!(!String::from_utf8(silent.stderr).unwrap().contains(" done after "), "silent is silent");
}
