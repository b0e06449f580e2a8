//! The one place that touches the command line, the environment, the terminal and the exit code.

mod args;
mod commands;
mod exit;
mod failure;
mod input;
mod settings;
mod terminal;
mod usage;

use clap::Parser as _;
use exit::Exit;
use failure::Failure;
use std::process::ExitCode;

/// Parses the command line, runs the command, and turns what it came to into an exit code.
pub(crate) fn main() -> ExitCode {
    let exit = match args::Args::try_parse() {
        Ok(args) => commands::dispatch(args).unwrap_or_else(|failure| report(&failure)),
        Err(error) if !error.use_stderr() => {
            terminal::help(&error);
            Exit::Passed
        }
        Err(error) => report(&usage::failure(&error)),
    };
    ExitCode::from(exit)
}

fn report(failure: &Failure) -> Exit {
    terminal::failure(failure);
    failure.exit
}
