//! `postproof run`: a collection's requests in order.

use super::session::{self, Session, Stop};
use crate::cli::args::{BailOn, EndingArgs, RunArgs};
use crate::cli::exit::Exit;
use crate::cli::exports::Exports;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::network;
use crate::cli::source::Sources;
use postproof::collection::{Collection, Source};
use postproof::contract::Contract;
use postproof::diagnostic::Warning;
use postproof::event::Input;
use postproof::plan::{self, PlanOptions};
use postproof::runner::{Bail, FileAccess, Outcome, RunOptions, Runner, ScriptCookie, Transport as _};
use postproof::sandbox::{self, Sandbox};
use postproof::transport::read_cookie_jar;
use postproof::variable::{Dynamic, VariableScope};
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The collection variable that names a contract.
const CONTRACT_VARIABLE: &str = "postproof-contract";

/// Runs a collection.
pub(super) fn run(args: &RunArgs, mut notices: Vec<Warning>) -> Result<Exit, Failure> {
    let runtime = session::runtime()?;
    let given = &args.scopes;
    input::read_stdin_once(&[
        Some(&args.collection),
        given.environment.as_deref(),
        given.globals.as_deref(),
        args.iteration_data.as_deref(),
    ])?;
    let files = files(args)?;
    let network = network::network(&args.sending.network, files.clone())?;
    let sources = Sources::new(&runtime, &args.sending.network, given.postman_api_key.as_deref());
    let collection = sources.collection(&args.collection)?;
    let mut scopes = input::scopes(given, &sources, VariableScope::default())?;
    notices.extend(input::valueless(given));
    notices.extend(collection.warnings.iter().cloned());
    scopes.collection = collection.variables.clone();
    let data = args.iteration_data.as_deref().map(|path| sources.iteration_data(path, args.data_delimiter));
    let options = PlanOptions {
        folders: args.folder.clone(),
        iterations: args.iteration_count,
        data: data.transpose()?.unwrap_or_default(),
    };
    let plan = plan::build(&collection, &options).map_err(|error| input::input_failure(&error.into()))?;
    let plan = Arc::new(plan);
    let contract = contract(args, &collection)?;
    let mut session = Session::new(&args.reports, &args.judging, &["cli"], contract.as_ref(), &scopes)?;
    session.exports = Some(Exports::open(&args.exports, Arc::clone(&collection.document))?);

    let mut info = session.info(&collection.name, contract.as_ref());
    let Source { file, sha256, .. } = &*collection.source;
    info.inputs.push(Input { role: "collection".to_owned(), name: file.clone(), sha256: sha256.clone() });
    info.file = Some(collection.source.file.clone());
    info.iterations = plan.iterations;
    info.items = u32::try_from(plan.items.len()).ok();
    info.collection = Some(Arc::clone(&collection.document));
    notices.extend(plan.data.warnings.iter().cloned());
    if collection.upgraded {
        info.notes.push("collection v1, run as the v2.1 collection it amounts to".to_owned());
    }
    session.start(info, notices);

    let captures = contract.as_ref().map(|contract| session::captures(contract, &scopes)).unwrap_or_default();
    let options = RunOptions {
        timeout: args.ending.timeout.flatten().map(Duration::from_millis),
        files,
        bail: bail(&args.ending),
        loop_limit: args.ending.loop_limit,
        ..session.run_options(&args.sending, captures)
    };
    let transport = session.transport(network);
    cookies(args)?.iter().for_each(|cookie| transport.put_cookie(cookie));
    let (outcome, scopes) = runtime.block_on(async {
        session::cancel_on_signal(&session.cancel);
        let pipeline = &mut session.pipeline;
        let mut runner = Runner::new(&transport, scopes, options, |kind| {
            pipeline.emit(kind);
            Ok::<(), Infallible>(())
        })
        .with_dynamic(Dynamic::from_entropy().with_words(sandbox::invent))
        .with_scripts(Sandbox::default());
        let Ok(outcome) = runner.run(&plan).await;
        (outcome, runner.into_scopes())
    });
    if let Some(exports) = &mut session.exports {
        exports.cookies = transport.cookies();
    }
    let stopped = match outcome {
        Outcome::Completed => Ok(()),
        Outcome::Interrupted => Err(Stop::Interrupted),
        Outcome::Unreachable(failure) => Err(Stop::Unreachable(failure)),
        Outcome::Bailed(message) => Err(Stop::Bailed(message)),
        Outcome::TimedOut(message) => Err(Stop::TimedOut(message)),
    };
    Ok(session.end(stopped, &scopes))
}

/// The cookies to begin with.
fn cookies(args: &RunArgs) -> Result<Vec<ScriptCookie>, Failure> {
    let Some(path) = &args.cookie_jar else { return Ok(Vec::new()) };
    let failure = |cause: String| {
        Failure::new(Exit::Input, format!("cannot read cookie jar `{}`", path.display()))
            .cause(cause)
            .hint("--export-cookie-jar writes one")
    };
    let text = std::fs::read_to_string(path).map_err(|error| failure(input::io_text(&error.to_string())))?;
    read_cookie_jar(&text).map_err(|error| failure(error.to_string()))
}

/// Where requests may take files from.
fn files(args: &RunArgs) -> Result<FileAccess, Failure> {
    let root = args.working_dir.as_deref().unwrap_or(Path::new("."));
    if !root.is_dir() {
        return Err(Failure::new(
            Exit::Usage,
            format!("cannot use the working directory `{}`", root.display()),
        )
        .cause("there is no such folder")
        .hint("--working-dir names the folder that the paths of files in the collection start at"));
    }
    Ok(FileAccess::new(root, !args.no_insecure_file_read))
}

fn bail(ending: &EndingArgs) -> Bail {
    let on = |what| ending.bail.contains(&what);
    Bail { on_failure: on(BailOn::Failure), on_error: on(BailOn::Folder) }
}

/// The contract of the command line, else the collection's own.
fn contract(args: &RunArgs, collection: &Collection) -> Result<Option<Arc<Contract>>, Failure> {
    if args.no_contract {
        return Ok(None);
    }
    let own = || collection.variables.get(CONTRACT_VARIABLE)?.as_str().filter(|name| !name.is_empty());
    match args.contract.as_deref().or_else(own) {
        Some(name) => input::contract(name).map(Some),
        None => Ok(None),
    }
}
