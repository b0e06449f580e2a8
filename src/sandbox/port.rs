//! The runner's script engine: what it starts and answers becomes messages, messages become what it reads.

use super::handle::Sandbox;
use super::message::{Question, message_name};
use crate::runner::{
    Script, ScriptAssertion, ScriptEngine, ScriptEngineError, ScriptError, ScriptEvent, ScriptMessage,
    ScriptQuestion,
};
use serde::Deserializer;
use serde_json::{Value, json};

/// The file scripts are known by in stacks.
const FILE: &str = "sandbox-script.js:";

/// Bytes of two values from which on their difference is told apart from the message, and up to which it is looked for.
const DIFF_FROM: usize = 40;
const DIFF_UP_TO: usize = 16 * 1024;

/// Names the ping that ends an abortion.
const ABORTED: &str = "aborted";

/// Names the ping that has the engine built.
const READY: &str = "ready";

impl ScriptEngine for Sandbox {
    fn prepare(&mut self) {
        // Any message has the engine built. Where it cannot be, the first script says so.
        let _ = self.send(json!(["ping", READY]).to_string());
    }

    fn start(&mut self, script: Script) -> Result<(), ScriptEngineError> {
        let Script { id, listen, source, context, mut options, timeout } = script;
        if !options.is_object() {
            options = json!({});
        }
        if !options["cursor"].is_object() {
            options["cursor"] = json!({});
        }
        options["cursor"]["execution"] = json!(id);
        options["trace"] = json!(true);
        options["consoleText"] = json!(true);
        options["brief"] = json!(true);
        options["withoutPackages"] = json!(true);
        if let Some(timeout) = timeout {
            options["timeout"] = json!(timeout.as_secs_f64() * 1000.0);
        }
        let event = json!({ "listen": listen, "script": { "exec": source } });
        self.send(json!(["execute", id, event, context, options]).to_string())
    }

    async fn next(&mut self) -> Result<ScriptMessage, ScriptEngineError> {
        loop {
            let message = self.receive().await.ok_or_else(gone)?;
            if let Some(message) = read(&message)? {
                return Ok(message);
            }
        }
    }

    fn answer(&mut self, question: &ScriptQuestion, answer: Vec<Value>) -> Result<(), ScriptEngineError> {
        self.send(Question::answer(&question.kind, &question.id, &question.event, answer))
    }

    async fn abort(&mut self) {
        self.interrupt();
        // What only waits is not interrupted: it ends with the engine's own message to all.
        if self.send(json!(["abort"]).to_string()).is_err()
            || self.send(json!(["ping", ABORTED]).to_string()).is_err()
        {
            return;
        }
        let pong = json!(["pong", ABORTED]).to_string();
        while self.receive().await.is_some_and(|message| message != pong) {}
    }
}

impl Sandbox {
    fn send(&mut self, message: String) -> Result<(), ScriptEngineError> {
        self.post(message).map_err(|error| ScriptEngineError(error.to_string()))
    }
}

fn gone() -> ScriptEngineError {
    ScriptEngineError("it stopped".to_owned())
}

/// What a message means to the runner; `None` for what it was told already, or need not know.
fn read(message: &str) -> Result<Option<ScriptMessage>, ScriptEngineError> {
    let unreadable =
        |error: serde_json::Error| ScriptEngineError(format!("it says what cannot be read: {error}"));
    let name = message_name(message).unwrap_or_default();
    if name == "error" {
        return Err(ScriptEngineError(message.to_owned()));
    }
    // What is said to everybody is said to the one who waits, too.
    let Some(said) = name.strip_prefix("execution.") else { return Ok(None) };
    if let Some(id) = said.strip_prefix("console.text.") {
        let (_, _, level, text): (String, Value, String, String) =
            serde_json::from_str(message).map_err(unreadable)?;
        return Ok(Some(ScriptMessage { id: id.to_owned(), event: ScriptEvent::Console { level, text } }));
    }
    let Some((kind, id)) = said.split_once('.') else { return Ok(None) };
    let id = id.to_owned();
    let event = match kind {
        "assertion" => {
            let (_, _, all): (String, Value, Vec<ScriptAssertion>) =
                serde_json::from_str(message).map_err(unreadable)?;
            ScriptEvent::Assertions(all)
        }
        "error" => {
            let (_, _, error): (String, Value, ScriptError) =
                serde_json::from_str(message).map_err(unreadable)?;
            ScriptEvent::Error(error)
        }
        "secret" => {
            let (_, _, name, value, declared): (String, Value, String, Value, bool) =
                serde_json::from_str(message).map_err(unreadable)?;
            ScriptEvent::Secret { name, value, declared }
        }
        "skipRequest" => ScriptEvent::SkipRequest,
        "result" => {
            let (_, error, execution): (String, Option<ScriptError>, Value) =
                serde_json::from_str(message).map_err(unreadable)?;
            ScriptEvent::Ended { error, execution }
        }
        _ => match Question::read(message) {
            Some(Question { kind, id, event, arguments }) => {
                ScriptEvent::Question(ScriptQuestion { id, kind, event, arguments })
            }
            None => return Ok(None),
        },
    };
    Ok(Some(ScriptMessage { id, event }))
}

impl<'de> serde::Deserialize<'de> for ScriptError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let thrown = <Value as serde::Deserialize>::deserialize(deserializer)?;
        let text = |key: &str| thrown.get(key).and_then(Value::as_str).map(str::to_owned);
        let stack = text("stack");
        let (line, column) = stack.as_deref().map(place_of).unwrap_or_default();
        Ok(Self {
            name: text("name").unwrap_or_default(),
            // Scripts may throw anything: what is no error is its own message.
            message: text("message").unwrap_or_else(|| match &thrown {
                Value::String(text) => text.clone(),
                Value::Object(_) if thrown.get("type") == Some(&json!("Error")) => String::new(),
                other => other.to_string(),
            }),
            line,
            column,
            diff: difference(&thrown),
            stack,
        })
    }
}

/// The difference an assertion speaks of, where its values have several parts or are long.
fn difference(thrown: &Value) -> Option<String> {
    let written = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    };
    let (expected, actual) = (thrown.get("expected")?, thrown.get("actual")?);
    if thrown.get("showDiff") != Some(&json!(true)) {
        return None;
    }
    let (expected, actual) = (written(expected), written(actual));
    let lengths = [expected.len(), actual.len()];
    let told = lengths.iter().sum::<usize>() > DIFF_FROM && lengths.iter().all(|length| *length < DIFF_UP_TO);
    Some(crate::diff::unified(&expected, &actual)).filter(|diff| told && !diff.is_empty())
}

/// Line and column of the innermost frame that is the script's.
fn place_of(stack: &str) -> (Option<u32>, Option<u32>) {
    let Some((_, rest)) = stack.split_once(FILE) else { return (None, None) };
    let mut numbers = rest.split(|c: char| !c.is_ascii_digit());
    let line = numbers.next().and_then(|line| line.parse().ok());
    let column = rest.find(':').and_then(|_| numbers.next()).and_then(|column| column.parse().ok());
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_read_whatever_was_thrown() {
        let cases = [
            (
                r#"{"type":"Error","name":"TypeError","message":"m","stack":"Error: m\n    at f (sandbox-script.js:7:2)"}"#,
                "TypeError",
                "m",
                Some(7),
            ),
            (r#""text""#, "", "text", None),
            (r#"{"a":1}"#, "", r#"{"a":1}"#, None),
            (r#"{"type":"Error","name":"Error"}"#, "Error", "", None),
            ("0", "", "0", None),
        ];
        for (json, name, message, line) in cases {
            let error: ScriptError = serde_json::from_str(json).unwrap();
            assert_eq!(
                (error.name.as_str(), error.message.as_str(), error.line),
                (name, message, line),
                "{json}"
            );
        }
    }
}
