//! What `run` and `conform` have in common: a runtime, a pipeline, an interrupt, and how it all ends.

use crate::cli::args::{JudgingArgs, ReportArgs, SendingArgs};
use crate::cli::ci::Ci;
use crate::cli::exit::Exit;
use crate::cli::exports::Exports;
use crate::cli::failure::Failure;
use crate::cli::{judging, rerun, settings, terminal};
use postproof::conformance::{self, Bindings, Gate, Ledger};
use postproof::contract::Contract;
use postproof::diagnostic::{Warning, WarningCode};
use postproof::event::{AbortReason, EventKind, RunInfo};
use postproof::exchange::TransportFailure;
use postproof::pipeline::Pipeline;
use postproof::redact::Redactor;
use postproof::runner::{Cancel, CapturedValue, Captures, RunOptions};
use postproof::summary::Stats;
use postproof::transport::{HttpTransport, Network};
use postproof::variable::{Dynamic, Resolver, Scopes};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use time::OffsetDateTime;

/// Why a run ended before its plan did.
#[derive(Debug)]
pub(super) enum Stop {
    /// Ctrl-C.
    Interrupted,
    /// The target cannot be reached.
    Unreachable(TransportFailure),
    /// The target has stopped answering.
    Silent(TransportFailure),
    /// So many requests were allowed, and sent.
    Exhausted(u64),
    /// No login can be used.
    NoLogin(String),
    /// A failure ended it (`--bail`).
    Bailed(String),
    /// The time allowed for it was over (`--timeout`).
    TimedOut(String),
}

/// A run from its first event to its exit code.
pub(super) struct Session {
    pub(super) pipeline: Pipeline,
    pub(super) cancel: Cancel,
    pub(super) clock: Instant,
    /// What is written for the next run.
    pub(super) exports: Option<Exports>,
    epoch_ms: f64,
    strict: bool,
    suppress_exit: bool,
    has_ledger: bool,
    gate: bool,
    ci: Ci,
    /// The plan was left before its end; what ran is judged all the same.
    cut_short: bool,
}

impl Session {
    /// Opens the reports and readies the judge. The run's clock starts here.
    pub(super) fn new(
        reports: &ReportArgs,
        judging: &JudgingArgs,
        default_reporters: &[&str],
        contract: Option<&Arc<Contract>>,
        scopes: &Scopes,
    ) -> Result<Self, Failure> {
        let mut redactor = if reports.show_secrets { Redactor::disabled() } else { Redactor::new() };
        redactor.learn_scopes(scopes);
        let default_reporters: Vec<&str> =
            default_reporters.iter().copied().filter(|name| !(judging.gate && *name == "cli")).collect();
        let epoch_ms = unix_ms();
        let expectations =
            judging::expectations(judging, contract.map(Arc::as_ref), wall_clock(epoch_ms).date())?;
        let reporters = settings::live_reporters(reports, &default_reporters)?;
        let ledger = match contract {
            None => None,
            Some(contract) => {
                let bindings = bindings(contract, scopes);
                let secrets = bindings.clients.iter().filter_map(|client| client.secret.as_deref());
                secrets.for_each(|secret| redactor.add("client-secret", secret));
                redactor.learn_scopes(&with_defaults(contract, Scopes::default()));
                let ledger = Ledger::new(Arc::clone(contract), bindings, epoch_ms);
                Some(ledger.map_err(|error| {
                    Failure::new(Exit::Input, format!("cannot use contract `{}`", contract.id))
                        .cause(error)
                        .hint("postproof checks lists the checks there are")
                })?)
            }
        };
        let command = rerun::command(&mut redactor);
        let has_ledger = ledger.is_some();
        let mut pipeline = Pipeline::new(redactor, ledger, reporters);
        pipeline.begin_with(scopes.clone(), command);
        expectations.into_iter().for_each(|expectations| pipeline.expect(expectations));
        Ok(Self {
            has_ledger,
            pipeline,
            cancel: Cancel::default(),
            clock: Instant::now(),
            exports: None,
            epoch_ms,
            strict: reports.strict,
            suppress_exit: reports.suppress_exit_code,
            gate: judging.gate,
            ci: reports.ci.resolve(),
            cut_short: false,
        })
    }

    /// What is run, as the first event tells it.
    pub(super) fn info(&self, name: &str, contract: Option<&Arc<Contract>>) -> RunInfo {
        RunInfo {
            name: name.to_owned(),
            file: None,
            tool: concat!("postproof/", env!("CARGO_PKG_VERSION")).to_owned(),
            started: rfc3339(self.epoch_ms),
            iterations: 1,
            items: None,
            contract: contract.map(|contract| contract.id.clone()),
            collection: None,
            target: None,
            inputs: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Begins: the run's first event, then what is to be said about its input.
    pub(super) fn start(&mut self, run: RunInfo, notices: Vec<Warning>) {
        self.pipeline.emit(EventKind::RunStarted { run });
        for warning in notices {
            self.pipeline.emit(EventKind::WarningRaised { cursor: None, warning });
        }
    }

    /// A transport on the run's clock.
    pub(super) fn transport(&self, network: Network) -> HttpTransport {
        HttpTransport::new(self.clock).with_network(network)
    }

    /// How requests are sent, and what is captured from their answers.
    pub(super) fn run_options(&self, sending: &SendingArgs, captures: Captures) -> RunOptions {
        RunOptions {
            timeout_request: sending.timeout_request.flatten().map(Duration::from_millis),
            ignore_redirects: sending.ignore_redirects,
            max_response_size: sending.max_response_size,
            timeout_script: sending.timeout_script.flatten().map(Duration::from_millis),
            delay_request: Duration::from_millis(sending.delay_request.unwrap_or(0)),
            insecure: sending.network.insecure,
            captures,
            cancel: self.cancel.clone(),
            ..RunOptions::default()
        }
    }

    /// Notes that the plan was left before its end: what was found stands, what was not found proves nothing.
    pub(super) fn cut_short(&mut self) {
        self.cut_short = true;
    }

    /// Judges what ran, completes the reports, and gives the exit code.
    pub(super) fn end(mut self, stopped: Result<(), Stop>, scopes: &Scopes) -> Exit {
        let exit = match stopped {
            Ok(()) if self.pipeline.stats().items.total == 0 => Some(self.nothing_executed()),
            Ok(()) => None,
            Err(stop) => Some(self.stopped(stop)),
        };
        let judged = self.has_ledger && exit != Some(Exit::NoWork);
        let checks = if judged { self.pipeline.conclude() } else { Vec::new() };
        self.pipeline.settle();
        let gate = self.gate.then(|| {
            let complete = exit.is_none() && !self.cut_short;
            Gate::judge(&checks, self.pipeline.stats(), complete)
        });
        if let Some(gate) = &gate {
            terminal::out(&format!("{gate}\n"));
        }
        if let Some(ci) = self.exports.as_ref().filter(|exports| exports.is_any()).map(|_| self.ci) {
            ci.mask(scopes).iter().for_each(|line| terminal::out(line));
        }
        let (exported, unwritten) = match &mut self.exports {
            Some(exports) => exports.write(scopes, &rfc3339(unix_ms())),
            None => Default::default(),
        };
        let finished = self.pipeline.finish(Some(scopes));
        for error in &finished.errors {
            terminal::failure(&settings::report_failure(error));
        }
        unwritten.iter().for_each(terminal::failure);
        finished.leaks.iter().for_each(|(path, mask)| terminal::failure(&leak(path, mask)));
        tell("reports", finished.artifacts.iter().map(|artifact| artifact.path.as_path()));
        tell("exports", exported.iter().map(PathBuf::as_path));
        let exit = exit.unwrap_or_else(|| match gate {
            _ if !unwritten.is_empty() || !finished.errors.is_empty() || !finished.leaks.is_empty() => {
                Exit::NoWork
            }
            Some(gate) => judging::gate_exit(&gate, self.strict),
            None => verdict(&finished.stats, self.strict),
        });
        match exit {
            Exit::Passed | Exit::Failed | Exit::NoWork if self.suppress_exit => Exit::Passed,
            exit => exit,
        }
    }

    /// Why the run ended before its plan did: in the reports and, for whoever reads none, on standard error.
    fn stopped(&mut self, stop: Stop) -> Exit {
        match stop {
            Stop::Interrupted => {
                let message = "interrupted; the reports hold what ran until then".to_owned();
                self.pipeline.emit(EventKind::RunAborted { reason: AbortReason::Interrupted, message });
                Exit::Interrupted
            }
            Stop::Exhausted(limit) => {
                let message = format!("the limit of {limit} requests was reached");
                self.no_work(AbortReason::Timeout, message, "--max-requests allows more")
            }
            Stop::Unreachable(failure) | Stop::Silent(failure) => {
                let hint = failure.kind.hint().unwrap_or("is the environment's base URL right?");
                self.no_work(AbortReason::Unreachable, failure.message, hint)
            }
            Stop::NoLogin(message) => {
                let hint = "fill in the environment file, or set single values with --env-var";
                self.no_work(AbortReason::NoLogin, message, hint)
            }
            Stop::Bailed(message) => {
                let message = format!("stopped at the first failure (--bail): {message}");
                self.pipeline.emit(EventKind::RunAborted { reason: AbortReason::Bail, message });
                Exit::Failed
            }
            Stop::TimedOut(message) => {
                let told = self.pipeline.mask(&message);
                self.pipeline.emit(EventKind::RunAborted { reason: AbortReason::Timeout, message });
                self.pipeline.settle();
                let hint = "--timeout allows more time for the run, --timeout-request less for each request";
                terminal::failure(&Failure::new(Exit::Failed, "the run was stopped").cause(told).hint(hint));
                Exit::Failed
            }
        }
    }

    fn nothing_executed(&mut self) -> Exit {
        let message = "nothing was executed: no request was run";
        let warning = Warning::new(WarningCode::NothingExecuted, message);
        self.pipeline.emit(EventKind::WarningRaised { cursor: None, warning });
        self.pipeline.settle();
        terminal::failure(
            &Failure::new(Exit::NoWork, "the run could not do its work")
                .cause(message)
                .hint("a collection holds its requests in `item`; does the file have any?"),
        );
        Exit::NoWork
    }

    fn no_work(&mut self, reason: AbortReason, message: String, hint: &str) -> Exit {
        let told = self.pipeline.mask(&message);
        self.pipeline.emit(EventKind::RunAborted { reason, message });
        self.pipeline.settle();
        terminal::failure(
            &Failure::new(Exit::NoWork, "the run could not do its work").cause(told).hint(hint),
        );
        Exit::NoWork
    }
}

/// A report that shows what it must not.
fn leak(path: &Path, mask: &str) -> Failure {
    Failure::new(Exit::NoWork, format!("report `{}` shows a secret", path.display()))
        .cause(format!("{mask} was shown before it was known to be one"))
        .hint("keep the file to yourself; give the variable the type `secret` in the environment, so that it is masked from the start")
}

/// Names files that were written.
fn tell<'p>(noun: &str, paths: impl Iterator<Item = &'p Path>) {
    let paths: Vec<String> = paths.map(|path| path.display().to_string()).collect();
    if !paths.is_empty() {
        terminal::note(&format!("{noun}: {}", paths.join(", ")));
    }
}

fn verdict(stats: &Stats, strict: bool) -> Exit {
    match stats.failed() || (strict && (stats.warnings > 0 || stats.checks.warn > 0)) {
        true => Exit::Failed,
        false => Exit::Passed,
    }
}

/// A single-threaded runtime; everything of a run happens on it.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::NoWork, "cannot start the runtime").cause(error))
}

/// Cancels on Ctrl-C or a termination signal. Must be called on the runtime.
pub(super) fn cancel_on_signal(cancel: &Cancel) {
    let cancel = cancel.clone();
    tokio::spawn(async move {
        interrupted().await;
        cancel.cancel();
    });
}

/// Completes on Ctrl-C or a termination signal.
pub(super) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// The variables of a run, with those a contract sets where the run says nothing else.
pub(super) fn with_defaults(contract: &Contract, mut scopes: Scopes) -> Scopes {
    for (name, value) in &contract.variables {
        if scopes.get(name).is_none() {
            scopes.globals.set(name, value.as_str());
        }
    }
    scopes
}

/// The contract's templates against these variables.
pub(super) fn bindings(contract: &Contract, scopes: &Scopes) -> Bindings {
    let mut dynamic = Dynamic::from_entropy();
    let mut scopes = with_defaults(contract, scopes.clone());
    let known = scopes.clone();
    let resolve = |template: &str, own: &[(String, Value)]| {
        scopes.local = known.local.clone();
        own.iter().for_each(|(name, value)| scopes.local.set(name, value.clone()));
        Resolver::new(&scopes, &mut dynamic).resolve(template).into_owned()
    };
    Bindings::new(contract, resolve, |name| known.get(name).cloned())
}

/// What the contract captures: tokens from every login's and redeem's answer, what steps capture, and the token a redeem
/// consumed.
pub(super) fn captures(contract: &Arc<Contract>, scopes: &Scopes) -> Captures {
    let bindings = bindings(contract, scopes);
    let contract = Arc::clone(contract);
    let names = conformance::captured_names(&contract);
    Captures::new(names, move |exchange| {
        let found = conformance::found(&contract, &bindings, exchange).into_iter();
        found.map(|found| CapturedValue { into: found.into, value: found.value }).collect()
    })
}

/// Unix time, milliseconds.
pub(super) fn unix_ms() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64() * 1000.0)
}

fn rfc3339(unix_ms: f64) -> String {
    let format = time::macros::format_description!(
        "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
    );
    wall_clock(unix_ms).format(format).unwrap_or_default()
}

fn wall_clock(unix_ms: f64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos((unix_ms * 1e6) as i128).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
