//! Shrinking a sequence that fails to a shorter one that still fails: delta debugging (Zeller and Hildebrandt, 2002),
//! by complements alone, for what is left out of a sequence leaves a sequence.

/// A sequence being shrunk: asks for a try, is told what came of it.
#[derive(Debug)]
pub(super) struct Shrinking<T> {
    shortest: Vec<T>,
    /// How many elements are left out at once, and from where on.
    size: usize,
    from: usize,
    tries: usize,
    candidate: Vec<T>,
}

impl<T: Clone> Shrinking<T> {
    /// A sequence that fails, and how many tries there are.
    pub(super) fn new(failing: Vec<T>, tries: usize) -> Self {
        let size = failing.len().div_ceil(2);
        Self { shortest: failing, size, from: 0, tries, candidate: Vec::new() }
    }

    /// The next sequence to try; `None`: no shorter one is to be found.
    pub(super) fn next(&mut self) -> Option<Vec<T>> {
        if self.tries == 0 || self.size == 0 || self.shortest.len() < 2 {
            return None;
        }
        self.tries -= 1;
        let until = (self.from + self.size).min(self.shortest.len());
        self.candidate = [&self.shortest[..self.from], &self.shortest[until..]].concat();
        Some(self.candidate.clone())
    }

    /// Whether the sequence that was given last fails.
    pub(super) fn tell(&mut self, fails: bool) {
        if fails {
            self.shortest = std::mem::take(&mut self.candidate);
            self.size = self.size.min(self.shortest.len());
        } else {
            self.from += self.size;
        }
        if self.from >= self.shortest.len() {
            self.from = 0;
            // A pass that removed single elements is repeated until it removes none.
            self.size = if self.size > 1 { self.size.div_ceil(2) } else { usize::from(fails) };
        }
    }

    /// The shortest sequence that failed.
    pub(super) fn into_shortest(self) -> Vec<T> {
        self.shortest
    }
}
