//! Expected failures: what is known to be broken, why, whose it is, and until when that is accepted.

/// A check, or several, expected to fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedFailure {
    /// Id of the check; `*` stands for any characters, `?` for one.
    pub check: String,
    /// Why the failure is accepted.
    pub reason: String,
    /// Who is to mend it.
    pub owner: String,
    /// The last day it is accepted, `2027-01-31` (UTC).
    pub expires: time::Date,
}
