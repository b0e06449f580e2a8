//! Warnings said once, however often they were raised.

use crate::diagnostic::{Warning, WarningCode};
use indexmap::IndexMap;

/// Warnings in the order they were first raised; the same thing said again counts up.
#[derive(Debug, Default)]
pub(super) struct Warnings(IndexMap<(WarningCode, String), (Warning, u64)>);

impl Warnings {
    /// Takes one warning.
    pub(super) fn add(&mut self, warning: &Warning) {
        let key = (warning.code, warning.message.clone());
        self.0.entry(key).or_insert_with(|| (warning.clone(), 0)).1 += 1;
    }

    /// Whether there was none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each with how often it was raised; hint and place are those of the first time.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Warning, u64)> {
        self.0.values().map(|(warning, count)| (warning, *count))
    }
}
