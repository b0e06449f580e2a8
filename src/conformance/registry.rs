//! The table of checks: ids are stable and never reused.

mod applies;

use super::check::Check;
use super::judge::{self, access, race, refusal, secrecy, survival, table};
use crate::contract::ErrorCase;
use applies::*;

/// The check of that id.
pub fn find(id: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.id == id)
}

/// The ids of every check there is.
pub fn ids() -> Vec<&'static str> {
    CHECKS.iter().map(|check| check.id).collect()
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
        proven_by: Some("grace"),
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
        judge: |contract, fact| table::case(contract, fact, ErrorCase::Expired),
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
        judge: |contract, fact| table::case(contract, fact, ErrorCase::DisabledSubject),
    },
    Check {
        id: "rt.subject.deleted",
        title: "a token of a subject that is gone is refused as documented",
        requirement: "After a subject was deleted, its refresh token is refused with exactly the documented status \
                      and code.",
        remedy: "End a subject's sessions when it is deleted, or look it up at every redeem.",
        proven_by: Some("deleted-subject-accepted"),
        unexercised: "no subject was deleted (the contract's [subject] offers no `delete`, or lacks its variables)",
        applies: |contract| row(contract, ErrorCase::DeletedSubject),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::DeletedSubject),
    },
    Check {
        id: "rt.family",
        title: "what a replay does to the newest token",
        requirement: "What the contract says a replay of the token before it does to the newest token of a session; \
                      recorded where it does not say.",
        remedy: "Compare the contract's [rotation.after-replay] with what the server does when a used token comes back.",
        proven_by: Some("family-revocation"),
        unexercised: "no newest token was redeemed after a replay of the one before it",
        applies: after_replay,
        judge: judge::rt_family,
    },
    Check {
        id: "rt.family.deep",
        title: "what a replay of an old ancestor does to the newest token",
        requirement: "What the contract says a replay does to the newest token, when the replayed one is several \
                      rotations old; recorded where it does not say.",
        remedy: "Keep the whole family of a token, so that every ancestor leads to the session it belongs to.",
        proven_by: Some("family-revocation"),
        unexercised: "no newest token was redeemed after a replay of an ancestor",
        applies: after_replay,
        judge: judge::rt_family_deep,
    },
    Check {
        id: "rt.family.isolated",
        title: "a replay leaves other subjects' sessions alone",
        requirement: "After a used token was presented again, sessions of other subjects go on; other sessions of \
                      its own subject fare as the contract says, and are recorded where it does not say.",
        remedy: "Look at the WHERE of the revocation: it must name the family, or at most the subject.",
        proven_by: Some("replay-ends-all-users"),
        unexercised: "no other session was redeemed after a replay",
        applies: reuse_refused_in_the_end,
        judge: survival::isolation,
    },
    Check {
        id: "rt.parallel",
        title: "a newer login leaves the subject's sessions alone",
        requirement: "A refresh token still redeems after its subject has logged in once more.",
        remedy: "Keep a row a session, not a token column in the subject's row.",
        proven_by: Some("one-session-a-subject"),
        unexercised: "no token was redeemed after a newer login of its subject",
        applies: always,
        judge: survival::parallel,
    },
    Check {
        id: "rt.race",
        title: "of simultaneous redeems of one token one wins",
        requirement: "Of many redeems of one token that reach the server at the same moment as many are accepted as the \
                      contract allows, and one at least; the others get the documented refusal of a used token, and \
                      none an error of the server.",
        remedy: "Look the token up, mark it used and issue its successor in one transaction, with a condition on the \
                 row that is marked, and count the rows it changed.",
        proven_by: Some("race-check-then-delete"),
        unexercised: "no token was redeemed by several requests at the same moment",
        applies: reuse_refused_in_the_end,
        judge: race::race,
    },
    Check {
        id: "rt.race.winner",
        title: "what becomes of the winner of simultaneous redeems",
        requirement: "After simultaneous redeems of one token the winner's successor works, or is revoked with its \
                      family, as the contract says, and always alike; recorded where it does not say.",
        remedy: "Compare the contract's [rotation.after-replay] with what the server does to a successor when its \
                 parent comes back within the same moment.",
        proven_by: Some("family-revocation"),
        unexercised: "no successor was redeemed after a storm",
        applies: after_race,
        judge: race::winner,
    },
    Check {
        id: "rt.race.mixed",
        title: "redeems, replays and logins at the same moment are explained by some order",
        requirement: "Whatever comes together, there is an order of the requests in which a server that handles one \
                      after the other would have given these answers, before and after (linearizability).",
        remedy: "Look for state that is read, changed and written back as a whole: another request's change in \
                 between is lost.",
        proven_by: Some("race-lost-update"),
        unexercised: "no storm of different requests was released",
        applies: reuse_refused_in_the_end,
        judge: race::mixed,
    },
    Check {
        id: "rt.lost",
        title: "what a lost answer costs",
        requirement: "A token whose redeem was sent, and whose answer was never read, can be redeemed again where the \
                      contract lets a used token live on, and elsewhere fares as the contract says; recorded where it \
                      does not say.",
        remedy: "Commit a redeem whether or not its client waits, and give its token the time of grace that the \
                 contract promises.",
        proven_by: Some("lost-answer-rolled-back"),
        unexercised: "no redeem was sent whose answer was not read",
        applies: lost_answer,
        judge: race::lost,
    },
    Check {
        id: "rt.notconsumed.key",
        title: "a redeem refused for its application keeps the token",
        requirement: "A refresh token that was presented without, or with wrong, application credentials redeems \
                      afterwards with the right ones.",
        remedy: "Authenticate the application before the token is looked up, let alone consumed.",
        proven_by: Some("consumed-by-bad-key"),
        unexercised: "no token was redeemed after an attempt with bad application credentials",
        applies: clients,
        judge: |_, fact| {
            let reasons = [
                ErrorCase::MissingClient,
                ErrorCase::UnknownClient,
                ErrorCase::WrongSecret,
                ErrorCase::OtherClientCredentials,
            ];
            survival::attempt(fact, &reasons)
        },
    },
    Check {
        id: "rt.notconsumed.field",
        title: "a redeem refused for lacking the token keeps the session",
        requirement: "After a redeem without the token's field was refused, the token just issued redeems.",
        remedy: "Refuse an incomplete request before anything is looked up or changed.",
        proven_by: Some("consumed-by-missing-field"),
        unexercised: "no token was redeemed after an attempt without the token's field",
        applies: always,
        judge: |_, fact| survival::attempt(fact, &[ErrorCase::MissingField]),
    },
    Check {
        id: "rt.notconsumed.type",
        title: "a redeem refused for its content type keeps the token",
        requirement: "A refresh token in a body of the wrong media type, which was refused, redeems afterwards in a \
                      right one.",
        remedy: "Judge the content type before the body is parsed.",
        proven_by: Some("consumed-by-content-type"),
        unexercised: "no token was redeemed after an attempt with a wrong content type that was refused",
        applies: token_in_body,
        judge: |_, fact| survival::attempt(fact, &[ErrorCase::WrongContentType]),
    },
    Check {
        id: "rt.notconsumed.body",
        title: "a redeem refused for its broken body keeps the token",
        requirement: "A refresh token in a body that cannot be parsed, which was refused, redeems afterwards in a \
                      whole one.",
        remedy: "Touch no token before the whole body is parsed.",
        proven_by: Some("consumed-by-malformed-body"),
        unexercised: "no token was redeemed after an attempt with a broken body that was refused",
        applies: token_in_body,
        judge: |_, fact| survival::attempt(fact, &[ErrorCase::BrokenBody]),
    },
    Check {
        id: "rt.client.auth",
        title: "a redeem by an application that does not prove who it is is refused",
        requirement: "Without application credentials, with unknown ones, a wrong secret or another application's \
                      secret, a good refresh token brings no tokens and is answered 4xx.",
        remedy: "Put the gate in front of the redeem route too.",
        proven_by: Some("no-key-gate"),
        unexercised: "no redeem with bad application credentials was sent",
        applies: clients,
        judge: refusal::client_auth,
    },
    Check {
        id: "rt.client.bind",
        title: "a refresh token redeems for its own application only",
        requirement: "A token of one application is refused under the good credentials of another, and still redeems \
                      for its own.",
        remedy: "Store the application with the token, compare it before the token is consumed.",
        proven_by: Some("client-not-bound"),
        unexercised: "no token was presented by another application (configure a second [[client]] with refresh tokens)",
        applies: clients,
        judge: survival::client_binding,
    },
    Check {
        id: "rt.type",
        title: "neither kind of token passes for the other",
        requirement: "The protected route refuses a refresh token, and a redeem refuses an access token.",
        remedy: "Tell the kinds apart by a claim, a table or a key of their own.",
        proven_by: Some("refresh-as-bearer"),
        unexercised: "no token was presented in the other kind's place",
        applies: always,
        judge: access::kinds,
    },
    Check {
        id: "rt.entropy",
        title: "refresh tokens cannot be guessed",
        requirement: "Over at least 16 tokens, the positions that spread over their alphabet hold 128 bits; the \
                      estimate errs by a few bits, so it fails below 112. Constant prefixes, counters and \
                      timestamps count nothing.",
        remedy: "Make tokens of at least 16 bytes of a cryptographic random generator.",
        proven_by: Some("token-counter"),
        unexercised: "fewer than 16 refresh tokens were issued",
        applies: always,
        judge: secrecy::entropy,
    },
    Check {
        id: "rt.nourl",
        title: "refresh tokens stay out of URLs",
        requirement: "A good token in the query of a redeem brings nothing, by POST or by GET, and no answer has a \
                      token in `Location`.",
        remedy: "Take the token from the documented place alone; refuse other methods.",
        proven_by: Some("redeem-by-get"),
        unexercised: "no token was presented in the URL",
        applies: token_not_in_url,
        judge: refusal::nourl,
    },
    Check {
        id: "rt.nostore",
        title: "answers with tokens are not to be stored",
        requirement: "Every answer with tokens has `Cache-Control: no-store`.",
        remedy: "Set the field on the login's and the redeem's route.",
        proven_by: Some("tokens-cacheable"),
        unexercised: "no answer brought tokens",
        applies: always,
        judge: secrecy::nostore,
    },
    Check {
        id: "rt.mediatype",
        title: "answers with tokens say that they are JSON",
        requirement: "Every answer that has tokens in a JSON body is declared as `application/json`, or as a format \
                      of its syntax.",
        remedy: "Look at what writes the answer: a client that reads the field takes the body for a page.",
        proven_by: Some("redeem-content-type"),
        unexercised: "no answer brought tokens in JSON",
        applies: always,
        judge: secrecy::media_type,
    },
    Check {
        id: "jwt.time",
        title: "the times of access tokens make sense",
        requirement: "Where access tokens are JWTs, `exp` is after `iat`, and the `iat` of a new one is within five \
                      minutes of the clock of whoever receives it.",
        remedy: "Sign seconds of Unix time (RFC 7519 §2 NumericDate), in UTC.",
        proven_by: Some("access-issued-ahead"),
        unexercised: "no access token is a JWT with `iat`",
        applies: always,
        judge: access::times,
    },
    Check {
        id: "jwt.claims",
        title: "a redeem's access token speaks of the same subject, audience and issuer",
        requirement: "Where access tokens are JWTs, `iss`, `aud` and `sub` of a redeem's are those of its login's.",
        remedy: "Sign both with one function.",
        proven_by: Some("access-subject-changes"),
        unexercised: "no redeem brought an access token that is a JWT",
        applies: always,
        judge: access::claims,
    },
    Check {
        id: "err.table.missing-field",
        title: "a redeem without the token's field is refused as documented",
        requirement: "A body without the refresh token's field is answered with exactly the documented status and code.",
        remedy: "Validate the body before anything else is looked up.",
        proven_by: Some("missing-field-500"),
        unexercised: "no redeem without the token's field was sent",
        applies: |contract| row(contract, ErrorCase::MissingField),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::MissingField),
    },
    Check {
        id: "err.table.missing-key",
        title: "a redeem without an application key is refused as documented",
        requirement: "A request that names no application is answered with the documented status, whatever its body.",
        remedy: "Put the key gate before routing and body parsing.",
        proven_by: Some("no-key-gate"),
        unexercised: "no redeem without an application key was sent",
        applies: |contract| client_row(contract, ErrorCase::MissingClient),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::MissingClient),
    },
    Check {
        id: "err.table.unknown-key",
        title: "a redeem with an unknown application key is refused as documented",
        requirement: "A request with a key that no application has is answered with the documented status.",
        remedy: "Look the key up; compare it case-sensitively.",
        proven_by: Some("unknown-key-accepted"),
        unexercised: "no redeem with an unknown application key was sent",
        applies: |contract| client_row(contract, ErrorCase::UnknownClient),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::UnknownClient),
    },
    Check {
        id: "err.table.invalid",
        title: "a made-up refresh token is refused as documented",
        requirement: "A token that was never issued is answered with exactly the documented status and code.",
        remedy: "Answer a token that is not found like one that is used: 401 and the documented code.",
        proven_by: Some("garbage-accepted"),
        unexercised: "no made-up token was presented",
        applies: |contract| row(contract, ErrorCase::Garbage),
        judge: table::garbage,
    },
    Check {
        id: "err.table.empty",
        title: "a redeem with an empty token is refused as documented",
        requirement: "A redeem whose token is an empty string is answered with exactly the documented status and code.",
        remedy: "Validate the body before anything else is looked up.",
        proven_by: Some("empty-token-500"),
        unexercised: "no redeem with an empty token was sent",
        applies: |contract| row(contract, ErrorCase::Empty),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::Empty),
    },
    Check {
        id: "err.table.null",
        title: "a redeem with a null token is refused as documented",
        requirement: "A redeem whose token is null is answered with exactly the documented status and code.",
        remedy: "Validate the body before anything else is looked up.",
        proven_by: Some("missing-field-401"),
        unexercised: "no redeem with a null token was sent",
        applies: |contract| row(contract, ErrorCase::Null),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::Null),
    },
    Check {
        id: "err.table.wrong-type",
        title: "a redeem whose token is no string is refused as documented",
        requirement: "A redeem whose token is a number or an object is answered with exactly the documented status and code.",
        remedy: "Validate the body before anything else is looked up.",
        proven_by: Some("missing-field-code"),
        unexercised: "no redeem whose token is no string was sent",
        applies: |contract| row(contract, ErrorCase::WrongType),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::WrongType),
    },
    Check {
        id: "err.table.broken-body",
        title: "a redeem with a broken body is refused as documented",
        requirement: "A redeem whose body cannot be parsed is answered with exactly the documented status and code.",
        remedy: "Answer what the parser throws like every other bad request.",
        proven_by: Some("invalid-utf8-500"),
        unexercised: "no redeem with a broken body was sent",
        applies: |contract| row(contract, ErrorCase::BrokenBody),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::BrokenBody),
    },
    Check {
        id: "err.table.content-type",
        title: "a redeem of the wrong content type is refused as documented",
        requirement: "A redeem whose body has another media type than documented is answered with exactly the documented status and code.",
        remedy: "Validate the body before anything else is looked up.",
        proven_by: Some("media-type-500"),
        unexercised: "no redeem of another content type was sent",
        applies: |contract| row(contract, ErrorCase::WrongContentType),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::WrongContentType),
    },
    Check {
        id: "err.table.tampered",
        title: "a changed refresh token is refused as documented",
        requirement: "A token that was issued, with a part of it changed, is answered with exactly the documented status and code.",
        remedy: "Answer it like a token that was never issued.",
        proven_by: Some("not-found-status"),
        unexercised: "no changed token was presented",
        applies: |contract| row(contract, ErrorCase::Tampered),
        judge: table::tampered,
    },
    Check {
        id: "err.table.access-token",
        title: "an access token in the refresh token's place is refused as documented",
        requirement: "An access token presented to the redeem is answered with exactly the documented status and code.",
        remedy: "Answer it like a token that was never issued.",
        proven_by: Some("access-as-refresh"),
        unexercised: "no access token was presented to the redeem",
        applies: |contract| row(contract, ErrorCase::AccessToken),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::AccessToken),
    },
    Check {
        id: "err.table.wrong-secret",
        title: "a redeem with a wrong application secret is refused as documented",
        requirement: "A redeem with an application's id and a secret that nobody has is answered with exactly the documented status and code.",
        remedy: "Compare the secret before the token is looked up.",
        proven_by: None,
        unexercised: "no redeem with a wrong secret was sent",
        applies: |contract| secret_row(contract, ErrorCase::WrongSecret),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::WrongSecret),
    },
    Check {
        id: "err.table.other-secret",
        title: "a redeem with another application's secret is refused as documented",
        requirement: "A redeem with one application's id and the secret of another is answered with exactly the documented status and code.",
        remedy: "Compare the secret with the one of the named application.",
        proven_by: None,
        unexercised: "no redeem with another application's secret was sent (configure a second [[client]])",
        applies: |contract| secret_row(contract, ErrorCase::OtherClientCredentials),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::OtherClientCredentials),
    },
    Check {
        id: "err.table.other-client",
        title: "another application's refresh token is refused as documented",
        requirement: "A token that another application presents, with good credentials of its own, is answered with exactly the documented status and code.",
        remedy: "Compare the application stored with the token before anything else.",
        proven_by: Some("client-not-bound"),
        unexercised: "no token was presented by another application (configure a second [[client]] with refresh tokens)",
        applies: |contract| client_row(contract, ErrorCase::OtherClient),
        judge: |contract, fact| table::case(contract, fact, ErrorCase::OtherClient),
    },
    Check {
        id: "err.envelope",
        title: "error bodies have the documented form",
        requirement: "Every JSON body of a refused redeem has what the contract's `envelope` names.",
        remedy: "Write all errors with one function.",
        proven_by: Some("error-without-message"),
        unexercised: "no redeem was refused with a JSON body",
        applies: envelope,
        judge: refusal::envelope,
    },
    Check {
        id: "err.leak",
        title: "error bodies give nothing away",
        requirement: "No error body has a stack trace, an SQL statement, a path of the server's disk, or the token \
                      that was presented.",
        remedy: "Answer errors with texts of their own; write what happened into the log, without the token.",
        proven_by: Some("error-stack-trace"),
        unexercised: "no request was answered with an error",
        applies: always,
        judge: refusal::leak,
    },
    Check {
        id: "err.oracle",
        title: "unknown, used and expired tokens are refused alike",
        requirement: "Apart from times and ids, the refusals of unknown, used and expired tokens are the same to the \
                      letter, so that nobody learns which tokens once were real.",
        remedy: "One refusal for them all; the reason belongs into the log.",
        proven_by: Some("refusals-told-apart"),
        unexercised: "fewer than two of them were refused as documented",
        applies: alike,
        judge: refusal::oracle,
    },
    Check {
        id: "err.robust",
        title: "no request breaks the server",
        requirement: "A redeem with an empty, oversized or binary token, a broken body, invalid UTF-8 or another media \
                      type is never answered 5xx.",
        remedy: "Limit and validate what is read; turn what parsers throw into 4xx.",
        proven_by: Some("oversized-500"),
        unexercised: "no odd redeem was sent",
        applies: always,
        judge: refusal::robust,
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
        remedy: "Compare the contract's [rotation.after-redeem] with what the server does to the access token before.",
        proven_by: Some("old-access-revoked"),
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
