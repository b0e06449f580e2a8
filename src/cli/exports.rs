//! What a run leaves behind for the next one: environment, globals and collection, with their real values.

use super::args::ExportArgs;
use super::exit::Exit;
use super::failure::Failure;
use super::input::io_text;
use super::settings::placed;
use postproof::collection;
use postproof::environment::{self, Kind};
use postproof::report::{ReportError, WholeFile};
use postproof::runner::ScriptCookie;
use postproof::transport::write_cookie_jar;
use postproof::variable::Scopes;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files that are opened before anything is sent and take their names when the run is over.
pub(crate) struct Exports {
    environment: Option<WholeFile>,
    globals: Option<WholeFile>,
    collection: Option<WholeFile>,
    cookie_jar: Option<WholeFile>,
    document: Arc<Value>,
    /// The run's cookies, once it is over.
    pub(crate) cookies: Vec<ScriptCookie>,
}

impl Exports {
    /// Opens the files, folders included; `document` is the collection.
    pub(crate) fn open(args: &ExportArgs, document: Arc<Value>) -> Result<Self, Failure> {
        let open = |noun, path: &Option<PathBuf>| {
            let path = path.as_deref().map(|path| placed(path, Path::new(&format!("{noun}.json"))));
            path.map(|path| WholeFile::create(&path).map_err(|error| failure(noun, &error))).transpose()
        };
        Ok(Self {
            environment: open("environment", &args.export_environment)?,
            globals: open("globals", &args.export_globals)?,
            collection: open("collection", &args.export_collection)?,
            cookie_jar: open("cookie-jar", &args.export_cookie_jar)?,
            document,
            cookies: Vec::new(),
        })
    }

    /// Whether there is one to write.
    pub(crate) fn is_any(&self) -> bool {
        [&self.environment, &self.globals, &self.collection, &self.cookie_jar]
            .into_iter()
            .any(Option::is_some)
    }

    /// Writes them; gives their paths, and what could not be written.
    pub(crate) fn write(&mut self, scopes: &Scopes, now: &str) -> (Vec<PathBuf>, Vec<Failure>) {
        let (mut written, mut failures) = (Vec::new(), Vec::new());
        let files = [
            ("environment", &mut self.environment),
            ("globals", &mut self.globals),
            ("collection", &mut self.collection),
            ("cookie-jar", &mut self.cookie_jar),
        ];
        for (noun, file) in files {
            let Some(file) = file else { continue };
            let document = match noun {
                "environment" => {
                    scope(environment::export_whole(&scopes.environment, Kind::Environment), noun, now)
                }
                "globals" => scope(environment::export_whole(&scopes.globals, Kind::Globals), noun, now),
                "cookie-jar" => write_cookie_jar(&self.cookies),
                _ => collection::export(&self.document, &scopes.collection),
            };
            match file.write(format!("{document:#}\n").as_bytes()).and_then(|()| file.commit()) {
                Ok(path) => written.push(path),
                Err(error) => failures.push(failure(noun, &error)),
            }
        }
        (written, failures)
    }
}

/// A scope's export with what Postman adds to one.
fn scope(mut document: Value, noun: &str, now: &str) -> Value {
    if let Some(fields) = document.as_object_mut() {
        if !fields.contains_key("name") {
            fields.shift_insert(0, "name".to_owned(), json!(noun));
        }
        if !fields.contains_key("id") {
            fields.shift_insert(0, "id".to_owned(), json!(uuid::Uuid::new_v4().to_string()));
        }
        fields.insert("_postman_exported_at".to_owned(), json!(now));
        let tool = concat!("postproof/", env!("CARGO_PKG_VERSION"));
        fields.insert("_postman_exported_using".to_owned(), json!(tool));
    }
    document
}

fn failure(noun: &str, error: &ReportError) -> Failure {
    let path = match error {
        ReportError::Write { path, .. } => path.display().to_string(),
        _ => String::new(),
    };
    let failure = Failure::new(Exit::NoWork, format!("cannot write {noun} `{path}`"))
        .hint(format!("name a file in a writable folder, e.g. --export-{noun} out/{noun}.json"));
    match std::error::Error::source(error) {
        Some(source) => failure.cause(io_text(&source.to_string())),
        None => failure,
    }
}
