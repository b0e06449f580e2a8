//! What the ledger keeps of an exchange, after the fact was judged.

use super::read::subject_of;
use super::{AccessLife, Digest, Ledger, RefreshLife, Session, digest, now};
use crate::conformance::answer::Answer;
use crate::conformance::fact::{Case, Doubt, Fact, PADDED, Presented as Access, RedeemFact, Renewal};
use crate::conformance::judge::LATE_MS;
use crate::conformance::jwt::Claims;
use crate::conformance::presented::{self, Presented};
use crate::conformance::route::{Action, Operation};
use crate::contract::{ErrorCase, NewRefresh, ShapeRule, Tokens};
use crate::exchange::Exchange;
use std::collections::hash_map::Entry;

/// Ways of refusing used tokens that are remembered.
const USED_ANSWERS: usize = 8;

impl Ledger {
    pub(super) fn learn(
        &mut self,
        operation: Operation,
        fact: Option<&Fact>,
        exchange: &Exchange,
        answer: Option<&Answer>,
    ) {
        let accepted = answer.filter(|answer| answer.accepted());
        match (operation, fact) {
            (Operation::Login { login, .. }, Some(_)) => {
                if let Some(answer) = accepted {
                    self.learn_login(login, exchange, answer);
                }
                self.under_way[login].clear();
            }
            (Operation::Login { login, step }, None) => {
                if step == 0 {
                    self.under_way[login].clear();
                }
                let values = self.lasting(login, step, exchange);
                self.under_way[login].extend(values);
            }
            (Operation::Redeem | Operation::RedeemByGet, Some(Fact::Redeem(fact))) => {
                self.learn_redeem(fact, exchange, answer)
            }
            (Operation::Protected(login), Some(Fact::Protected(fact)))
                if fact.presented == Access::Nothing && fact.refused =>
            {
                self.guarded.insert(login);
            }
            (Operation::Subject(action, true), _) if accepted.is_some() => self.learn_subject(action),
            _ => {}
        }
    }

    fn learn_subject(&mut self, action: Action) {
        self.subject = match action {
            Action::Disable | Action::Delete => Some(action),
            Action::Enable | Action::Create => None,
        };
        if self.subject.is_none() {
            for index in 0..self.sessions.len() {
                if self.controls(self.sessions[index].identity) {
                    self.doubt(index, Doubt::SubjectChanged);
                }
            }
        }
    }

    pub(super) fn learn_login(&mut self, login: usize, exchange: &Exchange, answer: &Answer) {
        let identity = self.identity(login, exchange);
        let login_digest = self.login_digest(identity, exchange);
        self.good_logins.insert(login_digest);
        self.refused_redeem = false;
        let credentials = presented::credentials(&self.contract, exchange.request());
        let client = credentials.as_ref().map(|credentials| digest(&credentials.key));
        if let Some(credentials) = credentials {
            let secret = credentials.secret.as_deref().map(digest);
            self.known_clients.entry(digest(&credentials.key)).or_insert(secret);
        }
        let definition = &self.contract.login[login];
        let subject = subject_of(definition.subject.as_ref(), answer);
        let claims = answer.first(&definition.tokens.access.from).as_deref().and_then(Claims::of);
        let shape = if definition.shape == ShapeRule::Checked { self.shape_of(login, answer) } else { None };
        for index in 0..self.sessions.len() {
            let older = &self.sessions[index];
            let same_subject =
                if subject.is_some() { older.subject == subject } else { older.identity == identity };
            if older.login == login && older.client == client && same_subject {
                self.doubt(index, Doubt::Superseded);
            }
        }
        let lifetime = self.client_of(exchange).and_then(|client| client.refresh_lifetime);
        self.sessions.push(Session {
            login,
            client,
            identity,
            shape,
            subject,
            depth: 0,
            refresh_lifetime_ms: lifetime.map(|seconds| seconds * 1000.0),
            newest: None,
            claims,
            doubt: None,
            stormed: false,
        });
        let tokens = self.contract.login[login].tokens.clone();
        self.learn_tokens(self.sessions.len() - 1, &tokens, answer, now(exchange));
    }

    fn learn_redeem(&mut self, fact: &RedeemFact, exchange: &Exchange, answer: Option<&Answer>) {
        let refused = answer.is_some_and(|answer| !answer.accepted());
        self.refused_redeem |= refused;
        let credentials = presented::credentials(&self.contract, exchange.request());
        if self.is_documented_refusal(&fact.case, answer)
            && let Presented::Text(token) = presented::refresh_token(&self.contract, exchange.request())
        {
            self.refusals.keep(&fact.case, exchange, &token);
        }
        let Some((token, life)) = self.life_of(exchange) else {
            self.learn_from_stranger(&fact.case, refused, exchange);
            return;
        };
        let session = life.session;
        self.ends_sessions |= refused && fact.case == Case::Unspecified(Doubt::Superseded);
        if let (Case::Used { .. }, Some(answer)) = (&fact.case, answer)
            && !fact.brought_tokens
            && self.used_answers.len() < USED_ANSWERS
        {
            self.used_answers.insert(answer.to_string());
        }
        let Some(answer) = answer.filter(|_| fact.brought_tokens) else {
            self.learn_attempt(fact, token, refused);
            self.refuses_live |= matches!(fact.case, Case::Live { .. });
            match fact.case {
                Case::Used { behind, .. } if refused || answer.is_none() => {
                    self.replayed(session, behind > 1)
                }
                Case::Used { .. } | Case::Live { .. } => self.doubt(session, Doubt::Contradicted),
                _ => {}
            }
            return;
        };
        if let Some(credentials) = credentials {
            self.sessions[session].client.get_or_insert(digest(&credentials.key));
        }
        let now_ms = now(exchange);
        let tokens = self.redeemed_tokens(self.refresh.get(&token)).clone();
        let successor = answer.first(&tokens.refresh.from).as_deref().map(digest);
        self.learn_rotation(fact, token, successor, now_ms);
        self.learn_tokens(session, &tokens, answer, now_ms);
    }

    /// A redeem that was answered 2xx: whether another token took the place of the presented one.
    fn learn_rotation(&mut self, fact: &RedeemFact, token: Digest, successor: Option<Digest>, now_ms: f64) {
        let renewal = fact.issued.as_ref().map_or(Renewal::New, |issued| issued.refresh);
        let must_differ = self.contract.rotation.new_refresh == NewRefresh::Differs;
        let Some(life) = self.refresh.get_mut(&token) else { return };
        let session = life.session;
        let regular = match fact.case {
            Case::Live { .. } | Case::Unspecified(_) | Case::OtherClient => {
                renewal == Renewal::New || !must_differ
            }
            Case::Reuse { .. } => true,
            _ => false,
        };
        self.reusable |= match fact.case {
            Case::Used { behind: 1, age_ms, .. } => age_ms < LATE_MS,
            Case::Live { .. } => !regular && renewal != Renewal::Absent,
            _ => false,
        };
        if must_differ || renewal == Renewal::New {
            if life.redeemed_ms.is_none() {
                self.sessions[session].depth += 1;
            }
            life.redeemed_ms.get_or_insert(now_ms);
            life.successor = life.successor.or(successor);
        }
        if let Some(Doubt::ReplayedElsewhere { .. }) = self.sessions[session].doubt {
            // It has shown that it lives.
            self.sessions[session].doubt = None;
        }
        if !regular {
            self.doubt(session, Doubt::Contradicted);
        } else if matches!(fact.case, Case::Reuse { .. }) && renewal == Renewal::New {
            self.doubt(session, Doubt::Branched);
        }
    }

    fn learn_tokens(&mut self, session: usize, tokens: &Tokens, answer: &Answer, now_ms: f64) {
        let depth = self.sessions[session].depth;
        if let Some(token) = answer.first(&tokens.access.from) {
            let life = AccessLife { session, depth, issued_ms: now_ms };
            let known = self.access.entry(digest(&token)).or_insert(life);
            known.depth = depth;
        }
        let Some(token) = answer.first(&tokens.refresh.from) else { return };
        self.forms.extend(forms_of(&token).iter().map(|form| digest(form)));
        let life = RefreshLife {
            session,
            depth,
            issued_ms: now_ms,
            redeemed_ms: None,
            successor: None,
            attempted: false,
            attempt: None,
        };
        self.sessions[session].newest = Some(digest(&token));
        if let Entry::Vacant(place) = self.refresh.entry(digest(&token)) {
            place.insert(life);
            self.sample.add(&token);
        }
    }

    /// A redeem without a token of this run.
    fn learn_from_stranger(&mut self, case: &Case, refused: bool, exchange: &Exchange) {
        match case {
            // The token itself, to whoever trims it.
            Case::Garbage { variant: Some(PADDED) } if !refused => {
                let Presented::Text(token) = presented::refresh_token(&self.contract, exchange.request())
                else {
                    return;
                };
                let now_ms = now(exchange);
                if let Some(life) = self.refresh.get_mut(&digest(token.trim())) {
                    life.redeemed_ms.get_or_insert(now_ms);
                    let session = life.session;
                    self.doubt(session, Doubt::Contradicted);
                }
            }
            // One that was accepted may be a variant of a real one, which is spent then.
            Case::Garbage { .. } | Case::Odd(_) if !refused => {
                (0..self.sessions.len()).for_each(|index| self.doubt(index, Doubt::Contradicted));
            }
            // Whose redeem this was meant to be, a server can only guess: by the client's newest login.
            Case::MissingField if refused => {
                let newest = self.sessions.last().and_then(|session| session.newest);
                if let Some(life) = newest.and_then(|token| self.refresh.get_mut(&token)) {
                    life.attempted = true;
                    life.attempt.get_or_insert(ErrorCase::MissingField);
                }
            }
            _ => {}
        }
    }

    /// A redeem that brought no tokens.
    fn learn_attempt(&mut self, fact: &RedeemFact, token: Digest, refused: bool) {
        if let Some(life) = self.refresh.get_mut(&token) {
            life.attempted = true;
            life.attempt = life.attempt.or(fact.case.row().filter(|_| refused));
        }
    }

    /// A used token was presented again, and not accepted: what becomes of its session and of others is open.
    fn replayed(&mut self, session: usize, deep: bool) {
        self.doubt(session, Doubt::Replayed { deep });
        for other in (0..self.sessions.len()).filter(|other| *other != session) {
            let same_subject = !self.of_different_subjects(session, other);
            self.doubt(other, Doubt::ReplayedElsewhere { same_subject });
        }
    }

    /// Whether two sessions are certainly not the same subject's.
    fn of_different_subjects(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.sessions[one], &self.sessions[other]);
        match (&one.subject, &other.subject) {
            (Some(one), Some(other)) => one != other,
            _ => one.login == other.login && one.identity != other.identity,
        }
    }

    /// The first doubt stays: it is the one that explains what follows. What happened elsewhere explains least.
    fn doubt(&mut self, session: usize, doubt: Doubt) {
        let held = &mut self.sessions[session].doubt;
        if matches!(held, None | Some(Doubt::ReplayedElsewhere { .. })) {
            *held = Some(doubt);
        }
    }
}

/// Forms by which a changed token is recognised again: itself, in one case, its first half.
fn forms_of(token: &str) -> [String; 3] {
    let half = token.chars().take(token.chars().count() / 2).collect();
    [token.to_owned(), token.to_lowercase(), half]
}
