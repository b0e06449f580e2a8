//! The ledger: a model of the contract that watches every exchange in order and knows each token's life.
//!
//! It reads an exchange as a [`Fact`] against what it knew before, lets the checks judge the fact, and then learns
//! from the exchange. It keeps digests and lifecycles, never bodies or tokens.

use super::check::Register;
use super::fact::{Case, Doubt, Fact, Issued, LoginFact, Presented, ProtectedFact, RedeemFact, Renewal};
use super::shape::Shape;
use super::wire::{self, Operation, TokenField};
use super::{Bindings, LedgerError};
use crate::contract::{Contract, Refresh};
use crate::exchange::Exchange;
use crate::verdict::{CheckResult, Evidence};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Beyond its lifetime by this much a token is certainly expired (whole-second clocks, and the answer's way back).
const EXPIRY_MARGIN_MS: f64 = 1_200.0;

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
    authorization: Option<Digest>,
    shape: Option<Shape>,
    subject: Option<String>,
    depth: u32,
    refresh_lifetime_ms: Option<f64>,
    doubt: Option<Doubt>,
}

/// The life of a refresh token.
#[derive(Debug)]
struct RefreshLife {
    session: usize,
    depth: u32,
    issued_ms: f64,
    redeemed_ms: Option<f64>,
    attempted: bool,
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
    known_keys: HashSet<Digest>,
    good_logins: HashSet<Digest>,
    refused_redeem: bool,
    guarded: HashSet<usize>,
    subject_disabled: bool,
    register: Register,
}

impl Ledger {
    /// A ledger for one run. `epoch_ms` is the wall clock (Unix, milliseconds) when the run's clock was zero.
    ///
    /// # Errors
    /// When the contract lists a check that does not exist.
    pub fn new(contract: Arc<Contract>, bindings: Bindings, epoch_ms: f64) -> Result<Self, LedgerError> {
        let register = Register::new(&contract)?;
        let known_keys = bindings.clients.iter().map(|client| digest(&client.key)).collect();
        Ok(Self {
            contract,
            bindings,
            epoch_ms,
            sessions: Vec::new(),
            refresh: HashMap::new(),
            forms: HashSet::new(),
            access: HashMap::new(),
            known_keys,
            good_logins: HashSet::new(),
            refused_redeem: false,
            guarded: HashSet::new(),
            subject_disabled: false,
            register,
        })
    }

    /// Takes in one exchange: `number` and `item` name it in the evidence.
    pub fn observe(&mut self, number: u64, item: &str, exchange: &Exchange) {
        let contract = Arc::clone(&self.contract);
        let Some(operation) = wire::operation(&contract, exchange.request()) else { return };
        let fact = match operation {
            Operation::Login(login) => Some(Fact::Login(self.read_login(login, exchange))),
            Operation::Redeem => Some(Fact::Redeem(self.read_redeem(exchange))),
            Operation::Protected(login) => Some(Fact::Protected(self.read_protected(login, exchange))),
            Operation::DisableSubject | Operation::EnableSubject => None,
        };
        if let Some(fact) = &fact {
            let evidence = || Evidence { request: number, item: item.to_owned(), seen: seen(exchange, fact) };
            self.register.judge(&contract, fact, evidence);
        }
        self.learn(operation, fact.as_ref(), exchange);
    }

    /// The tokens an answer brought, named by the variable they are captured into: secrets from now on.
    pub fn tokens_in(&self, exchange: &Exchange) -> Vec<(String, String)> {
        let Some((_, Some(body))) = wire::answer(&self.contract, exchange) else { return Vec::new() };
        let tokens = &self.contract.tokens;
        [&tokens.access, &tokens.refresh]
            .into_iter()
            .filter_map(|place| {
                let token = wire::text_at(&body, &place.response)?;
                let name = place.into.last().map_or(place.response.as_str(), String::as_str);
                Some((name.trim_start_matches('/').to_owned(), token))
            })
            .collect()
    }

    /// Says why checks could not be exercised: the reason their verdict gives if nothing else exercises them.
    pub fn excuse(&mut self, checks: &[&str], reason: &str) {
        self.register.excuse(checks, reason);
    }

    /// The verdicts, in the contract's order.
    pub fn conclude(&self) -> Vec<CheckResult> {
        self.register.conclude(&self.contract)
    }

    fn read_login(&self, login: usize, exchange: &Exchange) -> LoginFact {
        let contract = &self.contract;
        let answer = wire::answer(contract, exchange);
        let body = answer.as_ref().and_then(|(_, body)| body.as_ref());
        let access = body.and_then(|body| wire::text_at(body, &contract.tokens.access.response));
        let client = self.client_of(exchange);
        let disabled_client = client.filter(|c| c.refresh == Refresh::Disabled).map(|c| c.access_lifetime);
        LoginFact {
            login,
            disabled_client,
            has_access: access.is_some(),
            has_refresh: body.is_some_and(|body| body.pointer(&contract.tokens.refresh.response).is_some()),
            access_lifetime: access.as_deref().and_then(wire::jwt_lifetime),
            recovering: self.refused_redeem
                && self.good_logins.contains(&self.login_digest(exchange))
                && !(self.subject_disabled && self.is_controlled(exchange)),
            answer: answer.map(|(answer, _)| answer),
        }
    }

    fn read_redeem(&self, exchange: &Exchange) -> RedeemFact {
        let contract = &self.contract;
        let request = exchange.request();
        let answer = wire::answer(contract, exchange);
        let case = self.case_of(exchange);
        let issued = match (&answer, wire::presented_token(contract, request)) {
            (Some((answer, Some(body))), TokenField::Token(token)) if answer.accepted() => {
                self.refresh.get(&digest(&token)).map(|life| self.read_issued(life, body, now(exchange)))
            }
            _ => None,
        };
        let brought_tokens = answer.as_ref().is_some_and(|(answer, body)| {
            let has = |pointer| body.as_ref().is_some_and(|body| wire::text_at(body, pointer).is_some());
            answer.accepted()
                && (has(&contract.tokens.access.response) || has(&contract.tokens.refresh.response))
        });
        RedeemFact {
            case,
            issued,
            brought_tokens,
            authorization: request.headers.contains("authorization"),
            answer: answer.map(|(answer, _)| answer),
        }
    }

    /// What the request deserved. The gate comes first: an application that is not known is refused whatever the body.
    fn case_of(&self, exchange: &Exchange) -> Case {
        let request = exchange.request();
        let Some(key) = wire::client_key(&self.contract, request) else { return Case::MissingClient };
        let key = digest(&key);
        if !self.known_keys.contains(&key) {
            return Case::UnknownClient;
        }
        let token = match wire::presented_token(&self.contract, request) {
            TokenField::Missing => return Case::MissingField,
            TokenField::Odd => return Case::Unspecified(Doubt::OddBody),
            TokenField::Token(token) => token,
        };
        match self.refresh.get(&digest(&token)) {
            Some(life) => self.case_of_issued(life, key, exchange),
            None if self.bindings.given.contains(&token) => Case::Unspecified(Doubt::Foreign),
            None => {
                let variant = changed_back(&token)
                    .into_iter()
                    .find(|(form, name)| {
                        (*form != token || *name == "truncated") && self.forms.contains(&digest(form))
                    })
                    .map(|(_, name)| name);
                Case::Garbage { variant }
            }
        }
    }

    fn case_of_issued(&self, life: &RefreshLife, key: Digest, exchange: &Exchange) -> Case {
        let session = &self.sessions[life.session];
        let start = exchange.calls[0].timings.start_ms;
        if let Some(redeemed_ms) = life.redeemed_ms {
            let second = |ms: f64| ((self.epoch_ms + ms) / 1000.0).floor();
            return Case::Used {
                age_ms: (start - redeemed_ms).max(0.0),
                behind: session.depth - life.depth,
                same_second: second(life.issued_ms) == second(redeemed_ms)
                    && second(redeemed_ms) == second(start),
                contradicted: session.doubt == Some(Doubt::Contradicted),
            };
        }
        if session.client.is_some_and(|client| client != key) {
            return Case::Unspecified(Doubt::OtherClient);
        }
        if self.subject_disabled && self.controls(session.authorization) {
            return Case::DisabledSubject;
        }
        if let Some(lifetime) = session.refresh_lifetime_ms {
            let age = start - life.issued_ms;
            if age >= lifetime + EXPIRY_MARGIN_MS {
                return Case::Expired;
            }
            if now(exchange) - life.issued_ms >= lifetime - EXPIRY_MARGIN_MS.min(lifetime / 2.0) {
                return Case::Unspecified(Doubt::NearExpiry);
            }
        }
        if let Some(doubt) = session.doubt {
            return Case::Unspecified(doubt);
        }
        if life.attempted { Case::Unspecified(Doubt::Attempted) } else { Case::Live { depth: life.depth } }
    }

    fn read_issued(&self, presented: &RefreshLife, body: &Value, now_ms: f64) -> Issued {
        let tokens = &self.contract.tokens;
        let session = &self.sessions[presented.session];
        let refresh = match wire::text_at(body, &tokens.refresh.response) {
            None => Renewal::Absent,
            Some(token) => match self.refresh.get(&digest(&token)) {
                Some(life) => Renewal::Old { age_ms: now_ms - life.issued_ms },
                None => Renewal::New,
            },
        };
        let access = match wire::text_at(body, &tokens.access.response) {
            None => Renewal::Absent,
            Some(token) => match self.access.get(&digest(&token)) {
                Some(life) => Renewal::Old { age_ms: now_ms - life.issued_ms },
                None => Renewal::New,
            },
        };
        let shape_mismatch = session.shape.as_ref().and_then(|login| match self.shape_of(body) {
            Some(shape) => {
                login.mismatch(&shape).or_else(|| self.foreign_subject(session.login, login, &shape))
            }
            None => Some("the answer is not a JSON object".to_owned()),
        });
        let subject_pointer = &self.contract.login[session.login].subject;
        let same_subject = session
            .subject
            .as_ref()
            .map(|subject| body.pointer(subject_pointer).map(subject_text).as_ref() == Some(subject));
        Issued { refresh, access, shape_mismatch, same_subject }
    }

    /// The shape of an answer, tokens left out: they are judged by checks of their own.
    fn shape_of(&self, body: &Value) -> Option<Shape> {
        let tokens = &self.contract.tokens;
        Shape::of(body, &[top_key(&tokens.access.response), top_key(&tokens.refresh.response)])
    }

    /// A key that only another login's answers have is no added field but the wrong shape.
    fn foreign_subject(&self, login: usize, expected: &Shape, actual: &Shape) -> Option<String> {
        let own = top_key(&self.contract.login[login].subject);
        self.contract
            .login
            .iter()
            .map(|other| top_key(&other.subject))
            .find(|key| *key != own && actual.has(key) && !expected.has(key))
            .map(|key| format!("the answer also has `{key}`, the subject of another login"))
    }

    fn read_protected(&self, login: usize, exchange: &Exchange) -> ProtectedFact {
        let request = exchange.request();
        let presented = match wire::bearer(request).map(|token| self.access.get(&digest(token))) {
            None if !request.headers.contains("authorization") => Presented::Nothing,
            Some(Some(life)) => {
                let session = &self.sessions[life.session];
                match session.doubt {
                    _ if session.login != login => Presented::Other,
                    None | Some(Doubt::Attempted) if life.depth == session.depth => Presented::Current,
                    None | Some(Doubt::Attempted) => Presented::Replaced,
                    Some(_) => Presented::Other,
                }
            }
            _ => Presented::Other,
        };
        let template = self.contract.login[login].protected.as_ref();
        ProtectedFact {
            route: template.map(|route| format!("{} {}", route.method, route.path)).unwrap_or_default(),
            presented,
            guarded: self.guarded.contains(&login),
            answer: wire::answer(&self.contract, exchange).map(|(answer, _)| answer),
        }
    }

    fn client_of(&self, exchange: &Exchange) -> Option<&super::BoundClient> {
        let key = wire::client_key(&self.contract, exchange.request())?;
        self.bindings.clients.iter().find(|client| client.key == key)
    }

    fn is_controlled(&self, exchange: &Exchange) -> bool {
        self.controls(exchange.request().headers.get("authorization").map(digest))
    }

    fn controls(&self, authorization: Option<Digest>) -> bool {
        let controlled = self.bindings.controlled_authorization.as_deref().map(digest);
        controlled.is_some() && controlled == authorization
    }

    fn login_digest(&self, exchange: &Exchange) -> Digest {
        let request = exchange.request();
        let body = request.body.as_ref().map(|body| body.text()).unwrap_or_default();
        let authorization = request.headers.get("authorization").unwrap_or_default();
        let key = wire::client_key(&self.contract, request).unwrap_or_default();
        digest(&format!("{}\0{key}\0{authorization}\0{body}", request.url))
    }
}

/// Learning: after the fact was judged.
impl Ledger {
    fn learn(&mut self, operation: Operation, fact: Option<&Fact>, exchange: &Exchange) {
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

/// The first key of a JSON pointer.
fn top_key(pointer: &str) -> &str {
    pointer.trim_start_matches('/').split('/').next().unwrap_or_default()
}

/// Milliseconds on the run's clock when the answer was there.
fn now(exchange: &Exchange) -> f64 {
    let last = exchange.last();
    last.timings.start_ms + last.timings.total_ms
}

fn subject_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Forms by which a changed token is recognised again: itself, in one case, its first half.
fn forms_of(token: &str) -> [String; 3] {
    let half = token.chars().take(token.chars().count() / 2).collect();
    [token.to_owned(), token.to_lowercase(), half]
}

/// What an unknown token may have been before it was changed, and the name of the change.
fn changed_back(token: &str) -> [(String, &'static str); 4] {
    let decoded = percent_encoding::percent_decode_str(token).decode_utf8_lossy().into_owned();
    [
        (token.trim().to_owned(), "padded"),
        (decoded, "percent-encoded"),
        (token.to_lowercase(), "case-flipped"),
        (token.to_owned(), "truncated"),
    ]
}

/// `POST /accounts/refresh-token (used token) → 200`.
fn seen(exchange: &Exchange, fact: &Fact) -> String {
    let request = exchange.request();
    let path =
        url::Url::parse(&request.url).map_or_else(|_| request.url.clone(), |url| url.path().to_owned());
    let with = match fact {
        Fact::Login(_) => "login".to_owned(),
        Fact::Redeem(redeem) => redeem.case.to_string(),
        Fact::Protected(protected) => protected.presented.to_string(),
    };
    let answer = match fact {
        Fact::Login(LoginFact { answer, .. })
        | Fact::Redeem(RedeemFact { answer, .. })
        | Fact::Protected(ProtectedFact { answer, .. }) => answer,
    };
    match (answer, exchange.failure()) {
        (Some(answer), _) => format!("{} {path} ({with}) → {answer}", request.method),
        (None, Some(failure)) => format!("{} {path} ({with}) → {}", request.method, failure.message),
        (None, None) => format!("{} {path} ({with}) → no answer", request.method),
    }
}

#[cfg(test)]
mod tests;
