//! Schemes that converse: challenge servers written from the standards, and what a run makes of them.

mod digest;
mod ntlm;
mod talker;

use crate::support::{postproof, scratch};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use talker::{Heard, Reply, Talker};

/// Runs a collection and gives the status of every answer, item by item.
fn statuses(folder: &Path, collection: &Value, more: &[&str]) -> Vec<(String, Vec<u64>)> {
    let events = events(folder, collection, more);
    let mut items: Vec<(String, Vec<u64>)> = Vec::new();
    for event in events {
        match event["event"].as_str().or(event["type"].as_str()).unwrap_or_default() {
            kind if kind.eq_ignore_ascii_case("itemStarted") => {
                items.push((event["item"]["name"].as_str().unwrap().to_owned(), Vec::new()));
            }
            kind if kind.eq_ignore_ascii_case("requestFinished") => {
                let calls = event["exchange"]["calls"].as_array().unwrap();
                let code = calls.last().unwrap()["outcome"]["Ok"]["code"].as_u64().unwrap_or(0);
                items.last_mut().unwrap().1.push(code);
            }
            _ => {}
        }
    }
    items
}

fn events(folder: &Path, collection: &Value, more: &[&str]) -> Vec<Value> {
    std::fs::write(folder.join("c.json"), collection.to_string()).unwrap();
    let recording = folder.join("events.ndjson");
    let output = postproof()
        .args(["run", "c.json", "-r", "ndjson,json", "--reporter-json-export", "report.json"])
        .args(["--reporter-ndjson-export", "events.ndjson"])
        .args(more)
        .current_dir(folder)
        .output()
        .unwrap();
    let recorded = std::fs::read_to_string(recording)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    recorded.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn digest_auth(more: &Value) -> Value {
    let mut params = json!({"username": digest::USER.0, "password": digest::USER.1});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"type": "digest", "digest": params})
}

#[test]
fn digest_is_accepted_in_every_variant() {
    let server = digest::Server::default();
    let talker = Talker::start(move |(), request| server.answer(request));
    let mut items = Vec::new();
    let item = |path: String, auth: Value| {
        let request = json!({"method": "POST", "url": format!("{}{path}?q=a b", talker.base_url()), "auth": auth,
            "body": {"mode": "raw", "raw": "{\"é\": 1}"}});
        json!({"name": path, "request": request})
    };
    for algorithm in ["-", "MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"] {
        for qop in ["auth", "auth-int", "auth-int+auth", "-"] {
            if algorithm.ends_with("-sess") && qop == "-" {
                continue;
            }
            items.push(item(format!("/digest/{algorithm}/{qop}/9"), digest_auth(&json!({}))));
        }
    }
    for (path, more) in [
        ("/digest/SHA-256+MD5/auth/9", json!({})),
        ("/digest/SHA-256+MD5/auth/9", json!({"algorithm": "MD5"})),
        ("/digest/SHA-3+MD5/auth/9", json!({})),
        ("/digest/-/auth/9", json!({"algorithm": "SHA-512-256"})),
        ("/digest/SHA-256/auth/9", json!({"algorithm": "MD5"})),
        ("/digest/-/auth+auth-int/9", json!({"qop": "auth-int"})),
    ] {
        items.push(item(path.to_owned(), digest_auth(&more)));
    }
    let collection = json!({"info": {"name": "digest"}, "item": items});
    for (name, codes) in statuses(&scratch("auth-digest"), &collection, &[]) {
        assert_eq!(codes, [401, 200], "{name}");
    }
}

/// One challenge serves a folder until its nonce is worn out; then one more request gets the next.
#[test]
fn digest_challenges_are_kept_and_renewed() {
    let server = digest::Server::default();
    let talker = Talker::start(move |(), request| server.answer(request));
    let item = |n: usize| json!({"name": n.to_string(), "request": format!("{}/digest/-/auth/12?{n}", talker.base_url())});
    let folder = json!({"name": "folder", "auth": digest_auth(&json!({})), "item": (0..9).map(item).collect::<Vec<_>>()});
    let collection = json!({"info": {"name": "digest"}, "item": [folder]});
    let seen = statuses(&scratch("auth-digest-kept"), &collection, &["-n", "2"]);
    let codes: Vec<u64> = seen.into_iter().flat_map(|(_, codes)| codes).collect();
    let expected = [&[401][..], &[200; 12], &[401], &[200; 6]].concat();
    assert_eq!(codes, expected);
}

fn ntlm_collection(base: &str) -> Value {
    let (domain, user, password) = ntlm::ACCOUNT;
    let auth = |params: Value| json!({"type": "ntlm", "ntlm": params});
    let item = |variant: &str, auth: Value| {
        let request = json!({"method": "POST", "url": format!("{base}/ntlm/{variant}"), "auth": auth,
            "body": {"mode": "raw", "raw": "x"}});
        json!({"name": variant, "request": request})
    };
    let plain = json!({"username": user, "password": password, "domain": "dom", "workstation": "w"});
    json!({"info": {"name": "ntlm"}, "item": [
        item("2", auth(plain.clone())),
        item("session", auth(plain.clone())),
        item("1", auth(plain.clone())),
        item("oem", auth(plain)),
        item("2", auth(json!({"username": format!("{domain}\\{user}"), "password": password}))),
    ]})
}

/// The path's last word decides; what a connection has proved holds for it, so each item's begins anew.
fn forgetful(step: &mut (ntlm::Step, String), request: &crate::newman::echo::Seen) -> Reply {
    let (step, before) = step;
    if *before != request.target {
        *step = ntlm::Step::default();
        before.clone_from(&request.target);
    }
    ntlm::answer(step, request)
}

fn legs(heard: &[Heard]) -> Vec<String> {
    let leg = |(_, request): &Heard| match request.header("authorization") {
        None => format!("{} plain", request.target),
        Some(value) if value.starts_with("NTLM TlRMTVNTUAAB") => format!("{} negotiate", request.target),
        Some(value) if value.starts_with("NTLM TlRMTVNTUAAD") => format!("{} prove", request.target),
        Some(value) => format!("{} {value}", request.target),
    };
    heard.iter().map(leg).collect()
}

#[test]
fn ntlm_is_proved_on_one_connection() {
    let talker = Talker::start(forgetful);
    let collection = ntlm_collection(&talker.base_url());
    let folder = scratch("auth-ntlm");
    let seen = statuses(&folder, &collection, &[]);
    for (name, codes) in &seen[..4] {
        assert_eq!(codes, &[401, 401, 200], "{name}");
    }
    assert_eq!(seen[4].1.last(), Some(&200));
    let heard = talker.take();
    assert!(heard.iter().all(|(connection, _)| *connection == heard[0].0), "more than one connection");
    assert!(heard.iter().all(|(_, request)| request.body == b"x"));
    let ours = legs(&heard);

    // newman, against the same server, vouches for it.
    let Some(mut newman) = crate::newman::newman() else { return };
    let status = newman.arg("run").arg(folder.join("c.json")).status().unwrap();
    assert!(status.success());
    assert_eq!(legs(&talker.take()), ours);
}

#[test]
fn ntlm_with_a_wrong_password_is_refused() {
    let talker = Talker::start(forgetful);
    let mut collection = ntlm_collection(&talker.base_url());
    for item in collection["item"].as_array_mut().unwrap() {
        item["request"]["auth"]["ntlm"]["password"] = json!("wrong");
    }
    for (name, codes) in statuses(&scratch("auth-ntlm-wrong"), &collection, &[]) {
        assert_eq!(codes, [401, 401, 403], "{name}");
    }
}

/// Each attempt is a request in the reports; cookies of the challenge go back once.
#[test]
fn replays_count_and_carry_cookies_once() {
    let server = digest::Server::default();
    let talker = Talker::start(move |(), request| {
        let mut reply = server.answer(request);
        reply.headers.push(("Set-Cookie", "a=1; Path=/".to_owned()));
        reply
    });
    let url = format!("{}/digest/-/auth/9", talker.base_url());
    let collection = json!({"info": {"name": "digest"}, "item": [
        {"name": "once", "request": {"url": url, "auth": digest_auth(&json!({}))}},
        {"name": "twice", "request": {"url": url, "auth": digest_auth(&json!({}))}},
    ]});
    let folder = scratch("auth-replays");
    assert_eq!(statuses(&folder, &collection, &[]).len(), 2);
    let report: Value = serde_json::from_slice(&std::fs::read(folder.join("report.json")).unwrap()).unwrap();
    assert_eq!(report["run"]["stats"]["requests"]["total"], 4);
    let cookies: Vec<Vec<String>> = talker
        .take()
        .iter()
        .map(|(_, request)| {
            let cookies = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
            cookies.map(|(_, value)| value.clone()).collect()
        })
        .collect();
    assert_eq!(cookies, [vec![], vec!["a=1".to_owned()], vec!["a=1".to_owned()], vec!["a=1".to_owned()]]);
}

/// What could not be signed is told, and fails a strict run.
#[test]
fn a_request_left_unsigned_is_told_and_fails_a_strict_run() {
    let talker = Talker::start(|(), _: &crate::newman::echo::Seen| Reply::challenge("Basic realm=x"));
    let collection = json!({"info": {"name": "unsigned"}, "item": [
        {"name": "bearer", "request": {"url": talker.base_url(), "auth": {"type": "bearer", "bearer": {"token": ""}}}},
        {"name": "digest", "request": {"url": talker.base_url(), "auth": digest_auth(&json!({}))}},
        {"name": "odd", "request": {"url": talker.base_url(), "auth": {"type": "odd"}}},
    ]});
    let folder = scratch("auth-unsigned");
    std::fs::write(folder.join("c.json"), collection.to_string()).unwrap();
    let run = |more: &[&str]| {
        let mut command: Command = postproof();
        command.args(["run", "c.json", "-r", "cli"]).args(more).current_dir(&folder).output().unwrap()
    };
    let plain = run(&[]);
    assert_eq!(plain.status.code(), Some(0));
    let text = String::from_utf8_lossy(&plain.stdout).into_owned();
    for message in [
        "auth `bearer` has no token",
        "auth `digest` was not applied",
        "auth `odd` is no scheme of Postman's",
    ] {
        assert!(text.contains(message), "{message} is missing:\n{text}");
    }
    assert_eq!(run(&["--strict"]).status.code(), Some(1));
}
