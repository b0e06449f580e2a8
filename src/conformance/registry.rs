//! The table of checks: ids are stable and never reused.

use super::check::Check;
use super::judge;
use crate::contract::ErrorCase;

/// The check of that id.
pub fn find(id: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.id == id)
}

/// Every check there is.
pub static CHECKS: &[Check] = &[
    Check {
        id: "login.access",
        title: "a login answers with an access token",
        requirement: "Every successful login answers with a non-empty access token where the contract says it sits.",
        remedy: "Look at the login's answer: is the token's field renamed, empty, or nested elsewhere?",
        proven_by: Some("no-short-token"),
        unexercised: "no login succeeded",
        row: None,
        judge: judge::login_access,
    },
    Check {
        id: "login.disabled",
        title: "without refresh tokens a login carries none, and its access token lives as documented",
        requirement: "An application with refresh tokens disabled gets no refresh token at login, and access tokens \
                      whose exp - iat is the documented lifetime.",
        remedy: "Check the application's setting and the lifetime the token is signed with.",
        proven_by: Some("refresh-when-disabled"),
        unexercised: "no login at an application with refresh tokens disabled (set `x-api-key-no-refresh`)",
        row: None,
        judge: judge::login_disabled,
    },
    Check {
        id: "login.recover",
        title: "after a refused redeem a fresh login works",
        requirement: "A login that worked before works again after a redeem was refused: a failed redeem locks \
                      nobody out.",
        remedy: "Look for rate limits or lockouts that count refused redeems against the subject.",
        proven_by: Some("lockout-after-refusal"),
        unexercised: "no login was repeated after a refused redeem",
        row: None,
        judge: judge::login_recover,
    },
    Check {
        id: "rt.redeem",
        title: "a fresh refresh token redeems with the application's key alone",
        requirement: "A refresh token just issued by a login is accepted, without an Authorization field, and the \
                      answer is a 2xx JSON object.",
        remedy: "Look at the refusal: is more than the public key asked for, or is the token stored too late?",
        proven_by: Some("basic-required"),
        unexercised: "no fresh refresh token was redeemed",
        row: None,
        judge: judge::rt_redeem,
    },
    Check {
        id: "rt.rotate",
        title: "a redeem gives a new refresh token",
        requirement: "The answer to a redeem carries a non-empty refresh token that was never issued before.",
        remedy: "Issue a successor with each redeem; never hand the presented token back.",
        proven_by: Some("same-token-returned"),
        unexercised: "no redeem succeeded",
        row: None,
        judge: judge::rt_rotate,
    },
    Check {
        id: "rt.access",
        title: "a redeem gives a new access token",
        requirement: "The answer to a redeem carries a non-empty access token that differs from those before it. \
                      Equal ones within one second (JWT without jti) count only when a later redeem repeats them.",
        remedy: "Sign a new access token with each redeem.",
        proven_by: Some("access-not-renewed"),
        unexercised: "no redeem succeeded",
        row: None,
        judge: judge::rt_access,
    },
    Check {
        id: "rt.shape",
        title: "a redeem answers in the shape of the login that issued the token",
        requirement: "Every top-level key of the login's answer is in the redeem's, with a value of the same kind, and \
                      the subject's id is the same. Added keys are tolerated, another login's subject is not.",
        remedy: "Build the redeem's answer from the login kind stored with the token.",
        proven_by: Some("wrong-shape"),
        unexercised: "no redeem succeeded",
        row: None,
        judge: judge::rt_shape,
    },
    Check {
        id: "rt.reuse.now",
        title: "a used refresh token is dead at once",
        requirement: "A refresh token presented again within a second of its redeem brings no tokens.",
        remedy: "Mark the token used in the same transaction that issues its successor, and check the affected rows.",
        proven_by: Some("replay-accepted"),
        unexercised: "no used token was presented again within a second",
        row: None,
        judge: judge::rt_reuse_now,
    },
    Check {
        id: "rt.reuse.late",
        title: "a used refresh token stays dead",
        requirement: "A refresh token presented again more than a second after its redeem brings no tokens.",
        remedy: "Look for clean-up jobs or caches that forget used tokens.",
        proven_by: Some("replay-accepted-late"),
        unexercised: "no used token was presented again later than a second",
        row: None,
        judge: judge::rt_reuse_late,
    },
    Check {
        id: "rt.reuse.code",
        title: "a used refresh token is refused with the documented status and code",
        requirement: "The refusal of a used token has exactly the status and code of the contract's error table.",
        remedy: "Map the refusal to the documented error; a client decides by it whether to log in again.",
        proven_by: Some("wrong-code"),
        unexercised: "no used token was presented again",
        row: Some(ErrorCase::Used),
        judge: judge::rt_reuse_code,
    },
    Check {
        id: "rt.chain",
        title: "rotations go on, and every ancestor stays dead",
        requirement: "The successor redeems, and its successor, n times in a row; tokens used more than one rotation \
                      ago, the oldest included, bring no tokens.",
        remedy: "Store every used token (or its family), not only the last one.",
        proven_by: Some("one-slot-store"),
        unexercised: "no successor was redeemed",
        row: None,
        judge: judge::rt_chain,
    },
    Check {
        id: "rt.samesecond",
        title: "rotation within one second kills the old token too",
        requirement: "A token issued and redeemed within one second of the clock brings no tokens when presented again.",
        remedy: "Do not decide by comparing issue times in whole seconds.",
        proven_by: Some("same-second-reuse"),
        unexercised: "no token issued and redeemed within one second was presented again",
        row: None,
        judge: judge::rt_samesecond,
    },
    Check {
        id: "rt.variants",
        title: "a changed refresh token is refused",
        requirement: "A case-flipped, padded, percent-encoded or truncated form of an issued token brings no tokens.",
        remedy: "Compare tokens byte for byte.",
        proven_by: Some("case-insensitive-token"),
        unexercised: "no variant of an issued token was presented",
        row: None,
        judge: judge::rt_variants,
    },
    Check {
        id: "rt.expiry",
        title: "an expired refresh token is refused as documented",
        requirement: "A token older than its application's refresh token lifetime is refused with exactly the \
                      documented status and code.",
        remedy: "Check the expiry when a token is redeemed, not only when it is cleaned up.",
        proven_by: Some("expired-accepted"),
        unexercised: "no token outlived its lifetime (set `x-api-key-short-lived` and `refresh-token-lifetime`)",
        row: Some(ErrorCase::Expired),
        judge: judge::rt_expiry,
    },
    Check {
        id: "rt.subject",
        title: "a token of a subject that can no longer sign in is refused as documented",
        requirement: "After a subject was disabled, its refresh token is refused with exactly the documented status \
                      and code.",
        remedy: "Look the subject up at every redeem.",
        proven_by: Some("disabled-subject-accepted"),
        unexercised: "no subject was disabled (set `subjectBasicAuthToken` and `subjectLogin`)",
        row: Some(ErrorCase::DisabledSubject),
        judge: judge::rt_subject,
    },
    Check {
        id: "rt.family",
        title: "what a replay does to the newest token",
        requirement: "Recorded only: whether presenting a used token again revokes the tokens that came after it.",
        remedy: "Nothing to mend: the contract does not say.",
        proven_by: None,
        unexercised: "no newest token was redeemed after a replay",
        row: None,
        judge: judge::rt_family,
    },
    Check {
        id: "err.table.missing-field",
        title: "a redeem without the token's field is refused as documented",
        requirement: "A body without the refresh token's field is answered with exactly the documented status and code.",
        remedy: "Validate the body before anything else is looked up.",
        proven_by: Some("missing-field-500"),
        unexercised: "no redeem without the token's field was sent",
        row: Some(ErrorCase::MissingField),
        judge: judge::table_missing_field,
    },
    Check {
        id: "err.table.missing-key",
        title: "a redeem without an application key is refused as documented",
        requirement: "A request that names no application is answered with the documented status, whatever its body.",
        remedy: "Put the key gate before routing and body parsing.",
        proven_by: Some("no-key-gate"),
        unexercised: "no redeem without an application key was sent",
        row: Some(ErrorCase::MissingClient),
        judge: judge::table_missing_client,
    },
    Check {
        id: "err.table.unknown-key",
        title: "a redeem with an unknown application key is refused as documented",
        requirement: "A request with a key that no application has is answered with the documented status.",
        remedy: "Look the key up; compare it case-sensitively.",
        proven_by: Some("unknown-key-accepted"),
        unexercised: "no redeem with an unknown application key was sent",
        row: Some(ErrorCase::UnknownClient),
        judge: judge::table_unknown_client,
    },
    Check {
        id: "err.table.invalid",
        title: "a made-up refresh token is refused as documented",
        requirement: "A token that was never issued is answered with exactly the documented status and code.",
        remedy: "Answer a token that is not found like one that is used: 401 and the documented code.",
        proven_by: Some("garbage-accepted"),
        unexercised: "no made-up token was presented",
        row: Some(ErrorCase::Garbage),
        judge: judge::table_garbage,
    },
    Check {
        id: "bearer.works",
        title: "access tokens open the protected route, and nothing else does",
        requirement: "The protected route refuses a request without a token, and accepts the access token of a login \
                      and of a redeem.",
        remedy: "Look at the route's guard: is it mounted, and does it know the key the token is signed with?",
        proven_by: Some("access-dead"),
        unexercised: "no access token was presented to a protected route",
        row: None,
        judge: judge::bearer_works,
    },
    Check {
        id: "bearer.old",
        title: "what a redeem does to the old access token",
        requirement: "Recorded only: whether the access token from before a redeem is still accepted after it.",
        remedy: "Nothing to mend: the contract does not say.",
        proven_by: None,
        unexercised: "no replaced access token was presented",
        row: None,
        judge: judge::bearer_old,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_builtin_contract_lists_checks_that_exist() {
        let mut ids: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CHECKS.len());
        for name in crate::contract::builtin_names() {
            let contract = crate::contract::load(name).unwrap();
            for id in contract.checks.keys() {
                assert!(find(id).is_some(), "{name} lists {id}");
            }
        }
    }
}
