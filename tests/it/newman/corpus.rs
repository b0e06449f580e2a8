//! The corpus: every folder of `tests/cases/newman/<area>/` that holds a `collection.json` is run by newman and by
//! postproof against one echo server, and what they came to is compared, aspect by aspect.
//!
//! Beside the collection a case may have `environment.json`, `globals.json`, `data.csv` or `data.json`, files that its
//! requests send, and a `case.toml` with further arguments; `"{port}"` in a collection is the server's port. Differences that are meant are in
//! `tests/cases/newman/accepted.toml`, each with the row of the compatibility table that says why; an entry that no
//! longer holds fails. `CASE=auth/` runs the cases whose name begins so, those of `pending` too: cases of features
//! that are not there yet.

use super::echo::Echo;
use super::observation::{self, Observation};
use crate::support::{in_parallel, in_repo, postproof, scratch};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

const CASES: &str = "tests/cases/newman";

/// `case.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Settings {
    /// Further arguments; `{out}` is a folder whose files are compared, `{port}` the server's.
    args: Vec<String>,
    /// Environment variables.
    env: BTreeMap<String, String>,
    /// The requests of the case are sent at once: their order is nobody's promise.
    unordered: bool,
    /// Aspects that differ from run to run, such as the wire of a case with random values.
    not_compared: Vec<String>,
}

/// One entry of `accepted.toml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    /// `area/case`.
    case: String,
    /// What differs: `wire`, `assertions` …
    aspect: String,
    /// Id of a row of the compatibility table.
    row: String,
    /// The lines that differ: `-` newman's, `+` ours.
    diff: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptedFile {
    #[serde(default)]
    accepted: Vec<Accepted>,
    /// Parts of newman's report that ours leaves out.
    #[serde(default)]
    omitted: Vec<Omitted>,
}

/// Keys of newman's JSON report that are not repeated, wherever they occur.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Omitted {
    /// Part of a path of keys, e.g. `.cursor.scriptId`.
    path: String,
    /// Id of a row of the compatibility table.
    row: String,
}

impl AcceptedFile {
    fn read() -> Self {
        let text = std::fs::read_to_string(in_repo(CASES).join("accepted.toml")).unwrap();
        toml::from_str(&text).unwrap()
    }
}

/// newman in a process that runs one case after another.
struct Driver {
    process: Child,
    jobs: ChildStdin,
    results: BufReader<ChildStdout>,
}

impl Driver {
    fn start() -> Self {
        let mut command = Command::new("node");
        command.arg("--no-warnings").arg(in_repo("tests/newman/driver.js"));
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"] {
            command.env_remove(proxy);
        }
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (jobs, results) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, jobs, results: BufReader::new(results) }
    }

    fn run(&mut self, job: &Value) -> Value {
        writeln!(self.jobs, "{job}").unwrap();
        let mut line = String::new();
        self.results.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| json!({ "exit": 1, "crashed": "the process died" }))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Case {
    name: String,
    folder: PathBuf,
    settings: Settings,
}

impl Case {
    fn read(name: String, folder: PathBuf) -> Self {
        let settings = match std::fs::read_to_string(folder.join("case.toml")) {
            Ok(text) => toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")),
            Err(_) => Settings::default(),
        };
        Self { name, folder, settings }
    }

    /// The command line behind the program's name. Paths are relative to the case's folder.
    fn args(&self, port: u16, out: &Path) -> Vec<String> {
        let fill =
            |text: &str| text.replace("{out}", &out.to_string_lossy()).replace("{port}", &port.to_string());
        let mut args = vec!["run".to_owned(), self.collection(port, out)];
        for (option, file) in
            [("-e", "environment.json"), ("-g", "globals.json"), ("-d", "data.csv"), ("-d", "data.json")]
        {
            if self.folder.join(file).exists() {
                args.extend([option.to_owned(), file.to_owned()]);
            }
        }
        let base = format!("baseUrl=http://127.0.0.1:{port}");
        args.extend(["--global-var".to_owned(), base, "--global-var".to_owned(), format!("port={port}")]);
        args.extend(self.settings.args.iter().map(|arg| fill(arg)));
        args
    }

    /// The collection's path: a copy, where the server's port stands in it other than as a variable.
    fn collection(&self, port: u16, out: &Path) -> String {
        let text = std::fs::read_to_string(self.folder.join("collection.json")).unwrap();
        let filled = text.replace("\"{port}\"", &format!("\"{port}\""));
        if filled == text {
            return "collection.json".to_owned();
        }
        let copy = out.with_file_name("collection.json");
        std::fs::write(&copy, filled).unwrap();
        copy.to_string_lossy().into_owned()
    }

    fn env(&self, port: u16) -> BTreeMap<String, String> {
        let fill = |text: &String| text.replace("{port}", &port.to_string());
        self.settings.env.iter().map(|(name, value)| (name.clone(), fill(value))).collect()
    }

    /// Runs both, and gives what each came to.
    fn observe(&self, driver: &Mutex<Option<Driver>>) -> [Observation; 2] {
        let echo = Echo::start();
        let folder = scratch(&format!("newman-corpus/{}", self.name));
        let theirs = self.newman(driver, &echo, &folder.join("newman"));
        let ours = self.postproof(&echo, &folder.join("postproof"));
        // Ports are no difference, and would make one of every run.
        let settle = |mut seen: Observation| {
            let port = echo.port().to_string();
            seen.retain(|aspect, _| !self.settings.not_compared.contains(aspect));
            for line in seen.values_mut().flatten() {
                *line = line.replace(&port, "PORT").replace(&*folder.to_string_lossy(), "OUT");
            }
            seen
        };
        [theirs, ours].map(settle)
    }

    fn newman(&self, driver: &Mutex<Option<Driver>>, echo: &Echo, out: &Path) -> Observation {
        let report = prepare(out);
        let mut args = self.args(echo.port(), &out.join("out"));
        args.extend(["-r", "json", "--reporter-json-export", &report.to_string_lossy()].map(str::to_owned));
        let job = json!({ "cwd": self.folder, "args": args, "env": self.env(echo.port()) });
        let mut driver = driver.lock().unwrap();
        let result = driver.get_or_insert_with(Driver::start).run(&job);
        let mut seen: Observation = serde_json::from_value(result["seen"].clone()).unwrap_or_default();
        observation::settle_console(&mut seen);
        let crashed = result["crashed"].as_str();
        if crashed.is_some() {
            *driver = None;
        }
        drop(driver);
        let error =
            crashed.or(result["error"].as_str()).map(|error| format!("({error})")).unwrap_or_default();
        seen.insert("exit".to_owned(), vec![result["exit"].to_string()]);
        std::fs::write(
            out.join("output"),
            format!("{}\n{error}", result["output"].as_str().unwrap_or_default()),
        )
        .unwrap();
        self.complete(&mut seen, &report, out, echo);
        seen
    }

    fn postproof(&self, echo: &Echo, out: &Path) -> Observation {
        let report = prepare(out);
        let recording = out.join("events.ndjson");
        let output = postproof()
            .args(self.args(echo.port(), &out.join("out")))
            .args(["--show-secrets", "-r", "json,ndjson", "--reporter-json-export"])
            .arg(&report)
            .arg("--reporter-ndjson-export")
            .arg(&recording)
            .envs(self.env(echo.port()))
            .current_dir(&self.folder)
            .output()
            .unwrap();
        std::fs::write(out.join("output"), [output.stdout, output.stderr].concat()).unwrap();
        let mut seen = observation::of_recording(&std::fs::read_to_string(&recording).unwrap_or_default());
        // Exits tell more than newman's: any of them is its 1.
        let exit = output.status.code().map_or(1, |code| i32::from(code != 0));
        seen.insert("exit".to_owned(), vec![exit.to_string()]);
        self.complete(&mut seen, &report, out, echo);
        seen
    }

    fn complete(&self, seen: &mut Observation, report: &Path, out: &Path, echo: &Echo) {
        if self.settings.unordered {
            seen.entry("requests".to_owned()).or_default().sort();
        }
        let report: Value =
            serde_json::from_str(&std::fs::read_to_string(report).unwrap_or_default()).unwrap_or_default();
        observation::add_report(seen, &report);
        observation::add_wire(seen, &echo.take(), self.settings.unordered);
        observation::add_files(seen, &out.join("out"));
        seen.insert("report".to_owned(), observation::paths(&report).into_iter().collect());
    }
}

/// An empty folder for a run's files; gives the path of its JSON report.
fn prepare(out: &Path) -> PathBuf {
    std::fs::create_dir_all(out.join("out")).unwrap();
    out.join("report.json")
}

fn cases() -> Vec<Case> {
    let mut found = Vec::new();
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        let mut all: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
        all.sort();
        all
    };
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    for area in folders(&in_repo(CASES)) {
        for folder in folders(&area).into_iter().filter(|folder| folder.join("collection.json").exists()) {
            found.push(Case::read(format!("{}/{}", name(&area), name(&folder)), folder));
        }
    }
    match std::env::var("CASE") {
        Ok(prefix) => found.retain(|case| case.name.starts_with(&prefix)),
        Err(_) => {
            let pending = std::fs::read_to_string(in_repo(CASES).join("pending")).unwrap_or_default();
            found.retain(|case| !pending.lines().any(|name| name == case.name));
        }
    }
    found
}

/// What differs between two observations of a case: the aspect, and the lines.
fn differences(theirs: &Observation, ours: &Observation, omitted: &[Omitted]) -> Vec<(String, String)> {
    let empty = Vec::new();
    let aspects: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    let mut found = Vec::new();
    for aspect in aspects {
        let (left, right) = (theirs.get(aspect).unwrap_or(&empty), ours.get(aspect).unwrap_or(&empty));
        let diff = if aspect == "report" {
            // A report may say more than newman's, never less.
            let told = |path: &&String| {
                !right.contains(path) && !omitted.iter().any(|part| path.contains(&part.path))
            };
            left.iter().filter(told).map(|path| format!("-{path}\n")).collect()
        } else {
            changed_lines(&left.join("\n"), &right.join("\n"))
        };
        if !diff.is_empty() {
            found.push((aspect.clone(), diff));
        }
    }
    found
}

fn changed_lines(left: &str, right: &str) -> String {
    let diff = similar::TextDiff::from_lines(left, right);
    diff.iter_all_changes()
        .filter(|change| change.tag() != similar::ChangeTag::Equal)
        .map(|change| format!("{}{}\n", change.tag(), change.value().trim_end_matches('\n')))
        .collect()
}

#[test]
fn the_corpus_runs_as_in_newman() {
    const DRIVERS: usize = 4;
    if super::newman().is_none() || crate::support::libraries_missing() {
        return;
    }
    let cases = cases();
    let AcceptedFile { accepted, omitted } = AcceptedFile::read();
    let drivers: Vec<Mutex<Option<Driver>>> = (0..DRIVERS).map(|_| Mutex::new(None)).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results = in_parallel(&cases, |case| {
        let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let [theirs, ours] = case.observe(&drivers[number % DRIVERS]);
        assert!(!theirs["exit"].is_empty());
        differences(&theirs, &ours, &omitted)
    });
    let mut stale: BTreeSet<&Accepted> = accepted.iter().collect();
    let mut trouble = String::new();
    for (case, found) in cases.iter().zip(results) {
        for (aspect, diff) in found {
            let known = accepted.iter().find(|entry| {
                entry.case == case.name && entry.aspect == aspect && entry.diff.trim() == diff.trim()
            });
            match known {
                Some(entry) => drop(stale.remove(entry)),
                None => trouble.push_str(&format!("\n== {} {aspect}\n{diff}", case.name)),
            }
        }
    }
    let ran = |case: &str| cases.iter().any(|known| known.name == case) || std::env::var_os("CASE").is_none();
    for entry in stale.into_iter().filter(|entry| ran(&entry.case)) {
        trouble.push_str(&format!("\n== {} {}: accepted, and not so\n", entry.case, entry.aspect));
    }
    assert!(trouble.is_empty(), "newman (-) and postproof (+) differ:\n{trouble}");
}

#[test]
fn every_accepted_difference_names_a_row_of_the_table() {
    let AcceptedFile { accepted, omitted } = AcceptedFile::read();
    let rows = accepted.iter().map(|entry| &entry.row).chain(omitted.iter().map(|entry| &entry.row));
    for row in rows {
        assert!(postproof::compatibility::find(row).is_some(), "no row `{row}`");
    }
}
