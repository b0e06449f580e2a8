//! Whether some order of operations that overlapped in time explains what each of them saw.
//!
//! A history is linearizable when every operation can be given one moment between its invocation and its response
//! such that a sequential model, taking the operations in the order of their moments, answers as the system did
//! (Herlihy and Wing, 1990). The search is that of Wing and Gong with Lowe's memory of what was tried: a set of
//! operations done and the state they led to is looked into once. Of operations that look alike the one that
//! answered first is tried alone: any order with another one first has a twin with this one first.

use std::collections::HashSet;
use std::hash::Hash;

/// What a sequential system would do.
pub trait Model {
    /// What it remembers.
    type State: Clone + Eq + Hash;
    /// An operation with what it saw.
    type Operation: PartialEq;

    /// Where it begins.
    fn initial(&self) -> Self::State;

    /// The states an operation may lead to; none where the model would not have answered so.
    fn step(&self, state: &Self::State, operation: &Self::Operation) -> Vec<Self::State>;
}

/// An operation and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Timed<O> {
    /// What was done and seen.
    pub operation: O,
    /// When it could first take effect.
    pub invoked_ms: f64,
    /// By when it had taken effect; `None` where that is not known: it may have, at any time since, or never.
    pub returned_ms: Option<f64>,
}

/// What a search comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// These operations, in this order, explain everything.
    Explained(Vec<usize>),
    /// No order does. The longest one that explains anything at all, and what would have to follow it.
    Unexplained {
        /// Positions in the history.
        longest: Vec<usize>,
        /// Positions in the history of the operations that cannot follow, each for itself.
        stuck: Vec<usize>,
    },
    /// There is too much to look through.
    Undecided,
}

/// States looked into before a search is given up; a storm of twenty takes some dozens.
const LIMIT: usize = 20_000;

/// Looks for an order that explains a history.
pub fn explain<M: Model>(model: &M, history: &[Timed<M::Operation>]) -> Outcome {
    let mut search = Search { model, history, seen: HashSet::new(), order: Vec::new(), longest: None };
    match search.descend(&Done::none(history.len()), &model.initial()) {
        None => Outcome::Undecided,
        Some(true) => Outcome::Explained(search.order),
        Some(false) => {
            let (longest, stuck) = search.longest.unwrap_or_default();
            Outcome::Unexplained { longest, stuck }
        }
    }
}

/// A set of operations, by position.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Done(Vec<u64>);

impl Done {
    fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn contains(&self, position: usize) -> bool {
        self.0[position / 64] & (1 << (position % 64)) != 0
    }

    fn with(&self, position: usize) -> Self {
        let mut with = self.clone();
        with.0[position / 64] |= 1 << (position % 64);
        with
    }
}

struct Search<'m, M: Model> {
    model: &'m M,
    history: &'m [Timed<M::Operation>],
    seen: HashSet<(Done, M::State)>,
    order: Vec<usize>,
    longest: Option<(Vec<usize>, Vec<usize>)>,
}

impl<M: Model> Search<'_, M> {
    /// Whether the operations that are not done yet can be explained from here; `None`: given up.
    fn descend(&mut self, done: &Done, state: &M::State) -> Option<bool> {
        if !self.seen.insert((done.clone(), state.clone())) {
            return Some(false);
        }
        if self.seen.len() > LIMIT {
            return None;
        }
        // An operation whose end is not known need not have taken place.
        let due = |position: &usize| self.history[*position].returned_ms.is_some();
        let left: Vec<usize> = (0..self.history.len()).filter(|&position| !done.contains(position)).collect();
        if !left.iter().any(due) {
            return Some(true);
        }
        let candidates = self.candidates(&left);
        let mut stuck = Vec::new();
        for position in candidates {
            let states = self.model.step(state, &self.history[position].operation);
            if states.is_empty() {
                stuck.push(position);
            }
            self.order.push(position);
            for next in states {
                if self.descend(&done.with(position), &next)? {
                    return Some(true);
                }
            }
            self.order.pop();
        }
        if self.longest.as_ref().is_none_or(|(order, _)| order.len() < self.order.len()) {
            self.longest = Some((self.order.clone(), stuck));
        }
        Some(false)
    }

    /// The operations that may come next: invoked before any other that is left had answered.
    fn candidates(&self, left: &[usize]) -> Vec<usize> {
        let end = |position: usize| self.history[position].returned_ms.unwrap_or(f64::INFINITY);
        let first_end = left.iter().map(|&position| end(position)).fold(f64::INFINITY, f64::min);
        let mut next: Vec<usize> =
            left.iter().copied().filter(|&position| self.history[position].invoked_ms <= first_end).collect();
        next.sort_by(|&a, &b| end(a).total_cmp(&end(b)));
        let mut distinct: Vec<usize> = Vec::new();
        for position in next {
            let twin = |&other: &usize| self.history[other].operation == self.history[position].operation;
            if !distinct.iter().any(twin) {
                distinct.push(position);
            }
        }
        distinct
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A register of one number, as in the literature.
    struct Register;

    #[derive(Debug, Clone, PartialEq)]
    enum Op {
        Write(u8),
        Read(u8),
    }

    impl Model for Register {
        type State = u8;
        type Operation = Op;

        fn initial(&self) -> u8 {
            0
        }

        fn step(&self, state: &u8, operation: &Op) -> Vec<u8> {
            match operation {
                Op::Write(value) => vec![*value],
                Op::Read(value) if value == state => vec![*state],
                Op::Read(_) => Vec::new(),
            }
        }
    }

    fn at(invoked_ms: f64, returned_ms: f64, operation: Op) -> Timed<Op> {
        Timed { operation, invoked_ms, returned_ms: Some(returned_ms) }
    }

    fn pending(invoked_ms: f64, operation: Op) -> Timed<Op> {
        Timed { operation, invoked_ms, returned_ms: None }
    }

    #[test]
    fn overlapping_operations_may_take_effect_in_either_order() {
        let old = [at(0.0, 10.0, Op::Write(1)), at(2.0, 3.0, Op::Read(0))];
        assert_eq!(explain(&Register, &old), Outcome::Explained(vec![1, 0]));
        let new = [at(0.0, 10.0, Op::Write(1)), at(2.0, 3.0, Op::Read(1))];
        assert_eq!(explain(&Register, &new), Outcome::Explained(vec![0, 1]));
    }

    #[test]
    fn what_ended_before_another_began_comes_first() {
        let stale = [at(0.0, 1.0, Op::Write(1)), at(2.0, 3.0, Op::Read(0))];
        assert_eq!(explain(&Register, &stale), Outcome::Unexplained { longest: vec![0], stuck: vec![1] });
        // A value is not seen, then unseen: each read alone is fine, both are not.
        let flicker = [at(0.0, 10.0, Op::Write(1)), at(1.0, 2.0, Op::Read(1)), at(3.0, 4.0, Op::Read(0))];
        assert!(matches!(explain(&Register, &flicker), Outcome::Unexplained { .. }));
    }

    #[test]
    fn an_operation_without_an_end_may_take_effect_late_or_never() {
        for seen in [0, 1] {
            let history =
                [pending(0.0, Op::Write(1)), at(5.0, 6.0, Op::Read(0)), at(7.0, 8.0, Op::Read(seen))];
            assert!(matches!(explain(&Register, &history), Outcome::Explained(_)), "{seen}");
        }
        // Not before it was invoked.
        let early = [at(1.0, 2.0, Op::Read(1)), pending(3.0, Op::Write(1))];
        assert!(matches!(explain(&Register, &early), Outcome::Unexplained { .. }));
    }

    #[test]
    fn nothing_is_explained_by_nothing() {
        assert_eq!(explain(&Register, &[]), Outcome::Explained(Vec::new()));
    }

    #[test]
    fn a_hundred_operations_that_look_alike_cost_as_many_steps() {
        // One read too many of what nobody wrote, among a hundred that overlap: without the twins 2^100 sets.
        let mut history: Vec<Timed<Op>> = (0..100).map(|_| at(0.0, 10.0, Op::Read(0))).collect();
        history.extend((0..100).map(|_| at(0.0, 10.0, Op::Write(1))));
        assert!(matches!(explain(&Register, &history), Outcome::Explained(_)));
        history.push(at(0.0, 10.0, Op::Read(2)));
        assert!(matches!(explain(&Register, &history), Outcome::Unexplained { .. }));
    }

    #[test]
    fn a_search_without_an_end_is_given_up() {
        // A hundred different writes in any order, and a read of none of them.
        let mut history: Vec<Timed<Op>> = (0..100).map(|value| at(0.0, 10.0, Op::Write(value))).collect();
        history.push(at(0.0, 10.0, Op::Read(200)));
        assert_eq!(explain(&Register, &history), Outcome::Undecided);
    }
}
