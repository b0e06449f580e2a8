//! The ledger and the checks: one judge for every driver.
//!
//! A [`Ledger`] is fed with every exchange in order, whoever sent it: the documented collection, the [`probe`]s, or
//! somebody's own requests. It reads each as a fact, the [checks](registry) judge the facts, and
//! [`Ledger::conclude`] gives one verdict a check. No check sends a request.

mod bindings;
mod check;
mod expectation;
pub mod fact;
mod gate;
mod judge;
mod ledger;
pub mod linearizability;
pub mod probe;
pub mod registry;
mod shape;
pub mod single_use;
mod wire;

pub use bindings::{Bindings, BoundClient};
pub use check::Check;
pub use expectation::Expectations;
pub use gate::{Conformance, Gate};
pub use ledger::Ledger;

/// A contract the ledger cannot work with.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// `[checks]` names a check that does not exist.
    #[error("contract `{contract}` lists check `{check}`, which does not exist")]
    UnknownCheck {
        /// The contract's id.
        contract: String,
        /// The check's id.
        check: String,
    },
}
