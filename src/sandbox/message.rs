//! The envelope of the protocol: what a message is called, whom it is for.

use serde_json::{Value, json};

/// The name of a message `[name, …arguments]`, without reading its arguments.
pub fn message_name(message: &str) -> Option<String> {
    let rest = message.trim_start().strip_prefix('[')?;
    serde_json::Deserializer::from_str(rest).into_iter().next()?.ok()
}

/// A question a script asks: `execution.<kind>.<id>`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    /// `request`, `cookies`, `vault`, `datasets`, `run_collection_request`.
    pub(super) kind: String,
    /// Execution id.
    pub(super) id: String,
    /// What the answer must name.
    pub(super) event: Value,
    /// What is asked.
    pub(super) arguments: Vec<Value>,
}

impl Question {
    const KINDS: [&str; 5] = ["request", "cookies", "vault", "datasets", "run_collection_request"];

    /// The question a message is, if it is one.
    pub(super) fn read(message: &str) -> Option<Self> {
        let name = message_name(message)?;
        let (kind, id) = name.strip_prefix("execution.")?.split_once('.')?;
        if !Self::KINDS.contains(&kind) {
            return None;
        }
        let arguments: Vec<Value> = serde_json::from_str(message).ok()?;
        // These two say cursor and id before the event; see `ADDRESSED` in js/execution.js.
        let skip = if kind.ends_with("request") { 3 } else { 1 };
        let mut arguments = arguments.into_iter().skip(skip);
        let event = arguments.next()?;
        Some(Self { kind: kind.to_owned(), id: id.to_owned(), event, arguments: arguments.collect() })
    }

    /// The message that answers it: an error or `null`, then what was asked for.
    pub(super) fn answer(kind: &str, id: &str, event: &Value, arguments: Vec<Value>) -> String {
        let name = match kind {
            "request" => "response",
            "run_collection_request" => "run_collection_request_response",
            other => other,
        };
        let mut message = vec![json!(format!("execution.{name}.{id}")), event.clone()];
        message.extend(arguments);
        Value::Array(message).to_string()
    }
}

/// Where a message is a question of a script, the message that answers it with an error: nobody is there to answer.
pub fn refusal(message: &str) -> Option<String> {
    let Question { kind, id, event, .. } = Question::read(message)?;
    let error =
        json!({ "type": "Error", "name": "Error", "message": format!("nobody answers `{kind}` here") });
    Some(Question::answer(&kind, &id, &event, vec![error]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_without_the_rest() {
        assert_eq!(message_name(r#" ["ping", }"#).as_deref(), Some("ping"));
        assert_eq!(message_name(r#"["execution.result.a\"b",1]"#).as_deref(), Some("execution.result.a\"b"));
        assert_eq!(message_name(r#"{"a":1}"#), None);
        assert_eq!(message_name("[1]"), None);
    }

    #[test]
    fn questions_are_refused_under_the_name_their_answer_has() {
        let cases = [
            (r#"["execution.request.a.b",{},"a.b",7,{"url":"u"}]"#, Some("execution.response.a.b")),
            (r#"["execution.cookies.x",7,"store","findCookies",[]]"#, Some("execution.cookies.x")),
            (
                r#"["execution.run_collection_request.x",{},"x",7,"id",{},{}]"#,
                Some("execution.run_collection_request_response.x"),
            ),
            (r#"["execution.console",{},"log"]"#, None),
            (r#"["execution.result.x",null,{}]"#, None),
        ];
        for (message, answered) in cases {
            let refusal = refusal(message);
            assert_eq!(refusal.as_deref().and_then(message_name).as_deref(), answered, "{message}");
            if let Some(refusal) = refusal {
                let refusal: Vec<Value> = serde_json::from_str(&refusal).unwrap();
                assert_eq!(refusal[1], 7, "{message}");
                assert_eq!(refusal[2]["name"], "Error");
            }
        }
    }
}
