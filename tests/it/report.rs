//! Reports: golden files, rebuilt from recordings, and never falsely green.
//!
//! A case is a folder of `tests/cases/report/` with the recording `events.ndjson` and the reports made from it; a
//! new folder with a recording is a new case. `UPDATE=1` rewrites the reports.

mod cases;
mod consumers;
mod green;
mod html;
pub(crate) mod junit;
mod stream;

use crate::support::{compare, scratch};
use postproof::event::RunEvent;
use postproof::report::{CliOptions, JunitDialect, ReportError, ReportOptions, create};
use std::fs;
use std::path::{Path, PathBuf};

/// Every report of a golden case: file name, reporter, options.
fn golden_reports() -> Vec<(&'static str, &'static str, ReportOptions)> {
    let console = CliOptions::default();
    let cli = |cli| ReportOptions { cli, ..ReportOptions::default() };
    let junit = |junit| ReportOptions { junit, ..ReportOptions::default() };
    let plain = ReportOptions::default;
    vec![
        ("cli.txt", "cli", plain()),
        ("cli-narrow.txt", "cli", cli(CliOptions { width: 60, unicode: false, ..console })),
        ("cli-colour.txt", "cli", cli(CliOptions { color: true, verbose: true, ..console })),
        ("junit.xml", "junit", plain()),
        ("junit-jenkins.xml", "junit", junit(JunitDialect::Jenkins)),
        ("junit-surefire.xml", "junit", junit(JunitDialect::Surefire)),
        ("report.json", "json", plain()),
        ("summary.md", "markdown", plain()),
        ("report.tap", "tap", plain()),
        ("report.sarif", "sarif", plain()),
        ("gl-code-quality-report.json", "gitlab", plain()),
        ("github.txt", "github", plain()),
        ("azure.txt", "azure", plain()),
        ("teamcity.txt", "teamcity", plain()),
    ]
}

/// The report that one reporter makes of these events, which it must leave alone in `directory`.
fn render(directory: &Path, reporter: &str, cli: CliOptions, events: &[RunEvent]) -> String {
    render_with(directory, reporter, ReportOptions { cli, ..ReportOptions::default() }, events)
}

fn render_with(directory: &Path, reporter: &str, options: ReportOptions, events: &[RunEvent]) -> String {
    let path = directory.join("rendered");
    let options = ReportOptions { export: Some(path.clone()), ..options };
    let mut report = create(reporter, &options, Box::new(std::io::sink())).unwrap();
    for event in events {
        report.on_event(event).unwrap();
    }
    let artifacts = report.finish().unwrap();
    assert_eq!(artifacts.len(), 1);
    assert_eq!((artifacts[0].reporter, &artifacts[0].path), (reporter, &path));
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(path).unwrap();
    assert_eq!(fs::read_dir(directory).unwrap().count(), 0, "{reporter} leaves temporary files");
    text
}

fn recorded(ndjson: &str) -> Vec<RunEvent> {
    ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn compare_recordings(directory: &Path) {
    for (name, events) in cases::all() {
        let ndjson = render(directory, "ndjson", CliOptions::default(), &events);
        compare(&Path::new("tests/cases/report").join(name).join("events.ndjson"), &ndjson);
    }
}

#[test]
fn reports_are_as_kept() {
    let directory = scratch("report-golden");
    compare_recordings(&directory);
    let mut cases = 0;
    for case in fs::read_dir("tests/cases/report").unwrap() {
        let case = case.unwrap().path();
        let events = recorded(&fs::read_to_string(case.join("events.ndjson")).unwrap());
        for (file, reporter, options) in golden_reports() {
            compare(&case.join(file), &render_with(&directory, reporter, options, &events));
        }
        cases += 1;
    }
    assert!(cases >= 5);
}

#[test]
fn reports_rebuilt_from_the_recording_are_the_same() {
    let directory = scratch("report-replay");
    for (name, events) in cases::all() {
        let replayed = recorded(&render(&directory, "ndjson", CliOptions::default(), &events));
        assert_eq!(replayed.len(), events.len());
        let page = ("report.html", "html", ReportOptions::default());
        for (file, reporter, options) in golden_reports().into_iter().chain([page]) {
            let live = render_with(&directory, reporter, options.clone(), &events);
            assert_eq!(live, render_with(&directory, reporter, options, &replayed), "{name}/{file}");
        }
    }
}

#[test]
fn a_body_beyond_the_limit_is_reported_the_same_live_and_replayed() {
    let directory = scratch("report-large");
    let mut run = stream::Stream::new("large", 1, None);
    let body = "é".repeat(postproof::exchange::BODY_LIMIT);
    run.iteration(0).item(&[], "big", 1).answered("GET", "http://a/", 200, body).end_item().end_iteration();
    let events = run.finish();
    let replayed = recorded(&render(&directory, "ndjson", CliOptions::default(), &events));
    for (file, reporter, options) in golden_reports() {
        let live = render_with(&directory, reporter, options.clone(), &events);
        assert_eq!(live, render_with(&directory, reporter, options, &replayed), "{file}");
        assert!(live.len() < 8 * postproof::exchange::BODY_LIMIT, "{file}: {} bytes", live.len());
    }
}

#[test]
fn without_colour_and_unicode_nothing_else_is_written() {
    let directory = scratch("report-plain");
    for (name, events) in cases::all() {
        for width in [0, 30, 60, 200] {
            let cli = CliOptions { width, verbose: true, ..CliOptions::default() };
            let text = render(&directory, "cli", cli, &events);
            assert!(!text.contains('\u{1b}'), "{name} at {width}");
        }
    }
    // What is data stays as it is, so this case has none beyond ASCII.
    let ascii = CliOptions { unicode: false, ..CliOptions::default() };
    let text = render(&directory, "cli", ascii, &cases::all()[1].1);
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn lines_fit_the_terminal() {
    use unicode_width::UnicodeWidthStr as _;
    let directory = scratch("report-width");
    for (name, events) in cases::all() {
        for width in [60, 80] {
            let cli = CliOptions { width, ..CliOptions::default() };
            let text = render(&directory, "cli", cli, &events);
            // The verdict stays on one line for whoever reads the last line only.
            let verdict = text.lines().count() - 1;
            // So does what is to be copied.
            let copied =
                |line: &&str| line.trim_start().starts_with("$ curl ") || line.starts_with("run again: ");
            for line in text.lines().take(verdict).filter(|line| !copied(line)) {
                assert!(line.width() <= width, "{name} at {width}: {} columns: {line}", line.width());
                assert_eq!(line, line.trim_end(), "{name}: trailing blanks");
            }
        }
    }
}

#[test]
fn the_last_line_is_the_verdict() {
    let directory = scratch("report-verdict");
    for (name, word) in [
        ("everything", "FAIL "),
        ("clean", "PASS "),
        ("unreachable", "UNREACHABLE "),
        ("interrupted", "INTERRUPTED "),
        ("nothing", "NOTHING EXECUTED "),
    ] {
        let (_, events) = cases::all().into_iter().find(|(case, _)| *case == name).unwrap();
        let text = render(&directory, "cli", CliOptions::default(), &events);
        assert!(text.lines().last().unwrap().starts_with(word), "{name}: {text}");
    }
}

#[test]
fn an_unreachable_target_gets_no_page_of_failures() {
    let directory = scratch("report-unreachable");
    let (_, events) = cases::all().into_iter().find(|(name, _)| *name == "unreachable").unwrap();
    let text = render(&directory, "cli", CliOptions::default(), &events);
    let summary = &text[text.rfind("✗ could not connect to 127.0.0.1:4010").unwrap()..];
    assert!(!summary.contains("failures") && !summary.contains("conformance"), "{summary}");
}

#[test]
fn newman_streams_can_be_left_out() {
    let directory = scratch("report-streams");
    let path = directory.join("report.json");
    for wanted in [true, false] {
        let options =
            ReportOptions { export: Some(path.clone()), newman_streams: wanted, ..ReportOptions::default() };
        let mut report = create("json", &options, Box::new(std::io::sink())).unwrap();
        for event in &cases::all()[1].1 {
            report.on_event(event).unwrap();
        }
        report.finish().unwrap();
        let json: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let response = &json["run"]["executions"][0]["response"];
        assert_eq!(response["body"], serde_json::json!({ "text": "{}", "size": 2 }));
        let stream = serde_json::json!({ "type": "Buffer", "data": [123, 125] });
        assert_eq!(response.get("stream"), wanted.then_some(&stream));
    }
}

#[test]
fn a_report_that_cannot_be_written_is_known_before_the_run() {
    let directory = scratch("report-unwritable");
    fs::write(directory.join("file"), "kept").unwrap();
    for reporter in ["cli", "json", "junit", "ndjson"] {
        for path in [directory.clone(), directory.join("file/below")] {
            let options = ReportOptions { export: Some(path.clone()), ..ReportOptions::default() };
            let found = create(reporter, &options, Box::new(std::io::sink())).err();
            let Some(ReportError::Write { path: named, .. }) = found else {
                panic!("{reporter} to {}: {found:?}", path.display())
            };
            assert_eq!(named, path);
        }
    }
    assert_eq!(fs::read_to_string(directory.join("file")).unwrap(), "kept");
    let unknown = create("htmlextra", &ReportOptions::default(), Box::new(std::io::sink())).err();
    assert_eq!(unknown.unwrap().to_string(), "unknown reporter `htmlextra`");
}

#[test]
fn an_unfinished_report_leaves_the_last_one_alone() {
    let directory = scratch("report-dropped");
    for reporter in ["json", "junit"] {
        let path = directory.join("parent").join(reporter);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "the last run's").unwrap();
        let options = ReportOptions { export: Some(path.clone()), ..ReportOptions::default() };
        let mut report = create(reporter, &options, Box::new(std::io::sink())).unwrap();
        report.on_event(&cases::all()[0].1[0]).unwrap();
        drop(report);
        assert_eq!(fs::read_to_string(&path).unwrap(), "the last run's");
    }
    assert_eq!(fs::read_dir(directory.join("parent")).unwrap().count(), 2);
}

/// A stream that tests read afterwards, or that breaks at once.
#[derive(Clone, Default)]
struct Stream(std::sync::Arc<std::sync::Mutex<Vec<u8>>>, Option<std::io::ErrorKind>);

impl std::io::Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(broken) = self.1 {
            return Err(broken.into());
        }
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_console_and_the_recording_go_to_the_standard_output() {
    let (_, events) = cases::all().swap_remove(1);
    for (reporter, export) in [("cli", None), ("cli", Some("-")), ("ndjson", Some("-"))] {
        let stdout = Stream::default();
        let options = ReportOptions { export: export.map(PathBuf::from), ..ReportOptions::default() };
        let mut report = create(reporter, &options, Box::new(stdout.clone())).unwrap();
        for event in &events {
            report.on_event(event).unwrap();
        }
        assert_eq!(report.finish().unwrap(), [], "a stream is no artifact");
        let text = String::from_utf8(stdout.0.lock().unwrap().clone()).unwrap();
        match reporter {
            "cli" => assert!(text.contains("PASS 2 requests"), "{text}"),
            _ => assert_eq!(recorded(&text), events),
        }
        let broken = |how| {
            let stream = Stream(Default::default(), Some(how));
            create(reporter, &options, Box::new(stream)).unwrap().on_event(&events[0])
        };
        assert!(matches!(broken(std::io::ErrorKind::StorageFull), Err(ReportError::Stdout(_))));
        assert!(broken(std::io::ErrorKind::BrokenPipe).is_ok(), "who read it has seen enough");
    }
    for reporter in ["json", "junit"] {
        let options = ReportOptions { export: Some("-".into()), ..ReportOptions::default() };
        let found = create(reporter, &options, Box::new(std::io::sink())).err();
        assert!(matches!(found, Some(ReportError::Write { .. })), "{reporter}");
    }
}
