//! The refresh tokens: issued, redeemed once, remembered as used.
//!
//! All methods take `&mut self`: the server keeps the store behind one lock, so looking a token up, marking
//! it used and issuing its successor are one step that no other request can see half done.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, SystemTime},
};

use super::{
    fault::{FaultName, Faults},
    jwt::whole_seconds,
    token::refresh_token,
};

/// How long a used token lives on where a fault grants it that.
const GRACE: Duration = Duration::from_secs(2);
/// The same, too short for a client that has to notice a lost answer.
const SHORT_GRACE: Duration = Duration::from_millis(150);

/// Why a refresh token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Unknown,
    Redeemed,
    Expired,
    OtherApplication,
    CannotSignIn,
    SessionEnded,
}

/// One login and all that is redeemed from it.
#[derive(Clone)]
pub(super) struct Session {
    /// Position in the directory.
    pub(super) application: usize,
    /// Position in the directory.
    pub(super) subject: usize,
    /// How long each of its refresh tokens lives.
    pub(super) lifetime: Duration,
    /// The newest access token; a sound server has no more use for it.
    pub(super) access: Option<String>,
    /// The token redeemed last, and the second of that redemption: all that a careless server remembers.
    last: Option<(usize, u64)>,
    ended: bool,
}

/// What a redeem gives.
pub(super) struct Redeemed {
    /// Position in the store.
    pub(super) id: usize,
    pub(super) session: Session,
    pub(super) refresh_token: String,
}

struct Grant {
    session: usize,
    /// How many redemptions lie between the login and this token.
    generation: u32,
    text: String,
    issued: SystemTime,
    redeemed: Option<SystemTime>,
    /// The last token issued for it.
    successor: Option<usize>,
    revoked: bool,
}

/// Every refresh token ever issued, and who may not sign in any more.
#[derive(Default)]
pub(super) struct Store {
    faults: Faults,
    sessions: Vec<Session>,
    grants: Vec<Grant>,
    /// Token text to position in `grants`.
    tokens: HashMap<String, usize>,
    disabled: HashSet<usize>,
    deleted: HashSet<usize>,
    revoked_access: HashSet<String>,
    lockout: bool,
    /// Tokens issued by requests that are not answered yet.
    unwritten: u32,
}

impl Session {
    pub(super) fn new(
        application: usize,
        subject: usize,
        lifetime: Duration,
        access: Option<String>,
    ) -> Self {
        Self { application, subject, lifetime, access, last: None, ended: false }
    }
}

impl Store {
    pub(super) fn new(faults: Faults) -> Self {
        Self { faults, ..Self::default() }
    }

    /// Starts a session; its first refresh token.
    pub(super) fn open(&mut self, session: Session, now: SystemTime) -> String {
        if self.faults.has(FaultName::OneSessionASubject) {
            let subject = session.subject;
            self.end_sessions(|_, other| other.subject == subject);
        }
        self.sessions.push(session);
        let first = self.issue(self.sessions.len() - 1, 0, now);
        self.grants[first].text.clone()
    }

    /// Exchanges a refresh token for its successor, in one step. A refused token is left as it was.
    ///
    /// `application` is the caller's; `None` (only a faulty gate lets that happen) stands for any.
    pub(super) fn redeem(
        &mut self,
        presented: &str,
        application: Option<usize>,
        now: SystemTime,
    ) -> Result<Redeemed, Refusal> {
        self.admit(presented, application, now).map(|grant| self.rotate(grant, now))
    }

    /// The first half of a redeem: the stored token that was presented, if it may be redeemed now.
    pub(super) fn admit(
        &mut self,
        presented: &str,
        application: Option<usize>,
        now: SystemTime,
    ) -> Result<usize, Refusal> {
        let Some(id) = self.find(presented) else {
            if self.faults.has(FaultName::GarbageAccepted) {
                let session = Session::new(application.unwrap_or(0), 0, Duration::from_secs(86_400), None);
                self.open(session, now);
                return Ok(self.grants.len() - 1);
            }
            return Err(self.refuse(Refusal::Unknown));
        };
        match self.judge(id, application, now) {
            Ok(()) => Ok(id),
            Err(refusal) => {
                self.after_refusal(id, refusal, now);
                Err(self.refuse(refusal))
            }
        }
    }

    /// The second half of a redeem: the token is used, and its successor issued.
    pub(super) fn rotate(&mut self, id: usize, now: SystemTime) -> Redeemed {
        let Grant { session, generation, successor, .. } = self.grants[id];
        if self.faults.has(FaultName::SameTokenReturned) {
            return self.redeemed(id);
        }
        match successor {
            Some(first)
                if self.faults.has(FaultName::Idempotent)
                    || self.faults.has(FaultName::RaceSharedSuccessor) =>
            {
                return self.redeemed(first);
            }
            Some(last) if self.faults.has(FaultName::RaceOneSurvivor) => self.grants[last].revoked = true,
            _ => {}
        }
        self.grants[id].redeemed.get_or_insert(now);
        self.sessions[session].last = Some((id, whole_seconds(now)));
        let successor = self.issue(session, generation + 1, now);
        self.grants[id].successor = Some(successor);
        self.redeemed(successor)
    }

    /// Whether a token that was admitted has been redeemed since.
    pub(super) fn is_redeemed(&self, id: usize) -> bool {
        self.grants[id].redeemed.is_some()
    }

    /// Uses up every token whose text is in these bytes; what careless code does to tokens it ought not to touch.
    pub(super) fn use_up(&mut self, bytes: &[u8], now: SystemTime) {
        let text = String::from_utf8_lossy(bytes);
        for grant in self.grants.iter_mut().filter(|grant| text.contains(&grant.text)) {
            grant.redeemed.get_or_insert(now);
        }
    }

    /// Uses up the application's newest token; what careless code does to whoever sent no token.
    pub(super) fn use_up_newest(&mut self, application: Option<usize>, now: SystemTime) {
        let Self { grants, sessions, .. } = self;
        let own = |grant: &&mut Grant| Some(sessions[grant.session].application) == application;
        if let Some(newest) = grants.iter_mut().rev().find(own) {
            newest.redeemed.get_or_insert(now);
        }
    }

    /// The session of a refresh token that could be redeemed now.
    pub(super) fn living_session(&self, token: &str, now: SystemTime) -> Option<&Session> {
        let id = self.find(token)?;
        self.judge(id, None, now).ok().map(|()| &self.sessions[self.grants[id].session])
    }

    /// Notes the access token that a session has from now on. On a sound server the one before lives on.
    pub(super) fn renew_access(&mut self, session: usize, access: String) {
        let before = self.sessions[session].access.replace(access);
        if self.faults.has(FaultName::OldAccessRevoked) {
            self.revoked_access.extend(before);
        }
    }

    pub(super) fn is_access_revoked(&self, access: &str) -> bool {
        self.revoked_access.contains(access)
    }

    /// A request that issued a token is answered.
    pub(super) fn written_back(&mut self) {
        self.unwritten = self.unwritten.saturating_sub(1);
    }

    /// Whether the next login is to be refused for a redeem that was; asking lifts it.
    pub(super) fn take_lockout(&mut self) -> bool {
        std::mem::take(&mut self.lockout)
    }

    pub(super) fn set_disabled(&mut self, subject: usize, disabled: bool) {
        if disabled {
            self.disabled.insert(subject);
        } else {
            self.disabled.remove(&subject);
        }
    }

    /// Removes a subject with its sessions.
    pub(super) fn delete(&mut self, subject: usize) {
        self.deleted.insert(subject);
        if !self.faults.has(FaultName::DeletedSubjectAccepted) {
            self.end_sessions(|_, session| session.subject == subject);
        }
    }

    /// Brings a subject back; its sessions stay ended.
    pub(super) fn create(&mut self, subject: usize) {
        self.deleted.remove(&subject);
    }

    pub(super) fn can_sign_in(&self, subject: usize) -> bool {
        !self.disabled.contains(&subject) && !self.deleted.contains(&subject)
    }

    fn judge(&self, id: usize, application: Option<usize>, now: SystemTime) -> Result<(), Refusal> {
        let grant = &self.grants[id];
        let session = &self.sessions[grant.session];
        let foreign = application.is_some_and(|caller| caller != session.application);
        if foreign && !self.faults.has(FaultName::ClientNotBound) {
            return Err(Refusal::OtherApplication);
        }
        if self.is_used(id, now) {
            return Err(Refusal::Redeemed);
        }
        if session.ended || grant.revoked {
            return Err(Refusal::SessionEnded);
        }
        if now >= grant.issued + session.lifetime && !self.faults.has(FaultName::ExpiredAccepted) {
            return Err(Refusal::Expired);
        }
        let disabled = self.disabled.contains(&session.subject);
        if disabled && !self.faults.has(FaultName::DisabledSubjectAccepted) {
            return Err(Refusal::CannotSignIn);
        }
        if grant.generation >= 2 && self.faults.has(FaultName::ChainLimit) {
            return Err(Refusal::Expired);
        }
        Ok(())
    }

    fn refuse(&mut self, refusal: Refusal) -> Refusal {
        self.lockout |= self.faults.has(FaultName::LockoutAfterRefusal);
        refusal
    }

    /// What a refused redeem does to others: on a sound server, nothing.
    fn after_refusal(&mut self, id: usize, refusal: Refusal, now: SystemTime) {
        let own = self.grants[id].session;
        let subject = self.sessions[own].subject;
        match refusal {
            Refusal::OtherApplication if self.faults.has(FaultName::ConsumedByOtherClient) => {
                self.grants[id].redeemed.get_or_insert(now);
            }
            Refusal::Redeemed if self.faults.has(FaultName::FamilyRevocation) => {
                self.end_sessions(|session, _| session == own);
            }
            Refusal::Redeemed if self.faults.has(FaultName::ReplayEndsOtherSessions) => {
                self.end_sessions(|session, other| session != own && other.subject == subject);
            }
            Refusal::Redeemed if self.faults.has(FaultName::ReplayEndsAllUsers) => {
                self.end_sessions(|_, _| true);
            }
            _ => {}
        }
    }

    fn end_sessions(&mut self, ends: impl Fn(usize, &Session) -> bool) {
        for (position, session) in self.sessions.iter_mut().enumerate() {
            session.ended |= ends(position, session);
        }
    }

    fn find(&self, presented: &str) -> Option<usize> {
        if self.faults.has(FaultName::CaseInsensitiveToken) {
            let mut tokens = self.tokens.iter();
            return tokens.find(|(token, _)| token.eq_ignore_ascii_case(presented)).map(|(_, &id)| id);
        }
        self.tokens.get(presented).copied()
    }

    /// A redeemed token is used, for good; each fault here forgets that in its own way.
    fn is_used(&self, id: usize, now: SystemTime) -> bool {
        let grant = &self.grants[id];
        let Some(redeemed) = grant.redeemed else { return false };
        let since = now.duration_since(redeemed).unwrap_or_default();
        let last = self.sessions[grant.session].last;
        let forgotten = |fault| match fault {
            FaultName::ReplayAccepted => true,
            FaultName::ReplayAcceptedLate => since > Duration::from_secs(1),
            FaultName::ReplayAcceptedEarly => since < Duration::from_millis(500),
            FaultName::Grace | FaultName::Idempotent => since < GRACE,
            FaultName::GraceTooShort => since < SHORT_GRACE,
            FaultName::SameSecondReuse => {
                last.is_some_and(|(_, second)| whole_seconds(grant.issued) >= second)
            }
            FaultName::OneSlotStore => last.is_some_and(|(token, _)| token != id),
            _ => false,
        };
        !self.faults.iter().any(forgotten)
    }

    fn redeemed(&self, id: usize) -> Redeemed {
        let grant = &self.grants[id];
        let session = self.sessions[grant.session].clone();
        Redeemed { id: grant.session, session, refresh_token: grant.text.clone() }
    }

    fn issue(&mut self, session: usize, generation: u32, now: SystemTime) -> usize {
        let id = self.grants.len();
        let text = refresh_token(&self.faults, id, now);
        if generation == 0 || !self.faults.has(FaultName::SuccessorDead) {
            self.tokens.insert(text.clone(), id);
        }
        // The list that was read before holds nothing of it, and is written back after.
        let revoked = self.unwritten > 0 && self.faults.has(FaultName::RaceLostUpdate);
        self.unwritten += 1;
        let grant =
            Grant { session, generation, text, issued: now, redeemed: None, successor: None, revoked };
        self.grants.push(grant);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    fn after(millis: u64) -> SystemTime {
        START + Duration::from_millis(millis)
    }

    fn store(fault: Option<FaultName>) -> (Store, String) {
        let mut store = Store::new(Faults::new(fault.into_iter().collect()));
        let token = store.open(Session::new(1, 2, Duration::from_secs(5), None), START);
        (store, token)
    }

    #[test]
    fn a_token_redeems_once_and_its_chain_goes_on() {
        let (mut store, first) = store(None);
        let mut used = vec![first];
        for generation in 0..20 {
            let current = used[generation].clone();
            let successor = store.redeem(&current, Some(1), START).unwrap().refresh_token;
            for token in &used {
                assert_eq!(store.redeem(token, Some(1), START).err(), Some(Refusal::Redeemed));
            }
            assert!(!used.contains(&successor));
            used.push(successor);
        }
    }

    #[test]
    fn a_refused_token_is_not_used_up() {
        let (mut store, token) = store(None);
        assert_eq!(store.redeem(&token, Some(0), START).err(), Some(Refusal::OtherApplication));
        store.set_disabled(2, true);
        assert_eq!(store.redeem(&token, Some(1), START).err(), Some(Refusal::CannotSignIn));
        store.set_disabled(2, false);
        assert!(store.redeem(&token, Some(1), START).is_ok());
    }

    #[test]
    fn expiry_is_exact_and_counts_from_each_token_s_own_issue() {
        let (mut store, token) = store(None);
        assert_eq!(store.redeem(&token, Some(1), after(5000)).err(), Some(Refusal::Expired));
        let successor = store.redeem(&token, Some(1), after(4999)).unwrap().refresh_token;
        assert_eq!(store.redeem(&successor, Some(1), after(9999)).err(), Some(Refusal::Expired));
        assert!(store.redeem(&successor, Some(1), after(9998)).is_ok());
    }

    #[test]
    fn forgetful_stores_forget_as_described() {
        // Fault, when the token is redeemed, when it is replayed, whether that works.
        let rows = [
            (FaultName::ReplayAccepted, 0, 0, true),
            (FaultName::ReplayAccepted, 0, 4000, true),
            (FaultName::ReplayAcceptedLate, 0, 1000, false),
            (FaultName::ReplayAcceptedLate, 0, 1001, true),
            (FaultName::ReplayAcceptedEarly, 0, 499, true),
            (FaultName::ReplayAcceptedEarly, 0, 500, false),
            (FaultName::SameSecondReuse, 999, 999, true),
            (FaultName::SameSecondReuse, 999, 4000, true),
            (FaultName::SameSecondReuse, 1000, 1000, false),
            (FaultName::OneSlotStore, 0, 0, false),
        ];
        for (fault, redeemed, replayed, works) in rows {
            let (mut store, token) = store(Some(fault));
            store.redeem(&token, Some(1), after(redeemed)).unwrap();
            let replay = store.redeem(&token, Some(1), after(replayed));
            assert_eq!(
                replay.is_ok(),
                works,
                "{fault}: redeemed at {redeemed} ms, replayed at {replayed} ms"
            );
        }
    }
}
