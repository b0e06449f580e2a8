//! The ledger against exchanges made by hand: which checks each story passes, fails, or leaves open.

use super::*;
use crate::conformance::registry;
use crate::contract;
use crate::exchange::{
    Body, Call, FailureKind, Headers, ResolvedRequest, Response, Timings, TransportFailure,
};
use crate::verdict::Verdict;
use serde_json::{Value, json};

mod catalogue;
mod profiles;
mod storms;

/// A run told exchange by exchange; a millisecond passes with each.
struct Story {
    ledger: Ledger,
    now_ms: f64,
    number: u64,
    /// What is sent overlaps.
    at_once: bool,
}

impl Story {
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(given: &[(&str, &str)]) -> Self {
        Self::under(contract::load("betterez-refresh-token", &registry::ids()).unwrap(), given)
    }

    fn under(contract: Contract, given: &[(&str, &str)]) -> Self {
        let mut values = vec![
            ("baseUrl", "http://h"),
            ("x-api-key", "key"),
            ("x-api-key-no-refresh", "old-key"),
            ("x-api-key-short-lived", "brief-key"),
            ("refresh-token-lifetime", "2"),
        ];
        values.extend(given);
        let own = contract.variables.clone();
        let value = |name: &str| {
            let given = values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            given.or_else(|| own.get(name).map(String::as_str))
        };
        let resolve = |template: &str, _: &[(String, Value)]| {
            let name = template.strip_prefix("<<").and_then(|rest| rest.strip_suffix(">>"));
            name.and_then(value).unwrap_or(template).to_owned()
        };
        let bindings = Bindings::new(&contract, resolve, |name| value(name).map(Value::from));
        Self {
            ledger: Ledger::new(Arc::new(contract), bindings, 0.0).unwrap(),
            now_ms: 0.0,
            number: 0,
            at_once: false,
        }
    }

    fn send(
        &mut self,
        path: &str,
        key: Option<&str>,
        body: Value,
        answer: Option<(u16, Value)>,
    ) -> &mut Self {
        let mut headers = Headers::default();
        key.iter().for_each(|key| headers.push("X-API-Key", *key));
        headers.push("Content-Type", "application/json");
        let mut answered = Headers::default();
        answered.push("Cache-Control", "no-store");
        answered.push("Content-Type", "application/json");
        let body = if body.is_null() { None } else { Some(Body::new(body.to_string())) };
        let outcome = match answer {
            Some((code, body)) => Ok(Response {
                code,
                reason: String::new(),
                version: "HTTP/1.1".to_owned(),
                headers: answered,
                body: Body::new(body.to_string()),
            }),
            None => Err(TransportFailure { kind: FailureKind::Reset, message: "cut".to_owned() }),
        };
        let request =
            ResolvedRequest { method: "POST".to_owned(), url: format!("http://h{path}"), headers, body };
        let total_ms = if self.at_once { 5.0 } else { 0.5 };
        let timings = Timings { start_ms: self.now_ms, total_ms, ..Timings::default() };
        self.number += 1;
        self.now_ms += if self.at_once { 0.0 } else { 1.0 };
        let exchange = Exchange { calls: vec![Call { request, outcome, timings }] };
        self.ledger.observe(self.number, "item", &exchange);
        self
    }

    /// What is told within comes at the same moment.
    fn storm(&mut self, tell: impl FnOnce(&mut Self)) -> &mut Self {
        self.ledger.storm_begins();
        self.at_once = true;
        tell(self);
        self.at_once = false;
        self.ledger.storm_ends(Some(0.1));
        self.wait(10.0)
    }

    fn wait(&mut self, ms: f64) -> &mut Self {
        self.now_ms += ms;
        self
    }

    fn login_at(&mut self, key: &str, answer: Value) -> &mut Self {
        self.send("/accounts/users", Some(key), json!({"audience": "a"}), Some((200, answer)))
    }

    fn login(&mut self, refresh: &str) -> &mut Self {
        self.login_at("key", grant("u1", &format!("access-{refresh}"), refresh))
    }

    fn redeem(&mut self, token: &str, status: u16, answer: Value) -> &mut Self {
        self.send(
            "/accounts/refresh-token",
            Some("key"),
            json!({"refreshToken": token}),
            Some((status, answer)),
        )
    }

    fn rotate(&mut self, token: &str, next: &str) -> &mut Self {
        self.redeem(token, 200, grant("u1", &format!("access-{next}"), next))
    }

    fn refuse(&mut self, token: &str) -> &mut Self {
        self.redeem(token, 401, refusal("INVALID_REFRESH_TOKEN"))
    }

    fn with_verdict(&mut self, verdict: Verdict) -> Vec<String> {
        self.ledger
            .conclude()
            .into_iter()
            .filter(|check| check.verdict == verdict)
            .map(|check| check.id)
            .collect()
    }

    fn failed(&mut self) -> Vec<String> {
        self.with_verdict(Verdict::Fail)
    }

    fn verdict(&mut self, id: &str) -> Verdict {
        self.ledger.conclude().into_iter().find(|check| check.id == id).unwrap().verdict
    }
}

fn grant(subject: &str, access: &str, refresh: &str) -> Value {
    json!({"user": {"_id": subject}, "token": "t", "shortToken": access, "refreshToken": refresh})
}

fn refusal(code: &str) -> Value {
    json!({"code": code, "message": "no"})
}

#[test]
fn a_story_that_keeps_the_contract_fails_nothing() {
    let mut story = Story::new();
    story.login("r0").rotate("r0", "r1").rotate("r1", "r2").rotate("r2", "r3");
    story.refuse("r0").refuse("r1").refuse("r2").refuse("r3");
    story.send("/accounts/refresh-token", Some("key"), json!({}), Some((400, refusal("WRONG_DATA"))));
    story.send("/accounts/refresh-token", None, json!({"refreshToken": "x"}), Some((401, Value::Null)));
    story.send("/accounts/refresh-token", Some("no"), json!({"refreshToken": "x"}), Some((401, Value::Null)));
    story.refuse("made-up").login("s0");
    assert_eq!(story.failed(), Vec::<String>::new());
    for id in ["rt.redeem", "rt.rotate", "rt.access", "rt.shape", "rt.chain", "rt.reuse.now", "rt.reuse.code"]
    {
        assert_eq!(story.verdict(id), Verdict::Pass, "{id}");
    }
    for id in
        ["err.table.missing-field", "err.table.missing-key", "err.table.unknown-key", "err.table.invalid"]
    {
        assert_eq!(story.verdict(id), Verdict::Pass, "{id}");
    }
    assert_eq!(story.verdict("login.recover"), Verdict::Pass);
    // The newest token was refused after the replays: the contract does not say, so it is only recorded.
    let family = story.ledger.conclude().into_iter().find(|check| check.id == "rt.family.deep").unwrap();
    assert!(family.reason.contains("revokes"), "{}", family.reason);
}

#[test]
fn each_breach_fails_its_check_and_no_other() {
    type Tell = fn(&mut Story) -> &mut Story;
    let stories: [(&[&str], Tell); 16] = [
        (&["login.access"], |s| s.login_at("key", json!({"user": {"_id": "u"}, "refreshToken": "r"}))),
        (&["login.disabled"], |s| s.login_at("old-key", grant("u1", "a", "r"))),
        (&["rt.redeem"], |s| s.login("r0").refuse("r0")),
        (&["rt.rotate"], |s| {
            s.login("r0").redeem("r0", 200, json!({"user": {"_id": "u1"}, "token": "t", "shortToken": "b"}))
        }),
        (&["rt.rotate"], |s| s.login("r0").redeem("r0", 200, grant("u1", "b", "r0"))),
        (&["rt.access"], |s| s.login("r0").wait(2e3).redeem("r0", 200, grant("u1", "access-r0", "r1"))),
        (&["rt.shape"], |s| {
            let customer =
                json!({"customer": {"_id": "u1"}, "token": "t", "shortToken": "b", "refreshToken": "r1"});
            s.login("r0").redeem("r0", 200, customer)
        }),
        (&["rt.shape"], |s| s.login("r0").redeem("r0", 200, grant("somebody else", "b", "r1"))),
        // Issued in one second, redeemed in the next, so that only the replay itself is judged.
        (&["rt.reuse.now"], |s| s.login("r0").wait(1e3).rotate("r0", "r1").rotate("r0", "x1")),
        (&["rt.reuse.late"], |s| s.login("r0").wait(1e3).rotate("r0", "r1").wait(3e3).rotate("r0", "x1")),
        (&["rt.reuse.code"], |s| s.login("r0").rotate("r0", "r1").redeem("r0", 401, refusal("TOKEN_USED"))),
        (&["rt.chain"], |s| s.login("r0").rotate("r0", "r1").refuse("r1")),
        (&["rt.chain"], |s| s.login("r0").wait(1e3).rotate("r0", "r1").rotate("r1", "r2").rotate("r0", "x1")),
        (&["rt.variants"], |s| s.login("Abc").rotate("aBC", "x1")),
        (&["err.table.invalid"], |s| s.login("r0").redeem("made-up", 404, refusal("NOT_FOUND"))),
        (&["err.table.missing-field"], |s| {
            s.send(
                "/accounts/refresh-token",
                Some("key"),
                json!({"refresh_token": 1}),
                Some((500, Value::Null)),
            )
        }),
    ];
    for (index, (expected, tell)) in stories.into_iter().enumerate() {
        let mut story = Story::new();
        tell(&mut story);
        assert_eq!(story.failed(), expected, "story {index}");
    }
}

#[test]
fn what_the_contract_does_not_promise_is_not_judged() {
    type Tell = fn(&mut Story) -> &mut Story;
    let stories: [Tell; 6] = [
        |s| s.login("r0").rotate("r0", "r1").refuse("r0").refuse("r1"), // after a replay
        |s| s.login("r0").login("s0").refuse("r0"),                     // after a newer login
        |s| {
            s.login("r0").send(
                "/accounts/refresh-token",
                None,
                json!({"refreshToken": "r0"}),
                Some((401, json!({}))),
            );
            s.refuse("r0") // after a refused attempt with it
        },
        |s| s.redeem("handed in", 200, grant("u", "a", "r")), // from before the run
        |s| s.login_at("brief-key", grant("u", "a", "r0")).wait(1.9e3).refuse("r0"), // another's key, near expiry
        |s| s.login("r0").redeem("", 401, json!({})),
    ];
    for (index, tell) in stories.into_iter().enumerate() {
        let mut story = Story::with(&[("refresh-token", "handed in")]);
        tell(&mut story);
        assert_eq!(story.failed(), Vec::<String>::new(), "story {index}");
    }
}

#[test]
fn an_expired_token_must_be_refused_as_documented() {
    for (answer, expected) in
        [(refusal("INVALID_REFRESH_TOKEN"), Verdict::Pass), (refusal("EXPIRED"), Verdict::Fail)]
    {
        let mut story = Story::new();
        story.login_at("brief-key", grant("u", "a", "r0")).wait(3.5e3).send(
            "/accounts/refresh-token",
            Some("brief-key"),
            json!({"refreshToken": "r0"}),
            Some((401, answer)),
        );
        assert_eq!(story.verdict("rt.expiry"), expected);
    }
}

#[test]
fn equal_access_tokens_within_a_second_are_inconclusive() {
    let mut story = Story::new();
    story.login("r0").redeem("r0", 200, grant("u1", "access-r0", "r1"));
    assert_eq!(story.verdict("rt.access"), Verdict::Skip);
    story.wait(1.2e3).redeem("r1", 200, grant("u1", "another", "r2"));
    assert_eq!(story.verdict("rt.access"), Verdict::Pass);
}

#[test]
fn no_answer_is_an_error_and_never_a_pass() {
    let mut story = Story::new();
    story.login("r0").rotate("r0", "r1");
    story.send("/accounts/refresh-token", Some("key"), json!({"refreshToken": "r0"}), None);
    assert_eq!(story.verdict("rt.reuse.now"), Verdict::Error);
    assert_eq!(story.verdict("rt.reuse.code"), Verdict::Error);
    assert_eq!(story.failed(), Vec::<String>::new());
}

#[test]
fn a_server_error_is_no_refusal() {
    let mut story = Story::new();
    story.login("r0").wait(1e3).rotate("r0", "r1").redeem("r0", 500, json!({}));
    assert_eq!(story.verdict("rt.reuse.now"), Verdict::Skip);
    assert_eq!(story.failed(), ["rt.reuse.code"]);
}

#[test]
fn nothing_exercised_is_skipped_with_a_reason() {
    let mut story = Story::new();
    story.ledger.excuse(&["rt.expiry"], "refresh tokens live for days");
    for check in story.ledger.conclude() {
        assert_eq!(check.verdict, Verdict::Skip, "{}", check.id);
        assert!(!check.reason.is_empty());
        assert_eq!(check.id == "rt.expiry", check.reason == "refresh tokens live for days");
    }
}
