//! `postproof faults`: what the reference server can do wrong.

use crate::cli::args::{Format, ListArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal;
use postproof::server;
use serde_json::json;
use std::fmt::Write as _;

/// Lists the faults.
pub(super) fn faults(args: &ListArgs) -> Result<Exit, Failure> {
    let faults = server::faults();
    let mut out = String::new();
    if args.quiet {
        faults.iter().for_each(|fault| {
            let _ = writeln!(out, "{}", fault.name);
        });
    } else if args.format == Format::Json {
        let rows: Vec<_> = faults
            .iter()
            .map(|fault| json!({"name": fault.name, "title": fault.title, "seen": fault.seen}))
            .collect();
        let _ = writeln!(out, "{:#}", json!(rows));
    } else {
        let width = faults.iter().map(|fault| fault.name.len()).max().unwrap_or(0);
        faults.iter().for_each(|fault| {
            let _ = writeln!(out, "{:width$}  {}", fault.name, fault.title);
        });
    }
    terminal::out(&out);
    Ok(Exit::Passed)
}
