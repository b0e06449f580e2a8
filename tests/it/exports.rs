//! What a run leaves for the next one: environment, globals and collection as they are at its end.

use crate::support::{Routed, postproof, scratch};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn server() -> Routed {
    Routed::start(axum::Router::new().fallback(|| async { "{}" }))
}

fn write(folder: &Path, name: &str, value: &Value) {
    fs::write(folder.join(name), format!("{value:#}")).unwrap();
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn collection(script: &str) -> Value {
    json!({
        "info": {"name": "exports", "_postman_id": "11111111-2222-4333-8444-555555555555"},
        "variable": [{"key": "count", "value": "0", "description": "kept"}, {"key": "gone", "value": "1"}],
        "item": [{"name": "one", "id": "mine", "request": "{{server}}/", "event": [
            {"listen": "test", "script": {"exec": [script]}}]}]
    })
}

fn environment() -> Value {
    json!({
        "id": "4c1a", "name": "dev",
        "values": [
            {"key": "token", "value": "old", "type": "secret", "description": "from login", "enabled": true},
            {"key": "off", "value": "1", "type": "default", "enabled": false},
            {"key": "gone", "value": "1", "enabled": true}
        ],
        "_postman_variable_scope": "environment"
    })
}

#[test]
fn everything_of_the_next_run_is_exported() {
    let (folder, server) = (scratch("exports"), server());
    let script = "pm.environment.set('token', 's3cret-value'); pm.environment.unset('gone'); \
                  pm.environment.set('made', {a: [1]}); pm.globals.set('g', 1); \
                  pm.collectionVariables.set('count', 5); pm.collectionVariables.unset('gone'); \
                  pm.test('fails', () => { throw new Error('no') })";
    write(&folder, "c.json", &collection(script));
    write(&folder, "e.json", &environment());
    fs::create_dir(folder.join("there")).unwrap();
    let output = postproof()
        .current_dir(&folder)
        .args(["run", "c.json", "-e", "e.json", "--global-var", &format!("server={}", server.base_url)])
        .args([
            "--export-environment",
            "new/deep/e.json",
            "--export-globals",
            "there",
            "--export-collection",
            "soon/",
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "a run that fails exports, too");
    let told = String::from_utf8(output.stderr).unwrap();
    let paths = ["new/deep/e.json", "there/globals.json", "soon/collection.json"];
    assert!(paths.iter().all(|path| told.contains(path)), "{told}");

    let mut exported = read(&folder.join(paths[0]));
    for (key, form) in [("_postman_exported_at", "Z"), ("_postman_exported_using", "postproof/")] {
        let told = exported.as_object_mut().unwrap().shift_remove(key).unwrap();
        assert!(told.as_str().unwrap().contains(form), "{key}: {told}");
    }
    assert_eq!(
        exported,
        json!({
            "id": "4c1a", "name": "dev",
            "values": [
                {"key": "token", "value": "s3cret-value", "type": "secret", "description": "from login", "enabled": true},
                {"key": "off", "value": "1", "type": "default", "enabled": false},
                {"key": "made", "value": {"a": [1]}, "enabled": true}
            ],
            "_postman_variable_scope": "environment"
        })
    );
    let globals = read(&folder.join(paths[1]));
    assert_eq!(
        (&globals["name"], &globals["_postman_variable_scope"]),
        (&json!("globals"), &json!("globals"))
    );
    assert_eq!(globals["values"][1], json!({"key": "g", "value": 1, "enabled": true}));
    let exported = read(&folder.join(paths[2]));
    assert_eq!(exported["variable"], json!([{"key": "count", "value": 5, "description": "kept"}]));
    assert_eq!(exported["item"][0]["id"], "mine");

    let again = postproof()
        .current_dir(&folder)
        .args([
            "run",
            paths[2],
            "-e",
            paths[0],
            "-g",
            paths[1],
            "-r",
            "json",
            "--reporter-json-export",
            "r.json",
        ])
        .output()
        .unwrap();
    assert_eq!(again.status.code(), Some(1), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(read(&folder.join("r.json"))["collection"]["info"]["name"], "exports");
}

/// Ctrl-C in the middle of a run.
#[test]
#[cfg(unix)]
fn an_interrupted_run_exports_what_it_came_to() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};
    let (folder, server) = (scratch("exports-interrupted"), server());
    write(&folder, "c.json", &collection("pm.environment.set('ran', true)"));
    let mut child = postproof()
        .current_dir(&folder)
        .args(["run", "c.json", "-n", "1000", "--delay-request", "20", "--export-environment", "e.json"])
        .args(["--env-var", &format!("server={}", server.base_url)])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.by_ref().any(|line| line.unwrap().contains("Iteration 3/")));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    lines.for_each(drop);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(
        read(&folder.join("e.json"))["values"][1],
        json!({"key": "ran", "value": true, "enabled": true})
    );
}

#[test]
fn reports_and_exports_go_into_a_folder_that_is_named() {
    let (folder, server) = (scratch("exports-folder"), server());
    write(&folder, "c.json", &collection(""));
    fs::create_dir(folder.join("out")).unwrap();
    let output = postproof()
        .current_dir(&folder)
        .args(["run", "c.json", "-r", "json,junit", "--reporter-export", "out", "--export-globals", "out"])
        .args(["--reporter-ndjson-export", "new/", "--env-var", &format!("server={}", server.base_url)])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for path in ["out/report.json", "out/junit.xml", "out/globals.json", "new/events.ndjson"] {
        assert!(folder.join(path).is_file(), "{path} is missing");
    }
}

#[test]
fn a_v1_collection_is_exported_as_what_it_was_run_as() {
    let (folder, server) = (scratch("exports-v1"), server());
    let v1 = json!({"id": "c", "name": "old", "order": ["1"], "requests": [{"id": "1", "name": "one", "url": "{{server}}/"}]});
    write(&folder, "old.json", &v1);
    let run = |collection: &str, export: &str| {
        let output = postproof()
            .current_dir(&folder)
            .args([
                "run",
                collection,
                "--env-var",
                &format!("server={}", server.base_url),
                "--export-collection",
                export,
            ])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
        read(&folder.join(export))
    };
    let upgraded = run("old.json", "new.json");
    assert_eq!(upgraded["item"][0]["request"]["url"], "{{server}}/");
    assert_eq!(run("new.json", "newer.json"), upgraded);
}

#[test]
fn cookies_of_one_run_are_those_of_the_next() {
    let folder = scratch("exports-cookies");
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = std::sync::Arc::clone(&seen);
    let answer = move |headers: axum::http::HeaderMap| {
        let cookie = headers.get("cookie").map(|value| value.to_str().unwrap().to_owned());
        log.lock().unwrap().push(cookie);
        async { ([("set-cookie", "sid=9; Path=/; HttpOnly; Max-Age=1000")], "{}") }
    };
    let server = Routed::start(axum::Router::new().fallback(answer));
    write(
        &folder,
        "c.json",
        &json!({"info": {"name": "c"}, "item": [{"name": "one", "request": "{{server}}/a"}]}),
    );
    let base = format!("server={}", server.base_url);
    for args in
        [&["--export-cookie-jar", "jar.json"][..], &["--cookie-jar", "jar.json", "--export-cookie-jar", "."]]
    {
        let output = postproof()
            .current_dir(&folder)
            .args(["run", "c.json", "--env-var", &base])
            .args(args)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }
    assert_eq!(*seen.lock().unwrap(), [None, Some("sid=9".to_owned())]);
    for file in ["jar.json", "cookie-jar.json"] {
        let cookie = &read(&folder.join(file))["cookies"][0];
        assert_eq!(
            [&cookie["key"], &cookie["value"], &cookie["domain"], &cookie["path"]],
            ["sid", "9", "127.0.0.1", "/"]
        );
        assert_eq!([&cookie["httpOnly"], &cookie["hostOnly"]], [true, true]);
    }
}
