//! The runs whose reports are kept as golden files.

use super::stream::*;
use postproof::diagnostic::{Warning, WarningCode};
use postproof::event::{AbortReason, ErrorInfo, Excerpt, RunEvent};
use postproof::exchange::{Exchange, Headers, Response};
use postproof::verdict::{Level, Verdict};

const BASE: &str = "http://127.0.0.1:4010";

/// Every case: its folder's name and its events.
pub(crate) fn all() -> Vec<(&'static str, Vec<RunEvent>)> {
    vec![
        ("everything", everything()),
        ("clean", clean()),
        ("unreachable", unreachable()),
        ("interrupted", interrupted()),
        ("nothing", Stream::new("Empty", 1, None).finish()),
    ]
}

/// Everything that can go wrong, over two iterations.
fn everything() -> Vec<RunEvent> {
    let mut run = Stream::new("Refresh token flow", 2, Some("betterez"));
    run.iteration(0);
    first_login(&mut run);
    errors(&mut run);
    run.skip_item(&["Flow", "Errors"], "not wanted", 90, "pm.execution.skipRequest()").end_iteration();
    run.iteration(1);
    run.item(&["Flow"], "login", 12).answered("POST", &format!("{BASE}/login"), 200, "{}");
    run.fail("the answer is whole", differing());
    run.pass("token is there").pass("token is there").end_item().end_iteration();
    checks(&mut run);
    run.finish()
}

fn first_login(run: &mut Stream) {
    let unset =
        Warning::new(WarningCode::UnresolvedVariable, "variable `baseUrl` is not set, sent as it stands")
            .hint("did you mean `base_url`?")
            .at(at(17));
    run.item(&["Flow"], "login", 12).script("prerequest", None);
    run.warn(unset.clone()).warn(unset);
    run.answered(
        "POST",
        &format!("{BASE}/login?verbose=1"),
        200,
        "{\"shortToken\":\"‹secret:shortToken#e5f6›\"}",
    );
    run.captured(&["shortToken", "refreshToken"]);
    run.fail("the answer is whole", differing());
    run.console("log", "user is { id: 1 }\nsecond line").console("error", "\u{1b}[31mnot red\u{1b}[0m");
    run.fail("token is there", error("AssertionError", "expected undefined to be a string", Some(33)));
    run.pass("token is there").skip("later").script("test", None).end_item();
}

fn errors(run: &mut Stream) {
    run.item(&["Flow", "Errors"], "bad \u{1}name <&> ]]>", 50);
    run.refused(
        "GET",
        &format!("{BASE}/accounts/a-rather-long-path/that-does-not-fit/a-narrow-terminal?x=1"),
    );
    run.end_item();
    run.item(&["Flow", "Errors"], "moved", 60).exchange(redirected());
    run.script("test", Some(error("TypeError", "x is not a function\n<a ]]> b>\u{0}", Some(64))));
    run.exception(error("", "", None)).end_item();
    run.item(&[], "at the root", 70)
        .answered("GET", &format!("{BASE}/日本語"), 401, vec![0xff, 0xfe])
        .end_item();
}

/// An assertion's error with its line and the difference it speaks of.
fn differing() -> ErrorInfo {
    let told = "expected { id: 1, …(1) } to deeply equal { id: 1, …(1) }";
    ErrorInfo {
        excerpt: Excerpt::of("\n  pm.expect(pm.response.json()).to.eql(whole);", 2, Some(37)),
        diff: Some(postproof::diff::unified(
            "{\n  \"id\": 1,\n  \"ok\": true\n}",
            "{\n  \"id\": 1,\n  \"ok\": false\n}",
        )),
        ..error("AssertionError", told, Some(34))
    }
}

fn redirected() -> Exchange {
    let mut first = call("GET", &format!("{BASE}/old"));
    let mut headers = Headers::default();
    headers.push("Location", "/new");
    let (reason, version) = ("Found".to_owned(), "HTTP/1.1".to_owned());
    first.outcome = Ok(Response { code: 302, reason, version, headers, body: Default::default() });
    let mut last = call("GET", &format!("{BASE}/new"));
    let (reason, version) = ("OK".to_owned(), "HTTP/1.1".to_owned());
    let body = postproof::exchange::Body::new("x".repeat(1160));
    last.outcome = Ok(Response { code: 200, reason, version, headers: Headers::default(), body });
    Exchange { calls: vec![first, last] }
}

fn checks(run: &mut Stream) {
    run.check(check("rt.rotate", Level::Must, Verdict::Pass, "exercised 3 times"));
    let mut reuse = check("rt.reuse.now", Level::Must, Verdict::Fail, "a redeemed token was accepted again");
    let seen = "POST /accounts/refresh-token → 200, expected 401 INVALID_REFRESH_TOKEN";
    reuse.evidence = vec![evidence(1, "Flow / login", seen), evidence(2, "Flow / Errors / moved", seen)];
    run.check(reuse);
    let mut shape = check("rt.shape", Level::Must, Verdict::Fail, "the answer differs from the login's");
    shape.diff = Some(postproof::diff::unified("{\n  code\n  message\n}", "{\n  code\n}"));
    run.check(shape);
    let mut oracle = check("err.oracle", Level::Should, Verdict::Warn, "two messages tell users apart");
    oracle.evidence = vec![evidence(3, "Flow / Errors / moved", "`unknown user` against `wrong password`")];
    run.check(oracle);
    run.check(check("err.seen", Level::Observe, Verdict::Pass, "the server names itself `x`"));
    run.check(check("rt.expiry", Level::Must, Verdict::Skip, "nobody waited 30 days; use `--clock`"));
    run.check(check("mfa.login", Level::Must, Verdict::NotApplicable, "the application has no MFA"));
    run.check(check("jwt.time", Level::Must, Verdict::Error, "request 4 got no response"));
}

/// A run that a person hopes for.
fn clean() -> Vec<RunEvent> {
    let mut run = Stream::new("Refresh token flow", 1, Some("betterez"));
    run.iteration(0).item(&["Flow"], "login", 12);
    run.answered("POST", &format!("{BASE}/login"), 200, "{}").captured(&["refreshToken"]);
    run.pass("status is 200").end_item();
    run.item(&["Flow"], "redeem", 20).answered("POST", &format!("{BASE}/redeem"), 200, "{}").end_item();
    run.end_iteration();
    run.check(check("rt.rotate", Level::Must, Verdict::Pass, "exercised once"));
    run.check(check("rt.expiry", Level::Must, Verdict::Skip, "nobody waited 30 days"));
    run.finish()
}

fn unreachable() -> Vec<RunEvent> {
    let mut run = Stream::new("Refresh token flow", 1, Some("betterez"));
    run.iteration(0).item(&["Flow"], "login", 12).refused("POST", &format!("{BASE}/login")).end_item();
    run.check(check("rt.rotate", Level::Must, Verdict::Skip, "no token was ever issued"));
    run.abort(AbortReason::Unreachable, "could not connect to 127.0.0.1:4010: connection refused");
    run.finish()
}

/// Ctrl-C while an item runs: it has begun and never ends.
fn interrupted() -> Vec<RunEvent> {
    let mut run = Stream::new("Refresh token flow", 1, None);
    run.iteration(0).item(&["Flow"], "login", 12);
    run.answered("POST", &format!("{BASE}/login"), 200, "{}").pass("status is 200");
    run.abort(AbortReason::Interrupted, "interrupted by Ctrl-C");
    run.finish()
}
