//! The reference server over real sockets: what a sound one answers.

mod api;
mod faults;
mod races;
mod scenarios;
mod wires;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use postproof::server::{self, Config};
use reqwest::Method;
use serde_json::json;
use tokio::{io::AsyncReadExt, io::AsyncWriteExt, net::TcpStream, sync::oneshot};

use api::*;

#[test]
fn the_key_gate_comes_first_on_every_path_and_says_only_unauthorized() {
    let api = Api::sound();
    for path in ["/accounts/users", "/accounts/refresh-token", "/_control/subjects/disable", "/nowhere", "/"]
    {
        for key in [None, Some(""), Some("pk_unknown"), Some("PK_WEB_5F0C7D2B9E41")] {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                let request = as_json(api.bare(method.clone(), path), "{\"broken");
                let seen = api.send(match key {
                    Some(key) => request.header("x-api-key", key),
                    None => request,
                });
                let context = format!("{method} {path} {key:?}");
                assert_eq!(seen.status, 401, "{context}");
                assert_eq!(seen.text, "Unauthorized", "{context}");
                assert_eq!((seen.content_type, seen.challenged), (None, false), "{context}");
            }
        }
    }
}

#[test]
fn the_key_may_come_in_the_query_and_its_header_in_any_case() {
    let api = Api::sound();
    let path = format!("/accounts/customers?x-api-key={WEB}");
    let request = api.bare(Method::POST, &path).basic_auth(CARLA.0, Some(CARLA.1));
    assert_eq!(api.send(as_json(request, "{}")).summary(), CUSTOMER);
    let request = api.bare(Method::GET, "/accounts/users").header("X-API-KEY", WEB);
    assert_eq!(api.send(request).summary(), NO_BEARER);
    assert_eq!(api.send(api.bare(Method::GET, "/accounts/users?x-api-key=nobody")).summary(), NO_KEY);
}

#[test]
fn whatever_is_no_route_is_not_found() {
    let api = Api::sound();
    for (method, path) in
        [(Method::GET, "/nowhere"), (Method::POST, "/"), (Method::DELETE, "/accounts/users")]
    {
        let seen = api.send(as_json(api.bare(method, path).header("x-api-key", WEB), "{"));
        assert_eq!(seen.summary(), "404 NOT_FOUND");
        assert_eq!(seen.content_type.as_deref(), Some("application/json; charset=utf-8"));
        assert!(seen.json["message"].is_string());
    }
}

#[test]
fn logins_answer_in_the_shape_of_their_subject() {
    let api = Api::sound();
    let user = api.user(ANA);
    assert_eq!(user.summary(), USER);
    assert_eq!(user.content_type.as_deref(), Some("application/json; charset=utf-8"));
    assert_eq!(user.text_at("/user/email"), ANA.0);
    assert!(user.json.pointer("/user/role").is_some());
    let customer = api.customer();
    assert_eq!(customer.summary(), CUSTOMER);
    assert_eq!(customer.text_at("/customer/customerNumber"), CARLA.0);
    let by_email = api.sign_in_with("customers", ("carla@postproof.example", CARLA.1), json!({}));
    assert_eq!(by_email.json["customer"], customer.json["customer"]);
    let application = api.application();
    assert_eq!(application.summary(), "200 application token shortToken refreshToken");
    assert_eq!(application.text_at("/application/name"), "postproof-web");
    assert!(!application.text.contains("sk_web"));
}

#[test]
fn wrong_logins_are_refused_with_their_code() {
    let api = Api::sound();
    let audience = json!({ "audience": "postproof-web" });
    let rows = [
        ("users", (ANA.0, "wrong"), audience.clone(), "401 INVALID_CREDENTIALS"),
        ("users", ("nobody", ANA.1), audience.clone(), "401 INVALID_CREDENTIALS"),
        ("users", CARLA, audience.clone(), "401 INVALID_CREDENTIALS"),
        ("customers", ANA, json!({}), "401 INVALID_CREDENTIALS"),
        ("applications", ("postproof-web", "sk_web_c1a97be04d6f4f83"), json!({}), "401 INVALID_CREDENTIALS"),
        ("users", ANA, json!({ "audience": "postproof-other" }), "400 WRONG_DATA"),
        ("users", ANA, json!({}), "400 WRONG_DATA"),
        ("users", MIA, audience, "401 MFA_REQUIRED"),
        (
            "users",
            MIA,
            json!({ "audience": "postproof-web", "totpToken": "000000" }),
            "401 MFA_VERIFICATION_FAILED",
        ),
        (
            "users",
            MIA,
            json!({ "audience": "postproof-web", "totpToken": 424242 }),
            "401 MFA_VERIFICATION_FAILED",
        ),
        ("users", MIA, json!({ "audience": "postproof-web", "totpToken": "424242" }), USER),
    ];
    for (role, who, body, expected) in rows {
        assert_eq!(api.sign_in_with(role, who, body.clone()).summary(), expected, "{role} {who:?} {body}");
    }
    let mfa = api.sign_in_with("users", MIA, json!({ "audience": "postproof-web" }));
    assert_eq!(mfa.text_at("/message"), "Two-factor authentication code is required.");
    for authorization in ["", "Basic", "Basic !!!", "Basic YW5h", "Bearer x"] {
        let request = api.post("/accounts/customers").header("authorization", authorization);
        assert_eq!(api.send(request).summary(), "401 INVALID_CREDENTIALS", "{authorization}");
    }
    api.key.set(OTHER);
    assert_eq!(api.application().summary(), "401 INVALID_CREDENTIALS");
}

#[test]
fn short_tokens_are_signed_as_documented() {
    let api = Api::sound();
    let login = api.user(ANA);
    let (header, claims) = (jwt_part(login.short_token(), 0), jwt_part(login.short_token(), 1));
    assert_eq!(header["alg"], "HS512");
    assert_eq!(claims["iss"], "btrz-api-accounts");
    assert_eq!(claims["sub"], "account_user_sign_in");
    assert_eq!(claims["aud"], "postproof-web");
    assert_eq!(claims["_id"], login.json["user"]["_id"]);
    assert_eq!(claims["id"], login.json["user"]["_id"]);
    assert_eq!(claims["iat"], 1_800_000_000);
    assert_eq!(lifetime(login.short_token()), 900);
    assert_ne!(claims["jti"], jwt_part(api.user(ANA).short_token(), 1)["jti"]);
}

#[test]
fn refresh_tokens_are_opaque_and_hold_256_bits() {
    let api = Api::sound();
    let tokens: Vec<String> = (0..50).map(|_| api.user(ANA).refresh_token().to_owned()).collect();
    for (position, token) in tokens.iter().enumerate() {
        assert_eq!(URL_SAFE_NO_PAD.decode(token).unwrap().len(), 32);
        assert!(!tokens[..position].contains(token));
    }
}

#[test]
fn an_application_without_refresh_tokens_gives_none_and_two_days_of_access() {
    let api = Api::sound();
    api.key.set(LEGACY);
    let secret = application_secret(LEGACY, "sk_legacy_2f6d0b9ac47e4e11");
    let logins = [
        (api.user(ANA), "200 user token shortToken"),
        (api.customer(), "200 customer token shortToken"),
        (
            api.sign_in_with("applications", ("postproof-legacy", &secret), json!({})),
            "200 application token shortToken",
        ),
    ];
    for (login, expected) in logins {
        assert_eq!(login.summary(), expected);
        assert_eq!(lifetime(login.short_token()), 172_800);
    }
}

#[test]
fn a_redeem_answers_as_the_login_did_with_new_tokens_and_works_once() {
    let api = Api::sound();
    for login in [api.user(ANA), api.customer(), api.application()] {
        let mut used = vec![login.refresh_token().to_owned()];
        let mut access = vec![login.short_token().to_owned()];
        for _ in 0..5 {
            let redeemed = api.redeem(used.last().unwrap());
            assert_eq!(redeemed.summary(), login.summary());
            for role in ["user", "customer", "application"] {
                assert_eq!(redeemed.json.get(role), login.json.get(role));
            }
            for token in &used {
                assert_eq!(api.redeem(token).summary(), REFUSED);
            }
            assert!(!used.contains(&redeemed.refresh_token().to_owned()));
            assert!(!access.contains(&redeemed.short_token().to_owned()));
            used.push(redeemed.refresh_token().to_owned());
            access.push(redeemed.short_token().to_owned());
        }
    }
}

#[test]
fn a_redeem_ignores_the_authorization_header_and_unknown_fields() {
    let api = Api::sound();
    for authorization in ["Basic bm9ib2R5Om5vdGhpbmc=", "Bearer garbage", "nonsense"] {
        let body = json!({ "refreshToken": api.user(ANA).refresh_token(), "unknown": [1] }).to_string();
        let request = api.post("/accounts/refresh-token").header("authorization", authorization);
        assert_eq!(api.send(as_json(request, &body)).summary(), USER, "{authorization}");
    }
}

#[test]
fn refused_redeems_are_answered_by_the_error_table_and_burn_nothing() {
    let api = Api::sound();
    let login = api.user(ANA);
    let token = login.refresh_token();
    let bodies = [
        (String::new(), "400 WRONG_DATA"),
        ("{}".to_owned(), "400 WRONG_DATA"),
        ("[]".to_owned(), "400 WRONG_DATA"),
        (json!({ "refreshToken": null }).to_string(), "400 WRONG_DATA"),
        (json!({ "refreshToken": 7 }).to_string(), "400 WRONG_DATA"),
        (json!({ "refreshToken": { "value": token } }).to_string(), "400 WRONG_DATA"),
        (json!({ "refreshtoken": token }).to_string(), "400 WRONG_DATA"),
        (format!("{{\"refreshToken\": \"{token}\""), "400 text/html"),
        ("\"text\"".to_owned(), "400 text/html"),
        (json!({ "refreshToken": "" }).to_string(), REFUSED),
        (json!({ "refreshToken": "garbage" }).to_string(), REFUSED),
        (json!({ "refreshToken": login.short_token() }).to_string(), REFUSED),
        (json!({ "refreshToken": login.text_at("/token") }).to_string(), REFUSED),
        (json!({ "refreshToken": flipped(token) }).to_string(), REFUSED),
        (json!({ "refreshToken": format!(" {token}") }).to_string(), REFUSED),
        (json!({ "refreshToken": &token[..token.len() - 4] }).to_string(), REFUSED),
        (json!({ "refreshToken": "x".repeat(65_536) }).to_string(), REFUSED),
        (json!({ "refreshToken": "\u{0}\u{7f}ä" }).to_string(), REFUSED),
        ("[".repeat(10_000), "400 text/html"),
        ("x".repeat(4_000_000), "400 text/html"),
    ];
    for (body, expected) in bodies {
        let start = &body[..body.len().min(60)];
        assert_eq!(api.redeem_body(&body).summary(), expected, "{start}");
    }
    let form =
        api.post("/accounts/refresh-token").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(api.send(form.body(format!("refreshToken={token}"))).summary(), "400 WRONG_DATA");
    let invalid_utf8 = api.post("/accounts/refresh-token").header("content-type", "application/json");
    assert_eq!(
        api.send(invalid_utf8.body(b"{\"refreshToken\":\"\xff\"}".to_vec())).summary(),
        "400 text/html"
    );
    let keyless = as_json(
        api.bare(Method::POST, "/accounts/refresh-token"),
        &json!({ "refreshToken": token }).to_string(),
    );
    assert_eq!(api.send(keyless).summary(), NO_KEY);
    api.key.set(OTHER);
    assert_eq!(api.redeem(token).summary(), REFUSED);
    api.key.set(WEB);
    assert_eq!(api.redeem(token).summary(), USER);
}

#[test]
fn refresh_tokens_expire_to_the_millisecond() {
    let api = Api::sound();
    api.key.set(BRIEF);
    api.pass(400);
    let (early, late) = (api.user(ANA), api.user(ANA));
    api.pass(999);
    assert_eq!(api.redeem(early.refresh_token()).summary(), USER);
    api.pass(1);
    assert_eq!(api.redeem(late.refresh_token()).summary(), REFUSED);
}

#[test]
fn a_disabled_subject_neither_signs_in_nor_redeems_until_enabled() {
    let api = Api::sound();
    let (login, bystander) = (api.user(DAN), api.user(ANA));
    assert_eq!(api.control("disable", DAN.0).status, 204);
    assert_eq!(api.user(DAN).summary(), "401 INVALID_CREDENTIALS");
    assert_eq!(api.redeem(login.refresh_token()).summary(), REFUSED);
    assert_eq!(api.redeem(bystander.refresh_token()).summary(), USER);
    assert_eq!(api.control("enable", DAN.0).status, 204);
    assert_eq!(api.redeem(login.refresh_token()).summary(), USER);
    assert_eq!(api.user(DAN).summary(), USER);
    assert_eq!(api.control("disable", "nobody").summary(), "404 NOT_FOUND");
    assert_eq!(api.send(api.post("/_control/subjects/disable")).summary(), "400 WRONG_DATA");
}

#[test]
fn protected_routes_open_to_the_right_living_access_token_only() {
    let api = Api::sound();
    let (user, customer, application) = (api.user(ANA), api.customer(), api.application());
    let own = format!("/accounts/customers/{}", customer.text_at("/customer/_id"));
    let stranger = format!("/accounts/customers/{}", user.text_at("/user/_id"));
    let redeemed = api.redeem(user.refresh_token());
    let rows = [
        ("/accounts/users", user.short_token(), "200 users"),
        ("/accounts/users", redeemed.short_token(), "200 users"),
        ("/accounts/people-lookups", user.short_token(), "200 people"),
        (&own, customer.short_token(), "200 customer"),
        ("/accounts/applications", application.short_token(), "200 applications"),
        ("/accounts/users", customer.short_token(), NO_BEARER),
        ("/accounts/users", redeemed.refresh_token(), NO_BEARER),
        ("/accounts/users", "garbage", NO_BEARER),
        (&own, user.short_token(), NO_BEARER),
        (&stranger, customer.short_token(), NO_BEARER),
        ("/accounts/applications", user.short_token(), NO_BEARER),
    ];
    for (path, token, expected) in rows {
        assert_eq!(api.probe(path, token).summary(), expected, "{path}");
    }
    let missing = api.send(api.get("/accounts/users"));
    assert_eq!((missing.status, missing.text.as_str()), (401, "Unauthorized"));
    assert_eq!(missing.content_type.as_deref(), Some("text/html; charset=utf-8"));
    api.key.set(OTHER);
    assert_eq!(api.probe("/accounts/users", user.short_token()).summary(), NO_BEARER, "another audience");
    api.key.set(WEB);
    api.pass(899_999);
    assert_eq!(api.probe("/accounts/users", user.short_token()).summary(), "200 users");
    api.pass(1);
    assert_eq!(api.probe("/accounts/users", user.short_token()).summary(), NO_BEARER, "expired");
}

#[test]
fn of_simultaneous_redeems_one_wins() {
    let api = Api::sound();
    for _ in 0..10 {
        let body = json!({ "refreshToken": api.user(ANA).refresh_token() }).to_string();
        let mut winners = 0;
        api.runtime.block_on(async {
            let mut storm = tokio::task::JoinSet::new();
            for _ in 0..20 {
                storm.spawn(as_json(api.post("/accounts/refresh-token"), &body).send());
            }
            while let Some(sent) = storm.join_next().await {
                match sent.unwrap().unwrap().status().as_u16() {
                    200 => winners += 1,
                    status => assert_eq!(status, 401),
                }
            }
        });
        assert_eq!(winners, 1);
    }
}

#[test]
fn the_server_stops_although_a_client_holds_an_unfinished_request() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let bound = server::build(Config::default()).await.unwrap();
        let address = bound.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(bound.serve(async move { drop(stopped.await) }));
        let mut client = TcpStream::connect(address).await.unwrap();
        // The first answer proves that the connection is served before the second request stays unfinished.
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut start = [0; 12];
        client.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 401");
        client.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
        stop.send(()).unwrap();
        serving.await.unwrap().unwrap();
    });
}

#[test]
fn a_port_in_use_is_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let first = server::build(Config::default()).await.unwrap();
        let second = server::build(Config { address: first.address(), ..Config::default() }).await;
        assert_eq!(second.err().unwrap().kind(), std::io::ErrorKind::AddrInUse);
    });
}
