//! `postproof script`: one script against a saved request and response, or a sandbox served over JSON lines.

use super::session;
use crate::cli::args::{Listen, ScriptArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::terminal;
use postproof::sandbox::{Limits, Sandbox, message_name, refusal};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::{self, BufRead as _};
use std::{fs, thread};
use tokio::sync::mpsc;

/// Name of the one script's execution.
const ID: &str = "script";

/// Tells that everything sent before it has been looked at.
const LAST_PING: &str = "postproof: end of input";

/// Lines read ahead of the sandbox.
const READ_AHEAD: usize = 16;

/// Runs a script, or serves scripts.
pub(super) fn script(args: &ScriptArgs) -> Result<Exit, Failure> {
    match &args.file {
        Some(file) => run(file, args),
        None => session::runtime()?.block_on(serve()),
    }
}

/// Runs one script; every message it causes is a line on standard output.
fn run(file: &str, args: &ScriptArgs) -> Result<Exit, Failure> {
    let source = read(file)?;
    let context = match &args.context {
        Some(path) => {
            let failure = || Failure::new(Exit::Input, format!("cannot read context `{path}`"));
            serde_json::from_str(&read(path)?).map_err(|error| {
                failure()
                    .cause(error)
                    .hint("a context is an object such as {\"request\": {…}, \"response\": {…}}")
            })?
        }
        None => json!({}),
    };
    let listen = match args.listen {
        Listen::Test => "test",
        Listen::Prerequest => "prerequest",
    };
    let event = json!({ "listen": listen, "script": { "exec": source } });
    let options = json!({
        "cursor": { "execution": ID }, "timeout": args.timeout, "trace": true, "withoutPackages": true,
    });
    let mut sandbox = Sandbox::new(Limits::default());
    post(&mut sandbox, json!(["execute", ID, event, context, options]).to_string())?;

    let mut failed = false;
    while let Some(message) = sandbox.receive_blocking() {
        terminal::out(&format!("{message}\n"));
        let name = message_name(&message).unwrap_or_default();
        if let Some(answer) = refusal(&message) {
            post(&mut sandbox, answer)?;
        }
        failed |= match name.as_str() {
            "execution.error" => true,
            "execution.assertion" => message_fails(&message),
            _ => false,
        };
        if name.starts_with("execution.result.") || name == "error" {
            return Ok(if failed || name == "error" { Exit::Failed } else { Exit::Passed });
        }
    }
    Err(engine_stopped())
}

/// Whether one of the assertions of an `execution.assertion` message failed.
fn message_fails(message: &str) -> bool {
    let Ok(message) = serde_json::from_str::<Value>(message) else { return true };
    let assertions = message.get(2).and_then(Value::as_array);
    assertions.is_none_or(|all| all.iter().any(|one| one["passed"] == false && one["skipped"] != true))
}

/// Lines in, lines out, until the input ends and the scripts it started have ended.
async fn serve() -> Result<Exit, Failure> {
    let mut lines = read_lines();
    let mut sandbox = Sandbox::new(Limits::default());
    // The sandbox exists before the first line: `receive` has something to wait for.
    let mut served = Served::default();
    post(&mut sandbox, json!(["ping", LAST_PING]).to_string())?;
    loop {
        tokio::select! {
            line = lines.recv(), if !served.input_ended => match line {
                Some(line) => served.take(&mut sandbox, line)?,
                None => served.end_input(&mut sandbox)?,
            },
            message = sandbox.receive() => {
                let Some(message) = message else { return Err(engine_stopped()) };
                served.tell(&mut sandbox, &message)?;
                if served.is_over() {
                    return Ok(Exit::Passed);
                }
            }
        }
    }
}

/// What a served sandbox has under way.
#[derive(Default)]
struct Served {
    /// Executions that have no result yet.
    live: HashSet<String>,
    /// Questions of theirs, for when nobody is left to answer.
    questions: Vec<String>,
    input_ended: bool,
    /// Answers to [`LAST_PING`]: the first says the sandbox is up, the second that all input has been looked at.
    pongs: u8,
}

impl Served {
    fn take(&mut self, sandbox: &mut Sandbox, line: String) -> Result<(), Failure> {
        if line.trim().is_empty() {
            return Ok(());
        }
        if let Some(name) = message_name(&line) {
            if name == "execute" {
                let head: Option<(String, String)> = first_two(&line);
                // Without an id it is refused.
                self.live.extend(head.map(|(_, id)| id).filter(|id| !id.is_empty()));
            } else if let Some(id) = name.strip_prefix("execution.abort.") {
                sandbox.interrupt();
                self.live.remove(id);
            }
        }
        post(sandbox, line)
    }

    /// Nobody will answer any more.
    fn end_input(&mut self, sandbox: &mut Sandbox) -> Result<(), Failure> {
        self.input_ended = true;
        for answer in self.questions.drain(..) {
            post(sandbox, answer)?;
        }
        post(sandbox, json!(["ping", LAST_PING]).to_string())
    }

    fn tell(&mut self, sandbox: &mut Sandbox, message: &str) -> Result<(), Failure> {
        let pong = json!(["pong", LAST_PING]).to_string();
        if message == pong {
            self.pongs += 1;
            return Ok(());
        }
        terminal::out(&format!("{message}\n"));
        let name = message_name(message).unwrap_or_default();
        if let Some(id) = name.strip_prefix("execution.result.") {
            self.live.remove(id);
        } else if name == "error" {
            self.forget_refused(message);
        }
        match refusal(message) {
            Some(answer) if self.input_ended => post(sandbox, answer),
            Some(answer) => {
                self.questions.push(answer);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// An execution that was not begun has no result: `["error", why, id]`.
    fn forget_refused(&mut self, message: &str) {
        let refused: Option<(String, Value, String)> = serde_json::from_str(message).ok();
        if let Some((_, _, id)) = refused {
            self.live.remove(&id);
        }
    }

    fn is_over(&self) -> bool {
        self.input_ended && self.pongs > 1 && self.live.is_empty()
    }
}

fn first_two(line: &str) -> Option<(String, String)> {
    let rest = line.trim_start().strip_prefix('[')?;
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<String>();
    let first = values.next()?.ok()?;
    let rest = rest.get(values.byte_offset()..)?.trim_start().strip_prefix(',')?;
    let second = serde_json::Deserializer::from_str(rest).into_iter::<String>().next()?.ok()?;
    Some((first, second))
}

/// Standard input, line by line, from a thread of its own: reading it cannot be interrupted.
fn read_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

fn post(sandbox: &mut Sandbox, message: String) -> Result<(), Failure> {
    sandbox.post(message).map_err(|error| engine_stopped().cause(error))
}

fn engine_stopped() -> Failure {
    Failure::new(Exit::NoWork, "the script engine stopped")
}

fn read(path: &str) -> Result<String, Failure> {
    let failure = |error: &dyn std::fmt::Display| {
        Failure::new(Exit::Input, format!("cannot read `{path}`")).cause(input::io_text(&error.to_string()))
    };
    if path == "-" {
        return io::read_to_string(io::stdin()).map_err(|error| failure(&error));
    }
    fs::read_to_string(path).map_err(|error| failure(&error))
}
