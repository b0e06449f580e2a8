//! Finds known secrets in a text, in every spelling, in one reading.
//!
//! Secrets arrive one by one in the middle of a run, thousands of them: an automaton would have to be rebuilt
//! each time and grows with every character. Here each spelling is filed under one of its windows (eight bytes,
//! four for the shortest), so adding is constant work, and a text is read from one place to the next at
//! which a [`Filter`] cannot say that nothing is filed under what stands there. Spellings are not stored: they are
//! made again from the secret when their window is met.

use super::filter::{Filter, LONG, short_key};
use super::forms::{Encoding, distinct};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Secrets learned from traffic before the older half of them is forgotten: what bounds memory on long runs.
pub(super) const GENERATION: usize = 8192;
/// Windows of one spelling that are tried for one that nothing else is filed under.
const TRIES: usize = 64;

/// A secret found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) range: Range<usize>,
    pub(super) label: Arc<str>,
}

/// Every known secret.
#[derive(Default)]
pub(super) struct Index {
    /// Secrets of the run's input: never forgotten.
    pinned: Shelf,
    /// Secrets learned from traffic lately, and before that.
    recent: Shelf,
    older: Shelf,
    filter: Filter,
}

/// Secrets with the windows their spellings are filed under.
#[derive(Default)]
struct Shelf {
    secrets: Vec<Secret>,
    by_text: HashMap<Arc<str>, usize>,
    windows: HashMap<u64, usize>,
    entries: Vec<Entry>,
}

struct Secret {
    text: Arc<str>,
    label: Arc<str>,
    /// All digits: not looked for inside longer numbers, which are everywhere.
    digits: bool,
}

/// One spelling under one window; those that share the window form a list.
struct Entry {
    secret: usize,
    encoding: Encoding,
    /// Where in the spelling the window is.
    offset: usize,
    next: Option<usize>,
}

impl Index {
    /// The label of a known secret.
    pub(super) fn label_of(&self, secret: &str) -> Option<&Arc<str>> {
        [&self.pinned, &self.recent, &self.older]
            .into_iter()
            .find_map(|shelf| shelf.by_text.get(secret).map(|&at| &shelf.secrets[at].label))
    }

    /// Whether there is nothing more to do for that secret.
    pub(super) fn holds(&self, secret: &str, pinned: bool) -> bool {
        self.pinned.by_text.contains_key(secret) || (!pinned && self.recent.by_text.contains_key(secret))
    }

    /// Adds a secret of at least four characters; `pinned` ones are never forgotten.
    pub(super) fn add(&mut self, secret: &str, label: Arc<str>, pinned: bool) {
        if !pinned && self.recent.secrets.len() >= GENERATION {
            self.older = std::mem::take(&mut self.recent);
            self.rebuild();
        }
        let shelf = if pinned { &mut self.pinned } else { &mut self.recent };
        shelf.add(secret, label, &mut self.filter);
        if self.filter.crowded() {
            self.rebuild();
        }
    }

    fn rebuild(&mut self) {
        let shelves = [&self.pinned, &self.recent, &self.older];
        self.filter.rebuild(shelves.into_iter().flat_map(|shelf| shelf.windows.keys().copied()));
    }

    /// Every label in use.
    pub(super) fn labels(&self) -> impl Iterator<Item = &Arc<str>> {
        let shelves = [&self.pinned, &self.recent, &self.older];
        shelves.into_iter().flat_map(|shelf| shelf.secrets.iter().map(|secret| &secret.label))
    }

    /// Secrets in the text, leftmost and longest first; those that overlap are one hit. `cut` says that the text
    /// ends where a longer one was cut, so that a secret may end beyond it.
    pub(super) fn find(&self, text: &[u8], cut: bool) -> Vec<Hit> {
        self.read(text, cut, self.filter.holds_short())
    }

    /// As [`find`](Self::find) in a whole text, without spellings shorter than a long window: many times quicker, where
    /// there are any.
    pub(super) fn find_long(&self, text: &[u8]) -> Vec<Hit> {
        self.read(text, false, false)
    }

    fn read(&self, text: &[u8], cut: bool, short: bool) -> Vec<Hit> {
        let mut hits = Vec::new();
        if self.filter.is_empty() {
            return hits;
        }
        for (at, window) in self.filter.candidates(text) {
            self.meet(window, at, text, cut, &mut hits);
        }
        for (at, window) in text.array_windows().enumerate().take_while(|_| short) {
            let window = short_key(*window);
            if self.filter.may_hold(window) {
                self.meet(window, at, text, cut, &mut hits);
            }
        }
        hits.sort_by_key(|hit: &Hit| (hit.range.start, std::cmp::Reverse(hit.range.end)));
        let mut merged: Vec<Hit> = Vec::new();
        for hit in hits {
            match merged.last_mut() {
                Some(last) if hit.range.start < last.range.end => {
                    last.range.end = last.range.end.max(hit.range.end);
                }
                _ => merged.push(hit),
            }
        }
        merged
    }

    fn meet(&self, window: u64, at: usize, text: &[u8], cut: bool, hits: &mut Vec<Hit>) {
        for shelf in [&self.pinned, &self.recent, &self.older] {
            let mut next = shelf.windows.get(&window).copied();
            while let Some(entry) = next.map(|at| &shelf.entries[at]) {
                next = entry.next;
                let secret = &shelf.secrets[entry.secret];
                if let Some(range) = secret.at(entry, at, text, cut) {
                    hits.push(Hit { range, label: Arc::clone(&secret.label) });
                }
            }
        }
    }
}

impl Secret {
    /// Where the entry's spelling is, if its window at `at` is part of it.
    fn at(&self, entry: &Entry, at: usize, text: &[u8], cut: bool) -> Option<Range<usize>> {
        let form = entry.encoding.apply(&self.text);
        let form = form.as_bytes();
        let start = at.checked_sub(entry.offset)?;
        let end = (start + form.len()).min(text.len());
        let whole = end - start == form.len();
        if !(whole || cut) || text[start..end] != form[..end - start] {
            return None;
        }
        let digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
        let inside_number = self.digits && (digit(start.checked_sub(1)) || digit(Some(end)));
        (!inside_number).then_some(start..end)
    }
}

impl Shelf {
    fn add(&mut self, secret: &str, label: Arc<str>, filter: &mut Filter) {
        let text: Arc<str> = Arc::from(secret);
        let number = self.secrets.len();
        self.by_text.insert(Arc::clone(&text), number);
        for (encoding, form) in distinct(secret) {
            let Some((window, offset)) = self.window_of(form.as_bytes()) else { continue };
            filter.put(window);
            let next = self.windows.insert(window, self.entries.len());
            self.entries.push(Entry { secret: number, encoding, offset, next });
        }
        self.secrets.push(Secret { text, label, digits: secret.bytes().all(|b| b.is_ascii_digit()) });
    }

    /// The first window that nothing is filed under yet: tokens begin alike (every JWT does), and a window that
    /// thousands shared would have to be compared with all of them.
    fn window_of(&self, form: &[u8]) -> Option<(u64, usize)> {
        let Some(last) = form.len().checked_sub(LONG) else {
            return Some((short_key(*form.first_chunk()?), 0));
        };
        let mut windows = form.array_windows().enumerate();
        let end = windows.next_back();
        windows
            .step_by(LONG)
            .take(TRIES)
            .chain(end)
            .map(|(offset, window)| (u64::from_le_bytes(*window), offset))
            .find(|(window, offset)| *offset == last || !self.windows.contains_key(window))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(index: &Index, text: &str, cut: bool) -> Vec<(String, String)> {
        let hit = |hit: Hit| (text[hit.range.clone()].to_owned(), hit.label.to_string());
        index.find(text.as_bytes(), cut).into_iter().map(hit).collect()
    }

    fn index(secrets: &[&str]) -> Index {
        let mut index = Index::default();
        for secret in secrets {
            index.add(secret, Arc::from(format!("[{secret}]")), true);
        }
        index
    }

    #[test]
    fn the_longest_wins_and_overlaps_are_one_hit() {
        let index = index(&["abcd", "abcdefghij", "hijklmnop", "123456"]);
        let pair = |text: &str, label: &str| (text.to_owned(), label.to_owned());
        assert_eq!(found(&index, "xabcdx", false), [pair("abcd", "[abcd]")]);
        assert_eq!(found(&index, "abcdefghijZ", false), [pair("abcdefghij", "[abcdefghij]")]);
        assert_eq!(found(&index, "abcdefghijklmnop", false), [pair("abcdefghijklmnop", "[abcdefghij]")]);
        assert_eq!(found(&index, "1123456 123456.", false), [pair("123456", "[123456]")]);
    }

    #[test]
    fn short_spellings_are_left_out_where_long_ones_are_looked_for() {
        let index = index(&["abcdefgh", "1b2c"]);
        let long: Vec<_> = index.find_long(b"1b2c abcdefgh").into_iter().map(|hit| hit.range).collect();
        assert_eq!(long.first(), Some(&(5..13)));
        assert_eq!((long.len(), found(&index, "1b2c abcdefgh", false).len()), (1, 2));
    }

    #[test]
    fn a_cut_text_may_end_inside_a_secret() {
        let index = index(&["abcdefghijklmnop"]);
        assert_eq!(found(&index, "-abcdefghij", true)[0].0, "abcdefghij");
        assert!(found(&index, "-abcdefghij", false).is_empty());
    }

    #[test]
    fn thousands_of_tokens_that_begin_alike_are_filed_apart() {
        let mut index = Index::default();
        let token =
            |n: usize| format!("eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.{:x}", (n + 1) * 0x0123_4567_89ab);
        for n in 0..2000 {
            index.add(&token(n), Arc::from(n.to_string()), false);
        }
        let list = |shelf: &Shelf| {
            let mut lengths: HashMap<usize, usize> = HashMap::new();
            for entry in &shelf.entries {
                *lengths.entry(entry.next.map_or(0, |_| 1)).or_default() += 1;
            }
            lengths.get(&1).copied().unwrap_or_default()
        };
        assert!(list(&index.recent) * 10 < index.recent.entries.len(), "{} shared", list(&index.recent));
        for n in [0, 999, 1999] {
            assert_eq!(found(&index, &token(n), false), [(token(n), n.to_string())]);
        }
    }

    #[test]
    fn traffic_is_forgotten_by_generations_and_input_never() {
        let mut index = index(&["pinned-secret"]);
        for n in 0..GENERATION * 2 + 1 {
            index.add(&format!("traffic-{n:07}"), Arc::from("t"), false);
        }
        assert!(found(&index, "traffic-0000000", false).is_empty());
        assert_eq!(found(&index, &format!("traffic-{GENERATION:07}"), false).len(), 1);
        assert_eq!(found(&index, "pinned-secret", false).len(), 1);
        assert_eq!(index.labels().count(), 1 + GENERATION + 1);
    }
}
