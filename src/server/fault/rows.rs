//! The faults: one row each, with its name, what the server does wrong, and where that is met or what it breaks.
//!
//! Some are right under a contract that says so (`grace`, `idempotent`, `family-revocation`): a fault is what the
//! sound server does otherwise.

use super::Fault;

faults! {
    ReplayAccepted "replay-accepted"
        "a used refresh token redeems again, always"
        "rotation without invalidation; breaks `single-use: after a successful redeem the old one is dead`";
    ReplayAcceptedLate "replay-accepted-late"
        "a used token is refused at first, and redeems again more than 1 s after its redemption"
        "a deny list in a cache whose entries outlive the token by too little; breaks single use";
    ReplayAcceptedEarly "replay-accepted-early"
        "a used token redeems again for 500 ms after its redemption"
        "revocation through a queue or a replica; breaks `after a successful redeem the old one is dead`";
    SameTokenReturned "same-token-returned"
        "redeem answers with the same refresh token, which stays valid"
        "rotation switched off by configuration; breaks `a new refreshToken too`";
    SameSecondReuse "same-second-reuse"
        "a token redeemed in the wall-clock second it was issued in stays valid"
        "`token.iat < session.lastRotation` compared in whole seconds; breaks single use";
    OneSlotStore "one-slot-store"
        "only the last used token of a session is remembered: its ancestors redeem again"
        "a `previousToken` column instead of a history; breaks single use for every older ancestor";
    SuccessorDead "successor-dead"
        "the refresh token of a redeem is refused"
        "the successor is answered but never stored; breaks `a new refreshToken`";
    NoSuccessor "no-successor"
        "redeem answers without a refreshToken although refresh tokens are enabled"
        "the answer of a redeem built by other code than a login's; breaks `a new refreshToken too`";
    ChainLimit "chain-limit"
        "a session ends after two rotations: the third redeem is refused"
        "a reuse counter kept over rotations; breaks `the successor redeems`, chains of any length";
    AccessNotRenewed "access-not-renewed"
        "redeem answers with the shortToken of the login"
        "the session's cached access token; breaks `with a new shortToken`";
    AccessDead "access-dead"
        "the shortToken of a redeem is refused as Bearer"
        "redeem signs with another key than login; breaks `shortToken is the Bearer JWT for API requests`";
    LoginAccessDead "login-access-dead"
        "the shortToken of a login is refused as Bearer"
        "login signs with a key the API does not know; breaks `shortToken is the Bearer JWT for API requests`";
    WrongShape "wrong-shape"
        "redeem answers with the tokens alone, without the subject"
        "an OAuth token answer; breaks `the response matches the login endpoint that issued the token`";
    LegacyTokenMissing "legacy-token-missing"
        "redeem answers without the `token` field of the login"
        "the long token left out as obsolete; breaks `the response matches the login endpoint`";
    WrongSubjectShape "wrong-subject-shape"
        "every redeem answers in the shape of a staff login, customers and applications too"
        "one serialiser for all subjects; breaks `user, customer or application shape`";
    WrongSubject "wrong-subject"
        "redeem answers with the `_id` of somebody else"
        "the subject looked up by a stale index; breaks `the response matches the login`";
    WrongCode "wrong-code"
        "a used token is refused with 401 TOKEN_USED"
        "a finer code than documented; breaks the error row `401 INVALID_REFRESH_TOKEN: already used`";
    WrongStatus "wrong-status"
        "refused refresh tokens are answered 403"
        "403 for 401, the commonest mix-up of the two; breaks the error row `401 INVALID_REFRESH_TOKEN`";
    NotFoundStatus "not-found-status"
        "an unknown refresh token is answered 404"
        "the database's `not found` passed through; breaks the error row `401 INVALID_REFRESH_TOKEN: invalid`";
    UnknownToken500 "unknown-token-500"
        "an unknown refresh token is answered 500 with a stack trace"
        "the missing record dereferenced; breaks the error row `401 INVALID_REFRESH_TOKEN: invalid`";
    OkWithErrorBody "ok-with-error-body"
        "refused refresh tokens are answered 200 with {code, message}"
        "an RPC style wrapper in front of the service; breaks the status of the error table";
    MissingField500 "missing-field-500"
        "a missing refreshToken is answered 500 with a stack trace"
        "the absent field dereferenced; breaks the error row `400 WRONG_DATA`";
    MissingField401 "missing-field-401"
        "a missing refreshToken is answered 401 INVALID_REFRESH_TOKEN"
        "`undefined` looked up as a token; breaks the error row `400 WRONG_DATA`";
    MissingFieldCode "missing-field-code"
        "a missing refreshToken is answered 400 with the code BAD_REQUEST"
        "the framework's validator answers first; breaks the error row `400 WRONG_DATA`";
    GarbageAccepted "garbage-accepted"
        "any unknown refresh token is accepted as a session of the first staff user"
        "a default record returned by a failed look-up; breaks `401 INVALID_REFRESH_TOKEN: invalid`";
    CaseInsensitiveToken "case-insensitive-token"
        "refresh tokens are compared without regard to case"
        "a case-insensitive collation on the token column; breaks `401 INVALID_REFRESH_TOKEN: invalid`";
    NoKeyGate "no-key-gate"
        "redeem works without an API key"
        "the route left out of the gate's list; breaks the error row `401: missing X-API-KEY`";
    NoClientGate "no-client-gate"
        "redeem asks for no API key, and looks at none"
        "the route left out of the gateway's configuration; breaks `401: missing or invalid X-API-KEY`";
    UnknownKeyAccepted "unknown-key-accepted"
        "redeem works with an unknown API key"
        "a gate that checks presence only; breaks the error row `401: invalid X-API-KEY`";
    WrongKeyStatus "wrong-key-status"
        "a missing or unknown API key is answered 403"
        "an API gateway's own refusal; breaks the error row `401: missing or invalid X-API-KEY`";
    BasicRequired "basic-required"
        "redeem is refused without the Basic credentials of a login"
        "the login middleware mounted on the whole router; breaks `Basic Auth is not used`";
    ExpiredAccepted "expired-accepted"
        "an expired refresh token redeems"
        "expiry left to a nightly clean-up; breaks `401 INVALID_REFRESH_TOKEN: expired`";
    DisabledSubjectAccepted "disabled-subject-accepted"
        "the refresh token of a subject that can no longer sign in redeems"
        "the account's state is read at login only; breaks `the subject can no longer sign in`";
    DeletedSubjectAccepted "deleted-subject-accepted"
        "the refresh token of a subject that was deleted redeems"
        "sessions that outlive their user's row; breaks `the subject can no longer sign in`";
    LockoutAfterRefusal "lockout-after-refusal"
        "after a refused redeem the next login is refused"
        "redeem failures counted as password guesses; breaks `when redeem fails: log in again`";
    RefreshWhenDisabled "refresh-when-disabled"
        "logins of an application without refresh tokens carry a refreshToken"
        "the application's switch is not read; breaks `login responses carry no refreshToken`";
    WrongLifetime "wrong-lifetime"
        "the access token of an application without refresh tokens lives 3600 s"
        "one default for all applications; breaks `access tokens last 2 days (172 800 s)`";
    NoShortToken "no-short-token"
        "logins answer without a shortToken"
        "an old version of the service, with the long token only; breaks `shortToken` at login";
    BearerOpen "bearer-open"
        "protected routes refuse nothing"
        "authentication switched off for debugging; breaks `shortToken is the Bearer JWT for API requests`";
    RaceCheckThenDelete "race-check-then-delete"
        "of simultaneous redeems of one token every one succeeds, each with a successor that lives"
        "the token looked up, then deleted in a second step 10 ms later; breaks single use (RFC 9700 §4.14.2)";
    RaceRowsIgnored "race-rows-ignored"
        "simultaneous redeems of one token succeed, in a window of one turn of the event loop"
        "`UPDATE … WHERE used = false` whose affected-row count nobody reads; breaks single use";
    RaceTwoReplicas "race-two-replicas"
        "of simultaneous redeems of one token two succeed"
        "a lock in the process, two processes behind the balancer; breaks single use";
    RaceOneSurvivor "race-one-survivor"
        "of simultaneous redeems of one token every one succeeds, and the last successor alone lives"
        "a session row with one token column, overwritten by each; breaks single use";
    RaceSharedSuccessor "race-shared-successor"
        "simultaneous redeems of one token all succeed with the same successor"
        "an insert that, on conflict, returns the row that is there; right under an `idempotent` contract only";
    RaceLosers500 "race-losers-500"
        "of simultaneous redeems of one token one succeeds, the others are answered 500"
        "a unique index whose violation nobody catches; breaks the error row `401: already used`";
    RaceLostUpdate "race-lost-update"
        "of logins and redeems at the same moment only the token of the first is stored"
        "the subject's list of sessions read, changed and written back as a whole; breaks `the successor redeems`";
    Grace "grace"
        "a used token redeems again for 2 s, each time with a new successor"
        "a grace period against lost answers; right under a `grace` contract, breaks single use elsewhere";
    Idempotent "idempotent"
        "a used token redeems again for 2 s, each time with the successor it gave first"
        "a grace period that replays the answer; right under an `idempotent` contract, breaks single use elsewhere";
    GraceTooShort "grace-too-short"
        "a used token redeems again for 150 ms only"
        "a grace period shorter than a client needs to miss an answer; breaks a `grace` contract, and single use";
    FamilyRevocation "family-revocation"
        "a replay ends the session the token belongs to"
        "RFC 9700 §4.14.2 asks for it; breaks a contract by which the successor lives on";
    ReplayEndsOtherSessions "replay-ends-other-sessions"
        "a replay ends the subject's other sessions, and leaves the replayed one alone"
        "`DELETE … WHERE user = ? AND session <> ?` where the family was meant; breaks the isolation of sessions";
    ReplayEndsAllUsers "replay-ends-all-users"
        "a replay ends every session of every subject"
        "a revocation without its WHERE clause; breaks the isolation of subjects";
    OneSessionASubject "one-session-a-subject"
        "a login ends the subject's earlier sessions"
        "one refresh token column in the user's row; breaks the isolation of sessions";
    LostAnswerRolledBack "lost-answer-rolled-back"
        "a redeem whose client has gone before the answer leaves the token unused"
        "work tied to the connection's life; a contract says whether a lost answer costs the token";
    OldAccessRevoked "old-access-revoked"
        "a redeem ends the access token that came with the redeemed refresh token"
        "a session's access token kept in one column; breaks a contract by which it lives until it expires";
    RefreshAsBearer "refresh-as-bearer"
        "a refresh token opens protected routes"
        "one table for all tokens; breaks `shortToken is the Bearer JWT` (OWASP ASVS 9.2.2)";
    AccessAsRefresh "access-as-refresh"
        "an access token redeems"
        "a redeem that takes whatever JWT it can verify; breaks `401 INVALID_REFRESH_TOKEN: invalid` (ASVS 9.2.2)";
    ConsumedByBadKey "consumed-by-bad-key"
        "a redeem refused for its API key uses up the token it carries"
        "the token consumed before the client is authenticated; a stranger ends sessions (RFC 6749 §6)";
    ConsumedByMalformedBody "consumed-by-malformed-body"
        "a redeem refused for its broken JSON uses up the token in it"
        "a scanner in front of the parser that consumes what it finds; a refused redeem must leave the token";
    ConsumedByContentType "consumed-by-content-type"
        "a redeem refused for its content type uses up the token in its body"
        "a form parser that runs before the content type is judged; a refused redeem must leave the token";
    ConsumedByMissingField "consumed-by-missing-field"
        "a redeem refused for lacking the token uses up the application's newest one"
        "`ORDER BY created DESC LIMIT 1` behind an optional filter; a refused redeem must leave the token";
    ConsumedByOtherClient "consumed-by-other-client"
        "a redeem under another application's key is refused, and uses up the token"
        "the owner compared after the token was consumed; the rightful client is locked out (RFC 6749 §6)";
    ClientNotBound "client-not-bound"
        "a token of one application redeems under the key of another"
        "the token looked up without its owner; breaks the binding to the client (RFC 6749 §6)";
    TokenCounter "token-counter"
        "refresh tokens are consecutive numbers"
        "the row's id taken for a token; breaks RFC 6749 §10.10 (guessing)";
    TokenTimestamp "token-timestamp"
        "refresh tokens are the time of their issue and a sequence number"
        "a time-ordered id taken for a token; breaks RFC 6749 §10.10 (guessing)";
    TokenShort "token-short"
        "refresh tokens hold 48 bits"
        "a short-link generator taken for tokens; breaks RFC 6749 §10.10 (at most 2^-128)";
    TokenSharedPrefix "token-shared-prefix"
        "refresh tokens are long, and 40 bits of them differ"
        "a generator seeded once a process; breaks RFC 6749 §10.10 (at most 2^-128)";
    TokenInQuery "token-in-query"
        "redeem takes the token from the URL's query too"
        "body and query merged by the framework; tokens end up in logs (RFC 6750 §5.3)";
    RedeemByGet "redeem-by-get"
        "GET with the token in the query redeems"
        "a route for every method; tokens end up in logs, and links redeem (RFC 6749 §3.2: POST)";
    TokensCacheable "tokens-cacheable"
        "answers with tokens come without Cache-Control: no-store"
        "the framework's defaults; breaks RFC 6749 §5.1";
    AccessExpiresBeforeIssue "access-expires-before-issue"
        "the access token's exp lies before its iat"
        "iat in milliseconds, exp in seconds; breaks RFC 7519 §4.1.6 (NumericDate)";
    AccessIssuedAhead "access-issued-ahead"
        "the access token's iat and exp are an hour ahead"
        "local time taken for UTC; strict verifiers refuse the token";
    AccessSubjectChanges "access-subject-changes"
        "a redeem's access token has another sub than the login's"
        "redeem fills sub from another column; clients that compare it sign the user out";
    AccessAudienceChanges "access-audience-changes"
        "a redeem's access token has another aud than the login's"
        "the audience of the service instead of the application's; verifiers of aud refuse the token";
    ErrorWithoutMessage "error-without-message"
        "errors come without their message"
        "a production profile that strips texts; breaks the envelope `{code, message}`";
    ErrorStackTrace "error-stack-trace"
        "refused refresh tokens are answered as documented, with a stack trace"
        "a debug flag left on; breaks OWASP ASVS 16.5.1";
    ErrorSql "error-sql"
        "refused refresh tokens are answered as documented, with the SQL statement"
        "the database's error text passed through; breaks OWASP ASVS 16.5.1";
    ErrorPath "error-path"
        "refused refresh tokens are answered as documented, with a path of the server's disk"
        "the system's error text passed through; breaks OWASP ASVS 16.5.1";
    ErrorEchoesToken "error-echoes-token"
        "refused refresh tokens are answered as documented, and repeated in the message"
        "the rejected value quoted by a validator; breaks OWASP ASVS 16.5.1";
    RefusalsToldApart "refusals-told-apart"
        "unknown, used and expired tokens are refused with different messages"
        "helpful texts; they tell a thief which tokens once were real";
    UsedToken500 "used-token-500"
        "a used refresh token is answered 500 with a stack trace"
        "the deleted session dereferenced; breaks the error row `401 INVALID_REFRESH_TOKEN: already used`";
    ExpiredCode "expired-code"
        "an expired token is refused with 401 TOKEN_EXPIRED"
        "the JWT library's code passed through; breaks the error row `401 INVALID_REFRESH_TOKEN: expired`";
    DisabledSubjectCode "disabled-subject-code"
        "the token of a subject that can no longer sign in is refused with 401 ACCOUNT_DISABLED"
        "the login's code reused; breaks the error row `401 INVALID_REFRESH_TOKEN: the subject can no longer sign in`";
    EmptyToken500 "empty-token-500"
        "an empty refresh token is answered 500 with a stack trace"
        "`if (!token)` missed by a type check; an error of the client is no error of the server";
    Oversized500 "oversized-500"
        "a redeem of 64 kB or more is answered 500 with a stack trace"
        "a column's limit that nobody checks; an error of the client is no error of the server";
    ControlCharacters500 "control-characters-500"
        "a refresh token with control characters is answered 500 with a stack trace"
        "a database that refuses NUL in a text; an error of the client is no error of the server";
    InvalidUtf8500 "invalid-utf8-500"
        "a body that is not UTF-8 is answered 500 with a stack trace"
        "a decoder whose exception nobody catches; an error of the client is no error of the server";
    MediaType500 "media-type-500"
        "a redeem that is not declared as JSON is answered 500 with a stack trace"
        "the body parser's absence dereferenced; an error of the client is no error of the server";
    RedeemHtml500 "redeem-html-500"
        "every redeem is answered 500 with an HTML page"
        "a proxy whose upstream is down";
    RedeemContentType "redeem-content-type"
        "every redeem is answered as text/html, the body being JSON"
        "a header forgotten in a hand-written handler; breaks RFC 6749 §5.1 (application/json)";
    RedeemGzipGarbage "redeem-gzip-garbage"
        "every redeem's body is declared as gzip, and is none"
        "a proxy that unpacks the body and keeps the header";
    RedeemBodyCut "redeem-body-cut"
        "every redeem's answer ends in the middle of its body"
        "a worker killed while it writes";
    RedeemReset "redeem-reset"
        "every redeem's connection is reset instead of answered"
        "a worker that crashes; the token is used up all the same";
    RedeemSlowHead "redeem-slow-head"
        "every redeem's answer comes byte by byte, two a second"
        "a stalled proxy, which a limit on silence does not notice";
    RedeemUnanswered "redeem-unanswered"
        "no redeem is ever answered"
        "a lock that nobody releases";
}
