//! Each fault shows as described, and the sound server does not show it.

use postproof::server::{self, FaultName};

use super::api::*;
use super::races::*;
use super::scenarios::*;
use super::wires::*;

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
    (FaultName::NoClientGate, redeem_without_key, NO_KEY, CUSTOMER),
    (FaultName::UnknownKeyAccepted, redeem_with_unknown_key, NO_KEY, CUSTOMER),
    (FaultName::WrongKeyStatus, redeem_without_key, NO_KEY, "403 Unauthorized"),
    (FaultName::BasicRequired, redeem, USER, "401 INVALID_CREDENTIALS"),
    (FaultName::ExpiredAccepted, expired, REFUSED, USER),
    (FaultName::DisabledSubjectAccepted, disabled_subject, REFUSED, USER),
    (FaultName::DeletedSubjectAccepted, deleted_subject, REFUSED, USER),
    (FaultName::LockoutAfterRefusal, recovery, USER, "429 TOO_MANY_REQUESTS"),
    (FaultName::RefreshWhenDisabled, legacy_login, "200 user token shortToken", USER),
    (FaultName::WrongLifetime, legacy_lifetime, "172800", "3600"),
    (FaultName::NoShortToken, login, USER, "200 user token refreshToken"),
    (FaultName::BearerOpen, no_bearer, NO_BEARER, "200 users"),
    (FaultName::RaceCheckThenDelete, race, ONE_WINNER, "20 of 20 accepted, 20 successors, 20 alive"),
    (FaultName::RaceRowsIgnored, race, ONE_WINNER, "20 of 20 accepted, 20 successors, 20 alive"),
    (FaultName::RaceTwoReplicas, race, ONE_WINNER, "2 of 20 accepted, 2 successors, 2 alive, 18 × 401"),
    (FaultName::RaceOneSurvivor, race, ONE_WINNER, "20 of 20 accepted, 20 successors, 1 alive"),
    (FaultName::RaceSharedSuccessor, race, ONE_WINNER, "20 of 20 accepted, 1 successors, 1 alive"),
    (FaultName::RaceLosers500, race, ONE_WINNER, "1 of 20 accepted, 1 successors, 1 alive, 19 × 500"),
    (FaultName::RaceLostUpdate, redeems_at_once, "2 accepted, 2 alive", "2 accepted, 1 alive"),
    (FaultName::Grace, two_redeems, "refused", "another successor"),
    (FaultName::Idempotent, two_redeems, "refused", "the same successor"),
    (FaultName::GraceTooShort, two_quick_redeems, "refused", "another successor"),
    (FaultName::FamilyRevocation, successor_after_replay, USER, REFUSED),
    (FaultName::ReplayEndsOtherSessions, other_session_after_replay, USER, REFUSED),
    (FaultName::ReplayEndsAllUsers, other_subject_after_replay, CUSTOMER, REFUSED),
    (FaultName::OneSessionASubject, earlier_session, USER, REFUSED),
    (FaultName::LostAnswerRolledBack, lost_answer, REFUSED, USER),
    (FaultName::OldAccessRevoked, old_bearer, "200 users", NO_BEARER),
    (FaultName::RefreshAsBearer, refresh_as_bearer, NO_BEARER, "200 users"),
    (FaultName::AccessAsRefresh, access_as_refresh, REFUSED, USER),
    (FaultName::ConsumedByBadKey, redeem_after_bad_key, USER, REFUSED),
    (FaultName::ConsumedByMalformedBody, redeem_after_malformed_body, USER, REFUSED),
    (FaultName::ConsumedByContentType, redeem_after_form, USER, REFUSED),
    (FaultName::ConsumedByMissingField, redeem_after_missing_field, USER, REFUSED),
    (FaultName::ConsumedByOtherClient, redeem_after_other_client, USER, REFUSED),
    (FaultName::ClientNotBound, other_client, REFUSED, USER),
    (FaultName::TokenCounter, two_tokens, APART, "13 characters, alike"),
    (FaultName::TokenTimestamp, two_tokens, APART, "20 characters, alike"),
    (FaultName::TokenShort, two_tokens, APART, "8 characters, apart"),
    (FaultName::TokenSharedPrefix, two_tokens, APART, "52 characters, alike"),
    (FaultName::TokenInQuery, token_in_query, "400 WRONG_DATA", USER),
    (FaultName::RedeemByGet, redeem_by_get, "404 NOT_FOUND", USER),
    (FaultName::TokensCacheable, cache_control, "no-store, then no-store", "nothing, then nothing"),
    (FaultName::AccessExpiresBeforeIssue, access_times, "iat 0, lives 900", "exp before iat"),
    (FaultName::AccessIssuedAhead, access_times, "iat 0, lives 900", "iat 3600, lives 900"),
    (FaultName::AccessSubjectChanges, claims_kept, "same sub, same aud", "new sub, same aud"),
    (FaultName::AccessAudienceChanges, claims_kept, "same sub, same aud", "same sub, new aud"),
    (FaultName::ErrorWithoutMessage, error_members, "code message", "code"),
    (FaultName::ErrorStackTrace, error_members, "code message", "code message stack"),
    (FaultName::ErrorSql, error_message, INVALID, "no rows: SELECT …"),
    (FaultName::ErrorPath, error_message, INVALID, "ENOENT: no such …"),
    (FaultName::ErrorEchoesToken, error_message, INVALID, "\"garbage\" is no …"),
    (FaultName::RefusalsToldApart, refusal_messages, "1 messages", "3 messages"),
    (FaultName::UsedToken500, replay, REFUSED, STACK),
    (FaultName::ExpiredCode, expired, REFUSED, "401 TOKEN_EXPIRED"),
    (FaultName::DisabledSubjectCode, disabled_subject, REFUSED, "401 ACCOUNT_DISABLED"),
    (FaultName::EmptyToken500, empty_token, REFUSED, STACK),
    (FaultName::Oversized500, oversized, REFUSED, STACK),
    (FaultName::ControlCharacters500, control_characters, REFUSED, STACK),
    (FaultName::InvalidUtf8500, invalid_utf8, "400 text/html", STACK),
    (FaultName::MediaType500, form, "400 WRONG_DATA", STACK),
    (FaultName::RedeemHtml500, redeem, USER, STACK),
    (FaultName::RedeemContentType, redeemed_media_type, "application/json; charset=utf-8", "text/html"),
    (FaultName::RedeemGzipGarbage, redeemed_coding, "none", "gzip, which it is not"),
    (FaultName::RedeemBodyCut, on_the_wire, "complete", "cut in the body"),
    (FaultName::RedeemReset, on_the_wire, "complete", "reset"),
    (FaultName::RedeemSlowHead, on_the_wire, "complete", "1 byte in 800 ms"),
    (FaultName::RedeemUnanswered, on_the_wire, "complete", "0 bytes in 800 ms"),
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
