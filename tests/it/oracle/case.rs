//! A case of the corpus: one file, one or more scripts run in order in one context.
//!
//! A script may start with `/* oracle { … } */`, a [`Directive`] in JSON. A line of `//---` starts the
//! next script; it inherits what the one before was given, and shares its global scope.
#![allow(clippy::unwrap_used, reason = "clippy exempts test functions, not what they call")]

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::support::in_repo;

/// What a script runs against and what the world answers.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Directive {
    /// `test` unless said otherwise.
    pub(crate) listen: Option<String>,
    /// The file of `tests/oracle/contexts` the context starts from; `default` unless said otherwise.
    base: Option<String>,
    /// Replaces members of the context, member by member; null removes one.
    context: Map<String, Value>,
    /// Replaces members of the response alone.
    response: Map<String, Value>,
    /// Replaces members of the execution's options.
    options: Map<String, Value>,
    /// Answers to requests, by `METHOD url`; an array answers one request after the other.
    pub(crate) requests: Map<String, Value>,
    /// Cookies the jar starts with.
    pub(crate) jar: Vec<Value>,
    /// Every cookie operation fails with this message.
    pub(crate) jar_error: Option<String>,
    /// The case leaves something behind that others would trip over: it gets a context of its own.
    alone: bool,
    /// Secrets of the vault.
    pub(crate) vault: Map<String, Value>,
    /// Answers to `pm.execution.runRequest`, by request id.
    pub(crate) runs: Map<String, Value>,
}

/// One script and all it needs.
pub(crate) struct Part {
    pub(crate) source: String,
    pub(crate) directive: Directive,
    /// The third and fourth argument of `execute`.
    pub(crate) context: Value,
    pub(crate) options: Value,
}

/// One file of the corpus.
pub(crate) struct Case {
    /// `area/name`.
    pub(crate) name: String,
    pub(crate) parts: Vec<Part>,
}

impl Case {
    /// The folder, whose cases share a context.
    pub(crate) fn area(&self) -> &str {
        self.name.rsplit_once('/').map_or("", |(area, _)| area)
    }

    /// Whether it wants a context of its own.
    pub(crate) fn alone(&self) -> bool {
        self.parts.iter().any(|part| part.directive.alone)
    }
}

/// Every case, in order of its name.
pub(crate) fn corpus() -> Vec<Case> {
    let root = in_repo("tests/oracle/corpus");
    let mut cases: Vec<Case> = files(&root)
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().with_extension("");
            let name = name.to_str().unwrap().replace('\\', "/");
            Case { parts: parts(&name, &fs::read_to_string(path).unwrap()), name }
        })
        .collect();
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    cases
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "js") {
            found.push(path);
        }
    }
    found
}

fn parts(case: &str, text: &str) -> Vec<Part> {
    let mut directive = Directive::default();
    let mut parts = Vec::new();
    for script in text.split("\n//---\n") {
        let mut source = script;
        if let Some(rest) = script.strip_prefix("/* oracle") {
            let (head, body) =
                rest.split_once("*/").unwrap_or_else(|| panic!("{case}: the directive has no end"));
            directive = serde_json::from_str(head).unwrap_or_else(|error| panic!("{case}: {error}"));
            source = body.trim_start_matches('\n');
        }
        parts.push(part(case, source, directive.clone()));
    }
    parts
}

fn part(case: &str, source: &str, directive: Directive) -> Part {
    let base = directive.base.as_deref().unwrap_or("default");
    let path = in_repo("tests/oracle/contexts").join(format!("{base}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{case}: {base}: {error}"));
    let mut base: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{case}: {error}"));
    let (mut context, mut options) = (base["context"].take(), base["options"].take());
    if directive.listen.as_deref() == Some("prerequest") {
        context.as_object_mut().unwrap().remove("response");
    }
    merge(&mut context, &directive.context);
    if !directive.response.is_empty() {
        merge(&mut context["response"], &directive.response);
    }
    if let Some(response) = context.get_mut("response") {
        into_stream(response);
    }
    merge(&mut options, &directive.options);
    Part { source: source.to_owned(), directive, context, options }
}

fn merge(target: &mut Value, with: &Map<String, Value>) {
    if target.is_null() {
        *target = json!({});
    }
    for (key, value) in with {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(key);
        } else {
            target[key] = value.clone();
        }
    }
}

/// A `body` as people write it (text, or JSON as JSON) becomes the `stream` the runner sends.
pub(crate) fn into_stream(response: &mut Value) {
    let Some(body) = response.as_object_mut().and_then(|response| response.remove("body")) else {
        return;
    };
    let text = match body {
        Value::String(text) => text,
        other => other.to_string(),
    };
    response["stream"] = json!({ "type": "Buffer", "data": text.into_bytes() });
}
