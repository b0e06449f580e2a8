//! What a person is told when a command cannot go on: what, why, and how to mend it.

use super::exit::Exit;
use std::fmt;

/// Three lines and an exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What could not be done.
    pub(crate) what: String,
    /// Why not.
    pub(crate) cause: Option<String>,
    /// How to mend it.
    pub(crate) hint: Option<String>,
    /// Lines of the input, marked where they are wrong; empty for none.
    pub(crate) excerpt: String,
    /// How the process ends.
    pub(crate) exit: Exit,
}

impl Failure {
    /// A failure without cause or hint.
    pub(crate) fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { what: what.into(), cause: None, hint: None, excerpt: String::new(), exit }
    }

    /// Adds the cause.
    pub(crate) fn cause(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Adds the lines that are wrong.
    pub(crate) fn excerpt(mut self, excerpt: String) -> Self {
        self.excerpt = excerpt;
        self
    }

    /// Adds how to mend it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        if !self.excerpt.is_empty() {
            write!(f, "\n{}", self.excerpt)?;
        }
        if let Some(cause) = &self.cause {
            write!(f, "\n  caused by: {}", cause.replace('\n', "\n    "))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}
