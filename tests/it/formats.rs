//! No JSON brings the reader of collections and environments down, however little sense it makes.

use crate::support::in_repo;
use postproof::environment::{self, Kind};
use postproof::{collection, plan};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// Mutations of each collection.
const ROUNDS: u32 = 30;

/// Every collection of the repository that is small enough to be mutated often.
fn seeds() -> Vec<(PathBuf, Value)> {
    let mut files: Vec<PathBuf> = Vec::new();
    for area in ["tests/cases/newman/formats", "tests/cases/newman/http"] {
        let cases = fs::read_dir(in_repo(area)).into_iter().flatten();
        files.extend(cases.map(|case| case.unwrap().path().join("collection.json")));
    }
    let run = fs::read_dir(in_repo("tests/cases/run")).unwrap();
    files.extend(run.map(|file| file.unwrap().path()));
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).ok().filter(|text| text.len() < 20_000)?;
        Some((path, serde_json::from_str(&text).unwrap()))
    };
    files.into_iter().filter_map(read).collect()
}

/// Values that stand where others should.
fn odd(rng: &mut StdRng) -> Value {
    let odd = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5),
        json!(1e300),
        json!(""),
        json!("{{x}}"),
        json!("{{"),
        json!("://@:#?&="),
        json!("\u{0}\u{fffd}ä"),
        json!([]),
        json!({}),
        json!([null]),
        json!([[[]]]),
        json!({"key": 5}),
        json!({"item": {}}),
        json!({"listen": {}, "script": []}),
        json!([{"key": {}, "value": []}]),
    ];
    odd[rng.random_range(0..odd.len())].clone()
}

/// Every place in a value.
fn places(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                places(value, format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places(value, format!("{at}/{index}"), out);
            }
        }
        _ => {}
    }
    out.push(at);
}

fn mutate(value: &mut Value, rng: &mut StdRng) {
    let mut all = Vec::new();
    places(value, String::new(), &mut all);
    let pick = |rng: &mut StdRng| all[rng.random_range(0..all.len())].clone();
    let (at, other) = (pick(rng), pick(rng));
    let replacement = match rng.random_range(0..3) {
        0 => value.pointer(&other).cloned().unwrap_or_default(),
        _ => odd(rng),
    };
    if let Some(place) = value.pointer_mut(&at) {
        *place = replacement;
    }
}

/// Reads it all; whatever is refused is refused with a cause and a hint.
fn read(bytes: &[u8]) {
    match collection::parse("c.json", bytes) {
        Ok(collection) => {
            let plan = plan::build(&collection, &plan::PlanOptions::default()).unwrap();
            for planned in &plan.items {
                let _ = planned.request.url.to_string();
                let _ = planned.request.to_json();
            }
            assert!(collection.warnings.iter().all(|warning| !warning.message.is_empty()));
        }
        Err(error) => assert!(!error.cause.is_empty() && error.hint.is_some(), "{error}"),
    }
    for kind in [Kind::Environment, Kind::Globals] {
        if let Err(error) = environment::parse("e.json", bytes, kind) {
            assert!(!error.cause.is_empty() && error.hint.is_some(), "{error}");
        }
    }
}

#[test]
fn mutated_collections_are_read_or_refused() {
    let seeds = seeds();
    assert!(seeds.len() >= 20);
    let mut rng = StdRng::seed_from_u64(4);
    for (path, seed) in seeds {
        for round in 0..ROUNDS {
            let mut value = seed.clone();
            for _ in 0..rng.random_range(1..4) {
                mutate(&mut value, &mut rng);
            }
            let text = value.to_string();
            let outcome = std::panic::catch_unwind(|| read(text.as_bytes()));
            assert!(outcome.is_ok(), "{}, round {round}: {text}", path.display());
        }
    }
}

#[test]
fn mutated_bytes_are_read_or_refused() {
    let mut rng = StdRng::seed_from_u64(5);
    for (path, seed) in seeds() {
        for round in 0..ROUNDS {
            let mut bytes = seed.to_string().into_bytes();
            match rng.random_range(0..4) {
                0 => bytes.truncate(rng.random_range(0..bytes.len())),
                1 => {
                    bytes = seed
                        .to_string()
                        .encode_utf16()
                        .flat_map(u16::to_be_bytes)
                        .skip(rng.random_range(0..3))
                        .collect()
                }
                _ => {
                    for _ in 0..4 {
                        let at = rng.random_range(0..bytes.len());
                        bytes[at] = rng.random();
                    }
                }
            }
            let outcome = std::panic::catch_unwind(|| read(&bytes));
            assert!(
                outcome.is_ok(),
                "{}, round {round}: {:?}",
                path.display(),
                String::from_utf8_lossy(&bytes)
            );
        }
    }
}
