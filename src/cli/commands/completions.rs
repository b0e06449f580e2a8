//! `postproof completions`: a shell completes the command line.

use crate::cli::args::{Args, CompletionsArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal;
use clap::CommandFactory as _;

/// Prints a shell's completion script.
pub(super) fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "postproof", &mut script);
    terminal::out(&String::from_utf8_lossy(&script));
    Ok(Exit::Passed)
}
