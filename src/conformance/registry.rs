//! The table of checks: ids are stable and never reused.

use super::check::{Applies, Check};
use super::judge;
use crate::contract::{Contract, ErrorCase, Fate, NewRefresh, Reuse, ShapeRule};

/// The check of that id.
pub fn find(id: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.id == id)
}

/// The ids of every check there is.
pub fn ids() -> Vec<&'static str> {
    CHECKS.iter().map(|check| check.id).collect()
}

/// It applies to every contract.
fn always(_: &Contract) -> Applies {
    Applies::Yes
}

/// It needs a row in the contract's error table.
fn row(contract: &Contract, case: ErrorCase) -> Applies {
    match contract.row(case) {
        Some(_) => Applies::Yes,
        None => Applies::No(format!("the contract's error table has no row `{}`", case.name())),
    }
}

/// It needs redeems to name their application, and a row.
fn client_row(contract: &Contract, case: ErrorCase) -> Applies {
    match contract.names_applications() {
        true => row(contract, case),
        false => Applies::No("redeems name no application".to_owned()),
    }
}

/// It needs used tokens to be refused, at least in the end.
fn reuse_refused_in_the_end(contract: &Contract) -> Applies {
    match contract.rotation.reuse {
        Reuse::Allowed => Applies::No("the contract allows tokens to be used again".to_owned()),
        _ => Applies::Yes,
    }
}

/// It needs used tokens to be refused at once.
fn reuse_refused_at_once(contract: &Contract) -> Applies {
    match contract.rotation.reuse {
        Reuse::Grace(seconds) | Reuse::Idempotent(seconds) => {
            Applies::No(format!("the contract lets a used token live on for {seconds} s"))
        }
        Reuse::Refused | Reuse::Allowed => reuse_refused_in_the_end(contract),
    }
}

/// It needs a time in which a used token lives on.
fn reuse_has_time(contract: &Contract) -> Applies {
    match contract.rotation.reuse {
        Reuse::Grace(_) | Reuse::Idempotent(_) => Applies::Yes,
        Reuse::Refused => Applies::No("the contract gives a used token no time to live on".to_owned()),
        Reuse::Allowed => reuse_refused_in_the_end(contract),
    }
}

/// It needs the contract to say what refresh token a redeem brings.
fn rotation(contract: &Contract) -> Applies {
    match contract.rotation.new_refresh {
        NewRefresh::Optional => {
            Applies::No("the contract leaves open whether a redeem brings a refresh token".to_owned())
        }
        _ => Applies::Yes,
    }
}

/// It needs a login whose shape counts.
fn shape(contract: &Contract) -> Applies {
    match contract.login.iter().any(|login| login.shape == ShapeRule::Checked) {
        true => Applies::Yes,
        false => Applies::No("no login of the contract has `shape = \"checked\"`".to_owned()),
    }
}

/// The first that does not apply, or is only observed.
fn both(first: Applies, second: Applies) -> Applies {
    if first == Applies::Yes { second } else { first }
}

/// It is judged where the contract says what becomes of a token, and recorded elsewhere.
fn fate(fate: Fate) -> Applies {
    if fate == Fate::Unspecified { Applies::Observed } else { Applies::Yes }
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
        applies: always,
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
        applies: always,
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
        applies: always,
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
        applies: always,
        judge: judge::rt_redeem,
    },
    Check {
        id: "rt.rotate",
        title: "a redeem gives a new refresh token",
        requirement: "The answer to a redeem carries a non-empty refresh token that was never issued before.",
        remedy: "Issue a successor with each redeem; never hand the presented token back.",
        proven_by: Some("same-token-returned"),
        unexercised: "no redeem succeeded",
        applies: rotation,
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
        applies: always,
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
        applies: shape,
        judge: judge::rt_shape,
    },
    Check {
        id: "rt.reuse.now",
        title: "a used refresh token is dead at once",
        requirement: "A refresh token presented again within a second of its redeem brings no tokens.",
        remedy: "Mark the token used in the same transaction that issues its successor, and check the affected rows.",
        proven_by: Some("replay-accepted"),
        unexercised: "no used token was presented again within a second",
        applies: reuse_refused_at_once,
        judge: judge::rt_reuse_now,
    },
    Check {
        id: "rt.reuse.late",
        title: "a used refresh token stays dead",
        requirement: "A refresh token presented again more than a second after its redeem brings no tokens.",
        remedy: "Look for clean-up jobs or caches that forget used tokens.",
        proven_by: Some("replay-accepted-late"),
        unexercised: "no used token was presented again later than a second",
        applies: reuse_refused_in_the_end,
        judge: judge::rt_reuse_late,
    },
    Check {
        id: "rt.reuse.code",
        title: "a used refresh token is refused with the documented status and code",
        requirement: "The refusal of a used token has exactly the status and code of the contract's error table.",
        remedy: "Map the refusal to the documented error; a client decides by it whether to log in again.",
        proven_by: Some("wrong-code"),
        unexercised: "no used token was presented again",
        applies: |contract| both(reuse_refused_in_the_end(contract), row(contract, ErrorCase::Used)),
        judge: judge::rt_reuse_code,
    },
    Check {
        id: "rt.grace",
        title: "a used refresh token lives on as long as documented",
        requirement: "Within the time the contract gives it, a used token brings tokens again; where reuse is \
                      idempotent, the refresh token that its first redeem brought.",
        remedy: "Look at the time of grace the server is set to, and at the clock it is counted by.",
        proven_by: None,
        unexercised: "no used token was presented again within its time",
        applies: reuse_has_time,
        judge: judge::rt_grace,
    },
    Check {
        id: "rt.chain",
        title: "rotations go on, and every ancestor stays dead",
        requirement: "The successor redeems, and its successor, n times in a row; tokens used more than one rotation \
                      ago, the oldest included, bring no tokens.",
        remedy: "Store every used token (or its family), not only the last one.",
        proven_by: Some("one-slot-store"),
        unexercised: "no successor was redeemed",
        applies: always,
        judge: judge::rt_chain,
    },
    Check {
        id: "rt.samesecond",
        title: "rotation within one second kills the old token too",
        requirement: "A token issued and redeemed within one second of the clock brings no tokens when presented again.",
        remedy: "Do not decide by comparing issue times in whole seconds.",
        proven_by: Some("same-second-reuse"),
        unexercised: "no token issued and redeemed within one second was presented again",
        applies: reuse_refused_at_once,
        judge: judge::rt_samesecond,
    },
    Check {
        id: "rt.variants",
        title: "a changed refresh token is refused",
        requirement: "A case-flipped, padded, percent-encoded or truncated form of an issued token brings no tokens.",
        remedy: "Compare tokens byte for byte.",
        proven_by: Some("case-insensitive-token"),
        unexercised: "no variant of an issued token was presented",
        applies: always,
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
        applies: |contract| row(contract, ErrorCase::Expired),
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
        applies: |contract| row(contract, ErrorCase::DisabledSubject),
        judge: judge::rt_subject,
    },
    Check {
        id: "rt.family",
        title: "what a replay does to the newest token",
        requirement: "What the contract says a replay does to the newest token of its session; recorded where it does not say.",
        remedy: "Nothing to mend: the contract does not say.",
        proven_by: None,
        unexercised: "no newest token was redeemed after a replay",
        applies: |contract| {
            both(reuse_refused_in_the_end(contract), fate(contract.rotation.after_replay.successor))
        },
        judge: judge::rt_family,
    },
    Check {
        id: "err.table.missing-field",
        title: "a redeem without the token's field is refused as documented",
        requirement: "A body without the refresh token's field is answered with exactly the documented status and code.",
        remedy: "Validate the body before anything else is looked up.",
        proven_by: Some("missing-field-500"),
        unexercised: "no redeem without the token's field was sent",
        applies: |contract| row(contract, ErrorCase::MissingField),
        judge: judge::table_missing_field,
    },
    Check {
        id: "err.table.missing-key",
        title: "a redeem without an application key is refused as documented",
        requirement: "A request that names no application is answered with the documented status, whatever its body.",
        remedy: "Put the key gate before routing and body parsing.",
        proven_by: Some("no-key-gate"),
        unexercised: "no redeem without an application key was sent",
        applies: |contract| client_row(contract, ErrorCase::MissingClient),
        judge: judge::table_missing_client,
    },
    Check {
        id: "err.table.unknown-key",
        title: "a redeem with an unknown application key is refused as documented",
        requirement: "A request with a key that no application has is answered with the documented status.",
        remedy: "Look the key up; compare it case-sensitively.",
        proven_by: Some("unknown-key-accepted"),
        unexercised: "no redeem with an unknown application key was sent",
        applies: |contract| client_row(contract, ErrorCase::UnknownClient),
        judge: judge::table_unknown_client,
    },
    Check {
        id: "err.table.invalid",
        title: "a made-up refresh token is refused as documented",
        requirement: "A token that was never issued is answered with exactly the documented status and code.",
        remedy: "Answer a token that is not found like one that is used: 401 and the documented code.",
        proven_by: Some("garbage-accepted"),
        unexercised: "no made-up token was presented",
        applies: |contract| row(contract, ErrorCase::Garbage),
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
        applies: always,
        judge: judge::bearer_works,
    },
    Check {
        id: "bearer.old",
        title: "what a redeem does to the old access token",
        requirement: "What the contract says a redeem does to the access token before it; recorded where it does not say.",
        remedy: "Nothing to mend: the contract does not say.",
        proven_by: None,
        unexercised: "no replaced access token was presented",
        applies: |contract| fate(contract.rotation.old_access),
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
            crate::contract::load(name, &super::ids()).unwrap();
        }
    }
}
