//! newman's reporter options, before clap sees them: any reporter, any option, with a value or without.

use clap::{Arg, Command};
use std::ffi::OsString;

/// What reporter options begin with.
const PREFIX: &str = "--reporter-";

/// A command line that clap can read, and what was taken out of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Argv {
    /// For clap.
    pub(crate) args: Vec<OsString>,
    /// Reporter options that no reporter of ours has, as typed: newman's users carry them over.
    pub(crate) foreign: Vec<String>,
}

/// Takes reporter options out of a command line that clap would refuse, and spells the others as clap knows them.
///
/// As in newman an option may be written in camel case, and its value is the next word unless that begins with `-`.
pub(crate) fn split(args: Vec<OsString>, command: &Command) -> Argv {
    let mut split = Argv { args: Vec::new(), foreign: Vec::new() };
    let mut rest = args.into_iter().peekable();
    while let Some(arg) = rest.next() {
        if arg == "--" {
            split.args.push(arg);
            split.args.extend(rest);
            break;
        }
        let Some(typed) = arg.to_str().filter(|text| text.starts_with(PREFIX)) else {
            split.args.push(arg);
            continue;
        };
        let (name, value) = match typed.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (typed, None),
        };
        let name = kebab(name);
        match find(command, name.trim_start_matches('-')) {
            Some(known) if known.get_action().takes_values() => {
                let value = value.map(|value| format!("={value}")).unwrap_or_default();
                split.args.push(format!("{name}{value}").into());
            }
            Some(_) => {
                let is_switch = |word: &OsString| word == "true" || word == "false";
                let next = || rest.next_if(is_switch).and_then(|word| word.into_string().ok());
                if value.map(str::to_owned).or_else(next).as_deref() != Some("false") {
                    split.args.push(name.into());
                }
            }
            None => {
                if value.is_none() {
                    rest.next_if(|word| !word.to_string_lossy().starts_with('-'));
                }
                split.foreign.push(name);
            }
        }
    }
    split
}

/// The argument of that long name, aliases included.
pub(crate) fn find<'c>(command: &'c Command, long: &str) -> Option<&'c Arg> {
    command.get_arguments().find(|arg| {
        arg.get_long() == Some(long) || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&long))
    })
}

/// `noSummary` as `no-summary`.
pub(crate) fn kebab(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// `no-summary` as `noSummary`.
pub(crate) fn camel(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |out, word| {
        let mut letters = word.chars();
        out + &letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::RunArgs;
    use clap::Args as _;

    #[test]
    fn reporter_options_are_taken_as_newman_takes_them() {
        let run = &RunArgs::augment_args(Command::new("run"));
        for (typed, args, foreign) in [
            ("run c.json -r cli", "run c.json -r cli", ""),
            ("--reporter-junit-export x.xml c", "--reporter-junit-export x.xml c", ""),
            ("--reporter-junit-export=x.xml c", "--reporter-junit-export=x.xml c", ""),
            ("--reporter-cli-no-summary c", "--reporter-cli-no-summary c", ""),
            ("--reporter-cli-noSummary c", "--reporter-cli-no-summary c", ""),
            ("--reporter-cli-no-summary true c", "--reporter-cli-no-summary c", ""),
            ("--reporter-cli-no-summary=false c", "c", ""),
            ("--reporter-no-summary c", "--reporter-no-summary c", ""),
            ("c --reporter-htmlextra-title Nightly -n 2", "c -n 2", "--reporter-htmlextra-title"),
            (
                "c --reporter-htmlextra-darkTheme --reporter-x=1 -n 2",
                "c -n 2",
                "--reporter-htmlextra-dark-theme --reporter-x",
            ),
            ("c -- --reporter-x y", "c -- --reporter-x y", ""),
            ("--reporters cli", "--reporters cli", ""),
        ] {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let split = split(words(typed).into_iter().map(OsString::from).collect(), run);
            let got: Vec<String> = split.args.into_iter().map(|arg| arg.into_string().unwrap()).collect();
            assert_eq!((got, split.foreign), (words(args), words(foreign)), "{typed}");
        }
    }
}
