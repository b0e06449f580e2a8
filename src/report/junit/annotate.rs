//! XML: what `junit-report` writes, and what it lacks added to its output.
//!
//! Added: `skipped` and a running `id` on `<testsuite>`, `<properties>`, `line` on `<testcase>`, the root's name
//! and totals. Its text goes through unchanged. Left out: what the dialect's schema does not allow.

use super::JunitDialect;
use crate::report::ReportError;
use crate::report::suites::{Case, Outcome, Suite, Totals};
use crate::report::text::{one_line, visible};
use junit_report::{Report, TestCase, TestResult, TestSuite};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

/// Closes the document.
pub(super) fn root_end(dialect: JunitDialect) -> &'static str {
    match dialect {
        JunitDialect::Full | JunitDialect::Jenkins => "</testsuites>\n",
        JunitDialect::Surefire => "</testsuite>\n",
    }
}

/// The declaration and the root's start tag.
pub(super) fn root_start(name: &str, totals: &Totals, dialect: JunitDialect) -> Result<String, ReportError> {
    let mut root = match dialect {
        JunitDialect::Full | JunitDialect::Jenkins => BytesStart::new("testsuites"),
        JunitDialect::Surefire => BytesStart::new("testsuite"),
    };
    let name = one_line(name);
    root.push_attribute(("name", name.as_str()));
    push_totals(&mut root, totals, dialect != JunitDialect::Jenkins);
    root.push_attribute(("time", format!("{:.3}", totals.time.as_seconds_f64()).as_str()));
    let mut writer = Writer::new(br#"<?xml version="1.0" encoding="UTF-8"?>"#.to_vec());
    writer.get_mut().push(b'\n');
    writer.write_event(Event::Start(root)).map_err(encode)?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(encode)
}

fn push_totals(element: &mut BytesStart<'_>, totals: &Totals, with_skipped: bool) {
    for (key, count) in [
        ("tests", totals.tests),
        ("failures", totals.failures),
        ("errors", totals.errors),
        ("skipped", totals.skipped),
    ] {
        if key != "skipped" || with_skipped {
            element.push_attribute((key, count.to_string().as_str()));
        }
    }
}

/// What is added to a testcase.
struct Added {
    line: Option<u32>,
    properties: Vec<(String, String)>,
}

/// One `<testsuite>` element, indented, with a line break at its end; of Surefire's the testcases alone.
pub(super) fn suite_xml(mut suite: Suite, id: u64, dialect: JunitDialect) -> Result<Vec<u8>, ReportError> {
    let totals = suite.totals();
    if dialect == JunitDialect::Surefire {
        flatten(&mut suite);
    }
    let mut added: Vec<Added> = suite.cases.iter().map(|case| added(case, dialect)).collect();
    let properties = suite.notes.properties.clone();
    let mut written = Vec::new();
    report(suite).write_xml(&mut written).map_err(encode)?;
    let written = String::from_utf8(written).map_err(encode)?;

    let mut reader = Reader::from_str(&written);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let mut added = added.drain(..);
    let outermost = |name: &str| match dialect {
        JunitDialect::Full | JunitDialect::Jenkins => name == "testsuites",
        JunitDialect::Surefire => matches!(name, "testsuites" | "testsuite"),
    };
    loop {
        match reader.read_event().map_err(encode)? {
            Event::Eof => break,
            Event::Decl(_) => {}
            Event::Start(e) if outermost(e.name().as_ref()) => {}
            Event::End(e) if outermost(e.name().as_ref()) => {}
            Event::Start(e) if e.name().as_ref() == "testsuite" => {
                writer.write_event(Event::Start(suite_start(&e, id, &totals)?)).map_err(encode)?;
                write_properties(&mut writer, &properties)?;
            }
            Event::Start(e) if e.name().as_ref() == "testcase" => {
                case_start(&mut writer, &e, added.next(), dialect, false)?;
            }
            Event::Empty(e) if e.name().as_ref() == "testcase" => {
                case_start(&mut writer, &e, added.next(), dialect, true)?;
            }
            Event::Start(e) if e.name().as_ref() == "skipped" => {
                writer.write_event(Event::Start(skipped(&e, dialect)?)).map_err(encode)?;
            }
            Event::Empty(e) if e.name().as_ref() == "skipped" => {
                writer.write_event(Event::Empty(skipped(&e, dialect)?)).map_err(encode)?;
            }
            event => writer.write_event(event).map_err(encode)?,
        }
    }
    let mut xml = writer.into_inner();
    xml.push(b'\n');
    Ok(xml)
}

/// Surefire knows one suite: its name moves to the cases, and what it printed to the first of them.
fn flatten(suite: &mut Suite) {
    let printed = suite.notes.system_out.take();
    for case in &mut suite.cases {
        case.class.clone_from(&suite.name);
    }
    if let Some(first) = suite.cases.first_mut() {
        first.system_out =
            [printed, first.system_out.take()].into_iter().flatten().reduce(|a, b| a + "\n" + &b);
    }
}

fn added(case: &Case, dialect: JunitDialect) -> Added {
    let full = dialect == JunitDialect::Full;
    let line = case.location.as_ref().map(|at| at.line);
    let line = line.filter(|_| dialect != JunitDialect::Surefire);
    Added { line, properties: if full { case.properties.clone() } else { Vec::new() } }
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
            "tests" => push_totals(&mut start, totals, true),
            "errors" | "failures" => {}
            _ => start.push_attribute(attribute),
        }
    }
    Ok(start)
}

/// The case's start tag, and its properties; the whole of it, where it holds nothing else.
fn case_start(
    writer: &mut Writer<Vec<u8>>,
    written: &BytesStart<'_>,
    added: Option<Added>,
    dialect: JunitDialect,
    empty: bool,
) -> Result<(), ReportError> {
    let mut start = match dialect {
        JunitDialect::Surefire => copied(written, "testcase", "file")?,
        JunitDialect::Full | JunitDialect::Jenkins => written.borrow(),
    };
    let Added { line, properties } = added.unwrap_or(Added { line: None, properties: Vec::new() });
    if let Some(line) = line {
        start.push_attribute(("line", line.to_string().as_str()));
    }
    if empty && properties.is_empty() {
        return writer.write_event(Event::Empty(start)).map_err(encode);
    }
    let end = start.to_end().into_owned();
    writer.write_event(Event::Start(start)).map_err(encode)?;
    write_properties(writer, &properties)?;
    match empty {
        true => writer.write_event(Event::End(end)).map_err(encode),
        false => Ok(()),
    }
}

fn skipped<'a>(written: &'a BytesStart<'_>, dialect: JunitDialect) -> Result<BytesStart<'a>, ReportError> {
    match dialect {
        JunitDialect::Surefire => copied(written, "skipped", "type"),
        JunitDialect::Full | JunitDialect::Jenkins => Ok(written.borrow()),
    }
}

fn copied(
    written: &BytesStart<'_>,
    name: &'static str,
    without: &str,
) -> Result<BytesStart<'static>, ReportError> {
    let mut start = BytesStart::new(name);
    for attribute in written.attributes() {
        let attribute = attribute.map_err(encode)?;
        if attribute.key.as_ref() != without {
            start.push_attribute(attribute);
        }
    }
    Ok(start)
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
            // Codecov takes a case whose `skipped` is empty for one that passed.
            cause: Some(cdata(&reason)),
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
