//! Drives a run: items in order through the ports. Formats nothing, counts nothing.

mod port;

pub use port::{SendOptions, Transport};
