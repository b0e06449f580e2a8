//! What is written, and where.

use crate::cli::ci::Ci;
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

// Reports and the console. (A doc comment here would become the command's.)
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Reports")]
pub(crate) struct ReportArgs {
    /// Reporters, comma-separated: cli, json, junit, html, ndjson, evidence, markdown, tap, sarif, gitlab, github, azure,
    /// teamcity; without names: none
    #[arg(short, long, value_name = "NAMES", value_delimiter = ',', num_args = 0..=1, default_missing_value = "")]
    pub(crate) reporters: Option<Vec<String>>,
    /// Where the JSON report goes; a folder takes `report.json` [default: reports/report.json]
    #[arg(long, value_name = "PATH")]
    pub(crate) reporter_json_export: Option<PathBuf>,
    /// Where the JUnit report goes; a folder takes `junit.xml` [default: reports/junit.xml]
    #[arg(long, value_name = "PATH")]
    pub(crate) reporter_junit_export: Option<PathBuf>,
    /// Where the HTML report goes; a folder takes `report.html` [default: reports/report.html]
    #[arg(long, value_name = "PATH")]
    pub(crate) reporter_html_export: Option<PathBuf>,
    /// Where the NDJSON recording goes; a folder takes `events.ndjson` [default: reports/events.ndjson]
    #[arg(long, value_name = "PATH")]
    pub(crate) reporter_ndjson_export: Option<PathBuf>,
    /// Where the Markdown summary goes; a folder takes `summary.md` [default: reports/summary.md]
    #[arg(long, value_name = "PATH")]
    pub(crate) reporter_markdown_export: Option<PathBuf>,
    /// Where the TAP report goes; a folder takes `report.tap` [default: reports/report.tap]
    #[arg(long, value_name = "PATH")]
    pub(crate) reporter_tap_export: Option<PathBuf>,
    /// Where the SARIF report goes; a folder takes `report.sarif` [default: reports/report.sarif]
    #[arg(long, value_name = "PATH")]
    pub(crate) reporter_sarif_export: Option<PathBuf>,
    /// Where GitLab's report goes [default: reports/gl-code-quality-report.json]
    #[arg(long, value_name = "PATH")]
    pub(crate) reporter_gitlab_export: Option<PathBuf>,
    /// Whose schema the JUnit report is valid by
    #[arg(long, value_enum, value_name = "DIALECT", default_value_t = Dialect::Full)]
    pub(crate) junit_dialect: Dialect,
    /// Tell a CI in its own words what failed and where, beside the reports
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Ci::Auto)]
    pub(crate) ci: Ci,
    /// Write the evidence bundle to this folder: verdicts with the exchanges behind them, inputs by hash
    #[arg(long, visible_alias = "reporter-evidence-export", value_name = "FOLDER")]
    pub(crate) evidence: Option<PathBuf>,
    /// Where the one report goes that is a file
    #[arg(long, value_name = "PATH")]
    pub(crate) reporter_export: Option<PathBuf>,
    /// Show tokens, keys and passwords in every report instead of masking them
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// Warnings (unresolved variables, violated SHOULDs …) fail the run
    #[arg(long)]
    pub(crate) strict: bool,
    /// Exit 0 whatever the run came to
    #[arg(short = 'x', long)]
    pub(crate) suppress_exit_code: bool,
    #[command(flatten)]
    pub(crate) console: ConsoleArgs,
}

// How the console report looks.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Console")]
pub(crate) struct ConsoleArgs {
    /// No console report; the others are written
    #[arg(long, visible_alias = "reporter-cli-silent", alias = "reporter-silent")]
    pub(crate) silent: bool,
    /// Show headers and bodies of every exchange
    #[arg(long)]
    pub(crate) verbose: bool,
    /// Colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Plain symbols
    #[arg(long)]
    pub(crate) disable_unicode: bool,
    /// The time before each request
    #[arg(long, alias = "reporter-show-timestamps")]
    pub(crate) reporter_cli_show_timestamps: bool,
    /// No banner
    #[arg(long, alias = "reporter-no-banner")]
    pub(crate) reporter_cli_no_banner: bool,
    /// No assertions
    #[arg(long, alias = "reporter-no-assertions")]
    pub(crate) reporter_cli_no_assertions: bool,
    /// Of the assertions, only those that failed
    #[arg(long, alias = "reporter-no-success-assertions")]
    pub(crate) reporter_cli_no_success_assertions: bool,
    /// Nothing that scripts print
    #[arg(long, alias = "reporter-no-console")]
    pub(crate) reporter_cli_no_console: bool,
    /// No table of counts at the end
    #[arg(long, alias = "reporter-no-summary")]
    pub(crate) reporter_cli_no_summary: bool,
    /// No list of failures at the end
    #[arg(long, alias = "reporter-no-failures")]
    pub(crate) reporter_cli_no_failures: bool,
}

// Inputs for a next run, as this one leaves them.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Exports (they hold the real values, secrets included)")]
pub(crate) struct ExportArgs {
    /// Write the environment as the run leaves it
    #[arg(long, value_name = "PATH")]
    pub(crate) export_environment: Option<PathBuf>,
    /// Write the globals as the run leaves them
    #[arg(long, value_name = "PATH")]
    pub(crate) export_globals: Option<PathBuf>,
    /// Write the collection with its variables as the run leaves them
    #[arg(long, value_name = "PATH")]
    pub(crate) export_collection: Option<PathBuf>,
    /// Write the cookies as the run leaves them, as tough-cookie's JSON
    #[arg(long, value_name = "PATH")]
    pub(crate) export_cookie_jar: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    /// Everything: lines, properties of testcases, totals at the root
    Full,
    /// Jenkins' xUnit plugin (junit-10.xsd)
    Jenkins,
    /// Maven Surefire: one testsuite
    Surefire,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set; everywhere with FORCE_COLOR
    Auto,
    /// Always
    On,
    /// Never
    Off,
}
