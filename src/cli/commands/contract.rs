//! `postproof contract`: the text of a built-in contract.

use crate::cli::args::ContractArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::terminal;
use postproof::contract;

/// Prints a built-in contract.
pub(super) fn contract(args: &ContractArgs) -> Result<Exit, Failure> {
    let Some(text) = contract::builtin_text(&args.name) else {
        let names: Vec<&str> = contract::builtin_names().collect();
        let hint = input::did_you_mean(&args.name, names.iter().copied());
        return Err(Failure::new(Exit::Usage, format!("unknown contract `{}`", args.name))
            .cause("no built-in contract has that name")
            .hint(hint.unwrap_or_else(|| format!("built in: {}", names.join(", ")))));
    };
    terminal::out(text);
    Ok(Exit::Passed)
}
