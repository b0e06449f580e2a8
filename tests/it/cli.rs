//! The command line: bad input gets three lines and an exit code; one golden case a folder of `tests/cases/cli`.
//!
//! A case holds `args` (one argument a line), whatever files they name, and what is expected: `exit`, `stderr` and,
//! where it matters, `stdout` (without its duration). `{free-port}` stands for a port nobody listens on, `{busy-port}` for one in use.

use crate::support::{compare, in_repo, postproof};
use std::fs;
use std::net::TcpListener;
use std::path::Path;

fn run_case(case: &Path) {
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let busy_port = busy.local_addr().unwrap().port().to_string();
    let free_port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let args = fs::read_to_string(case.join("args")).unwrap();
    let args =
        args.lines().map(|arg| arg.replace("{busy-port}", &busy_port).replace("{free-port}", &free_port));
    let output = postproof().current_dir(case).args(args).output().unwrap();
    let text = |bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let lasting = text.lines().filter(|line| !line.starts_with("total run duration"));
        let text: String = lasting.map(|line| format!("{line}\n")).collect();
        text.replace(&busy_port, "{busy-port}").replace(&free_port, "{free-port}")
    };
    compare(&case.join("exit"), &format!("{}\n", output.status.code().unwrap()));
    compare(&case.join("stderr"), &text(&output.stderr));
    if case.join("stdout").exists() {
        compare(&case.join("stdout"), &text(&output.stdout));
    }
}

#[test]
fn bad_input_says_what_where_and_how_to_mend() {
    let mut cases: Vec<_> =
        fs::read_dir(in_repo("tests/cases/cli")).unwrap().map(|e| e.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 12, "the cases are gone");
    cases.iter().for_each(|case| run_case(case));
}

#[test]
fn every_list_is_for_people_and_for_machines() {
    for list in ["checks", "faults", "compatibility"] {
        let output = |args: &[&str]| {
            let output = postproof().arg(list).args(args).output().unwrap();
            assert!(output.status.success());
            String::from_utf8(output.stdout).unwrap()
        };
        let names: Vec<String> = output(&["--quiet"]).lines().map(str::to_owned).collect();
        assert!(names.len() >= 10);
        let rows: Vec<serde_json::Value> = serde_json::from_str(&output(&["--format", "json"])).unwrap();
        let key = if list == "faults" { "name" } else { "id" };
        assert_eq!(rows.iter().map(|row| row[key].as_str().unwrap()).collect::<Vec<_>>(), names);
        let text = output(&[]);
        assert!(names.iter().all(|name| text.contains(name.as_str())));
    }
}

#[test]
fn help_shows_the_compatibility_table() {
    let output = postproof().args(["help", "compatibility"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for row in postproof::compatibility::DIFFERENCES {
        assert!(text.contains(&format!("{}  ({})", row.id, row.area.name())), "{} is missing", row.id);
    }
}

#[test]
fn a_check_is_explained() {
    let output = postproof().args(["checks", "rt.chain"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for word in ["requirement", "MUST", "clause", "one-slot-store", "remedy"] {
        assert!(text.contains(word), "{word} is missing:\n{text}");
    }
}
