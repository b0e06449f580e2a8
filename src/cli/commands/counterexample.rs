//! What a random walk found: told to the reports, and written as a Postman collection that reproduces it.

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::io_text;
use crate::cli::terminal;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use postproof::conformance::probe::{Counterexample, Walk};
use postproof::conformance::{Answer, Bindings};
use postproof::contract::{Contract, Source};
use postproof::event::{self, CounterexampleStep, EventKind};
use postproof::exchange::{Exchange, ResolvedRequest};
use postproof::pipeline::Pipeline;
use postproof::variable::Scopes;
use serde_json::{Value, json};
use std::path::Path;

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
    pub(super) contract: &'a Contract,
    pub(super) bindings: &'a Bindings,
    pub(super) scopes: &'a Scopes,
}

/// Writes the collection; nothing where nothing was found.
pub(super) fn write(
    reproduction: &Reproduction<'_>,
    pipeline: &mut Pipeline,
    path: &Path,
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
    // Whatever has no variable is masked, as in every report.
    let text = pipeline.mask(&format!("{collection:#}\n"));
    match std::fs::write(path, text) {
        Ok(()) => terminal::note(&format!("counterexamples: {}", path.display())),
        Err(error) => terminal::failure(
            &Failure::new(Exit::NoWork, format!("cannot write `{}`", path.display()))
                .cause(io_text(&error.to_string())),
        ),
    }
}

/// Values and the templates that stand for them, longest values first.
type Names = Vec<(String, String)>;

impl Reproduction<'_> {
    fn folder(&self, found: &Counterexample) -> Value {
        let mut names = self.variables();
        let mut items = Vec::new();
        let last = found.steps.len();
        for (position, step) in found.steps.iter().enumerate() {
            for exchange in &step.exchanges {
                let request = self.request(exchange.request(), &names);
                let mut script = self.captures(exchange, &mut names);
                if position + 1 == last {
                    script.push(expectation(found.check, exchange));
                }
                let number = format!("{}. {}", position + 1, step.text);
                let event =
                    json!([{ "listen": "test", "script": { "type": "text/javascript", "exec": script } }]);
                items.push(json!({ "name": number, "event": event, "request": request }));
            }
        }
        json!({ "name": found.check, "item": items })
    }

    /// The environment's values, which the collection names instead of holding.
    fn variables(&self) -> Names {
        let scopes = [&self.scopes.environment, &self.scopes.globals];
        let values = scopes.into_iter().flat_map(|scope| scope.iter());
        let mut names: Names = values
            .filter_map(|(key, variable)| {
                let value = variable.value.as_str()?;
                (value.len() >= TELLING).then(|| (value.to_owned(), format!("{{{{{key}}}}}")))
            })
            .collect();
        names.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        names
    }

    fn request(&self, request: &ResolvedRequest, names: &Names) -> Value {
        let mut auth = Value::Null;
        let mut headers = Vec::new();
        for header in request.headers.iter().filter(|header| !header.system) {
            let basic = self.bindings.clients.iter().find(|client| {
                let pair = format!("{}:{}", client.key, client.secret.as_deref().unwrap_or_default());
                header.value == format!("Basic {}", BASE64_STANDARD.encode(pair))
            });
            match basic {
                Some(client) if header.key.eq_ignore_ascii_case("authorization") => {
                    let secret = client.secret.as_deref().unwrap_or_default();
                    auth = json!({ "type": "basic", "basic": [
                        { "key": "username", "value": named(&client.key, names) },
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

    /// Lines that keep an answer's tokens, each named from now on.
    fn captures(&self, exchange: &Exchange, names: &mut Names) -> Vec<String> {
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
                let name = format!(
                    "{kind}-{}",
                    names.iter().filter(|(_, name)| name.starts_with(&format!("{{{{{kind}-"))).count() + 1
                );
                lines.push(format!("pm.collectionVariables.set({name:?}, {});", expression(source)));
                names.insert(0, (token, format!("{{{{{name}}}}}")));
            }
        }
        lines
    }
}

/// A text with templates in the place of the values they stand for.
fn named(text: &str, names: &Names) -> String {
    let mut text = text.to_owned();
    for (value, name) in names {
        text = text.replace(value, name);
    }
    text
}

/// The place of a token in an answer, as a script reads it.
fn expression(source: &Source) -> String {
    match source {
        Source::Json(pointer) => {
            let keys = pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~"));
            let keys: String = keys.map(|key| format!("[{}]", Value::from(key))).collect();
            format!("pm.response.json(){keys}")
        }
        Source::Cookie(name) => format!("pm.cookies.get({})", Value::from(name.as_str())),
        Source::Header { name, .. } => format!("pm.response.headers.get({})", Value::from(name.as_str())),
    }
}

/// What the last answer ought to have been: a refusal where it was none, tokens where it was one.
fn expectation(check: &str, exchange: &Exchange) -> String {
    let accepted = exchange.response().is_some_and(|response| (200..300).contains(&response.code));
    let (told, expected) =
        if accepted { ("refused", "within(400, 499)") } else { ("as documented", "within(200, 299)") };
    format!(
        "pm.test({:?}, () => pm.expect(pm.response.code).to.be.{expected});",
        format!("{check}: the request is {told}")
    )
}
