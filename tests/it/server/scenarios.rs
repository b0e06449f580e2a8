//! What a client does in sequence to provoke a fault, and what it then sees.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use super::api::*;

/// What two tokens of a sound server look like.
pub(super) const APART: &str = "43 characters, apart";
/// The start of a sound server's refusal.
pub(super) const INVALID: &str = "The refresh token …";

pub(super) fn login(api: &Api) -> String {
    api.user(ANA).summary()
}

pub(super) fn redeem(api: &Api) -> String {
    api.redeem(api.user(ANA).refresh_token()).summary()
}

pub(super) fn customer_redeem(api: &Api) -> String {
    api.redeem(api.customer().refresh_token()).summary()
}

pub(super) fn replay(api: &Api) -> String {
    let login = api.user(ANA);
    api.redeem(login.refresh_token());
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn late_replay(api: &Api) -> String {
    let login = api.user(ANA);
    api.redeem(login.refresh_token());
    assert_eq!(api.redeem(login.refresh_token()).summary(), REFUSED);
    api.pass(1500);
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn ancestor_replay(api: &Api) -> String {
    let login = api.user(ANA);
    api.redeem(api.redeem(login.refresh_token()).refresh_token());
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn successor(api: &Api) -> String {
    let login = api.user(ANA);
    same("refreshToken", login.refresh_token(), api.redeem(login.refresh_token()).refresh_token())
}

pub(super) fn second_redeem(api: &Api) -> String {
    api.redeem(api.redeem(api.user(ANA).refresh_token()).refresh_token()).summary()
}

pub(super) fn third_redeem(api: &Api) -> String {
    let second = api.redeem(api.redeem(api.user(ANA).refresh_token()).refresh_token());
    api.redeem(second.refresh_token()).summary()
}

pub(super) fn new_access(api: &Api) -> String {
    let login = api.user(ANA);
    same("shortToken", login.short_token(), api.redeem(login.refresh_token()).short_token())
}

pub(super) fn redeemed_bearer(api: &Api) -> String {
    let login = api.user(ANA);
    assert_eq!(api.probe("/accounts/users", login.short_token()).summary(), "200 users");
    api.probe("/accounts/users", api.redeem(login.refresh_token()).short_token()).summary()
}

pub(super) fn login_bearer(api: &Api) -> String {
    let login = api.user(ANA);
    let seen = api.probe("/accounts/users", login.short_token()).summary();
    let redeemed = api.redeem(login.refresh_token());
    assert_eq!(api.probe("/accounts/users", redeemed.short_token()).summary(), "200 users");
    seen
}

pub(super) fn no_bearer(api: &Api) -> String {
    api.send(api.get("/accounts/users")).summary()
}

pub(super) fn redeemed_subject(api: &Api) -> String {
    let login = api.user(ANA);
    let redeemed = api.redeem(login.refresh_token());
    same("_id", login.text_at("/user/_id"), redeemed.text_at("/user/_id"))
}

pub(super) fn garbage(api: &Api) -> String {
    api.redeem("garbage").summary()
}

pub(super) fn missing_field(api: &Api) -> String {
    api.redeem_body("{}").summary()
}

pub(super) fn case_flipped(api: &Api) -> String {
    api.redeem(&flipped(api.user(ANA).refresh_token())).summary()
}

pub(super) fn redeem_without_key(api: &Api) -> String {
    let body = json!({ "refreshToken": api.customer().refresh_token() }).to_string();
    api.send(as_json(api.bare(Method::POST, "/accounts/refresh-token"), &body)).summary()
}

pub(super) fn redeem_with_unknown_key(api: &Api) -> String {
    let login = api.customer();
    api.key.set("pk_unknown");
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn expired(api: &Api) -> String {
    api.key.set(BRIEF);
    let login = api.user(ANA);
    api.pass(1200);
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn disabled_subject(api: &Api) -> String {
    let login = api.user(DAN);
    api.control("disable", DAN.0);
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn deleted_subject(api: &Api) -> String {
    let login = api.user(DAN);
    api.control("delete", DAN.0);
    assert_eq!(api.user(DAN).summary(), "401 INVALID_CREDENTIALS");
    let seen = api.redeem(login.refresh_token()).summary();
    api.control("create", DAN.0);
    assert_eq!(api.user(DAN).summary(), USER);
    seen
}

pub(super) fn redeem_after_missing_field(api: &Api) -> String {
    let login = api.user(ANA);
    assert_eq!(missing_field(api), "400 WRONG_DATA");
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn recovery(api: &Api) -> String {
    api.redeem("garbage");
    api.user(ANA).summary()
}

pub(super) fn legacy_login(api: &Api) -> String {
    api.key.set(LEGACY);
    api.user(ANA).summary()
}

pub(super) fn legacy_lifetime(api: &Api) -> String {
    api.key.set(LEGACY);
    lifetime(api.user(ANA).short_token()).to_string()
}

pub(super) fn two_redeems(api: &Api) -> String {
    in_grace(api, 2_000)
}

pub(super) fn two_quick_redeems(api: &Api) -> String {
    in_grace(api, 150)
}

/// A second redeem just within a period of grace, and a third one after it.
fn in_grace(api: &Api, period_ms: u64) -> String {
    let login = api.user(ANA);
    let first = api.redeem(login.refresh_token());
    api.pass(period_ms - 50);
    let second = api.redeem(login.refresh_token());
    let seen = match second.json.get("refreshToken") {
        None => "refused",
        Some(again) if *again == first.json["refreshToken"] => "the same successor",
        Some(_) => "another successor",
    };
    api.pass(50);
    assert_eq!(api.redeem(login.refresh_token()).summary(), REFUSED, "after the period of grace");
    seen.to_owned()
}

/// A session of Ana's, redeemed, and its first token replayed.
fn replayed(api: &Api) -> Seen {
    let login = api.user(ANA);
    let redeemed = api.redeem(login.refresh_token());
    assert_eq!(api.redeem(login.refresh_token()).summary(), REFUSED);
    redeemed
}

pub(super) fn successor_after_replay(api: &Api) -> String {
    let bystander = api.user(ANA);
    let redeemed = replayed(api);
    assert_eq!(api.redeem(bystander.refresh_token()).summary(), USER, "another session");
    api.redeem(redeemed.refresh_token()).summary()
}

pub(super) fn other_session_after_replay(api: &Api) -> String {
    let (bystander, stranger) = (api.user(ANA), api.customer());
    let redeemed = replayed(api);
    assert_eq!(api.redeem(redeemed.refresh_token()).summary(), USER, "the replayed session");
    assert_eq!(api.redeem(stranger.refresh_token()).summary(), CUSTOMER, "another subject");
    api.redeem(bystander.refresh_token()).summary()
}

pub(super) fn other_subject_after_replay(api: &Api) -> String {
    let stranger = api.customer();
    replayed(api);
    api.redeem(stranger.refresh_token()).summary()
}

pub(super) fn earlier_session(api: &Api) -> String {
    let (earlier, stranger) = (api.user(ANA), api.customer());
    let later = api.user(ANA);
    assert_eq!(api.redeem(later.refresh_token()).summary(), USER);
    assert_eq!(api.redeem(stranger.refresh_token()).summary(), CUSTOMER);
    api.redeem(earlier.refresh_token()).summary()
}

pub(super) fn old_bearer(api: &Api) -> String {
    let login = api.user(ANA);
    let redeemed = api.redeem(login.refresh_token());
    assert_eq!(api.probe("/accounts/users", redeemed.short_token()).summary(), "200 users");
    api.probe("/accounts/users", login.short_token()).summary()
}

pub(super) fn refresh_as_bearer(api: &Api) -> String {
    assert_eq!(api.probe("/accounts/users", "garbage").summary(), NO_BEARER);
    api.probe("/accounts/users", api.user(ANA).refresh_token()).summary()
}

pub(super) fn access_as_refresh(api: &Api) -> String {
    assert_eq!(api.redeem("garbage").summary(), REFUSED);
    api.redeem(api.user(ANA).short_token()).summary()
}

pub(super) fn redeem_after_bad_key(api: &Api) -> String {
    let login = api.user(ANA);
    api.key.set("pk_unknown");
    assert_eq!(api.redeem(login.refresh_token()).summary(), NO_KEY);
    api.key.set(WEB);
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn redeem_after_malformed_body(api: &Api) -> String {
    let login = api.user(ANA);
    let broken = format!("{{\"refreshToken\": \"{}\"", login.refresh_token());
    assert_eq!(api.redeem_body(&broken).summary(), "400 text/html");
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn redeem_after_form(api: &Api) -> String {
    let login = api.user(ANA);
    assert_eq!(posted_form(api, login.refresh_token()), "400 WRONG_DATA");
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn redeem_after_other_client(api: &Api) -> String {
    let login = api.user(ANA);
    api.key.set(OTHER);
    assert_eq!(api.redeem(login.refresh_token()).summary(), REFUSED);
    api.key.set(WEB);
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn other_client(api: &Api) -> String {
    let login = api.user(ANA);
    api.key.set(OTHER);
    api.redeem(login.refresh_token()).summary()
}

pub(super) fn two_tokens(api: &Api) -> String {
    let (first, second) = (api.user(ANA), api.user(ANA));
    let (first, second) = (first.refresh_token(), second.refresh_token());
    assert_ne!(first, second);
    let common = first.bytes().zip(second.bytes()).take_while(|(a, b)| a == b).count();
    format!("{} characters, {}", first.len(), if common * 2 > first.len() { "alike" } else { "apart" })
}

pub(super) fn token_in_query(api: &Api) -> String {
    let path = format!("/accounts/refresh-token?refreshToken={}", api.user(ANA).refresh_token());
    api.send(as_json(api.post(&path), "{}")).summary()
}

pub(super) fn redeem_by_get(api: &Api) -> String {
    let path = format!("/accounts/refresh-token?refreshToken={}", api.user(ANA).refresh_token());
    api.send(api.get(&path)).summary()
}

pub(super) fn cache_control(api: &Api) -> String {
    let login = api.user(ANA);
    let redeemed = api.redeem(login.refresh_token());
    let said = |seen: &Seen| seen.cache_control.clone().unwrap_or_else(|| "nothing".to_owned());
    format!("{}, then {}", said(&login), said(&redeemed))
}

pub(super) fn access_times(api: &Api) -> String {
    let login = api.user(ANA);
    assert_eq!(api.probe("/accounts/users", login.short_token()).summary(), "200 users");
    let claims = jwt_part(login.short_token(), 1);
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    if exp < iat {
        return "exp before iat".to_owned();
    }
    format!("iat {}, lives {}", iat - 1_800_000_000, exp - iat)
}

pub(super) fn claims_kept(api: &Api) -> String {
    let login = api.user(ANA);
    let redeemed = api.redeem(login.refresh_token());
    assert_eq!(api.probe("/accounts/users", redeemed.short_token()).summary(), "200 users");
    let (before, after) = (jwt_part(login.short_token(), 1), jwt_part(redeemed.short_token(), 1));
    let kept = |claim: &str| same(claim, before[claim].as_str().unwrap(), after[claim].as_str().unwrap());
    format!("{}, {}", kept("sub"), kept("aud"))
}

pub(super) fn error_members(api: &Api) -> String {
    let seen = api.redeem("garbage");
    assert_eq!(seen.summary(), REFUSED);
    seen.json.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The first three words.
pub(super) fn error_message(api: &Api) -> String {
    let seen = api.redeem("garbage");
    assert_eq!(seen.summary(), REFUSED);
    let words: Vec<&str> = seen.text_at("/message").split(' ').take(3).collect();
    format!("{} …", words.join(" "))
}

pub(super) fn refusal_messages(api: &Api) -> String {
    api.key.set(BRIEF);
    let (used, expired) = (api.user(ANA), api.user(ANA));
    api.redeem(used.refresh_token());
    let replay = api.redeem(used.refresh_token());
    api.pass(1_000);
    let seen = [replay, api.redeem(expired.refresh_token()), api.redeem("garbage")];
    assert!(seen.iter().all(|seen| seen.summary() == REFUSED));
    let messages: BTreeSet<&str> = seen.iter().map(|seen| seen.text_at("/message")).collect();
    format!("{} messages", messages.len())
}

pub(super) fn empty_token(api: &Api) -> String {
    api.redeem("").summary()
}

pub(super) fn oversized(api: &Api) -> String {
    assert_eq!(api.redeem(&"x".repeat(60_000)).summary(), REFUSED);
    api.redeem(&"x".repeat(65_536)).summary()
}

pub(super) fn control_characters(api: &Api) -> String {
    api.redeem("a\u{0}b").summary()
}

pub(super) fn invalid_utf8(api: &Api) -> String {
    let request = api.post("/accounts/refresh-token").header("content-type", "application/json");
    api.send(request.body(b"{\"refreshToken\":\"\xff\"}".to_vec())).summary()
}

pub(super) fn form(api: &Api) -> String {
    posted_form(api, "garbage")
}

fn posted_form(api: &Api, token: &str) -> String {
    let form =
        api.post("/accounts/refresh-token").header("content-type", "application/x-www-form-urlencoded");
    api.send(form.body(format!("refreshToken={token}"))).summary()
}

pub(super) fn redeemed_media_type(api: &Api) -> String {
    let redeemed = api.redeem(api.user(ANA).refresh_token());
    assert!(redeemed.json["refreshToken"].is_string());
    redeemed.content_type.unwrap()
}
