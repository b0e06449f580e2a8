//! Storms as the ledger sees them: requests that overlapped, and what was done with their tokens afterwards.
//!
//! What overlaps has no order that could be read off, so none of it is judged request by request. A storm's history
//! is kept until the next one begins, or the run is concluded, and is then summed up and held against the
//! [single-use model](crate::conformance::single_use).

mod words;

use super::{AccessLife, Digest, Ledger, RefreshLife, digest, now, seen_as};
use crate::conformance::answer::Answer;
use crate::conformance::fact::{Doubt, Explained, Storm, StormKind};
use crate::conformance::linearizability::{Outcome, Timed, explain};
use crate::conformance::route::Operation;
use crate::conformance::single_use::{self, Answer as Seen, Effect, SingleUse, TokenId};
use crate::contract::{ErrorCase, Fate, NewRefresh, Reuse};
use crate::exchange::Exchange;
use crate::verdict::Evidence;
use std::collections::{BTreeMap, HashMap};
use words::told;

/// Statuses of a server that asks for fewer requests (RFC 6585 §4), or has no room for them (RFC 9110 §15.6.4): no
/// answer to this one.
const TOO_MANY: u16 = 429;
const UNAVAILABLE: u16 = 503;

fn is_limit(status: u16) -> bool {
    matches!(status, TOO_MANY | UNAVAILABLE)
}

/// A storm whose history is not complete yet.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// Its requests are still being told of.
    under_way: bool,
    tokens: HashMap<Digest, TokenId>,
    /// Tokens that are nobody's by name: an answer without the token it should have.
    nameless: TokenId,
    history: Vec<Timed<single_use::Operation>>,
    presented: Vec<TokenId>,
    /// Redeems of it whose answer says what became of their token.
    redeems_told: u32,
    logins: u32,
    /// What its sessions had been through makes it impossible to say what they deserve.
    tainted: Option<&'static str>,
    sum: Storm,
    /// Successors that its redeems brought, and whether each worked afterwards.
    successors: BTreeMap<TokenId, Option<bool>>,
    /// The one token it presented: whether it was accepted once more afterwards.
    again: Option<bool>,
    winners: Vec<Evidence>,
    odd: Vec<Evidence>,
    others: Vec<Evidence>,
    aftermath: Vec<Evidence>,
}

impl Ledger {
    /// What is observed from here to [`storm_ends`](Self::storm_ends) overlapped in time.
    pub fn storm_begins(&mut self) {
        self.close_storm();
        self.storm = Some(Open { under_way: true, ..Open::default() });
    }

    /// The requests of a storm have been told of. `skew_ms`: from the release of the first to that of the last.
    pub fn storm_ends(&mut self, skew_ms: Option<f64>) {
        if let Some(storm) = &mut self.storm {
            storm.under_way = false;
            storm.sum.skew_ms = skew_ms;
        }
    }

    /// Whether exchanges are a storm's at the moment.
    pub(super) fn is_in_storm(&self) -> bool {
        self.storm.as_ref().is_some_and(|storm| storm.under_way)
    }

    /// Takes in one request of the storm under way.
    pub(super) fn observe_in_storm(
        &mut self,
        (number, item): (u64, &str),
        operation: Operation,
        exchange: &Exchange,
        answer: Option<&Answer>,
    ) {
        let Some(mut storm) = self.storm.take() else { return };
        let evidence = |with: &str| Evidence {
            request: number,
            item: item.to_owned(),
            seen: seen_as(exchange, with, answer),
        };
        match operation {
            Operation::Login { login, .. } => {
                storm.logins += 1;
                storm.sum.count(answer, false);
                if let Some(answer) = answer.filter(|answer| answer.accepted()) {
                    storm.sum.told += 1;
                    self.log_in_within(&mut storm, login, exchange, answer);
                    storm.others.push(evidence("login"));
                } else {
                    storm.odd.push(evidence("login"));
                }
            }
            Operation::Redeem => {
                storm.sum.count(answer, answer.is_some_and(|answer| self.is_loss(answer)));
                if let Some(redeem) = self.redeem_within(&mut storm, exchange, answer) {
                    storm.presented.push(redeem.token);
                    let list = match redeem.seen {
                        Seen::Accepted(_) => &mut storm.winners,
                        Seen::Refused => &mut storm.others,
                        Seen::Unknown => &mut storm.odd,
                    };
                    list.push(evidence("redeem at the same moment"));
                    if let Seen::Accepted(successor) = redeem.seen
                        && successor != redeem.token
                    {
                        storm.successors.entry(successor).or_default();
                    }
                    match redeem.seen {
                        Seen::Unknown => storm.sum.count_odd(answer),
                        _ => {
                            storm.sum.told += 1;
                            storm.redeems_told += 1;
                        }
                    }
                }
            }
            _ => {}
        }
        self.storm = Some(storm);
    }

    /// Takes in a redeem after the storm, where it presents a token that is the storm's business; whether it does.
    pub(super) fn observe_aftermath(
        &mut self,
        (number, item): (u64, &str),
        exchange: &Exchange,
        answer: Option<&Answer>,
    ) -> bool {
        let Some((token, _)) = self.life_of(exchange) else { return false };
        let Some(mut storm) = self.storm.take() else { return false };
        let concerned = storm.tokens.contains_key(&token);
        if concerned && let Some(redeem) = self.redeem_within(&mut storm, exchange, answer) {
            let worked = match redeem.seen {
                Seen::Accepted(_) => Some(true),
                Seen::Refused => Some(false),
                Seen::Unknown => None,
            };
            if let Some(fate) = storm.successors.get_mut(&redeem.token) {
                *fate = fate.or(worked);
            } else if storm.presented.contains(&redeem.token) {
                storm.again = storm.again.or(worked);
            }
            storm.aftermath.push(Evidence {
                request: number,
                item: item.to_owned(),
                seen: seen_as(exchange, "redeem after a storm", answer),
            });
        }
        self.storm = Some(storm);
        concerned
    }

    /// Sums up the storm whose history is complete. One that never ended, because the run did, says nothing.
    pub(super) fn close_storm(&mut self) {
        let ended = |storm: &Open| !storm.under_way && storm.sum.requests > 0;
        let Some(storm) = self.storm.take().filter(ended) else { return };
        let kind = storm.kind();
        let Open { mut sum, successors, history, tainted, .. } = storm;
        sum.successors = u32::try_from(successors.len()).unwrap_or(u32::MAX);
        sum.live = successors.values().filter(|fate| **fate == Some(true)).count() as u32;
        sum.dead = successors.values().filter(|fate| **fate == Some(false)).count() as u32;
        sum.accepted = u32::try_from(storm.winners.len()).unwrap_or(u32::MAX);
        sum.again = storm.again;
        sum.reusable = self.reusable;
        sum.refuses_live = self.refuses_live;
        let tainted = match kind {
            _ if self.reusable => Some("used tokens are accepted one after the other already"),
            _ if self.refuses_live => Some("live tokens are refused one after the other already"),
            StormKind::Mixed if self.ends_sessions => Some("a newer login of a subject ends its sessions"),
            _ => tainted,
        };
        sum.explained = match tainted {
            Some(why) => Explained::Untold(why.to_owned()),
            None => match explain(&self.single_use(), &history) {
                // What is not known can be explained by anything, and logins alone by any order.
                Outcome::Explained(_)
                    if kind == StormKind::Mixed && (sum.told < 2 || storm.redeems_told == 0) =>
                {
                    Explained::Untold(format!(
                        "of {} requests at the same moment only {} got an answer that says what became of their \
                         tokens, {} of them redeems",
                        sum.requests, sum.told, storm.redeems_told
                    ))
                }
                Outcome::Explained(_) => Explained::Yes,
                Outcome::Undecided => {
                    Explained::Untold("there are too many orders to look through".to_owned())
                }
                Outcome::Unexplained { longest, stuck } => Explained::No(told(&history, &longest, &stuck)),
            },
        };
        sum.evidence = match kind {
            StormKind::Race => [storm.winners, storm.odd, storm.aftermath, storm.others].concat(),
            StormKind::Mixed => [storm.odd, storm.aftermath, storm.winners, storm.others].concat(),
            StormKind::Lost => [storm.odd, storm.aftermath].concat(),
        };
        sum.evidence.truncate(EVIDENCE);
        self.storms.entry(kind).or_default().push(sum);
    }

    fn log_in_within(&mut self, storm: &mut Open, login: usize, exchange: &Exchange, answer: &Answer) {
        self.learn_login(login, exchange, answer);
        let session = self.sessions.len() - 1;
        self.sessions[session].stormed = true;
        if let Some(token) = self.sessions[session].newest {
            let token = storm.id(token);
            storm.record(single_use::Operation::Login(token), exchange);
            storm.successors.insert(token, None);
        }
    }

    /// What a redeem of a token of this run came to, in the model's words.
    fn redeem_within(
        &mut self,
        storm: &mut Open,
        exchange: &Exchange,
        answer: Option<&Answer>,
    ) -> Option<Redeem> {
        let (token, life) = self.life_of(exchange)?;
        let (session, depth) = (life.session, life.depth);
        self.introduce(storm, session);
        let id = storm.id(token);
        let tokens = self.redeemed_tokens(self.refresh.get(&token)).clone();
        let brought = answer
            .filter(|answer| answer.accepted())
            .map(|answer| (answer.first(&tokens.access.from), answer.first(&tokens.refresh.from)));
        let seen = match (brought, answer) {
            (Some((access, refresh)), _) if access.is_some() || refresh.is_some() => {
                let now_ms = now(exchange);
                if let Some(access) = &access {
                    let life = AccessLife { session, depth: depth + 1, issued_ms: now_ms };
                    self.access.entry(digest(access)).or_insert(life);
                }
                let successor = self.replace(token, refresh.as_deref(), now_ms);
                Seen::Accepted(match (successor, self.contract.rotation.new_refresh) {
                    (Some(successor), _) => storm.id(successor),
                    // One that must be there and is not: another check's business.
                    (None, NewRefresh::Differs) => storm.nameless(),
                    (None, _) => id,
                })
            }
            (_, Some(answer)) if self.is_loss(answer) => Seen::Refused,
            _ => Seen::Unknown,
        };
        storm.record(single_use::Operation::Redeem { token: id, answer: seen }, exchange);
        Some(Redeem { token: id, seen })
    }

    /// Whether an answer says that the token is used: as documented, any refusal where nothing is, or as a used token
    /// is answered one after the other. Others may come of a lock, or of a limit.
    fn is_loss(&self, answer: &Answer) -> bool {
        if self.used_answers.contains(&answer.to_string()) {
            return true;
        }
        let documented = self.contract.row(ErrorCase::Used);
        let told = documented.is_none_or(|row| answer.differs_from(row).is_none());
        let named = self.contract.concurrency.losers.iter().any(|status| status.matches(answer.status));
        answer.refused() && answer.status != TOO_MANY && (told || named)
    }

    /// Notes that a token was redeemed, and what took its place.
    fn replace(&mut self, token: Digest, successor: Option<&str>, now_ms: f64) -> Option<Digest> {
        let successor = successor.map(digest);
        let must_differ = self.contract.rotation.new_refresh == NewRefresh::Differs;
        let life = self.refresh.get_mut(&token)?;
        let (session, depth) = (life.session, life.depth);
        if must_differ || successor.is_some_and(|successor| successor != token) {
            life.redeemed_ms.get_or_insert(now_ms);
            life.successor = life.successor.or(successor);
        }
        let successor = successor?;
        self.refresh.entry(successor).or_insert(RefreshLife {
            session,
            depth: depth + 1,
            issued_ms: now_ms,
            redeemed_ms: None,
            successor: None,
            attempted: false,
            attempt: None,
        });
        Some(successor)
    }

    /// Tells the storm how a session came to be what it is, before the storm touches it.
    fn introduce(&mut self, storm: &mut Open, session: usize) {
        let session_before = &mut self.sessions[session];
        if std::mem::replace(&mut session_before.stormed, true) {
            return;
        }
        let doubt = session_before.doubt;
        if !matches!(doubt, None | Some(Doubt::Superseded | Doubt::ReplayedElsewhere { .. })) {
            storm.tainted = Some("what its sessions had been through leaves open what they deserve");
        }
        let mut lives: Vec<(Digest, &RefreshLife)> = self
            .refresh
            .iter()
            .filter(|(_, life)| life.session == session)
            .map(|(token, life)| (*token, life))
            .collect();
        lives.sort_by(|(_, a), (_, b)| a.issued_ms.total_cmp(&b.issued_ms).then(a.depth.cmp(&b.depth)));
        let mut known: Vec<Timed<single_use::Operation>> = Vec::new();
        for (position, (token, life)) in lives.into_iter().enumerate() {
            let token = storm.id(token);
            if position == 0 {
                known.push(at(life.issued_ms, single_use::Operation::Login(token)));
            }
            if let Some((redeemed_ms, successor)) = life.redeemed_ms.zip(life.successor) {
                let answer = Seen::Accepted(storm.id(successor));
                known.push(at(redeemed_ms, single_use::Operation::Redeem { token, answer }));
            }
        }
        storm.history.extend(known);
    }

    /// The contract's rules, as far as they concern a storm.
    fn single_use(&self) -> SingleUse {
        let rotation = &self.contract.rotation;
        let effect = |fate| match fate {
            Fate::Lives => Effect::Lives,
            Fate::Revoked => Effect::Revoked,
            Fate::Unspecified => Effect::Unspecified,
        };
        SingleUse {
            reuse: match rotation.reuse {
                Reuse::Refused => single_use::Reuse::Refused,
                Reuse::Grace(_) => single_use::Reuse::Grace,
                Reuse::Idempotent(_) => single_use::Reuse::Idempotent,
                Reuse::Allowed => single_use::Reuse::Allowed,
            },
            successor: effect(rotation.after_replay.successor),
            other_sessions: effect(rotation.after_replay.other_sessions),
            may_keep: rotation.new_refresh != NewRefresh::Differs,
        }
    }
}

/// Exchanges kept as evidence for one storm.
const EVIDENCE: usize = 6;

struct Redeem {
    token: TokenId,
    seen: Seen,
}

impl Open {
    fn kind(&self) -> StormKind {
        match self.presented.as_slice() {
            [_] if self.sum.requests == 1 => StormKind::Lost,
            [first, others @ ..] if self.logins == 0 && others.iter().all(|other| other == first) => {
                StormKind::Race
            }
            _ => StormKind::Mixed,
        }
    }

    fn id(&mut self, token: Digest) -> TokenId {
        let next = TokenId::try_from(self.tokens.len()).unwrap_or(TokenId::MAX / 2);
        *self.tokens.entry(token).or_insert(next)
    }

    fn nameless(&mut self) -> TokenId {
        self.nameless += 1;
        TokenId::MAX - self.nameless
    }

    fn record(&mut self, operation: single_use::Operation, exchange: &Exchange) {
        let invoked_ms = exchange.last().timings.start_ms;
        // What was given up may take effect at any time after.
        let returned_ms = exchange.response().is_some().then(|| now(exchange));
        self.history.push(Timed { operation, invoked_ms, returned_ms });
    }
}

impl Storm {
    /// How much it says against the server.
    pub(super) fn telling(&self) -> u32 {
        let unexplained = matches!(self.explained, Explained::No(_));
        self.accepted.abs_diff(1)
            + self.accidents
            + self.undocumented.values().sum::<u32>()
            + u32::from(unexplained)
    }

    fn count(&mut self, answer: Option<&Answer>, is_loss: bool) {
        self.requests += 1;
        match answer {
            None => self.unanswered += 1,
            Some(_) if is_loss => {}
            Some(answer) if is_limit(answer.status) => self.limited += 1,
            Some(answer) if answer.status >= 500 => {
                self.accidents += 1;
                self.accident.get_or_insert_with(|| answer.to_string());
            }
            Some(_) => {}
        }
    }

    /// Counts a redeem that neither brought tokens nor was refused as documented.
    fn count_odd(&mut self, answer: Option<&Answer>) {
        if let Some(answer) = answer.filter(|answer| answer.status < 500 && !is_limit(answer.status)) {
            *self.undocumented.entry(answer.to_string()).or_default() += 1;
        }
    }
}

/// Something done before the storm, one thing after another.
fn at(time_ms: f64, operation: single_use::Operation) -> Timed<single_use::Operation> {
    Timed { operation, invoked_ms: time_ms, returned_ms: Some(time_ms) }
}
