//! One file a command.

mod checks;
mod compatibility;
mod conform;
mod contract;
mod faults;
mod licenses;
mod run;
mod script;
mod serve;
mod session;

pub(super) use compatibility::table as compatibility_table;

use super::args::{Args, Command};
use super::exit::Exit;
use super::failure::Failure;

/// Runs the command that was asked for.
pub(crate) fn dispatch(args: Args) -> Result<Exit, Failure> {
    match args.command {
        Command::Run(args) => run::run(&args),
        Command::Conform(args) => conform::conform(&args),
        Command::Serve(args) => serve::serve(&args),
        Command::Checks(args) => checks::checks(&args),
        Command::Faults(args) => faults::faults(&args),
        Command::Script(args) => script::script(&args),
        Command::Contract(args) => contract::contract(&args),
        Command::Compatibility(args) => compatibility::compatibility(&args),
        Command::Licenses => licenses::licenses(),
    }
}
