//! Postman's variables: scopes and how a template is resolved against them.

mod dynamic;
mod expression;
mod scope;
mod substitute;
mod suggest;
mod text;

pub use dynamic::{Dynamic, is_dynamic_name};
pub use scope::{Scopes, Variable, VariableScope};
pub use substitute::Resolver;
pub use text::text_of;
