//! `postproof script`: one script, and a sandbox served over JSON lines.
#![allow(clippy::unwrap_used, reason = "clippy exempts test functions, not what they call")]

use crate::support::{postproof, scratch};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// A served sandbox in a process of its own.
struct Sandbox {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Sandbox {
    fn start() -> Self {
        let mut process = postproof()
            .args(["script", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take(), BufReader::new(process.stdout.take().unwrap()));
        Self { process, input, output }
    }

    fn say(&mut self, message: Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    /// The next message, `None` at the end.
    fn hear(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        (!line.is_empty()).then(|| serde_json::from_str(&line).unwrap())
    }

    fn hear_until(&mut self, name: &str) -> Value {
        loop {
            let message = self.hear().unwrap_or_else(|| panic!("the sandbox ended before {name}"));
            if message[0] == name {
                return message;
            }
        }
    }

    fn execute(&mut self, id: &str, source: &str) {
        self.say(json!(["execute", id, { "listen": "test", "script": { "exec": [source] } }, {}, {}]));
    }

    /// Ends the input: what is still said, and the exit code.
    fn end(mut self) -> (Vec<Value>, i32) {
        drop(self.input.take());
        let rest = std::iter::from_fn(|| self.hear()).collect();
        (rest, self.process.wait().unwrap().code().unwrap())
    }
}

#[test]
fn a_script_tells_its_events_and_exits_by_them() {
    let folder = scratch("script");
    let cases = [
        ("console.log('fine')", &[][..], 0, "fine"),
        ("\nthrow new TypeError('bad')", &[], 1, "sandbox-script.js:2:"),
        ("for (;;);", &["--timeout", "50"], 1, "execution timeout"),
        (
            "console.log(await new Promise(go => setTimeout(() => go('waited'), 1)))",
            &["--listen", "prerequest"],
            0,
            "waited",
        ),
    ];
    for (source, options, exit, said) in cases {
        fs::write(folder.join("s.js"), source).unwrap();
        let output =
            postproof().current_dir(&folder).args(["script", "s.js"]).args(options).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(exit), "{source}: {text}");
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(text.contains(said), "{source}: {text}");
        assert_eq!(lines.last().unwrap()[0], "execution.result.script");
    }
}

#[test]
fn what_cannot_be_read_is_exit_3() {
    let folder = scratch("script-input");
    fs::write(folder.join("s.js"), "").unwrap();
    fs::write(folder.join("c.json"), "{").unwrap();
    for args in [&["none.js"][..], &["s.js", "--context", "none.json"], &["s.js", "--context", "c.json"]] {
        let output = postproof().current_dir(&folder).arg("script").args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{args:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("caused by: "), "{args:?}");
    }
    assert_eq!(postproof().arg("script").output().unwrap().status.code(), Some(2));
}

#[test]
fn a_served_sandbox_keeps_its_context_until_its_input_ends() {
    let mut sandbox = Sandbox::start();
    sandbox.say(json!(["initialize", {}]));
    assert_eq!(sandbox.hear(), Some(json!(["initialize"])));
    sandbox.say(json!(["ping", { "any": "thing" }]));
    assert_eq!(sandbox.hear(), Some(json!(["pong", { "any": "thing" }])));
    sandbox.execute("a", "kept = 'of a'");
    assert_eq!(sandbox.hear_until("execution.result.a")[1], Value::Null);
    sandbox.execute("b", "console.log('kept is ' + kept)");
    assert!(sandbox.hear_until("execution.console").to_string().contains("kept is of a"));
    sandbox.execute("busy", "console.log('busy'); for (;;);");
    sandbox.hear_until("execution.console");
    sandbox.say(json!(["execution.abort.busy"]));
    assert!(sandbox.hear_until("execution.error.busy")[2]["message"].as_str().unwrap().contains("aborted"));
    sandbox.execute("last", "setTimeout(() => console.log('at last'), 20)");
    let (rest, exit) = sandbox.end();
    assert_eq!(exit, 0);
    assert_eq!(rest.last().unwrap()[0], "execution.result.last", "{rest:?}");
    assert!(rest.iter().any(|message| message.to_string().contains("at last")));
}

#[test]
#[cfg(target_os = "linux")]
fn ten_thousand_scripts_leave_no_trace() {
    let mut sandbox = Sandbox::start();
    let status = format!("/proc/{}/status", sandbox.process.id());
    let resident_kib = || -> u64 {
        let status = fs::read_to_string(&status).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let source =
        "const data = JSON.parse('[' + '1,'.repeat(100) + '1]'); console.log(data.map(x => x + 1).join());
        const cycle = { data }; cycle.cycle = cycle; await null; setImmediate(() => cycle.data.pop())";
    let mut run = |times: u32| {
        for _ in 0..times {
            sandbox.execute("x", source);
            sandbox.hear_until("execution.result.x");
        }
        resident_kib()
    };
    let (before, after) = (run(500), run(10_000));
    assert!(after < before + (10 << 10), "{before} KiB became {after} KiB");
    assert_eq!(sandbox.end().1, 0);
}
