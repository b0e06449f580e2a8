//! postproof beside newman, and hurl where it is on the path: whole processes against one server, in one run.
//!
//! `npm ci --prefix tests/newman && npm ci --prefix tests/oracle && cargo bench --bench newman` prints a table: wall
//! time (median), peak memory, and how many times ours that is. Its last rows are a script's own share, beside
//! Postman's own sandbox, and what long runs and large answers cost. A first argument runs what its name contains.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark is a program for its developers")]

mod script;
mod servers;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4 as _;

pub(crate) const POSTPROOF: &str = env!("CARGO_BIN_EXE_postproof");

/// Runs of postproof and of hurl, and of newman, which takes a hundred times as long.
const RUNS: [usize; 2] = [25, 5];

/// What a process took.
#[derive(Clone, Copy)]
struct Taken {
    time: Duration,
    memory: u64,
}

impl Taken {
    /// A row of the table.
    fn tell(self, what: &str, who: &str) {
        println!("{}", self.row(what, who));
    }

    /// A row of the table, compared with ours.
    fn beside(self, ours: Self, what: &str, who: &str) {
        let slower = self.time.as_secs_f64() / ours.time.as_secs_f64();
        let larger = self.memory as f64 / ours.memory as f64;
        println!("{} {slower:8.1} × {larger:7.1} ×", self.row(what, who));
    }

    fn row(self, what: &str, who: &str) -> String {
        let (ms, megabytes) = (self.time.as_secs_f64() * 1e3, self.memory as f64 / 1e6);
        format!("{what:24} {who:17} {ms:9.2} ms {megabytes:7.1} MB")
    }
}

pub(crate) fn in_repo(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn temporary(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Median wall time and greatest peak memory over some runs of a whole process.
fn measure(runs: usize, mut command: impl FnMut() -> Command) -> Taken {
    let [taken] = in_turn(runs, [&mut command]);
    taken
}

/// The same of several, one run of each after the other: what the machine does meanwhile is done to all of them.
fn in_turn<const N: usize>(runs: usize, mut commands: [&mut dyn FnMut() -> Command; N]) -> [Taken; N] {
    let mut taken = [const { (Vec::new(), 0) }; N];
    for _ in 0..runs {
        for (command, (times, memory)) in commands.iter_mut().zip(&mut taken) {
            let mut command = command();
            let started = Instant::now();
            let ended = command.stdout(Stdio::null()).stdin(Stdio::null()).spawn().unwrap().wait4().unwrap();
            times.push(started.elapsed());
            assert!(ended.status.success(), "a measured run failed");
            *memory = ended.rusage.maxrss.max(*memory);
        }
    }
    taken.map(|(mut times, memory)| {
        times.sort();
        Taken { time: times[times.len() / 2], memory }
    })
}

/// A collection of one request that is refused, with or without a script.
fn collection(name: &str, script: &str) -> PathBuf {
    let event =
        serde_json::json!([{"listen": "test", "script": {"exec": script.lines().collect::<Vec<_>>()}}]);
    let collection = serde_json::json!({
        "info": {"name": name},
        "item": [{"name": name, "event": event, "request": "{{baseUrl}}/accounts/users?a=1"}],
    });
    let path = temporary(&format!("{name}.json"));
    std::fs::write(&path, collection.to_string()).unwrap();
    path
}

/// chai, lodash, JSON and four tests.
pub(crate) const REALISTIC: &str = r#"const _ = require('lodash');
const told = JSON.parse('{"items": [{"id": 1, "tags": ["a", "b"]}, {"id": 2, "tags": ["c"]}]}');
pm.test('status', () => pm.response.to.have.status(401));
pm.test('ids', () => pm.expect(_.map(told.items, 'id')).to.eql([1, 2]));
pm.test('tags', () => pm.expect(_.flatMap(told.items, 'tags')).to.have.lengthOf(3));
pm.test('text', () => pm.expect(pm.response.text()).to.include('Unauthorized'));
pm.environment.set('seen', (pm.environment.get('seen') || 0) + 1);"#;

/// A collection, how often it is run, and where.
struct Load<'a> {
    collection: &'a Path,
    times: usize,
    base_url: &'a str,
    /// Who vouches for the server.
    authority: Option<&'a Path>,
}

impl Load<'_> {
    fn run(&self, mut command: Command) -> Command {
        command.arg("run").arg(self.collection).args(["-n", &self.times.to_string()]);
        command.arg("-e").arg(in_repo("environments/local.postman_environment.json"));
        command.args(["--env-var", &format!("baseUrl={}", self.base_url)]);
        if let Some(authority) = self.authority {
            command.arg("--ssl-extra-ca-certs").arg(authority);
        }
        command
    }

    /// The same requests for hurl, each in the file: it has no scripts, and repeats nothing by itself.
    fn hurl(&self) -> Command {
        let file = temporary("requests.hurl");
        let request = format!("GET {}/accounts/users?a=1\nHTTP 401\n\n", self.base_url);
        std::fs::write(&file, request.repeat(self.times)).unwrap();
        let mut command = Command::new("hurl");
        command.arg("--no-output").arg(file).stderr(Stdio::null());
        if let Some(authority) = self.authority {
            command.arg("--cacert").arg(authority);
        }
        command
    }
}

fn compare(what: &str, load: &Load<'_>, hurl: bool) {
    let ours = measure(RUNS[0], || load.run(Command::new(POSTPROOF)));
    ours.tell(what, "postproof");
    if let Some(newman) = newman() {
        let theirs = measure(RUNS[1], || {
            let mut node = Command::new("node");
            node.arg(&newman);
            load.run(node)
        });
        theirs.beside(ours, what, "newman");
    }
    if hurl {
        measure(RUNS[0], || load.hurl()).beside(ours, what, "hurl");
    }
}

fn newman() -> Option<PathBuf> {
    let newman = in_repo("tests/newman/node_modules/newman/bin/newman.js");
    newman.exists().then_some(newman)
}

fn has_hurl() -> bool {
    Command::new("hurl").arg("--version").stdout(Stdio::null()).status().is_ok()
}

/// A warm script alone.
fn compare_script(what: &str) {
    let mut own = Command::new(POSTPROOF);
    own.args(["script", "--stdio"]);
    let taken = |(time, memory)| Taken { time, memory };
    let ours = taken(script::measure(own));
    ours.tell(what, "postproof");
    if let Some(postmans) = script::postmans() {
        taken(script::measure(postmans)).beside(ours, what, "postman-sandbox");
    }
}

/// Memory with every reporter on.
fn long(what: &str, load: &Load<'_>) {
    let taken = measure(1, || {
        let mut command = load.run(Command::new(POSTPROOF));
        command.args(["-r", "cli,json,junit,ndjson,html"]).stderr(Stdio::null());
        for reporter in ["json", "junit", "ndjson", "html"] {
            command.arg(format!("--reporter-{reporter}-export")).arg(temporary(&format!("long.{reporter}")));
        }
        command
    });
    taken.tell(what, "postproof");
}

/// What all reporters together add to a run.
fn reporters(what: &str, load: &Load<'_>) {
    let with = |names: &str| {
        let mut command = load.run(Command::new(POSTPROOF));
        command.args(["-r", names]).stderr(Stdio::null());
        // Where they go by themselves, in a folder of their own.
        std::fs::create_dir_all(temporary("reporters")).unwrap();
        command.current_dir(temporary("reporters"));
        command
    };
    let nine = "cli,json,junit,html,ndjson,markdown,tap,sarif,gitlab";
    let [none, all] = in_turn(11, [&mut || with(""), &mut || with(nine)]);
    none.tell(what, "no reporter");
    all.tell(what, "nine reporters");
    let more = all.time.as_secs_f64() / none.time.as_secs_f64() - 1.0;
    println!("{what:24} {:17} {:8.0} %", "added", more * 100.0);
}

fn main() {
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    let wanted = |what: &&str| what.contains(&wanted);
    let hurl = has_hurl();
    for (what, is_there) in [
        ("newman (npm ci --prefix tests/newman)", newman().is_some()),
        ("postman-sandbox (npm ci --prefix tests/oracle)", script::postmans().is_some()),
        ("hurl", hurl),
    ] {
        if !is_there {
            println!("not measured, not installed: {what}");
        }
    }
    let (mut server, api) = servers::reference();
    let (tls, authority) = servers::tls();
    let shipped = in_repo("collections/betterez-refresh-token.postman_collection.json");
    // newman 6 declares `_` itself.
    let scripted =
        collection("scripted", &REALISTIC.replace("const _ =", "var lodash =").replace("_.", "lodash."));
    let plain = collection("plain", "");
    let load = |collection, times| Load { collection, times, base_url: &api, authority: None };
    let secured = Load { base_url: &tls, authority: Some(&authority), ..load(&plain, 1) };
    for (what, load, hurl) in [
        ("shipped collection", load(&shipped, 1), false),
        ("one plain request", load(&plain, 1), hurl),
        ("one https request", secured, hurl),
        ("200 plain requests", load(&plain, 200), hurl),
        ("1000 plain requests", load(&plain, 1000), hurl),
        ("one scripted request", load(&scripted, 1), false),
        ("200 scripted requests", load(&scripted, 200), false),
    ] {
        if wanted(&what) {
            compare(what, &load, hurl);
        }
    }
    if wanted(&"1000 scripted, reporters") {
        reporters("1000 scripted, reporters", &load(&scripted, 1000));
    }
    if wanted(&"one warm script") {
        compare_script("one warm script");
    }
    let large = servers::large();
    for (what, load) in [
        ("10000 with all reports", load(&plain, 10_000)),
        ("10000 scripted, reports", load(&scripted, 10_000)),
        ("100 MB answer, reports", Load { base_url: &large, ..load(&plain, 1) }),
    ] {
        if wanted(&what) {
            long(what, &load);
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
}
