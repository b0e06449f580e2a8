//! The command line: bad input gets three lines and an exit code; one golden case a folder of `tests/cases/cli`.
//!
//! A case holds `args` (one argument a line), whatever files they name, and what is expected: `exit`, `stderr` and,
//! where it matters, `stdout` (both without what differs from run to run). `stderr.part` and `stdout.part` hold lines
//! that must be among others. `env` sets environment variables (`NAME=value` a line), `stdin` is fed. `{free-port}`
//! stands for a port nobody listens on, `{busy-port}` for one in use, `{server}` for a server with the case's files,
//! `{server}/status/404` and a Postman API. `row` names the line of newman's errors that the case answers better.

use crate::support::{Routed, compare, in_repo, postproof, scratch};
use axum::extract::{Path as UrlPath, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Output, Stdio};

/// What goes wrong in newman, and how: each line is answered by a case, or by a test that is named.
const NEWMAN_ERRORS: &[(&str, Option<&str>)] = &[
    ("cookie jar missing or bad", None),
    ("no arguments", None),
    ("unknown command", None),
    ("run without collection", None),
    ("unknown option", None),
    ("missing option value", None),
    ("a number that is none", None),
    ("unknown colour", None),
    ("negative timeout", None),
    ("extra arguments", None),
    ("missing file", None),
    ("directory", None),
    ("invalid JSON", None),
    ("empty file", None),
    ("null document", None),
    ("string document", None),
    ("nothing to run", None),
    ("URL without JSON", None),
    ("URL refused", None),
    ("URL not found", None),
    ("bad environment or globals", None),
    ("environment of wrong shape", None),
    ("data file missing or broken", None),
    ("unknown folder", None),
    ("unknown reporter", None),
    ("two console reporters", None),
    ("v1 collection", None),
    ("client certificate list missing", None),
    ("client certificate list without JSON", None),
    ("client certificate list that is no array", None),
    ("invalid rc file", None),
    ("empty URL", None),
    ("invalid header name", None),
    ("unknown host", None),
    ("host with a space", None),
    ("scheme alone", None),
    ("broken pipe", Some("a_reader_that_goes_away_crashes_nothing")),
    ("export not writable", None),
    ("illegal XML character", None),
    ("body too large for JSON", Some("a_body_beyond_the_limit_is_reported_the_same_live_and_replayed")),
];

/// A case run in a folder of its own, so that it may write.
struct Case {
    folder: PathBuf,
    name: String,
}

impl Case {
    fn text(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(file)).ok()
    }

    fn run(&self, server: &str) {
        let busy = TcpListener::bind("127.0.0.1:0").unwrap();
        let busy_port = busy.local_addr().unwrap().port().to_string();
        let free_port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let served = format!("{server}/{}", self.name);
        let names = [("{server}", &served), ("{busy-port}", &busy_port), ("{free-port}", &free_port)];
        let filled =
            |text: &str| names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        let here = scratch(&format!("cli-{}", self.name));
        for file in fs::read_dir(&self.folder).unwrap() {
            let file = file.unwrap().path();
            if file.is_file() {
                fs::copy(&file, here.join(file.file_name().unwrap())).unwrap();
            } else {
                fs::create_dir(here.join(file.file_name().unwrap())).unwrap();
            }
        }
        let mut command = postproof();
        command.current_dir(&here).args(self.text("args").unwrap().lines().map(filled));
        for line in self.text("env").unwrap_or_default().lines() {
            let (name, value) = line.split_once('=').unwrap();
            command.env(name, filled(value));
        }
        if self.folder.join("stdin").exists() {
            command.stdin(Stdio::from(fs::File::open(self.folder.join("stdin")).unwrap()));
        }
        let output = command.output().unwrap();
        let lasting = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let text: String = text.lines().filter_map(lasting).map(|line| format!("{line}\n")).collect();
            // Longest first: the server's address holds a port.
            let named = names.iter().fold(text, |text, (name, value)| text.replace(value.as_str(), name));
            named.replace(server, "{server}").replace(&server.replace("http://", ""), "{server-address}")
        };
        self.judge(&output, lasting);
    }

    fn judge(&self, output: &Output, lasting: impl Fn(&[u8]) -> String) {
        compare(&self.folder.join("exit"), &format!("{}\n", output.status.code().unwrap()));
        for (name, bytes) in [("stderr", &output.stderr), ("stdout", &output.stdout)] {
            let text = lasting(bytes);
            if let Some(part) = self.text(&format!("{name}.part")) {
                for line in part.lines() {
                    assert!(text.contains(line), "{}: no `{line}` in {name}:\n{text}", self.name);
                }
            } else if name == "stderr" || self.folder.join(name).exists() {
                compare(&self.folder.join(name), &text);
            }
        }
    }
}

/// The line without how long a request took; none when it tells nothing else.
fn lasting(line: &str) -> Option<String> {
    if ["total run duration", "average response time", "total data received"]
        .iter()
        .any(|start| line.starts_with(start))
    {
        return None;
    }
    match line.rsplit_once(", ") {
        Some((before, time)) if time.ends_with("ms]") || time.ends_with("µs]") => Some(format!("{before}]")),
        _ => Some(line.to_owned()),
    }
}

fn cases() -> Vec<Case> {
    let entries = fs::read_dir(in_repo("tests/cases/cli")).unwrap();
    let case =
        |folder: PathBuf| Case { name: folder.file_name().unwrap().to_str().unwrap().to_owned(), folder };
    let mut cases: Vec<Case> = entries.map(|entry| case(entry.unwrap().path())).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// A file of a case, as a server gives it.
async fn file(UrlPath((case, name)): UrlPath<(String, String)>) -> Response {
    match fs::read(in_repo("tests/cases/cli").join(case).join(name)) {
        Ok(bytes) => bytes.into_response(),
        Err(_) => "{}".into_response(),
    }
}

async fn status(UrlPath((_, code)): UrlPath<(String, u16)>) -> Response {
    (StatusCode::from_u16(code).unwrap(), "<p>a page, no JSON</p>").into_response()
}

/// The Postman API as far as it concerns us: `{"collection": …}` for who has the key.
async fn api(UrlPath((case, kind, uid)): UrlPath<(String, String, String)>, request: Request) -> Response {
    let error = |status, name: &str, message: &str| {
        (status, serde_json::json!({"error": {"name": name, "message": message}}).to_string()).into_response()
    };
    if request.headers().get("x-api-key").is_none_or(|key| key != "PMAK-right") {
        return error(
            StatusCode::UNAUTHORIZED,
            "AuthenticationError",
            "Invalid API Key. Every request requires one.",
        );
    }
    let noun = kind.trim_end_matches('s');
    match fs::read_to_string(in_repo("tests/cases/cli").join(case).join(format!("{noun}.{uid}.json"))) {
        Ok(text) => format!("{{\"{noun}\": {text}}}").into_response(),
        Err(_) => {
            error(StatusCode::NOT_FOUND, "instanceNotFoundError", "We could not find what you look for")
        }
    }
}

fn server() -> Routed {
    Routed::start(
        axum::Router::new()
            .route("/{case}/status/{code}", get(status))
            .route("/{case}/api/{kind}/{uid}", get(api))
            .route("/{case}/{name}", any(file)),
    )
}

#[test]
fn bad_input_says_what_where_and_how_to_mend() {
    let (server, cases) = (server(), cases());
    assert!(cases.len() >= 12, "the cases are gone");
    let wrong: Vec<&str> = cases
        .iter()
        .filter(|case| {
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case.run(&server.base_url))).is_err()
        })
        .map(|case| case.name.as_str())
        .collect();
    assert!(wrong.is_empty(), "cases that differ: {}", wrong.join(", "));
}

#[test]
fn every_error_of_newman_has_a_better_answer() {
    let rows: Vec<String> = cases().iter().filter_map(|case| case.text("row")).collect();
    let tests =
        ["tests/it/cli.rs", "tests/it/report.rs"].map(|file| fs::read_to_string(in_repo(file)).unwrap());
    for (error, test) in NEWMAN_ERRORS {
        let answered = match test {
            Some(test) => tests.iter().any(|text| text.contains(&format!("fn {test}()"))),
            None => rows.iter().any(|row| row.trim() == *error),
        };
        assert!(answered, "no case answers `{error}`");
    }
    for row in rows {
        assert!(NEWMAN_ERRORS.iter().any(|(error, _)| row.trim() == *error), "`{row}` is no error of newman");
    }
}

/// Options of `newman run`, as its help lists them.
const NEWMAN_OPTIONS: &str = "--environment --globals --reporters --iteration-count --iteration-data --folder \
    --global-var --env-var --export-environment --export-globals --export-collection --postman-api-key --bail \
    --ignore-redirects --suppress-exit-code --silent --disable-unicode --color --delay-request --timeout \
    --timeout-request --timeout-script --working-dir --no-insecure-file-read --insecure --ssl-client-cert-list \
    --ssl-client-cert --ssl-client-key --ssl-client-passphrase --ssl-extra-ca-certs --cookie-jar --export-cookie-jar \
    --verbose --help --reporter-cli-silent --reporter-cli-show-timestamps --reporter-cli-no-summary \
    --reporter-cli-no-failures --reporter-cli-no-assertions --reporter-cli-no-success-assertions \
    --reporter-cli-no-console --reporter-cli-no-banner --reporter-json-export --reporter-junit-export -e -g -r -n -d \
    -x -k -h";

#[test]
fn every_option_of_newman_is_an_option_here() {
    let help = String::from_utf8(postproof().args(["run", "--help"]).output().unwrap().stdout).unwrap();
    let known: Vec<&str> = help.split([' ', ',', '\n', '=', '[', ']']).collect();
    let missing: Vec<&str> =
        NEWMAN_OPTIONS.split_whitespace().filter(|option| !known.contains(option)).collect();
    assert!(missing.is_empty(), "newman has {missing:?}");
}

#[test]
fn a_reader_that_goes_away_crashes_nothing() {
    let (folder, server) = (scratch("cli-broken-pipe"), server());
    for (name, target) in [("up.json", server.base_url.as_str()), ("down.json", "http://127.0.0.1:1")] {
        let item = |n: u32| serde_json::json!({"name": n.to_string(), "request": format!("{target}/{n}/x")});
        let collection = serde_json::json!({"item": (0..100).map(item).collect::<Vec<_>>()});
        fs::write(folder.join(name), collection.to_string()).unwrap();
    }
    for (args, exit) in [
        (&["run", "up.json", "--verbose"][..], 0),
        (&["run", "down.json"], 4),
        (&["--help"], 0),
        (&["man"], 0),
        (&["checks"], 0),
    ] {
        let mut command = postproof();
        command.current_dir(&folder).args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{args:?}: {stderr}");
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {stderr}");
    }
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

#[test]
fn every_option_is_completed_and_in_the_manual() {
    let output = |args: &[&str]| {
        let output = postproof().args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let help = output(&["run", "--help"]);
    let about = help.lines().next().unwrap();
    assert!(output(&["--help"]).contains(about), "`run` is described as {about}");
    let options: Vec<&str> = help
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix('-').and(line.split("--").nth(1)))
        .filter_map(|rest| rest.split([' ', '=', '[', '\n']).next())
        .collect();
    assert!(options.len() >= 30, "{options:?}");
    // groff writes a dash as `\-`.
    let manual = output(&["man"]).replace('\\', "");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = output(&["completions", shell]);
        for option in &options {
            assert!(script.contains(option), "{shell} does not complete --{option}");
            assert!(manual.contains(&format!("--{option}")), "the manual lacks --{option}");
        }
    }
}

#[test]
fn the_time_of_a_request_is_described_as_each_command_takes_it() {
    let help = |command: &str| {
        let output = postproof().args([command, "--help"]).env("COLUMNS", "200").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        let (_, about) = help.split_once("--timeout-request [<MS>]").unwrap();
        about.split("\n\n").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(help("run").contains("for each silence of a server"), "{}", help("run"));
    // A probe's request has one limit in all, with a number or without the option.
    let conform = help("conform");
    assert!(conform.contains("for a request in all") && conform.ends_with("[default: 10000]"), "{conform}");
}
