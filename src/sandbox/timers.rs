//! Which timer is due next.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::time::{Duration, Instant};

/// Longest delay, as in browsers and Node; longer ones, and those below 1 ms, count as 1 ms.
const LONGEST_MS: f64 = 2_147_483_647.0;

/// Timers by id, in the order they fall due; those set first come first among equals.
#[derive(Debug, Default)]
pub(super) struct Timers {
    queue: BinaryHeap<Reverse<(Instant, u64, u32)>>,
    live: HashSet<u32>,
    set: u64,
}

impl Timers {
    /// Sets a timer `ms` milliseconds from `now`. An id is used once.
    pub(super) fn set(&mut self, id: u32, ms: f64, now: Instant) {
        let ms = if (1.0..=LONGEST_MS).contains(&ms) { ms } else { 1.0 };
        self.set += 1;
        self.live.insert(id);
        self.queue.push(Reverse((now + Duration::from_secs_f64(ms / 1000.0), self.set, id)));
    }

    /// Forgets a timer.
    pub(super) fn clear(&mut self, id: u32) {
        self.live.remove(&id);
    }

    /// Takes the first timer that is due.
    pub(super) fn due(&mut self, now: Instant) -> Option<u32> {
        if self.next()? > now {
            return None;
        }
        let Reverse((_, _, id)) = self.queue.pop()?;
        self.live.remove(&id);
        Some(id)
    }

    /// When the next timer is due.
    pub(super) fn next(&mut self) -> Option<Instant> {
        while let Some(Reverse((at, _, id))) = self.queue.peek() {
            if self.live.contains(id) {
                return Some(*at);
            }
            self.queue.pop();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_fall_due_in_order_and_cleared_ones_do_not() {
        let start = Instant::now();
        let mut timers = Timers::default();
        for (id, ms) in [(1, 20.0), (2, 5.0), (3, 5.0), (4, 1.0), (5, f64::NAN), (6, -3.0), (7, 1e12)] {
            timers.set(id, ms, start);
        }
        timers.clear(4);
        assert_eq!(timers.due(start), None);
        let later = start + Duration::from_millis(10);
        let order: Vec<_> = std::iter::from_fn(|| timers.due(later)).collect();
        assert_eq!(order, [5, 6, 7, 2, 3]);
        assert_eq!(timers.next(), Some(start + Duration::from_millis(20)));
        timers.clear(1);
        assert_eq!(timers.next(), None);
    }
}
