//! Contracts as text: what is read, what is laid over what, and every mistake with its line.

use super::*;
use crate::contract::{
    BodyTemplate, Carrier, ClientAuthKind, CodeRule, ErrorCase, Fate, NewRefresh, Reuse, Source,
    StatusPattern,
};
use crate::verdict::Level;

const CHECKS: &[&str] = &["rt.chain", "rt.family", "rt.rotate"];

/// A contract that has what every contract needs.
const SMALL: &str = r#"schema = 1
id = "small"
base-url = "<<baseUrl>>"
[tokens]
access = { from = "/access" }
refresh = { from = "/refresh" }
[[login]]
id = "users"
request = { method = "post", path = "/login", json = { user = "<<user>>", n = 1 } }
[redeem]
method = "POST"
path = "/refresh"
[checks]
"rt.chain" = "MUST"
"#;

fn parsed(text: &str) -> Contract {
    parse("c.toml", text, CHECKS).unwrap_or_else(|error| panic!("{error}"))
}

/// The mistakes as `line: message`, with the hint behind it.
fn mistakes(text: &str) -> Vec<String> {
    let error = parse("c.toml", text, CHECKS).expect_err("it was read");
    let told = |problem: &Problem| {
        let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{}: {}{hint}", problem.location.line, problem.message)
    };
    error.problems.iter().map(told).collect()
}

/// The ids a built-in contract lists.
fn listed(text: &str) -> Vec<String> {
    let table = DeTable::parse(text).unwrap();
    if let Some(base) = table.get_ref().get("extends") {
        return listed(builtin_text(base.get_ref().as_str().unwrap()).unwrap());
    }
    let checks =
        table.get_ref().get("checks").and_then(|checks| checks.get_ref().as_table().cloned()).unwrap();
    checks.iter().map(|(id, _)| id.get_ref().to_string()).collect()
}

#[test]
fn every_builtin_contract_is_read_under_its_own_name() {
    for (name, text) in BUILTIN {
        let ids = listed(text);
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let contract = load(name, &ids).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(contract.id, *name);
        assert_eq!(contract.checks.len(), ids.len());
    }
}

#[test]
fn what_a_small_contract_does_not_say_is_the_usual() {
    let contract = parsed(SMALL);
    assert_eq!(contract.client_auth.kind, ClientAuthKind::None);
    assert_eq!((contract.client.len(), contract.client[0].id.as_str()), (1, "main"));
    let login = &contract.login[0];
    assert_eq!(login.title, "users");
    assert_eq!(login.step.len(), 1);
    assert_eq!(login.step[0].request.method, "POST");
    assert_eq!(
        login.step[0].request.body,
        BodyTemplate::Json(serde_json::json!({"user": "<<user>>", "n": 1}))
    );
    assert_eq!(login.redeemed.refresh.carrier, Carrier::Json("/refresh".to_owned()));
    let bearer = Carrier::Header { name: "authorization".to_owned(), prefix: Some("Bearer".to_owned()) };
    assert_eq!(login.redeemed.access.carrier, bearer);
    assert_eq!(contract.rotation.reuse, Reuse::Refused);
    assert_eq!(contract.rotation.after_replay.successor, Fate::Unspecified);
    assert_eq!((contract.concurrency.requests, contract.concurrency.storms), (20, 5));
    assert_eq!(contract.checks["rt.chain"].level, Level::Must);
}

#[test]
fn all_that_a_contract_can_say_is_read() {
    let text = r#"
schema = 1
id = "big"
title = "Big"
source = "https://example.com"
profile = "grace:10"
base-url = "<<baseUrl>>"

[variables]
audience = "https://api"

[tokens]
access = { from = ["/access", "header:x-access"], in = "cookie:at" }
refresh = { from = "cookie:rt", into = ["refreshToken"], previous = ["used"] }

[client-auth]
kind = "form"
id-field = "cid"
secret-field = "csec"
on = ["redeem"]
unknown = "nobody"

[[client]]
id = "a"
key = "<<a>>"
secret = "<<a-secret>>"
refresh-lifetime = 3
[[client]]
id = "b"
key = "<<b>>"
secret = "<<b-secret>>"
refresh = "disabled"
access-lifetime = "<<life>>"
variables = { audience = "b" }

[[login]]
id = "web"
title = "web session"
needs = ["user"]
subject = "/sub"
shape = "checked"
tokens = { refresh = { from = "/login/refresh" } }
protected = { request = { method = "GET", path = "/me" }, refusal = [401, "4xx"] }
[[login.step]]
request = { method = "GET", path = "/login" }
capture = { csrf = "cookie:csrftoken", code = "header:location ~ code=([^&]+)" }
expect = [200, "3xx"]
[[login.step]]
request = { method = "POST", path = "/login", query = { next = "/" }, headers = { x-csrf = "<<csrf>>" }, form = { u = "<<user>>" } }

[redeem]
method = "POST"
path = "/token"
form = { grant_type = "refresh_token" }
tokens = { access = { from = "/new_access" } }
capture = { csrf = "cookie:csrftoken" }

[rotation]
new-refresh = "optional"
new-access = "may-be-same"
after-replay = { successor = "revoked", other-sessions = "lives" }
after-redeem = { old-access = "lives" }

[errors]
code = "/error"
envelope = ["/error", "/error_description"]
[[errors.row]]
case = "used"
status = [400, 401]
code = ["invalid_grant", "used"]
headers = { www-authenticate = "Bearer" }
content-type = "application/json"
[[errors.row]]
case = "unknown-client"
status = "4xx"
code = { regex = "^invalid_" }
code-at = "header:x-code"
[[errors.row]]
case = "expired"
status = 401
code = { absent = true }

[[not-consumed]]
id = "bad-key"
patch = { client = "unknown", token = "missing", body = "{", headers = { content-type = "text/plain" }, method = "GET" }

[concurrency]
requests = 10
http2 = "off"

[subject]
login = "web"
needs = ["admin"]
set = { user = "<<victim>>" }
disable = [{ method = "POST", path = "/disable" }, { method = "POST", path = "/purge" }]
enable = { method = "POST", path = "/enable" }

[safety]
max-requests = 500
rate = 2.5

[[expected-failure]]
check = "rt.family*"
reason = "known"
owner = "team"
expires = 2027-01-31

[checks]
"rt.chain" = { level = "SHOULD", clause = "Chains go on." }
"#;
    let contract = parsed(text);
    let login = &contract.login[0];
    assert_eq!(login.step[0].capture["csrf"], Source::Cookie("csrftoken".to_owned()));
    assert_eq!(login.step[0].expect, [StatusPattern::Code(200), StatusPattern::Class(3)]);
    assert_eq!(login.tokens.refresh.from, [Source::Json("/login/refresh".to_owned())]);
    assert_eq!(login.tokens.refresh.into, ["refreshToken"]);
    assert_eq!(login.redeemed.access.from, [Source::Json("/new_access".to_owned())]);
    assert_eq!(contract.tokens.refresh.from, [Source::Cookie("rt".to_owned())]);
    assert_eq!(contract.tokens.refresh.carrier, Carrier::Cookie("rt".to_owned()));
    // Its first source is a field of the body, and the redeem's body is a form.
    assert_eq!(login.redeemed.refresh.carrier, Carrier::Form("refresh".to_owned()));
    assert_eq!(contract.rotation.reuse, Reuse::Grace(10.0));
    assert_eq!(contract.rotation.new_refresh, NewRefresh::Optional);
    assert_eq!(contract.rotation.after_replay.other_sessions, Fate::Lives);
    assert_eq!(contract.client[0].refresh_lifetime.as_deref(), Some("3"));
    let used = contract.row(ErrorCase::Used).unwrap();
    assert_eq!(used.code, Some(CodeRule::OneOf(vec!["invalid_grant".to_owned(), "used".to_owned()])));
    assert_eq!(used.to_string(), "400 or 401 invalid_grant or used");
    assert_eq!(contract.row(ErrorCase::Expired).unwrap().code, Some(CodeRule::Absent));
    assert!(contract.not_consumed[0].patch.without_token);
    let subject = contract.subject.as_ref().unwrap();
    assert_eq!((subject.disable.len(), subject.enable.len(), subject.delete.len()), (2, 1, 0));
    assert_eq!(contract.safety.max_requests, Some(500));
    assert_eq!(contract.expected_failure[0].expires, time::macros::date!(2027 - 01 - 31));
}

#[test]
fn a_contract_starts_from_the_one_it_extends() {
    let (name, text) = BUILTIN[0];
    let ids = listed(text);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let base = load(name, &ids).unwrap();
    let own = r#"
schema = 1
id = "ours"
extends = "betterez-refresh-token"
profile = "idempotent:5"
[rotation]
reuse = "idempotent:5"
[client-auth]
name = "x-key"
[[client]]
id = "main"
key = "<<our-key>>"
[[login]]
id = "users"
request = { path = "/v2/users", form = { a = "b" } }
[[errors.row]]
case = "used"
status = 409
[checks]
"rt.chain" = "OBSERVE"
"rt.shape" = "off"
"#;
    let contract = parse("ours.toml", own, &ids).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((contract.id.as_str(), contract.title.as_str()), ("ours", base.title.as_str()));
    assert_eq!(contract.client_auth.kind, ClientAuthKind::Header("x-key".to_owned()));
    // Lists of applications and logins are the file's own; what it does not say of one stays.
    assert_eq!(contract.client.len(), 1);
    assert_eq!(contract.login.len(), 1);
    let (login, old) = (&contract.login[0], &base.login[0]);
    assert_eq!((&login.title, &login.subject), (&old.title, &old.subject));
    assert_eq!(login.step[0].request.method, "POST");
    assert!(matches!(login.step[0].request.body, BodyTemplate::Form(_)));
    // Rows are replaced one by one.
    assert_eq!(contract.errors.row.len(), base.errors.row.len());
    assert_eq!(contract.row(ErrorCase::Used).unwrap().status, [StatusPattern::Code(409)]);
    assert_eq!(contract.checks["rt.chain"].level, Level::Observe);
    assert_eq!(contract.checks["rt.chain"].clause, base.checks["rt.chain"].clause);
    assert!(!contract.checks.contains_key("rt.shape"));
    assert_eq!(contract.rotation.reuse, Reuse::Idempotent(5.0));
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let text = SMALL
        .replace("id = \"small\"", "id = 3")
        .replace("[tokens]", "titel = \"x\"\n[tokens]")
        .replace("\"/access\"", "\"access\"")
        .replace("[redeem]", "[[login]]\nid = \"users\"\n[redeem]")
        .replace("path = \"/refresh\"", "path = \"refresh\"\nform = {}\njson = {}")
        .replace("\"rt.chain\" = \"MUST\"", "\"rt.chian\" = \"MUST\"\n\"rt.family\" = \"must\"")
        + "[errors]\n[[errors.row]]\ncase = \"usd\"\nstatus = 999\ncode = \"x\"\n[[errors.row]]\ncase = \"used\"\n\
           status = 401\n[[errors.row]]\ncase = \"used\"\nstatus = 401\ncode = { regex = \"(\" }\n\
           [subject]\nlogin = \"user\"\n[[expected-failure]]\ncheck = \"rt.chain\"\nexpires = \"soon\"\n";
    let told = mistakes(&text);
    let expected = [
        "2: expected a string, found a number",
        "4: unknown key `titel` (did you mean `title`?)",
        "6: `access` is no place in an answer",
        "11: a login needs `request",
        "12: `users` is there twice",
        "15: expected a path that begins with `/`",
        "16: a request has one body: `json` is given, too",
        "19: there is no check `rt.chian` (did you mean `rt.chain`?)",
        "20: `must` is none of `MUST`, `SHOULD`, `OBSERVE`, `off` (did you mean `MUST`?)",
        "23: `usd` is none of",
        "24: `999` is no status",
        "25: where is the code?",
        "30: `used` is there twice",
        "32: `(` is no regular expression",
        "34: there is no [[login]] `user` (did you mean `users`?)",
        "35: `expected-failure.owner` is missing",
        "35: `expected-failure.reason` is missing",
        "37: `soon` is no day",
    ];
    for part in expected {
        assert!(told.iter().any(|told| told.starts_with(part)), "no `{part}` in\n{}", told.join("\n"));
    }
}

#[test]
fn what_is_no_toml_is_told_with_its_line_too() {
    let told = mistakes("schema = 1\nid = \nx = [1,\n");
    assert!(told[0].starts_with("2: "), "{told:?}");
    let told = mistakes("schema = 2\n");
    assert!(told.iter().any(|told| told.contains("this version reads schema 1")), "{told:?}");
    assert!(told.iter().any(|told| told.contains("`redeem` is missing")), "{told:?}");
}

#[test]
fn a_mistake_is_shown_in_its_line() {
    let error = parse("c.toml", &SMALL.replace("[redeem]", "[redeme]"), CHECKS).unwrap_err();
    let shown = error.problems.iter().find(|problem| problem.message.contains("redeme")).unwrap().to_string();
    let expected = "  --> c.toml:10:2\n   |\n10 | [redeme]\n   |  ^^^^^^ unknown key `redeme`\n   = hint: did you mean \
                    `redeem`?";
    assert_eq!(shown, expected);
}

#[test]
fn a_name_that_is_neither_built_in_nor_a_file_is_told_with_what_was_meant() {
    let error = load("betterez-refresh-tokn", CHECKS).unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("did you mean `betterez-refresh-token`?"));
    let error = parse("c.toml", "schema = 1\nextends = \"oauth\"\n", CHECKS).unwrap_err();
    assert!(error.to_string().contains("`extends` names no built-in contract"), "{error}");
}

#[test]
fn an_expected_failure_needs_its_four_fields_and_a_real_day() {
    let whole = "[[expected-failure]]\ncheck = \"rt.race*\"\nreason = \"known\"\nowner = \"auth team\"\nexpires = \"2027-01-31\"\n";
    let entries = parse_expected_failures("known.toml", whole).unwrap();
    assert_eq!(entries[0].expires, time::macros::date!(2027 - 01 - 31));

    for field in ["check", "reason", "owner", "expires"] {
        let text: String =
            whole.lines().filter(|line| !line.starts_with(field)).map(|line| format!("{line}\n")).collect();
        let error = parse_expected_failures("known.toml", &text).unwrap_err();
        assert!(error.problems[0].message.contains(field), "{error}");
    }
    let error = parse_expected_failures("known.toml", &whole.replace("01-31", "02-30")).unwrap_err();
    assert!(error.problems[0].message.starts_with("`2027-02-30` is no day"), "{error}");
    assert_eq!(error.problems[0].location.line, 5);
}
