//! What a script says: the messages of Postman's sandbox, read.

use super::Next;
use crate::event::ErrorInfo;
use crate::variable::{Scopes, VariableScope};
use serde_json::Value;

/// A message of the script that is running.
#[derive(Debug)]
pub(super) enum Message {
    Assertions(Vec<Value>),
    Console { level: String, text: String },
    Error(Value),
    SkipRequest,
    /// `pm.sendRequest`.
    Request { event: Value, request: Value },
    /// A call of the cookie store, by tough-cookie's method names.
    Cookies { event: Value, method: String, args: Vec<Value> },
    Vault { event: Value, method: String, args: Vec<Value> },
    /// The end: an error, and what the script leaves behind.
    Done(Option<Value>, Value),
    /// Nothing a run needs.
    Other,
}

impl Message {
    /// Reads a message for the execution `id`.
    pub(super) fn read(message: Vec<Value>, id: &str) -> Self {
        let mut parts = message.into_iter();
        let name = parts.next().map(|name| text(&name)).unwrap_or_default();
        let args: Vec<Value> = parts.collect();
        let arg = |index: usize| args.get(index).cloned().unwrap_or_default();
        let rest = |from: usize| args.iter().skip(from).cloned().collect::<Vec<_>>();
        let own = name.strip_suffix(id).and_then(|name| name.strip_suffix('.'));
        match own.unwrap_or(&name) {
            "execution.assertion" if own.is_some() => match arg(1) {
                Value::Array(assertions) => Self::Assertions(assertions),
                _ => Self::Other,
            },
            "execution.console.text" => Self::Console { level: text(&arg(1)), text: text(&arg(2)) },
            "execution.error" if own.is_some() => Self::Error(arg(1)),
            "execution.skipRequest" if own.is_some() => Self::SkipRequest,
            "execution.request" if own.is_some() => Self::Request { event: arg(2), request: arg(3) },
            "execution.cookies" if own.is_some() => Self::Cookies {
                event: arg(0),
                method: text(&arg(2)),
                args: arg(3).as_array().cloned().unwrap_or_default(),
            },
            "execution.vault" if own.is_some() => {
                Self::Vault { event: arg(0), method: text(&arg(1)), args: rest(2) }
            }
            "execution.result" if own.is_some() => Self::Done(Some(arg(0)).filter(|e| !e.is_null()), arg(1)),
            _ => Self::Other,
        }
    }
}

/// What a script leaves behind.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) error: Option<ErrorInfo>,
    pub(super) next: Option<Next>,
    pub(super) request: Option<Value>,
    execution: Value,
}

impl Done {
    /// From the result message.
    pub(super) fn new(error: Option<ErrorInfo>, execution: &Value) -> Self {
        let next = match execution.pointer("/return/nextRequest") {
            None => None,
            Some(Value::Null) => Some(Next::Nothing),
            Some(other) => Some(Next::Item(text(other))),
        };
        let request = execution.get("request").filter(|request| request.is_object()).cloned();
        Self { error, next, request, execution: execution.clone() }
    }

    /// The script could not be run to its end.
    pub(super) fn failed(name: &str, message: &str) -> Self {
        let error = ErrorInfo { name: name.to_owned(), message: message.to_owned(), location: None };
        Self { error: Some(error), ..Self::default() }
    }

    /// Replays what the script did to variables.
    pub(super) fn apply(&self, scopes: &mut Scopes) {
        for (name, scope) in [
            ("_variables", &mut scopes.local),
            ("environment", &mut scopes.environment),
            ("collectionVariables", &mut scopes.collection),
            ("globals", &mut scopes.globals),
        ] {
            if let Some(mutations) = self.execution.pointer(&format!("/{name}/mutations")) {
                replay(mutations, scope);
            }
        }
    }
}

/// `{stream: [[key, value?, …]], compacted: {key: [key, value?, …]}}`: with a value it was set, without it was unset.
fn replay(mutations: &Value, scope: &mut VariableScope) {
    let stream = mutations.get("stream").and_then(Value::as_array).into_iter().flatten();
    let compacted = mutations.get("compacted").and_then(Value::as_object).into_iter().flat_map(|c| c.values());
    for mutation in stream.chain(compacted).filter_map(Value::as_array) {
        match mutation.as_slice() {
            [Value::String(key)] => scope.unset(key),
            [Value::String(key), value, ..] => scope.set(key.as_str(), value.clone()),
            _ => {}
        }
    }
}

/// An error as the sandbox serialises it.
pub(super) fn error(error: &Value) -> ErrorInfo {
    match error {
        Value::Object(_) => {
            let field = |name: &str| error.get(name).filter(|v| !v.is_null()).map(text).unwrap_or_default();
            let name = Some(field("name")).filter(|name| !name.is_empty()).unwrap_or_else(|| "Error".to_owned());
            ErrorInfo { name, message: field("message"), location: None }
        }
        Value::Null => ErrorInfo { name: "Error".to_owned(), message: "no reason given".to_owned(), location: None },
        other => ErrorInfo { name: "Error".to_owned(), message: text(other), location: None },
    }
}

/// Line and column in the script, from the first frame of the stack that names one.
pub(super) fn position(error: &Value) -> Option<(u32, u32)> {
    let number = |name: &str| error.get(name)?.as_u64().and_then(|n| u32::try_from(n).ok());
    if let Some(line) = number("line").or_else(|| number("lineNumber")) {
        return Some((line, number("column").or_else(|| number("columnNumber")).unwrap_or(1)));
    }
    let stack = error.get("stack").or_else(|| error.get("stacktrace"))?;
    let frame = stack.as_str()?.lines().find(|line| line.contains("sandbox-script"))?;
    let mut numbers = frame.rsplit(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
    let (last, before) = (numbers.next()?, numbers.next());
    Some(before.map_or((last, 1), |line| (line, last)))
}

/// A value as text: strings bare.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn mutations_are_replayed_in_order() {
        let execution = json!({"environment": {"mutations": {
            "stream": [["a", 1], ["b"]], "compacted": {"c": ["c", {"x": 1}, {}], "a": ["a"]}}}});
        let mut scopes = Scopes::default();
        scopes.environment.set("b", "old");
        Done::new(None, &execution).apply(&mut scopes);
        let left: Vec<&str> = scopes.environment.iter().map(|(key, _)| key).collect();
        assert_eq!(left, ["c"]);
    }

    #[test]
    fn next_request_tells_nothing_from_null() {
        let next = |value: Value| Done::new(None, &value).next;
        assert_eq!(next(json!({"return": {}})), None);
        assert_eq!(next(json!({"return": {"nextRequest": null}})), Some(Next::Nothing));
        assert_eq!(next(json!({"return": {"nextRequest": "a"}})), Some(Next::Item("a".to_owned())));
    }

    #[test]
    fn lines_come_from_the_stack() {
        assert_eq!(position(&json!({"stack": "at f (lib.js:1:1)\n    at <anonymous> (sandbox-script.js:12:7)"})), Some((12, 7)));
        assert_eq!(position(&json!({"line": 3})), Some((3, 1)));
        assert_eq!(position(&json!({"message": "x"})), None);
    }
}
