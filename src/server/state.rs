//! What all requests share, and the answers that carry tokens: to a login, to a redeem.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use super::{
    answers::{Answer, Tokens},
    config::{Application, Clock, Config},
    directory::Directory,
    fault::{FaultName, Faults},
    jwt,
    redemption::Turns,
    store::{Redeemed, Session, Store},
    token::opaque_token,
};

/// How long a refresh token lives that should not have been issued at all.
const STRAY_LIFETIME: Duration = Duration::from_secs(86_400);

/// What an access token is issued for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Occasion {
    Login,
    Redeem,
}

pub(super) struct State {
    pub(super) directory: Directory,
    pub(super) faults: Faults,
    pub(super) turns: Turns,
    clock: Clock,
    store: Mutex<Store>,
}

impl State {
    pub(super) fn new(config: Config) -> Self {
        let faults = Faults::new(config.faults.clone());
        Self {
            directory: Directory::new(&config),
            store: Mutex::new(Store::new(faults.clone())),
            turns: Turns::default(),
            clock: config.clock,
            faults,
        }
    }

    pub(super) fn now(&self) -> SystemTime {
        (self.clock)()
    }

    /// The token store, for as long as the guard lives. No store operation can leave it half changed.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a session for a subject that has proved who it is.
    pub(super) fn sign_in(&self, application: usize, subject: usize) -> Answer {
        let now = self.now();
        let short_token = self.short_token(application, subject, Occasion::Login, now);
        let stray = self.faults.has(FaultName::RefreshWhenDisabled).then_some(STRAY_LIFETIME);
        let lifetime = self.directory.applications[application].refresh_lifetime.or(stray);
        let refresh_token = lifetime.map(|lifetime| {
            let session = Session::new(application, subject, lifetime, Some(short_token.clone()));
            self.store().open(session, now)
        });
        let tokens = Tokens { token: opaque_token(), short_token, refresh_token };
        Answer::signed_in(&self.directory.subjects[subject], tokens, &self.faults)
    }

    /// The answer to a redeem that was granted.
    pub(super) fn redeemed(&self, redeemed: Redeemed) -> Answer {
        let Session { application, subject, access, .. } = redeemed.session;
        let stale = access.filter(|_| self.faults.has(FaultName::AccessNotRenewed));
        let short_token =
            stale.unwrap_or_else(|| self.short_token(application, subject, Occasion::Redeem, self.now()));
        self.store().renew_access(redeemed.id, short_token.clone());
        let tokens =
            Tokens { token: opaque_token(), short_token, refresh_token: Some(redeemed.refresh_token) };
        let subjects = &self.directory.subjects;
        let stranger = &subjects[(subject + 1) % subjects.len()];
        Answer::redeemed(&subjects[subject], stranger, tokens, &self.faults)
    }

    /// The id of the subject whose living access token this is, for that application.
    pub(super) fn bearer(&self, token: &str, application: usize) -> Option<String> {
        let Application { name, private_key, .. } = &self.directory.applications[application];
        let changed = self.faults.has(FaultName::AccessAudienceChanges).then_some(jwt::ISSUER);
        let audiences: Vec<&str> = changed.into_iter().chain([name.as_str()]).collect();
        if self.store().is_access_revoked(token) {
            return None;
        }
        jwt::verify(token, &audiences, private_key, self.now())
    }

    fn short_token(&self, application: usize, subject: usize, occasion: Occasion, now: SystemTime) -> String {
        let application = &self.directory.applications[application];
        let disabled = application.refresh_lifetime.is_none();
        let lifetime = if disabled && self.faults.has(FaultName::WrongLifetime) {
            Duration::from_secs(3600)
        } else {
            application.access_lifetime
        };
        let ahead = if self.faults.has(FaultName::AccessIssuedAhead) { 3600 } else { 0 };
        let iat = jwt::whole_seconds(now) + ahead;
        let exp = iat + lifetime.as_secs();
        let in_millis = self.faults.has(FaultName::AccessExpiresBeforeIssue);
        let changed = |fault| occasion == Occasion::Redeem && self.faults.has(fault);
        let access = jwt::Access {
            id: &self.directory.subjects[subject].id,
            sub: if changed(FaultName::AccessSubjectChanges) {
                "account_token_refresh"
            } else {
                jwt::SUBJECT
            },
            audience: if changed(FaultName::AccessAudienceChanges) { jwt::ISSUER } else { &application.name },
            iat: if in_millis { iat * 1000 } else { iat },
            exp,
        };
        let dead = match occasion {
            Occasion::Login => FaultName::LoginAccessDead,
            Occasion::Redeem => FaultName::AccessDead,
        };
        // A key nobody accepts is the public one.
        let key = if self.faults.has(dead) { &application.public_key } else { &application.private_key };
        jwt::sign(&access, key)
    }
}
