//! XML: what `junit-report` writes, and what it lacks added to its output.
//!
//! Added: `skipped` and a running `id` on `<testsuite>`, `<properties>`, `line` on `<testcase>`, the root's name
//! and totals. Its text goes through unchanged.

use super::case::{Case, Outcome, Suite, Totals};
use crate::report::ReportError;
use crate::report::text::{one_line, visible};
use junit_report::{Report, TestCase, TestResult, TestSuite};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use std::io::Write as _;

/// Closes the document.
pub(super) const ROOT_END: &str = "</testsuites>\n";

/// The declaration and the root's start tag.
pub(super) fn root_start(name: &str, totals: &Totals) -> Result<String, ReportError> {
    let mut root = BytesStart::new("testsuites");
    let name = one_line(name);
    root.push_attribute(("name", name.as_str()));
    push_totals(&mut root, totals);
    root.push_attribute(("time", format!("{:.3}", totals.time.as_seconds_f64()).as_str()));
    let mut writer = Writer::new(br#"<?xml version="1.0" encoding="UTF-8"?>"#.to_vec());
    writer.get_mut().push(b'\n');
    writer.write_event(Event::Start(root)).map_err(encode)?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(encode)
}

fn push_totals(element: &mut BytesStart<'_>, totals: &Totals) {
    for (key, count) in [
        ("tests", totals.tests),
        ("failures", totals.failures),
        ("errors", totals.errors),
        ("skipped", totals.skipped),
    ] {
        element.push_attribute((key, count.to_string().as_str()));
    }
}

/// One `<testsuite>` element, indented, with a line break at its end.
pub(super) fn suite_xml(suite: Suite, id: u64) -> Result<Vec<u8>, ReportError> {
    let totals = suite.totals();
    let lines: Vec<Option<u32>> =
        suite.cases.iter().map(|case| case.location.as_ref().map(|at| at.line)).collect();
    let properties = suite.notes.properties.clone();
    let mut written = Vec::new();
    report(suite).write_xml(&mut written).map_err(encode)?;
    let written = String::from_utf8(written).map_err(encode)?;

    let mut reader = Reader::from_str(&written);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let mut lines = lines.into_iter();
    loop {
        match reader.read_event().map_err(encode)? {
            Event::Eof => break,
            Event::Decl(_) => {}
            Event::Start(e) if e.name().as_ref() == "testsuites" => {}
            Event::End(e) if e.name().as_ref() == "testsuites" => {}
            Event::Start(e) if e.name().as_ref() == "testsuite" => {
                writer.write_event(Event::Start(suite_start(&e, id, &totals)?)).map_err(encode)?;
                write_properties(&mut writer, &properties)?;
            }
            Event::Start(e) if e.name().as_ref() == "testcase" => {
                let line = lines.next().flatten();
                writer.write_event(Event::Start(case_start(e, line))).map_err(encode)?;
            }
            Event::Empty(e) if e.name().as_ref() == "testcase" => {
                let line = lines.next().flatten();
                writer.write_event(Event::Empty(case_start(e, line))).map_err(encode)?;
            }
            event => writer.write_event(event).map_err(encode)?,
        }
    }
    let mut xml = writer.into_inner();
    writeln!(xml).map_err(encode)?;
    Ok(xml)
}

/// The suite's start tag with its running id and `skipped`; the rest as `junit-report` wrote it.
fn suite_start(
    written: &BytesStart<'_>,
    id: u64,
    totals: &Totals,
) -> Result<BytesStart<'static>, ReportError> {
    let mut start = BytesStart::new("testsuite");
    for attribute in written.attributes() {
        let attribute = attribute.map_err(encode)?;
        match attribute.key.as_ref() {
            "id" => start.push_attribute(("id", id.to_string().as_str())),
            "tests" => push_totals(&mut start, totals),
            "errors" | "failures" => {}
            _ => start.push_attribute(attribute),
        }
    }
    Ok(start)
}

fn case_start(mut written: BytesStart<'_>, line: Option<u32>) -> BytesStart<'_> {
    if let Some(line) = line {
        written.push_attribute(("line", line.to_string().as_str()));
    }
    written
}

fn write_properties(
    writer: &mut Writer<Vec<u8>>,
    properties: &[(String, String)],
) -> Result<(), ReportError> {
    if properties.is_empty() {
        return Ok(());
    }
    let element = writer.create_element("properties");
    let write = element.write_inner_content(|writer| {
        for (name, value) in properties {
            let value = one_line(value);
            let attributes = [("name", name.as_str()), ("value", value.as_str())];
            writer.create_element("property").with_attributes(attributes).write_empty()?;
        }
        Ok(())
    });
    write.map(drop).map_err(encode)
}

/// The suite as `junit-report` knows it. Its fields are set, not its constructors called: those read the clock.
fn report(suite: Suite) -> Report {
    let mut report = Report::new();
    report.add_testsuite(TestSuite {
        name: one_line(&suite.name),
        package: "postproof".to_owned(),
        timestamp: suite.timestamp,
        hostname: "localhost".to_owned(),
        testcases: suite.cases.into_iter().map(test_case).collect(),
        system_out: suite.notes.system_out.map(|text| cdata(&text)),
        system_err: None,
    });
    report
}

fn test_case(case: Case) -> TestCase {
    let result = match case.outcome {
        Outcome::Passed => TestResult::Success,
        Outcome::Skipped(reason) => TestResult::SkippedWithCause {
            type_: "skipped".to_owned(),
            message: one_line(&reason),
            cause: None,
        },
        Outcome::Failure(trouble) => TestResult::Failure {
            type_: one_line(&trouble.kind),
            message: one_line(&trouble.message),
            cause: Some(cdata(&trouble.detail)),
        },
        Outcome::Error(trouble) => TestResult::Error {
            type_: one_line(&trouble.kind),
            message: one_line(&trouble.message),
            cause: Some(cdata(&trouble.detail)),
        },
    };
    TestCase {
        name: one_line(&case.name),
        time: case.time,
        result,
        classname: Some(one_line(&case.class)),
        filepath: case.location.map(|at| one_line(&at.file)),
        system_out: case.system_out.map(|text| cdata(&text)),
        system_err: None,
    }
}

/// Text for a CDATA section, which `junit-report` opens and closes around it: the end mark inside is split over
/// two sections, as XML wants it.
fn cdata(text: &str) -> String {
    visible(text).replace("]]>", "]]]]><![CDATA[>")
}

fn encode(error: impl std::error::Error + Send + Sync + 'static) -> ReportError {
    ReportError::Encode(Box::new(error))
}
