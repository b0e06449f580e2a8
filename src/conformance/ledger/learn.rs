//! What the ledger keeps of an exchange, after the fact was judged.

use super::{AccessLife, Ledger, RefreshLife, Session, digest, now, subject_text};
use crate::conformance::fact::{Case, Doubt, Fact, Presented, RedeemFact, Renewal};
use crate::conformance::wire::{self, Operation, TokenField};
use crate::exchange::Exchange;
use serde_json::Value;

impl Ledger {
    pub(super) fn learn(&mut self, operation: Operation, fact: Option<&Fact>, exchange: &Exchange) {
        let accepted = exchange.response().is_some_and(|response| (200..300).contains(&response.code));
        match (operation, fact) {
            (Operation::Login(login), _) if accepted => self.learn_login(login, exchange),
            (Operation::Redeem, Some(Fact::Redeem(fact))) => self.learn_redeem(fact, exchange),
            (Operation::Protected(login), Some(Fact::Protected(fact))) => {
                let refused = fact.answer.as_ref().is_some_and(|answer| matches!(answer.status, 401 | 403));
                if fact.presented == Presented::Nothing && refused {
                    self.guarded.insert(login);
                }
            }
            (Operation::DisableSubject, _) if accepted => self.subject_disabled = true,
            (Operation::EnableSubject, _) if accepted => {
                self.subject_disabled = false;
                for index in 0..self.sessions.len() {
                    if self.controls(self.sessions[index].authorization) {
                        self.doubt(index, Doubt::SubjectChanged);
                    }
                }
            }
            _ => {}
        }
    }

    fn learn_login(&mut self, login: usize, exchange: &Exchange) {
        let login_digest = self.login_digest(exchange);
        self.good_logins.insert(login_digest);
        self.refused_redeem = false;
        let key = wire::client_key(&self.contract, exchange.request()).map(|key| digest(&key));
        self.known_keys.extend(key);
        let Some((_, Some(body))) = wire::answer(&self.contract, exchange) else { return };
        let subject = body.pointer(&self.contract.login[login].subject).map(subject_text);
        for index in 0..self.sessions.len() {
            let older = &self.sessions[index];
            if older.login == login && older.client == key && older.subject == subject {
                self.doubt(index, Doubt::Superseded);
            }
        }
        let lifetime = self.client_of(exchange).and_then(|client| client.refresh_lifetime);
        self.sessions.push(Session {
            login,
            client: key,
            authorization: exchange.request().headers.get("authorization").map(digest),
            shape: self.shape_of(&body),
            subject,
            depth: 0,
            refresh_lifetime_ms: lifetime.map(|seconds| seconds * 1000.0),
            doubt: None,
        });
        self.learn_tokens(self.sessions.len() - 1, &body, now(exchange));
    }

    fn learn_redeem(&mut self, fact: &RedeemFact, exchange: &Exchange) {
        let refused = fact.answer.as_ref().is_some_and(|answer| !answer.accepted());
        self.refused_redeem |= refused;
        let TokenField::Token(token) = wire::presented_token(&self.contract, exchange.request()) else {
            return;
        };
        let Some(life) = self.refresh.get_mut(&digest(&token)) else {
            // A made-up token that was accepted may be a variant of a real one, which is spent then.
            if !refused && let Case::Garbage { .. } = fact.case {
                (0..self.sessions.len()).for_each(|index| self.doubt(index, Doubt::Contradicted));
            }
            return;
        };
        let session = life.session;
        if refused || fact.answer.is_none() {
            life.attempted = true;
            match fact.case {
                Case::Used { .. } => self.doubt(session, Doubt::Replayed),
                Case::Live { .. } => self.doubt(session, Doubt::Contradicted),
                _ => {}
            }
            return;
        }
        let now_ms = now(exchange);
        let first_redeem = life.redeemed_ms.is_none();
        life.redeemed_ms.get_or_insert(now_ms);
        let rotated = fact.issued.as_ref().is_none_or(|issued| issued.refresh == Renewal::New);
        let regular = rotated && matches!(fact.case, Case::Live { .. } | Case::Unspecified(_));
        if !regular {
            self.doubt(session, Doubt::Contradicted);
        }
        if first_redeem {
            self.sessions[session].depth += 1;
        }
        if let Some((_, Some(body))) = wire::answer(&self.contract, exchange) {
            self.learn_tokens(session, &body, now_ms);
        }
    }

    fn learn_tokens(&mut self, session: usize, body: &Value, now_ms: f64) {
        let depth = self.sessions[session].depth;
        if let Some(token) = wire::text_at(body, &self.contract.tokens.access.response) {
            let life = AccessLife { session, depth, issued_ms: now_ms };
            let known = self.access.entry(digest(&token)).or_insert(life);
            known.depth = depth;
        }
        let Some(token) = wire::text_at(body, &self.contract.tokens.refresh.response) else { return };
        self.forms.extend(forms_of(&token).iter().map(|form| digest(form)));
        let life = RefreshLife { session, depth, issued_ms: now_ms, redeemed_ms: None, attempted: false };
        self.refresh.entry(digest(&token)).or_insert(life);
    }

    /// The first doubt stays: it is the one that explains what follows.
    fn doubt(&mut self, session: usize, doubt: Doubt) {
        self.sessions[session].doubt.get_or_insert(doubt);
    }
}

/// Forms by which a changed token is recognised again: itself, in one case, its first half.
fn forms_of(token: &str) -> [String; 3] {
    let half = token.chars().take(token.chars().count() / 2).collect();
    [token.to_owned(), token.to_lowercase(), half]
}
