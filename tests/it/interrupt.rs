//! Ctrl-C in the middle: what ran is reported, exit 130.

use crate::support::{postproof, scratch};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

#[test]
#[cfg(unix)]
fn an_interrupted_run_reports_what_ran() {
    for signal in ["INT", "TERM"] {
        let folder = scratch(&format!("interrupt-{signal}"));
        let mut child = postproof()
            .args(["conform", "--delay-request", "20"])
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Wait until some requests were answered; there are more than sixty.
        let answered =
            lines.by_ref().filter(|line| line.as_ref().unwrap().contains("[200 OK")).take(3).count();
        assert_eq!(answered, 3);
        let killed =
            Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        assert_eq!(child.wait().unwrap().code(), Some(130));

        assert!(rest.iter().any(|line| line.contains("interrupted")), "{}", rest.join("\n"));
        let report: Value =
            serde_json::from_slice(&std::fs::read(folder.join("reports/report.json")).unwrap()).unwrap();
        let executions = report["run"]["executions"].as_array().unwrap().len();
        assert!((3..60).contains(&executions), "{executions} executions");
        let junit = std::fs::read_to_string(folder.join("reports/junit.xml")).unwrap();
        assert!(junit.trim_end().ends_with("</testsuites>") && junit.contains("interrupted"));
        let recording = std::fs::read_to_string(folder.join("reports/events.ndjson")).unwrap();
        assert!(recording.lines().last().unwrap().contains("runFinished"));
    }
}

#[test]
#[cfg(unix)]
fn an_interrupt_does_not_leave_a_subject_disabled() {
    let mut child = postproof()
        .args(["conform", "--delay-request", "80"])
        .current_dir(scratch("interrupt-subject"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.by_ref().any(|line| line.contains("disable the subject")));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let rest: Vec<String> = lines.collect();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(rest.iter().any(|line| line.contains("enable the subject")), "{}", rest.join("\n"));
}
