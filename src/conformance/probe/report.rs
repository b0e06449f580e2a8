//! What probes and walks have to tell beside what the ledger saw.

use super::walk::{Counterexample, Walked};

/// What a round of probes came to, apart from what the ledger saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProbeReport {
    /// Checks that could not be exercised, and why.
    pub excuses: Vec<(Vec<&'static str>, String)>,
    /// Logins that are configured but were refused.
    pub problems: Vec<String>,
    /// Logins that were not tried, because their variables are not set.
    pub left_out: Vec<String>,
    /// What was done to a subject and could not be undone, with what is to be done by hand.
    pub not_undone: Vec<String>,
    /// No login worked: nothing could be probed.
    pub stopped: Option<String>,
    /// How far the walk came, where there was one.
    pub walked: Option<Walked>,
    /// Why it was none.
    pub idle: Option<String>,
}

/// What probes or a walk came to, whatever ended them.
#[derive(Debug)]
pub struct Probed<E> {
    /// What is to be told of them.
    pub report: ProbeReport,
    /// What a walk found.
    pub found: Vec<Counterexample>,
    /// What the driver stopped with, where it did.
    pub ended: Result<(), E>,
}
