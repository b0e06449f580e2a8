//! How the ledger reads an exchange: what it was by the model, and what came of it.

use super::{Digest, Ledger, RefreshLife, digest, now};
use crate::conformance::answer::Answer;
use crate::conformance::bindings::is_lasting;
use crate::conformance::fact::{
    Case, Doubt, Fact, Issued, LoginFact, OVERSIZED, PADDED, Presented as Access, ProtectedFact, RedeemFact,
    Renewal,
};
use crate::conformance::presented::{self, Credentials, Presented};
use crate::conformance::route::{self, Action, Operation};
use crate::conformance::shape::Shape;
use crate::contract::{
    AuthenticatedRequest, Carrier, ClientAuthKind, ErrorCase, Refresh, ShapeRule, Source, TokenPlace, Tokens,
};
use crate::exchange::{Exchange, FailureKind};
use serde_json::Value;

/// Beyond its lifetime, or a time of grace, by this much a token is certainly dead (whole-second clocks, and the
/// answer's way back).
const EXPIRY_MARGIN_MS: f64 = 1_200.0;

/// From this length on a token is oversized, bytes.
const LONG: usize = 32_768;

impl Ledger {
    pub(super) fn read(
        &self,
        operation: Operation,
        exchange: &Exchange,
        answer: Option<&Answer>,
    ) -> Option<Fact> {
        match operation {
            Operation::Login { login, step } if step + 1 == self.contract.login[login].step.len() => {
                Some(Fact::Login(self.read_login(login, exchange, answer)))
            }
            Operation::Redeem => Some(Fact::Redeem(self.read_redeem(exchange, answer))),
            Operation::RedeemByGet => {
                self.in_url(exchange).map(|_| Fact::Redeem(self.read_redeem(exchange, answer)))
            }
            Operation::Protected(login) => {
                Some(Fact::Protected(self.read_protected(login, exchange, answer)))
            }
            Operation::Login { .. } | Operation::Subject(..) => None,
        }
    }

    fn read_login(&self, login: usize, exchange: &Exchange, answer: Option<&Answer>) -> LoginFact {
        let tokens = &self.contract.login[login].tokens;
        let access = answer.and_then(|answer| answer.first(&tokens.access.from));
        let client = self.client_of(exchange);
        let identity = self.identity(login, exchange);
        LoginFact {
            login,
            disabled_client: client
                .filter(|client| client.refresh == Refresh::Disabled)
                .map(|client| client.access_lifetime),
            has_access: access.is_some(),
            has_refresh: answer.is_some_and(|answer| answer.holds(&tokens.refresh.from)),
            shown: answer
                .filter(|answer| answer.accepted() && answer.holds(&tokens.access.from))
                .map(|answer| self.shown(None, tokens, exchange, answer)),
            recovering: self.refused_redeem
                && self.good_logins.contains(&self.login_digest(identity, exchange))
                && !(self.subject.is_some() && self.controls(identity)),
            answer: answer.cloned(),
        }
    }

    fn read_redeem(&self, exchange: &Exchange, answer: Option<&Answer>) -> RedeemFact {
        let request = exchange.request();
        let life = self.life_of(exchange).map(|(_, life)| life);
        let accepted = answer.filter(|answer| answer.accepted());
        let tokens = self.redeemed_tokens(life);
        let brought = |answer: &Answer| {
            [&tokens.access, &tokens.refresh].iter().any(|p| answer.first(&p.from).is_some())
        };
        let successful = accepted.filter(|answer| brought(answer));
        let case = self.case_of(exchange);
        RedeemFact {
            attempted: life.and_then(|life| life.attempt),
            broken_off: broken_off(exchange),
            spent_wrongly: life.is_some_and(|life| {
                life.redeemed_ms.is_some() && self.sessions[life.session].doubt == Some(Doubt::Contradicted)
            }),
            likeness: self.likeness(&case, exchange, answer),
            shown: successful.map(|answer| self.shown(life, tokens, exchange, answer)),
            case,
            issued: successful.zip(life).map(|(answer, life)| self.read_issued(life, answer, now(exchange))),
            brought_tokens: successful.is_some(),
            authorization: request.headers.contains("authorization") && !self.asks_for_authorization(),
            answer: answer.cloned(),
        }
    }

    /// Where the answer to a redeem of that token has tokens.
    pub(super) fn redeemed_tokens(&self, life: Option<&RefreshLife>) -> &Tokens {
        match life {
            Some(life) => &self.contract.login[self.sessions[life.session].login].redeemed,
            None => &self.contract.tokens,
        }
    }

    /// Whether the redeem request of the contract carries an `Authorization` field of its own.
    fn asks_for_authorization(&self) -> bool {
        let named = |name: &String| name.eq_ignore_ascii_case("authorization");
        let authenticated = self.contract.authenticates(AuthenticatedRequest::Redeem)
            && match &self.contract.client_auth.kind {
                ClientAuthKind::Basic => true,
                ClientAuthKind::Header(name) => named(name),
                _ => false,
            };
        let carried = self.contract.refresh_carriers().into_iter().any(|carrier| match carrier {
            Carrier::Header { name, .. } => named(name),
            _ => false,
        });
        authenticated || carried || self.contract.redeem.request.headers.keys().any(named)
    }

    /// What the request deserved. The gate comes first: an application that is not known is refused whatever the body.
    fn case_of(&self, exchange: &Exchange) -> Case {
        let contract = &self.contract;
        let request = exchange.request();
        let presented = presented::refresh_token(contract, request);
        if !matches!(presented, Presented::Text(_)) && self.in_url(exchange).is_some() {
            return Case::InUrl { get: request.method.eq_ignore_ascii_case("GET") };
        }
        let mut key = None;
        if contract.names_applications() {
            let Some(credentials) = presented::credentials(contract, request) else {
                return Case::MissingClient;
            };
            if let Some(wrong) = self.wrong_credentials(&credentials) {
                return wrong;
            }
            key = Some(digest(&credentials.key));
        }
        let token = match presented {
            Presented::Text(token) => token,
            Presented::Missing => return Case::MissingField,
            Presented::Empty => return Case::Malformed(ErrorCase::Empty),
            Presented::Null => return Case::Malformed(ErrorCase::Null),
            Presented::Other(_) => return Case::Malformed(ErrorCase::WrongType),
            Presented::Broken => return Case::Malformed(ErrorCase::BrokenBody),
            Presented::OtherType => return Case::Malformed(ErrorCase::WrongContentType),
        };
        match self.refresh.get(&digest(&token)) {
            Some(life) => self.case_of_issued(life, key, exchange),
            None if self.bindings.given.contains(&token) => Case::Unspecified(Doubt::Foreign),
            None if self.access.contains_key(&digest(&token)) => Case::AccessToken,
            None => {
                if let Some(kind) = odd(&token) {
                    return Case::Odd(kind);
                }
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

    /// What is wrong with an application's credentials.
    fn wrong_credentials(&self, credentials: &Credentials) -> Option<Case> {
        let Some(known) = self.known_clients.get(&digest(&credentials.key)) else {
            return Some(Case::UnknownClient);
        };
        let (known, secret) = (known.as_ref()?, digest(credentials.secret.as_deref()?));
        if *known == secret {
            None
        } else if self.known_clients.values().flatten().any(|other| *other == secret) {
            Some(Case::OtherClientCredentials)
        } else {
            Some(Case::WrongSecret)
        }
    }

    fn case_of_issued(&self, life: &RefreshLife, key: Option<Digest>, exchange: &Exchange) -> Case {
        let session = &self.sessions[life.session];
        if session.stormed {
            return Case::Unspecified(Doubt::Stormed);
        }
        let start = exchange.calls[0].timings.start_ms;
        let elsewhere = session.client.zip(key).is_some_and(|(client, key)| client != key);
        if let Some(redeemed_ms) = life.redeemed_ms {
            return self.case_of_used(life, redeemed_ms, start, now(exchange));
        }
        if elsewhere {
            return Case::OtherClient;
        }
        if self.controls(session.identity) {
            match self.subject {
                Some(Action::Delete) => return Case::DeletedSubject,
                Some(_) => return Case::DisabledSubject,
                None => {}
            }
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

    /// A token that was redeemed before: dead, unless the contract lets it live on for a while.
    fn case_of_used(&self, life: &RefreshLife, redeemed_ms: f64, start_ms: f64, now_ms: f64) -> Case {
        let session = &self.sessions[life.session];
        let age_ms = (start_ms - redeemed_ms).max(0.0);
        let behind = session.depth - life.depth;
        let window_ms = self.contract.rotation.reuse.window() * 1000.0;
        if window_ms > 0.0 && age_ms < window_ms + EXPIRY_MARGIN_MS {
            let within = now_ms - redeemed_ms < window_ms - EXPIRY_MARGIN_MS.min(window_ms / 2.0);
            return match session.doubt {
                Some(doubt) if doubt != Doubt::Branched => Case::Unspecified(doubt),
                _ if behind > 1 || !within => Case::Unspecified(Doubt::InGrace),
                _ => Case::Reuse { age_ms },
            };
        }
        let second = |ms: f64| ((self.epoch_ms + ms) / 1000.0).floor();
        Case::Used {
            age_ms,
            behind,
            same_second: second(life.issued_ms) == second(redeemed_ms)
                && second(redeemed_ms) == second(start_ms),
            contradicted: session.doubt == Some(Doubt::Contradicted),
        }
    }

    fn read_issued(&self, presented: &RefreshLife, answer: &Answer, now_ms: f64) -> Issued {
        let session = &self.sessions[presented.session];
        let login = &self.contract.login[session.login];
        let tokens = &login.redeemed;
        let refresh_token = answer.first(&tokens.refresh.from);
        let issued_ms = |token: &str| self.refresh.get(&digest(token)).map(|life| life.issued_ms);
        let refresh = renewal(refresh_token.as_deref(), issued_ms, now_ms);
        let issued_ms = |token: &str| self.access.get(&digest(token)).map(|life| life.issued_ms);
        let access = renewal(answer.first(&tokens.access.from).as_deref(), issued_ms, now_ms);
        let successor = refresh_token.as_deref().map(digest);
        let checked = session.shape.as_ref().filter(|_| login.shape == ShapeRule::Checked);
        let shape_mismatch = checked.and_then(|expected| match self.shape_of(session.login, answer) {
            Some(shape) => {
                expected.mismatch(&shape).or_else(|| self.foreign_subject(session.login, expected, &shape))
            }
            None => Some("the answer is not a JSON object".to_owned()),
        });
        let subject = login.subject.as_ref().zip(session.subject.as_ref()).filter(|_| checked.is_some());
        let same_subject = subject.map(|(place, subject)| answer.find(place).as_ref() == Some(subject));
        Issued {
            refresh,
            access,
            same_successor: successor.is_some() && successor == presented.successor,
            shape_mismatch,
            same_subject,
        }
    }

    /// The shape of an answer, tokens left out: they are judged by checks of their own.
    pub(super) fn shape_of(&self, login: usize, answer: &Answer) -> Option<Shape> {
        let definition = &self.contract.login[login];
        let places =
            [&definition.tokens, &definition.redeemed].map(|tokens| [&tokens.access, &tokens.refresh]);
        let from = places.into_iter().flatten().flat_map(|place: &TokenPlace| &place.from);
        let without: Vec<&str> = from.filter_map(top_key).collect();
        Shape::of(answer.json.as_ref()?, &without)
    }

    /// A key that only another login's answers have is no added field but the wrong shape.
    fn foreign_subject(&self, login: usize, expected: &Shape, actual: &Shape) -> Option<String> {
        let key =
            |login: &crate::contract::Login| login.subject.as_ref().and_then(top_key).map(str::to_owned);
        let own = key(&self.contract.login[login]);
        let others = self.contract.login.iter().filter_map(key);
        others
            .filter(|other| Some(other) != own.as_ref())
            .find(|other| actual.has(other) && !expected.has(other))
            .map(|other| format!("the answer also has `{other}`, the subject of another login"))
    }

    fn read_protected(&self, login: usize, exchange: &Exchange, answer: Option<&Answer>) -> ProtectedFact {
        let definition = &self.contract.login[login];
        let carrier = &definition.redeemed.access.carrier;
        let presented = match presented::at(carrier, exchange.request()) {
            Presented::Missing => self.without_token(carrier, exchange),
            Presented::Text(token) => match self.access.get(&digest(&token)) {
                Some(life) => {
                    let session = &self.sessions[life.session];
                    let newest = life.depth == session.depth;
                    match session.doubt {
                        _ if session.login != login || session.stormed => Access::Other,
                        None | Some(Doubt::Attempted) if newest => Access::Current,
                        None | Some(Doubt::Attempted) => Access::Replaced,
                        Some(Doubt::Replayed { .. }) if newest => Access::AfterReplay,
                        Some(_) => Access::Other,
                    }
                }
                None if self.is_redeemable(login, digest(&token)) => Access::Refresh,
                None => Access::Other,
            },
            _ => Access::Other,
        };
        let protected = definition.protected.as_ref();
        let refused =
            |status| protected.is_some_and(|p| p.refusal.iter().any(|refusal| refusal.matches(status)));
        ProtectedFact {
            route: protected.map(|p| format!("{} {}", p.request.method, p.request.path)).unwrap_or_default(),
            presented,
            guarded: self.guarded.contains(&login),
            refused: answer.is_some_and(|answer| refused(answer.status)),
            answer: answer.cloned(),
        }
    }

    /// A request without a token where the contract has it: with none at all, unless the field holds something else.
    fn without_token(&self, carrier: &Carrier, exchange: &Exchange) -> Access {
        match carrier {
            Carrier::Header { name, .. } if exchange.request().headers.contains(name) => Access::Other,
            _ => Access::Nothing,
        }
    }

    pub(super) fn client_of(&self, exchange: &Exchange) -> Option<&crate::conformance::BoundClient> {
        let mut clients = self.bindings.clients.iter();
        match presented::credentials(&self.contract, exchange.request()) {
            Some(credentials) => clients.find(|client| client.key == credentials.key),
            // Where logins name no application it is the one that is used.
            None => clients.find(|client| client.refresh == Refresh::Enabled),
        }
    }

    /// What a login presents that says who logs in, over all its steps.
    pub(super) fn identity(&self, login: usize, exchange: &Exchange) -> Digest {
        let step = self.contract.login[login].step.len() - 1;
        let mut values = self.under_way[login].clone();
        values.extend(self.lasting(login, step, exchange));
        identity_of(&values)
    }

    /// The values of a step that say who logs in.
    pub(super) fn lasting(&self, login: usize, step: usize, exchange: &Exchange) -> Vec<String> {
        let route = route::route(&self.bindings.routes, Operation::Login { login, step });
        let fields = route.into_iter().flat_map(|route| &route.fields);
        fields
            .filter(|field| is_lasting(&field.template, &self.contract, login))
            .map(|field| presented::at(&field.place, exchange.request()).as_text().unwrap_or_default())
            .collect()
    }

    /// Whether it is the subject under control that presents this.
    pub(super) fn controls(&self, identity: Digest) -> bool {
        self.bindings.controlled.as_ref().is_some_and(|values| identity_of(values) == identity)
    }

    pub(super) fn login_digest(&self, identity: Digest, exchange: &Exchange) -> Digest {
        let request = exchange.request();
        let key = presented::credentials(&self.contract, request).map(|credentials| credentials.key);
        let identity = crate::exchange::hex(&identity);
        digest(&format!("{}\0{}\0{identity}", request.url, key.unwrap_or_default()))
    }
}

/// Why no complete answer came from a server that was reached.
fn broken_off(exchange: &Exchange) -> Option<String> {
    let failure = exchange.failure()?;
    let reached = !failure.kind.unreachable() && failure.kind != FailureKind::InvalidRequest;
    reached.then(|| failure.message.clone())
}

fn identity_of(values: &[String]) -> Digest {
    digest(&values.join("\0"))
}

fn renewal(token: Option<&str>, issued_ms: impl Fn(&str) -> Option<f64>, now_ms: f64) -> Renewal {
    match token {
        None => Renewal::Absent,
        Some(token) => match issued_ms(token) {
            Some(issued_ms) => Renewal::Old { age_ms: now_ms - issued_ms },
            None => Renewal::New,
        },
    }
}

/// The first key of a JSON pointer.
fn top_key(source: &Source) -> Option<&str> {
    match source {
        Source::Json(pointer) => pointer.trim_start_matches('/').split('/').next(),
        _ => None,
    }
}

/// The kind of a token that nobody issues and servers stumble over.
fn odd(token: &str) -> Option<&'static str> {
    match token {
        _ if token.len() >= LONG => Some(OVERSIZED),
        _ if token.contains(char::is_control) => Some("with control characters"),
        _ if token.contains(char::REPLACEMENT_CHARACTER) => Some("not in UTF-8"),
        _ => None,
    }
}

/// What an unknown token may have been before it was changed, and the name of the change.
fn changed_back(token: &str) -> [(String, &'static str); 4] {
    let decoded = percent_encoding::percent_decode_str(token).decode_utf8_lossy().into_owned();
    [
        (token.trim().to_owned(), PADDED),
        (decoded, "percent-encoded"),
        (token.to_lowercase(), "case-flipped"),
        (token.to_owned(), "truncated"),
    ]
}

/// The subject in an answer, as text.
pub(super) fn subject_of(place: Option<&Source>, answer: &Answer) -> Option<String> {
    let place = place?;
    answer.find(place).or_else(|| match place {
        Source::Json(pointer) => answer.json.as_ref()?.pointer(pointer).map(Value::to_string),
        _ => None,
    })
}
