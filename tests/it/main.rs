//! Integration tests.

mod arrows;
mod cli;
mod newman;
mod report;
mod server;
mod support;
