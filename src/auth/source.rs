//! Where nonces and timestamps come from.

use rand::rngs::StdRng;
use rand::{Rng, RngExt};
use time::OffsetDateTime;

/// Letters and digits.
pub(super) const ALPHANUMERIC: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A clock, in milliseconds since 1970, and a random source.
pub struct Source {
    rng: Box<dyn Rng + Send>,
    clock: Box<dyn Fn() -> i64 + Send>,
}

impl Source {
    /// This random source and this clock.
    pub fn new(rng: impl Rng + Send + 'static, clock: impl Fn() -> i64 + Send + 'static) -> Self {
        Self { rng: Box::new(rng), clock: Box::new(clock) }
    }

    /// Unpredictable nonces and the system's clock.
    pub fn from_entropy() -> Self {
        let clock = || (OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000) as i64;
        Self::new(rand::make_rng::<StdRng>(), clock)
    }

    /// Milliseconds since 1970.
    pub(super) fn millis(&self) -> i64 {
        (self.clock)()
    }

    /// Seconds since 1970.
    pub(super) fn seconds(&self) -> i64 {
        self.millis().div_euclid(1000)
    }

    /// The time of day in UTC.
    pub(super) fn date_time(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    pub(super) fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.rng.random_range(0..alphabet.len())])).collect()
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    /// A UUID, version 4.
    pub(super) fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid().to_string()
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}
