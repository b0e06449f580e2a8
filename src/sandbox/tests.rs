//! The engine as its users see it: messages in, messages out.

use super::{Limits, Sandbox};
use crate::runner::{Script, ScriptEngine as _, ScriptEvent, ScriptMessage};
use serde_json::{Value, json};
use std::time::Duration;

const LIMITS: Limits = Limits {
    memory: 24 << 20,
    stack: 1 << 20,
    output: 1 << 20,
    // A busy machine is no reason to fail.
    script: Duration::from_secs(60),
    turn: Duration::from_secs(60),
};

/// Runs one script to its end: every message it caused, the result last.
fn run(sandbox: &mut Sandbox, source: &str, timeout_ms: u64) -> Vec<Value> {
    run_with(sandbox, source, json!({ "timeout": timeout_ms, "trace": true }))
}

fn run_with(sandbox: &mut Sandbox, source: &str, options: Value) -> Vec<Value> {
    let event = json!({ "listen": "test", "script": { "exec": source.lines().collect::<Vec<_>>() } });
    sandbox.post(json!(["execute", "x", event, {}, options]).to_string()).unwrap();
    let mut messages = Vec::new();
    loop {
        let message: Value = serde_json::from_str(&sandbox.receive_blocking().unwrap()).unwrap();
        let last = message[0] == "execution.result.x";
        messages.push(message);
        if last {
            return messages;
        }
    }
}

/// What the script logged, a line a call.
fn logged(messages: &[Value]) -> String {
    let console = messages.iter().filter(|message| message[0] == "execution.console");
    console.map(|message| format!("{}\n", &message[3])).collect()
}

/// `name: message` of every script error.
fn errors(messages: &[Value]) -> Vec<String> {
    let text = |error: &Value| {
        format!("{}: {}", error["name"].as_str().unwrap_or("?"), error["message"].as_str().unwrap_or("?"))
    };
    messages
        .iter()
        .filter(|message| message[0] == "execution.error")
        .map(|message| text(&message[2]))
        .collect()
}

fn assert_alive(sandbox: &mut Sandbox, after: &str) {
    let messages = run(sandbox, "console.log('alive')", 5_000);
    assert_eq!(errors(&messages), [""; 0], "after {after}");
    assert!(logged(&messages).contains("alive"), "after {after}: {messages:?}");
}

#[test]
fn messages_have_postmans_shape() {
    let mut sandbox = Sandbox::new(LIMITS);
    for (message, answer) in [
        (json!(["initialize", {}]), json!(["initialize"])),
        (json!(["ping", "p"]), json!(["pong", "p"])),
        (
            json!(["execute"]),
            json!(["error", { "type": "Error", "name": "Error",
                "message": "sandbox: execution identifier parameter(s) missing" }]),
        ),
    ] {
        sandbox.post(message.to_string()).unwrap();
        let answered: Value = serde_json::from_str(&sandbox.receive_blocking().unwrap()).unwrap();
        assert_eq!(answered, answer);
    }
    let messages = run_with(&mut sandbox, "throw new TypeError('no')", json!({ "cursor": { "ref": "r" } }));
    let error = json!({ "type": "Error", "name": "TypeError", "message": "no" });
    assert_eq!(messages[0], json!(["execution.error.x", { "ref": "r" }, error]));
    assert_eq!(messages[1], json!(["execution.error", { "ref": "r" }, error]));
    assert_eq!(messages[2][1], error);
    assert_eq!(messages[2][2]["target"], "test");
    assert_eq!(messages[2][2]["return"]["async"], false);
    assert_eq!(messages.len(), 3);
}

#[test]
fn messages_that_are_none_are_answered_with_an_error() {
    let mut sandbox = Sandbox::new(LIMITS);
    for message in ["{", "1", "{}", "null"] {
        sandbox.post(message.to_owned()).unwrap();
        let answer = sandbox.receive_blocking().unwrap();
        assert!(answer.starts_with("[\"error\","), "{message}: {answer}");
    }
    assert_alive(&mut sandbox, "messages that are none");
}

#[test]
fn scripts_are_async_functions_over_one_scope() {
    let mut sandbox = Sandbox::new(LIMITS);
    let cases = [
        ("var a = 1; let b = 2; function c() {} d = 3; console.log(a, b, d)", &["1"][..]),
        ("console.log(typeof a + typeof b + typeof c, typeof d)", &["undefinedundefinedundefined"]),
        ("d += 1; return; console.log('unreachable')", &[]),
        ("console.log('d is ' + d)", &["d is 4"]),
        ("console.log('got ' + await new Promise(go => setTimeout(() => go('it'), 1)))", &["got it"]),
        ("\"use strict\"; undeclared = 5; console.log('sloppy')", &["sloppy"]),
        ("console.log(String(this.setTimeout === setTimeout), typeof arguments)", &["true"]),
        ("// a comment to the end", &[]),
        ("setTimeout = 5; pm = 6; console.log('mine: ' + setTimeout + pm)", &["mine: 56"]),
        ("console.log(typeof setTimeout)", &["function"]),
        ("console.log('🦀\\u0000\\ud800'.length + ' units')", &["4 units"]),
    ];
    for (source, expected) in cases {
        let messages = run(&mut sandbox, source, 0);
        assert_eq!(errors(&messages), [""; 0], "{source}");
        let logged = logged(&messages);
        assert!(expected.iter().all(|text| logged.contains(text)), "{source}: {logged}");
        assert!(!expected.is_empty() || logged.is_empty(), "{source}: {logged}");
    }
}

#[test]
fn the_turns_of_the_loop_come_in_nodes_order() {
    let source = "
        setTimeout(() => console.log('e timer'), 0);
        setImmediate(() => { console.log('d immediate'); Promise.resolve().then(() => console.log('d microtask')) });
        queueMicrotask(() => console.log('c microtask'));
        const tick = setInterval(() => { console.log('f interval'); clearInterval(tick) }, 20);
        clearTimeout(setTimeout(() => console.log('never'), 1));
        console.log('a'); await null; console.log('b');";
    let logged = logged(&run(&mut Sandbox::new(LIMITS), source, 0));
    let order = ["a", "c microtask", "b", "d immediate", "d microtask", "e timer", "f interval"];
    let mut rest = logged.as_str();
    for text in order {
        let at = rest.find(text).unwrap_or_else(|| panic!("{text} is missing or early in {logged}"));
        rest = &rest[at + text.len()..];
    }
    assert!(!logged.contains("never"));
}

#[test]
fn every_error_is_told_with_the_line_of_the_script() {
    let mut sandbox = Sandbox::new(LIMITS);
    let cases = [
        ("throw new TypeError('m')", "TypeError: m", 1),
        ("\n\nfoo.bar", "ReferenceError: foo is not defined", 3),
        ("\nvar a = ;", "SyntaxError:", 2),
        ("\n}); evil(", "SyntaxError:", 2),
        ("await null;\n\n\nnull.x", "TypeError:", 4),
        ("setTimeout(() => {\n throw new Error('t') }, 1)", "Error: t", 2),
        ("setImmediate(() => {\n throw new Error('i') })", "Error: i", 2),
        ("Promise.reject(new RangeError('r'))", "RangeError: r", 1),
        ("(async () => {\nthrow new Error('a') })()", "Error: a", 2),
        ("await new Promise(go => setTimeout(go, 1));\nthrow new Error('late')", "Error: late", 2),
    ];
    for (source, expected, line) in cases {
        let messages = run(&mut sandbox, source, 0);
        let told = errors(&messages);
        assert!(told.len() == 1 && told[0].starts_with(expected), "{source}: {told:?}");
        let stack =
            messages.iter().find(|m| m[0] == "execution.error").unwrap()[2]["stack"].as_str().unwrap();
        assert!(stack.contains(&format!("sandbox-script.js:{line}:")), "{source}: {stack}");
        assert!(!stack.contains("postproof/"), "{source}: {stack}");
    }
}

#[test]
fn nothing_thrown_goes_unnoticed() {
    let mut sandbox = Sandbox::new(LIMITS);
    for (source, expected) in [
        ("throw undefined", "the script threw undefined"),
        ("throw null", "the script threw null"),
        ("throw ''", "the script threw ''"),
        ("throw 0", "the script threw 0"),
        ("setTimeout(() => { throw null }, 1)", "the script threw null"),
        ("Promise.reject('why')", "rejected with the reason \"why\""),
        ("Promise.reject()", "rejected with the reason \"undefined\""),
        ("await new Promise(() => {})", "never settles"),
        ("await new Promise(go => setTimeout(go, 1)); await new Promise(() => {})", "never settles"),
        ("setTimeout(() => {}, 5); await new Promise(() => {})", "never settles"),
        ("await import('fs')", ""),
    ] {
        let messages = run(&mut sandbox, source, 0);
        let told = errors(&messages);
        assert!(told.len() == 1 && told[0].contains(expected), "{source}: {told:?}");
    }
    // Caught in time, or by design of nobody's concern.
    for source in
        ["const p = Promise.reject(1); await null; p.catch(() => {})", "Promise.reject(1).catch(() => {})"]
    {
        assert_eq!(errors(&run(&mut sandbox, source, 0)), [""; 0], "{source}");
    }
    let thrown = run(&mut sandbox, "throw 'text'", 0);
    assert_eq!(thrown.last().unwrap()[1], "text");
}

/// Scripts that must be stopped, and what they are told.
const ABUSE: &[(&str, &str)] = &[
    ("for (;;);", "sandbox: synchronous script execution timeout"),
    (
        "for (;;) { try { for (;;); } catch (e) {} finally { continue } }",
        "synchronous script execution timeout",
    ),
    ("(function f() { Promise.resolve().then(f) })()", "synchronous script execution timeout"),
    (
        "for (let i = 0; i < 99; i++) (function f() { Promise.resolve().then(f).then(f) })()",
        "execution timeout",
    ),
    ("(async () => { for (;;) await null })()", "synchronous script execution timeout"),
    ("setTimeout(() => { for (;;); }, 0)", "asynchronous script execution timeout"),
    ("setInterval(() => {}, 1)", "asynchronous script execution timeout"),
    ("await new Promise(go => setTimeout(go, 1e8))", "asynchronous script execution timeout"),
    ("(function f() { setImmediate(f) })()", "script execution timeout"),
    ("for (;;) { try { null.x } catch {} }", "synchronous script execution timeout"),
    ("for (;;) { try { undefined() } catch (e) { e.stack } }", "synchronous script execution timeout"),
    ("({ get a() { for (;;); } }).a", "synchronous script execution timeout"),
    ("throw { toString() { for (;;); }, get name() { for (;;); }, toJSON() { for (;;); } }", "timeout"),
    ("new Proxy({}, { get() { for (;;); } }).a", "synchronous script execution timeout"),
    ("/(a+)+$/.test('a'.repeat(64) + 'b')", "synchronous script execution timeout"),
    ("[1, 2, 3].sort(() => { for (;;); })", "synchronous script execution timeout"),
    ("const a = []; for (;;) a.push(new Array(1000).fill(1))", "out of memory"),
    ("let s = 'x'; for (;;) s += s", ""),
    ("new Uint8Array(1e9)", ""),
    ("'x'.repeat(5e8)", ""),
    (
        "hoard = []; try { for (;;) hoard.push(new Array(1000).fill(1)) } catch (e) { throw new Error('kept') }",
        "kept",
    ),
    ("(function f() { f() })()", "RangeError: Maximum call stack size exceeded"),
    ("let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; JSON.stringify(o)", "stack"),
    ("JSON.parse('['.repeat(1e6))", ""),
    ("for (;;) console.log('x'.repeat(1000))", "wrote more"),
    ("for (;;) console.log()", "wrote more"),
];

#[test]
fn abusive_scripts_fail_within_their_budget_and_leave_the_engine_well() {
    let mut sandbox = Sandbox::new(LIMITS);
    for (source, expected) in ABUSE {
        // Output, memory and the stack have budgets of their own, which the clock must not pre-empt.
        let timeout = if expected.contains("timeout") { 300 } else { 60_000 };
        let told = errors(&run(&mut sandbox, source, timeout));
        assert!(told.iter().any(|error| error.contains(expected)), "{source}: {told:?}");
        assert_alive(&mut sandbox, source);
    }
}

#[test]
fn scripts_that_nobody_limits_are_limited_all_the_same() {
    let short = Limits { script: Duration::from_millis(600), turn: Duration::from_millis(300), ..LIMITS };
    let mut sandbox = Sandbox::new(short);
    for (source, expected) in [
        ("for (;;);", "without a pause"),
        ("(async () => { for (;;) await null })()", "without a pause"),
        ("setTimeout(() => { for (;;); }, 0)", "without a pause"),
        ("setInterval(() => {}, 1)", "more than 0.6 s"),
        ("await new Promise(go => setTimeout(go, 1e8))", "more than 0.6 s"),
    ] {
        let told = errors(&run(&mut sandbox, source, 0));
        assert!(told.iter().any(|error| error.contains(expected)), "{source}: {told:?}");
        assert_alive(&mut sandbox, source);
    }
    // Who asks for more gets it.
    let told = errors(&run(&mut sandbox, "const end = Date.now() + 500; while (Date.now() < end);", 60_000));
    assert_eq!(told, [""; 0]);
}

#[test]
fn a_thousand_abusive_scripts_are_survived() {
    // Most of it is engines rebuilt and budgets used up: several at once take the time of one, and must not meet.
    const ENGINES: usize = 4;
    let soak = |first: usize| {
        let mut sandbox = Sandbox::new(LIMITS);
        for round in (first..1000).step_by(ENGINES) {
            let (source, _) = ABUSE[round % ABUSE.len()];
            let told = errors(&run(&mut sandbox, source, 5));
            assert!(!told.is_empty(), "{source}");
            assert_alive(&mut sandbox, source);
        }
    };
    std::thread::scope(|scope| (0..ENGINES).for_each(|first| drop(scope.spawn(move || soak(first)))));
}

#[test]
fn an_output_budget_is_for_one_script_and_the_result_always_comes() {
    let mut sandbox = Sandbox::new(LIMITS);
    for _ in 0..3 {
        let messages = run(&mut sandbox, "for (let i = 0; i < 600; i++) console.log('x'.repeat(1000))", 0);
        assert_eq!(errors(&messages), [""; 0]);
        assert_eq!(messages.len(), 601);
    }
    let messages = run(&mut sandbox, "console.log('x'.repeat(2e6))", 0);
    assert!(errors(&messages)[0].contains("wrote more"));
    assert!(messages.last().unwrap()[1]["message"].as_str().unwrap().contains("wrote more"));
}

#[test]
fn an_interruption_stops_a_busy_script_and_spares_the_next() {
    let mut sandbox = Sandbox::new(LIMITS);
    let event = json!({ "listen": "test", "script": { "exec": "console.log('begun'); for (;;);" } });
    sandbox.post(json!(["execute", "x", event, {}, {}]).to_string()).unwrap();
    assert!(sandbox.receive_blocking().unwrap().contains("begun"));
    sandbox.interrupt();
    let mut last = String::new();
    while !last.starts_with("[\"execution.result.x\"") {
        last = sandbox.receive_blocking().unwrap();
    }
    assert!(last.contains("aborted"), "{last}");
    sandbox.interrupt();
    assert_alive(&mut sandbox, "an interruption");
}

#[test]
fn the_runner_reads_what_scripts_say_and_can_stop_them() {
    let script = |id: &str, source: &str| Script {
        id: id.into(),
        listen: "test".into(),
        source: source.into(),
        context: json!({}),
        options: json!({ "cursor": { "iteration": 3 } }),
        timeout: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut sandbox = Sandbox::new(LIMITS);
        sandbox
            .start(script("a", "console.warn('w');\nsetTimeout(() => { throw new TypeError('t') }, 1)"))
            .unwrap();
        let mut next = async || sandbox.next().await.unwrap();
        let ScriptMessage { id, event: ScriptEvent::Console { level, text } } = next().await else {
            panic!()
        };
        assert_eq!((id.as_str(), level.as_str(), text.as_str()), ("a", "warn", "w"));
        let ScriptEvent::Error(error) = next().await.event else { panic!() };
        assert_eq!((error.name.as_str(), error.message.as_str(), error.line), ("TypeError", "t", Some(2)));
        let ScriptEvent::Ended { error: None, execution } = next().await.event else { panic!() };
        assert_eq!(execution["cursor"], json!({ "iteration": 3, "execution": "a" }));

        for source in
            ["console.log(1); for (;;);", "console.log(1); await new Promise(go => setTimeout(go, 1e8))"]
        {
            sandbox.start(script("b", source)).unwrap();
            sandbox.next().await.unwrap();
            sandbox.abort().await;
            sandbox.start(script("c", "")).unwrap();
            let ended = sandbox.next().await.unwrap();
            assert!(
                ended.id == "c" && matches!(ended.event, ScriptEvent::Ended { error: None, .. }),
                "{ended:?}"
            );
        }
    });
}

#[test]
fn scripts_reach_nothing_of_the_machine() {
    let mut sandbox = Sandbox::new(LIMITS);
    let absent = "globalThis global window self process fetch WebSocket XMLHttpRequest Headers Request Response \
        performance WebAssembly navigator module exports __dirname host own std os bjson scriptArgs print";
    let source = format!(
        "const here = (function () {{ return this }})(), there = Function('return this')(), seen = [];
        for (const name of '{absent}'.split(/\\s+/)) {{
            if (eval('typeof ' + name) !== 'undefined' || name in here || name in there || name in this) seen.push(name);
        }}
        console.log('seen: [' + seen + ']');
        console.log('fs: ' + JSON.stringify(require('fs')));
        for (const name of ['os', 'child_process', 'node:fs', 'net', 'vm', './main', '../js/main', 'internal/url']) {{
            try {{ if (Object.keys(require(name)).some(key => /spawn|exec|open|connect|env/.test(key))) seen.push(name) }}
            catch (e) {{ if (!/^Cannot (find|load) module/.test(e.message)) throw e }}
        }}
        for (const lure of ['arguments.callee.caller', 'console.log.caller', '(function () {{ return arguments.callee.caller }})()']) {{
            let got; try {{ got = eval(lure) }} catch (e) {{ continue }}
            if (got) seen.push(lure);
        }}
        try {{ Error.prepareStackTrace = (e, frames) => frames }} catch (e) {{}}
        const {{ stack }} = new Error('x');
        console.log('caught: [' + seen + '] ' + typeof stack);
        const escaped = console.log.constructor.constructor('return typeof process + typeof require + typeof host')();
        console.log('escaped: ' + escaped);"
    );
    let messages = run(&mut sandbox, &source, 0);
    assert_eq!(errors(&messages), [""; 0]);
    let logged = logged(&messages);
    for expected in ["seen: []", "fs: {}", "caught: [] string", "escaped: undefinedundefinedundefined"] {
        assert!(logged.contains(expected), "{expected}: {logged}");
    }
    // Another engine knows nothing of this one.
    run(&mut sandbox, "secret = 42", 0);
    let other = self::logged(&run(&mut Sandbox::new(LIMITS), "console.log('secret: ' + typeof secret)", 0));
    assert!(other.contains("secret: undefined"));
}

#[test]
fn several_scripts_can_be_under_way() {
    let mut sandbox = Sandbox::new(LIMITS);
    let event = |source: &str| json!({ "script": { "exec": source } });
    let slow = "over = false; const timer = setInterval(() => { if (over) clearInterval(timer) }, 1)";
    let fast = "setTimeout(() => { setTimeout(() => { over = true }, 1) }, 1)";
    sandbox.post(json!(["execute", "slow", event(slow), {}, {}]).to_string()).unwrap();
    sandbox.post(json!(["execute", "fast", event(fast), {}, {}]).to_string()).unwrap();
    let mut results = Vec::new();
    while results.len() < 2 {
        let message = sandbox.receive_blocking().unwrap();
        results.extend(
            super::message_name(&message).unwrap().strip_prefix("execution.result.").map(str::to_owned),
        );
    }
    assert_eq!(results, ["fast", "slow"]);
}
