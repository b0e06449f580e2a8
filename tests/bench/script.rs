//! A script's own share: what it costs in a context that has run it before, without a request and without a process.

use crate::{REALISTIC, in_repo};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4 as _;

/// Runs before any is measured, and runs that are.
const WARM_UP: usize = 50;
const MEASURED: usize = 500;

/// A sandbox in a process of its own, spoken to in lines.
struct Sandbox {
    process: Child,
    lines: BufReader<ChildStdout>,
}

impl Sandbox {
    fn start(mut command: Command) -> Self {
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        let mut sandbox = Self { process, lines };
        sandbox.say(&json!(["initialize", {}]));
        sandbox.hear("initialize");
        sandbox
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{message}").unwrap();
    }

    /// Reads up to the message of that name.
    fn hear(&mut self, name: &str) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "the sandbox ended");
            let message: Value = serde_json::from_str(&line).unwrap();
            if message[0] == name {
                return message;
            }
        }
    }

    /// One script, from its message to its result.
    fn execute(&mut self, number: usize) -> Duration {
        let id = format!("execution-{number}");
        let event = json!({"listen": "test", "script": {"exec": REALISTIC}});
        let body = r#"{"error": "Unauthorized"}"#;
        let header = json!([{"key": "Content-Type", "value": "application/json"}]);
        let context = json!({
            "request": {"url": "http://127.0.0.1/accounts/users?a=1", "method": "GET"},
            "response": {"code": 401, "status": "Unauthorized", "header": header, "body": body,
                "stream": {"type": "Buffer", "data": body.as_bytes()}},
            "environment": {"values": [{"key": "seen", "value": 1, "type": "any"}]},
        });
        let message = json!(["execute", id, event, context, {"brief": true}]);
        let started = Instant::now();
        self.say(&message);
        let result = self.hear(&format!("execution.result.{id}"));
        let taken = started.elapsed();
        assert!(result[1].is_null(), "{result}");
        taken
    }
}

/// Median time of the realistic script, and the peak memory of the process.
pub(crate) fn measure(command: Command) -> (Duration, u64) {
    let mut sandbox = Sandbox::start(command);
    let mut times: Vec<_> = (0..WARM_UP + MEASURED).map(|number| sandbox.execute(number)).collect();
    drop(sandbox.process.stdin.take());
    let memory = sandbox.process.wait4().unwrap().rusage.maxrss;
    times.drain(..WARM_UP);
    times.sort();
    (times[MEASURED / 2], memory)
}

/// Postman's own sandbox, where it is installed.
pub(crate) fn postmans() -> Option<Command> {
    in_repo("tests/oracle/node_modules/postman-sandbox").exists().then(|| {
        let mut node = Command::new("node");
        node.arg(in_repo("tests/oracle/run.mjs"));
        node
    })
}
