//! `postproof report`: the reports of a recording.

use crate::cli::args::RebuildArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::{input, settings, terminal};
use postproof::event::{EventKind, RunEvent};
use postproof::report::{ReportError, Reporter};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Makes the reports that are asked for; the console's where none is.
pub(super) fn report(args: &RebuildArgs) -> Result<Exit, Failure> {
    let name = args.events.display().to_string();
    let unreadable = |error: std::io::Error| {
        Failure::new(Exit::Input, format!("cannot read recording `{name}`"))
            .cause(input::io_text(&error.to_string()))
            .hint("a recording is what -r ndjson writes: reports/events.ndjson")
    };
    let piped = args.events == Path::new("-");
    let mut lines: Box<dyn BufRead> = match piped {
        true => Box::new(std::io::stdin().lock()),
        false => Box::new(BufReader::new(File::open(&args.events).map_err(unreadable)?)),
    };
    // The first event is looked at before any report is opened: what is no recording overwrites nothing.
    let mut next = event(&mut lines, &name, 1)?;
    if !matches!(&next, Some(RunEvent { kind: EventKind::RunStarted { .. }, .. })) {
        return Err(no_recording(&name, 1, "its first line is not the start of a run"));
    }
    settings::spare(&args.reports, &args.events)?;
    let mut reporters = settings::reporters(&args.reports, &["cli"])?;
    let mut complete = false;
    let mut line = 1;
    let mut unwritten = Vec::new();
    while let Some(event_read) = next {
        if event_read.seq != line {
            let why = format!(
                "event {line} should stand there, and it is event {}: some are missing",
                event_read.seq
            );
            return Err(no_recording(&name, line, &why));
        }
        complete |= matches!(event_read.kind, EventKind::RunFinished { .. });
        reporters.retain_mut(|reporter| match take(reporter.as_mut(), &event_read, piped) {
            Ok(()) => true,
            Err(error) => {
                unwritten.push(settings::report_failure(&error));
                false
            }
        });
        line += 1;
        next = event(&mut lines, &name, line)?;
    }
    if !complete {
        terminal::note(&format!("`{name}` ends before its run did: the reports hold what ran until then"));
    }
    finish(reporters, unwritten)
}

/// An event out of a pipe is shown before the next is waited for: its run may be under way.
fn take(reporter: &mut dyn Reporter, event: &RunEvent, piped: bool) -> Result<(), ReportError> {
    reporter.on_event(event)?;
    if piped { reporter.flush() } else { Ok(()) }
}

fn finish(reporters: Vec<Box<dyn Reporter>>, mut unwritten: Vec<Failure>) -> Result<Exit, Failure> {
    let mut paths = Vec::new();
    for mut reporter in reporters {
        match reporter.finish() {
            Ok(artifacts) => {
                paths.extend(artifacts.into_iter().map(|artifact| artifact.path.display().to_string()))
            }
            Err(error) => unwritten.push(settings::report_failure(&error)),
        }
    }
    if !paths.is_empty() {
        terminal::note(&format!("reports: {}", paths.join(", ")));
    }
    unwritten.iter().for_each(terminal::failure);
    Ok(if unwritten.is_empty() { Exit::Passed } else { Exit::NoWork })
}

/// The event of the next line; none at the end. A last line without its end was being written when the run was killed.
fn event(lines: &mut dyn BufRead, name: &str, number: u64) -> Result<Option<RunEvent>, Failure> {
    let mut line = Vec::new();
    let read = lines.read_until(b'\n', &mut line);
    read.map_err(|error| no_recording(name, number, &input::io_text(&error.to_string())))?;
    let whole = line.ends_with(b"\n");
    if line.is_empty() || (!whole && number > 1) {
        return Ok(None);
    }
    serde_json::from_slice(&line).map(Some).map_err(|error| no_recording(name, number, &error.to_string()))
}

fn no_recording(name: &str, line: u64, why: &str) -> Failure {
    Failure::new(Exit::Input, format!("cannot read recording `{name}`"))
        .cause(format!("line {line} is no event of a run: {why}"))
        .hint("a recording is what -r ndjson writes, one event a line: postproof run api.json -r ndjson")
}
