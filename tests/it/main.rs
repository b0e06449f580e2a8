//! Integration tests.

mod arrows;
mod cli;
mod newman;
mod report;
mod sdk;
mod server;
mod support;
