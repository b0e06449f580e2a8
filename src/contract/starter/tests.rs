//! What is guessed, and that no secret is taken over.

use super::*;
use crate::collection;
use crate::contract::{self, Carrier, ClientAuthKind};
use serde_json::{Value, json};

fn started(items: Value) -> (Starter, contract::Contract) {
    let document = json!({
        "info": {"name": "My \"API\"", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "item": items,
    });
    let collection = collection::parse("c.json", document.to_string().as_bytes()).unwrap();
    let starter = starter(&collection, "mine");
    let listed = contract::builtin_text("refresh-rotation").unwrap().lines();
    let checks: Vec<&str> =
        listed.filter_map(|line| Some(line.strip_prefix('"')?.split_once('"')?.0)).collect();
    let contract = contract::parse("mine.toml", &starter.text, &checks);
    let contract = contract.unwrap_or_else(|error| panic!("{error:?}\n{}", starter.text));
    (starter, contract)
}

fn test(script: &str) -> Value {
    json!([{"listen": "test", "script": {"exec": script}}])
}

#[test]
fn json_bodies_basic_clients_and_cookies_are_recognised() {
    let basic = json!({"type": "basic", "basic": [{"key": "username", "value": "{{client-id}}"}, {"key": "password", "value": "{{client-secret}}"}]});
    let (starter, contract) = started(json!([
        {"name": "Sign in", "event": test("const json = pm.response.json(); pm.environment.set('token', json.data.accessToken); pm.environment.set('rt', pm.cookies.get('refresh'));"),
         "request": {"method": "POST", "url": "{{baseUrl}}/session", "auth": basic,
                     "body": {"mode": "raw", "raw": "{\"email\": \"{{email}}\", \"password\": \"hunter2\"}"}}},
        {"name": "Me", "request": {"method": "GET", "url": "{{baseUrl}}/me", "header": [{"key": "Authorization", "value": "Bearer {{token}}"}]}},
        {"name": "Refresh", "request": {"method": "POST", "url": "{{baseUrl}}/session/refresh", "auth": basic,
                     "header": [{"key": "Cookie", "value": "refresh={{rt}}"}]}},
    ]));
    assert!(!starter.text.contains("hunter2"), "{}", starter.text);
    assert_eq!(contract.redeem.request.path, "/session/refresh");
    assert_eq!(contract.login[0].needs, ["email", "password"]);
    assert_eq!(contract.login[0].step[0].request.path, "/session");
    assert_eq!(contract.client_auth.kind, ClientAuthKind::Basic);
    assert_eq!(contract.client[0].key.as_deref(), Some("<<client-id>>"));
    assert_eq!(contract.tokens.refresh.carrier, Carrier::Cookie("refresh".to_owned()));
    assert_eq!(contract.tokens.access.described(), "`/data/accessToken`");
    assert_eq!(contract.login[0].protected.as_ref().unwrap().request.path, "/me");
    assert_eq!(starter.guessed.len(), 6, "{:?}", starter.guessed);
}

#[test]
fn oauth_forms_are_recognised() {
    let form = |fields: &[(&str, &str)]| {
        let fields: Vec<Value> =
            fields.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
        json!({"mode": "urlencoded", "urlencoded": fields})
    };
    let client = [("client_id", "{{id}}"), ("client_secret", "{{secret}}")];
    let body = |own: &[(&'static str, &'static str)]| form(&[own, &client].concat());
    let (_, contract) = started(json!([{"name": "OAuth", "item": [
        {"name": "Token", "event": test("pm.globals.set(\"refresh_token\", pm.response.json().refresh_token)"),
         "request": {"method": "POST", "url": "https://auth.example/oauth/token",
                     "body": body(&[("grant_type", "password"), ("username", "{{user}}"), ("password", "{{pass}}")])}},
        {"name": "Token again", "request": {"method": "POST", "url": "https://auth.example/oauth/token",
                     "body": body(&[("grant_type", "refresh_token"), ("refresh_token", "{{refresh_token}}")])}},
    ]}]));
    assert_eq!(contract.base_url, "<<baseUrl>>");
    assert_eq!(contract.variables["baseUrl"], "https://auth.example");
    assert_eq!(contract.tokens.refresh.carrier, Carrier::Form("refresh_token".to_owned()));
    assert!(
        matches!(&contract.client_auth.kind, ClientAuthKind::Body { id, secret: Some(secret) } if id == "client_id" && secret == "client_secret")
    );
    assert_eq!(contract.login[0].needs, ["user", "pass"]);
    let contract::BodyTemplate::Form(fields) = &contract.redeem.request.body else { panic!() };
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["grant_type"]);
}

#[test]
fn a_collection_that_says_nothing_still_makes_a_contract_and_says_what_is_missing() {
    let (starter, _) = started(json!([{"name": "Ping", "request": "https://h.example/ping"}]));
    for missing in ["[[login]]", "[redeem]", "tokens.refresh", "[protected]"] {
        assert!(
            starter.missing.iter().any(|line| line.contains(missing)),
            "{missing}: {:?}",
            starter.missing
        );
    }
}

fn raw(body: Value) -> Value {
    json!({"mode": "raw", "raw": body.to_string()})
}

/// The contract of these items, which holds none of these texts.
fn started_without(items: Value, secrets: &[&str]) -> (Starter, contract::Contract) {
    let (starter, contract) = started(items);
    for secret in secrets {
        let told = [&starter.guessed[..], &starter.missing[..]].concat().join("\n");
        assert!(!starter.text.contains(secret) && !told.contains(secret), "{secret}: {}", starter.text);
    }
    (starter, contract)
}

#[test]
fn secrets_of_a_json_token_endpoint_stay_out() {
    let grant = |own: Value| {
        let mut body = json!({"client_id": "abc", "client_secret": "S3CRET"});
        let own = own.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(own);
        json!({"method": "POST", "url": "{{baseUrl}}/token?tenant=7&api_key=QUERYKEY", "body": raw(body)})
    };
    let (starter, contract) = started_without(
        json!([
            {"name": "Token", "request": grant(json!({"grant_type": "password", "username": "ann@x", "password": "hunter2"}))},
            {"name": "Refresh", "request": grant(json!({"grant_type": "refresh_token", "refresh_token": "{{rt}}"}))},
        ]),
        &["S3CRET", "hunter2", "ann@x", "QUERYKEY"],
    );
    // `form` puts them into the body, whichever kind it is of.
    assert!(matches!(&contract.client_auth.kind, ClientAuthKind::Body { secret: Some(_), .. }));
    assert_eq!(contract.client[0].secret.as_deref(), Some("<<client-secret>>"));
    let redeem = &contract.redeem.request;
    assert_eq!(redeem.body, contract::BodyTemplate::Json(json!({"grant_type": "refresh_token"})));
    assert_eq!(redeem.query["tenant"], "7");
    assert_eq!(redeem.query["api_key"], "<<api_key>>");
    assert_eq!(contract.login[0].needs, ["api_key", "username", "password"]);
    for variable in ["client-secret", "username", "password", "api_key"] {
        assert!(starter.text.contains(&format!("#   {variable}: ")), "{variable}: {}", starter.text);
    }
}

#[test]
fn secrets_in_headers_stay_out() {
    let headers = |more: Value| {
        let token = json!({"key": "X-Auth-Token", "value": "live-abc"});
        json!([token, {"key": "X-Tenant", "value": "blue"}, more])
    };
    let basic = headers(json!({"key": "Authorization", "value": "Basic dXNlcjpwYXNz"}));
    let bearer = headers(json!({"key": "Authorization", "value": "Bearer {{token}}"}));
    let body = raw(json!({"refreshToken": "{{rt}}"}));
    let (_, contract) = started_without(
        json!([
            {"name": "Login", "request": {"method": "POST", "url": "{{baseUrl}}/login", "header": basic}},
            {"name": "Refresh", "request": {"method": "POST", "url": "{{baseUrl}}/refresh", "header": bearer, "body": body}},
            {"name": "Me", "request": {"method": "GET", "url": "{{baseUrl}}/me/3f2c9a10b7de4c55a1f0", "header": bearer}},
        ]),
        &["dXNlcjpwYXNz", "live-abc", "3f2c9a10b7de4c55a1f0"],
    );
    let login = &contract.login[0];
    let request = &login.step[0].request;
    assert_eq!(request.headers["X-Auth-Token"], "<<x-auth-token>>");
    assert_eq!(request.headers["X-Tenant"], "blue");
    assert_eq!(request.headers["Authorization"], "Basic <<login-credentials | b64encode>>");
    assert_eq!(contract.variables["login-credentials"], "<<username>>:<<password>>");
    assert_eq!(login.needs, ["x-auth-token", "username", "password"]);
    assert_eq!(contract.redeem.request.headers["X-Auth-Token"], "<<x-auth-token>>");
    let protected = login.protected.as_ref().unwrap();
    assert_eq!(protected.request.path, "/me/<<path-key>>");
    assert_eq!(protected.request.headers["X-Auth-Token"], "<<x-auth-token>>");
}

#[test]
fn secrets_deep_in_a_body_stay_out() {
    let inner = json!({"password": "hunter4"}).to_string();
    let body = json!({
        "user": {"email": "a@b", "password": "hunter2", "pin": 4711, "roles": ["admin"]},
        "with": [{"name": "secret", "value": "hunter3"}],
        "credentials": {"left": "hunter5"},
        "signed": inner,
        "remember": true,
    });
    let (_, contract) = started_without(
        json!([{"name": "Login", "request": {"method": "POST", "url": "{{baseUrl}}/login", "body": raw(body)}}]),
        &["a@b", "hunter", "4711"],
    );
    let contract::BodyTemplate::Json(json) = &contract.login[0].step[0].request.body else { panic!() };
    assert_eq!(
        json["user"],
        json!({"email": "<<email>>", "password": "<<password>>", "pin": "<<pin>>", "roles": ["admin"]})
    );
    assert_eq!(json["with"][0]["value"], "<<secret>>");
    assert_eq!(json["credentials"]["left"], "<<left>>");
    // Another value than the other password's.
    assert_eq!(json["signed"], r#"{"password":"<<password-2>>"}"#);
    assert_eq!(json["remember"], true);
}

#[test]
fn a_literal_token_of_the_redeem_is_taken_for_the_token_and_others_stay_out() {
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln";
    let body = json!({"data": {"refreshToken": jwt, "accessToken": "plain-token", "note": jwt}});
    let (_, contract) = started_without(
        json!([{"name": "Refresh", "request": {"method": "POST", "url": "{{baseUrl}}/refresh", "body": raw(body)}}]),
        &["eyJ", "plain-token"],
    );
    assert_eq!(contract.tokens.refresh.carrier, Carrier::Json("/data/refreshToken".to_owned()));
    let expected = json!({"data": {"accessToken": "<<accessToken>>", "note": "<<note>>"}});
    assert_eq!(contract.redeem.request.body, contract::BodyTemplate::Json(expected));
}

#[test]
fn a_subject_that_signs_in_by_basic_gives_a_header_that_can_be_evaluated() {
    let started = |user: &str, password: &str| {
        let pairs = json!([{"key": "username", "value": user}, {"key": "password", "value": password}]);
        let basic = json!({"type": "basic", "basic": pairs});
        let key =
            json!([{"key": "X-API-KEY", "value": "{{key}}"}, {"key": "X-Request", "value": "{{$guid}}"}]);
        let (_, contract) = started(json!([
            {"name": "Login", "request": {"method": "POST", "url": "{{baseUrl}}/login", "auth": basic, "header": key}},
            {"name": "Refresh", "request": {"method": "POST", "url": "{{baseUrl}}/refresh", "header": key, "body": raw(json!({"refresh": "{{rt}}"}))}},
        ]));
        contract
    };
    for (user, password) in [("user", "pass"), ("user-name", "pass-word")] {
        let contract = started(&format!("{{{{{user}}}}}"), &format!("{{{{{password}}}}}"));
        let login = &contract.login[0];
        assert_eq!(login.needs, [user, password]);
        assert_eq!(login.step[0].request.headers["X-Request"], "<<$guid>>");
        let mut scopes = crate::variable::Scopes::default();
        contract.variables.iter().for_each(|(name, value)| scopes.globals.set(name, value.as_str()));
        scopes.environment.set(user, "ann");
        scopes.environment.set(password, "secret");
        let mut dynamic = crate::variable::Dynamic::from_entropy();
        let mut resolver = crate::variable::Resolver::new(&scopes, &mut dynamic);
        let header = resolver.resolve(&login.step[0].request.headers["authorization"]).into_owned();
        assert_eq!(header, "Basic YW5uOnNlY3JldA==");
    }
    let contract = started("ann", "hunter2");
    assert_eq!(contract.login[0].needs, ["username", "password"]);
    assert_eq!(contract.variables["login-credentials"], "<<username>>:<<password>>");
}
