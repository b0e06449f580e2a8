//! `multipart/form-data`, byte for byte as newman's `form-data` writes it.

use super::files::{FileAccess, Found, base_name};
use super::{Built, Implied, media_type, not_read};
use crate::collection::FormPart;
use crate::diagnostic::{Warning, WarningCode};
use crate::exchange::{Body, Chunk};
use crate::variable::Resolver;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const MEDIA_TYPE: &str = "multipart/form-data";

/// What RFC 8187 needs no escape for, as `form-data` has it.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'|')
    .remove(b'`')
    .remove(b'^');

/// The parts in order. `content_type` is the user's own: a boundary that it names is used.
pub(super) fn build(
    parts: &[FormPart],
    content_type: Option<&str>,
    files: &FileAccess,
    resolver: &mut Resolver<'_>,
) -> Built {
    let own = content_type.and_then(own_boundary);
    let boundary = own.map_or_else(boundary, str::to_owned);
    let mut form = Form { boundary, chunks: Vec::new(), text: Vec::new(), parts: 0 };
    let mut warnings = Vec::new();
    for part in parts.iter().filter(|part| !part.disabled) {
        let resolved = Part::resolve(part, resolver);
        if part.file {
            warnings.extend(form.file(&resolved, part.src.as_deref(), files, resolver));
        } else {
            form.part(
                &resolved,
                resolved.file_name.as_deref(),
                None,
                Content::Text(resolved.value.as_bytes()),
            );
        }
    }
    let value = format!("{MEDIA_TYPE}; boundary={}", form.boundary);
    let Some(body) = form.finish() else { return Built { warnings, ..Built::default() } };
    let fits = own.is_some();
    Built { body: Some(body), implied: Implied::Form { value, fits }, warnings }
}

/// The boundary of a `Content-Type` that the user wrote.
fn own_boundary(content_type: &str) -> Option<&str> {
    let parameters = content_type.strip_prefix(MEDIA_TYPE)?.strip_prefix(';')?;
    let (_, value) = parameters.rsplit_once("boundary=")?;
    let quoted = value.strip_prefix('"').and_then(|value| value.split_once('"'));
    let boundary = quoted.map_or_else(|| value.split(';').next().unwrap_or(value), |(boundary, _)| boundary);
    (!boundary.is_empty()).then_some(boundary)
}

fn boundary() -> String {
    let digits: String = (0..24).map(|_| char::from(b'0' + rand::random_range(0..10u8))).collect();
    format!("{}{digits}", "-".repeat(26))
}

/// A part with its variables resolved.
struct Part {
    key: String,
    value: String,
    content_type: Option<String>,
    file_name: Option<String>,
}

impl Part {
    fn resolve(part: &FormPart, resolver: &mut Resolver<'_>) -> Self {
        let mut text = |text: &str| resolver.resolve(text).into_owned();
        Self {
            key: text(&part.key),
            value: text(part.value.as_deref().unwrap_or_default()),
            content_type: part.content_type.as_deref().map(&mut text).filter(|kind| !kind.is_empty()),
            file_name: part.file_name.as_deref().map(&mut text),
        }
    }
}

/// What a part holds.
enum Content<'a> {
    Text(&'a [u8]),
    /// Bytes that are no text: their media type is never left open.
    Bytes(Vec<u8>),
    File(Found),
}

/// A body that grows part by part.
struct Form {
    boundary: String,
    chunks: Vec<Chunk>,
    text: Vec<u8>,
    parts: usize,
}

impl Form {
    /// A part of type `file`: one part a file, the value when there is none, else an empty part.
    fn file(
        &mut self,
        part: &Part,
        src: Option<&[String]>,
        files: &FileAccess,
        resolver: &mut Resolver<'_>,
    ) -> Vec<Warning> {
        let sources: Vec<String> = src
            .unwrap_or_default()
            .iter()
            .map(|path| resolver.resolve(path).into_owned())
            .filter(|path| !path.is_empty())
            .collect();
        if sources.is_empty() {
            return self.value(part);
        }
        let mut warnings = Vec::new();
        for path in sources {
            match files.find(&path) {
                Ok(found) => {
                    let name = part.file_name.as_deref().unwrap_or(&found.name).to_owned();
                    let kind = media_type::of(&found.name);
                    self.part(part, Some(&name), kind, Content::File(found));
                }
                Err(why) => {
                    let message =
                        format!("form part `{}`: cannot read `{path}`: {why}; it was left out", part.key);
                    warnings.push(not_read(message, &path, files));
                }
            }
        }
        warnings
    }

    fn value(&mut self, part: &Part) -> Vec<Warning> {
        let name = part.file_name.as_deref();
        if part.value.is_empty() {
            self.part(part, Some(name.unwrap_or_default()), None, Content::Text(b""));
            let message = format!("form part `{}` names no file; it was sent empty", part.key);
            return vec![Warning::new(WarningCode::BodyNotSent, message)];
        }
        match BASE64_STANDARD.decode(part.value.trim()) {
            Ok(bytes) => {
                self.part(part, name, None, Content::Bytes(bytes));
                Vec::new()
            }
            Err(error) => {
                let message =
                    format!("form part `{}`: the content is not base64 ({error}); it was left out", part.key);
                vec![Warning::new(WarningCode::BodyNotSent, message)]
            }
        }
    }

    /// Adds a part. `kind` is the media type of its file, if one is known by its extension.
    fn part(&mut self, part: &Part, file_name: Option<&str>, kind: Option<&str>, content: Content<'_>) {
        self.parts += 1;
        let mut head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{}\"",
            self.boundary,
            one_line(&part.key)
        );
        if let Some(name) = file_name.map(base_name) {
            let name = one_line(name);
            head += &format!("; filename=\"{name}\"");
            if name.chars().any(|c| !matches!(c, '\t' | ' '..='~' | '\u{80}'..='\u{ff}')) {
                head += &format!("; filename*=UTF-8''{}", extended(&name));
            }
        }
        let guess = || file_name.and_then(media_type::of);
        let fallback = || match content {
            Content::Text(_) => None,
            Content::Bytes(_) | Content::File(_) => Some(media_type::UNKNOWN),
        };
        let kind = part.content_type.as_deref().or(kind).or_else(guess).or_else(fallback);
        if let Some(kind) = kind {
            head += &format!("\r\nContent-Type: {}", one_line(kind));
        }
        self.text.extend_from_slice(head.as_bytes());
        self.text.extend_from_slice(b"\r\n\r\n");
        match content {
            Content::Text(bytes) => self.text.extend_from_slice(bytes),
            Content::Bytes(bytes) => self.text.extend_from_slice(&bytes),
            Content::File(found) => {
                self.chunks.push(Chunk::Bytes(std::mem::take(&mut self.text).into()));
                self.chunks.push(found.chunk);
            }
        }
        self.text.extend_from_slice(b"\r\n");
    }

    /// The body; `None` when no part was added.
    fn finish(mut self) -> Option<Body> {
        if self.parts == 0 {
            return None;
        }
        self.text.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        self.chunks.push(Chunk::Bytes(self.text.into()));
        Some(Body::of_chunks(self.chunks))
    }
}

/// Text for a part's head: a line end would forge further fields, so it is escaped as browsers do.
fn one_line(text: &str) -> String {
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// RFC 8187's extended value.
fn extended(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string().replace("%2A", "%2a")
}
