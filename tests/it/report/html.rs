//! The HTML page: nothing in it is markup that a server or a collection said, its size is bounded, and a real browser
//! opens it without a word on its console and without a complaint about its accessibility.
//!
//! The browser is Debian's Chromium, driven by Playwright (`npm ci --prefix tests/browser`); left out with a notice where
//! either is missing, unless `POSTPROOF_REQUIRE_BROWSER` is set, as CI does.

use super::stream::{Stream, check, error, evidence};
use super::{render, scratch};
use crate::support::in_repo;
use postproof::event::ErrorInfo;
use postproof::report::CliOptions;
use postproof::verdict::{Level, Verdict};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const HOSTILE: &str = "</pre></script><script>document.title='owned'</script><img src=x onerror=alert(1)>";

/// A run with something of everything.
fn run(executions: u32) -> Vec<postproof::event::RunEvent> {
    let mut run = Stream::new("A run", 1, Some("betterez"));
    run.iteration(0);
    for number in 0..executions {
        let url = format!("http://127.0.0.1:4010/{number}");
        let body =
            format!("{{\"number\": {number}, \"text\": \"{}\"}}", "some text that is said again ".repeat(40));
        run.item(&["Folder"], &format!("request {number}"), 1 + number)
            .answered("GET", &url, 200, body)
            .pass("it works");
        if number % 50 == 7 {
            let diff = postproof::diff::unified("{\n  a: 1,\n  b: 2\n}", "{\n  a: 2,\n  b: 2\n}");
            let told =
                error("AssertionError", "expected { a: 2, b: 2 } to deeply equal { a: 1, b: 2 }", Some(3));
            run.fail("it holds", ErrorInfo { diff: Some(diff), ..told });
        }
        run.end_item();
    }
    run.item(&[], HOSTILE, 9)
        .answered("GET", "http://h/<b>", 200, HOSTILE)
        .fail(HOSTILE, error("Error", HOSTILE, None));
    run.console("log", HOSTILE).end_item().skip_item(&[], "left out", 3, HOSTILE).end_iteration();
    let mut failed = check("rt.rotate", Level::Must, Verdict::Fail, HOSTILE);
    failed.evidence.push(evidence(1, HOSTILE, HOSTILE));
    run.check(failed).check(check("rt.chain", Level::Must, Verdict::Pass, "exercised once"));
    run.finish()
}

fn page(name: &str, executions: u32) -> (std::path::PathBuf, String) {
    let directory = scratch(name);
    let text = render(&directory, "html", CliOptions::default(), &run(executions));
    let path = directory.join("report.html");
    std::fs::write(&path, &text).unwrap();
    (path, text)
}

#[test]
fn nothing_that_was_said_becomes_markup() {
    let (_, text) = page("report-html-hostile", 3);
    assert_eq!(text.matches("<script").count(), 1, "one of our own");
    assert!(!text.contains("<img") && !text.contains("<b>"), "{text}");
    assert!(!text.contains(" style=") && !text.contains(" onclick="), "a strict policy allows neither");
    assert!(text.contains("default-src 'none'"));
    assert!(text.contains("FAIL") && text.contains("request 2") && text.contains("skipped: "));
    // A difference where the values are long enough to need one.
    assert!(page("report-html-diff", 10).1.contains("<span class=\"del\">-  a: 1,</span>"));
}

#[test]
fn ten_thousand_executions_are_a_page_of_bounded_size() {
    let (path, text) = page("report-html-large", 10_000);
    assert!(text.len() < 25_000_000, "{} bytes", text.len());
    assert!(text.contains("executions are shown as a line each"));
    // Those that failed are whole.
    assert_eq!(text.matches("<details class=\"x\" data-outcome=\"failed\"").count(), 201);
    let Some(found) = opened(&path, &[]) else { return };
    assert!(found["load_ms"].as_u64().unwrap() < 20_000, "{found}");
    assert_eq!((&found["all"], &found["failed"]), (&10_002.into(), &201.into()), "{found}");
    assert_eq!(found["said"], serde_json::json!([]), "{found}");
}

#[test]
fn a_browser_has_nothing_to_complain_of() {
    let (path, _) = page("report-html-browser", 60);
    for (options, scheme) in [(&["--axe"][..], "light"), (&["--axe", "--dark"], "dark")] {
        let Some(found) = opened(&path, options) else { return };
        for list in ["said", "asked", "violations"] {
            assert_eq!(found[list], serde_json::json!([]), "{scheme}: {found:#}");
        }
        assert_eq!(found["title"], "FAIL: A run");
        assert_eq!((&found["all"], &found["failed"], &found["searched"]), (&62.into(), &3.into(), &0.into()));
        assert_eq!(found["opened"], 1, "by keyboard: {found:#}");
    }
    let Some(found) = opened(&path, &["--no-js"]) else { return };
    assert_eq!((&found["said"], &found["opened"]), (&serde_json::json!([]), &1.into()), "{found}");
    assert!(found["text"].as_u64().unwrap() > 1_000, "{found}");
}

/// What a browser finds; `None` where there is none.
fn opened(path: &Path, options: &[&str]) -> Option<Value> {
    let script = in_repo("tests/browser/open.mjs");
    let chromium = std::env::var("POSTPROOF_CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let missing = if !Path::new(&chromium).exists() {
        Some(format!("there is no {chromium}"))
    } else if !in_repo("tests/browser/node_modules/playwright-core").exists() {
        Some("npm ci --prefix tests/browser was not run".to_owned())
    } else {
        None
    };
    if let Some(missing) = missing {
        assert!(std::env::var_os("POSTPROOF_REQUIRE_BROWSER").is_none(), "{missing}");
        eprintln!("skipped: {missing}");
        return None;
    }
    let output =
        Command::new("timeout").args(["60", "node"]).arg(script).arg(path).args(options).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    Some(
        serde_json::from_str(&told).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr))),
    )
}
