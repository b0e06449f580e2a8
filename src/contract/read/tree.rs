//! A TOML document as a tree whose every key and value knows where it is written, and one laid over another.

use indexmap::IndexMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where something is written: bytes of one of the texts a contract is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    /// Which text: 0 is the file itself, 1 what it extends.
    pub(super) text: usize,
    /// Bytes.
    pub(super) span: Range<usize>,
}

/// A value.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) at: At,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    /// An integer or a float.
    Number(f64),
    Boolean(bool),
    Date(String),
    List(Vec<Node>),
    Table(Table),
}

impl Value {
    /// What a person calls it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Number(_) => "a number",
            Self::Boolean(_) => "a boolean",
            Self::Date(_) => "a date",
            Self::List(_) => "an array",
            Self::Table(_) => "a table",
        }
    }
}

/// Keys in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Table(pub(super) IndexMap<String, Entry>);

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: At,
    pub(super) node: Node,
}

impl Table {
    /// The tree of a document; `text` numbers the text it is from.
    pub(super) fn new(document: &DeTable<'_>, text: usize) -> Self {
        let entries = document.iter().map(|(key, value)| {
            let entry = Entry { key: At { text, span: key.span() }, node: Node::new(value, text) };
            (key.get_ref().to_string(), entry)
        });
        Self(entries.collect())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.0.get(key).map(|entry| &entry.node)
    }

    /// The text at a key.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match &self.get(key)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Lays a table over this one: what it says counts, what it does not say stays.
    pub(super) fn lay(&mut self, over: Self) {
        for alternatives in ALTERNATIVES {
            if alternatives.iter().any(|key| over.0.contains_key(*key)) {
                self.0.retain(|key, _| over.0.contains_key(key) || !alternatives.contains(&key.as_str()));
            }
        }
        for (key, entry) in over.0 {
            match self.0.get_mut(&key) {
                Some(base) => {
                    base.key = entry.key;
                    base.node.lay(&key, entry.node);
                }
                None => drop(self.0.insert(key, entry)),
            }
        }
    }
}

/// Keys of which one takes the place of the others.
const ALTERNATIVES: [&[&str]; 2] = [&["json", "form", "text"], &["request", "step"]];

/// Lists whose entries are told apart by a key. An entry starts from the one of the same name below it; entries below
/// that are not named again stay in the lists that say so.
const KEYED: [(&str, &str, bool); 4] =
    [("client", "id", false), ("login", "id", false), ("row", "case", true), ("not-consumed", "id", true)];

impl Node {
    fn new(value: &Spanned<DeValue<'_>>, text: usize) -> Self {
        let number = |digits: &str| digits.replace('_', "").parse::<f64>().unwrap_or(f64::NAN);
        let converted = match value.get_ref() {
            DeValue::String(string) => Value::Text(string.to_string()),
            DeValue::Integer(integer) => Value::Number(
                i64::from_str_radix(integer.as_str(), integer.radix()).map_or(f64::NAN, |n| n as f64),
            ),
            DeValue::Float(float) => Value::Number(number(float.as_str())),
            DeValue::Boolean(flag) => Value::Boolean(*flag),
            DeValue::Datetime(date) => Value::Date(date.to_string()),
            DeValue::Array(items) => Value::List(items.iter().map(|item| Self::new(item, text)).collect()),
            DeValue::Table(table) => Value::Table(Table::new(table, text)),
        };
        Self { at: At { text, span: value.span() }, value: converted }
    }

    fn lay(&mut self, key: &str, over: Self) {
        let keyed = KEYED.iter().find(|(list, ..)| *list == key);
        match (&mut self.value, over.value, keyed) {
            (Value::Table(base), Value::Table(over), _) => base.lay(over),
            (Value::List(base), Value::List(over), Some((_, name, keeps))) => {
                lay_list(base, over, name, *keeps)
            }
            // `"rt.chain" = "SHOULD"` says another level for a check whose clause stays.
            (Value::Table(base), Value::Text(level), _) if base.0.contains_key("level") && level != "off" => {
                if let Some(entry) = base.0.get_mut("level") {
                    entry.node = Self { at: over.at.clone(), value: Value::Text(level) };
                }
            }
            (_, value, _) => self.value = value,
        }
        self.at = over.at;
    }
}

fn lay_list(base: &mut Vec<Node>, over: Vec<Node>, name: &str, keeps: bool) {
    let named = |node: &Node| match &node.value {
        Value::Table(table) => table.text(name).map(str::to_owned),
        _ => None,
    };
    let mut below = std::mem::take(base);
    for node in over {
        let same =
            named(&node).and_then(|wanted| below.iter().position(|node| named(node) == Some(wanted.clone())));
        match same {
            Some(at) => {
                let mut merged = below.remove(at);
                merged.lay("", node);
                base.push(merged);
            }
            None => base.push(node),
        }
    }
    if keeps {
        below.append(base);
        *base = below;
    }
}
