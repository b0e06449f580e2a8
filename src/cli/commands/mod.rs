//! One file a command.

mod checks;
mod compatibility;
mod completions;
mod conform;
mod contract;
mod counterexample;
mod driver;
mod faults;
mod licenses;
mod man;
mod report;
mod run;
mod safety;
mod script;
mod selftest;
mod serve;
mod session;
mod targets;

pub(super) use compatibility::table as compatibility_table;

use super::args::Command;
use super::command_line::CommandLine;
use super::exit::Exit;
use super::failure::Failure;

/// Runs the command that was asked for.
pub(crate) fn dispatch(line: CommandLine) -> Result<Exit, Failure> {
    match line.args.command {
        Command::Run(args) => run::run(&args, line.notices),
        Command::Conform(args) => conform::conform(&args, line.notices),
        Command::Serve(args) => serve::serve(&args),
        Command::Checks(args) => checks::checks(&args),
        Command::Faults(args) => faults::faults(&args),
        Command::Selftest(args) => selftest::selftest(&args),
        Command::Report(args) => report::report(&args),
        Command::Script(args) => script::script(&args),
        Command::Contract(args) => contract::contract(&args),
        Command::Compatibility(args) => compatibility::compatibility(&args),
        Command::Licenses => licenses::licenses(),
        Command::Completions(args) => completions::completions(&args),
        Command::Man => man::man(),
    }
}
