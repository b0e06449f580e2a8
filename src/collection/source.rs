//! The text a collection was read from, and where in it a value sits.

use crate::diagnostic::Location;

/// A file's name and decoded text.
#[derive(Debug, Clone)]
pub struct Source {
    /// As the user named it.
    pub file: String,
    /// Decoded text (UTF-8 or UTF-16, byte order mark removed).
    pub text: String,
}

impl Source {
    /// A place on that line.
    pub fn at_line(&self, line: u32) -> Location {
        Location { file: self.file.clone(), line, column: 1 }
    }
}
