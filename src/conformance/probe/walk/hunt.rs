//! What a walk does with the failures it meets: keeps each at once, so that nothing that ends the walk loses it, and
//! shrinks it.

use super::moves::Move;
use super::shrink::Shrinking;
use super::{Counterexample, Slots, Step};
use crate::conformance::probe::{Driver, Prober};
use crate::contract::Login;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Times that a part of a failing sequence is tried while it is shrunk.
const TRIES: usize = 120;
/// The same for all the sequences of a walk: what is found beyond that is told as it was found.
const TRIES_IN_ALL: usize = 600;

/// The failures of a walk.
pub(super) struct Hunt {
    /// Checks whose first failure was met.
    known: BTreeSet<&'static str>,
    /// Failures that are still to be shrunk.
    suspects: VecDeque<Suspect>,
    /// Tries that are left.
    tries: usize,
}

/// A sequence in which a check was violated for the first time.
struct Suspect {
    /// Position among what was found.
    found: usize,
    check: &'static str,
    moves: Vec<Move>,
}

impl Hunt {
    /// What was violated before the walk is not the walk's.
    pub(super) fn new(violations: BTreeMap<&'static str, u64>) -> Self {
        let known = violations.into_keys().collect();
        Self { known, suspects: VecDeque::new(), tries: TRIES_IN_ALL }
    }
}

impl<'a, D: Driver> Prober<'a, D> {
    /// Keeps a sequence for every check that was violated for the first time in it; whether there was one.
    pub(super) fn suspect(&mut self, hunt: &mut Hunt, moves: &[Move], steps: &[Step]) -> bool {
        let violated = self.driver.violations().into_keys();
        let fresh: Vec<&'static str> = violated.filter(|check| hunt.known.insert(check)).collect();
        for check in &fresh {
            hunt.suspects.push_back(Suspect { found: self.found.len(), check, moves: moves.to_vec() });
            self.found.push(Counterexample {
                check,
                shrunk_from: moves.len(),
                repeatable: false,
                steps: steps.to_vec(),
            });
        }
        !fresh.is_empty()
    }

    /// Shrinks what was met since the last time, and what is met while doing so.
    pub(super) async fn hunt(&mut self, hunt: &mut Hunt, logins: &[&'a Login]) -> Result<(), D::Error> {
        while let Some(Suspect { found, check, moves }) = hunt.suspects.pop_front() {
            let mut shrinking = Shrinking::new(moves, TRIES.min(hunt.tries));
            while let Some(candidate) = shrinking.next() {
                hunt.tries -= 1;
                let (violated, steps) = self.repeat(check, &candidate, logins, "shrinking").await?;
                self.suspect(hunt, &candidate, &steps);
                if violated {
                    self.found[found].steps = steps;
                    self.found[found].repeatable = true;
                }
                shrinking.tell(violated);
            }
            let shortest = shrinking.into_shortest();
            let (repeatable, steps) = self.repeat(check, &shortest, logins, "counterexample").await?;
            self.suspect(hunt, &shortest, &steps);
            self.found[found].steps = steps;
            self.found[found].repeatable = repeatable;
        }
        Ok(())
    }

    /// Whether a sequence violates a check from fresh logins, and what came of each of its moves.
    async fn repeat(
        &mut self,
        check: &'static str,
        moves: &[Move],
        logins: &[&'a Login],
        probe: &'static str,
    ) -> Result<(bool, Vec<Step>), D::Error> {
        let count =
            |violations: BTreeMap<&'static str, u64>| violations.get(check).copied().unwrap_or_default();
        let before = count(self.driver.violations());
        let mut slots = Slots::default();
        let mut steps = Vec::new();
        let mut ended = Ok(());
        for next in moves {
            match self.take(&mut slots, *next, logins, probe).await {
                Ok(step) => steps.extend(step),
                Err(end) => {
                    ended = Err(end);
                    break;
                }
            }
        }
        self.restore(&mut slots, probe).await;
        ended?;
        Ok((count(self.driver.violations()) > before, steps))
    }
}
