//! Reads what a run is made of; every failure says what, why and how to mend it.

use crate::cli::args::ScopeArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::source::Sources;
use postproof::conformance::registry;
use postproof::contract::{self, Contract, ContractError};
use postproof::diagnostic::{self, InputError, Warning, WarningCode};
use postproof::environment::Kind;
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
pub(crate) fn scopes(
    args: &ScopeArgs,
    sources: &Sources<'_>,
    environment: VariableScope,
) -> Result<Scopes, Failure> {
    let read = |location: &String, kind| sources.scope(location, kind);
    let mut scopes = Scopes {
        environment: args
            .environment
            .as_ref()
            .map_or(Ok(environment), |path| read(path, Kind::Environment))?,
        globals: args
            .globals
            .as_ref()
            .map_or(Ok(VariableScope::default()), |path| read(path, Kind::Globals))?,
        vault: args
            .vault
            .as_ref()
            .map_or(Ok(VariableScope::default()), |path| read(path, Kind::Environment))?,
        ..Scopes::default()
    };
    for (scope, settings) in
        [(&mut scopes.environment, &args.env_var), (&mut scopes.globals, &args.global_var)]
    {
        for setting in settings {
            // Without a value it stands for nothing, in front of wider scopes' variables of that name.
            scope.set(&setting.key, setting.value.as_deref().unwrap_or_default());
        }
    }
    Ok(scopes)
}

/// Variables that the command line sets without a value.
pub(crate) fn valueless(args: &ScopeArgs) -> impl Iterator<Item = Warning> {
    let settings = [("--env-var", &args.env_var), ("--global-var", &args.global_var)];
    let without = settings.into_iter().flat_map(|(option, settings)| {
        settings.iter().filter(|setting| setting.value.is_none()).map(move |setting| (option, &setting.key))
    });
    without.map(|(option, key)| {
        Warning::new(WarningCode::VariableWithoutValue, format!("{option} {key} gives no value"))
            .hint(format!("write {option} {key}=VALUE"))
    })
}

/// Standard input can be read once.
pub(crate) fn read_stdin_once(locations: &[Option<&str>]) -> Result<(), Failure> {
    if locations.iter().flatten().filter(|location| **location == "-").count() < 2 {
        return Ok(());
    }
    Err(Failure::new(Exit::Usage, "cannot read standard input twice")
        .cause("`-` is given for several inputs")
        .hint("give files for all inputs but one; a shell can name a pipe: -e <(command)"))
}

/// A contract by name or file.
pub(crate) fn contract(name: &str) -> Result<Arc<Contract>, Failure> {
    contract::load(name, &registry::ids()).map(Arc::new).map_err(|error| contract_failure(&error))
}

/// A contract, or expected failures, that cannot be used: every mistake with the line it is on.
pub(crate) fn contract_failure(error: &ContractError) -> Failure {
    let mut what = format!("cannot read {} `{}`", error.kind, error.file);
    if error.problems.len() > 1 {
        what = format!("{what}: {} mistakes", error.problems.len());
    }
    let excerpts = error.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let mut failure = Failure::new(Exit::Input, what).excerpt(excerpts);
    failure.cause.clone_from(&error.cause);
    failure.hint.clone_from(&error.hint);
    failure
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
