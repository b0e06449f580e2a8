//! Integration tests: one binary, one module an area.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "clippy exempts test functions, not what they call"
)]

mod arrows;
mod auth;
mod ci;
mod cli;
mod conform;
mod contracts;
mod counterexample;
mod dynamic;
mod ending;
mod evidence;
mod exports;
mod formats;
mod gate;
mod interrupt;
mod killed;
mod leaks;
mod network;
mod newman;
mod oracle;
mod overlap;
mod readme;
mod report;
mod script;
mod scripts;
mod sdk;
mod server;
mod support;
