//! Random walks: sequences of everything the contract knows, in several sessions and by several applications at once,
//! judged by the ledger as every other driver is; what fails is shrunk to the shortest sequence that still fails.

mod hunt;
mod moves;
mod shrink;
#[cfg(test)]
mod tests;

use super::session::{Session, Token};
use super::{Driver, MADE_UP, ProbeReport, Prober};
use crate::conformance::{BoundClient, ClientKey, Draft};
use crate::contract::{Login, Refresh, SubjectControl};
use crate::exchange::Exchange;
use hunt::Hunt;
use moves::{Generator, Move, Presented, SLOTS, Who};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use std::sync::Arc;

/// Moves after which every session begins anew: what fails is looked for among as many.
const EPISODE: usize = 40;
/// Refresh tokens that live shorter than this may end in the midst of an episode, seconds.
const SHORT_LIVED_S: f64 = 60.0;
/// Moves drawn for each one taken, after which a walk is taken to lead nowhere: most that are drawn are possible.
const DRAWN: usize = 20;
/// Moves between two words about how far it is.
const TOLD_EVERY: usize = 500;

/// How a walk is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// Moves in all; those that shrink a failure are not among them.
    pub moves: usize,
    /// What chooses them: the same seed chooses the same ones.
    pub seed: u64,
}

/// How far a walk came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Walked {
    /// Moves taken: each sent a request at least.
    pub moves: usize,
    /// Logins among them that were accepted.
    pub sessions: usize,
}

/// The shortest sequence found that violates a check.
#[derive(Debug, Clone)]
pub struct Counterexample {
    /// The check's id.
    pub check: &'static str,
    /// Moves of the sequence it was found in.
    pub shrunk_from: usize,
    /// Whether the sequence was repeated, and violated the check once more.
    pub repeatable: bool,
    /// What was done, in order, with what came of it.
    pub steps: Vec<Step>,
}

/// A move of a counterexample.
#[derive(Debug, Clone)]
pub struct Step {
    /// In words.
    pub text: String,
    /// The request. A login of several steps has several.
    pub exchanges: Vec<Arc<Exchange>>,
}

/// A session under way in a walk, with every token it ever had, the newest last.
struct Slot<'a> {
    session: Session<'a>,
    refresh: Vec<String>,
    access: Vec<String>,
}

/// What is under way in a walk.
#[derive(Default)]
struct Slots<'a> {
    held: [Option<Slot<'a>>; SLOTS],
    /// The subject under control cannot sign in.
    taken: bool,
    /// It may be unable to: its right is to be given back.
    owed: bool,
}

impl<'a, D: Driver> Prober<'a, D> {
    /// Walks, and shrinks the first failure of each check.
    pub(super) async fn walk(&mut self, walk: Walk) -> Result<(), D::Error> {
        let contract = self.contract;
        let logins: Vec<&'a Login> =
            contract.login.iter().filter(|login| self.missing(&login.needs).is_none()).collect();
        let generator = Generator {
            logins: logins.len(),
            clients: self.walkers().len(),
            names_clients: contract.names_applications(),
            has_secrets: !self.wrong_secrets().is_empty(),
            controls: self.control().is_some(),
        };
        let mut rng = StdRng::seed_from_u64(walk.seed);
        let mut hunt = Hunt::new(self.driver.violations());
        let mut draws = walk.moves.max(EPISODE) * DRAWN;
        while self.walked.moves < walk.moves && draws > 0 {
            let mut slots = Slots::default();
            let (mut taken, mut steps) = (Vec::new(), Vec::new());
            let mut ended = Ok(());
            while taken.len() < EPISODE && self.walked.moves < walk.moves && draws > 0 {
                draws -= 1;
                let next = generator.next(&mut rng, &slots.held.each_ref().map(Option::is_some));
                let step = match self.take(&mut slots, next, &logins, "walk").await {
                    Ok(Some(step)) => step,
                    Ok(None) => continue,
                    Err(end) => {
                        ended = Err(end);
                        break;
                    }
                };
                steps.push(step);
                taken.push(next);
                self.walked.moves += 1;
                if let Move::LogIn { slot, .. } = next {
                    self.walked.sessions += usize::from(slots.held[slot].is_some());
                }
                if self.walked.moves.is_multiple_of(TOLD_EVERY) {
                    self.driver.progress(self.walked.moves, walk.moves);
                }
                if self.suspect(&mut hunt, &taken, &steps) {
                    // What its sessions are worth now is open.
                    break;
                }
            }
            self.restore(&mut slots, "walk").await;
            ended?;
            self.hunt(&mut hunt, &logins).await?;
        }
        Ok(())
    }

    /// Applications whose tokens last as long as an episode; where there is none, the main one, for the ledger knows
    /// what has expired.
    fn walkers(&self) -> Vec<&'a BoundClient> {
        let lasting = |client: &&BoundClient| {
            client.refresh == Refresh::Enabled
                && client.refresh_lifetime.is_none_or(|seconds| seconds >= SHORT_LIVED_S)
        };
        let mut walkers: Vec<&BoundClient> = self.bindings.clients.iter().filter(lasting).collect();
        if walkers.is_empty() {
            walkers.push(self.main);
        }
        walkers
    }

    /// The subject whose right to sign in may be taken away and given back.
    fn control(&self) -> Option<&'a SubjectControl> {
        let contract = self.contract;
        let control = contract.subject.as_ref()?;
        let offered = !control.disable.is_empty() && !control.enable.is_empty();
        (offered && self.missing(&control.needs).is_none()).then_some(control)
    }

    /// A session of the subject under control that has not begun.
    fn controlled(&mut self, control: &'a SubjectControl, probe: &'static str) -> Option<Session<'a>> {
        let login = self.contract.login(&control.login)?;
        let own = self.subject_variables(control);
        Some(Session::new(probe, login, self.main).with(own))
    }

    /// Gives the subject its right back, if it may have been taken, whatever has ended the walk.
    async fn restore(&mut self, slots: &mut Slots<'a>, probe: &'static str) {
        let Some(control) = self.control().filter(|_| slots.owed) else { return };
        if let Some(session) = self.controlled(control, probe) {
            self.undo(&session, ("disable", "enable"), &control.enable).await;
        }
        (slots.taken, slots.owed) = (false, false);
    }

    /// Takes a move, where the sessions there are allow it.
    async fn take(
        &mut self,
        slots: &mut Slots<'a>,
        next: Move,
        logins: &[&'a Login],
        probe: &'static str,
    ) -> Result<Option<Step>, D::Error> {
        let text = next.told();
        self.driver.keep();
        match next {
            Move::LogIn { slot, login, client } => {
                let client = self.walkers().get(client).copied();
                let fresh = match (logins.get(login), client, self.control()) {
                    (Some(login), Some(client), _) => Some(Session::new(probe, login, client)),
                    (None, _, Some(control)) => self.controlled(control, probe),
                    _ => None,
                };
                let Some(fresh) = fresh else { return Ok(None) };
                let session = self.log_in(fresh).await?;
                slots.held[slot] = session.grant.accepted.then(|| Slot {
                    refresh: session.grant.refresh.iter().cloned().collect(),
                    access: session.grant.access.iter().cloned().collect(),
                    session,
                });
            }
            Move::Redeem { slot, presented, who } => {
                let other =
                    slots.held.iter().enumerate().find(|(other, held)| *other != slot && held.is_some());
                let others = other.and_then(|(_, held)| held.as_ref()?.refresh.last().cloned());
                let Some(Some(held)) = slots.held.get_mut(slot) else { return Ok(None) };
                let Some(token) = presented_token(held, presented, others) else { return Ok(None) };
                let client = match who {
                    Who::Own => ClientKey::Of(held.session.client),
                    Who::Nobody => ClientKey::Missing,
                    Who::Unknown => ClientKey::Unknown,
                    Who::WrongSecret => ClientKey::WrongSecret(held.session.client),
                };
                let missing = presented == Presented::Nothing;
                let token_of = if missing { Token::Missing } else { Token::Of(&token) };
                let grant =
                    self.present_as(&mut held.session, &text, (token_of, client), |_: &mut Draft| {}).await?;
                if grant.accepted && presented != Presented::OfAnother {
                    held.refresh.extend(grant.refresh.filter(|token| held.refresh.last() != Some(token)));
                    held.access.extend(grant.access);
                }
            }
            Move::Control { taken } => {
                let Some(control) = self.control().filter(|_| slots.taken != taken) else { return Ok(None) };
                let Some(session) = self.controlled(control, probe) else { return Ok(None) };
                let requests = if taken { &control.disable } else { &control.enable };
                let acted = self.act(&session, &text, requests).await;
                slots.owed |= taken && acted.touched;
                if acted.done? {
                    (slots.taken, slots.owed) = (taken, taken);
                }
            }
            Move::Ask { slot, current } => {
                let Some(Some(held)) = slots.held.get(slot) else { return Ok(None) };
                let access = match current {
                    true => held.access.last(),
                    false => held.access.len().checked_sub(2).and_then(|before| held.access.get(before)),
                };
                let Some(access) = access else { return Ok(None) };
                let session = held.session.clone();
                self.ask(&session, &text, Some(access)).await?;
            }
        }
        Ok(Some(Step { text, exchanges: self.driver.kept() }))
    }
}

/// The token a redeem presents.
fn presented_token(held: &Slot<'_>, presented: Presented, others: Option<String>) -> Option<String> {
    let newest = held.refresh.last()?;
    Some(match presented {
        Presented::Newest => newest.clone(),
        Presented::Used { back } => held.refresh.get(held.refresh.len().checked_sub(back + 1)?)?.clone(),
        Presented::OfAnother => others?,
        Presented::Access => held.access.last()?.clone(),
        Presented::Tampered => tampered(newest)?,
        Presented::MadeUp => MADE_UP.to_owned(),
        Presented::Empty | Presented::Nothing => String::new(),
    })
}

/// The token with its middle character changed: a last one may have bits that do not count.
fn tampered(token: &str) -> Option<String> {
    let middle = token.chars().count() / 2;
    let changed: String = token
        .chars()
        .enumerate()
        .map(|(position, c)| match (position == middle, c) {
            (false, c) => c,
            (true, 'A') => 'B',
            (true, _) => 'A',
        })
        .collect();
    (changed != token).then_some(changed)
}

/// What a walk came to, apart from what the ledger saw.
pub(super) async fn walked<D: Driver>(prober: &mut Prober<'_, D>, walk: Walk) -> Result<(), D::Error> {
    let Some(_) = prober.sanity(super::FIRST).await? else { return Ok(()) };
    if prober.redeemed == 0 && prober.redeems > 0 {
        prober.excuse(&super::needs_redeem(), "not walked: no redeem was accepted at all".to_owned());
        return Ok(());
    }
    prober.walk(walk).await?;
    let Walked { moves, sessions } = prober.walked;
    if sessions == 0 || moves < walk.moves {
        prober.report.idle = Some(format!(
            "the walk led nowhere: {moves} of {} moves could be taken, in {sessions} sessions",
            walk.moves
        ));
    }
    prober.sanity("sanity again").await?;
    Ok(())
}

impl ProbeReport {
    /// What a walk did not exercise.
    pub(super) fn excuse_unwalked(&mut self, walked: Walked) {
        let Walked { moves, .. } = walked;
        self.walked = Some(walked);
        let reason = format!("not exercised in a walk of {moves} moves: without --explore its probe runs");
        self.excuses.push((crate::conformance::registry::ids(), reason));
    }
}
