//! Scripts as `postproof run` runs them, end to end.

use crate::newman::echo;
use crate::support::{Routed, postproof, scratch};
use serde_json::{Value, json};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

/// What a run told.
struct Ran {
    exit: i32,
    events: Vec<Value>,
}

impl Ran {
    fn of<'a>(&'a self, event: &'a str) -> impl Iterator<Item = &'a Value> {
        self.events.iter().filter(move |told| told["event"] == event)
    }

    fn console(&self) -> Vec<&str> {
        self.of("consoleLogged").map(|told| told["messages"][0].as_str().unwrap()).collect()
    }

    /// `name: message (line)` of every assertion that failed.
    fn failures(&self) -> Vec<String> {
        let failed = |told: &Value| {
            let assertion = &told["assertion"];
            let error = assertion["outcome"].get("error").or_else(|| assertion.get("error"))?;
            let (message, line) = (error["message"].as_str()?, &error["location"]["line"]);
            Some(format!("{}: {message} ({line})", assertion["name"].as_str()?))
        };
        self.of("assertionFinished").filter_map(failed).collect()
    }
}

/// Runs a collection of these items against an echoing server, which it knows as `{{baseUrl}}`.
fn run(name: &str, collection: &Value, args: &[&str]) -> Ran {
    let echo = Routed::start(echo());
    let folder = scratch(&format!("scripts-{name}"));
    let file = folder.join("c.json");
    fs::write(&file, serde_json::to_string_pretty(collection).unwrap()).unwrap();
    let events = folder.join("events.ndjson");
    let status = postproof()
        .arg("run")
        .arg(&file)
        .args([
            "--env-var",
            &format!("baseUrl={}", echo.base_url),
            "-r",
            "ndjson",
            "--reporter-ndjson-export",
        ])
        .arg(&events)
        .args(args)
        .status()
        .unwrap();
    let events = fs::read_to_string(events).unwrap();
    let events = events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Ran { exit: status.code().unwrap(), events }
}

fn script(listen: &str, source: &str) -> Value {
    json!({"listen": listen, "script": {"exec": source.lines().collect::<Vec<_>>()}})
}

fn item(name: &str, path: &str, events: &[Value]) -> Value {
    json!({"name": name, "request": {"url": format!("{{{{baseUrl}}}}{path}")}, "event": events})
}

/// The line of the file that holds this text.
fn line_of(collection: &Value, text: &str) -> usize {
    let file = serde_json::to_string_pretty(collection).unwrap();
    file.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn a_script_runs_another_request_with_its_scripts() {
    let main = r"pm.environment.set('seen', 'yes');
setTimeout(() => console.log('meanwhile'), 0);
const [first, second] = await Promise.all([
  pm.execution.runRequest('login', { variables: { user: 'ann' } }),
  pm.execution.runRequest('77-11111111-2222-3333-4444-555555555555', { variables: { user: 'bob' } }),
]);
console.log(first.code, first.json().query, second.json().query);
console.log(pm.environment.get('who'), pm.variables.get('user'), pm.variables.get('calls'));
console.log(await pm.execution.runRequest('skipped'));
for (const name of ['nope', 'throws', 'unreachable']) {
  try { await pm.execution.runRequest(name); } catch (error) { console.log(error.message); }
}";
    let login = "pm.test('logged in', () => pm.response.to.have.status(200));
pm.test('as ann', () => pm.expect(pm.variables.get('user')).to.equal('ann'));
pm.environment.set('who', 'of ' + pm.variables.get('user'));
pm.variables.set('calls', (pm.variables.get('calls') ?? 0) + 1);
pm.execution.setNextRequest(null);
console.log(pm.info.requestName, pm.info.iteration, pm.info.iterationCount, pm.execution.location.current);";
    let login = json!({
        "name": "login", "id": "11111111-2222-3333-4444-555555555555",
        "request": {"method": "POST", "url": "{{baseUrl}}/login?u={{user}}&seen={{seen}}"},
        "event": [script("test", login)],
    });
    let items = [
        item("main", "/main?t={{who}}", &[script("prerequest", main)]),
        json!({"name": "F", "item": [
            login,
            item("skipped", "/skipped", &[script("prerequest", "pm.execution.skipRequest()")]),
            item("throws", "/throws", &[script("prerequest", "throw new Error('from below')")]),
            json!({"name": "unreachable", "request": "http://127.0.0.1:1/"}),
        ], "event": [script("test", "console.log(pm.execution.location.current, pm.execution.location.length)")]}),
        item("after", "/after", &[]),
    ];
    let collection = json!({"info": {"name": "C"}, "item": items});
    let ran = run("nested", &collection, &["--folder", "main", "--folder", "after", "-n", "2"]);
    let main: Vec<&str> = ran.console().into_iter().take(12).collect();
    assert_eq!(
        main,
        [
            "F 3",
            "login 0 1 login",
            "F 3",
            "login 0 1 login",
            "meanwhile",
            "200 u=ann&seen=yes u=bob&seen=yes",
            "of bob undefined 1",
            "null",
            "pm.execution.runRequest: no request of this collection has the id or name \"nope\"",
            "from below",
            "could not connect to 127.0.0.1:1: connection refused",
            "F 3",
        ]
    );
    let line = line_of(&collection, "as ann");
    let failure = format!("as ann: expected 'bob' to equal 'ann' ({line})");
    assert_eq!(ran.failures(), [failure.clone(), failure]);
    assert_eq!(ran.exit, 1);
    // Reports show its requests under the item whose script ran it.
    let sent: Vec<String> = ran
        .of("requestStarted")
        .map(|told| {
            let url = told["request"]["url"].as_str().unwrap();
            let path = url.splitn(4, '/').last().unwrap();
            format!("{} {path}", told["cursor"]["position"])
        })
        .collect();
    let once = ["0 login?u=ann&seen=yes", "0 login?u=bob&seen=yes", "0 ", "0 main?t=of bob", "1 after"];
    assert_eq!(sent, [once, once].concat());
}

#[test]
fn the_vault_is_for_requests_and_scripts_and_shows_nowhere() {
    let source = "pm.test('vault', async () => {
  pm.expect(await pm.vault.get('key')).to.equal('s3cr3t-of-vault');
  pm.expect(await pm.vault.get('nope')).to.equal(null);
  await pm.vault.set('made', 'here');
  pm.expect(await pm.vault.get('made')).to.equal('here');
  await pm.vault.unset('made');
  pm.expect(await pm.vault.get('made')).to.equal(null);
  pm.expect(pm.variables.get('key')).to.equal(undefined);
  pm.expect(pm.response.json().query).to.equal('k=s3cr3t-of-vault');
});
pm.test('no cloud', async () => {
  let told; try { await pm.datasets('x').executeView('y'); } catch (error) { told = error.message; }
  pm.expect(told).to.include('cloud');
});
console.log(await pm.vault.get('key'));";
    let file = scratch("scripts-vault-file").join("vault.json");
    fs::write(&file, json!({"values": [{"key": "key", "value": "s3cr3t-of-vault"}]}).to_string()).unwrap();
    let item = item("a", "/a?k={{vault:key}}", &[script("test", source)]);
    let ran =
        run("vault", &json!({"info": {"name": "C"}, "item": [item]}), &["--vault", file.to_str().unwrap()]);
    assert_eq!(ran.failures(), [""; 0]);
    assert_eq!((ran.exit, ran.of("assertionFinished").count()), (0, 2));
    let told = serde_json::to_string(&ran.events[1..]).unwrap();
    assert!(!told.contains("s3cr3t-of-vault"), "{told}");
}

#[test]
fn a_package_is_refused_with_advice() {
    let source = "pm.test('package', () => pm.require('npm:lodash@4'))";
    let collection =
        json!({"info": {"name": "C"}, "item": [item("a", "/a", &[script("prerequest", source)])]});
    let ran = run("package", &collection, &[]);
    let failures = ran.failures();
    assert!(failures[0].contains("'npm:lodash@4' cannot be fetched"), "{failures:?}");
    assert!(failures[0].contains("require('lodash') gives the one that is built in"), "{failures:?}");
    assert_eq!(ran.exit, 1);
}

#[test]
fn requests_that_run_each_other_stop_at_a_depth() {
    let source = "console.log('down');\nawait pm.execution.runRequest('a')";
    let collection =
        json!({"info": {"name": "C"}, "item": [item("a", "/a", &[script("prerequest", source)])]});
    let ran = run("depth", &collection, &[]);
    assert_eq!(ran.console().len(), 11);
    assert_eq!(ran.exit, 1);
    let failed = ran.of("scriptFinished").next().unwrap();
    assert_eq!(failed["error"]["message"], "Max pm.execution.runRequest depth of 10 has been reached.");
    assert_eq!(ran.of("requestFinished").count(), 1, "the item's own request is still sent");
}

#[test]
fn an_abusive_script_fails_and_nothing_else_changes() {
    let abuse = [
        "for (;;);",
        "for (;;) { try { for (;;); } catch {} finally { continue } }",
        "for (;;) { try { null.x } catch {} }",
        "(function f() { Promise.resolve().then(f) })()",
        "setTimeout(() => { for (;;); }, 0)",
        "({ get a() { for (;;); } }).a",
        "/(a+)+$/.test('a'.repeat(64) + 'b')",
        "await new Promise(() => setInterval(() => {}, 1))",
        "(function f() { f() })()",
        "const a = []; for (;;) a.push(new Array(1e5).fill(1))",
        "while (1) console.log('x'.repeat(1e5))",
    ];
    let items: Vec<Value> = abuse
        .iter()
        .enumerate()
        .map(|(n, source)| {
            let well = "pm.test('well', () => pm.expect(pm.variables.get('kept')).to.equal('kept'))";
            let name = format!("abuse {n}");
            item(&name, "/a", &[script("prerequest", source), script("test", well)])
        })
        .collect();
    let set = script("prerequest", "pm.variables.set('kept', 'kept')");
    let collection = json!({"info": {"name": "C"}, "item": [
        item("first", "/first", &[set]), {"name": "F", "item": items},
    ]});
    let ran = run("abuse", &collection, &["--timeout-script", "700"]);
    let errors: Vec<&Value> = ran
        .of("scriptFinished")
        .filter_map(|told| told.get("error").filter(|error| !error.is_null()))
        .collect();
    assert_eq!(errors.len(), abuse.len(), "{errors:?}");
    assert!(errors.iter().all(|error| !error["message"].as_str().unwrap().is_empty()));
    assert_eq!((ran.exit, ran.failures()), (1, vec![]));
    assert_eq!(ran.of("assertionFinished").count(), abuse.len());
    assert_eq!(ran.of("requestFinished").count(), abuse.len() + 1);
}

#[test]
fn a_script_reaches_no_file_no_socket_no_environment_and_no_other_run() {
    let source = "const tries = ['process.env', 'globalThis.process', 'require(\"child_process\")', 'require(\"net\")',
  'require(\"fs\").readFileSync(\"/etc/hosts\")', 'fetch(\"http://127.0.0.1\")', 'new WebSocket(\"ws://127.0.0.1\")',
  'import(\"fs\")', 'import(\"/etc/hosts\")', 'std.open(\"/etc/hosts\")', 'new Function(\"return process\")()',
  'new Function(\"return host\")()', '(0, eval)(\"host\")', 'own(\"./main\")', 'previous'];
for (const code of tries) {
  let got;
  try { got = await eval(code); } catch { continue; }
  pm.test(code, () => pm.expect.fail(`reached ${typeof got}`));
}
pm.test('the environment', () => pm.expect(require('_process').env).to.eql({}));
previous = 'of this run';";
    let collection =
        json!({"info": {"name": "C"}, "item": [item("a", "/a", &[script("prerequest", source)])]});
    for run_number in 0..2 {
        let ran = run(&format!("isolation-{run_number}"), &collection, &[]);
        assert_eq!(ran.failures(), [""; 0]);
        assert_eq!((ran.exit, ran.of("assertionFinished").count()), (0, 1));
    }
}

#[test]
fn failures_without_a_frame_are_where_their_test_is() {
    let source = "pm.test('never', (done) => {});

pm.test('rejected', async () => { throw 'no error'; });
pm.test('thrown', () => {
  throw 'no error';
});
pm.test('no function', 5);
setTimeout(() => {
  pm.test('later', (done) => done('said'));
}, 1);
pm.test('sent', async () => {
  await pm.sendRequest('http://127.0.0.1:1/');
});";
    let collection = json!({"info": {"name": "C"}, "item": [item("a", "/a", &[script("test", source)])]});
    let at = |text: &str| line_of(&collection, text);
    let ran = run("places", &collection, &[]);
    let mut failures = ran.failures();
    failures.sort();
    let refused =
        r#"{"errno":-111,"code":"ECONNREFUSED","syscall":"connect","address":"127.0.0.1","port":1}"#;
    assert_eq!(
        failures,
        [
            format!("later: said ({})", at("'later'")),
            format!("never: the test never called done() before the script ended ({})", at("'never'")),
            format!(
                "no function: pm.test expects a function, but 5 is not a function ({})",
                at("no function")
            ),
            format!("rejected: no error ({})", at("'rejected'")),
            format!("sent: {refused} ({})", at("'sent'")),
            format!("thrown: no error ({})", at("'thrown'")),
        ]
    );
}

#[test]
fn a_request_that_failed_still_has_its_words() {
    let source = "pm.sendRequest('http://127.0.0.1:1/', (error) => pm.test('words', () => {
  pm.expect(Object.keys(error).join()).to.equal('errno,code,syscall,address,port');
  pm.expect(`${error.name}: ${error.message}`).to.equal('Error: could not connect to 127.0.0.1:1: connection refused');
}));";
    let collection = json!({"info": {"name": "C"}, "item": [item("a", "/a", &[script("test", source)])]});
    let ran = run("words", &collection, &[]);
    assert_eq!(ran.failures(), [""; 0]);
    assert_eq!(ran.of("assertionFinished").count(), 1);
}

#[test]
fn a_script_may_send_more_at_once_than_a_process_may_have_connections() {
    let (under_way, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let slow = Routed::start(axum::Router::new().fallback(move || {
        let (under_way, most) = (Arc::clone(&under_way), Arc::clone(&most));
        async move {
            most.fetch_max(under_way.fetch_add(1, SeqCst) + 1, SeqCst);
            tokio::time::sleep(Duration::from_millis(30)).await;
            under_way.fetch_sub(1, SeqCst);
        }
    }));
    // The request that the script runs finds room, too.
    let source = "let told = 0;
for (let i = 0; i < 500; i += 1) {
  pm.sendRequest(pm.variables.get('slow'), (error) => {
    told += error ? 0 : 1;
    if (told === 500) pm.test('all', () => {});
  });
}
await pm.execution.runRequest('b');
pm.test('run', () => {});";
    let items = [item("a", "/a", &[script("test", source)]), item("b", "/b", &[])];
    let collection = json!({"info": {"name": "C"}, "item": items});
    let slow = format!("slow={}", slow.base_url);
    let ran = run("at-once", &collection, &["--env-var", &slow, "--timeout", "30000", "--folder", "a"]);
    assert_eq!((ran.exit, ran.of("assertionFinished").count()), (0, 2));
    let most = seen.load(SeqCst);
    assert!(most > 20 && most <= 192, "{most} at once");
}
