//! Reads what a run is made of; every failure says what, why and how to mend it.

use crate::cli::args::ScopeArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use postproof::contract::{self, Contract};
use postproof::diagnostic::{self, InputError};
use postproof::environment::{self, Kind};
use postproof::server::{FaultName, faults};
use postproof::variable::{Scopes, VariableScope};
use std::sync::Arc;

/// A file that cannot be used.
pub(crate) fn input_failure(error: &InputError) -> Failure {
    let failure = Failure::new(Exit::Input, &error.what).cause(&error.cause);
    match &error.hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Environment and globals, with what the command line sets. `environment` is used where no file is named.
pub(crate) fn scopes(args: &ScopeArgs, environment: VariableScope) -> Result<Scopes, Failure> {
    let read = |path: &String, kind| environment::read(path, kind).map_err(|error| input_failure(&error));
    let mut scopes = Scopes {
        environment: args
            .environment
            .as_ref()
            .map_or(Ok(environment), |path| read(path, Kind::Environment))?,
        globals: args
            .globals
            .as_ref()
            .map_or(Ok(VariableScope::default()), |path| read(path, Kind::Globals))?,
        ..Scopes::default()
    };
    for (key, value) in &args.env_var {
        scopes.environment.set(key, value.as_str());
    }
    for (key, value) in &args.global_var {
        scopes.globals.set(key, value.as_str());
    }
    Ok(scopes)
}

/// A contract by name or file.
pub(crate) fn contract(name: &str) -> Result<Arc<Contract>, Failure> {
    contract::load(name).map(Arc::new).map_err(|error| input_failure(&error))
}

/// Faults by name.
pub(crate) fn fault_names(names: &[String]) -> Result<Vec<FaultName>, Failure> {
    names
        .iter()
        .map(|name| {
            name.parse().map_err(|_| {
                let hint = did_you_mean(name, faults().iter().map(|fault| fault.name));
                Failure::new(Exit::Usage, format!("unknown fault `{name}`"))
                    .cause("the reference server has no fault of that name")
                    .hint(hint.unwrap_or_else(|| "postproof faults lists them".to_owned()))
            })
        })
        .collect()
}

/// `did you mean …?`, when something is close.
pub(crate) fn did_you_mean<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    diagnostic::suggest(name, candidates).map(|close| format!("did you mean `{close}`?"))
}

/// The system's words without its error number.
pub(crate) fn io_text(text: &str) -> String {
    text.split(" (os error").next().unwrap_or(text).to_owned()
}
