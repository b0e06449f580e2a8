//! What a run of a script let us see, in a form two engines can be compared in.
#![allow(clippy::unwrap_used, reason = "clippy exempts test functions, not what they call")]

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::case::{Case, Part};
use super::process::Process;
use super::world::World;

/// What was seen, by the names of [`FIELDS`].
pub(crate) type Observation = BTreeMap<&'static str, Value>;

/// What is compared. `order` is the sequence of kinds of messages, which shows timing.
pub(crate) const FIELDS: [&str; 12] = [
    "assertions",
    "console",
    "errors",
    "requests",
    "runs",
    "skipped",
    "order",
    "return",
    "variables",
    "request",
    "jar",
    "failure",
];

/// Runs the scripts of a case one after the other in the context the process has.
pub(crate) fn observe(process: &mut Process, case: &Case) -> Vec<Observation> {
    case.parts
        .iter()
        .enumerate()
        .map(|(index, part)| run(process, part, &format!("{}.{index}", case.name)))
        .collect()
}

fn run(process: &mut Process, part: &Part, id: &str) -> Observation {
    let listen = part.directive.listen.as_deref().unwrap_or("test");
    let lines: Vec<&str> = part.source.trim_end().split('\n').collect();
    let event = json!({ "listen": listen, "script": { "exec": lines } });
    let mut options = part.options.clone();
    options["cursor"]["execution"] = json!(id);
    let mut seen = Seen::default();
    let mut world = World::new(&part.directive);
    let mut message = json!(["execute", id, event, part.context, options]);
    loop {
        if let Err(failure) = process.send(&message) {
            seen.failure = Some(failure);
            break;
        }
        match seen.listen(process, id, &mut world) {
            Ok(Some(answer)) => message = answer,
            Ok(None) => break,
            Err(failure) => {
                seen.failure = Some(failure);
                break;
            }
        }
    }
    seen.into_observation(&world, &part.directive.jar)
}

#[derive(Default)]
struct Seen {
    assertions: Vec<Value>,
    console: Vec<Value>,
    errors: Vec<Value>,
    requests: Vec<Value>,
    runs: Vec<Value>,
    skipped: bool,
    order: Vec<&'static str>,
    result: Vec<Value>,
    failure: Option<String>,
}

impl Seen {
    /// Hears messages until one asks for an answer, or the script is over.
    fn listen(
        &mut self,
        process: &mut Process,
        id: &str,
        world: &mut World,
    ) -> Result<Option<Value>, String> {
        loop {
            let Value::Array(message) = process.receive()? else {
                return Err("a message is not an array".to_owned());
            };
            let name = message.first().and_then(Value::as_str).unwrap_or_default().to_owned();
            let at = |index: usize| message.get(index).cloned().unwrap_or(Value::Null);
            if at(1)["execution"].as_str().is_some_and(|execution| execution != id) {
                // an earlier script, over already, still had something to say
                continue;
            }
            match name.strip_suffix(id).unwrap_or(&name) {
                "execution.assertion" => {
                    self.order.push("assertion");
                    self.assertions.extend(at(2).as_array().cloned().unwrap_or_default());
                }
                "execution.console" => {
                    self.order.push("console");
                    self.console.push(json!({ "level": at(2), "args": teleported(&at(3)) }));
                }
                "execution.error" => {
                    self.order.push("error");
                    self.errors.push(at(2));
                }
                "execution.request." => {
                    self.order.push("request");
                    self.requests.push(at(4));
                }
                "execution.run_collection_request." => {
                    self.order.push("run");
                    self.runs.push(json!({ "id": at(4), "options": at(5), "context": at(6) }));
                }
                "execution.skipRequest." => self.skipped = true,
                "execution.result." => {
                    self.result = message;
                    return Ok(None);
                }
                "error" | "not JSON" => return Err(Value::Array(message).to_string()),
                _ => {}
            }
            if let Some(answer) = world.answer(id, &message) {
                return Ok(Some(answer));
            }
        }
    }

    fn into_observation(mut self, world: &World, jar_before: &[Value]) -> Observation {
        let mut execution = self.result.get_mut(2).map_or(Value::Null, Value::take);
        let mut variables = Map::new();
        for scope in ["_variables", "environment", "collectionVariables", "globals"] {
            variables.insert(scope.to_owned(), execution[scope].take());
        }
        let returned = json!({ "error": self.result.get(1), "return": execution["return"].take() });
        let mut jar = Value::Null;
        if world.jar != jar_before {
            jar = world.jar.iter().map(without_dates).collect();
        }
        let fields = [
            ("assertions", self.assertions.into()),
            ("console", self.console.into()),
            ("errors", self.errors.into()),
            ("requests", self.requests.into()),
            ("runs", self.runs.into()),
            ("skipped", self.skipped.into()),
            ("order", self.order.into()),
            ("return", returned),
            ("variables", variables.into()),
            ("request", execution["request"].take()),
            ("jar", jar),
            ("failure", self.failure.into()),
        ];
        // what a script logs, it logs in an order; elsewhere members come as the engine pleases
        fields.into_iter().map(|(name, value)| (name, normal(value, name != "console"))).collect()
    }
}

/// Whether the observation holds anything a script did.
pub(crate) fn shows_something(seen: &Observation) -> bool {
    let listed = ["assertions", "console", "errors", "requests", "runs"];
    listed.iter().any(|field| seen[field].as_array().is_some_and(|list| !list.is_empty()))
        || seen["skipped"] == true
        || !seen["jar"].is_null()
        || seen["variables"].to_string().contains(r#""compacted":{""#)
        || seen["return"]["return"].as_object().is_some_and(|returned| returned.len() > 1)
}

/// The jar notes when a cookie was made; that is no result of the script.
fn without_dates(cookie: &Value) -> Value {
    let mut cookie = cookie.clone();
    if let Some(cookie) = cookie.as_object_mut() {
        cookie.retain(|key, _| !matches!(key.as_str(), "creation" | "creationIndex" | "lastAccessed"));
    }
    cookie
}

/// Takes out what no two runs share: generated ids and stacks.
fn normal(value: Value, sorted: bool) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(|item| normal(item, sorted)).collect(),
        Value::Object(object) => {
            let mut members: Vec<_> = object
                .into_iter()
                .filter(|(key, value)| key != "stack" && !(key == "id" && is_uuid(value)))
                .map(|(key, value)| (key, normal(value, sorted)))
                .collect();
            if sorted {
                members.sort_by(|left, right| left.0.cmp(&right.0));
            }
            Value::Object(members.into_iter().collect())
        }
        // 1 and 1.0 are one number in JavaScript
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 1e15 => json!(float as i64),
            _ => Value::Number(number),
        },
        other => other,
    }
}

fn is_uuid(value: &Value) -> bool {
    value.as_str().is_some_and(|text| uuid::Uuid::try_parse(text).is_ok())
}

/// Decodes the console's own encoding: `[root, value 1, …, references]`, where a string in an object is
/// the index of a value and `_n` that of a reference to what JSON lacks (`u` undefined, `nNaN`, `D…` …).
fn teleported(text: &Value) -> Value {
    let Some(Value::Array(table)) = text.as_str().and_then(|text| serde_json::from_str(text).ok()) else {
        return json!({ "not teleported": text });
    };
    let root = table.first().cloned().unwrap_or_default();
    revived(&root, &table, &mut Vec::new())
}

fn revived(value: &Value, table: &[Value], above: &mut Vec<usize>) -> Value {
    match value {
        Value::Array(list) => list.iter().map(|item| member(item, table, above)).collect(),
        Value::Object(object) => object
            .iter()
            .map(|(key, item)| (key.clone(), member(item, table, above)))
            .collect::<Map<_, _>>()
            .into(),
        plain => plain.clone(),
    }
}

fn member(value: &Value, table: &[Value], above: &mut Vec<usize>) -> Value {
    let Some(text) = value.as_str() else { return revived(value, table, above) };
    if let Some(reference) = text.strip_prefix('_') {
        let reference = reference.parse::<usize>().ok();
        let reference = reference.and_then(|index| table.last()?.get(index)?.as_str()).unwrap_or(text);
        return match reference.split_at_checked(1) {
            Some((kind @ ("M" | "S"), inner)) => json!({ "$": kind, "of": teleported(&json!(inner)) }),
            _ => json!({ "$": reference }),
        };
    }
    let Some((index, target)) =
        text.parse::<usize>().ok().and_then(|index| table.get(index).map(|target| (index, target)))
    else {
        return json!({ "$": "dangling", "index": text });
    };
    if above.contains(&index) {
        return json!({ "$": "cycle" });
    }
    above.push(index);
    let value = revived(target, table, above);
    above.pop();
    value
}
