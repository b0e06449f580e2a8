//! Integration tests.

mod arrows;
mod cli;
mod newman;
mod report;
mod script;
mod server;
mod support;
