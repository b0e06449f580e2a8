//! What the last answer of a counterexample ought to have been, as a test script: it fails where the check is violated,
//! and passes on a server that is right. What an assertion cannot say is a comment.

use postproof::conformance::{Answer, registry};
use postproof::contract::{
    CodeRule, Contract, ErrorCase, ErrorRow, NewRefresh, Pattern, Source, StatusPattern, TokenPlace, Tokens,
};
use serde_json::{Value, json};

/// Checks that hold a refusal against a row of the error table.
const ROWS: &[(&str, ErrorCase)] = &[
    ("rt.reuse.code", ErrorCase::Used),
    ("rt.expiry", ErrorCase::Expired),
    ("rt.subject", ErrorCase::DisabledSubject),
    ("rt.subject.deleted", ErrorCase::DeletedSubject),
    ("err.table.missing-field", ErrorCase::MissingField),
    ("err.table.missing-key", ErrorCase::MissingClient),
    ("err.table.unknown-key", ErrorCase::UnknownClient),
    ("err.table.invalid", ErrorCase::Garbage),
    ("err.table.empty", ErrorCase::Empty),
    ("err.table.null", ErrorCase::Null),
    ("err.table.wrong-type", ErrorCase::WrongType),
    ("err.table.broken-body", ErrorCase::BrokenBody),
    ("err.table.content-type", ErrorCase::WrongContentType),
    ("err.table.tampered", ErrorCase::Tampered),
    ("err.table.access-token", ErrorCase::AccessToken),
    ("err.table.wrong-secret", ErrorCase::WrongSecret),
    ("err.table.other-secret", ErrorCase::OtherClientCredentials),
    ("err.table.other-client", ErrorCase::OtherClient),
];

/// Checks of whether a token works: what they were violated by is the other way round.
const WORKS: &[&str] = &[
    "login.recover",
    "rt.redeem",
    "rt.reuse.now",
    "rt.reuse.late",
    "rt.grace",
    "rt.chain",
    "rt.samesecond",
    "rt.variants",
    "rt.family",
    "rt.family.deep",
    "rt.family.isolated",
    "rt.parallel",
    "rt.notconsumed.key",
    "rt.notconsumed.field",
    "rt.notconsumed.type",
    "rt.notconsumed.body",
    "rt.client.auth",
    "rt.client.bind",
    "rt.type",
    "bearer.works",
    "bearer.old",
];

/// The script's lines. `issued`: templates of the refresh tokens that the collection has captured by then.
pub(super) fn expectation(
    contract: &Contract,
    check: &str,
    answer: Option<&Answer>,
    issued: &[&str],
) -> Vec<String> {
    let row = ROWS.iter().find(|(id, _)| *id == check).and_then(|(_, case)| contract.row(*case));
    let access = places(contract, |tokens| &tokens.access);
    let refresh = places(contract, |tokens| &tokens.refresh);
    let found =
        |places: &[&Source]| answer.is_some_and(|answer| places.iter().any(|at| answer.find(at).is_some()));
    let accepted = answer.is_some_and(Answer::accepted);
    let assertions = match check {
        _ if row.is_some() => row.map(|row| as_documented(contract, row)).unwrap_or_default(),
        // Another successor than the first time: no single answer shows that.
        "rt.grace" if accepted => Vec::new(),
        _ if WORKS.contains(&check) => {
            let of_redeem = check.starts_with("rt.");
            let worked = accepted && (!of_redeem || found(&access) || found(&refresh));
            match (worked, of_redeem) {
                (true, _) => vec![status(&[StatusPattern::Class(4)])],
                (false, true) => vec![status(&[StatusPattern::Class(2)]), present(&access, true)],
                (false, false) => vec![status(&[StatusPattern::Class(2)])],
            }
        }
        "login.access" => vec![present(&access, true)],
        "rt.access" if !found(&access) => vec![present(&access, true)],
        "login.disabled" if found(&refresh) => vec![present(&refresh, false)],
        "rt.rotate" if contract.rotation.new_refresh == NewRefresh::Absent => vec![present(&refresh, false)],
        "rt.rotate" if !found(&refresh) => vec![present(&refresh, true)],
        "rt.rotate" => issued
            .iter()
            .map(|name| {
                let before = format!("pm.collectionVariables.get({})", Value::from(*name));
                format!("pm.expect({}).to.not.equal({before});", first(&refresh))
            })
            .collect(),
        "err.robust" => vec!["pm.expect(pm.response.code).to.be.below(500);".to_owned()],
        "err.envelope" => contract
            .errors
            .envelope
            .iter()
            .map(|pointer| {
                format!("pm.expect({}).to.not.equal(undefined);", expression(&Source::Json(pointer.clone())))
            })
            .collect(),
        "rt.nostore" => vec![matches("cache-control", "no-store", "i")],
        "rt.mediatype" => {
            vec![matches("content-type", r"^\s*(application/json|[^;]*/[^;]*\+json)\s*(;|$)", "i")]
        }
        _ => Vec::new(),
    };
    let known = registry::find(check);
    if assertions.is_empty() {
        let requirement = known.map(|check| check.requirement).unwrap_or_default();
        return vec![
            format!("// {check}: {requirement}"),
            "// No assertion on this answer alone can say that: compare it with those before it.".to_owned(),
        ];
    }
    let title = known.map(|check| check.title).unwrap_or_default();
    let mut lines = vec![format!("pm.test({}, () => {{", Value::from(format!("{check}: {title}")))];
    lines.extend(assertions.iter().map(|line| format!("    {line}")));
    lines.push("});".to_owned());
    lines
}

/// Wherever answers may have a token.
fn places(contract: &Contract, which: fn(&Tokens) -> &TokenPlace) -> Vec<&Source> {
    let logins = contract.login.iter().flat_map(|login| [&login.tokens, &login.redeemed]);
    let mut places: Vec<&Source> = Vec::new();
    for source in logins.chain([&contract.tokens]).flat_map(|tokens| &which(tokens).from) {
        if !places.contains(&source) {
            places.push(source);
        }
    }
    places
}

/// A refusal to the letter of its row.
fn as_documented(contract: &Contract, row: &ErrorRow) -> Vec<String> {
    let mut lines = vec![status(&row.status)];
    if let (Some(rule), Some(at)) = (&row.code, row.code_at.as_ref().or(contract.errors.code.as_ref())) {
        let code = expression(at);
        lines.push(match rule {
            CodeRule::OneOf(codes) => format!("pm.expect(String({code})).to.be.oneOf({});", json!(codes)),
            CodeRule::Matches(pattern) => format!("pm.expect(String({code})).to.match({});", regex(pattern)),
            CodeRule::Absent => format!("pm.expect({code} || \"\").to.equal(\"\");"),
        });
    }
    for (name, pattern) in &row.headers {
        lines.push(format!("pm.expect({}).to.match({});", header(name), regex(pattern)));
    }
    if let Some(media_type) = &row.content_type {
        let found = format!("{}.split(\";\")[0].trim().toLowerCase()", header("content-type"));
        lines
            .push(format!("pm.expect({found}).to.equal({});", Value::from(media_type.trim().to_lowercase())));
    }
    lines
}

fn status(patterns: &[StatusPattern]) -> String {
    let found = "pm.expect(pm.response.code)";
    let codes: Vec<u16> = patterns
        .iter()
        .filter_map(|pattern| match pattern {
            StatusPattern::Code(code) => Some(*code),
            StatusPattern::Class(_) => None,
        })
        .collect();
    match patterns {
        [StatusPattern::Class(class)] => format!("{found}.to.be.within({class}00, {class}99);"),
        _ if codes.len() == patterns.len() => format!("{found}.to.be.oneOf({});", json!(codes)),
        _ => {
            let tests = patterns.iter().map(|pattern| match pattern {
                StatusPattern::Code(code) => format!("code === {code}"),
                StatusPattern::Class(class) => format!("Math.floor(code / 100) === {class}"),
            });
            let tests: Vec<String> = tests.collect();
            format!("{found}.to.satisfy((code) => {});", tests.join(" || "))
        }
    }
}

/// The first of these places that holds anything. A body that is no JSON is no reason not to look into the cookies.
fn first(places: &[&Source]) -> String {
    let finds: Vec<String> = places.iter().map(|place| format!("() => {}", expression(place))).collect();
    let found = "{ try { return find(); } catch (error) { return undefined; } }";
    format!("[{}].map((find) => {found}).find(Boolean)", finds.join(", "))
}

fn present(places: &[&Source], there: bool) -> String {
    format!("pm.expect(Boolean({})).to.equal({there});", first(places))
}

fn matches(name: &str, pattern: &str, flags: &str) -> String {
    format!("pm.expect({}).to.match(new RegExp({}, {flags:?}));", header(name), Value::from(pattern))
}

fn header(name: &str) -> String {
    format!("(pm.response.headers.get({}) || \"\")", Value::from(name))
}

/// The place of a value in an answer, as a script reads it; undefined where there is none.
pub(super) fn expression(source: &Source) -> String {
    match source {
        Source::Json(pointer) => {
            let keys = pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~"));
            let keys: String = keys.map(|key| format!("?.[{}]", Value::from(key))).collect();
            format!("pm.response.json(){keys}")
        }
        Source::Cookie(name) => format!("pm.cookies.get({})", Value::from(name.as_str())),
        Source::Header { name, pattern: None } => {
            format!("pm.response.headers.get({})", Value::from(name.as_str()))
        }
        Source::Header { name, pattern: Some(pattern) } => {
            format!("{}.match({})?.[1]", header(name), regex(pattern))
        }
    }
}

/// A pattern in JavaScript's spelling, which has no flags inside and no `P` before names.
fn regex(pattern: &Pattern) -> String {
    let text = pattern.to_string().replace("(?P<", "(?<");
    match text.strip_prefix("(?i)") {
        Some(rest) => format!("new RegExp({}, \"i\")", Value::from(rest)),
        None => format!("new RegExp({})", Value::from(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postproof::exchange::{Body, Call, Exchange, Headers, ResolvedRequest, Response, Timings};

    #[test]
    fn every_check_of_the_table_has_its_row_and_every_name_is_a_check() {
        for check in registry::CHECKS.iter().filter(|check| check.id.starts_with("err.table.")) {
            assert!(ROWS.iter().any(|(id, _)| *id == check.id), "{}", check.id);
        }
        for id in ROWS.iter().map(|(id, _)| id).chain(WORKS) {
            assert!(registry::find(id).is_some(), "{id}");
        }
    }

    #[test]
    fn statuses_and_places_are_written_as_scripts_read_them() {
        let all = |texts: &[&str]| -> Vec<StatusPattern> {
            texts.iter().map(|text| StatusPattern::parse(text).unwrap()).collect()
        };
        for (patterns, expected) in [
            (&["4xx"][..], "to.be.within(400, 499);"),
            (&["400", "401"], "to.be.oneOf([400,401]);"),
            (&["401", "5xx"], "to.satisfy((code) => code === 401 || Math.floor(code / 100) === 5);"),
        ] {
            let written = status(&all(patterns));
            assert!(written.ends_with(expected), "{written}");
        }
        for (place, expected) in [
            ("/a~1b/0", r#"pm.response.json()?.["a/b"]?.["0"]"#),
            ("header:location", r#"pm.response.headers.get("location")"#),
            (
                "header:location ~ code=([^&]+)",
                r#"(pm.response.headers.get("location") || "").match(new RegExp("code=([^&]+)"))?.[1]"#,
            ),
            (
                "header:x ~ (?i)id=(\\d+)",
                r#"(pm.response.headers.get("x") || "").match(new RegExp("id=(\\d+)", "i"))?.[1]"#,
            ),
        ] {
            assert_eq!(expression(&Source::parse(place).unwrap()), expected);
        }
    }

    #[test]
    fn what_is_demanded_is_the_contracts_whatever_the_answer_was() {
        let contract = postproof::contract::load("betterez-refresh-token", &registry::ids()).unwrap();
        let answer = |code: u16, kind: &str, body: &str| {
            let mut headers = Headers::default();
            headers.push("content-type", kind);
            let request = ResolvedRequest {
                method: "POST".into(),
                url: "http://h/accounts/refresh-token".into(),
                headers: Headers::default(),
                body: None,
            };
            let response = Response {
                code,
                reason: String::new(),
                version: "HTTP/1.1".into(),
                headers,
                body: Body::new(body.as_bytes().to_vec()),
            };
            let call = Call { request, outcome: Ok(response), timings: Timings::default() };
            Answer::of(&contract, &Exchange { calls: vec![call] })
        };
        let tokens = r#"{"shortToken":"a.b.c","refreshToken":"r"}"#;
        for (check, code, kind, body, says, not) in [
            // A used token refused with another code: not a demand that it be accepted.
            ("rt.reuse.code", 401, "application/json", r#"{"code":"OTHER"}"#, "oneOf([401])", "200"),
            // A good redeem in the wrong shape, or of the wrong type: not a demand that it be refused.
            ("rt.shape", 200, "application/json", tokens, "// rt.shape: ", "pm.test"),
            ("rt.mediatype", 200, "text/html", tokens, "application/json", "400"),
            ("rt.reuse.now", 200, "application/json", tokens, "within(400, 499)", "200"),
            ("rt.chain", 200, "application/json", tokens, "within(400, 499)", "200"),
            ("rt.chain", 401, "application/json", "{}", "within(200, 299)", "400"),
            ("rt.chain", 200, "application/json", "{}", "within(200, 299)", "400"),
            ("bearer.works", 401, "application/json", "{}", "within(200, 299)", "shortToken"),
        ] {
            let script = expectation(&contract, check, answer(code, kind, body).as_ref(), &[]).join("\n");
            assert!(script.contains(says) && !script.contains(not), "{check} {code}: {script}");
        }
    }
}
