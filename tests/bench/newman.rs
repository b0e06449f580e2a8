//! postproof beside newman, and hurl where it is on the path: whole processes against one server, in one run.
//!
//! `npm ci --prefix tests/newman && cargo bench --bench newman` prints wall time (median), peak memory, and ratios;
//! then what long runs and large answers cost in memory. A first argument runs what its name contains.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark is a program for its developers")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4 as _;

const POSTPROOF: &str = env!("CARGO_BIN_EXE_postproof");

/// Runs of postproof and of hurl, and of newman, which takes a hundred times as long.
const RUNS: [usize; 2] = [25, 5];

/// Bytes of the large answer.
const LARGE: usize = 100 * 1024 * 1024;

/// What a process took.
#[derive(Clone, Copy)]
struct Taken {
    time: Duration,
    memory: u64,
}

impl Taken {
    fn tell(self, what: &str, who: &str) {
        let (ms, megabytes) = (self.time.as_secs_f64() * 1e3, self.memory as f64 / 1e6);
        println!("{what:24} {who:10} {ms:9.1} ms {megabytes:7.1} MB");
    }

    fn beside(self, ours: Self, what: &str, who: &str) {
        let faster = self.time.as_secs_f64() / ours.time.as_secs_f64();
        let smaller = self.memory as f64 / ours.memory as f64;
        println!("{what:24} {who:10} {faster:9.1} ×  {smaller:7.1} ×  ours");
    }
}

fn in_repo(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn temporary(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn serve() -> (Child, String) {
    let mut child =
        Command::new(POSTPROOF).args(["serve", "--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base_url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    (child, base_url)
}

/// A server whose every answer has [`LARGE`] bytes; gives its address.
fn serve_large() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = answer_large(stream.unwrap());
        }
    });
    base_url
}

fn answer_large(mut stream: TcpStream) -> std::io::Result<()> {
    let mut head = [0; 4096];
    let _ = stream.read(&mut head)?;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {LARGE}\r\n\r\n")?;
    let block = [b'x'; 1 << 16];
    for _ in 0..LARGE / block.len() {
        stream.write_all(&block)?;
    }
    Ok(())
}

/// Median wall time and greatest peak memory over some runs of a whole process.
fn measure(runs: usize, mut command: impl FnMut() -> Command) -> Taken {
    let mut times = Vec::new();
    let mut memory = 0;
    for _ in 0..runs {
        let started = Instant::now();
        let ended = command().stdout(Stdio::null()).stdin(Stdio::null()).spawn().unwrap().wait4().unwrap();
        times.push(started.elapsed());
        assert!(ended.status.success(), "a measured run failed");
        memory = memory.max(ended.rusage.maxrss);
    }
    times.sort();
    Taken { time: times[times.len() / 2], memory }
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
const REALISTIC: &str = r#"const _ = require('lodash');
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
}

impl Load<'_> {
    fn run(&self, mut command: Command) -> Command {
        command.arg("run").arg(self.collection).args(["-n", &self.times.to_string()]);
        command.arg("-e").arg(in_repo("environments/local.postman_environment.json"));
        command.args(["--env-var", &format!("baseUrl={}", self.base_url)]);
        command
    }

    /// The same requests for hurl, each in the file: it has no scripts, and repeats nothing by itself.
    fn hurl(&self) -> Command {
        let file = temporary("requests.hurl");
        let request = format!("GET {}/accounts/users?a=1\nHTTP 401\n\n", self.base_url);
        std::fs::write(&file, request.repeat(self.times)).unwrap();
        let mut command = Command::new("hurl");
        command.arg("--no-output").arg(file).stderr(Stdio::null());
        command
    }
}

fn compare(what: &str, load: &Load<'_>, with_hurl: bool) {
    let ours = measure(RUNS[0], || load.run(Command::new(POSTPROOF)));
    ours.tell(what, "postproof");
    let newman = in_repo("tests/newman/node_modules/newman/bin/newman.js");
    if newman.exists() {
        let theirs = measure(RUNS[1], || {
            let mut node = Command::new("node");
            node.arg(&newman);
            load.run(node)
        });
        theirs.tell(what, "newman");
        theirs.beside(ours, what, "newman");
    } else {
        println!("newman is not installed (npm ci --prefix tests/newman): not measured");
    }
    if with_hurl && Command::new("hurl").arg("--version").stdout(Stdio::null()).status().is_ok() {
        let theirs = measure(RUNS[0], || load.hurl());
        theirs.tell(what, "hurl");
        theirs.beside(ours, what, "hurl");
    } else if with_hurl {
        println!("{what:24} hurl is not on the path: not measured");
    }
}

/// Memory with every reporter on.
fn long(what: &str, load: &Load<'_>) {
    let taken = measure(1, || {
        let mut command = load.run(Command::new(POSTPROOF));
        command.args(["-r", "cli,json,junit,ndjson"]).stderr(Stdio::null());
        for reporter in ["json", "junit", "ndjson"] {
            command.arg(format!("--reporter-{reporter}-export")).arg(temporary(&format!("long.{reporter}")));
        }
        command
    });
    taken.tell(what, "postproof");
}

fn main() {
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    let (mut server, base_url) = serve();
    let shipped = in_repo("collections/betterez-refresh-token.postman_collection.json");
    // newman 6 declares `_` itself.
    let scripted =
        collection("scripted", &REALISTIC.replace("const _ =", "var lodash =").replace("_.", "lodash."));
    let plain = collection("plain", "");
    for (what, collection, times, with_hurl) in [
        ("shipped collection", &shipped, 1, false),
        ("one plain request", &plain, 1, true),
        ("200 plain requests", &plain, 200, true),
        ("1000 plain requests", &plain, 1000, true),
        ("one scripted request", &scripted, 1, false),
        ("200 scripted requests", &scripted, 200, false),
    ] {
        if what.contains(&wanted) {
            compare(what, &Load { collection, times, base_url: &base_url }, with_hurl);
        }
    }
    let large = serve_large();
    for (what, collection, times, base_url) in [
        ("10000 with all reports", &plain, 10_000, base_url.as_str()),
        ("10000 scripted, reports", &scripted, 10_000, base_url.as_str()),
        ("100 MB answer, reports", &plain, 1, large.as_str()),
    ] {
        if what.contains(&wanted) {
            long(what, &Load { collection, times, base_url });
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
}
