//! What the command line, the environment and the terminal together mean.

use super::args::{Color, ReportArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::input;
use super::terminal;
use postproof::report::{self, CliOptions, REPORTERS, ReportOptions, Reporter};
use std::path::PathBuf;

/// Columns assumed where there is no terminal.
const COLUMNS: usize = 100;

/// Makes the reporters that were asked for; `default` names them where none were.
pub(crate) fn reporters(args: &ReportArgs, default: &[&str]) -> Result<Vec<Box<dyn Reporter>>, Failure> {
    let mut names: Vec<&str> = match &args.reporters {
        Some(names) => names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect(),
        None => default.to_vec(),
    };
    for (name, export) in exports(args) {
        // Naming a report's file asks for the report.
        if export.is_some() && !names.contains(&name) {
            names.push(name);
        }
    }
    if args.silent {
        names.retain(|name| *name != "cli");
    }
    let mut made: Vec<Box<dyn Reporter>> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            continue;
        }
        let export = exports(args).into_iter().find(|(n, _)| n == name).and_then(|(_, path)| path.clone());
        let options = ReportOptions { export, cli: cli_options(args), ..ReportOptions::default() };
        let reporter =
            report::create(name, &options, Box::new(std::io::stdout())).map_err(|e| report_failure(&e))?;
        made.push(reporter);
    }
    Ok(made)
}

fn exports(args: &ReportArgs) -> [(&'static str, &Option<PathBuf>); 3] {
    [
        ("json", &args.reporter_json_export),
        ("junit", &args.reporter_junit_export),
        ("ndjson", &args.reporter_ndjson_export),
    ]
}

/// A report that cannot be written, or that nobody knows.
pub(crate) fn report_failure(error: &report::ReportError) -> Failure {
    match error {
        report::ReportError::Unknown { name } => {
            let names: Vec<&str> = REPORTERS.iter().map(|reporter| reporter.name).collect();
            Failure::new(Exit::Usage, format!("unknown reporter `{name}`"))
                .cause(format!("the reporters are {}", names.join(", ")))
                .hint(input::did_you_mean(name, names).unwrap_or_else(|| "e.g. -r cli,junit".to_owned()))
        }
        other => {
            let failure = Failure::new(Exit::NoWork, other.to_string())
                .hint("name a file in a writable folder, e.g. --reporter-junit-export reports/junit.xml");
            match std::error::Error::source(other) {
                Some(source) => failure.cause(input::io_text(&source.to_string())),
                None => failure,
            }
        }
    }
}

fn cli_options(args: &ReportArgs) -> CliOptions {
    CliOptions {
        color: color(args.color),
        unicode: !args.disable_unicode,
        width: terminal::columns().unwrap_or(COLUMNS),
        verbose: args.verbose,
    }
}

/// NO_COLOR and FORCE_COLOR by their conventions: set and not empty.
fn color(wanted: Color) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match wanted {
        Color::On => true,
        Color::Off => false,
        Color::Auto if is_set("NO_COLOR") => false,
        Color::Auto => is_set("FORCE_COLOR") || terminal::stdout_is_terminal(),
    }
}
