//! From the words typed to [`Args`]: newman's reporter options, clap, and what settings files add.

use super::args::{Args, ConformArgs, RunArgs};
use super::argv;
use super::failure::Failure;
use super::rc::Rc;
use super::{input, usage};
use clap::{
    Arg, ArgAction, ArgMatches, Args as _, Command, CommandFactory as _, FromArgMatches as _, Parser as _,
};
use postproof::diagnostic::{Warning, WarningCode};
use postproof::report::REPORTERS;
use std::ffi::OsString;

/// A command line that was understood.
pub(crate) struct CommandLine {
    /// What it says.
    pub(crate) args: Args,
    /// What of it was left out of account, for the reports.
    pub(crate) notices: Vec<Warning>,
}

/// A command line that runs no command.
pub(crate) enum Stop {
    /// Help or version was asked for.
    Display(clap::Error),
    /// Nothing was asked for: help, as for a mistake.
    Nothing(clap::Error),
    /// A mistake.
    Mistake(Failure),
}

impl From<clap::Error> for Stop {
    fn from(error: clap::Error) -> Self {
        match error.kind() {
            _ if !error.use_stderr() => Self::Display(error),
            clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Self::Nothing(error),
            _ => Self::Mistake(usage::failure(&error)),
        }
    }
}

/// Reads a command line, program name first.
pub(crate) fn parse(words: Vec<OsString>) -> Result<CommandLine, Stop> {
    // Built by themselves: clap builds the commands that were not asked for only when it must.
    let options = match words.get(1).and_then(|word| word.to_str()) {
        Some("run") => Some(RunArgs::augment_args(Command::new("run"))),
        Some("conform") => Some(ConformArgs::augment_args(Command::new("conform"))),
        _ => None,
    };
    let Some(options) = options else {
        let args = Args::try_parse_from(words)?;
        return Ok(CommandLine { args, notices: Vec::new() });
    };
    let split = argv::split(words, &options);
    let mut notices: Vec<Warning> = split.foreign.iter().map(|name| ignored(name, &options)).collect();
    notices.extend(repeated(&split.args, &options));
    let mut matches = Args::command().try_get_matches_from(&split.args)?;
    if let Some(("run", given)) = matches.subcommand() {
        let rc = Rc::read().map_err(Stop::Mistake)?;
        if let Some(with_rc) = with_rc(&options, &rc, given, split.args, &mut notices)? {
            matches = with_rc;
        }
    }
    Ok(CommandLine { args: Args::from_arg_matches(&matches)?, notices })
}

/// The command line with what settings files say and it does not; none where they say nothing.
fn with_rc(
    run: &Command,
    rc: &Rc,
    given: &ArgMatches,
    mut args: Vec<OsString>,
    notices: &mut Vec<Warning>,
) -> Result<Option<ArgMatches>, Stop> {
    let extra = rc.arguments(run, given).map_err(Stop::Mistake)?;
    notices.extend(extra.notices);
    if extra.before.is_empty() && extra.after.is_empty() {
        return Ok(None);
    }
    let end = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    args.splice(end..end, extra.after);
    // Behind the program's and the command's name.
    args.splice(2..2, extra.before);
    let read = Args::command().try_get_matches_from(args);
    read.map(Some).map_err(|error| Stop::Mistake(rc.refuse(&usage::cause(&error))))
}

/// Options that take one value and are given several: the last one counts.
fn repeated(words: &[OsString], options: &Command) -> Vec<Warning> {
    let options = options.get_arguments().filter(|arg| matches!(arg.get_action(), ArgAction::Set));
    let times = |arg: &Arg| {
        let long = arg.get_long().map(|long| format!("--{long}"));
        let short = arg.get_short().map(|short| format!("-{short}"));
        let is_it = |word: &&OsString| {
            let word = word.to_string_lossy();
            let name = word.split('=').next();
            long.as_deref().is_some_and(|long| name == Some(long)) || short.as_deref() == Some(&*word)
        };
        words.iter().take_while(|word| *word != "--").filter(is_it).count()
    };
    let several =
        options.filter_map(|arg| Some((arg.get_long()?, times(arg))).filter(|(_, times)| *times > 1));
    several
        .map(|(long, times)| {
            let message = format!("--{long} is given {times} times: the last one counts");
            Warning::new(WarningCode::OptionIgnored, message)
        })
        .collect()
}

/// A reporter option that no reporter of ours has.
fn ignored(name: &str, options: &Command) -> Warning {
    let warning = Warning::new(WarningCode::OptionIgnored, format!("no reporter has the option {name}"));
    let reporter = name.trim_start_matches("--reporter-").split('-').next().unwrap_or_default();
    if !REPORTERS.iter().any(|ours| ours.name == reporter) {
        return warning.hint("it belongs to a reporter that there is not; it changes nothing");
    }
    let known =
        options.get_arguments().filter_map(clap::Arg::get_long).filter(|long| long.starts_with("reporter-"));
    warning.hint(
        input::did_you_mean(name.trim_start_matches('-'), known)
            .unwrap_or_else(|| "postproof run --help lists the options there are".to_owned()),
    )
}
