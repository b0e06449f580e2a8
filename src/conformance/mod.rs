//! The ledger and the checks: one judge for every driver.
//!
//! A [`Ledger`] is fed with every exchange in order, whoever sent it: the documented collection, the [`probe`]s, or
//! somebody's own requests. It reads each as a fact, the [checks](registry) judge the facts, and
//! [`Ledger::conclude`] gives one verdict a check. No check sends a request.

mod answer;
mod bindings;
mod captures;
mod check;
mod draft;
mod expectation;
pub mod fact;
mod gate;
mod jar;
mod judge;
mod jwt;
mod leak;
mod ledger;
mod likeness;
pub mod linearizability;
mod presented;
pub mod probe;
pub mod registry;
mod route;
mod shape;
pub mod single_use;
mod strength;

pub use answer::Answer;
pub use bindings::{Bindings, BoundClient};
pub use captures::{Found, captured_names, found};
pub use check::Check;
pub use draft::{ClientKey, Draft};
pub use expectation::Expectations;
pub use gate::{Conformance, Gate};
pub use jar::Jar;
pub use ledger::Ledger;
pub use route::{Action, Operation};

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
