//! Postman Collections: the model and how a file becomes one.
//!
//! A file is decoded (`decode`), parsed once as JSON (`document`) and walked with a cursor that knows its JSON
//! path (`node`), so that every refusal says where. Lines are looked up in the text only when needed (`source`).
//!
//! What newman tolerates is tolerated: a field that makes no sense is left out of account and warned about. Known
//! differences from newman, all on the lenient or the loud side:
//! - a URL object with only `raw` is parsed from `raw` (newman: "request url is empty");
//! - numbers and booleans stand for their text wherever text is meant (newman drops some of them);
//! - `{{name}}` in a method keeps its case (newman upper-cases the name, which then resolves to nothing);
//! - a document without `item`, and one that is no collection at all, is refused (newman runs nothing, exit 0).

mod body;
mod complete;
mod decode;
mod details;
mod document;
mod export;
mod identify;
mod model;
mod node;
mod params;
mod read;
mod request;
mod source;
mod url;
mod v1;
mod variables;
mod write;

#[cfg(test)]
mod tests;

pub use details::Details;
pub use document::JsonFile;
pub(crate) use document::{Document, InputFile};
pub use export::export;
pub(crate) use identify::{Identity, identify};
pub use model::*;
pub use node::{JsonPath, PathStep};
pub(crate) use node::{Node, ShapeError};
pub use source::Source;
pub(crate) use url::mask as mask_variables;
pub(crate) use variables::{unknown_fields, variables};

use crate::diagnostic::InputError;
use std::path::Path;

/// Reads a collection file; `-` is standard input.
pub fn read(path: impl AsRef<Path>) -> Result<Collection, InputError> {
    let file = InputFile::new("collection", path.as_ref());
    let bytes = file.read()?;
    read::collection(&file, &bytes)
}

/// Reads a collection from bytes; `file_name` is how messages name it.
pub fn parse(file_name: &str, bytes: &[u8]) -> Result<Collection, InputError> {
    read::collection(&InputFile::new("collection", Path::new(file_name)), bytes)
}
