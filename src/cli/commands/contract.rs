//! `postproof contract`: built-in contracts, a start for one's own, and whether a contract file is one.

use super::session;
use crate::cli::args::{ContractArgs, ContractCommand};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::source::Sources;
use crate::cli::terminal;
use postproof::collection::Collection;
use postproof::contract::{self, Contract, Fate, Refresh, Reuse};
use postproof::verdict::Level;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Checks a contract, lists the built-in ones, or prints one.
pub(super) fn contract(args: &ContractArgs) -> Result<Exit, Failure> {
    match &args.command {
        None => show(&args.name),
        Some(ContractCommand::Show { name }) => show(name),
        Some(ContractCommand::Check { contract }) => check(contract),
        Some(ContractCommand::List) => list(),
        Some(ContractCommand::Init { collection, output, postman_api_key, network }) => {
            let runtime = session::runtime()?;
            let sources = Sources::new(&runtime, network, postman_api_key.as_deref());
            init(&sources.collection(collection)?, output.as_deref())
        }
    }
}

/// Writes a contract that is guessed from a collection; what it rests on is told on standard error.
fn init(collection: &Collection, output: Option<&Path>) -> Result<Exit, Failure> {
    let id =
        slug(output.and_then(Path::file_stem).and_then(|stem| stem.to_str()).unwrap_or(&collection.name));
    let starter = contract::starter(collection, &id);
    match output {
        None => terminal::out(&starter.text),
        Some(path) => {
            let mut options = std::fs::OpenOptions::new();
            let written = options
                .write(true)
                .create_new(true)
                .open(path)
                .and_then(|mut file| file.write_all(starter.text.as_bytes()));
            written.map_err(|error| {
                let failure =
                    Failure::new(Exit::NoWork, format!("cannot write contract `{}`", path.display()));
                match error.kind() {
                    std::io::ErrorKind::AlreadyExists => failure
                        .cause("there is such a file, and it is not overwritten")
                        .hint("name another one with -o, or remove it"),
                    _ => failure.cause(input::io_text(&error.to_string())),
                }
            })?;
        }
    }
    for (label, lines) in [("guessed", &starter.guessed), ("to fill in", &starter.missing)] {
        lines.iter().for_each(|line| terminal::note(&format!("{label}: {line}")));
    }
    if let Some(path) = output {
        terminal::note(&format!("next: postproof contract check {}", path.display()));
    }
    Ok(Exit::Passed)
}

/// A name as ids are written.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word.to_ascii_lowercase());
    }
    if slug.is_empty() { "mine".to_owned() } else { slug }
}

fn show(name: &str) -> Result<Exit, Failure> {
    let Some(text) = contract::builtin_text(name) else {
        let names: Vec<&str> = contract::builtin_names().collect();
        let hint = input::did_you_mean(name, names.iter().copied());
        return Err(Failure::new(Exit::Usage, format!("unknown contract `{name}`"))
            .cause("no built-in contract has that name")
            .hint(hint.unwrap_or_else(|| format!("built in: {}", names.join(", ")))));
    };
    terminal::out(text);
    Ok(Exit::Passed)
}

fn list() -> Result<Exit, Failure> {
    let names: Vec<&str> = contract::builtin_names().collect();
    let width = names.iter().map(|name| name.len()).max().unwrap_or_default();
    for name in names {
        terminal::out(&format!("{name:width$}  {}\n", input::contract(name)?.title));
    }
    Ok(Exit::Passed)
}

fn check(name: &str) -> Result<Exit, Failure> {
    let contract = input::contract(name)?;
    let mut out = format!("{name}: contract `{}`, {}\n", contract.id, contract.title);
    let mut line = |label: &str, text: String| {
        let _ = writeln!(out, "  {label:10} {text}");
    };
    for login in &contract.login {
        let steps = login.step.iter().map(|step| format!("{} {}", step.request.method, step.request.path));
        line("login", format!("{}: {}", login.id, steps.collect::<Vec<_>>().join(", ")));
    }
    let carriers: Vec<String> = contract.refresh_carriers().iter().map(ToString::to_string).collect();
    let redeem = &contract.redeem.request;
    line("redeem", format!("{} {}, the token as {}", redeem.method, redeem.path, carriers.join(" or ")));
    line("reuse", reuse(contract.rotation.reuse));
    line("checks", levels(&contract));
    let needs = contract.names();
    line("variables", if needs.is_empty() { "none".to_owned() } else { needs.join(", ") });
    for (what, why) in untested(&contract) {
        line("untested", format!("{what}: {why}"));
    }
    terminal::out(&out);
    Ok(Exit::Passed)
}

fn reuse(reuse: Reuse) -> String {
    match reuse {
        Reuse::Refused => "a used token is refused".to_owned(),
        Reuse::Allowed => "a token may be used again".to_owned(),
        Reuse::Grace(seconds) => format!("a used token lives on for {seconds} s"),
        Reuse::Idempotent(seconds) => format!("a used token brings the same successor for {seconds} s"),
    }
}

fn levels(contract: &Contract) -> String {
    let of = |level| contract.checks.values().filter(|terms| terms.level == level).count();
    let (must, should, observe) = (of(Level::Must), of(Level::Should), of(Level::Observe));
    format!("{}: {must} MUST, {should} SHOULD, {observe} OBSERVE", contract.checks.len())
}

/// What a contract leaves untested, and which part of it would say how.
fn untested(contract: &Contract) -> Vec<(&'static str, &'static str)> {
    let enabled = || contract.client.iter().filter(|client| client.refresh == Refresh::Enabled);
    let control = contract.subject.as_ref();
    let after = contract.rotation.after_replay;
    [
        (
            enabled().all(|client| client.refresh_lifetime.is_none()),
            "expired tokens",
            "no [[client]] has `refresh-lifetime`",
        ),
        (
            control.is_none_or(|control| control.disable.is_empty()),
            "disabled subjects",
            "no [subject] with `disable` and `enable`",
        ),
        (enabled().count() < 2, "another client's tokens", "no second [[client]]"),
        (
            contract.login.iter().all(|login| login.protected.is_none()),
            "whether access tokens work",
            "no [protected]",
        ),
        (contract.errors.row.is_empty(), "the documented refusals", "no [[errors.row]]"),
        (
            contract.rotation.reuse != Reuse::Allowed && after.successor == Fate::Unspecified,
            "what a replay does to the newest token",
            "[rotation] has no `after-replay`; it is recorded",
        ),
    ]
    .into_iter()
    .filter(|(untested, ..)| *untested)
    .map(|(_, what, why)| (what, why))
    .collect()
}
