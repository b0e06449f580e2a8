//! The one place that touches the command line, the environment, the terminal and the exit code.

mod args;
mod argv;
mod ci;
mod command_line;
mod commands;
mod exit;
mod exports;
mod failure;
mod input;
mod judging;
mod network;
mod progress;
mod rc;
mod rerun;
mod settings;
mod source;
mod stdout;
mod terminal;
mod usage;

use command_line::Stop;
use exit::Exit;
use failure::Failure;
use std::process::ExitCode;

/// Parses the command line, runs the command, and turns what it came to into an exit code.
pub(crate) fn main() -> ExitCode {
    let exit = match command_line::parse(std::env::args_os().collect()) {
        Ok(line) => commands::dispatch(line).unwrap_or_else(|failure| report(&failure)),
        Err(Stop::Display(text)) => {
            terminal::help(&text);
            Exit::Passed
        }
        Err(Stop::Nothing(help)) => {
            terminal::help(&help);
            Exit::Usage
        }
        Err(Stop::Mistake(failure)) => report(&failure),
    };
    ExitCode::from(exit)
}

fn report(failure: &Failure) -> Exit {
    terminal::failure(failure);
    failure.exit
}
