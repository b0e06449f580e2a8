//! `postproof script`: one script, and a sandbox served over JSON lines.
#![allow(clippy::unwrap_used, reason = "clippy exempts test functions, not what they call")]

use crate::support::{postproof, scratch};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// A process that says nothing for as long is stuck.
const PATIENCE: Duration = Duration::from_secs(60);

/// A served sandbox in a process of its own.
struct Sandbox {
    process: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
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
        let (sender, lines) = channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { process, input, lines }
    }

    fn say(&mut self, message: Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    /// The next message, `None` at the end.
    fn hear(&mut self) -> Option<Value> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => Some(serde_json::from_str(&line).unwrap()),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("the sandbox is stuck"),
        }
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

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
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
fn an_aborted_script_says_nothing_more_and_others_go_on() {
    let mut sandbox = Sandbox::start();
    sandbox.execute("a", "console.log('begun'); setTimeout(() => console.log('late'), 100)");
    sandbox.hear_until("execution.console");
    sandbox.execute("b", "console.log('begun'); setTimeout(() => console.log('of b'), 200)");
    sandbox.hear_until("execution.console");
    sandbox.say(json!(["execution.abort.a"]));
    let next = sandbox.hear().unwrap();
    assert_eq!((&next[0], next[3].as_str().unwrap()), (&json!("execution.console"), r#"[["1"],"of b"]"#));
    assert_eq!(sandbox.hear_until("execution.result.b")[1], Value::Null);
    assert_eq!(sandbox.end(), (vec![], 0));
}

#[test]
fn a_served_sandbox_takes_templates_and_a_chai_plugin() {
    let template = "module.exports = {
        initializeExecution: (target, { given }) => ({ request: { target }, response: { given }, message: { n: 1 } }),
        chaiPlugin: (chai) => chai.Assertion.addProperty('odd', function () {
            this.assert(this._obj % 2 === 1, 'expected #{this} to be odd', 'expected #{this} not to be odd');
        }),
    }";
    let mut sandbox = Sandbox::start();
    sandbox.say(json!(["initialize", { "templates": { "grpc": template, "bare": "" } }]));
    assert_eq!(sandbox.hear(), Some(json!(["initialize"])));
    sandbox.execute("a", "");
    assert!(sandbox.hear().unwrap().to_string().contains("template name parameter is missing"));
    sandbox.execute("", "");
    assert!(sandbox.hear().unwrap().to_string().contains("identifier parameter(s) missing"));
    let source = "console.log(JSON.stringify([pm.request, pm.response, pm.message]));
        pm.test('odd', () => pm.message.n = pm.expect(2).to.be.odd)";
    let event = json!({ "listen": "test", "script": { "exec": source } });
    sandbox.say(json!(["execute", "b", event, { "given": 7 }, { "templateName": "grpc" }]));
    let said = sandbox.hear_until("execution.console").to_string();
    assert!(said.contains(r#"{\\\"target\\\":\\\"test\\\"},{\\\"given\\\":7},{\\\"n\\\":1}"#), "{said}");
    let assertion = sandbox.hear_until("execution.assertion.b");
    assert_eq!(assertion[2][0]["error"]["message"], "expected 2 to be odd");
    let result = sandbox.hear_until("execution.result.b");
    assert_eq!((&result[2]["request"], &result[2]["response"]), (&json!({ "target": "test" }), &Value::Null));
    sandbox.say(json!(["initialize", { "chaiPlugin": "throw new RangeError('no plugin')" }]));
    assert_eq!(sandbox.hear().unwrap()[1]["message"], "no plugin");
    assert_eq!(sandbox.end().1, 0);
}

#[test]
fn packages_are_refused_with_advice_and_taken_when_they_are_given() {
    let folder = scratch("script-packages");
    fs::write(
        folder.join("s.js"),
        "for (const name of ['npm:lodash@4.17.21', '@team/tools'])
            try { pm.require(name) } catch (error) { console.log(error.message) }",
    )
    .unwrap();
    let output = postproof().current_dir(&folder).args(["script", "s.js"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    for part in
        ["'npm:lodash@4.17.21' cannot be fetched", "require('lodash')", "'@team/tools'", "put its code into"]
    {
        assert!(said.contains(part), "{said}");
    }
    let mut sandbox = Sandbox::start();
    let event =
        json!({ "listen": "test", "script": { "exec": "console.log(pm.require('npm:x').is(typeof pm))" } });
    let packages =
        json!({ "resolvedPackages": { "npm:x": { "data": "exports.is = (what) => what + typeof pm" } } });
    sandbox.say(json!(["execute", "a", event, {}, packages]));
    assert!(sandbox.hear_until("execution.console").to_string().contains("objectundefined"));
    sandbox.execute("b", "pm.require('npm:x')");
    let error = &sandbox.hear_until("execution.result.b")[1];
    assert_eq!(error["message"], "pm.require is not a function", "as in Postman: nothing was resolved");
    assert_eq!(sandbox.end().1, 0);
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
