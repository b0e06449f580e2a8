//! Postman Collections: the model and how a file becomes one.

mod model;
mod source;

pub use model::*;
pub use source::Source;
