//! The ledger: a model of the contract that watches every exchange in order and knows each token's life.
//!
//! It reads an exchange as a [`Fact`] against what it knew before, lets the checks judge the fact, and then learns
//! from the exchange. It keeps digests and lifecycles, never bodies or tokens.

mod coverage;
mod learn;
mod read;
mod storm;
#[cfg(test)]
mod tests;
mod traces;

use super::answer::Answer;
use super::check::Register;
use super::fact::{Doubt, Fact, Storm, StormKind};
use super::jwt::Claims;
use super::likeness::Refusals;
use super::route::{self, Action};
use super::shape::Shape;
use super::strength::Sample;
use super::{Bindings, LedgerError};
use crate::contract::{Contract, ErrorCase, Tokens};
use crate::exchange::Exchange;
use crate::verdict::{CheckResult, Evidence};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

type Digest = [u8; 16];

fn digest(text: &str) -> Digest {
    let mut out = Digest::default();
    out.copy_from_slice(&Sha256::digest(text)[..16]);
    out
}

/// What began with a login.
#[derive(Debug)]
struct Session {
    login: usize,
    client: Option<Digest>,
    /// What the login presented, by which its subject is recognised.
    identity: Digest,
    shape: Option<Shape>,
    subject: Option<String>,
    depth: u32,
    refresh_lifetime_ms: Option<f64>,
    /// Its newest refresh token.
    newest: Option<Digest>,
    /// What the login's access token says of itself.
    claims: Option<Claims>,
    doubt: Option<Doubt>,
    /// It was part of a storm.
    stormed: bool,
}

/// The life of a refresh token.
#[derive(Debug)]
struct RefreshLife {
    session: usize,
    depth: u32,
    issued_ms: f64,
    /// When it was redeemed and another took its place.
    redeemed_ms: Option<f64>,
    /// The token that took its place.
    successor: Option<Digest>,
    /// It was presented and refused.
    attempted: bool,
    /// What was wrong with the first such request, where it was not the token.
    attempt: Option<ErrorCase>,
}

/// The life of an access token.
#[derive(Debug)]
struct AccessLife {
    session: usize,
    depth: u32,
    issued_ms: f64,
}

/// Watches exchanges, judges them, and gives verdicts at the end.
#[derive(Debug)]
pub struct Ledger {
    contract: Arc<Contract>,
    bindings: Bindings,
    /// Unix time at the start of the run's clock, milliseconds.
    epoch_ms: f64,
    sessions: Vec<Session>,
    refresh: HashMap<Digest, RefreshLife>,
    /// Digests of forms by which a changed token is recognised again.
    forms: HashSet<Digest>,
    access: HashMap<Digest, AccessLife>,
    /// Applications by key, with their secrets.
    known_clients: HashMap<Digest, Option<Digest>>,
    /// What the steps of a login under way presented, by login.
    under_way: Vec<Vec<String>>,
    good_logins: HashSet<Digest>,
    refused_redeem: bool,
    guarded: HashSet<usize>,
    /// What was done to the subject under control: it can no longer sign in, or is gone.
    subject: Option<Action>,
    sample: Sample,
    refusals: Refusals,
    /// A newer login of a subject was seen to end its sessions.
    ends_sessions: bool,
    /// A token was seen not to be single-use though nothing else came with it.
    reusable: bool,
    /// How used tokens are answered, one after the other: whether rightly, other checks say.
    used_answers: BTreeSet<String>,
    /// A live token was seen to be refused though nothing else came with it.
    refuses_live: bool,
    /// The storm whose history is not complete yet.
    storm: Option<storm::Open>,
    storms: BTreeMap<StormKind, Vec<Storm>>,
    reached: coverage::Reached,
    register: Register,
}

impl Ledger {
    /// A ledger for one run. `epoch_ms` is the wall clock (Unix, milliseconds) when the run's clock was zero.
    ///
    /// # Errors
    /// When the contract lists a check that does not exist.
    pub fn new(contract: Arc<Contract>, bindings: Bindings, epoch_ms: f64) -> Result<Self, LedgerError> {
        let register = Register::new(&contract)?;
        let known = bindings.clients.iter();
        let known_clients =
            known.map(|client| (digest(&client.key), client.secret.as_deref().map(digest))).collect();
        Ok(Self {
            under_way: vec![Vec::new(); contract.login.len()],
            contract,
            bindings,
            epoch_ms,
            sessions: Vec::new(),
            refresh: HashMap::new(),
            forms: HashSet::new(),
            access: HashMap::new(),
            known_clients,
            good_logins: HashSet::new(),
            refused_redeem: false,
            guarded: HashSet::new(),
            subject: None,
            sample: Sample::default(),
            refusals: Refusals::default(),
            ends_sessions: false,
            reusable: false,
            used_answers: BTreeSet::new(),
            refuses_live: false,
            storm: None,
            storms: BTreeMap::new(),
            reached: coverage::Reached::default(),
            register,
        })
    }

    /// Takes in one exchange: `number` and `item` name it in the evidence.
    pub fn observe(&mut self, number: u64, item: &str, exchange: &Exchange) {
        let contract = Arc::clone(&self.contract);
        let Some(operation) = route::operation(&self.bindings.routes, exchange.request()) else { return };
        let answer = Answer::of(&contract, exchange);
        if self.is_in_storm() {
            return self.observe_in_storm((number, item), operation, exchange, answer.as_ref());
        }
        let fact = self.read(operation, exchange, answer.as_ref());
        if let Some(fact) = &fact {
            let seen = || seen(exchange, fact, answer.as_ref());
            let evidence = || vec![Evidence { request: number, item: item.to_owned(), seen: seen() }];
            self.register.judge(&contract, fact, evidence);
            self.reached.take(&contract, number, fact);
        }
        let stormed = self.observe_aftermath((number, item), exchange, answer.as_ref());
        if !stormed {
            self.learn(operation, fact.as_ref(), exchange, answer.as_ref());
        }
    }

    /// The tokens an answer brought, named by the variable they are captured into: secrets from now on.
    pub fn tokens_in(&self, exchange: &Exchange) -> Vec<(String, String)> {
        let Some(answer) = Answer::of(&self.contract, exchange) else { return Vec::new() };
        let mut found: Vec<(String, String)> = Vec::new();
        for tokens in self.token_places() {
            for place in [&tokens.access, &tokens.refresh] {
                for token in place.from.iter().filter_map(|source| answer.find(source)) {
                    if !found.iter().any(|(_, known)| *known == token) {
                        let named = || place.described().replace(['`', '/'], "");
                        found.push((place.into.last().cloned().unwrap_or_else(named), token));
                    }
                }
            }
        }
        found
    }

    /// Wherever an answer may have tokens.
    fn token_places(&self) -> impl Iterator<Item = &Tokens> {
        let logins = self.contract.login.iter().flat_map(|login| [&login.tokens, &login.redeemed]);
        logins.chain([&self.contract.tokens])
    }

    /// Says why checks could not be exercised: the reason their verdict gives if nothing else exercises them.
    pub fn excuse(&mut self, checks: &[&str], reason: &str) {
        self.register.excuse(checks, reason);
    }

    /// Checks that bind and were violated so far, and how often.
    pub fn violations(&self) -> BTreeMap<&'static str, u64> {
        self.register.violations(&self.contract)
    }

    /// The verdicts, in the contract's order.
    pub fn conclude(&mut self) -> Vec<CheckResult> {
        self.close_storm();
        for (kind, storms) in std::mem::take(&mut self.storms) {
            let telling = storms.iter().max_by_key(|storm| storm.telling());
            let evidence = telling.map(|storm| storm.evidence.clone()).unwrap_or_default();
            self.register.judge(&self.contract, &Fact::Storms(kind, storms), || evidence.clone());
        }
        self.register.conclude(&self.contract)
    }
}

/// `POST /accounts/refresh-token (used token) → 200`.
fn seen(exchange: &Exchange, fact: &Fact, answer: Option<&Answer>) -> String {
    let with = match fact {
        Fact::Login(_) | Fact::Storms(..) => "login".to_owned(),
        Fact::Redeem(redeem) => redeem.case.to_string(),
        Fact::Protected(protected) => protected.presented.to_string(),
    };
    seen_as(exchange, &with, answer)
}

/// The same, `with` saying what the request was.
fn seen_as(exchange: &Exchange, with: &str, answer: Option<&Answer>) -> String {
    let request = exchange.request();
    let path = match route::path_of(&request.url) {
        "" => "/",
        path => path,
    };
    match (answer, exchange.failure()) {
        (Some(answer), _) => format!("{} {path} ({with}) → {answer}", request.method),
        (None, Some(failure)) => format!("{} {path} ({with}) → {}", request.method, failure.message),
        (None, None) => format!("{} {path} ({with}) → no answer", request.method),
    }
}

/// Milliseconds on the run's clock when the answer was there.
fn now(exchange: &Exchange) -> f64 {
    let last = exchange.last();
    last.timings.start_ms + last.timings.total_ms
}
