//! Postman Collection v2.x as plain values.

use crate::diagnostic::Warning;
use crate::variable::VariableScope;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A collection, with the text it was read from.
#[derive(Debug, Clone)]
pub struct Collection {
    /// `info.name`; empty when the file has none.
    pub name: String,
    /// `info._postman_id`, or a generated one.
    pub id: String,
    /// Top-level items and folders in order.
    pub items: Vec<ItemNode>,
    /// Collection auth.
    pub auth: Option<RequestAuth>,
    /// Collection scripts.
    pub events: Vec<Event>,
    /// Collection variables.
    pub variables: VariableScope,
    /// `protocolProfileBehavior`, as written.
    pub behavior: Map<String, Value>,
    /// The document as exported; ids that were missing are filled in.
    pub document: Arc<Value>,
    /// The text, for locations.
    pub source: Arc<super::Source>,
    /// Whether it was a v1 collection; the document is v2.1.
    pub upgraded: bool,
    /// What in the file makes no sense and was left out of account.
    pub warnings: Vec<Warning>,
}

/// A folder or an item.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "nearly every node is an item: a box would save nothing")]
pub enum ItemNode {
    /// A request.
    Item(Item),
    /// A folder.
    Group(ItemGroup),
}

/// A folder.
#[derive(Debug, Clone)]
pub struct ItemGroup {
    /// `id`, or a generated one.
    pub id: String,
    /// `name`.
    pub name: String,
    /// Children in order.
    pub items: Vec<ItemNode>,
    /// Folder auth.
    pub auth: Option<RequestAuth>,
    /// Folder scripts.
    pub events: Vec<Event>,
    /// `protocolProfileBehavior`, as written.
    pub behavior: Map<String, Value>,
    /// One-based line of the folder in the file.
    pub line: u32,
}

/// A request with its scripts.
#[derive(Debug, Clone)]
pub struct Item {
    /// `id`, or a generated one.
    pub id: String,
    /// `name`.
    pub name: String,
    /// The request.
    pub request: Request,
    /// Item scripts.
    pub events: Vec<Event>,
    /// `protocolProfileBehavior`, as written.
    pub behavior: Map<String, Value>,
    /// One-based line of the item in the file.
    pub line: u32,
}

/// A request as written: nothing substituted.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Upper-cased; `GET` when absent. Left as written when it holds `{{name}}`: names are case-sensitive.
    pub method: String,
    /// The URL.
    pub url: Url,
    /// Header fields, disabled ones included.
    pub headers: Vec<HeaderParam>,
    /// The body, if one is written.
    pub body: Option<RequestBody>,
    /// The body is `disabled`: not sent.
    pub body_disabled: bool,
    /// The request's own auth.
    pub auth: Option<RequestAuth>,
    /// The request's own proxy, as written.
    pub proxy: Option<Value>,
    /// What else is written of it, for scripts.
    pub details: Option<super::Details>,
}

/// A URL in parts, as Postman stores it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Url {
    /// Without `://`.
    pub protocol: Option<String>,
    /// `user:password` before the host.
    pub auth: Option<String>,
    /// Host, segments joined by `.`.
    pub host: String,
    /// Port.
    pub port: Option<String>,
    /// Path segments; `None` when the URL has no path at all.
    pub path: Option<Vec<String>>,
    /// Query parameters, disabled ones included.
    pub query: Vec<QueryParam>,
    /// Values for `:name` path segments.
    pub variables: Vec<PathVariable>,
    /// What follows `#`; never sent.
    pub hash: Option<String>,
}

/// A query parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryParam {
    /// Key (`None`: only a value).
    pub key: Option<String>,
    /// Value (`None`: key without `=`).
    pub value: Option<String>,
    /// Not sent.
    pub disabled: bool,
}

/// A value for a `:key` segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathVariable {
    /// Name without the colon.
    pub key: String,
    /// Value; the segment stays as written when absent or empty.
    pub value: Option<String>,
    /// Not used.
    pub disabled: bool,
}

/// A header field as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderParam {
    /// Name.
    pub key: String,
    /// Value.
    pub value: String,
    /// Not sent.
    pub disabled: bool,
}

/// A body as written.
#[derive(Debug, Clone, PartialEq)]
pub enum RequestBody {
    /// Text, sent as it stands.
    Raw {
        /// The text.
        text: String,
        /// `options.raw.language`: `json`, `text`, `javascript`, `html`, `xml`.
        language: Option<String>,
    },
    /// `application/x-www-form-urlencoded`.
    UrlEncoded(Vec<QueryParam>),
    /// `multipart/form-data`.
    FormData(Vec<FormPart>),
    /// A file's content.
    File {
        /// Path of the file.
        src: Option<String>,
        /// Inline content, base64.
        content: Option<String>,
    },
    /// A GraphQL query.
    ///
    /// `query`, `operationName` and `variables` as written, as far as they are; text or not decides how they are sent.
    GraphQl(Map<String, Value>),
    /// A mode this version does not know, e.g. of a newer app; empty when the body names none.
    Unknown(String),
    /// `{}`: nothing is sent, and scripts see an object.
    Empty,
}

/// A part of a multipart body.
#[derive(Debug, Clone, PartialEq)]
pub struct FormPart {
    /// Name.
    pub key: String,
    /// Text value.
    pub value: Option<String>,
    /// Files, for `type: file`.
    pub src: Option<Vec<String>>,
    /// Whether `type` is `file`.
    pub file: bool,
    /// `contentType`.
    pub content_type: Option<String>,
    /// `fileName`.
    pub file_name: Option<String>,
    /// Not sent.
    pub disabled: bool,
}

/// Auth as written: the scheme's name and its parameters, v2.0 and v2.1 alike.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestAuth {
    /// `basic`, `bearer`, `apikey`, `noauth`, …
    pub kind: String,
    /// Parameters in order.
    pub params: Vec<(String, Value)>,
}

/// A script and when it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `prerequest` or `test` (others are kept, never run).
    pub listen: String,
    /// Source, lines joined by `\n`; shared, because every item inherits its folders' scripts.
    pub script: Arc<str>,
    /// Not run.
    pub disabled: bool,
    /// One-based line in the file of each of the script's lines.
    pub lines: Arc<[u32]>,
    /// Name of the collection, folder or item it is written in.
    pub owner: Arc<str>,
}

impl Event {
    /// Line in the file of that line of the script, both from 1; the last one known when there is none.
    pub fn line(&self, of: u32) -> u32 {
        let index = of.saturating_sub(1) as usize;
        self.lines.get(index).or(self.lines.last()).copied().unwrap_or(1)
    }
}
