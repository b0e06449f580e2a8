//! Reads the keys of one table: what is missing, misspelt or of the wrong kind is noted, and reading goes on.

use super::problem::Problems;
use super::tree::{At, Node, Table, Value};
use crate::diagnostic::suggest;
use indexmap::IndexMap;
use std::cell::RefCell;

/// A table being read. Every key asked for counts as known; [`done`](Self::done) notes the others.
pub(super) struct Reader<'a> {
    table: &'a Table,
    /// Where the table is.
    pub(super) at: At,
    /// What messages call it, e.g. `login.protected`; empty for the document.
    path: String,
    asked: RefCell<Vec<&'static str>>,
    problems: &'a Problems,
}

impl<'a> Reader<'a> {
    pub(super) fn new(table: &'a Table, at: At, path: String, problems: &'a Problems) -> Self {
        Self { table, at, path, asked: RefCell::default(), problems }
    }

    /// Notes a mistake at a value.
    pub(super) fn wrong(&self, at: &At, message: impl Into<String>, hint: Option<String>) {
        self.problems.add(at, message.into(), hint);
    }

    /// Notes a mistake at the value of a key, or at the table where it has none.
    pub(super) fn wrong_at(&self, key: &str, message: impl Into<String>) {
        let at = self.table.get(key).map_or(&self.at, |node| &node.at);
        self.problems.add(at, message.into(), None);
    }

    /// The value of a key, of whatever kind.
    pub(super) fn node(&self, key: &'static str) -> Option<&'a Node> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn missing(&self, key: &str, what: &str) {
        let at = if self.path.is_empty() { At { text: self.at.text, span: 0..0 } } else { self.at.clone() };
        self.problems.add(&at, format!("`{}` is missing: {what}", self.name(key)), None);
    }

    fn expected(&self, node: &Node, what: &str) {
        self.problems.add(&node.at, format!("expected {what}, found {}", node.value.kind()), None);
    }

    /// A string.
    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        let node = self.node(key)?;
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            _ => {
                self.expected(node, "a string");
                None
            }
        }
    }

    /// A string that must be there; `what` says what it is for.
    pub(super) fn need_text(&self, key: &'static str, what: &str) -> String {
        if self.node(key).is_none() {
            self.missing(key, what);
        }
        self.text(key).unwrap_or_default()
    }

    /// A string or a number, as text: what may be a template of a number.
    pub(super) fn scalar(&self, key: &'static str) -> Option<String> {
        let node = self.node(key)?;
        let text = scalar(&node.value);
        if text.is_none() {
            self.expected(node, "a string or a number");
        }
        text
    }

    /// A number from `least`.
    pub(super) fn number(&self, key: &'static str, least: f64) -> Option<f64> {
        let node = self.node(key)?;
        match node.value {
            Value::Number(number) if number >= least => Some(number),
            Value::Number(_) => {
                self.wrong(&node.at, format!("expected a number from {least}"), None);
                None
            }
            _ => {
                self.expected(node, "a number");
                None
            }
        }
    }

    /// A whole number from 1.
    pub(super) fn count(&self, key: &'static str) -> Option<u32> {
        let number = self.number(key, 1.0)?;
        if number.fract() != 0.0 || number > f64::from(u32::MAX) {
            self.wrong_at(key, "expected a whole number");
            return None;
        }
        Some(number as u32)
    }

    /// A string, or an array of strings.
    pub(super) fn texts(&self, key: &'static str) -> Vec<String> {
        self.each(key).filter_map(|node| self.text_of(node)).collect()
    }

    /// The value itself, or each of an array.
    pub(super) fn each(&self, key: &'static str) -> impl Iterator<Item = &'a Node> + use<'a> {
        self.node(key).into_iter().flat_map(|node| match &node.value {
            Value::List(items) => items.iter(),
            _ => std::slice::from_ref(node).iter(),
        })
    }

    /// The text of a node.
    pub(super) fn text_of(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            _ => {
                self.expected(node, "a string");
                None
            }
        }
    }

    /// A table whose values are strings (or numbers and booleans, which count as their text).
    pub(super) fn map(&self, key: &'static str) -> IndexMap<String, String> {
        let Some(node) = self.node(key) else { return IndexMap::new() };
        let Value::Table(table) = &node.value else {
            self.expected(node, "a table of strings");
            return IndexMap::new();
        };
        let value = |node: &Node| {
            let text = scalar(&node.value);
            if text.is_none() {
                self.expected(node, "a string");
            }
            text.unwrap_or_default()
        };
        table.0.iter().map(|(key, entry)| (key.clone(), value(&entry.node))).collect()
    }

    /// A table of values that `parse` understands.
    pub(super) fn map_of<T>(
        &self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> IndexMap<String, T> {
        let Some(node) = self.node(key) else { return IndexMap::new() };
        let Value::Table(table) = &node.value else {
            self.expected(node, "a table of strings");
            return IndexMap::new();
        };
        let entries = table.0.iter();
        entries
            .filter_map(|(key, entry)| Some((key.clone(), self.understood(&entry.node, &parse)?)))
            .collect()
    }

    /// One value that `parse` understands.
    pub(super) fn parsed<T>(
        &self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.understood(self.node(key)?, &parse)
    }

    /// One or several values that `parse` understands.
    pub(super) fn parsed_each<T>(
        &self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        self.each(key).filter_map(|node| self.understood(node, &parse)).collect()
    }

    fn understood<T>(&self, node: &Node, parse: &impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let Some(text) = scalar(&node.value) else {
            self.expected(node, "a string");
            return None;
        };
        parse(&text).map_err(|message| self.wrong(&node.at, message, None)).ok()
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let node = self.node(key)?;
        self.chosen(node, words)
    }

    /// One of a few words at a node.
    pub(super) fn chosen<T: Copy>(&self, node: &Node, words: &[(&str, T)]) -> Option<T> {
        let text = self.text_of(node)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let all: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            let hint = suggest(&text, words.iter().map(|(word, _)| *word));
            self.wrong(
                &node.at,
                format!("`{text}` is none of {}", all.join(", ")),
                hint.map(|close| format!("did you mean `{close}`?")),
            );
        }
        found
    }

    /// A table.
    pub(super) fn table(&self, key: &'static str) -> Option<Reader<'a>> {
        let node = self.node(key)?;
        self.table_of(node, key)
    }

    /// A table that must be there.
    pub(super) fn need_table(&self, key: &'static str, what: &str) -> Option<Reader<'a>> {
        if self.node(key).is_none() {
            self.missing(key, what);
        }
        self.table(key)
    }

    /// The tables of an array; one table alone counts as an array of one.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Reader<'a>> {
        self.each(key).filter_map(|node| self.table_of(node, key)).collect()
    }

    /// A node as a table.
    pub(super) fn table_of(&self, node: &'a Node, key: &str) -> Option<Reader<'a>> {
        match &node.value {
            Value::Table(table) => Some(Reader::new(table, node.at.clone(), self.name(key), self.problems)),
            _ => {
                self.expected(node, "a table");
                None
            }
        }
    }

    /// Reads a table put together from others.
    pub(super) fn within<T>(
        &self,
        table: &Table,
        at: At,
        key: &str,
        read: impl FnOnce(&Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        let reader = Reader::new(table, at, self.name(key), self.problems);
        let value = read(&reader);
        reader.done();
        value
    }

    /// Keys and values, whatever the keys: for tables whose keys are the user's.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a At, &'a Node)> + use<'a> {
        self.table.0.iter().map(|(key, entry)| (key.as_str(), &entry.key, &entry.node))
    }

    /// Notes the keys nobody asked for.
    pub(super) fn done(self) {
        let asked = self.asked.borrow();
        for (key, at, _) in self.entries().filter(|(key, ..)| !asked.contains(key)) {
            let hint = match suggest(key, asked.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => {
                    let mut keys = asked.clone();
                    keys.sort_unstable();
                    keys.dedup();
                    format!("there are {}", keys.join(", "))
                }
            };
            let place = if self.path.is_empty() { String::new() } else { format!(" in `{}`", self.path) };
            self.problems.add(at, format!("unknown key `{key}`{place}"), Some(hint));
        }
    }
}

/// The text of a string, a number or a boolean.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) | Value::Date(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Boolean(flag) => Some(flag.to_string()),
        Value::List(_) | Value::Table(_) => None,
    }
}
