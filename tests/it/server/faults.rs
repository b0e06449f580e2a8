//! Each fault shows as described, and the sound server does not show it.

use postproof::server::{self, FaultName};
use reqwest::Method;
use serde_json::json;

use super::api::*;

/// Plays a scenario against a server and says what it saw.
type Scenario = fn(&Api) -> String;

/// Each fault: the scenario that provokes it, what a sound server shows there, what the faulty one shows.
const FAULTS: &[(FaultName, Scenario, &str, &str)] = &[
    (FaultName::ReplayAccepted, replay, REFUSED, USER),
    (FaultName::ReplayAcceptedLate, late_replay, REFUSED, USER),
    (FaultName::ReplayAcceptedEarly, replay, REFUSED, USER),
    (FaultName::SameTokenReturned, successor, "new refreshToken", "same refreshToken"),
    (FaultName::SameSecondReuse, replay, REFUSED, USER),
    (FaultName::OneSlotStore, ancestor_replay, REFUSED, USER),
    (FaultName::SuccessorDead, second_redeem, USER, REFUSED),
    (FaultName::NoSuccessor, redeem, USER, "200 user token shortToken"),
    (FaultName::ChainLimit, third_redeem, USER, REFUSED),
    (FaultName::AccessNotRenewed, new_access, "new shortToken", "same shortToken"),
    (FaultName::AccessDead, redeemed_bearer, "200 users", NO_BEARER),
    (FaultName::LoginAccessDead, login_bearer, "200 users", NO_BEARER),
    (FaultName::WrongShape, redeem, USER, "200 shortToken refreshToken"),
    (FaultName::LegacyTokenMissing, redeem, USER, "200 user shortToken refreshToken"),
    (FaultName::WrongSubjectShape, customer_redeem, CUSTOMER, USER),
    (FaultName::WrongSubject, redeemed_subject, "same _id", "new _id"),
    (FaultName::WrongCode, replay, REFUSED, "401 TOKEN_USED"),
    (FaultName::WrongStatus, replay, REFUSED, "403 INVALID_REFRESH_TOKEN"),
    (FaultName::NotFoundStatus, garbage, REFUSED, "404 INVALID_REFRESH_TOKEN"),
    (FaultName::UnknownToken500, garbage, REFUSED, STACK),
    (FaultName::OkWithErrorBody, garbage, REFUSED, "200 INVALID_REFRESH_TOKEN"),
    (FaultName::MissingField500, missing_field, "400 WRONG_DATA", STACK),
    (FaultName::MissingField401, missing_field, "400 WRONG_DATA", REFUSED),
    (FaultName::MissingFieldCode, missing_field, "400 WRONG_DATA", "400 BAD_REQUEST"),
    (FaultName::GarbageAccepted, garbage, REFUSED, USER),
    (FaultName::CaseInsensitiveToken, case_flipped, REFUSED, USER),
    (FaultName::NoKeyGate, redeem_without_key, NO_KEY, CUSTOMER),
    (FaultName::UnknownKeyAccepted, redeem_with_unknown_key, NO_KEY, CUSTOMER),
    (FaultName::WrongKeyStatus, redeem_without_key, NO_KEY, "403 Unauthorized"),
    (FaultName::BasicRequired, redeem, USER, "401 INVALID_CREDENTIALS"),
    (FaultName::ExpiredAccepted, expired, REFUSED, USER),
    (FaultName::DisabledSubjectAccepted, disabled_subject, REFUSED, USER),
    (FaultName::LockoutAfterRefusal, recovery, USER, "429 TOO_MANY_REQUESTS"),
    (FaultName::RefreshWhenDisabled, legacy_login, "200 user token shortToken", USER),
    (FaultName::WrongLifetime, legacy_lifetime, "172800", "3600"),
    (FaultName::NoShortToken, login, USER, "200 user token refreshToken"),
    (FaultName::BearerOpen, no_bearer, NO_BEARER, "200 users"),
];

#[test]
fn every_fault_shows_and_only_on_the_server_that_has_it() {
    for &(fault, scenario, sound, faulty) in FAULTS {
        assert_eq!(scenario(&Api::sound()), sound, "{fault}, sound server");
        assert_eq!(scenario(&Api::with(&[fault])), faulty, "{fault}, faulty server");
    }
}

#[test]
fn every_listed_fault_has_its_row() {
    let listed: Vec<_> = server::faults().iter().map(|fault| fault.id).collect();
    let rows: Vec<_> = FAULTS.iter().map(|row| row.0).collect();
    assert_eq!(rows, listed);
}

#[test]
fn faults_add_up() {
    let api = Api::with(&[FaultName::WrongStatus, FaultName::NoSuccessor]);
    assert_eq!(redeem(&api), "200 user token shortToken");
    assert_eq!(garbage(&api), "403 INVALID_REFRESH_TOKEN");
}

#[test]
fn passing_faults_pass() {
    let replayed_after = |fault, redeemed, replayed| {
        let api = Api::with(&[fault]);
        let login = api.user(ANA);
        api.pass(redeemed);
        api.redeem(login.refresh_token());
        api.pass(replayed);
        api.redeem(login.refresh_token()).summary()
    };
    assert_eq!(replayed_after(FaultName::ReplayAcceptedLate, 0, 900), REFUSED);
    assert_eq!(replayed_after(FaultName::ReplayAcceptedEarly, 0, 600), REFUSED);
    assert_eq!(replayed_after(FaultName::SameSecondReuse, 1000, 0), REFUSED);
    assert_eq!(replayed_after(FaultName::SameSecondReuse, 0, 5000), USER);
    assert_eq!(replayed_after(FaultName::OneSlotStore, 0, 0), REFUSED);
}

fn login(api: &Api) -> String {
    api.user(ANA).summary()
}

fn redeem(api: &Api) -> String {
    api.redeem(api.user(ANA).refresh_token()).summary()
}

fn customer_redeem(api: &Api) -> String {
    api.redeem(api.customer().refresh_token()).summary()
}

fn replay(api: &Api) -> String {
    let login = api.user(ANA);
    api.redeem(login.refresh_token());
    api.redeem(login.refresh_token()).summary()
}

fn late_replay(api: &Api) -> String {
    let login = api.user(ANA);
    api.redeem(login.refresh_token());
    assert_eq!(api.redeem(login.refresh_token()).summary(), REFUSED);
    api.pass(1500);
    api.redeem(login.refresh_token()).summary()
}

fn ancestor_replay(api: &Api) -> String {
    let login = api.user(ANA);
    api.redeem(api.redeem(login.refresh_token()).refresh_token());
    api.redeem(login.refresh_token()).summary()
}

fn successor(api: &Api) -> String {
    let login = api.user(ANA);
    same("refreshToken", login.refresh_token(), api.redeem(login.refresh_token()).refresh_token())
}

fn second_redeem(api: &Api) -> String {
    api.redeem(api.redeem(api.user(ANA).refresh_token()).refresh_token()).summary()
}

fn third_redeem(api: &Api) -> String {
    let second = api.redeem(api.redeem(api.user(ANA).refresh_token()).refresh_token());
    api.redeem(second.refresh_token()).summary()
}

fn new_access(api: &Api) -> String {
    let login = api.user(ANA);
    same("shortToken", login.short_token(), api.redeem(login.refresh_token()).short_token())
}

fn redeemed_bearer(api: &Api) -> String {
    let login = api.user(ANA);
    assert_eq!(api.probe("/accounts/users", login.short_token()).summary(), "200 users");
    api.probe("/accounts/users", api.redeem(login.refresh_token()).short_token()).summary()
}

fn login_bearer(api: &Api) -> String {
    let login = api.user(ANA);
    let seen = api.probe("/accounts/users", login.short_token()).summary();
    let redeemed = api.redeem(login.refresh_token());
    assert_eq!(api.probe("/accounts/users", redeemed.short_token()).summary(), "200 users");
    seen
}

fn no_bearer(api: &Api) -> String {
    api.send(api.get("/accounts/users")).summary()
}

fn redeemed_subject(api: &Api) -> String {
    let login = api.user(ANA);
    let redeemed = api.redeem(login.refresh_token());
    same("_id", login.text_at("/user/_id"), redeemed.text_at("/user/_id"))
}

fn garbage(api: &Api) -> String {
    api.redeem("garbage").summary()
}

fn missing_field(api: &Api) -> String {
    api.redeem_body("{}").summary()
}

fn case_flipped(api: &Api) -> String {
    api.redeem(&flipped(api.user(ANA).refresh_token())).summary()
}

fn redeem_without_key(api: &Api) -> String {
    let body = json!({ "refreshToken": api.customer().refresh_token() }).to_string();
    api.send(as_json(api.bare(Method::POST, "/accounts/refresh-token"), &body)).summary()
}

fn redeem_with_unknown_key(api: &Api) -> String {
    let login = api.customer();
    api.key.set("pk_unknown");
    api.redeem(login.refresh_token()).summary()
}

fn expired(api: &Api) -> String {
    api.key.set(BRIEF);
    let login = api.user(ANA);
    api.pass(1200);
    api.redeem(login.refresh_token()).summary()
}

fn disabled_subject(api: &Api) -> String {
    let login = api.user(DAN);
    api.control("disable", DAN.0);
    api.redeem(login.refresh_token()).summary()
}

fn recovery(api: &Api) -> String {
    api.redeem("garbage");
    api.user(ANA).summary()
}

fn legacy_login(api: &Api) -> String {
    api.key.set(LEGACY);
    api.user(ANA).summary()
}

fn legacy_lifetime(api: &Api) -> String {
    api.key.set(LEGACY);
    lifetime(api.user(ANA).short_token()).to_string()
}
