//! The data of a run: one row of variables an iteration, from JSON or CSV.
//!
//! What the file holds decides, not its name (newman's rule): JSON first, then JSON Lines, which newman does not know,
//! then CSV.

mod cast;
mod csv;

use crate::collection::{InputFile, Node, ShapeError, Source};
use crate::diagnostic::{InputError, Warning, WarningCode};
use crate::variable::VariableScope;
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::Arc;

/// How messages call the file.
pub const NOUN: &str = "iteration data";

const ROW_HINT: &str = r#"write a list of objects, one an iteration: [{"user": "a"}, {"user": "b"}]"#;

/// Objects.
type Rows = Vec<Arc<Value>>;

/// Rows of variables.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IterationData {
    rows: Rows,
    /// What the user should know about the file.
    pub warnings: Vec<Warning>,
}

impl IterationData {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row of an iteration, an object; the last one again where there are more iterations than rows.
    pub fn row(&self, iteration: u32) -> Option<&Arc<Value>> {
        let index = usize::try_from(iteration).unwrap_or(usize::MAX);
        self.rows.get(index).or_else(|| self.rows.last())
    }

    /// The variables of an iteration.
    pub fn scope(&self, iteration: u32) -> VariableScope {
        let mut scope = VariableScope::default();
        for (name, value) in self.row(iteration).and_then(|row| row.as_object()).into_iter().flatten() {
            scope.set(name, value.clone());
        }
        scope
    }
}

/// Reads a data file; `-` is standard input. `delimiter` separates the fields of CSV, where it is not a comma.
pub fn read(path: impl AsRef<Path>, delimiter: Option<u8>) -> Result<IterationData, InputError> {
    let file = InputFile::new(NOUN, path.as_ref());
    let bytes = file.read()?;
    rows(&file, &bytes, delimiter)
}

/// Reads data from bytes; `file_name` is how messages name it.
pub fn parse(file_name: &str, bytes: &[u8], delimiter: Option<u8>) -> Result<IterationData, InputError> {
    rows(&InputFile::new(NOUN, Path::new(file_name)), bytes, delimiter)
}

fn rows(file: &InputFile, bytes: &[u8], delimiter: Option<u8>) -> Result<IterationData, InputError> {
    let source = file.text(bytes);
    let mut data = match json(file, &source)? {
        Some(rows) => IterationData { rows, warnings: Vec::new() },
        None => csv::rows(&source, delimiter.unwrap_or(b',')).map_err(|error| {
            let csv::CsvError { message, hint, line } = error;
            file.refuse_at(&message, hint, source.at_line(line))
        })?,
    };
    if data.is_empty() {
        let message = format!("the iteration data `{}` has no rows: one iteration without data", file.name());
        data.warnings.push(Warning::new(WarningCode::IterationData, message));
    }
    Ok(data)
}

/// The rows of a text that is JSON or JSON Lines; `None` when it is neither, nor meant to be.
fn json(file: &InputFile, source: &Source) -> Result<Option<Rows>, InputError> {
    let meant = source.text.trim_start().starts_with(['[', '{']);
    match serde_json::from_str::<Value>(&source.text) {
        // One object is one row, as one line of JSON Lines is.
        Ok(object @ Value::Object(_)) => Ok(Some(vec![Arc::new(object)])),
        Ok(list @ Value::Array(_)) => elements(&list).map(Some).map_err(|error| file.refuse(source, error)),
        Ok(_) => Ok(None),
        Err(_) if !meant => Ok(None),
        Err(_) if is_json_lines(&source.text) => json_lines(file, source).map(Some),
        Err(error) => Err(file.not_json(source, &error)),
    }
}

fn elements(list: &Value) -> Result<Rows, ShapeError> {
    let root = Node::root(list);
    let row = |node: Node<'_>| node.object(ROW_HINT).map(|row| Arc::new(Value::Object(row.clone())));
    root.elements().into_iter().flatten().map(row).collect()
}

/// Whether the first line that is not blank is an object, all of it.
fn is_json_lines(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| serde_json::from_str::<Map<String, Value>>(line).is_ok())
}

fn json_lines(file: &InputFile, source: &Source) -> Result<Rows, InputError> {
    let row = |(number, line): (u32, &str)| {
        let row: Result<Map<_, _>, _> = serde_json::from_str(line);
        row.map(|row| Arc::new(Value::Object(row))).map_err(|error| {
            let text = error.to_string();
            let message = text.split(" at line ").next().unwrap_or(&text);
            file.refuse_at(message, "write one object a line", source.at_line(number))
        })
    };
    (1..).zip(source.text.lines()).filter(|(_, line)| !line.trim().is_empty()).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn values(text: &str) -> Value {
        let data = parse("d", text.as_bytes(), None).unwrap();
        data.rows.iter().map(|row| (**row).clone()).collect()
    }

    #[test]
    fn the_content_decides_what_a_file_is() {
        for (text, expected) in [
            (r#"[{"a": 1, "b": null}, {"a": [true]}]"#, json!([{"a": 1, "b": null}, {"a": [true]}])),
            ("\u{feff}\n [] \n", json!([])),
            (r#"{"a": {"b": 1}}"#, json!([{"a": {"b": 1}}])),
            ("{\"a\": 1}\r\n\n{\"a\": \"2\"}\n", json!([{"a": 1}, {"a": "2"}])),
            ("a\n1\n", json!([{"a": 1}])),
            ("\u{feff}a\n1", json!([{"a": 1}])),
            ("5\nx", json!([{"5": "x"}])),
            ("\"a\"\n\"1\"", json!([{"a": "1"}])),
        ] {
            assert_eq!(values(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_last_row_serves_the_iterations_that_have_none() {
        let data = parse("d", b"a\n1\n2", None).unwrap();
        let of = |iteration| data.scope(iteration).get("a").cloned();
        assert_eq!([of(0), of(1), of(2), of(9)], [1, 2, 2, 2].map(|n| Some(json!(n))));
        assert!(IterationData::default().scope(0).is_empty());
    }

    #[test]
    fn data_without_rows_is_told() {
        for text in ["", "[]", "a,b\n"] {
            let data = parse("d.csv", text.as_bytes(), None).unwrap();
            assert!(data.is_empty());
            let told: Vec<_> = data.warnings.iter().map(|warning| warning.message.as_str()).collect();
            assert_eq!(told, ["the iteration data `d.csv` has no rows: one iteration without data"]);
        }
    }
}
