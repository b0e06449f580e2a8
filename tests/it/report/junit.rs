//! JUnit documents read by a strict parser: legal XML, unique names, totals that add up.

use super::{cases, render, scratch};
use postproof::event::RunEvent;
use postproof::report::CliOptions;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Numbers of a document or of a suite.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) tests: u64,
    pub(crate) failures: u64,
    pub(crate) errors: u64,
    pub(crate) skipped: u64,
}

impl Numbers {
    fn said(attributes: &HashMap<String, String>) -> Self {
        let number = |key: &str| attributes[key].parse().unwrap();
        let (tests, failures) = (number("tests"), number("failures"));
        Self { tests, failures, errors: number("errors"), skipped: number("skipped") }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            errors: self.errors + other.errors,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// What was read of a document.
pub(crate) struct Document {
    pub(crate) numbers: Numbers,
    /// `suite/case`, in order.
    pub(crate) cases: Vec<String>,
    /// Text of all CDATA sections, by the case that holds them.
    pub(crate) texts: HashMap<String, String>,
    pub(crate) lines: HashMap<String, String>,
}

fn attributes(element: &BytesStart<'_>) -> HashMap<String, String> {
    let unescape = |value: &str| quick_xml::escape::unescape(value).unwrap().into_owned();
    element
        .attributes()
        .map(|attribute| attribute.unwrap())
        .map(|attribute| (attribute.key.as_ref().to_owned(), unescape(&attribute.value)))
        .collect()
}

/// Reads a document strictly: anything unexpected, illegal or not adding up is a panic.
pub(crate) fn read(xml: &str) -> Document {
    let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(legal), "illegal characters");
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut root, mut suites, mut suite_said, mut suite) =
        (Numbers::default(), Numbers::default(), Numbers::default(), Numbers::default());
    let (mut names, mut suite_names) = (HashSet::new(), HashSet::new());
    let (mut suite_name, mut case_name) = (String::new(), String::new());
    let mut document =
        Document { numbers: root, cases: Vec::new(), texts: HashMap::new(), lines: HashMap::new() };
    loop {
        let event = reader.read_event().unwrap();
        match &event {
            Event::Eof => break,
            Event::Start(e) | Event::Empty(e) => match e.name().as_ref() {
                "testsuites" => root = Numbers::said(&attributes(e)),
                "testsuite" => {
                    let said = attributes(e);
                    (suite_said, suite) = (Numbers::said(&said), Numbers::default());
                    names.clear();
                    suite_name.clone_from(&said["name"]);
                    assert!(suite_names.insert(suite_name.clone()), "suite {suite_name} twice");
                }
                "testcase" => {
                    let said = attributes(e);
                    case_name = format!("{suite_name}/{}", said["name"]);
                    assert!(names.insert(case_name.clone()), "case {case_name} twice");
                    assert!(said.contains_key("classname") && said.contains_key("time"));
                    assert_eq!(said.contains_key("line"), said.contains_key("file"));
                    document.lines.extend(said.get("line").map(|line| (case_name.clone(), line.clone())));
                    document.cases.push(case_name.clone());
                    suite.tests += 1;
                }
                "failure" => suite.failures += 1,
                "error" => suite.errors += 1,
                "skipped" => {
                    assert!(!attributes(e)["message"].is_empty());
                    suite.skipped += 1;
                }
                "properties" | "property" | "system-out" => {}
                other => panic!("unexpected <{other}>"),
            },
            Event::End(e) if e.name().as_ref() == "testsuite" => {
                assert_eq!(suite, suite_said, "totals of {suite_name}");
                suites = suites.plus(suite);
            }
            Event::CData(text) => {
                document.texts.entry(case_name.clone()).or_default().push_str(&text.xml10_content());
            }
            Event::Text(text) => assert_eq!(text.xml10_content().trim(), "", "stray text"),
            Event::GeneralRef(reference) => panic!("stray reference {reference:?}"),
            _ => {}
        }
    }
    assert_eq!(root, suites, "the root's totals");
    assert_eq!(root.tests, document.cases.len() as u64);
    document.numbers = root;
    document
}

pub(crate) fn document(directory: &Path, events: &[RunEvent]) -> Document {
    read(&render(directory, "junit", CliOptions::default(), events))
}

#[test]
fn every_document_is_legal_and_adds_up() {
    let directory = scratch("junit");
    for (name, expected) in [
        ("everything", Numbers { tests: 21, failures: 5, errors: 4, skipped: 4 }),
        ("clean", Numbers { tests: 4, failures: 0, errors: 0, skipped: 1 }),
        ("unreachable", Numbers { tests: 3, failures: 0, errors: 2, skipped: 1 }),
        ("interrupted", Numbers { tests: 3, failures: 0, errors: 2, skipped: 0 }),
        ("nothing", Numbers { tests: 1, failures: 0, errors: 1, skipped: 0 }),
    ] {
        let (_, events) = cases::all().into_iter().find(|(case, _)| *case == name).unwrap();
        assert_eq!(document(&directory, &events).numbers, expected, "{name}");
    }
}

#[test]
fn texts_survive_and_places_are_named() {
    let directory = scratch("junit-texts");
    let document = document(&directory, &cases::all()[0].1);
    let script = "Flow / Errors / moved (iteration 1)/test script";
    assert!(document.texts[script].starts_with("TypeError: x is not a function\n<a ]]> b>\\u{0}\nat "));
    assert_eq!(document.lines[script], "64");
    assert_eq!(
        document.lines["Flow / login (iteration 1)/token is there"], "33",
        "the assertion's own place"
    );
    assert_eq!(document.lines["Flow / login (iteration 1)/token is there #2"], "12", "the item's place");
    let warned = "conformance: betterez/err.oracle [SHOULD] what err.oracle requires";
    assert!(document.texts[warned].starts_with("WARN two messages tell users apart"));
}
