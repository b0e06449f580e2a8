//! A file to its JSON, and every way in which that can fail, told to a person.

use super::decode::{decode, decode_whole};
use super::node::{JsonPath, PathStep, ShapeError};
use super::source::Source;
use crate::diagnostic::{InputError, Location, suggest};
use crate::exchange::hex;
use serde::Deserialize as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// A file the user named, and what it is meant to be.
#[derive(Debug, Clone)]
pub(crate) struct InputFile {
    noun: &'static str,
    path: PathBuf,
}

/// A file's text and the value it holds.
#[derive(Debug)]
pub(crate) struct Document {
    /// The text.
    pub(crate) source: Source,
    /// The value.
    pub(crate) value: Value,
}

/// A JSON file that is none of Postman's own: decoded, parsed and complained about like those.
#[derive(Debug)]
pub struct JsonFile {
    file: InputFile,
    document: Document,
}

impl JsonFile {
    /// Reads a file meant to be a `noun`; `-` is standard input.
    ///
    /// # Errors
    /// The file cannot be read, or is no JSON.
    pub fn read(noun: &'static str, path: &Path) -> Result<Self, InputError> {
        let file = InputFile::new(noun, path);
        let document = file.document(&file.read()?)?;
        Ok(Self { file, document })
    }

    /// What it holds.
    pub fn value(&self) -> &Value {
        &self.document.value
    }

    /// The error for what sits at that path and should not.
    pub fn refuse(&self, path: &[PathStep], message: &str, hint: &str) -> InputError {
        let path = JsonPath(path.to_vec());
        self.file.refuse(
            &self.document.source,
            ShapeError { path, message: message.to_owned(), hint: hint.to_owned() },
        )
    }
}

impl InputFile {
    /// A file meant to be a `noun` (`collection`, `environment`, `globals`); `-` is standard input.
    pub(crate) fn new(noun: &'static str, path: &Path) -> Self {
        Self { noun, path: path.to_owned() }
    }

    /// The file as the user named it.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn is_stdin(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    /// The file's bytes.
    pub(crate) fn read(&self) -> Result<Vec<u8>, InputError> {
        let mut bytes = Vec::new();
        let read = match self.is_stdin() {
            true => io::stdin().lock().read_to_end(&mut bytes),
            false => std::fs::File::open(&self.path).and_then(|mut file| file.read_to_end(&mut bytes)),
        };
        read.map(|_| bytes).map_err(|error| {
            let text = error.to_string();
            let cause = text.split(" (os error").next().unwrap_or(&text).to_owned();
            self.error(cause, self.read_hint(&error), None)
        })
    }

    /// The JSON in those bytes.
    pub(crate) fn document(&self, bytes: &[u8]) -> Result<Document, InputError> {
        let source = self.source(bytes, without_half_characters(decode(bytes)));
        if source.text.is_empty() {
            return Err(self.error("the file is empty", self.export_again(), None));
        }
        if let Some(offset) = too_deep(&source.text) {
            let location = source.at_offset(offset);
            let hint = "move inner folders further up";
            let cause = placed(&format!("nested more than {MAX_DEPTH} deep"), &location);
            return Err(self.error(cause, hint, Some(location)));
        }
        match parse(&source.text) {
            Ok(value) => Ok(Document { source, value }),
            Err(error) => Err(self.not_json(&source, &error)),
        }
    }

    /// The text in those bytes, whatever it is.
    pub(crate) fn text(&self, bytes: &[u8]) -> Source {
        self.source(bytes, decode_whole(bytes))
    }

    fn source(&self, bytes: &[u8], text: String) -> Source {
        Source { file: self.name(), text, sha256: hex(&Sha256::digest(bytes)) }
    }

    /// The error for a text that is meant to be JSON and is not.
    pub(crate) fn not_json(&self, source: &Source, error: &serde_json::Error) -> InputError {
        let location = source.at_byte_column(error.line(), error.column());
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or(&text);
        let hint = self.syntax_hint(&source.text, message);
        self.error(placed(message, &location), hint, Some(location))
    }

    /// The error for something else that is wrong at a place of the file.
    pub(crate) fn refuse_at(&self, message: &str, hint: &str, location: Location) -> InputError {
        self.error(format!("{message} (line {})", location.line), hint, Some(location))
    }

    /// The error for a value that is not what it should be.
    pub(crate) fn refuse(&self, source: &Source, error: ShapeError) -> InputError {
        let ShapeError { path, message, hint } = error;
        let message = if path.0.is_empty() { message } else { format!("{path}: {message}") };
        let location = source.locate(&path);
        let cause = location.as_ref().map_or_else(|| message.clone(), |at| placed(&message, at));
        self.error(cause, hint, location)
    }

    fn error(
        &self,
        cause: impl Into<String>,
        hint: impl Into<String>,
        location: Option<Location>,
    ) -> InputError {
        let what = match self.is_stdin() {
            true => format!("cannot read {} from standard input", self.noun),
            false => format!("cannot read {} `{}`", self.noun, self.name()),
        };
        InputError { what, cause: cause.into(), hint: Some(hint.into()), location }
    }

    fn is_postmans(&self) -> bool {
        ["collection", "environment", "globals"].contains(&self.noun)
    }

    fn export_again(&self) -> String {
        match self.is_postmans() {
            true => format!("export the {} again from Postman", self.noun),
            false => "write it as JSON".to_owned(),
        }
    }

    fn read_hint(&self, error: &io::Error) -> String {
        if self.path.is_dir() {
            return match json_files(&self.path).first() {
                Some(file) => format!("name a file in it, such as `{}`", self.path.join(file).display()),
                None => "name a file, not a folder".to_owned(),
            };
        }
        match error.kind() {
            io::ErrorKind::NotFound => self.missing_hint(),
            io::ErrorKind::PermissionDenied => "check the file's permissions".to_owned(),
            _ => "check that the file can be read".to_owned(),
        }
    }

    fn missing_hint(&self) -> String {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let siblings = json_files(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
        let wanted = self.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        match suggest(&wanted, siblings.iter().map(String::as_str)) {
            Some(close) => format!("did you mean `{}`?", folder.join(close).display()),
            None => "check the path: a relative one starts at the current folder".to_owned(),
        }
    }

    /// How to mend what is not JSON: first by what the text looks like, then by what the parser says.
    fn syntax_hint(&self, text: &str, message: &str) -> String {
        let noun = self.noun;
        let start = text.trim_start();
        if start.starts_with('<') {
            return format!("this looks like HTML or XML: export the {noun} from Postman as JSON");
        }
        if start.starts_with("PK\u{3}\u{4}") || start.starts_with("\u{1f}\u{2039}") {
            return "this looks like an archive: unpack it first".to_owned();
        }
        if looks_like_yaml(start) {
            return match self.is_postmans() {
                true => format!("this looks like YAML: export the {noun} from Postman as JSON"),
                false => "this looks like YAML: write it as JSON".to_owned(),
            };
        }
        let known = SYNTAX_HINTS.iter().find(|(sign, _)| message.starts_with(sign));
        known.map_or_else(
            || format!("mend the JSON at that place, or {}", self.export_again()),
            |(_, hint)| (*hint).to_owned(),
        )
    }
}

/// Levels of a document at most: what walks one does so by recursion, and a stack is finite. A folder is two levels.
const MAX_DEPTH: usize = 512;

/// Where a text goes deeper than that.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(offset);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn parse(text: &str) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    // Its own limit is 128, and `too_deep` has looked.
    reader.disable_recursion_limit();
    let value = Value::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// The text with halves of surrogate pairs, which JavaScript has in strings and Unicode has not, replaced byte for
/// byte: an example response that was cut in the middle of an emoji.
fn without_half_characters(text: String) -> String {
    let code = |at: usize| {
        let hex = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(hex, 16).ok()
    };
    let (mut halves, mut at) = (Vec::new(), 0);
    while let Some(found) = text[at..].find('\\') {
        at += found;
        match (code(at), code(at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at += 12,
            (Some(0xD800..=0xDFFF), _) => {
                halves.push(at);
                at += 6;
            }
            // A backslash, and what it escapes.
            _ => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    let mut text = text;
    halves.into_iter().for_each(|at| text.replace_range(at..at + 6, "\\ufffd"));
    text
}

/// What serde_json says and how to mend it.
const SYNTAX_HINTS: [(&str, &str); 6] = [
    ("EOF while parsing", "the file ends too early: was it cut off when it was saved?"),
    ("trailing comma", "remove the comma before the closing bracket"),
    ("trailing characters", "a file holds one JSON value: remove what follows it"),
    ("control character", "a string cannot span lines: write line breaks as \\n"),
    ("key must be a string", "write keys in double quotes; JSON has no comments"),
    ("invalid escape", "write a backslash as \\\\"),
];

fn looks_like_yaml(start: &str) -> bool {
    let first = start.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
    let is_key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "$_-".contains(c));
    first.starts_with("---")
        || first.starts_with("- ")
        || first.split_once(':').is_some_and(|(key, value)| {
            is_key(key) && (value.is_empty() || value.starts_with(char::is_whitespace))
        })
}

/// Names of the JSON files in a folder, sorted; none if it cannot be read.
fn json_files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".json")).collect();
    names.sort();
    names
}

fn placed(message: &str, at: &Location) -> String {
    format!("{message} (line {}, column {})", at.line, at.column)
}
