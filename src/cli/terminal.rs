//! The one place that prints: everything else hands its text here.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use super::failure::Failure;
use std::io::{self, IsTerminal as _, Write as _};

/// A failure, on standard error.
pub(crate) fn failure(failure: &Failure) {
    note(&failure.to_string());
}

/// A line on standard error; a reader that went away is no error of ours.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Text on standard output; a reader that went away is no error of ours.
pub(crate) fn out(text: &str) {
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

/// Help or version, as clap renders it.
pub(crate) fn help(error: &clap::Error) {
    let _ = error.print();
}

/// Whether standard output is a terminal.
pub(crate) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
pub(crate) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Columns of the terminal, where there is one.
pub(crate) fn columns() -> Option<usize> {
    stdout_is_terminal().then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0))
}
