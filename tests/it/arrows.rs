//! The dependency arrows of the architecture, read off the `use` lines and paths of every source file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const INNER: &[&str] = &[
    "collection",
    "variable",
    "environment",
    "iteration_data",
    "iteration_data",
    "plan",
    "exchange",
    "verdict",
    "diagnostic",
    "diff",
    "event",
    "summary",
    "redact",
    "wire_url",
];

/// What a module may use, beside itself.
fn allowed(module: &str) -> Option<BTreeSet<&'static str>> {
    let beyond: &[&str] = match module {
        inner if INNER.contains(&inner) => &[],
        "contract" | "auth" => &[],
        "conformance" | "report" => &["contract"],
        "pipeline" => &["conformance", "report"],
        "runner" => &["auth"],
        "transport" | "sandbox" => &["runner"],
        "server" | "compatibility" => return Some(BTreeSet::new()),
        _ => return None,
    };
    Some(INNER.iter().chain(beyond).copied().collect())
}

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

/// The modules of this crate that a source text names: `crate::NAME`, or each of `crate::{A, B::C}`.
fn named(text: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => drop(names.insert(word(rest))),
            Some(group) => {
                let (mut depth, mut start) = (0, true);
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if c.is_whitespace() => {}
                        _ if start => {
                            names.insert(word(&group[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    names
}

/// Lines that are not comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn modules_use_only_what_the_architecture_allows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files {
        let relative = file.strip_prefix(&root).unwrap();
        let top = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        if ["main", "lib", "cli", "script-libs"].contains(&top.as_str()) {
            continue;
        }
        let Some(allowed) = allowed(&top) else {
            wrong.push(format!("{}: `{top}` has no place in the architecture", relative.display()));
            continue;
        };
        for name in named(&code(&fs::read_to_string(&file).unwrap())) {
            if name != top && !allowed.contains(name.as_str()) {
                wrong.push(format!("{}: uses `{name}`", relative.display()));
            }
        }
        seen.insert(top);
    }
    assert!(wrong.is_empty(), "arrows that point the wrong way:\n{}", wrong.join("\n"));
    assert!(seen.contains("server") && seen.contains("collection"), "nothing was looked at: {seen:?}");
}

#[test]
fn an_arrow_is_found_however_it_is_written() {
    let text = "use crate::{cli::x, event::{A, B}};\nfn f() { crate::server::g(); mycrate::no(); }";
    assert_eq!(named(text), ["cli", "event", "server"].map(str::to_owned).into());
}
