//! What the command line, the environment and the terminal together mean.

use super::args::{Color, Dialect, ReportArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::input;
use super::progress::Progress;
use super::stdout::SharedStream;
use super::terminal;
use postproof::report::{self, Assertions, CliOptions, JunitDialect, REPORTERS, ReportOptions, Reporter};
use std::path::{Path, PathBuf};

/// Columns assumed where there is no terminal.
const COLUMNS: usize = 100;

/// Makes the reporters that were asked for; `default` names them where none were.
pub(crate) fn reporters(args: &ReportArgs, default: &[&str]) -> Result<Vec<Box<dyn Reporter>>, Failure> {
    let names = names(args, default);
    let stdout = SharedStream::new(Box::new(std::io::stdout()));
    names.iter().map(|name| create(name, options(args, name, &names)?, &stdout)).collect()
}

/// Makes the reporters of a run under way: those that were asked for, what the CI wants to be told, and what shows a person
/// how far it has come.
pub(crate) fn live_reporters(args: &ReportArgs, default: &[&str]) -> Result<Vec<Box<dyn Reporter>>, Failure> {
    let mut names = names(args, default);
    let ci = args.ci.resolve();
    let recorded = args.reporter_ndjson_export.as_deref() == Some(Path::new("-"));
    if let Some(name) = ci.reporter().filter(|name| !names.contains(name) && !recorded) {
        names.push(name);
    }
    let progress = if args.console.silent { None } else { Progress::new(names.contains(&"cli")) };
    let stdout = Box::new(std::io::stdout());
    let stdout = SharedStream::new(match &progress {
        Some(progress) => progress.beside(stdout),
        None => stdout,
    });
    let mut made: Vec<Box<dyn Reporter>> = Vec::new();
    for name in &names {
        made.push(create(name, options(args, name, &names)?, &stdout)?);
    }
    if let Some(summary) = ci.summary() {
        let options = ReportOptions { export: Some(summary), append: true, ..ReportOptions::default() };
        made.push(create("markdown", options, &stdout)?);
    }
    if let Some(progress) = progress {
        made.insert(0, Box::new(progress));
    }
    Ok(made)
}

fn options(args: &ReportArgs, name: &str, all: &[&str]) -> Result<ReportOptions, Failure> {
    let junit = match args.junit_dialect {
        Dialect::Full => JunitDialect::Full,
        Dialect::Jenkins => JunitDialect::Jenkins,
        Dialect::Surefire => JunitDialect::Surefire,
    };
    let export = export(args, name, all)?;
    Ok(ReportOptions { export, junit, cli: cli_options(args), ..ReportOptions::default() })
}

fn create(name: &str, options: ReportOptions, stdout: &SharedStream) -> Result<Box<dyn Reporter>, Failure> {
    let made = report::create(name, &options, Box::new(stdout.clone()));
    made.map(|reporter| reporter as Box<dyn Reporter>).map_err(|error| report_failure(&error))
}

/// The reporters asked for, each once.
fn names<'a>(args: &'a ReportArgs, default: &[&'a str]) -> Vec<&'a str> {
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
    if args.console.silent {
        names.retain(|name| *name != "cli");
    }
    let mut unique: Vec<&str> = Vec::new();
    for name in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    unique
}

fn exports(args: &ReportArgs) -> [(&'static str, &Option<PathBuf>); 9] {
    [
        ("json", &args.reporter_json_export),
        ("junit", &args.reporter_junit_export),
        ("html", &args.reporter_html_export),
        ("ndjson", &args.reporter_ndjson_export),
        ("evidence", &args.evidence),
        ("markdown", &args.reporter_markdown_export),
        ("tap", &args.reporter_tap_export),
        ("sarif", &args.reporter_sarif_export),
        ("gitlab", &args.reporter_gitlab_export),
    ]
}

/// Where the report of that name goes, if not where it goes by itself.
fn export(args: &ReportArgs, name: &str, all: &[&str]) -> Result<Option<PathBuf>, Failure> {
    let Some(default) = REPORTERS.iter().find(|info| info.name == name).and_then(|info| info.default_file)
    else {
        return Ok(None);
    };
    let own = exports(args).into_iter().find(|(n, _)| *n == name).and_then(|(_, path)| path.as_deref());
    let Some(path) = own.or(args.reporter_export.as_deref()) else { return Ok(None) };
    // The bundle is a folder: what is named is meant.
    let target = if name == "evidence" { path.to_owned() } else { placed(path, Path::new(default)) };
    let is_file =
        |other: &str| REPORTERS.iter().any(|info| info.name == other && info.default_file.is_some());
    let others = all.iter().filter(|other| **other != name && is_file(other));
    if own.is_none() && target == path && others.count() > 0 {
        return Err(Failure::new(
            Exit::Usage,
            format!("cannot write several reports to `{}`", path.display()),
        )
        .cause("--reporter-export names one file, and several reports are asked for")
        .hint("name a folder, or each report's own file: --reporter-junit-export out/junit.xml"));
    }
    Ok(Some(target))
}

/// Refuses a report that would be written over the recording it is made of.
pub(crate) fn spare(args: &ReportArgs, recording: &Path) -> Result<(), Failure> {
    let Ok(recording) = recording.canonicalize() else { return Ok(()) };
    let names = names(args, &[]);
    for name in &names {
        let default = REPORTERS.iter().find(|info| info.name == *name).and_then(|info| info.default_file);
        let target = export(args, name, &names)?.or(default.map(PathBuf::from));
        if target.and_then(|target| target.canonicalize().ok()).is_some_and(|target| target == recording) {
            return Err(Failure::new(
                Exit::Usage,
                format!("cannot write `{name}` over the recording it is made of"),
            )
            .cause(format!("both are `{}`", recording.display()))
            .hint(format!("name another file: --reporter-{name}-export PATH")));
        }
    }
    Ok(())
}

/// The file meant by a path: a folder (one that exists, or a name that ends like one) takes one of the default's name.
pub(crate) fn placed(path: &Path, default: &Path) -> PathBuf {
    let ends_as_folder = path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    match default.file_name() {
        Some(name) if ends_as_folder || path.is_dir() => path.join(name),
        _ => path.to_owned(),
    }
}

/// A report that cannot be written, or that nobody knows.
pub(crate) fn report_failure(error: &report::ReportError) -> Failure {
    match error {
        report::ReportError::Unknown { name } => {
            let names: Vec<&str> = REPORTERS.iter().map(|reporter| reporter.name).collect();
            Failure::new(Exit::Usage, format!("unknown reporter `{name}`"))
                .cause(format!("the reporters are {}", names.join(", ")))
                .hint(match (name.as_str(), input::did_you_mean(name, names)) {
                    ("progress" | "emojitrain", _) => "what shows the run on the console is `cli`".to_owned(),
                    (_, Some(close)) => close,
                    (_, None) => {
                        "newman's external reporters cannot be loaded; a report of your own can be made \
                                  from `-r ndjson`, every event as a line of JSON"
                            .to_owned()
                    }
                })
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
    let console = &args.console;
    CliOptions {
        color: color(console.color),
        unicode: !console.disable_unicode,
        width: terminal::columns().unwrap_or(COLUMNS),
        verbose: console.verbose,
        timestamps: console.reporter_cli_show_timestamps,
        banner: !console.reporter_cli_no_banner,
        assertions: match (console.reporter_cli_no_assertions, console.reporter_cli_no_success_assertions) {
            (true, _) => Assertions::None,
            (false, true) => Assertions::Failed,
            (false, false) => Assertions::All,
        },
        console: !console.reporter_cli_no_console,
        summary: !console.reporter_cli_no_summary,
        failures: !console.reporter_cli_no_failures,
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
