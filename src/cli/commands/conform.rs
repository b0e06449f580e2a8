//! `postproof conform`: probes an API for a contract, the embedded server's where none is named.

use super::counterexample;
use super::driver::{LIMIT, RunnerDriver, SILENT, Violations};
use super::safety::{Limits, Plan};
use super::session::{self, Session, Stop};
use super::targets;
use crate::cli::args::{ConformArgs, SendingArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::network;
use crate::cli::source::Sources;
use crate::cli::terminal;
use postproof::conformance::probe::{self, ProbeReport, Probed};
use postproof::conformance::registry;
use postproof::contract::Contract;
use postproof::diagnostic::{Warning, WarningCode};
use postproof::environment::{self, Kind};
use postproof::event::{Cursor, ErrorInfo, EventKind};
use postproof::pipeline::Pipeline;
use postproof::runner::{Captures, FileAccess, RunOptions, Runner};
use postproof::server::{self, FaultName};
use postproof::transport::{Network, Proxies};
use postproof::variable::{Dynamic, Resolver, Scopes, VariableScope};
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// Variables of the embedded server's applications and subjects.
const LOCAL: &str = include_str!("../../../environments/local.postman_environment.json");
const LOCAL_FILE: &str = "environments/local.postman_environment.json";

/// Probes an API for a contract.
pub(super) fn conform(args: &ConformArgs, mut notices: Vec<Warning>) -> Result<Exit, Failure> {
    let contract = input::contract(&args.contract)?;
    let faults = input::fault_names(&args.fault)?;
    let mut network = network::network(&args.sending.network, FileAccess::default())?;
    let runtime = session::runtime()?;
    let mut environment = VariableScope::default();
    let mut notes = Vec::new();
    if args.scopes.environment.is_none() {
        environment = environment::parse(LOCAL_FILE, LOCAL.as_bytes(), Kind::Environment)
            .map_err(|error| input::input_failure(&error))?;
        // No proxy could reach a server inside this process.
        network.proxies = Proxies::none();
        environment.set("baseUrl", runtime.block_on(embedded(&faults))?);
        let names: Vec<String> = faults.iter().map(ToString::to_string).collect();
        notes.push(match names.as_slice() {
            [] => "embedded reference server".to_owned(),
            names => format!("embedded reference server with faults: {}", names.join(", ")),
        });
    }
    input::read_stdin_once(&[args.scopes.environment.as_deref(), args.scopes.globals.as_deref()])?;
    let sources = Sources::new(&runtime, &args.sending.network, args.scopes.postman_api_key.as_deref());
    let scopes = session::with_defaults(&contract, input::scopes(&args.scopes, &sources, environment)?);
    notices.extend(input::valueless(&args.scopes));
    let target = target(&contract, &scopes)?;
    notes.insert(0, format!("target {target}"));
    let limits = Limits::of(&args.exploring, &contract)?;
    notes.extend(limits.told());
    let plan = Plan::of(&args.exploring, &targets::elsewhere(&contract, &scopes, &target))?;
    notes.extend(plan.told());
    let collection =
        args.exploring.counterexample.as_deref().map(counterexample::Output::open).transpose()?;
    let reporters = ["cli", "json", "junit", "ndjson"];
    let mut session = Session::new(&args.reports, &args.judging, &reporters, Some(&contract), &scopes)?;
    let mut info = session.info(&contract.title, Some(&contract));
    info.notes = notes;
    info.target = Some(target);
    session.start(info, notices);

    let job = Job { args, contract: &contract, limits, plan };
    let (stopped, scopes) = runtime.block_on(probe(&job, collection, network, scopes, &mut session));
    Ok(session.end(stopped, &scopes))
}

/// What is to be done.
struct Job<'a> {
    args: &'a ConformArgs,
    contract: &'a Arc<Contract>,
    limits: Limits,
    plan: Plan,
}

async fn probe(
    job: &Job<'_>,
    collection: Option<counterexample::Output>,
    network: Network,
    scopes: Scopes,
    session: &mut Session,
) -> (Result<(), Stop>, Scopes) {
    let Job { args, contract, limits, plan } = job;
    session::cancel_on_signal(&session.cancel);
    let bindings = session::bindings(contract, &scopes);
    let known = scopes.clone();
    let is_set = move |name: &str| {
        known.get(name).is_some_and(|value| !matches!(value.as_str(), Some("")) && !value.is_null())
    };
    // Probes say which token they present: nothing is captured.
    let options = RunOptions {
        limit_request: limit(&args.sending),
        ..session.run_options(&args.sending, Captures::default())
    };
    let transport = session.transport(network);
    let cancel = session.cancel.clone();
    let pipeline = &mut session.pipeline;
    let cursor = Cursor { position: 0, length: 0, iteration: 0, cycles: 1 };
    pipeline.emit(EventKind::IterationStarted { cursor, data: None });
    let violations = Violations::default();
    let published = Rc::clone(&violations);
    let exploring = matches!(plan, Plan::Walk(_));
    let runner = Runner::new(transport, scopes, options, |kind| {
        let answered = matches!(kind, EventKind::RequestFinished { .. });
        pipeline.emit(kind);
        if exploring && answered {
            *published.borrow_mut() = pipeline.violations();
        }
        Ok::<(), Infallible>(())
    });
    let delay = args.sending.delay_request.map(Duration::from_millis);
    let mut driver = RunnerDriver::new(runner, cancel, delay, limits.clone(), violations);
    let probed = match plan {
        Plan::Probes { no_storms } => {
            probe::run(contract, &bindings, &is_set, &mut driver, no_storms.as_deref()).await
        }
        Plan::Walk(walk) => probe::explore(contract, &bindings, &is_set, &mut driver, *walk).await,
    };
    let Probed { report, found, ended } = probed;
    let scopes = driver.into_scopes();
    pipeline.emit(EventKind::IterationFinished { cursor });
    if let Plan::Walk(walk) = plan {
        counterexample::tell(pipeline, *walk, &found);
        if let Some(output) = collection {
            let reproduction =
                counterexample::Reproduction { contract, bindings: &bindings, scopes: &scopes };
            counterexample::write(&reproduction, pipeline, output, &found);
        }
    }
    for message in &report.not_undone {
        terminal::failure(
            &Failure::new(Exit::NoWork, "a subject could not be given back what was taken from it")
                .cause(pipeline.mask(message)),
        );
        let error = ErrorInfo::new("NotUndone", message.as_str());
        pipeline.emit(EventKind::ExceptionRaised { cursor, error });
    }
    let stopped = match (ended, &report.stopped) {
        (Ok(()), Some(reason)) => Err(Stop::NoLogin(reason.clone())),
        (ended, _) => {
            tell(pipeline, report, cursor);
            ended
        }
    };
    (cut_short(session, stopped, cursor), scopes)
}

/// What the probes and the ledger cannot say by themselves.
fn tell(pipeline: &mut Pipeline, report: ProbeReport, cursor: Cursor) {
    for (checks, reason) in &report.excuses {
        pipeline.excuse(checks, reason);
    }
    for message in report.left_out {
        let warning = Warning::new(WarningCode::NotConfigured, message);
        pipeline.emit(EventKind::WarningRaised { cursor: None, warning });
    }
    if let Some(walked) = report.walked {
        terminal::note(&format!("{} moves taken in {} sessions", walked.moves, walked.sessions));
    }
    let idle = report.idle.into_iter().map(|message| ErrorInfo::new("NothingWalked", message));
    let problems = report.problems.into_iter().map(|problem| ErrorInfo::new("LoginRefused", problem));
    for error in idle.chain(problems) {
        pipeline.emit(EventKind::ExceptionRaised { cursor, error });
    }
}

/// A run that was left before its end, where what ran is worth being judged all the same.
fn cut_short(session: &mut Session, stopped: Result<(), Stop>, cursor: Cursor) -> Result<(), Stop> {
    let pipeline = &mut session.pipeline;
    match stopped {
        Err(Stop::Exhausted(limit)) => {
            let message = format!("the limit of {limit} requests was reached (--max-requests)");
            pipeline.excuse(&registry::ids(), &format!("not run: {message}"));
            let warning = Warning::new(WarningCode::LimitReached, message);
            pipeline.emit(EventKind::WarningRaised { cursor: None, warning });
        }
        Err(Stop::Silent(failure)) => {
            let message = format!(
                "{SILENT} requests in a row got no answer, the last one because: {}",
                failure.message
            );
            pipeline.excuse(&registry::ids(), &format!("not run: {message}"));
            let error = ErrorInfo::new("TargetSilent", message);
            pipeline.emit(EventKind::ExceptionRaised { cursor, error });
        }
        ended => return ended,
    }
    session.cut_short();
    Ok(())
}

/// How long a probe's request may take in all: a server that says one byte a second must not hold up a gate.
fn limit(sending: &SendingArgs) -> Option<Duration> {
    sending.timeout_request.map_or(Some(LIMIT), |allowed| allowed.map(Duration::from_millis))
}

/// Starts the reference server on a free port and gives its base URL. It ends with the runtime.
async fn embedded(faults: &[FaultName]) -> Result<String, Failure> {
    let config = server::Config { faults: faults.to_vec(), ..server::Config::default() };
    let bound = server::build(config).await.map_err(|error| {
        Failure::new(Exit::NoWork, "cannot start the embedded server")
            .cause(input::io_text(&error.to_string()))
    })?;
    let base_url = format!("http://{}", bound.address());
    tokio::spawn(bound.serve(std::future::pending()));
    Ok(base_url)
}

/// The contract's base URL under these variables.
fn target(contract: &Contract, scopes: &Scopes) -> Result<String, Failure> {
    let mut dynamic = Dynamic::from_entropy();
    let base_url = Resolver::new(scopes, &mut dynamic).resolve(&contract.base_url).into_owned();
    if base_url.is_empty() || base_url.contains("<<") {
        return Err(Failure::new(Exit::Input, "cannot tell what to probe")
            .cause(format!(
                "the contract's base URL is `{}`, and no variable of that name has a value",
                contract.base_url
            ))
            .hint("set it in the environment file, or with --env-var baseUrl=http://127.0.0.1:4010"));
    }
    Ok(base_url)
}
