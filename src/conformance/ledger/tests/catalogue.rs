//! The checks that look beyond single use: what correct servers do differently must not fail, and what only a server
//! with secrets can get wrong must.

use super::*;

fn contract(more: &str) -> Contract {
    let text = format!("schema = 1\nid = \"x\"\nextends = \"refresh-rotation\"\n{more}");
    contract::parse("x.toml", &text, &registry::ids()).unwrap_or_else(|error| panic!("{error}"))
}

const SECRETS: &str = r#"
[client-auth]
kind = "form"
[[client]]
id = "a"
key = "a"
secret = "a-secret"
[[client]]
id = "b"
key = "b"
secret = "b-secret"
"#;

/// A story told by application `a`, or whoever `who` says.
impl Story {
    fn ask(&mut self, path: &str, who: [&str; 2], mut body: Value, answer: (u16, Value)) -> &mut Self {
        body["client_id"] = who[0].into();
        body["client_secret"] = who[1].into();
        self.send(path, None, body, Some(answer))
    }

    fn by(&mut self, who: [&str; 2], token: &str, status: u16) -> &mut Self {
        let answer = if status == 200 { tokens(token) } else { json!({"error": "no"}) };
        self.ask("/refresh", who, json!({"refresh_token": token}), (status, answer))
    }

    fn begin(&mut self, token: &str) -> &mut Self {
        self.ask("/login", A, json!({"username": "u", "password": "p"}), (200, tokens(token)))
    }
}

const A: [&str; 2] = ["a", "a-secret"];

fn tokens(after: &str) -> Value {
    let refresh = if after.starts_with('r') { format!("{after}+") } else { "r".to_owned() };
    json!({"access_token": format!("a-{refresh}"), "refresh_token": refresh})
}

#[test]
fn secrets_are_judged_by_whose_they_are() {
    for (who, status, failed) in [
        (["a", "wrong"], 401, &[][..]),
        (["a", "b-secret"], 400, &[]),
        (["b", "b-secret"], 400, &[]),
        (["a", "wrong"], 200, &["rt.client.auth", "err.table.wrong-secret"]),
        (["a", "b-secret"], 200, &["rt.client.auth", "err.table.other-secret"]),
        (["b", "b-secret"], 200, &["rt.client.bind", "err.table.other-client"]),
        (["a", "wrong"], 500, &["err.table.wrong-secret"]),
        (["b", "b-secret"], 500, &["err.table.other-client"]),
    ] {
        let mut story = Story::under(contract(SECRETS), &[]);
        story.begin("").by(who, "r", status);
        assert_eq!(story.failed(), failed, "{who:?} {status}");
        if status < 500 && failed.is_empty() {
            story.by(A, "r", 401);
            let survived = if who[0] == "b" { "rt.client.bind" } else { "rt.notconsumed.key" };
            let violated = [story.failed(), story.with_verdict(Verdict::Warn)].concat();
            assert_eq!(violated, [survived], "{who:?}");
        }
    }
}

#[test]
fn a_lenient_parser_is_no_fault_and_spends_the_token() {
    let mut story = Story::under(contract(""), &[]);
    story.send("/login", None, json!({"username": "u", "password": "p"}), Some((200, tokens(""))));
    // Broken, and read all the same.
    story.send("/refresh", None, json!([{"refresh_token": "r"}]), Some((200, tokens("r"))));
    story.send("/refresh", None, json!({"refresh_token": "r"}), Some((401, json!({}))));
    assert_eq!(story.failed(), Vec::<String>::new());
    assert_eq!(story.with_verdict(Verdict::Warn), Vec::<String>::new());
}

#[test]
fn refusals_are_alike_but_for_times_and_ids() {
    let refusal = |text: &str, at: &str| json!({"detail": text, "at": at, "id": format!("{at}-x")});
    for (second, warned) in [("no", false), ("used", true)] {
        let mut story = Story::under(contract(""), &[]);
        story.send("/login", None, json!({"username": "u", "password": "p"}), Some((200, tokens(""))));
        story.send("/refresh", None, json!({"refresh_token": "r"}), Some((200, tokens("r"))));
        let mut deny = |token: &str, answer| {
            story.send("/refresh", None, json!({"refresh_token": token}), Some((401, answer)));
        };
        deny("made-up", refusal("no", "10:00:01"));
        deny("r", refusal(second, "10:00:02"));
        assert_eq!(story.with_verdict(Verdict::Warn).contains(&"err.oracle".to_owned()), warned, "{second}");
    }
    let finer = "[[errors.row]]\ncase = \"used\"\nstatus = 409\n";
    let mut story = Story::under(contract(finer), &[]);
    assert_eq!(story.verdict("err.oracle"), Verdict::NotApplicable);
}

#[test]
fn a_token_that_a_wrong_client_spent_proves_nothing_about_the_next_one() {
    let mut story = Story::new();
    let token = || json!({"refreshToken": "r0"});
    story.login("r0");
    story.send("/accounts/refresh-token", None, token(), Some((200, grant("u1", "b", "r1"))));
    story.send("/accounts/refresh-token", Some("no"), token(), Some((401, refusal("INVALID_REFRESH_TOKEN"))));
    assert_eq!(story.failed(), ["rt.client.auth", "err.table.missing-key"].map(str::to_owned));
    assert_eq!(story.verdict("err.table.unknown-key"), Verdict::Skip);
}

#[test]
fn blanks_around_a_token_are_not_another_token() {
    let mut story = Story::new();
    story.login("r0").rotate(" r0 ", "r1").refuse("r0");
    assert_eq!(story.failed(), Vec::<String>::new());
    let variants = story.ledger.conclude().into_iter().find(|check| check.id == "rt.variants").unwrap();
    assert_eq!((variants.verdict, variants.reason.contains("blanks")), (Verdict::Pass, true), "{variants:?}");
}
