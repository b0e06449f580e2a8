//! The text a collection was read from, and where in it a value sits.

use super::node::{JsonPath, PathStep};
use super::v1::Origin;
use crate::diagnostic::Location;
use indexmap::IndexMap;
use serde_json::value::RawValue;
use std::sync::Arc;

/// A file's name and decoded text.
#[derive(Debug, Clone)]
pub struct Source {
    /// As the user named it.
    pub file: String,
    /// Decoded text (UTF-8, UTF-16 or windows-1252; byte order mark removed).
    pub text: String,
    /// SHA-256 of the file's bytes, hexadecimal.
    pub sha256: String,
}

impl Source {
    /// A place on that line.
    pub fn at_line(&self, line: u32) -> Location {
        Location { file: self.file.clone(), line, column: 1 }
    }

    /// Where the value at that path begins; reads the text anew, so for messages only.
    pub fn locate(&self, path: &JsonPath) -> Option<Location> {
        Some(self.at_offset(offset(&self.text, self.raw(path)?)))
    }

    /// The place at that byte of the text.
    pub(super) fn at_offset(&self, offset: usize) -> Location {
        let boundary = (0..=offset).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let before = &self.text[..boundary];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Location {
            file: self.file.clone(),
            line: before.matches('\n').count() as u32 + 1,
            column: before[line_start..].chars().count() as u32 + 1,
        }
    }

    /// The place a JSON parser means by a one-based line and a one-based column counted in bytes.
    pub(super) fn at_byte_column(&self, line: usize, column: usize) -> Location {
        let line_start = match line {
            0 | 1 => 0,
            _ => self.text.match_indices('\n').nth(line - 2).map_or(self.text.len(), |(at, _)| at + 1),
        };
        self.at_offset((line_start + column.saturating_sub(1)).min(self.text.len()))
    }

    /// The lines of all items and scripts below the collection at that path, in one walk.
    pub(super) fn outline(&self, path: &JsonPath) -> Outline {
        let newlines = self.text.match_indices('\n').map(|(at, _)| at).collect();
        let lines = Lines { text: &self.text, newlines };
        self.raw(path).map_or_else(Outline::default, |raw| lines.outline(raw))
    }

    /// As [`outline`](Self::outline) for a v1 collection, whose items are to be in the shape of `origins`.
    pub(super) fn outline_v1(&self, path: &JsonPath, origins: &[Origin]) -> Outline {
        let newlines = self.text.match_indices('\n').map(|(at, _)| at).collect();
        let lines = Lines { text: &self.text, newlines };
        let Some(raw) = self.raw(path) else { return Outline::default() };
        let fields = fields(raw);
        let list = |key: &str| fields.get(key).map(|raw| elements(raw)).unwrap_or_default();
        let (folders, requests) = (list("folders"), list("requests"));
        let mut outline = lines.outline_v1(raw);
        outline.items = lines.tree(origins, &folders, &requests);
        outline
    }

    fn raw(&self, path: &JsonPath) -> Option<&RawValue> {
        let mut raw: &RawValue = serde_json::from_str(&self.text).ok()?;
        for step in &path.0 {
            raw = match step {
                PathStep::Key(key) => fields(raw).swap_remove(key)?,
                PathStep::Index(index) => elements(raw).into_iter().nth(*index)?,
            };
        }
        Some(raw)
    }
}

/// Where items and scripts begin, in the shape of the item tree.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// One-based line of the item.
    pub(super) line: u32,
    /// For each script, the one-based lines its own lines are on.
    pub(super) events: Vec<Arc<[u32]>>,
    /// The children's.
    pub(super) items: Vec<Outline>,
}

impl Outline {
    /// The outline of that child.
    pub(super) fn item(&self, index: usize) -> &Outline {
        self.items.get(index).unwrap_or(self)
    }

    /// The lines of that script.
    pub(super) fn event(&self, index: usize) -> Arc<[u32]> {
        self.events.get(index).cloned().unwrap_or_else(|| Arc::from([self.line]))
    }
}

struct Lines<'t> {
    text: &'t str,
    newlines: Vec<usize>,
}

impl Lines<'_> {
    /// The lines of a script; of the event itself when it has none.
    fn script(&self, event: &RawValue) -> Arc<[u32]> {
        let script = fields(event).swap_remove("script").unwrap_or(event);
        let exec = fields(script).swap_remove("exec").unwrap_or(script);
        let mut texts = elements(exec);
        if texts.is_empty() {
            texts.push(exec);
        }
        texts.into_iter().flat_map(|text| std::iter::repeat_n(self.line(text), lines_in(text))).collect()
    }

    fn line(&self, raw: &RawValue) -> u32 {
        let offset = offset(self.text, raw);
        self.newlines.partition_point(|newline| *newline < offset) as u32 + 1
    }

    fn outline(&self, raw: &RawValue) -> Outline {
        let fields = fields(raw);
        let children = |key: &str| fields.get(key).map(|raw| elements(raw)).unwrap_or_default();
        Outline {
            line: self.line(raw),
            events: children("event").into_iter().map(|event| self.script(event)).collect(),
            items: children("item").into_iter().map(|item| self.outline(item)).collect(),
        }
    }
}

impl Lines<'_> {
    fn tree(&self, origins: &[Origin], folders: &[&RawValue], requests: &[&RawValue]) -> Vec<Outline> {
        let outline = |origin: &Origin| {
            let (list, index) = origin.place;
            let raw = if list == "folders" { folders.get(index) } else { requests.get(index) };
            let mut outline = raw.map(|raw| self.outline_v1(raw)).unwrap_or_default();
            outline.items = self.tree(&origin.items, folders, requests);
            outline
        };
        origins.iter().map(outline).collect()
    }

    /// A v1 folder's or request's line and scripts, without children.
    fn outline_v1(&self, raw: &RawValue) -> Outline {
        let fields = fields(raw);
        let legacy = ["tests", "preRequestScript"].into_iter().filter_map(|key| fields.get(key));
        let said = |raw: &&&RawValue| !matches!(raw.get(), "null" | "\"\"" | "false");
        let mut events: Vec<_> = legacy.filter(said).map(|script| self.script(script)).collect();
        if events.is_empty() {
            let all = fields.get("events").map(|raw| elements(raw)).unwrap_or_default();
            events = all.into_iter().map(|event| self.script(event)).collect();
        }
        Outline { line: self.line(raw), events, items: Vec::new() }
    }
}

/// How many lines of script a JSON string holds.
fn lines_in(text: &RawValue) -> usize {
    serde_json::from_str::<String>(text.get()).map_or(1, |text| text.matches('\n').count() + 1)
}

/// An object's fields, none if it is not one. As everywhere, the last of equal names counts.
fn fields(raw: &RawValue) -> IndexMap<String, &RawValue> {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

/// An array's elements, none if it is not one.
fn elements(raw: &RawValue) -> Vec<&RawValue> {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

/// Raw values borrow from the text: the distance of the pointers is the offset.
fn offset(text: &str, raw: &RawValue) -> usize {
    raw.get().as_ptr() as usize - text.as_ptr() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{
  "info": {"ä": "€", "x": 1},
  "item": [
    {"name": "one",
     "event": [{"listen": "test", "script": {"exec": [
        "first",
        "second"]}},
      {"listen": "prerequest"},
      {"listen": "test",
       "script": "te\nxt"}]},
    {
      "item": [
        {"name": "two", "name": "twice"}
      ]
    }
  ]
}"#;

    fn source() -> Source {
        Source { file: "c.json".into(), text: TEXT.into(), sha256: String::new() }
    }

    fn path(text: &str) -> JsonPath {
        let step = |s: &str| s.parse().map_or_else(|_| PathStep::Key(s.into()), PathStep::Index);
        JsonPath(text.split('/').filter(|s| !s.is_empty()).map(step).collect())
    }

    #[test]
    fn locates_values_by_path() {
        for (at, expected) in [
            ("", Some((1, 1))),
            ("info/ä", Some((2, 17))),
            ("info/x", Some((2, 27))),
            ("item/0/event/0/script/exec/1", Some((7, 9))),
            ("item/1", Some((11, 5))),
            ("item/1/item/0/name", Some((13, 33))),
            ("item/2", None),
            ("info/0", None),
            ("nope/x", None),
        ] {
            let found = source().locate(&path(at)).map(|l| (l.line, l.column));
            assert_eq!(found, expected, "{at}");
        }
    }

    #[test]
    fn outlines_items_and_scripts() {
        let outline = source().outline(&JsonPath::default());
        assert_eq!(
            outline,
            Outline {
                line: 1,
                events: vec![],
                items: vec![
                    Outline {
                        line: 4,
                        events: vec![[6, 7].into(), [8].into(), [10, 10].into()],
                        items: vec![]
                    },
                    Outline {
                        line: 11,
                        events: vec![],
                        items: vec![Outline { line: 13, events: vec![], items: vec![] }]
                    },
                ]
            }
        );
    }

    #[test]
    fn converts_byte_columns() {
        let source = Source { file: "x".into(), text: "ab\nä€x\n".into(), sha256: String::new() };
        for (line, column, expected) in
            [(1, 1, (1, 1)), (1, 0, (1, 1)), (2, 6, (2, 3)), (2, 3, (2, 2)), (9, 9, (3, 1)), (0, 0, (1, 1))]
        {
            let found = source.at_byte_column(line, column);
            assert_eq!((found.line, found.column), expected, "{line}:{column}");
        }
    }
}
