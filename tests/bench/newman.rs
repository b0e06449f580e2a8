//! postproof beside newman: whole processes against the embedded server, in one run, with and without scripts.
//!
//! `npm ci --prefix tests/newman && cargo bench --bench newman` prints wall time (median), peak memory, and ratios.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark is a program for its developers")]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4 as _;

const POSTPROOF: &str = env!("CARGO_BIN_EXE_postproof");
const RUNS: [usize; 2] = [5, 25];

fn in_repo(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn serve() -> (Child, String) {
    let mut child =
        Command::new(POSTPROOF).args(["serve", "--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base_url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    (child, base_url)
}

/// Median wall time and greatest peak memory over some runs of a whole process.
fn measure(runs: usize, mut command: impl FnMut() -> Command) -> (Duration, u64) {
    let mut times = Vec::new();
    let mut peak = 0;
    for _ in 0..runs {
        let started = Instant::now();
        let ended = command().stdout(Stdio::null()).stdin(Stdio::null()).spawn().unwrap().wait4().unwrap();
        times.push(started.elapsed());
        assert!(ended.status.success(), "a measured run failed");
        peak = peak.max(ended.rusage.maxrss);
    }
    times.sort();
    (times[times.len() / 2], peak)
}

/// A collection of one request that is refused, with or without a script.
fn collection(name: &str, script: &str) -> PathBuf {
    let event =
        serde_json::json!([{"listen": "test", "script": {"exec": script.lines().collect::<Vec<_>>()}}]);
    let collection = serde_json::json!({
        "info": {"name": name},
        "item": [{"name": name, "event": event, "request": "{{baseUrl}}/accounts/users?a=1"}],
    });
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.json"));
    std::fs::write(&path, collection.to_string()).unwrap();
    path
}

/// chai, lodash, JSON and four tests.
const REALISTIC: &str = r#"const _ = require('lodash');
const told = JSON.parse('{"items": [{"id": 1, "tags": ["a", "b"]}, {"id": 2, "tags": ["c"]}]}');
pm.test('status', () => pm.response.to.have.status(401));
pm.test('ids', () => pm.expect(_.map(told.items, 'id')).to.eql([1, 2]));
pm.test('tags', () => pm.expect(_.flatMap(told.items, 'tags')).to.have.lengthOf(3));
pm.test('text', () => pm.expect(pm.response.text()).to.include('Unauthorized'));
pm.environment.set('seen', (pm.environment.get('seen') || 0) + 1);"#;

fn main() {
    let (mut server, base_url) = serve();
    let newman = in_repo("tests/newman/node_modules/newman/bin/newman.js");
    let shipped = in_repo("collections/betterez-refresh-token.postman_collection.json");
    // newman 6 declares `_` itself.
    let scripted =
        collection("scripted", &REALISTIC.replace("const _ =", "var lodash =").replace("_.", "lodash."));
    let plain = collection("plain", "");
    for (name, collection, times) in [
        ("shipped collection", &shipped, 1),
        ("one plain request", &plain, 1),
        ("200 plain requests", &plain, 200),
        ("one scripted request", &scripted, 1),
        ("200 scripted requests", &scripted, 200),
    ] {
        let run = |mut command: Command| {
            command.arg("run").arg(collection).args(["-n", &times.to_string()]);
            command.arg("-e").arg(in_repo("environments/local.postman_environment.json"));
            command.args(["--env-var", &format!("baseUrl={base_url}")]);
            command
        };
        let (ours, our_memory) = measure(RUNS[1], || run(Command::new(POSTPROOF)));
        let line = |who: &str, time: Duration, memory: u64| {
            println!("{name:22} {who:10} {:9.1} ms {:7.1} MB", time.as_secs_f64() * 1e3, memory as f64 / 1e6);
        };
        line("postproof", ours, our_memory);
        if newman.exists() {
            let (theirs, their_memory) = measure(RUNS[0], || {
                let mut node = Command::new("node");
                node.arg(&newman);
                run(node)
            });
            line("newman", theirs, their_memory);
            let faster = theirs.as_secs_f64() / ours.as_secs_f64();
            let smaller = their_memory as f64 / our_memory as f64;
            println!("{name:22} {:10} {faster:9.1} ×  {smaller:7.1} ×", "ratio");
        } else {
            println!("newman is not installed (npm ci --prefix tests/newman): not measured");
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
}
