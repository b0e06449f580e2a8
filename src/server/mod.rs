//! The reference API, with faults on demand. Knows nothing of the rest of this crate.
