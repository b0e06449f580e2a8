//! A process that speaks the sandbox's line protocol: Postman's own under node, or ours.
#![allow(clippy::unwrap_used, reason = "clippy exempts test functions, not what they call")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// No script of the corpus takes this long; a process that says nothing for it is stuck.
const PATIENCE: Duration = Duration::from_secs(20);

/// An engine: how to start it, and how to be rid of what its context holds.
#[derive(Clone, Copy)]
pub(crate) struct Engine {
    /// The command that speaks the protocol.
    pub(crate) start: fn() -> Command,
    /// Whether another `initialize` gives a fresh context, which is quicker than a new process.
    pub(crate) starts_over: bool,
}

/// One running process, started again when it was lost.
pub(crate) struct Process {
    engine: Engine,
    running: Option<Running>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    lines: Receiver<Value>,
}

impl Process {
    pub(crate) fn new(engine: Engine) -> Self {
        Self { engine, running: None }
    }

    /// Starts over with a fresh context.
    ///
    /// # Errors
    ///
    /// What the process did instead of answering.
    pub(crate) fn initialize(&mut self) -> Result<(), String> {
        if self.running.is_none() || !self.engine.starts_over {
            self.running = Some(Running::start((self.engine.start)()));
        }
        self.send(&json!(["initialize", {}]))?;
        loop {
            // what an earlier script still had to say belongs to nobody
            if self.receive()?[0] == "initialize" {
                return Ok(());
            }
        }
    }

    /// Says one message.
    ///
    /// # Errors
    ///
    /// The process is gone.
    pub(crate) fn send(&mut self, message: &Value) -> Result<(), String> {
        let running = self.running.as_mut().ok_or("the process is gone")?;
        let sent = writeln!(running.input, "{message}").and_then(|()| running.input.flush());
        sent.map_err(|error| {
            self.running = None;
            format!("the process ended: {error}")
        })
    }

    /// Hears one message.
    ///
    /// # Errors
    ///
    /// The process ended, or is stuck (and is ended).
    pub(crate) fn receive(&mut self) -> Result<Value, String> {
        let running = self.running.as_mut().ok_or("the process is gone")?;
        running.lines.recv_timeout(PATIENCE).map_err(|error| {
            self.running = None;
            match error {
                RecvTimeoutError::Timeout => "the process said nothing more".to_owned(),
                RecvTimeoutError::Disconnected => "the process ended".to_owned(),
            }
        })
    }
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let message = serde_json::from_str(&line)
                    .unwrap_or_else(|error| json!(["not JSON", line, error.to_string()]));
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self { child, input, lines }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
