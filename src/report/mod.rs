//! Reports: consumers of [`RunEvent`] and nothing else.
//!
//! A reporter is a pure function of its options and the events: it reads no clock, no environment and no
//! terminal, so a report rebuilt from a recording is the same byte for byte. Counts come from the events.

mod annotations;
mod cli;
mod curl;
mod desk;
mod ending;
mod evidence;
mod failure;
mod findings;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod ndjson;
mod sarif;
mod sink;
mod suites;
mod tap;
mod teamcity;
mod text;
mod url;
mod warnings;

pub use annotations::AnnotationReporter;
pub use cli::{Assertions, CliOptions, CliReporter};
pub use desk::{Desk, Written};
pub use evidence::EvidenceReporter;
pub use gitlab::GitLabReporter;
pub use html::HtmlReporter;
pub use json::JsonReporter;
pub use junit::{JunitDialect, JunitReporter};
pub use markdown::MarkdownReporter;
pub use ndjson::NdjsonReporter;
pub use sarif::SarifReporter;
pub use tap::TapReporter;
pub use teamcity::TeamCityReporter;

use crate::event::RunEvent;
use sink::Output;
pub use sink::WholeFile;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The file could not be created or written.
    #[error("cannot write report `{}`", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The stream ended.
    #[error("cannot write to standard output")]
    Stdout(#[source] std::io::Error),
    /// What an event holds cannot be written in the report's format.
    #[error("cannot encode the report")]
    Encode(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No reporter has that name.
    #[error("unknown reporter `{name}`")]
    Unknown {
        /// The name asked for.
        name: String,
    },
}

/// A file a reporter wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Which reporter: `junit`, `json`, …
    pub reporter: &'static str,
    /// Where.
    pub path: PathBuf,
}

impl Artifact {
    /// The one file of a reporter, or none when it wrote to a stream.
    fn of(reporter: &'static str, path: Option<&Path>) -> Vec<Self> {
        path.map(|path| Self { reporter, path: path.to_owned() }).into_iter().collect()
    }
}

/// A report in the making. Sees every event in order, masked; writes as it goes.
pub trait Reporter: Send {
    /// One event. An error here stops this reporter only; the run goes on and ends with exit 4.
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError>;

    /// Hands on what is written as it comes, where events pause: a system call a line would cost more than the line.
    fn flush(&mut self) -> Result<(), ReportError> {
        Ok(())
    }

    /// After the last event: completes the file.
    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError>;
}

/// One reporter, as users name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReporterInfo {
    /// Its name: `-r NAME`.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub about: &'static str,
    /// Where it writes unless told otherwise; `None`: to the standard output.
    pub default_file: Option<&'static str>,
}

/// Every reporter there is.
pub const REPORTERS: &[ReporterInfo] = &[
    ReporterInfo { name: "cli", about: "the console, live, and a summary", default_file: None },
    ReporterInfo {
        name: "json",
        about: "newman's JSON, with conformance and warnings",
        default_file: Some("reports/report.json"),
    },
    ReporterInfo {
        name: "junit",
        about: "JUnit XML, a testcase per assertion and per check",
        default_file: Some("reports/junit.xml"),
    },
    ReporterInfo {
        name: "html",
        about: "one page to read: verdict first, then every execution; needs no network and no JavaScript",
        default_file: Some("reports/report.html"),
    },
    ReporterInfo {
        name: "ndjson",
        about: "the recording: every event as a line of JSON",
        default_file: Some("reports/events.ndjson"),
    },
    ReporterInfo {
        name: "evidence",
        about: "a folder: verdicts with the exchanges behind them, the same for identical runs",
        default_file: Some("reports/evidence"),
    },
    ReporterInfo {
        name: "markdown",
        about: "a summary for merge requests and job pages",
        default_file: Some("reports/summary.md"),
    },
    ReporterInfo {
        name: "tap",
        about: "TAP 14, the Test Anything Protocol",
        default_file: Some("reports/report.tap"),
    },
    ReporterInfo {
        name: "sarif",
        about: "SARIF 2.1.0, for code scanning",
        default_file: Some("reports/report.sarif"),
    },
    ReporterInfo {
        name: "gitlab",
        about: "GitLab's code quality report",
        default_file: Some("reports/gl-code-quality-report.json"),
    },
    ReporterInfo {
        name: "github",
        about: "GitHub's annotations, on the standard output",
        default_file: None,
    },
    ReporterInfo {
        name: "azure",
        about: "Azure Pipelines' issues, on the standard output",
        default_file: None,
    },
    ReporterInfo {
        name: "teamcity",
        about: "TeamCity's service messages, on the standard output",
        default_file: None,
    },
];

/// How reports are to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportOptions {
    /// The file to write instead of the reporter's own; `-` is the standard output (not for what is written whole).
    pub export: Option<PathBuf>,
    /// For `markdown`: add to what the file holds.
    pub append: bool,
    /// For `cli`.
    pub cli: CliOptions,
    /// For `junit`.
    pub junit: JunitDialect,
    /// For `json`: repeat bodies as newman's arrays of integers too.
    pub newman_streams: bool,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self {
            export: None,
            append: false,
            cli: CliOptions::default(),
            junit: JunitDialect::Full,
            newman_streams: true,
        }
    }
}

/// Makes the reporter of that name and opens its file, parent directories included, so that a report that cannot
/// be written is known before anything is sent. `stdout` is used by reporters that write to a stream.
///
/// # Errors
/// [`ReportError::Unknown`] for a name that is not in [`REPORTERS`], [`ReportError::Write`] for the file.
pub fn create(
    name: &str,
    options: &ReportOptions,
    stdout: Box<dyn Write + Send>,
) -> Result<Box<dyn Reporter + Send>, ReportError> {
    let Some(info) = REPORTERS.iter().find(|info| info.name == name) else {
        return Err(ReportError::Unknown { name: name.to_owned() });
    };
    let path = options.export.as_deref().or(info.default_file.map(Path::new));
    let output = || match path {
        Some(path) if path != Path::new("-") => Output::file(path, options.append),
        _ => Ok(Output::stream(stdout)),
    };
    let whole_file = || match path {
        Some(path) if path != Path::new("-") => WholeFile::create(path),
        _ => Err(ReportError::Write {
            path: "-".into(),
            source: std::io::Error::other("this report is a file, it cannot go to the standard output"),
        }),
    };
    Ok(match info.name {
        "json" => Box::new(JsonReporter::new(whole_file()?, options.newman_streams)),
        "evidence" => Box::new(EvidenceReporter::new(path.unwrap_or(Path::new("reports/evidence")))?),
        "junit" => Box::new(JunitReporter::new(whole_file()?, options.junit)),
        "html" => Box::new(HtmlReporter::new(whole_file()?)?),
        "ndjson" => Box::new(NdjsonReporter::new(output()?)),
        "markdown" => Box::new(MarkdownReporter::new(output()?)),
        "tap" => Box::new(TapReporter::new(output()?)),
        "sarif" => Box::new(SarifReporter::new(whole_file()?)),
        "gitlab" => Box::new(GitLabReporter::new(whole_file()?)),
        "github" => Box::new(AnnotationReporter::new(output()?, annotations::Dialect::GitHub)),
        "azure" => Box::new(AnnotationReporter::new(output()?, annotations::Dialect::Azure)),
        "teamcity" => Box::new(TeamCityReporter::new(output()?)),
        _ => Box::new(CliReporter::new(output()?, options.cli)),
    })
}
