//! Every dynamic variable, in URL, header and body, side by side with newman's.

use crate::newman::newman;
use crate::support::{Routed, libraries_missing, postproof, scratch};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex};

const ITERATIONS: usize = 12;

/// `9` a digit, `h` a lower-case hex digit, `a` a lower-case letter or digit, `*` what `\w` matches. Names that are
/// not here are made by the very code newman has.
const SHAPES: &[(&str, &[&str])] = &[
    ("$guid", &["hhhhhhhh-hhhh-4hhh-hhhh-hhhhhhhhhhhh"]),
    ("$randomUUID", &["hhhhhhhh-hhhh-4hhh-hhhh-hhhhhhhhhhhh"]),
    ("$timestamp", &["9999999999"]),
    ("$isoTimestamp", &["9999-99-99T99:99:99.999Z"]),
    ("$randomInt", &["9", "99", "999", "1000"]),
    ("$randomBoolean", &["true", "false"]),
    ("$randomAlphaNumeric", &["a"]),
    ("$randomHexColor", &["#hhhhhh"]),
    ("$randomIPV6", &["hhhh:hhhh:hhhh:hhhh:hhhh:hhhh:hhhh:hhhh"]),
    ("$randomMACAddress", &["hh:hh:hh:hh:hh:hh"]),
    ("$randomPassword", &["***************"]),
    ("$randomSemver", &["9.9.9"]),
    ("$randomPhoneNumber", &["999-999-9999"]),
    ("$randomPhoneNumberExt", &["9-999-999-9999", "99-999-999-9999"]),
    ("$randomBankAccount", &["99999999"]),
    ("$randomCreditCardMask", &["9999"]),
    ("$randomPrice", &["9.99", "99.99", "999.99", "1000.00"]),
    ("$randomProtocol", &["http", "https"]),
    ("$randomLatitude", &["9.9999", "99.9999", "-9.9999", "-99.9999"]),
    ("$randomLongitude", &["9.9999", "99.9999", "999.9999", "-9.9999", "-99.9999", "-999.9999"]),
];

fn shaped(value: &str, shape: &str) -> bool {
    value.len() == shape.len()
        && value.chars().zip(shape.chars()).all(|(c, s)| match s {
            '9' => c.is_ascii_digit(),
            'h' => c.is_ascii_digit() || ('a'..='f').contains(&c),
            'a' if shape == "a" => c.is_ascii_digit() || c.is_ascii_lowercase(),
            '*' => c.is_ascii_alphanumeric() || c == '_',
            other => c == other,
        })
}

/// Values of each name, in all places.
type Seen = BTreeMap<String, BTreeSet<String>>;

/// Serves whatever comes and keeps `name=value` of body, query and headers.
fn recorder(seen: Arc<Mutex<Seen>>) -> axum::Router {
    axum::Router::new().fallback(move |request: axum::extract::Request| {
        let seen = Arc::clone(&seen);
        async move {
            let (head, body) = request.into_parts();
            let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            let mut seen = seen.lock().unwrap();
            let mut see = |name: &str, value: &str| {
                seen.entry(name.to_owned()).or_default().insert(value.to_owned());
            };
            for pair in String::from_utf8_lossy(&body).split('\u{1f}').filter(|pair| !pair.is_empty()) {
                let (name, value) = pair.split_once('=').unwrap();
                see(name, value);
            }
            for (name, value) in form_urlencoded(head.uri.query().unwrap_or_default()) {
                see(&format!("url {name}"), &value);
            }
            for (name, value) in &head.headers {
                if let Some(number) = name.as_str().strip_prefix("x-dynamic-") {
                    see(&format!("header {number}"), &String::from_utf8_lossy(value.as_bytes()));
                }
            }
        }
    })
}

fn form_urlencoded(query: &str) -> Vec<(String, String)> {
    let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    query.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (plain(k), plain(v))).collect()
}

/// Postman's names, as its own table of them says.
fn names() -> Vec<String> {
    let table = include_str!("../../src/variable/dynamic.rs");
    let is_name = |c: char| c.is_ascii_alphanumeric();
    let all = table.split("#[cfg(test)]").next().unwrap().split('$').skip(1);
    let named = all.map(|rest| rest.split(|c| !is_name(c)).next().unwrap());
    let names: BTreeSet<String> = named
        .filter(|name| *name != "name")
        .map(|name| format!("${name}"))
        .filter(|name| name.len() > 1)
        .collect();
    names.into_iter().filter(|name| postproof::variable::is_dynamic_name(name)).collect()
}

fn collection(names: &[String]) -> Value {
    let body: String = names.iter().map(|name| format!("{name}={{{{{name}}}}}\u{1f}")).collect();
    // Behind a `#` nothing of a URL is sent.
    let query: Vec<Value> = names
        .iter()
        .filter(|name| *name != "$randomHexColor")
        .map(|name| json!({"key": name, "value": format!("{{{{{name}}}}}")}))
        .collect();
    // A header cannot hold several lines, nor signs that are not Latin.
    let several =
        ["$randomLoremParagraphs", "$randomLoremLines", "$randomLoremText", "$randomCurrencySymbol"];
    let headers: Vec<Value> = names
        .iter()
        .filter(|name| !several.contains(&name.as_str()))
        .enumerate()
        .map(
            |(number, name)| json!({"key": format!("X-Dynamic-{number}"), "value": format!("{{{{{name}}}}}")}),
        )
        .collect();
    // The server takes a hundred headers at most.
    let (some, others) = headers.split_at(headers.len() / 2);
    let url = |query: Value| json!({"raw": "", "host": ["{{host}}"], "path": ["x"], "query": query});
    json!({"info": {"name": "dynamic", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "item": [
        {"name": "body", "request": {"method": "POST", "url": url(json!([])), "body": {"mode": "raw", "raw": body}}},
        {"name": "url", "request": {"url": url(query.into())}},
        {"name": "headers", "request": {"url": url(json!([])), "header": some}},
            {"name": "more headers", "request": {"url": url(json!([])), "header": others}},
    ]})
}

fn run(mut command: Command, collection: &std::path::Path) -> Seen {
    let seen = Arc::default();
    let server = Routed::start(recorder(Arc::clone(&seen)));
    let output = command
        .arg("run")
        .arg(collection)
        .args(["-n", &ITERATIONS.to_string(), "--env-var", &format!("host={}", server.base_url)])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    drop(server);
    Arc::into_inner(seen).unwrap().into_inner().unwrap()
}

#[test]
fn every_dynamic_variable_is_made_everywhere_as_newman_makes_it() {
    if libraries_missing() {
        return;
    }
    let names = names();
    assert_eq!(names.len(), 118);
    let file = scratch("dynamic").join("c.json");
    fs::write(&file, serde_json::to_string_pretty(&collection(&names)).unwrap()).unwrap();
    let mut both = vec![("postproof", run(postproof(), &file))];
    both.extend(newman().map(|newman| ("newman", run(newman, &file))));
    for (who, seen) in &both {
        for name in &names {
            let of = |key: &str| seen.get(key).unwrap_or_else(|| panic!("{who} sends no {key}"));
            let mut values: Vec<&String> = of(name).iter().collect();
            if name != "$randomHexColor" {
                values.extend(of(&format!("url {name}")));
            }
            for value in &values {
                assert!(!value.contains("{{"), "{who}, {name}: {value}");
                if let Some((_, shapes)) = SHAPES.iter().find(|(known, _)| known == name) {
                    assert!(
                        shapes.iter().any(|shape| value == shape || shaped(value, shape)),
                        "{who}, {name}: {value}"
                    );
                }
            }
            // Each occurrence is fresh; faker's pictures are one to a subject, and a second lasts.
            let constant = ["$timestamp", "$randomImageUrl"].contains(&name.as_str())
                || (name.ends_with("Image") && name != "$randomAvatarImage");
            let distinct: BTreeSet<_> = values.iter().collect();
            assert!(distinct.len() > 1 || constant, "{who}, {name} is always {distinct:?}");
        }
        let headers = seen.keys().filter(|key| key.starts_with("header ")).count();
        assert_eq!(headers, 114, "{who}: {:?}", seen.keys().collect::<Vec<_>>());
    }
}
