//! No false green: what newman hides is visible in every report (`postman-compat.md` §2.2, §6.3).

use super::stream::{Stream, check, error};
use super::{junit, render, scratch};
use postproof::diagnostic::{Warning, WarningCode};
use postproof::event::{EventKind, RunEvent};
use postproof::report::CliOptions;
use postproof::verdict::{Level, Verdict};
use serde_json::Value;

/// What goes wrong; which output of newman hides it; a run in which nothing else goes wrong.
type Row = (&'static str, &'static str, fn(&mut Stream));

/// A failing test's error.
fn no() -> postproof::event::ErrorInfo {
    error("AssertionError", "expected 1 to equal 2", None)
}

const URL: &str = "http://127.0.0.1:4010/x";

const RED: &[Row] = &[
    ("a later iteration passes the same test", "junit deletes the failure (#2197)", |run| {
        run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "").fail("t", no()).end_item();
        run.end_iteration().iteration(1);
        run.item(&[], "a", 1).answered("GET", URL, 200, "").pass("t").end_item().end_iteration();
    }),
    ("a test of the same name passes after it", "junit collapses the two", |run| {
        run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "");
        run.fail("t", no()).pass("t").end_item().end_iteration();
    }),
    ("a script error", "junit has no testcase (#2075, #1582)", |run| {
        run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "");
        run.script("test", Some(error("TypeError", "x", None))).end_item().end_iteration();
    }),
    ("a request error", "junit has no testcase, json no message", |run| {
        run.iteration(0).item(&[], "a", 1).refused("GET", URL).end_item().end_iteration();
    }),
    ("a control character in a test's name", "junit crashes, no report at all", |run| {
        run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "");
        run.fail("t\u{1}", error("AssertionError", "\u{1}\u{ffff}", None)).end_item().end_iteration();
    }),
    ("an asynchronous test that never settles", "the assertion vanishes from all", |run| {
        run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "");
        run.fail("t", error("Error", "`done` was never called", None)).end_item().end_iteration();
    }),
    ("an error thrown in a timer", "ignored by all, exit 0", |run| {
        run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "");
        run.exception(error("Error", "thrown in a timer", None)).end_item().end_iteration();
    }),
    ("a thrown value that is no Error", "cli prints `undefined`", |run| {
        run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "");
        run.fail("", error("", "", None)).end_item().end_iteration();
    }),
    ("a request of a script fails after the item's own was answered", "json overwrites it (#1882)", |run| {
        run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "").refused("GET", URL).pass("t");
        run.end_item().end_iteration();
    }),
    ("a check fails while every assertion passes", "newman has no checks", |run| {
        run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "").pass("t").end_item();
        run.end_iteration().check(check("rt.rotate", Level::Must, Verdict::Fail, "it did not rotate"));
    }),
    ("a check could not be judged for an error", "newman has no checks", |run| {
        run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "").pass("t").end_item();
        run.end_iteration().check(check("rt.rotate", Level::Must, Verdict::Error, "no response"));
    }),
    ("an empty collection", "runs 0 requests, exit 0", |_| {}),
];

/// The reports of one run, as far as colour goes.
struct Colours {
    cli: String,
    junit: junit::Document,
    json: Value,
    html: String,
}

fn colours(test: &str, events: &[RunEvent]) -> Colours {
    let directory = scratch(test);
    let cli = render(&directory, "cli", CliOptions::default(), events);
    let json = serde_json::from_str(&render(&directory, "json", CliOptions::default(), events)).unwrap();
    let html = render(&directory, "html", CliOptions::default(), events);
    Colours { cli, junit: junit::document(&directory, events), json, html }
}

fn bad_checks(json: &Value) -> usize {
    let checks = json["conformance"]["checks"].as_array().unwrap();
    checks.iter().filter(|check| check["verdict"] == "fail" || check["verdict"] == "error").count()
}

#[test]
fn what_newman_shows_green_is_red_in_every_report() {
    for (what, newman, make) in RED {
        let mut run = Stream::new("row", 2, Some("betterez"));
        make(&mut run);
        let Colours { cli, junit, json, html } = colours("green", &run.finish());
        let verdict = cli.lines().last().unwrap();
        assert!(verdict.starts_with("FAIL ") || verdict.starts_with("NOTHING "), "{what} ({newman}): {cli}");
        assert!(junit.numbers.failures + junit.numbers.errors == 1, "{what} ({newman}): {:?}", junit.numbers);
        let failures = json["run"]["failures"].as_array().unwrap().len();
        let red = failures + bad_checks(&json) + usize::from(!json["run"]["error"].is_null());
        assert_eq!(red, 1, "{what} ({newman}): {json:#}");
        let verdict = html.split_once("<title>").unwrap().1;
        assert!(verdict.starts_with("FAIL") || verdict.starts_with("NOTHING"), "{what} ({newman})");
    }
}

/// Whether a report is red, exactly once.
type IsRed = fn(&str) -> bool;

/// What makes a report of another CI's red.
const RED_BY: &[(&str, IsRed)] = &[
    ("markdown", |text| text.starts_with("## ❌")),
    ("tap", |text| text.lines().filter(|line| line.starts_with("not ok ")).count() == 1),
    ("sarif", |text| {
        let document: Value = serde_json::from_str(text).unwrap();
        let results = document["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().filter(|result| result["level"] == "error").count() == 1
    }),
    ("gitlab", |text| {
        let issues: Vec<Value> = serde_json::from_str(text).unwrap();
        issues.iter().filter(|issue| issue["severity"] != "minor").count() == 1
    }),
    ("github", |text| text.lines().filter(|line| line.starts_with("::error ")).count() == 1),
    ("azure", |text| {
        text.lines().filter(|line| line.starts_with("##vso[task.logissue type=error;")).count() == 1
    }),
    ("teamcity", |text| text.lines().filter(|line| line.starts_with("##teamcity[testFailed ")).count() == 1),
];

#[test]
fn what_newman_shows_green_is_red_for_every_ci() {
    let directory = scratch("green-ci");
    for (what, newman, make) in RED {
        let mut run = Stream::new("row", 2, Some("betterez"));
        make(&mut run);
        let events = run.finish();
        for (reporter, red) in RED_BY {
            let text = render(&directory, reporter, CliOptions::default(), &events);
            assert!(red(&text), "{reporter}: {what} ({newman}):\n{text}");
        }
    }
    // An item that failed and does not say why; a failure after more warnings than any CI shows.
    let mut silent = Stream::new("silent", 1, None);
    silent.iteration(0).item(&[], "a", 1).exception(error("Error", "x", None)).end_item().end_iteration();
    let mut silent = silent.finish();
    silent.retain(|event| !matches!(event.kind, EventKind::ExceptionRaised { .. }));
    let mut noisy = Stream::new("noisy", 1, None);
    noisy.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "");
    for number in 0..1500 {
        noisy.warn(Warning::new(WarningCode::UnresolvedVariable, format!("variable `v{number}` is not set")));
    }
    noisy.fail("t", no()).end_item().end_iteration();
    for events in [silent, noisy.finish()] {
        for (reporter, red) in RED_BY {
            let text = render(&directory, reporter, CliOptions::default(), &events);
            assert!(red(&text), "{reporter}:\n{}", &text[..text.len().min(3000)]);
        }
    }
    let mut run = Stream::new("good", 1, None);
    run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "").pass("t").end_item().end_iteration();
    let events = run.finish();
    for (reporter, red) in RED_BY {
        let text = render(&directory, reporter, CliOptions::default(), &events);
        assert!(!red(&text), "{reporter} is red for a run that passed:\n{text}");
    }
}

#[test]
fn a_skipped_test_is_no_pass() {
    let mut run = Stream::new("skipped", 1, None);
    run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "").skip("t").end_item();
    run.skip_item(&[], "b", 2, "not selected").end_iteration();
    let Colours { cli, junit, json, html } = colours("green-skipped", &run.finish());
    assert!(cli.contains("- t (skipped)") && cli.contains("- skipped: not selected"), "{cli}");
    assert_eq!(junit.numbers, junit::Numbers { tests: 2, skipped: 2, ..Default::default() });
    assert_eq!(json["run"]["executions"][0]["assertions"][0]["skipped"], true);
    assert_eq!(json["run"]["executions"][1]["skipped"], "not selected");
    assert!(html.contains("data-outcome=\"skipped\"") && html.contains("skipped: not selected"));
}

#[test]
fn a_run_that_breaks_off_is_red() {
    let mut run = Stream::new("broken", 1, None);
    run.iteration(0).item(&[], "a", 1).answered("GET", URL, 200, "").pass("t");
    let Colours { cli, junit, json, html } = colours("green-broken", &run.broken_off());
    assert!(cli.lines().last().unwrap().starts_with("INCOMPLETE "), "{cli}");
    assert_eq!(junit.numbers, junit::Numbers { tests: 3, errors: 2, ..Default::default() });
    assert_eq!(json["run"]["error"]["name"], "incomplete");
    assert!(html.contains("<title>INCOMPLETE"));
    assert_eq!(json["run"]["executions"][0]["assertions"][0]["assertion"], "t");
}

#[test]
fn an_item_that_failed_without_a_reason_is_red() {
    let mut run = Stream::new("silent", 1, None);
    run.iteration(0).item(&[], "a", 1).pass("t").exception(error("Error", "x", None));
    run.end_item().end_iteration();
    let mut events = run.finish();
    events.retain(|event| !matches!(event.kind, EventKind::ExceptionRaised { .. }));
    let Colours { cli, junit, json, html } = colours("green-silent", &events);
    assert!(cli.lines().last().unwrap().starts_with("FAIL "), "{cli}");
    assert!(html.contains("data-outcome=\"failed\""));
    assert_eq!(junit.numbers, junit::Numbers { tests: 2, errors: 1, ..Default::default() });
    assert_eq!(
        (&json["postproof"]["failed"], &json["run"]["executions"][0]["passed"]),
        (&true.into(), &false.into())
    );
}
