//! Postman's variables: scopes and how a template is resolved against them.

mod scope;

pub use scope::{Scopes, Variable, VariableScope};
