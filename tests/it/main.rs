//! Integration tests.

mod arrows;
mod report;
mod server;
