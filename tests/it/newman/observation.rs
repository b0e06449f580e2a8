//! What a run came to, as lines of text by aspect: from a recording of postproof as `tests/newman/driver.js` tells it
//! of newman, and from the JSON report and the exported files of either.

use super::echo::Seen;
use postproof::event::{AssertionOutcome, EventKind, ItemRef, RunEvent};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Lines by aspect.
pub(crate) type Observation = BTreeMap<String, Vec<String>>;

/// The events of a recording.
pub(crate) fn of_recording(text: &str) -> Observation {
    let mut seen = Observation::new();
    for aspect in ["executions", "requests", "scripts", "assertions", "console"] {
        seen.insert(aspect.to_owned(), Vec::new());
    }
    let mut current: Option<ItemRef> = None;
    for line in text.lines() {
        let event: RunEvent = serde_json::from_str(line).unwrap();
        if let EventKind::ItemStarted { item, .. } = &event.kind {
            current = Some(item.clone());
        }
        let item = current.as_ref().map(|item| item.name.as_str()).unwrap_or_default();
        if let Some((aspect, line)) = told(&event.kind, item) {
            seen.entry(aspect.to_owned()).or_default().push(line);
        }
    }
    settle_console(&mut seen);
    seen
}

/// Leaves out what no script wrote: what a sandbox says of what is deprecated (newman's is of another version), and
/// what newman says of files and auth that it could not use, of which postproof warns in every report.
pub(crate) fn settle_console(seen: &mut Observation) {
    const OWN: [&str; 4] =
        [" is deprecated. Use ", " warn: runtime", " warn: Form param `", " warn: Binary file load"];
    let lines = seen.entry("console".to_owned()).or_default();
    lines.retain(|line| !OWN.iter().any(|own| line.contains(own)));
}

fn told(event: &EventKind, item: &str) -> Option<(&'static str, String)> {
    Some(match event {
        EventKind::ItemStarted { cursor, .. } => ("executions", format!("{} {item}", cursor.iteration)),
        EventKind::ScriptFinished { cursor, listen, error, .. } => {
            let ended = error.as_ref().map(|error| format!("{}: {}", error.name, error.message));
            let ended = ended.unwrap_or_else(|| "ok".to_owned());
            ("scripts", format!("{} {item}: {listen} {ended}", cursor.iteration))
        }
        EventKind::RequestFinished { cursor, exchange, .. } => {
            let request = exchange.request();
            let got = exchange.response().map(|response| response.code.to_string());
            let got = got.unwrap_or_else(|| "no answer".to_owned());
            ("requests", format!("{} {item}: {} {} {got}", cursor.iteration, request.method, request.url))
        }
        EventKind::AssertionFinished { cursor, assertion } => {
            let outcome = match &assertion.outcome {
                AssertionOutcome::Passed => "passed".to_owned(),
                AssertionOutcome::Skipped => "skipped".to_owned(),
                AssertionOutcome::Failed { error } => format!("failed: {}: {}", error.name, error.message),
            };
            let name = Value::from(assertion.name.as_str());
            ("assertions", format!("{} {item}: {} {name} {outcome}", cursor.iteration, assertion.listen))
        }
        EventKind::ConsoleLogged { cursor, level, messages } => {
            ("console", format!("{} {level}: {}", cursor.iteration, messages.join(", ")))
        }
        _ => return None,
    })
}

/// Counts, failures and final variables of a JSON report.
pub(crate) fn add_report(seen: &mut Observation, report: &Value) {
    let stats = report["run"]["stats"].as_object().cloned().unwrap_or_default();
    let counts = stats
        .iter()
        .map(|(name, count)| format!("{name} {} of {} failed", count["failed"], count["total"]))
        .collect();
    seen.insert("stats".to_owned(), counts);
    let failures = report["run"]["failures"].as_array().cloned().unwrap_or_default();
    seen.insert("failures".to_owned(), failures.iter().map(failure).collect());
    // Not the collection's: newman tells them as they began.
    for aspect in ["environment", "globals"] {
        seen.insert(aspect.to_owned(), variables(&report[aspect]["values"]));
    }
}

fn failure(failure: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (at, source) = (text(&failure["at"]), text(&failure["source"]["name"]));
    let error = &failure["error"];
    let told = format!("{}: {}", text(&error["name"]), text(&error["message"]));
    // What a system says of a connection differs; where a script's line is depends on the engine.
    let place = at.split(':').next().unwrap_or_default();
    let never_sent = ["Error: Invalid ", "Error: getaddrinfo ENOTFOUND ", "Error: connect ECONNREFUSED "];
    match place {
        "request" if never_sent.iter().any(|words| told.starts_with(words)) => {
            format!("{at} of {source}: {told}")
        }
        "request" => format!("{at} of {source}"),
        "assertion" => format!("{at} of {source}: {told}"),
        _ => format!("{place} of {source}: {told}"),
    }
}

fn variables(values: &Value) -> Vec<String> {
    let all = values.as_array().cloned().unwrap_or_default();
    // newman's own key, which it leaves behind.
    let own = all.iter().filter(|variable| variable["key"] != "_");
    own.map(|variable| format!("{} = {}", variable["key"].as_str().unwrap_or_default(), variable["value"]))
        .collect()
}

/// What the server saw, one text a request.
pub(crate) fn add_wire(seen: &mut Observation, requests: &[Seen], unordered: bool) {
    let mut texts: Vec<String> = requests.iter().map(wire).collect();
    if unordered {
        texts.sort();
    }
    seen.insert("wire".to_owned(), texts.iter().flat_map(|text| text.lines().map(str::to_owned)).collect());
}

fn wire(request: &Seen) -> String {
    let mut text = format!("{} {}\n", request.method, request.target);
    for (name, value) in &request.headers {
        let value = match name.to_lowercase().as_str() {
            "postman-token" => "<token>",
            // A nonce of the client's, and what is made of it.
            "authorization" if value.starts_with("Digest ") => &without_nonce(value),
            "user-agent" if value.starts_with("PostmanRuntime/") || value.starts_with("postproof/") => {
                "<agent>"
            }
            "authorization" => &settled(value),
            _ => value,
        };
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.push_str(&format!("\n{}\n", super::echo::shown(&request.body)));
    let boundary =
        request.header("content-type").and_then(|kind| kind.split_once("boundary=")).map(|(_, b)| b);
    match boundary {
        Some(boundary) if !boundary.is_empty() => text.replace(boundary, "<boundary>"),
        _ => text,
    }
}

/// A digest without what was made of a random number: a client nonce of eight characters, and the proof.
fn settled(authorization: &str) -> String {
    let field =
        |name: &str| authorization.split_once(name)?.1.split('"').next().filter(|value| !value.is_empty());
    match (field(" cnonce=\""), field(" response=\"")) {
        (Some(nonce), Some(proof)) if nonce.len() == 8 => {
            authorization.replace(nonce, "<nonce>").replace(proof, "<proof>")
        }
        _ => authorization.to_owned(),
    }
}

/// A digest's fields but for `cnonce` and `response`.
fn without_nonce(value: &str) -> String {
    let fields =
        value.split(", ").filter(|field| !field.starts_with("cnonce=") && !field.starts_with("response="));
    fields.collect::<Vec<_>>().join(", ")
}

/// The files a run wrote, JSON without what differs from run to run.
pub(crate) fn add_files(seen: &mut Observation, folder: &Path) {
    let mut lines = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.is_file()) {
        lines.push(format!("== {}", file.file_name().unwrap().to_string_lossy()));
        let text = std::fs::read_to_string(file).unwrap();
        match serde_json::from_str::<Value>(&text) {
            Ok(mut value) => {
                settle(&mut value);
                lines.extend(format!("{value:#}").lines().map(str::to_owned));
            }
            Err(_) => lines.extend(text.lines().map(str::to_owned)),
        }
    }
    seen.insert("files".to_owned(), lines);
}

/// Ids that were made up, times, and who wrote it.
fn settle(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(settle),
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                match name.as_str() {
                    "_lastExecutionId"
                    | "_postman_exported_at"
                    | "_postman_exported_using"
                    | "creation"
                    | "lastAccessed"
                    | "id" => {
                        *value = Value::from("…");
                    }
                    _ => settle(value),
                }
            }
        }
        _ => {}
    }
}

/// Every path of keys in a document, lists without their indices.
pub(crate) fn paths(value: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, at: &str, out: &mut BTreeSet<String>) {
        match value {
            Value::Array(list) => list.iter().for_each(|value| walk(value, &format!("{at}[]"), out)),
            Value::Object(map) => map.iter().for_each(|(name, value)| {
                let path = format!("{at}.{name}");
                out.insert(path.clone());
                walk(value, &path, out);
            }),
            _ => {}
        }
    }
    let mut out = BTreeSet::new();
    walk(value, "", &mut out);
    out
}
