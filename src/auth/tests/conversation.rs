//! What is made of a server's answers: challenges, replays, what is kept for the requests that follow.

use super::*;

/// A run that talks to a server: signs, is answered, signs again.
struct Talk {
    session: Session,
    attempt: Attempt,
}

impl Talk {
    fn new(kind: &str, params: Value) -> Self {
        let session = Session::new(Source::new(StdRng::seed_from_u64(7), || 1_440_938_160_000));
        let attempt = session.begin(&auth(kind, params), Some("folder"));
        Self { session, attempt }
    }

    fn digest(more: Value) -> Self {
        let mut params = json!({"username": "u", "password": "p"});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Self::new("digest", params)
    }

    /// The next request that inherits the same auth.
    fn again(&mut self) {
        let auth = RequestAuth { kind: self.attempt.kind.clone(), params: self.attempt.params.0.clone() };
        self.attempt = self.session.begin(&auth, Some("folder"));
    }

    /// `Authorization` of the next request, field by field.
    fn says(&mut self) -> String {
        let mut request = get("http://h/x").request;
        let warning = self.session.sign(&self.attempt, &mut request, get("").wire).warning;
        assert_eq!(warning, None);
        request.headers.get("authorization").unwrap_or_default().to_owned()
    }

    fn field(&mut self, name: &str) -> String {
        let said = self.says();
        let fields = said.split_once(' ').map_or("", |(_, fields)| fields);
        let field = fields.split(", ").find_map(|field| field.strip_prefix(&format!("{name}=")));
        field.map(|value| value.trim_matches('"').to_owned()).unwrap_or_default()
    }

    fn hears(&mut self, code: u16, challenges: &[&str]) -> Verdict {
        let mut headers = Headers::default();
        challenges.iter().for_each(|challenge| headers.push("www-authenticate", *challenge));
        let response = Response {
            code,
            reason: String::new(),
            version: "HTTP/1.1".into(),
            headers,
            body: Body::default(),
        };
        self.session.answered(&mut self.attempt, &response)
    }
}

fn refused(verdict: Verdict) -> String {
    match verdict {
        Verdict::Done(Some(warning)) => {
            assert_eq!(warning.code, WarningCode::AuthNotApplied);
            warning.message
        }
        other => panic!("{other:?}"),
    }
}

const DONE: Verdict = Verdict::Done(None);
const PLAIN: &str = r#"Digest realm="r", nonce="n1", qop="auth""#;

#[test]
fn a_challenge_is_answered_once() {
    let mut talk = Talk::digest(json!({}));
    assert_eq!(talk.says(), "");
    assert_eq!(talk.hears(401, &["Basic realm=x", PLAIN]), Verdict::Replay);
    assert_eq!((talk.field("nonce").as_str(), talk.field("nc").as_str()), ("n1", "00000001"));
    assert_eq!(talk.field("cnonce").len(), 8);
    assert_eq!(talk.hears(401, &[r#"Digest realm="r", nonce="n2", qop="auth""#]), DONE, "wrong credentials");
}

#[test]
fn a_challenge_serves_the_requests_that_inherit_the_auth() {
    let mut talk = Talk::digest(json!({}));
    assert_eq!(talk.hears(403, &[PLAIN]), Verdict::Replay);
    let client_nonce = talk.field("cnonce");
    assert_eq!(talk.hears(200, &[]), DONE);
    for count in 2..12 {
        talk.again();
        assert_eq!(talk.field("nc"), format!("{count:08x}"));
        assert_eq!(talk.field("cnonce"), client_nonce);
        assert_eq!(talk.hears(200, &[]), DONE);
    }
    talk.again();
    assert_eq!(
        talk.hears(401, &[r#"Digest realm="r", nonce="n2", qop="auth""#]),
        Verdict::Replay,
        "nonce worn out"
    );
    assert_eq!((talk.field("nonce").as_str(), talk.field("nc").as_str()), ("n2", "00000001"));
    assert_eq!(
        talk.hears(403, &[r#"Digest realm="r", nonce="n2", qop="auth""#]),
        DONE,
        "known, and not allowed"
    );
    let other = talk.session.begin(&auth("digest", json!({"username": "u"})), None);
    assert_eq!(other.digest, digest::Session::default());
}

#[test]
fn stale_nonces_are_replaced_but_not_for_ever() {
    let mut talk = Talk::digest(json!({}));
    for n in 0..3 {
        let challenge = format!(r#"Digest realm="r", nonce="{n}", stale=true"#);
        assert_eq!(talk.hears(401, &[&challenge]), Verdict::Replay);
        assert_eq!(talk.field("nonce"), n.to_string());
    }
    let message = refused(talk.hears(401, &[r#"Digest realm="r", nonce="4", stale=TRUE"#]));
    assert!(message.contains("maximum intermediate request limit exceeded"), "{message}");
}

/// what the user says; challenges → algorithm, qop
#[test]
fn algorithm_and_quality_are_agreed_on() {
    for (given, challenges, algorithm, qop) in [
        (json!({}), &[PLAIN][..], "MD5", "auth"),
        (
            json!({}),
            &[r#"Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth-int,auth""#],
            "SHA-256",
            "auth",
        ),
        (
            json!({}),
            &[r#"Digest realm="r", nonce="n", algorithm="sha-512-256-SESS""#],
            "SHA-512-256-sess",
            "",
        ),
        (
            json!({}),
            &[r#"Digest realm="r", nonce="n", algorithm=MD5-sess, qop="auth-int""#],
            "MD5-sess",
            "auth-int",
        ),
        (
            json!({}),
            &[
                r#"Digest realm="r", nonce="n", algorithm=SHA-3, qop=auth"#,
                r#"Digest realm="r", nonce="n", algorithm=MD5"#,
            ],
            "MD5",
            "",
        ),
        (
            json!({"algorithm": "MD5"}),
            &[
                r#"Digest realm="r", nonce="n", algorithm=SHA-256"#,
                r#"Digest realm="r", nonce="n", algorithm=MD5"#,
            ],
            "MD5",
            "",
        ),
        (json!({"algorithm": "MD5"}), &[r#"Digest realm="r", nonce="n", algorithm=SHA-256"#], "SHA-256", ""),
        (json!({"algorithm": "SHA-256"}), &[PLAIN], "SHA-256", "auth"),
        (
            json!({"qop": "auth-int"}),
            &[r#"Digest realm="r", nonce="n", qop="auth, auth-int""#],
            "MD5",
            "auth-int",
        ),
    ] {
        let mut talk = Talk::digest(given);
        assert_eq!(talk.hears(401, challenges), Verdict::Replay);
        assert_eq!(
            (talk.field("algorithm").as_str(), talk.field("qop").as_str()),
            (algorithm, qop),
            "{challenges:?}"
        );
        assert_eq!(talk.field("cnonce").is_empty(), qop.is_empty() && !algorithm.ends_with("-sess"));
    }
}

#[test]
fn what_the_user_gives_is_kept() {
    let given = json!({"realm": "mine", "clientNonce": "c", "nonceCount": "0000000f"});
    let mut talk = Talk::digest(given);
    assert_eq!(talk.says(), "", "no nonce yet");
    assert_eq!(talk.hears(401, &[PLAIN]), Verdict::Replay);
    let shown = ["realm", "nonce", "nc", "cnonce"].map(|name| talk.field(name));
    assert_eq!(shown, ["mine", "n1", "0000000f", "c"]);
    let whole = json!({"realm": "r", "nonce": "n", "qop": "auth", "clientNonce": "c"});
    let mut talk = Talk::digest(whole);
    assert_eq!(talk.field("nonce"), "n");
    assert_eq!(talk.hears(401, &[PLAIN]), DONE);
}

#[test]
fn a_server_that_offers_nothing_is_told() {
    let mut talk = Talk::digest(json!({}));
    assert_eq!(
        refused(talk.hears(401, &["Basic realm=x"])),
        "auth `digest` was not applied: the answer 401 offers no digest challenge"
    );
    assert_eq!(talk.hears(403, &[]), DONE);
    let message = refused(talk.hears(401, &[r#"Digest realm="r""#]));
    assert!(message.ends_with("lacks a realm or a nonce"), "{message}");
    let mut talk = Talk::digest(json!({"disableRetryRequest": true}));
    assert_eq!(talk.hears(401, &[PLAIN]), DONE);
}

#[test]
fn ntlm_takes_three_legs() {
    let mut talk = Talk::new("ntlm", json!({"username": "D\\u", "password": "p"}));
    assert_eq!(talk.says(), "");
    assert_eq!(talk.hears(401, &["Negotiate", "NTLM"]), Verdict::Replay);
    assert!(talk.says().starts_with("NTLM TlRMTVNTUAABAAAA"), "{}", talk.says());
    // Flags: Unicode and NTLM alone; the server's nonce is eight times 1.
    let challenge = "NTLM TlRMTVNTUAACAAAAAAAAADAAAAABAgAAAQEBAQEBAQEAAAAAAAAAAA==";
    assert_eq!(talk.hears(401, &[challenge]), Verdict::Replay);
    assert!(talk.says().starts_with("NTLM TlRMTVNTUAADAAAA"), "{}", talk.says());
    assert_eq!(talk.hears(401, &["NTLM"]), DONE);
    talk.again();
    assert_eq!(talk.says(), "", "the connection is authenticated, or begins again");
}

#[test]
fn ntlm_that_goes_nowhere_is_told() {
    let params = json!({"username": "u", "password": "p"});
    let mut talk = Talk::new("ntlm", params.clone());
    assert_eq!(
        refused(talk.hears(401, &["Basic realm=x"])),
        "auth `ntlm` was not applied: the answer 401 does not offer NTLM"
    );
    for (answer, expected) in
        [("NTLM", "did not send an NTLM type 2 message"), ("NTLM AAAA", "type 2 message cannot be read")]
    {
        let mut talk = Talk::new("ntlm", params.clone());
        assert_eq!(talk.hears(401, &["NTLM"]), Verdict::Replay);
        let message = refused(talk.hears(401, &[answer]));
        assert!(message.ends_with(expected), "{message}");
    }
    let mut talk = Talk::new("ntlm", json!({"username": "u", "disableRetryRequest": true}));
    assert_eq!(talk.hears(401, &["NTLM"]), DONE);
}
