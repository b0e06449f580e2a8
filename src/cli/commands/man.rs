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
    let whole = Man::new(command.clone());
    whole.render_title(page)?;
    whole.render_name_section(page)?;
    whole.render_synopsis_section(page)?;
    whole.render_options_section(page)?;
    // Not its list of subcommands: that refers to a page a command, and this is all of them.
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        section(subcommand, page)?;
    }
    whole.render_extra_section(page)
}

/// A command's own part of the page.
fn section(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    page.extend(format!(".SH \"POSTPROOF {}\"\n", command.get_name().to_uppercase()).as_bytes());
    let man = Man::new(command.clone());
    man.render_description_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_options_section(page)
}
