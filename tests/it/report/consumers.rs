//! Reports read by what others read them with: schemas, parsers, linters. `tests/consumers` says where each comes from;
//! what is not installed leaves its test out, unless `POSTPROOF_REQUIRE_CONSUMERS` is set.

use crate::support::{in_repo, scratch};
use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The golden reports of that name.
fn golden(name: &str) -> Vec<PathBuf> {
    let cases = fs::read_dir(in_repo("tests/cases/report")).unwrap();
    let mut found: Vec<PathBuf> = cases.map(|case| case.unwrap().path().join(name)).collect();
    found.sort();
    assert!(found.len() >= 5);
    found
}

fn left_out(what: &str) {
    assert!(std::env::var_os("POSTPROOF_REQUIRE_CONSUMERS").is_none(), "{what} is not installed");
    eprintln!("left out: {what} is not installed (tests/consumers)");
}

/// A Python with the modules of `tests/consumers/requirements.txt`.
fn python(module: &str) -> Option<Command> {
    let python = std::env::var("POSTPROOF_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let there =
        Command::new(&python).args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        left_out(module);
        return None;
    }
    Some(Command::new(python))
}

fn read(module: &str, args: &[&str], files: &[PathBuf]) -> Option<Output> {
    let mut python = python(module)?;
    Some(python.arg(in_repo("tests/consumers/read.py")).args(args).args(files).output().unwrap())
}

fn schema(name: &str) -> Option<String> {
    let folder = std::env::var("POSTPROOF_SCHEMAS").unwrap_or_else(|_| "target/schemas".to_owned());
    let path = in_repo(&folder).join(name);
    if !path.exists() {
        left_out(name);
        return None;
    }
    Some(path.to_string_lossy().into_owned())
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn junit_is_valid_by_the_schemas_of_jenkins_and_surefire() {
    for (name, file) in
        [("junit-10.xsd", "junit-jenkins.xml"), ("surefire-test-report.xsd", "junit-surefire.xml")]
    {
        let Some(schema) = schema(name) else { return };
        let Some(valid) = read("lxml", &["xsd", &schema], &golden(file)) else { return };
        assert!(valid.status.success(), "{file}: {}", errors(&valid));
        // What has more to say than the schema allows is refused: it does look.
        let full = read("lxml", &["xsd", &schema], &golden("junit.xml")).unwrap();
        assert!(!full.status.success() && errors(&full).contains("DocumentInvalid"), "{}", errors(&full));
    }
}

#[test]
fn a_parser_of_junit_counts_what_the_report_says() {
    for file in ["junit.xml", "junit-jenkins.xml", "junit-surefire.xml"] {
        let Some(output) = read("junitparser", &["junit"], &golden(file)) else { return };
        let read: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        for (document, path) in read.iter().zip(golden(file)) {
            let counted = [&document["tests"], &document["failures"], &document["errors"]];
            assert_eq!(document["said"], serde_json::json!(counted), "{}", path.display());
        }
        assert!(read.iter().any(|document| document["failures"].as_u64() > Some(2)));
    }
}

#[test]
fn codecov_takes_no_case_for_a_better_one() {
    for file in ["junit.xml", "junit-jenkins.xml", "junit-surefire.xml"] {
        let Some(parsed) = read("junitparser", &["junit"], &golden(file)) else { return };
        let Some(codecov) = read("test_results_parser", &["codecov"], &golden(file)) else { return };
        let parsed: Vec<Value> = serde_json::from_slice(&parsed.stdout).unwrap();
        let codecov: Vec<Value> = serde_json::from_slice(&codecov.stdout).unwrap();
        for ((parsed, codecov), path) in parsed.iter().zip(&codecov).zip(golden(file)) {
            for count in ["tests", "failures", "errors", "skipped"] {
                assert_eq!(codecov[count], parsed[count], "{count} of {}", path.display());
            }
        }
        assert!(codecov.iter().any(|document| document["skipped"].as_u64() > Some(2)));
    }
}

#[test]
fn sarif_is_what_a_strict_model_of_it_reads() {
    let files = golden("report.sarif");
    let Some(output) = read("sarif_pydantic", &["sarif"], &files) else { return };
    let counts: Vec<Vec<usize>> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", errors(&output)));
    let own = files.iter().map(|path| {
        let document: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        vec![document["runs"][0]["results"].as_array().unwrap().len()]
    });
    assert_eq!(counts, own.collect::<Vec<_>>());
}

#[test]
fn tap_is_what_a_strict_parser_reads() {
    let parser = in_repo("tests/consumers/node_modules/.bin/tap-parser");
    if !parser.exists() {
        return left_out("tap-parser");
    }
    for path in golden("report.tap") {
        let text = fs::read_to_string(&path).unwrap();
        let mut parser = Command::new("node");
        parser.arg(in_repo("tests/consumers/node_modules/.bin/tap-parser")).args(["--strict", "--json"]);
        let mut process = parser.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        process.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = process.wait_with_output().unwrap();
        let events: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        let complete = events.iter().find(|event| event[0] == "complete").unwrap()[1].clone();
        let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!(complete["fail"], count("not ok "), "{}", path.display());
        assert_eq!(complete["count"], count("not ok ") + count("ok "), "{}", path.display());
        assert_eq!(complete["skip"].as_u64().unwrap_or(0) as usize, text.matches(" # SKIP ").count());
    }
}

/// What the README shows in a language.
fn blocks(language: &str) -> Vec<String> {
    let readme = fs::read_to_string(in_repo("README.md")).unwrap();
    let fence = format!("```{language}\n");
    readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// The README's workflow files, each under the name its first line gives.
fn workflows() -> Vec<(String, String)> {
    let named = |text: String| {
        let name = text.lines().next().unwrap().trim_start_matches("# ").to_owned();
        (name, text)
    };
    blocks("yaml").into_iter().map(named).collect()
}

#[test]
fn the_workflow_files_of_the_readme_are_valid() {
    let folder = scratch("workflows");
    let found = workflows();
    assert!(found.len() >= 3, "{found:?}");
    for (name, text) in found {
        let schema = match name.as_str() {
            name if name.starts_with(".github/workflows/") => "vendor.github-workflows",
            ".gitlab-ci.yml" => "vendor.gitlab-ci",
            "azure-pipelines.yml" => "vendor.azure-pipelines",
            other => panic!("no schema for {other}"),
        };
        let Some(mut python) = python("check_jsonschema") else { return };
        let path = folder.join("workflow.yml");
        fs::write(&path, text).unwrap();
        let valid = python
            .args(["-m", "check_jsonschema", "--regex-variant", "python", "--builtin-schema", schema])
            .arg(&path)
            .output()
            .unwrap();
        assert!(valid.status.success(), "{name}: {}", String::from_utf8_lossy(&valid.stdout));
    }
    let Some(mut python) = python("check_jsonschema") else { return };
    let path = folder.join("wrong.yml");
    fs::write(&path, "on: push\njobs:\n  a:\n    steps: 7\n").unwrap();
    let wrong =
        python.args(["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]).arg(&path);
    assert!(!wrong.output().unwrap().status.success(), "it does look");
}

#[test]
fn the_jenkinsfile_of_the_readme_is_a_declarative_pipeline() {
    let folder = scratch("jenkinsfile");
    let found = blocks("groovy");
    assert_eq!(found.len(), 1);
    let path = folder.join("Jenkinsfile");
    for (text, valid) in [
        (found[0].clone(), true),
        (found[0].replace("stages {", "stages"), false),
        (found[0].replace("always {", "allways {"), false),
        (found[0].replace("agent any", ""), false),
    ] {
        fs::write(&path, &text).unwrap();
        let Some(read) = read("tree_sitter_groovy", &["jenkinsfile"], std::slice::from_ref(&path)) else {
            return;
        };
        assert_eq!(read.status.success(), valid, "{text}\n{}", errors(&read));
    }
}
