//! The model of refresh tokens that storms are judged by: issued by a login, redeemed once, replaced by a successor.

use super::linearizability::Model;
use std::collections::BTreeMap;

/// Which token; the storm's own numbers.
pub type TokenId = u32;

/// What a contract says of a used token that is presented again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Reuse {
    /// Refused, always.
    #[default]
    Refused,
    /// Within its period of grace, which a storm never outlasts, it may give a successor again.
    Grace,
    /// Within its period of grace it may give the first successor again.
    Idempotent,
    /// It may be used again and again.
    Allowed,
}

/// What a contract says happens to other tokens when a used one is presented again and refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Effect {
    /// They live.
    Lives,
    /// They die.
    Revoked,
    /// Nothing: either may be.
    #[default]
    Unspecified,
}

/// The rules of a contract, as far as they concern a storm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SingleUse {
    /// A used token presented again.
    pub reuse: Reuse,
    /// What that does to the tokens that came after it.
    pub successor: Effect,
    /// What that does to the subject's other sessions.
    pub other_sessions: Effect,
    /// Whether a redeem may answer with the token it was given, or with none, which then lives on.
    pub may_keep: bool,
}

/// What was done, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A login that gave this token.
    Login(TokenId),
    /// A redeem.
    Redeem {
        /// What was presented.
        token: TokenId,
        /// What came of it.
        answer: Answer,
    },
}

/// What came of a redeem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It gave this token.
    Accepted(TokenId),
    /// It gave no token because this one is no good.
    Refused,
    /// Nobody knows: no answer, an error of the server, something that is neither a refusal nor a token.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Life {
    Fresh,
    /// With the successor it first gave, where that is known.
    Used(Option<TokenId>),
    Dead,
}

/// A token, and the login it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Token {
    family: TokenId,
    life: Life,
}

/// The tokens of one subject.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Tokens(BTreeMap<TokenId, Token>);

impl Model for SingleUse {
    type State = Tokens;
    type Operation = Operation;

    fn initial(&self) -> Tokens {
        Tokens::default()
    }

    fn step(&self, state: &Tokens, operation: &Operation) -> Vec<Tokens> {
        match operation {
            Operation::Login(token) => vec![state.with(*token, *token)],
            Operation::Redeem { token, answer } => match state.0.get(token) {
                // What was never given out may be presented, and is nobody's.
                None if *answer == Answer::Refused => vec![state.clone()],
                None => Vec::new(),
                Some(known) => self.redeem(state, (*token, *known), *answer),
            },
        }
    }
}

impl SingleUse {
    fn redeem(&self, state: &Tokens, (token, known): (TokenId, Token), answer: Answer) -> Vec<Tokens> {
        match (known.life, answer) {
            (Life::Fresh, Answer::Accepted(same)) if same == token => {
                if self.may_keep {
                    vec![state.clone()]
                } else {
                    Vec::new()
                }
            }
            (Life::Fresh, Answer::Accepted(successor)) => state.rotated(token, known.family, successor),
            (Life::Fresh, Answer::Refused) | (Life::Dead, Answer::Accepted(_)) => Vec::new(),
            (Life::Fresh, Answer::Unknown) => vec![state.clone(), state.used(token, None)],
            (Life::Dead, Answer::Refused | Answer::Unknown) => vec![state.clone()],
            (Life::Used(first), Answer::Accepted(again)) => self.reused(state, known.family, first, again),
            (Life::Used(_), Answer::Refused) => self.replayed(state, known.family),
            (Life::Used(_), Answer::Unknown) => {
                let mut states = self.replayed(state, known.family);
                states.push(state.clone());
                states
            }
        }
    }

    /// A used token that gives a token again.
    fn reused(&self, state: &Tokens, family: TokenId, first: Option<TokenId>, again: TokenId) -> Vec<Tokens> {
        match self.reuse {
            Reuse::Refused => Vec::new(),
            // A server may be more careful than that, and give the same one.
            Reuse::Grace | Reuse::Allowed if state.is_of(family, again) => vec![state.clone()],
            Reuse::Grace | Reuse::Allowed => state.given(family, again),
            // The first successor may have been lost with its answer.
            Reuse::Idempotent if first.is_none() => state.given(family, again),
            Reuse::Idempotent if first == Some(again) => vec![state.clone()],
            Reuse::Idempotent => Vec::new(),
        }
    }

    /// A used token that was refused: what a contract leaves open may go either way.
    fn replayed(&self, state: &Tokens, family: TokenId) -> Vec<Tokens> {
        let mut states = vec![state.clone()];
        for (effect, own) in [(self.successor, true), (self.other_sessions, false)] {
            let revoked = |state: &Tokens| state.revoked(|other| (other == family) == own);
            match effect {
                Effect::Lives => {}
                Effect::Revoked => states = states.iter().map(revoked).collect(),
                Effect::Unspecified => {
                    let more: Vec<Tokens> = states.iter().map(revoked).collect();
                    states.extend(more);
                }
            }
        }
        states.dedup();
        states
    }
}

impl Tokens {
    fn with(&self, token: TokenId, family: TokenId) -> Self {
        let mut with = self.clone();
        with.0.insert(token, Token { family, life: Life::Fresh });
        with
    }

    /// With a token that must be new.
    fn given(&self, family: TokenId, token: TokenId) -> Vec<Self> {
        if self.0.contains_key(&token) { Vec::new() } else { vec![self.with(token, family)] }
    }

    fn is_of(&self, family: TokenId, token: TokenId) -> bool {
        self.0.get(&token).is_some_and(|token| token.family == family)
    }

    fn used(&self, token: TokenId, successor: Option<TokenId>) -> Self {
        let mut used = self.clone();
        if let Some(token) = used.0.get_mut(&token) {
            token.life = Life::Used(successor);
        }
        used
    }

    fn rotated(&self, token: TokenId, family: TokenId, successor: TokenId) -> Vec<Self> {
        self.used(token, Some(successor)).given(family, successor)
    }

    /// Where every fresh token of some families is dead.
    fn revoked(&self, of: impl Fn(TokenId) -> bool) -> Self {
        let mut revoked = self.clone();
        for token in revoked.0.values_mut().filter(|token| of(token.family) && token.life == Life::Fresh) {
            token.life = Life::Dead;
        }
        revoked
    }
}

#[cfg(test)]
mod tests {
    use super::super::linearizability::{Outcome, Timed, explain};
    use super::*;

    const STRICT: SingleUse = SingleUse {
        reuse: Reuse::Refused,
        successor: Effect::Lives,
        other_sessions: Effect::Lives,
        may_keep: false,
    };

    fn at(invoked_ms: f64, returned_ms: f64, operation: Operation) -> Timed<Operation> {
        Timed { operation, invoked_ms, returned_ms: Some(returned_ms) }
    }

    fn redeem(token: TokenId, answer: Answer) -> Operation {
        Operation::Redeem { token, answer }
    }

    /// A login that gives token 1 before a storm of redeems from 10 to 20 ms, and what follows it, one after another.
    fn storm(answers: &[Answer], after: &[Operation]) -> Vec<Timed<Operation>> {
        let mut history = vec![at(0.0, 1.0, Operation::Login(1))];
        history.extend(answers.iter().map(|answer| at(10.0, 20.0, redeem(1, *answer))));
        let times = (30..).step_by(10).map(f64::from);
        history
            .extend(after.iter().zip(times).map(|(operation, time)| at(time, time + 1.0, operation.clone())));
        history
    }

    fn is_explained(model: &SingleUse, history: &[Timed<Operation>]) -> bool {
        match explain(model, history) {
            Outcome::Explained(_) => true,
            Outcome::Unexplained { .. } => false,
            Outcome::Undecided => panic!("undecided"),
        }
    }

    use Answer::{Accepted, Refused, Unknown};

    #[test]
    fn one_winner_of_a_storm_whose_successor_lives_is_explained() {
        let mut answers = vec![Refused; 19];
        answers.push(Accepted(2));
        let history = storm(&answers, &[redeem(2, Accepted(3)), redeem(1, Refused), redeem(3, Accepted(4))]);
        assert!(is_explained(&STRICT, &history));
    }

    #[test]
    fn two_winners_or_none_are_not() {
        let mut answers = vec![Refused; 18];
        answers.extend([Accepted(2), Accepted(3)]);
        assert!(!is_explained(&STRICT, &storm(&answers, &[])));
        assert!(!is_explained(&STRICT, &storm(&[Refused; 20], &[])));
        let all: Vec<Answer> = (2..22).map(Accepted).collect();
        assert!(!is_explained(&STRICT, &storm(&all, &[])));
        assert!(
            !is_explained(&STRICT, &storm(&[Accepted(2), Accepted(2)], &[])),
            "one successor, given twice"
        );
        assert!(!is_explained(&STRICT, &storm(&[Accepted(1), Refused], &[])), "the token itself");
    }

    #[test]
    fn a_winner_without_a_living_successor_is_explained_by_a_revocation_only() {
        let history = storm(&[Accepted(2), Refused], &[redeem(2, Refused)]);
        assert!(!is_explained(&STRICT, &history));
        for successor in [Effect::Revoked, Effect::Unspecified] {
            assert!(is_explained(&SingleUse { successor, ..STRICT }, &history));
        }
        // Nobody replayed anything.
        let history = storm(&[Accepted(2)], &[redeem(2, Refused)]);
        assert!(!is_explained(&SingleUse { successor: Effect::Unspecified, ..STRICT }, &history));
    }

    #[test]
    fn where_a_replay_revokes_a_successor_must_not_live() {
        let lives = storm(&[Accepted(2), Refused], &[redeem(2, Accepted(3))]);
        assert!(!is_explained(&SingleUse { successor: Effect::Revoked, ..STRICT }, &lives));
        assert!(is_explained(&SingleUse { successor: Effect::Unspecified, ..STRICT }, &lives));
    }

    #[test]
    fn grace_and_idempotence_allow_what_they_say() {
        let graceful =
            storm(&[Accepted(2), Accepted(3), Refused], &[redeem(2, Accepted(4)), redeem(3, Accepted(5))]);
        let idempotent = storm(&[Accepted(2), Accepted(2), Refused], &[redeem(2, Accepted(3))]);
        let rows = [
            (Reuse::Refused, false, false),
            (Reuse::Grace, true, true),
            (Reuse::Idempotent, false, true),
            (Reuse::Allowed, true, true),
        ];
        for (reuse, grace, same) in rows {
            let model = SingleUse { reuse, ..STRICT };
            assert_eq!(is_explained(&model, &graceful), grace, "{reuse:?}");
            assert_eq!(is_explained(&model, &idempotent), same, "{reuse:?}");
        }
    }

    #[test]
    fn what_got_no_answer_may_have_won() {
        let lost = storm(&[Unknown, Refused, Refused], &[]);
        assert!(is_explained(&STRICT, &lost));
        let both = storm(&[Unknown, Accepted(2), Accepted(3)], &[]);
        assert!(!is_explained(&STRICT, &both));
        // Known to be over, so it cannot win after the storm.
        let late = storm(&[Unknown], &[redeem(1, Accepted(2)), redeem(1, Accepted(3))]);
        assert!(!is_explained(&STRICT, &late));
        let mut never = storm(&[Unknown], &[redeem(1, Accepted(2)), redeem(2, Refused)]);
        assert!(!is_explained(&STRICT, &never));
        never[1].returned_ms = None;
        assert!(!is_explained(&STRICT, &never), "whenever it took place, token 2 was not touched");
    }

    #[test]
    fn replays_and_logins_in_a_storm_are_explained_together() {
        // Token 1 was redeemed for 2 before; the storm replays 1, redeems 2 and logs in.
        let mixed = |second: Answer, after: Operation| {
            vec![
                at(0.0, 1.0, Operation::Login(1)),
                at(2.0, 3.0, redeem(1, Accepted(2))),
                at(10.0, 20.0, redeem(1, Refused)),
                at(10.0, 20.0, redeem(2, second)),
                at(10.0, 20.0, Operation::Login(9)),
                at(30.0, 31.0, after),
            ]
        };
        let revoking = SingleUse { successor: Effect::Revoked, ..STRICT };
        assert!(is_explained(&STRICT, &mixed(Accepted(3), redeem(9, Accepted(10)))));
        assert!(!is_explained(&STRICT, &mixed(Refused, redeem(9, Accepted(10)))));
        assert!(is_explained(&revoking, &mixed(Refused, redeem(9, Accepted(10)))), "the replay came first");
        assert!(is_explained(&revoking, &mixed(Accepted(3), redeem(3, Refused))), "the replay came second");
        assert!(!is_explained(&revoking, &mixed(Accepted(3), redeem(3, Accepted(4)))), "it did come");
        assert!(!is_explained(&revoking, &mixed(Refused, redeem(9, Refused))), "another session");
        let wide = SingleUse { other_sessions: Effect::Unspecified, ..revoking };
        assert!(is_explained(&wide, &mixed(Refused, redeem(9, Refused))), "unless that is left open");
    }
}
