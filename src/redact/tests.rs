//! What is masked, what is left alone, and that nothing leaks.

use super::*;
use crate::event::{Cursor, EventKind, ItemRef, RequestLine, RunInfo};
use crate::exchange::{Body, Call, Exchange, Headers, ResolvedRequest, Response, Timings};
use crate::summary::Stats;
use crate::variable::Variable;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use serde_json::json;

const TOKEN: &str = "rt_4f9Q-kk2.Zp0x81LmVaqTTeWw";

fn redactor() -> Redactor {
    Redactor::with_key([7; 16])
}

fn headers(fields: &[(&str, &str)]) -> Headers {
    let mut headers = Headers::default();
    fields.iter().for_each(|(key, value)| headers.push(*key, *value));
    headers
}

fn event(kind: EventKind) -> RunEvent {
    RunEvent { seq: 1, at_ms: 0.5, kind }
}

fn finished(request: ResolvedRequest, response: Response) -> EventKind {
    let call = Call { request, outcome: Ok(response), timings: Timings::default() };
    EventKind::RequestFinished {
        cursor: Cursor::default(),
        number: 1,
        exchange: Arc::new(Exchange { calls: vec![call] }),
        by_script: false,
    }
}

fn request(url: &str, fields: &[(&str, &str)], body: impl Into<Vec<u8>>) -> ResolvedRequest {
    let body = Some(Body::new(body.into()));
    ResolvedRequest { method: "POST".into(), url: url.into(), headers: headers(fields), body }
}

fn response(fields: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Response {
    Response {
        code: 200,
        reason: "OK".into(),
        version: "HTTP/1.1".into(),
        headers: headers(fields),
        body: Body::new(body.into()),
    }
}

fn jwt(payload: &str, signature: &str) -> String {
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(r#"{"alg":"HS512","typ":"JWT"}"#), part(payload), part(signature))
}

/// Learns and masks as the pipeline does, and gives the event as a recording holds it.
fn recorded(redactor: &mut Redactor, kind: EventKind) -> String {
    redactor.learn_event(&kind);
    let masked = redactor.mask_event(event(kind));
    let text = serde_json::to_string(&masked).unwrap();
    let again: RunEvent = serde_json::from_str(&text).unwrap();
    assert_eq!(
        serde_json::to_string(&redactor.mask_event(again)).unwrap(),
        text,
        "masking twice changes nothing"
    );
    text
}

fn assert_absent(text: &str, secrets: &[&str]) {
    for secret in secrets {
        // Three spellings made here, so that a mistake in `forms` cannot hide itself.
        let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let own = [(*secret).to_owned(), BASE64_STANDARD.encode(secret), url];
        for form in forms(secret).into_iter().chain(own) {
            assert!(!text.contains(&form), "{form} (of {secret}) in {text}");
        }
    }
}

#[test]
fn a_secret_is_masked_in_every_spelling_and_shows_its_name() {
    let mut redactor = redactor();
    redactor.add("refresh-token", TOKEN);
    let mask = redactor.mask_text(TOKEN).into_owned();
    assert!(mask.starts_with("‹secret:refresh-token#") && mask.ends_with('›'), "{mask}");
    assert_eq!(mask.chars().count(), "‹secret:refresh-token#a1b2›".chars().count());
    assert_eq!(redactor.mask_text(&format!("a {TOKEN} b {TOKEN}")), format!("a {mask} b {mask}"));
    for form in forms(TOKEN) {
        assert_eq!(redactor.mask_text(&format!("[{form}]")), format!("[{mask}]"), "{form}");
    }
    assert!(matches!(redactor.mask_text("nothing in here"), Cow::Borrowed(_)));
}

#[test]
fn masks_tell_equal_from_different_and_never_from_run_to_run() {
    let mut one = redactor();
    (0..300).for_each(|n| one.add("token", &format!("token-number-{n}")));
    let masks: HashSet<String> =
        (0..300).map(|n| one.mask_text(&format!("token-number-{n}")).into_owned()).collect();
    assert_eq!(masks.len(), 300);
    let mask = |key| {
        let mut redactor = Redactor::with_key(key);
        redactor.add("token", TOKEN);
        redactor.mask_text(TOKEN).into_owned()
    };
    assert_eq!(mask([1; 16]), mask([1; 16]));
    assert_ne!(mask([1; 16]), mask([2; 16]));
}

#[test]
fn what_is_no_secret_stays() {
    let mut redactor = redactor();
    let never = ["", "  ", "true", "False", "null", "1", "12345", "-1.5", "{{token}}", "<<token>>"];
    for text in never.into_iter().chain(["Bearer {{token}}", "{{user}}:{{password}}", "Bearer", "127.0.0.1"])
    {
        redactor.add("x", text);
        assert_eq!(redactor.mask_text(text), text);
    }
}

#[test]
fn short_secrets_are_masked_as_whole_strings_and_codes_as_whole_numbers() {
    let mut redactor = redactor();
    redactor.add("pin", "abc");
    redactor.add("totp", "123456");
    assert!(redactor.mask_text("abc").starts_with("‹secret:pin#"));
    assert_eq!(redactor.mask_text("abcd abc"), "abcd abc");
    assert!(redactor.mask_text("code=123456").starts_with("code=‹secret:totp#"));
    assert_eq!(redactor.mask_text("at 1712345678"), "at 1712345678");
}

#[test]
fn masking_is_idempotent_whatever_the_names_hold() {
    let mut redactor = redactor();
    redactor.add("password", "hunter22");
    redactor.add("other", "password");
    redactor.add("third", "secret");
    let text = "hunter22 password secret:hunter22";
    let once = redactor.mask_text(text).into_owned();
    assert_eq!(redactor.mask_text(&once), once);
    // Somebody else's text in a mask's clothes is text.
    assert!(!redactor.mask_text("‹secret:hunter22#0000›").contains("hunter22"));
}

#[test]
fn a_secret_within_a_secret_is_one_mask() {
    let mut redactor = redactor();
    redactor.add("part", "abcdef");
    redactor.add("whole", "xx-abcdef-yy");
    assert!(redactor.mask_text("xx-abcdef-yy").starts_with("‹secret:whole#"));
    assert!(redactor.mask_text("xx-abcdef-zz").starts_with("xx-‹secret:part#"));
}

#[test]
fn scopes_give_what_is_typed_or_named_secret() {
    let mut scopes = Scopes::default();
    let typed = |value: serde_json::Value| Variable { kind: Some("secret".into()), ..Variable::new(value) };
    let basic = BASE64_STANDARD.encode("anna:pa55word!");
    scopes.environment.declare("innocent", typed(json!("typed-secret")));
    scopes.environment.declare("off", Variable { disabled: true, ..typed(json!("disabled-secret")) });
    scopes.environment.set("x-api-key", "key-by-name");
    scopes.environment.set("basicAuthToken", basic.as_str());
    scopes.environment.set("baseUrl", "https://api.example.com");
    scopes.environment.set("tokenUrl", "https://auth.example.com");
    scopes.globals.set("token", json!({"nested": ["deep-secret"]}));
    let mut redactor = redactor();
    redactor.learn_scopes(&scopes);
    for secret in ["typed-secret", "disabled-secret", "key-by-name", &basic, "pa55word!", "deep-secret"] {
        assert!(redactor.mask_text(secret).starts_with(OPEN), "{secret}");
    }
    for open in ["https://api.example.com", "https://auth.example.com", "anna"] {
        assert_eq!(redactor.mask_text(open), open);
    }
}

#[test]
fn disabled_shows_everything() {
    let mut redactor = Redactor::disabled();
    redactor.add("token", TOKEN);
    let kind =
        finished(request("http://h/?token=abcdefgh", &[("Authorization", TOKEN)], ""), response(&[], TOKEN));
    redactor.learn_event(&kind);
    assert_eq!(redactor.mask_event(event(kind.clone())), event(kind));
    assert_eq!(redactor.mask_text(TOKEN), TOKEN);
}

#[test]
fn nothing_leaks_from_wherever_secrets_are_met() {
    let access = jwt(r#"{"sub":"u1","exp":1}"#, "access-signature-bytes");
    let refresh = jwt(r#"{"sub":"u1","jti":"r1"}"#, "refresh-signature-bytes");
    let basic = BASE64_STANDARD.encode("anna:b4sic-p@ss");
    let inner = json!({"deep": {"clientSecret": "json-in-json \"quoted\""}}).to_string();
    let sent = json!({"refreshToken": refresh, "user": {"password": "nested\\pass\"word"}, "totpToken": 654321,
        "list": [{"apiKey": "listed-key"}], "note": inner});
    let got = json!({"shortToken": access, "settings": [{"key": "private-key", "value": "paired-value"}],
        "echo": BASE64_STANDARD.encode(format!("x:{}", BASE64_STANDARD.encode("nested\\pass\"word")))});
    let kind = finished(
        request(
            "https://bob:url%40pass@h/p?access_token=query-t%2Fk&key=AIzaSyA-0123456789&page=2#id_token=frag-tok",
            &[
                ("Authorization", &format!("Basic {basic}")),
                ("Proxy-Authorization", "Bearer proxy-bearer"),
                ("Cookie", "sid=cookie-value; theme=\"dark-mode\""),
                ("X-Api-Key", "header-key"),
            ],
            sent.to_string(),
        ),
        response(
            &[
                ("Set-Cookie", "sid=new-cookie-value; Path=/; HttpOnly"),
                ("X-Csrf-Token", "csrf-value"),
                ("Location", "/next?token=location-token"),
            ],
            got.to_string(),
        ),
    );
    let signature = access.rsplit('.').next().unwrap();
    let payload = refresh.split('.').nth(1).unwrap();
    let secrets = [
        access.as_str(),
        refresh.as_str(),
        signature,
        payload,
        &basic,
        "b4sic-p@ss",
        "proxy-bearer",
        "cookie-value",
        "dark-mode",
        "header-key",
        "url@pass",
        "query-t/k",
        "AIzaSyA-0123456789",
        "frag-tok",
        "nested\\pass\"word",
        "654321",
        "listed-key",
        "json-in-json \"quoted\"",
        "paired-value",
        "new-cookie-value",
        "csrf-value",
        "location-token",
    ];
    let mut redactor = redactor();
    let text = recorded(&mut redactor, kind);
    assert_absent(&text, &secrets);
    assert!(text.contains("bob:") && text.contains("page=2") && text.contains("Path=/; HttpOnly"));

    // What is learned from one event is masked in all that follow, in whatever field.
    let all = secrets.join(" | ");
    let log = EventKind::ConsoleLogged {
        cursor: Cursor::default(),
        level: "log".into(),
        messages: vec![all.clone(), BASE64_URL_SAFE.encode(&all), json!({ "a": all }).to_string()],
    };
    assert_absent(&recorded(&mut redactor, log), &secrets);
    let item = ItemRef { id: all.clone(), name: all.clone(), path: vec![all.clone()], location: None };
    let skipped = EventKind::ItemSkipped { cursor: Cursor::default(), item, reason: all.clone() };
    assert_absent(&recorded(&mut redactor, skipped), &secrets);
    let last = EventKind::RunFinished {
        stats: Stats::default(),
        command: Some(all.clone()),
        environment: Some(json!({ "values": [{ all.clone(): all }] })),
        globals: None,
        collection_variables: Some(json!([{ all.clone(): all }])),
    };
    assert_absent(&recorded(&mut redactor, last), &secrets);
}

#[test]
fn forms_multipart_and_broken_json_are_read() {
    let form = "user=anna&password=f%C3%B6rm+p%26ss&grant_type=password";
    let multipart =
        "--b\r\nContent-Disposition: form-data; name=\"clientSecret\"\r\n\r\nmulti part\r\n--b--\r\n";
    let cases = [
        ("application/x-www-form-urlencoded", form, "förm p&ss"),
        ("", "token=unlabelled-form", "unlabelled-form"),
        ("multipart/form-data; boundary=b", multipart, "multi part"),
        ("application/json", "{\"a\":[{\"token\":\"before-the-cut\"},", "before-the-cut"),
        ("application/x-ndjson", "{\"n\":1}\n{\"token\":\"second-line\"}\n", "second-line"),
    ];
    for (media, body, secret) in cases {
        let mut redactor = redactor();
        let sent = request("http://h/", &[("Content-Type", media)], body);
        let text = recorded(&mut redactor, finished(sent, response(&[], "")));
        assert_absent(&text, &[secret]);
        assert!(redactor.mask_text(secret).starts_with(OPEN), "{media}");
    }
}

#[test]
fn a_response_that_speaks_about_a_field_gives_no_secret() {
    let mut redactor = redactor();
    let body = json!({"password": "must not be empty", "token": "required", "token_type": "Bearer"});
    redactor.learn_event(&finished(request("http://h/", &[], ""), response(&[], body.to_string())));
    for text in ["the name must not be empty", "required", "Bearer"] {
        assert_eq!(redactor.mask_text(text), text);
    }
}

#[test]
fn bodies_that_are_cut_or_no_text_do_not_leak() {
    let mut redactor = redactor();
    redactor.add("token", TOKEN);
    let limit = crate::exchange::BODY_LIMIT;
    let cut = format!("{}{TOKEN} tail {TOKEN}", "x".repeat(limit - 12));
    let mut binary = vec![0xff, 0xfe];
    binary.extend_from_slice(TOKEN.as_bytes());
    let kind = finished(request("http://h/", &[], binary), response(&[], cut.clone()));
    redactor.learn_event(&kind);
    let masked = redactor.mask_event(event(kind));
    let EventKind::RequestFinished { exchange, .. } = masked.kind else { panic!("another event") };
    let sent = exchange.request().body.as_ref().unwrap();
    assert!(sent.bytes().starts_with(&[0xff, 0xfe]) && sent.text().contains(OPEN));
    assert!(!sent.text().contains(TOKEN));
    let got = &exchange.response().unwrap().body;
    assert!(got.truncated() && got.size() == cut.len() as u64);
    assert!(!got.text().contains(&TOKEN[..8]), "the head of a token at the cut");
}

#[test]
fn words_of_the_format_are_no_text() {
    let mut redactor = redactor();
    for word in ["test", "event", "cursor", "passed", "scriptFinished", "result", "text"] {
        redactor.add("unlucky", word);
    }
    let kind = EventKind::ScriptFinished {
        cursor: Cursor::default(),
        listen: "test".into(),
        duration_ms: 1.0,
        error: None,
    };
    assert_eq!(redactor.mask_event(event(kind.clone())).kind, kind);
}

#[test]
fn a_collection_gives_its_secrets_before_it_is_shown() {
    let apikey = json!([{"key": "key", "value": "X-Odd"}, {"key": "value", "value": "odd-value"}]);
    let collection = json!({"other": {"apikey": apikey, "type": "apikey"}, "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "auth-value"}]},
        "variable": [{"key": "plain", "value": "typed-value", "type": "secret"}],
        "item": [{"request": {"header": [{"key": "X-Key", "value": "header-value"},
                                          {"key": "Authorization", "value": "Bearer {{token}}"}]}}]});
    let run = RunInfo {
        name: "c".into(),
        file: None,
        tool: "t".into(),
        started: "2026-01-01T00:00:00.000Z".into(),
        iterations: 1,
        items: None,
        contract: None,
        collection: Some(Arc::new(collection)),
        target: None,
        inputs: Vec::new(),
        notes: Vec::new(),
    };
    let text = recorded(&mut redactor(), EventKind::RunStarted { run });
    assert_absent(&text, &["auth-value", "typed-value", "header-value", "odd-value"]);
    assert!(text.contains("X-Odd"));
    assert!(text.contains("Bearer {{token}}"));
}

#[test]
fn a_request_about_to_be_sent_gives_the_secrets_of_its_url() {
    let request = RequestLine { method: "GET".into(), url: "http://h/?api_key=url-secret".into() };
    let kind = EventKind::RequestStarted { cursor: Cursor::default(), number: 1, request };
    assert_absent(&recorded(&mut redactor(), kind), &["url-secret"]);
}

#[test]
fn what_a_counterexample_shows_is_learned_again() {
    let mut redactor = redactor();
    let body = json!({"refresh_token": TOKEN}).to_string();
    let bearer = format!("Bearer {TOKEN}x");
    let shown = finished(
        request("https://h/redeem", &[("Authorization", &bearer)], body.clone()),
        response(&[("content-type", "application/json")], body),
    );
    recorded(&mut redactor, shown.clone());
    (0..3 * index::GENERATION).for_each(|n| redactor.learn("token", &format!("newer-token-{n}")));
    assert_eq!(redactor.mask_text(TOKEN), TOKEN, "it is forgotten");
    let EventKind::RequestFinished { exchange, .. } = shown else { panic!() };
    let step = crate::event::CounterexampleStep { text: "redeem".to_owned(), exchanges: vec![exchange] };
    let counterexample = crate::event::Counterexample {
        check: "rt.rotate".to_owned(),
        seed: 7,
        shrunk_from: 1,
        repeatable: true,
        steps: vec![step],
    };
    let text = recorded(&mut redactor, EventKind::CounterexampleFound { counterexample });
    assert_absent(&text, &[TOKEN]);
}
