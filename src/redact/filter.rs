//! Says of nearly every place of a text that nothing is filed under what stands there.
//!
//! Two sieves, one behind the other: by the three bytes a window ends with, a reader skips to the next place where one
//! could end (S. Wu and U. Manber, "A fast algorithm for multi-pattern searching", 1994); there, a bit set is asked for
//! the whole window.

use std::iter;

/// Bytes of a window.
pub(super) const LONG: usize = 8;
/// Bytes of a window of a spelling shorter than that.
pub(super) const SHORT: usize = 4;
/// Tells a short window from a long one: no text has these bytes.
const SHORT_TAG: u64 = 0x9d3f_51c7 << 32;
/// Bytes by which is skipped.
const BLOCK: usize = 3;
/// How far is skipped at most.
const FAR: u8 = (LONG - BLOCK + 1) as u8;

/// A window of four bytes, told from those of eight.
pub(super) fn short_key(window: [u8; SHORT]) -> u64 {
    u64::from(u32::from_le_bytes(window)) | SHORT_TAG
}

/// What is known of all windows, in little memory.
pub(super) struct Filter {
    /// As many as a power of two: a division for every byte of every text would be felt.
    bits: Vec<u64>,
    /// What leaves of a hash as many binary digits as number the bits.
    shift: u32,
    /// By the hash of a block: how far the end of the next window is at least. There once a long window is.
    skips: Vec<u8>,
    /// Windows put in.
    count: usize,
    /// Whether short windows are among them.
    short: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self::of_words(1024)
    }
}

impl Filter {
    /// An empty one of that many words.
    fn of_words(words: usize) -> Self {
        let words = words.next_power_of_two();
        let shift = u64::BITS - (words * 64).ilog2();
        Self { bits: vec![0; words], shift, skips: Vec::new(), count: 0, short: false }
    }

    fn place(&self, window: u64) -> (usize, u64) {
        let hash = window.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bit = hash >> self.shift;
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    /// Whether nothing was put in.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether short windows were.
    pub(super) fn holds_short(&self) -> bool {
        self.short
    }

    /// `false`: the window was not put in.
    pub(super) fn may_hold(&self, window: u64) -> bool {
        let (word, bit) = self.place(window);
        self.bits[word] & bit != 0
    }

    /// Where long windows may stand in the text, and what stands there.
    pub(super) fn candidates<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, u64)> + 'a {
        let mut end = if self.skips.is_empty() { usize::MAX } else { LONG };
        iter::from_fn(move || {
            while let Some(window) = text.get(..end).and_then(<[u8]>::last_chunk) {
                let window = u64::from_le_bytes(*window);
                let skip = self.skips[block_key((window >> (8 * (LONG - BLOCK))) as u32)];
                let at = end - LONG;
                end += usize::from(skip.max(1));
                if skip == 0 && self.may_hold(window) {
                    return Some((at, window));
                }
            }
            None
        })
    }

    /// Puts a window in.
    pub(super) fn put(&mut self, window: u64) {
        let (word, bit) = self.place(window);
        self.bits[word] |= bit;
        self.count += 1;
        if window & !u64::from(u32::MAX) == SHORT_TAG {
            self.short = true;
            return;
        }
        if self.skips.is_empty() {
            self.skips = vec![FAR; 1 << u16::BITS];
        }
        for (begin, block) in window.to_le_bytes().array_windows::<BLOCK>().enumerate() {
            let [one, two, three] = *block;
            let skip = &mut self.skips[block_key(u32::from_le_bytes([one, two, three, 0]))];
            *skip = (*skip).min((LONG - BLOCK - begin) as u8);
        }
    }

    /// More than one bit in sixteen is set: misses become frequent.
    pub(super) fn crowded(&self) -> bool {
        self.count * 16 > self.bits.len() * 64
    }

    /// Holds these windows alone.
    pub(super) fn rebuild(&mut self, windows: impl Iterator<Item = u64> + Clone) {
        // At least twice what is needed now, so that growing stays rare.
        *self = Self::of_words((windows.clone().count() * 32 / 64).max(1024));
        windows.for_each(|window| self.put(window));
    }
}

/// Sixteen bits of three bytes.
fn block_key(block: u32) -> usize {
    usize::from((block.wrapping_mul(0x9e37_79b1) >> 16) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_is_met_wherever_it_stands() {
        let windows = ["eyJhbGci", "OiJIUzI1", "aaaaaaaa", "abcdefgh", "fghabcde"];
        let mut filter = Filter::default();
        assert!(filter.candidates(b"abcdefgh").next().is_none());
        let number = |text: &str| u64::from_le_bytes(text.as_bytes().try_into().unwrap());
        windows.iter().for_each(|window| filter.put(number(window)));
        filter.put(short_key(*b"abcd"));
        for window in windows {
            for before in 0..20 {
                let text = format!("{}{window}xyz", "eyJabcfga".repeat(3).split_at(before).0);
                let found = filter.candidates(text.as_bytes()).any(|hit| hit == (before, number(window)));
                assert!(found, "{text}");
            }
        }
        let text = "aaaaaaaaaa";
        let found: Vec<usize> = filter.candidates(text.as_bytes()).map(|(at, _)| at).collect();
        assert_eq!(found, [0, 1, 2]);
    }

    #[test]
    fn no_window_is_skipped_in_any_text() {
        let mut state = 1_u64;
        let mut letter = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            b"ab."[(state >> 33) as usize % 3]
        };
        for round in 0..200 {
            let mut filter = Filter::default();
            let windows: Vec<[u8; LONG]> =
                (0..1 + round % 9).map(|_| [(); LONG].map(|()| letter())).collect();
            windows.iter().for_each(|window| filter.put(u64::from_le_bytes(*window)));
            let text: Vec<u8> = (0..3000).map(|_| letter()).collect();
            let there = text.array_windows().enumerate().filter(|(_, window)| windows.contains(window));
            let there = there.map(|(at, window)| (at, u64::from_le_bytes(*window)));
            let mut met = filter.candidates(&text);
            for window in there {
                assert!(met.any(|candidate| candidate == window), "{round}: {window:?}");
            }
        }
    }
}
