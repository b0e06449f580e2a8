//! What all requests share, and the two ways to get tokens: sign in, redeem.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use super::{
    answers::{Answer, Tokens},
    config::{Clock, Config},
    directory::Directory,
    fault::{FaultName, Faults},
    jwt,
    store::{Session, Store, opaque_token},
};

/// How long a refresh token lives that should not have been issued at all.
const STRAY_LIFETIME: Duration = Duration::from_secs(86_400);

pub(super) struct State {
    pub(super) directory: Directory,
    pub(super) faults: Faults,
    clock: Clock,
    store: Mutex<Store>,
}

impl State {
    pub(super) fn new(config: Config) -> Self {
        let faults = Faults::new(config.faults.clone());
        Self {
            directory: Directory::new(&config),
            store: Mutex::new(Store::new(faults.clone())),
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
        let short_token = self.short_token(application, subject, FaultName::LoginAccessDead, now);
        let stray = self.faults.has(FaultName::RefreshWhenDisabled).then_some(STRAY_LIFETIME);
        let lifetime = self.directory.applications[application].refresh_lifetime.or(stray);
        let refresh_token = lifetime.map(|lifetime| {
            let session = Session::new(application, subject, lifetime, Some(short_token.clone()));
            self.store().open(session, now)
        });
        let tokens = Tokens { token: opaque_token(), short_token, refresh_token };
        Answer::signed_in(&self.directory.subjects[subject], tokens, &self.faults)
    }

    /// Exchanges a refresh token, for the caller's application.
    pub(super) fn redeem(&self, presented: &str, caller: Option<usize>) -> Result<Answer, Answer> {
        let now = self.now();
        let redeemed = self.store().redeem(presented, caller, now);
        let redeemed = redeemed.map_err(|refusal| Answer::redeem_refused(refusal, &self.faults))?;
        let Session { application, subject, login_access, .. } = redeemed.session;
        let stale = login_access.filter(|_| self.faults.has(FaultName::AccessNotRenewed));
        let short_token =
            stale.unwrap_or_else(|| self.short_token(application, subject, FaultName::AccessDead, now));
        let tokens =
            Tokens { token: opaque_token(), short_token, refresh_token: Some(redeemed.refresh_token) };
        let subjects = &self.directory.subjects;
        let stranger = &subjects[(subject + 1) % subjects.len()];
        Ok(Answer::redeemed(&subjects[subject], stranger, tokens, &self.faults))
    }

    /// An access token; signed with a key nobody accepts where the fault `dead` is on.
    fn short_token(&self, application: usize, subject: usize, dead: FaultName, now: SystemTime) -> String {
        let application = &self.directory.applications[application];
        let disabled = application.refresh_lifetime.is_none();
        let lifetime = if disabled && self.faults.has(FaultName::WrongLifetime) {
            Duration::from_secs(3600)
        } else {
            application.access_lifetime
        };
        let key = if self.faults.has(dead) { &application.public_key } else { &application.private_key };
        jwt::sign(&self.directory.subjects[subject].id, &application.name, key, now, lifetime)
    }
}
