//! The ledger and the checks: one judge for every driver.
