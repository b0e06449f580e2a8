//! Header fields: names as spelled, order and duplicates kept.

use serde::{Deserialize, Serialize};

/// One header field, name spelled as sent or received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Field name.
    pub key: String,
    /// Field value; bytes above 0x7f are read as Latin-1.
    pub value: String,
    /// Added by us (auth, what a body implies, what every request carries), not by the user.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub system: bool,
}

/// Header fields in order, duplicates kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Headers(pub Vec<Header>);

impl Headers {
    /// The first field of that name (case-insensitive, RFC 9110 §5.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|h| h.key.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// Every field of that name, in order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |h| h.key.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// Whether a field of that name is there.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Adds a field at the end.
    pub fn push(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.push(Header { key: key.into(), value: value.into(), system: false });
    }

    /// Adds a field that the user did not write at the end.
    pub fn push_system(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.push(Header { key: key.into(), value: value.into(), system: true });
    }

    /// Removes every field of that name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|h| !h.key.eq_ignore_ascii_case(name));
    }

    /// Fields in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Header> {
        self.0.iter()
    }
}
