//! postproof beside newman: the shipped collection against the embedded server, whole processes, in one run.
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

fn main() {
    let (mut server, base_url) = serve();
    let run = |mut command: Command| {
        command
            .arg("run")
            .arg(in_repo("collections/betterez-refresh-token.postman_collection.json"))
            .arg("-e")
            .arg(in_repo("environments/local.postman_environment.json"))
            .args(["--env-var", &format!("baseUrl={base_url}")]);
        command
    };
    let newman = in_repo("tests/newman/node_modules/newman/bin/newman.js");
    let (ours, our_memory) = measure(RUNS[1], || run(Command::new(POSTPROOF)));
    println!("postproof  {:8.1} ms  {:7.1} MB", ours.as_secs_f64() * 1e3, our_memory as f64 / 1e6);
    if newman.exists() {
        let (theirs, their_memory) = measure(RUNS[0], || {
            let mut node = Command::new("node");
            node.arg(&newman);
            run(node)
        });
        println!("newman     {:8.1} ms  {:7.1} MB", theirs.as_secs_f64() * 1e3, their_memory as f64 / 1e6);
        let faster = theirs.as_secs_f64() / ours.as_secs_f64();
        println!("ratio      {faster:8.1} ×   {:7.1} ×", their_memory as f64 / our_memory as f64);
    } else {
        println!("newman is not installed (npm ci --prefix tests/newman): not measured");
    }
    server.kill().unwrap();
    server.wait().unwrap();
}
