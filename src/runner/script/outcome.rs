//! What a script leaves behind: Postman's execution object, read.

use super::{Mutations, Next};
use crate::event::{ErrorInfo, Secret};
use crate::redact::is_secret;
use crate::runner::ScriptEngineError;
use crate::variable::{Scopes, VariableScope};
use serde_json::Value;

/// What a script leaves behind.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) error: Option<ErrorInfo>,
    pub(super) next: Option<Next>,
    pub(super) request: Option<Value>,
    execution: Value,
}

impl Done {
    /// From the message that says the script has ended.
    pub(super) fn new(error: Option<ErrorInfo>, execution: Value) -> Self {
        let next = match execution.pointer("/return/nextRequest") {
            None => None,
            Some(Value::Null) => Some(Next::Nothing),
            Some(other) => Some(Next::Item(text(other))),
        };
        let request = execution.get("request").filter(|request| request.is_object()).cloned();
        Self { error, next, request, execution }
    }

    /// The script could not be run to its end.
    pub(super) fn failed(error: &ScriptEngineError) -> Self {
        let error = ErrorInfo::new("ScriptEngineError", error.to_string());
        Self { error: Some(error), ..Self::default() }
    }

    /// Adds what the script did to variables, scope by scope.
    pub(super) fn add_mutations(&self, to: &mut Mutations) {
        for name in ["_variables", "environment", "collectionVariables", "globals"] {
            let Some(mutations) = self.mutations(name) else { continue };
            if let Value::Array(list) = to.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
                list.push(mutations.clone());
            }
        }
    }

    fn mutations(&self, scope: &str) -> Option<&Value> {
        self.execution.get(scope)?.get("mutations")
    }

    /// Replays what the script did to variables; gives the secrets among what it set.
    pub(super) fn apply(&self, scopes: &mut Scopes) -> Vec<Secret> {
        let mut secrets = Vec::new();
        for (name, scope) in [
            ("_variables", &mut scopes.local),
            ("environment", &mut scopes.environment),
            ("collectionVariables", &mut scopes.collection),
            ("globals", &mut scopes.globals),
        ] {
            if let Some(mutations) = self.mutations(name) {
                replay(mutations, scope, &mut secrets);
            }
        }
        secrets
    }
}

/// `{stream: [[key, value?, {secret}?]], compacted: {key: the same}}`: with a value it was set, without it was unset.
fn replay(mutations: &Value, scope: &mut VariableScope, secrets: &mut Vec<Secret>) {
    let stream = mutations.get("stream").and_then(Value::as_array).into_iter().flatten();
    let compacted =
        mutations.get("compacted").and_then(Value::as_object).into_iter().flat_map(|c| c.values());
    for mutation in stream.chain(compacted).filter_map(Value::as_array) {
        match mutation.as_slice() {
            [Value::Null, ..] | [] => {}
            [key] => scope.unset(&text(key)),
            [key, value, rest @ ..] => {
                let key = text(key);
                scope.set(key.as_str(), value.clone());
                let declared = rest.first().is_some_and(|meta| meta["secret"] == true);
                if declared || scope.variable(&key).is_some_and(|variable| is_secret(&key, variable)) {
                    secrets.extend(Secret::all_in(&key, value));
                }
            }
        }
    }
}

/// A value as text: strings bare.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variable::Variable;
    use serde_json::json;

    #[test]
    fn mutations_are_replayed_in_order() {
        let execution = json!({"environment": {"mutations": {
            "stream": [["a", 1], [5, "x"], [null, 1], ["b"]], "compacted": {"c": ["c", {"x": 1}, {}], "a": ["a"]}}}});
        let mut scopes = Scopes::default();
        scopes.environment.set("b", "old");
        assert_eq!(Done::new(None, execution).apply(&mut scopes), []);
        let left: Vec<&str> = scopes.environment.iter().map(|(key, _)| key).collect();
        assert_eq!(left, ["5", "c"]);
    }

    #[test]
    fn secrets_are_known_by_name_by_type_and_by_declaration() {
        let execution = json!({
            "environment": {"mutations": {"compacted": {
                "password": ["password", "by name", {}], "plain": ["plain", "open", {}],
                "typed": ["typed", {"a": "by type"}, {}], "token": ["token"],
            }}},
            "_variables": {"mutations": {"stream": [["said", "by declaration", {"secret": true}]]}},
        });
        let mut scopes = Scopes::default();
        let typed = Variable { kind: Some("secret".to_owned()), ..Variable::new("") };
        scopes.environment.declare("typed", typed);
        let secrets = Done::new(None, execution).apply(&mut scopes);
        let told: Vec<_> = secrets.iter().map(|s| (s.name.as_str(), s.value.as_str())).collect();
        assert_eq!(told, [("said", "by declaration"), ("password", "by name"), ("typed", "by type")]);
    }

    #[test]
    fn next_request_tells_nothing_from_null() {
        let next = |value: Value| Done::new(None, value).next;
        assert_eq!(next(json!({"return": {}})), None);
        assert_eq!(next(json!({"return": {"nextRequest": null}})), Some(Next::Nothing));
        assert_eq!(next(json!({"return": {"nextRequest": "a"}})), Some(Next::Item("a".to_owned())));
    }
}
