//! How hard refresh tokens are to guess, estimated from those that were issued: which positions vary, and how widely.
//!
//! Shannon entropy of one token is fooled by a counter in base64. Here a position counts only when the tokens spread
//! over its alphabet there, so a constant prefix, the slow digits of a timestamp and the front of a counter count
//! nothing. The estimate errs by a few bits. It holds which characters were seen where, never a token.

/// Tokens without which nothing can be said.
pub(super) const ENOUGH: u32 = 16;
/// Positions that are looked at: any strong token has its bits in fewer.
const POSITIONS: usize = 1_024;

/// What is known of the tokens so far.
#[derive(Debug, Default)]
pub(super) struct Sample {
    count: u32,
    /// Which ASCII characters were seen at each position.
    seen: Vec<u128>,
}

/// An estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strength {
    /// Tokens it rests on.
    pub tokens: u32,
    /// Bits that whoever guesses has to guess.
    pub bits: f64,
    /// Positions at the front at which all tokens are alike.
    pub alike: usize,
}

impl Sample {
    pub(super) fn add(&mut self, token: &str) {
        self.count += 1;
        for (position, byte) in token.bytes().take(POSITIONS).enumerate() {
            if self.seen.len() == position {
                self.seen.push(0);
            }
            self.seen[position] |= 1 << (byte & 0x7f);
        }
    }

    /// The estimate, once there are enough tokens.
    pub(super) fn strength(&self) -> Option<Strength> {
        if self.count < ENOUGH {
            return None;
        }
        let varying = self.seen.iter().filter(|seen| seen.count_ones() > 1);
        let alphabet = alphabet(varying.fold(0, |all, seen| all | seen));
        // How many different characters so many draws show on average.
        let expected = alphabet * (1.0 - (1.0 - 1.0 / alphabet).powf(self.count.into()));
        let spread = self.seen.iter().filter(|seen| f64::from(seen.count_ones()) >= expected / 2.0);
        Some(Strength {
            tokens: self.count,
            bits: spread.count() as f64 * alphabet.log2(),
            alike: self.seen.iter().take_while(|seen| seen.count_ones() == 1).count(),
        })
    }
}

/// The size of the usual alphabet that these characters are from.
fn alphabet(seen: u128) -> f64 {
    let of = |from: u8, to: u8| (from..=to).fold(0_u128, |set, byte| set | (1 << byte));
    // Separators stand between; they are drawn from nothing.
    let seen = seen & !((1 << b'.') | (1 << b'~'));
    let digits = of(b'0', b'9');
    let lower = of(b'a', b'z');
    let upper = of(b'A', b'Z');
    let within = |set: u128| seen & !(set | (1 << b'-')) == 0;
    match () {
        () if within(digits) => 10.0,
        () if within(digits | of(b'a', b'f')) || within(digits | of(b'A', b'F')) => 16.0,
        () if within(of(b'2', b'7') | upper) => 32.0,
        () if within(digits | lower) || within(digits | upper) => 36.0,
        () => 64.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
    use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

    fn bits(tokens: impl Iterator<Item = String>) -> f64 {
        let mut sample = Sample::default();
        tokens.for_each(|token| sample.add(&token));
        sample.strength().unwrap().bits
    }

    #[test]
    fn strong_tokens_are_told_from_long_ones() {
        let mut random = StdRng::seed_from_u64(7);
        let mut bytes = |count: usize| (0..count).map(|_| random.random::<u8>()).collect::<Vec<u8>>();
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let base64 = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let n = 24;
        let strong: [Vec<String>; 3] = [
            (0..n).map(|_| base64(&bytes(32))).collect(),
            (0..n).map(|_| hex(&bytes(16))).collect(),
            (0..n)
                .map(|_| format!("e30.{}.{}", base64(b"{\"sub\":\"always the same\"}"), base64(&bytes(32))))
                .collect(),
        ];
        for tokens in strong {
            assert!(bits(tokens.into_iter()) >= 120.0);
        }
        let weak: [Vec<String>; 5] = [
            (0..n).map(|count| format!("rt-{:010}", 4_711 + count)).collect(),
            (0..n).map(|count| base64(format!("session-number-{:032}", 99_990 + count).as_bytes())).collect(),
            (0..n)
                .map(|count| format!("{:016x}{count:04x}", 1_700_000_000_000_000_u64 + count * 1_237))
                .collect(),
            (0..n).map(|_| base64(&bytes(6))).collect(),
            (0..n).map(|_| format!("{}{}", "x".repeat(60), hex(&bytes(5)))).collect(),
        ];
        for tokens in weak {
            assert!(bits(tokens.into_iter()) < 60.0);
        }
    }

    #[test]
    fn few_tokens_prove_nothing() {
        let mut sample = Sample::default();
        (1..ENOUGH).for_each(|count| sample.add(&count.to_string()));
        assert_eq!(sample.strength(), None);
    }
}
