//! What a random walk found: told to the reports, and written as a Postman collection that reproduces it.

mod expectation;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::io_text;
use crate::cli::terminal;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use expectation::{expectation, expression};
use postproof::conformance::probe::{Counterexample, Walk};
use postproof::conformance::{Answer, Bindings, Ledger};
use postproof::contract::Contract;
use postproof::event::{self, CounterexampleStep, EventKind};
use postproof::exchange::{Exchange, ResolvedRequest};
use postproof::pipeline::Pipeline;
use postproof::variable::Scopes;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Values shorter than this are not taken for a variable's.
const TELLING: usize = 4;

/// Tells the reports.
pub(super) fn tell(pipeline: &mut Pipeline, walk: Walk, found: &[Counterexample]) {
    for counterexample in found {
        let steps = counterexample
            .steps
            .iter()
            .map(|step| CounterexampleStep { text: step.text.clone(), exchanges: step.exchanges.clone() });
        let counterexample = event::Counterexample {
            check: counterexample.check.to_owned(),
            seed: walk.seed,
            shrunk_from: counterexample.shrunk_from,
            repeatable: counterexample.repeatable,
            steps: steps.collect(),
        };
        pipeline.emit(EventKind::CounterexampleFound { counterexample });
    }
}

/// What is needed to write requests with variables in the place of values.
pub(super) struct Reproduction<'a> {
    pub(super) contract: &'a Arc<Contract>,
    pub(super) bindings: &'a Bindings,
    pub(super) scopes: &'a Scopes,
}

/// Where the collection goes.
#[derive(Debug)]
pub(super) struct Output {
    file: File,
    path: PathBuf,
    /// There was no such file, and it is empty still.
    fresh: bool,
}

impl Output {
    /// Opens it, before a walk of an hour is taken for nothing. What is in it stays until something is written.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let fresh = !path.exists();
        let file = File::options().write(true).create(true).truncate(false).open(path);
        let file = file.map_err(|error| {
            Failure::new(Exit::NoWork, format!("cannot write `{}`", path.display()))
                .cause(io_text(&error.to_string()))
        })?;
        Ok(Self { file, path: path.to_owned(), fresh })
    }

    fn write(mut self, text: &str) -> io::Result<()> {
        // What is no file (`/dev/stdout`) has no length.
        if self.file.metadata()?.is_file() {
            self.file.set_len(0)?;
        }
        self.fresh = false;
        self.file.write_all(text.as_bytes())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if self.fresh {
            // An empty file would say that something was found; that it stays is no failure.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Writes the collection; nothing where nothing was found.
pub(super) fn write(
    reproduction: &Reproduction<'_>,
    pipeline: &mut Pipeline,
    output: Output,
    found: &[Counterexample],
) {
    if found.is_empty() {
        terminal::note("no counterexample was found: no collection is written");
        return;
    }
    let folders: Vec<Value> = found.iter().map(|found| reproduction.folder(found)).collect();
    let collection = json!({
        "info": {
            "name": "Counterexamples",
            "description": "Found by `postproof conform --explore`. Run it with the environment of that run.",
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": folders,
    });
    // Whatever has no variable is masked, as in every report: a made-up token, a key that no application has.
    let text = sendable(&pipeline.mask(&format!("{collection:#}\n")));
    let path = output.path.clone();
    match output.write(&text) {
        Ok(()) => terminal::note(&format!("counterexamples: {}", path.display())),
        Err(error) => pipeline.unwritten(path, error),
    }
}

/// The text with masks that a header field can hold: one that is not sent at all would be refused for another reason.
fn sendable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, part) in text.split("‹secret:").enumerate() {
        match part.split_once('›').filter(|_| number > 0) {
            Some((mask, rest)) => out.extend(["(secret:", mask, ")", rest]),
            None => out.push_str(part),
        }
    }
    out
}

/// Values and the templates that stand for them.
type Names = Vec<(String, String)>;

impl Reproduction<'_> {
    fn folder(&self, found: &Counterexample) -> Value {
        let mut names = self.variables();
        let mut issued = Vec::new();
        let mut items = Vec::new();
        let steps = found.steps.iter().enumerate();
        let exchanges: Vec<(usize, &str, &Exchange)> = steps
            .flat_map(|(position, step)| {
                step.exchanges
                    .iter()
                    .map(move |exchange| (position + 1, step.text.as_str(), exchange.as_ref()))
            })
            .collect();
        let violation = self.violation(found.check, exchanges.iter().map(|(.., exchange)| *exchange));
        let last = violation.unwrap_or(exchanges.len().saturating_sub(1));
        for (position, (number, text, exchange)) in exchanges.iter().enumerate().take(last + 1) {
            let request = self.request(exchange.request(), &names);
            // Nothing is kept of the last answer, which a server that is right gives in another form.
            let script = if position < last {
                self.captures(exchange, &mut names, &mut issued)
            } else if violation.is_some() || found.repeatable {
                let answer = Answer::of(self.contract, exchange);
                let issued: Vec<&str> = issued.iter().map(String::as_str).collect();
                expectation(self.contract, found.check, answer.as_ref(), &issued)
            } else {
                vec![format!(
                    "// {}: these steps did not violate it again when they were repeated.",
                    found.check
                )]
            };
            let event =
                json!([{ "listen": "test", "script": { "type": "text/javascript", "exec": script } }]);
            items.push(json!({ "name": format!("{number}. {text}"), "event": event, "request": request }));
        }
        json!({ "name": found.check, "item": items })
    }

    /// The request that violates the check, by a ledger that sees nothing else: what follows it is not needed.
    fn violation<'e>(&self, check: &str, exchanges: impl Iterator<Item = &'e Exchange>) -> Option<usize> {
        let mut ledger = Ledger::new(Arc::clone(self.contract), self.bindings.clone(), 0.0).ok()?;
        exchanges.enumerate().find_map(|(position, exchange)| {
            ledger.observe(0, "", exchange);
            ledger.violations().contains_key(check).then_some(position)
        })
    }

    /// The environment's values, which the collection names instead of holding.
    fn variables(&self) -> Names {
        let scopes = [&self.scopes.environment, &self.scopes.globals];
        let values = scopes.into_iter().flat_map(|scope| scope.iter());
        values
            .filter_map(|(key, variable)| {
                let value = variable.value.as_str()?;
                (value.len() >= TELLING).then(|| (value.to_owned(), format!("{{{{{key}}}}}")))
            })
            .collect()
    }

    /// Ids and secrets of applications, right and wrong ones.
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let auth = &self.contract.client_auth;
        let clients = self.bindings.clients.iter();
        let known = clients.flat_map(|client| {
            let secret = client.secret.as_deref().unwrap_or_default();
            [(client.key.as_str(), secret), (client.key.as_str(), auth.wrong_secret.as_str())]
        });
        known.chain([(auth.unknown.as_str(), auth.wrong_secret.as_str())])
    }

    fn request(&self, request: &ResolvedRequest, names: &Names) -> Value {
        let mut auth = Value::Null;
        let mut headers = Vec::new();
        for header in request.headers.iter().filter(|header| !header.system) {
            let basic = self.pairs().find(|(key, secret)| {
                header.value == format!("Basic {}", BASE64_STANDARD.encode(format!("{key}:{secret}")))
            });
            match basic {
                Some((key, secret)) if header.key.eq_ignore_ascii_case("authorization") => {
                    auth = json!({ "type": "basic", "basic": [
                        { "key": "username", "value": named(key, names) },
                        { "key": "password", "value": named(secret, names) },
                    ]});
                }
                _ => headers.push(json!({ "key": header.key, "value": named(&header.value, names) })),
            }
        }
        let body = request.body.as_ref().filter(|body| !body.is_empty());
        let body = body.map(|body| json!({ "mode": "raw", "raw": named(&body.text(), names) }));
        let mut written =
            json!({ "method": request.method, "url": named(&request.url, names), "header": headers });
        if !auth.is_null() {
            written["auth"] = auth;
        }
        if let Some(body) = body {
            written["body"] = body;
        }
        written
    }

    /// Lines that keep an answer's tokens, each named from now on; the names of refresh tokens go to `issued`.
    fn captures(&self, exchange: &Exchange, names: &mut Names, issued: &mut Vec<String>) -> Vec<String> {
        let Some(answer) = Answer::of(self.contract, exchange) else { return Vec::new() };
        let logins = self.contract.login.iter().flat_map(|login| [&login.tokens, &login.redeemed]);
        let places = logins
            .chain([&self.contract.tokens])
            .flat_map(|tokens| [("access", &tokens.access), ("refresh", &tokens.refresh)]);
        let mut lines = Vec::new();
        for (kind, place) in places {
            for source in &place.from {
                let Some(token) = answer.find(source) else { continue };
                if names.iter().any(|(value, _)| *value == token) {
                    continue;
                }
                // A variable of the environment would hide the collection's of the same name.
                let free = |name: &String| {
                    let template = format!("{{{{{name}}}}}");
                    self.scopes.get(name).is_none() && names.iter().all(|(_, taken)| *taken != template)
                };
                let Some(name) = (1..).map(|n| format!("{kind}-{n}")).find(free) else { continue };
                lines.push(format!("pm.collectionVariables.set({name:?}, {});", expression(source)));
                names.push((token, format!("{{{{{name}}}}}")));
                if kind == "refresh" {
                    issued.push(name);
                }
            }
        }
        lines
    }
}

/// A text with templates in the place of the values they stand for, the longest values first. What is a template already
/// is not looked into: the name of one may hold the value of another.
fn named(text: &str, names: &Names) -> String {
    let mut names: Vec<&(String, String)> = names.iter().collect();
    names.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    // Texts, and templates between them.
    let mut parts = vec![text.to_owned()];
    for (value, name) in names {
        let mut next = Vec::with_capacity(parts.len());
        for (position, part) in parts.into_iter().enumerate() {
            if position % 2 == 1 {
                next.push(part);
                continue;
            }
            for (number, piece) in part.split(value.as_str()).enumerate() {
                if number > 0 {
                    next.push(name.clone());
                }
                next.push(piece.to_owned());
            }
        }
        parts = next;
    }
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_template_already_is_not_replaced_again() {
        let names = |pairs: &[(&str, &str)]| -> Names {
            pairs.iter().map(|(value, name)| ((*value).to_owned(), format!("{{{{{name}}}}}"))).collect()
        };
        // The value of `x` is in the name of `refresh-1`; that of `short` in the value of `long`.
        let names = names(&[("T0KEN", "refresh-1"), ("refresh", "x"), ("abcd", "short"), ("abcdef", "long")]);
        assert_eq!(
            named("T0KEN refresh abcdef abcd T0KENrefresh", &names),
            "{{refresh-1}} {{x}} {{long}} {{short}} {{refresh-1}}{{x}}"
        );
    }

    #[test]
    fn masks_are_sent_in_ascii() {
        assert_eq!(
            sendable("a ‹secret:key#a1b2› b ‹secret:key#a1b2›"),
            "a (secret:key#a1b2) b (secret:key#a1b2)"
        );
        assert_eq!(sendable("‹no› mask"), "‹no› mask");
    }

    #[test]
    fn a_file_that_nothing_was_written_to_is_as_it_was_before() {
        let folder = tempfile::tempdir().unwrap();
        let (fresh, old) = (folder.path().join("fresh.json"), folder.path().join("old.json"));
        std::fs::write(&old, "kept, and longer than what comes").unwrap();
        for path in [&fresh, &old] {
            drop(Output::open(path).unwrap());
        }
        assert!(!fresh.exists());
        assert_eq!(std::fs::read_to_string(&old).unwrap(), "kept, and longer than what comes");
        Output::open(&old).unwrap().write("new").unwrap();
        assert_eq!(std::fs::read_to_string(&old).unwrap(), "new");
        assert_eq!(Output::open(folder.path()).unwrap_err().exit, Exit::NoWork);
    }
}
