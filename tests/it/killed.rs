//! A run that is killed, at any moment: what ran until then is in the reports.

use crate::report;
use crate::support::{Served, postproof, scratch};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

const KILLS: u64 = 12;

/// A collection that goes on for longer than any of the kills wait, with scripts and failures.
fn endless(folder: &Path) {
    let script = "pm.test('answers', () => pm.expect(pm.response.code).to.equal(401));\n\
        pm.test('never', () => pm.expect({a: [1, 2, 3], text: 'x'.repeat(80)}).to.eql({}));\n\
        console.log('iteration', pm.info.iteration);";
    let item = |name: &str| {
        serde_json::json!({"name": name, "request": "{{baseUrl}}/accounts/users?a=1",
            "event": [{"listen": "test", "script": {"exec": script.lines().collect::<Vec<_>>()}}]})
    };
    let collection =
        serde_json::json!({"info": {"name": "endless"}, "item": [item("first"), item("second")]});
    std::fs::write(folder.join("c.json"), collection.to_string()).unwrap();
}

/// The run, begun.
fn begin(folder: &Path, served: &Served, reporters: &str) -> Child {
    endless(folder);
    postproof()
        .args(["run", "c.json", "-n", "100000", "-r", reporters])
        .args(["--env-var", &format!("baseUrl={}", served.base_url)])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Moments spread over a run's beginning, its middle, and what is between two writes.
fn moment(number: u64) -> Duration {
    Duration::from_micros(5_000 + number * 37_000 + rand::random_range(0..30_000))
}

#[test]
fn whatever_kills_a_run_leaves_a_recording_of_what_ran() {
    let served = Served::start(&[]);
    for number in 0..KILLS {
        let folder = scratch(&format!("killed-{number}"));
        let mut process = begin(&folder, &served, "ndjson,json,html,junit,tap");
        let wait = moment(number);
        std::thread::sleep(wait);
        process.kill().unwrap();
        process.wait().unwrap();

        let recording = folder.join("reports/events.ndjson");
        let text = std::fs::read_to_string(&recording).unwrap_or_default();
        let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        let events: Vec<Value> = whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        if events.is_empty() {
            // It had not begun.
            continue;
        }
        let ran = events.iter().filter(|event| event["event"] == "itemFinished").count();
        let output = postproof()
            .args(["report", "reports/events.ndjson", "-r", "cli,json,html,junit,tap,markdown,sarif"])
            .current_dir(&folder)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "killed after {wait:?}: {told}");
        assert!(told.contains("ends before its run did"), "{told}");
        let read = |name: &str| std::fs::read_to_string(folder.join("reports").join(name)).unwrap();
        let json: Value = serde_json::from_str(&read("report.json")).unwrap();
        let executions = json["run"]["executions"].as_array().unwrap().len();
        assert!((ran..=ran + 1).contains(&executions), "{executions} executions of {ran}");
        let junit = report::junit::read(&read("junit.xml"));
        assert!(junit.cases.iter().any(|case| case == "run/run") && junit.numbers.errors >= 1);
        assert!(String::from_utf8_lossy(&output.stdout).lines().last().unwrap().starts_with("INCOMPLETE"));
        assert!(read("report.html").contains("<title>INCOMPLETE"));
        assert!(read("summary.md").contains("did not finish"));
        assert!(
            read("report.tap").lines().any(|line| line.starts_with("not ok") && line.contains("run / run"))
        );
    }
}

/// A signal that lets the run end by itself: every report is whole, and says so.
#[test]
#[cfg(unix)]
fn a_run_told_to_end_completes_every_report() {
    let served = Served::start(&[]);
    for number in 0..KILLS / 2 {
        let folder = scratch(&format!("ended-{number}"));
        let mut process = begin(&folder, &served, "json,html,junit,ndjson");
        // Before it listens to signals, one ends it as any other process.
        while !folder.join("reports/events.ndjson").metadata().is_ok_and(|file| file.len() > 4096) {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(moment(number));
        let sent = std::process::Command::new("kill").args(["-TERM", &process.id().to_string()]).status();
        assert!(sent.unwrap().success());
        assert_eq!(process.wait().unwrap().code(), Some(130));
        let read = |name: &str| std::fs::read_to_string(folder.join("reports").join(name)).unwrap();
        let recorded = read("events.ndjson");
        let ran = recorded.lines().filter(|line| line.contains("\"event\":\"itemFinished\"")).count();
        let json: Value = serde_json::from_str(&read("report.json")).unwrap();
        assert!((ran..=ran + 1).contains(&json["run"]["executions"].as_array().unwrap().len()));
        assert!(report::junit::read(&read("junit.xml")).cases.iter().any(|case| case == "run/run"));
        assert!(read("report.html").contains("<title>ABORTED"));
        assert_eq!(std::fs::read_dir(folder.join("reports")).unwrap().count(), 4, "nothing temporary stays");
    }
}
