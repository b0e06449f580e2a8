//! clap's errors in the form of every other error: what, why, how to mend it.

use super::args::Args;
use super::exit::Exit;
use super::failure::Failure;
use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, Error};

/// A command line that makes no sense.
pub(crate) fn failure(error: &Error) -> Failure {
    Failure::new(Exit::Usage, "cannot understand the command line")
        .cause(cause(error))
        .hint(hint(error, &error.to_string()))
}

/// What clap says is wrong, on one line.
pub(crate) fn cause(error: &Error) -> String {
    let rendered = error.to_string();
    let first = rendered.split("\n\n").next().unwrap_or(&rendered);
    first.trim_start_matches("error: ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hint(error: &Error, rendered: &str) -> String {
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
            .into_iter()
            .find_map(|kind| match error.get(kind)? {
                ContextValue::String(text) => Some(text.clone()),
                ContextValue::Strings(texts) => texts.first().cloned(),
                _ => None,
            });
    if let Some(suggested) = suggested {
        return format!("did you mean `{suggested}`?");
    }
    let command = match std::env::args().nth(1) {
        Some(name) if Args::command().find_subcommand(&name).is_some() => format!("postproof {name}"),
        _ => "postproof".to_owned(),
    };
    match rendered.lines().find_map(|line| line.strip_prefix("Usage: ")) {
        Some(usage) => format!("usage: {usage}; `{command} --help` explains each option"),
        None => format!("`{command} --help` explains each option"),
    }
}
