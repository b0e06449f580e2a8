//! `postproof man`: the manual, one page with every command.

use crate::cli::args::Args;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal;
use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use std::io;

/// Prints the manual page.
pub(super) fn man() -> Result<Exit, Failure> {
    let mut page = Vec::new();
    render(&mut page).map_err(|error| Failure::new(Exit::NoWork, "cannot make the manual").cause(error))?;
    terminal::out(&String::from_utf8_lossy(&page));
    Ok(Exit::Passed)
}

fn render(page: &mut Vec<u8>) -> io::Result<()> {
    let mut command = Args::command();
    command.build();
    Man::new(command.clone()).render(page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
        section(subcommand, page)?;
    }
    Ok(())
}

/// A command's own part of the page.
fn section(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    page.extend(format!(".SH \"POSTPROOF {}\"\n", command.get_name().to_uppercase()).as_bytes());
    let man = Man::new(command.clone());
    man.render_description_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_options_section(page)
}
