//! The faults the reference server can be told to have: one table row each.
//!
//! Every fault breaks at least one MUST of the documented contract when a single client provokes it in
//! sequence. The code that misbehaves asks `faults.has(FaultName::…)` in exactly one place.

use std::{fmt, str::FromStr};

/// What is known of one fault.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// The value to put in [`Config::faults`](super::Config::faults).
    pub id: FaultName,
    /// The name on the command line, kebab-case.
    pub name: &'static str,
    /// One line: what the server does wrong.
    pub title: &'static str,
    /// Where this is met in the field, or which clause of the contract it breaks.
    pub seen: &'static str,
}

/// A name that is no fault's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown fault `{name}`")]
pub struct UnknownFault {
    /// The name as given.
    pub name: String,
}

macro_rules! faults {
    ($($id:ident $name:literal $title:literal $seen:literal;)*) => {
        /// The identity of a fault; parsed from, and displayed as, its kebab-case name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FaultName {
            $(#[doc = $title] $id,)*
        }

        static FAULTS: &[Fault] =
            &[$(Fault { id: FaultName::$id, name: $name, title: $title, seen: $seen },)*];
    };
}

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
}

/// All faults, in the order in which they are listed to people.
pub fn faults() -> &'static [Fault] {
    FAULTS
}

impl FaultName {
    /// The fault's row.
    pub fn fault(self) -> &'static Fault {
        // The macro writes variants and rows in one order.
        &FAULTS[self as usize]
    }
}

impl fmt::Display for FaultName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fault().name)
    }
}

impl FromStr for FaultName {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let known = FAULTS.iter().find(|fault| fault.name == name);
        known.map(|fault| fault.id).ok_or_else(|| UnknownFault { name: name.to_owned() })
    }
}

/// The faults that one server has.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<FaultName>);

impl Faults {
    pub(super) fn new(names: Vec<FaultName>) -> Self {
        Self(names)
    }

    pub(super) fn has(&self, name: FaultName) -> bool {
        self.0.contains(&name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = FaultName> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_kebab_case_and_parse_back() {
        for (position, fault) in faults().iter().enumerate() {
            assert_eq!(fault.id as usize, position);
            assert_eq!(fault.name.parse(), Ok(fault.id));
            assert_eq!(fault.id.to_string(), fault.name);
            assert!(fault.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            assert_eq!(faults().iter().filter(|other| other.name == fault.name).count(), 1);
        }
    }

    #[test]
    fn an_unknown_name_is_named_in_the_error() {
        let error = "replay_accepted".parse::<FaultName>().unwrap_err();
        assert_eq!(error.to_string(), "unknown fault `replay_accepted`");
    }
}
