//! CSV as newman reads it: a header, then one row a record.
//!
//! The few lines of grammar are here, not the `csv` crate's, because what newman makes of a field hangs on what that
//! crate does not tell: whether it was quoted (then it is no number), and which lines were blank (they are rows).

use super::IterationData;
use super::cast::cast;
use crate::collection::Source;
use crate::diagnostic::{Warning, WarningCode};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Text that is no CSV.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CsvError {
    pub(super) message: String,
    pub(super) hint: &'static str,
    /// One-based.
    pub(super) line: u32,
}

/// A field: its text, and whether it was quoted.
struct Field {
    text: String,
    quoted: bool,
}

/// A record and the line it begins on.
struct Record {
    fields: Vec<Field>,
    line: u32,
}

/// The rows below the header. A short record leaves its last columns out, a long one loses what has no column; of
/// equal names the last column counts; a blank line is a row whose first column is empty.
pub(super) fn rows(source: &Source, delimiter: u8) -> Result<IterationData, CsvError> {
    let mut records = Records::new(&source.text, delimiter);
    let Some(header) = records.next()? else { return Ok(IterationData::default()) };
    let columns: Vec<String> = header.fields.into_iter().map(|field| field.text).collect();
    let mut data = IterationData::default();
    let mut blank = Vec::new();
    while let Some(record) = records.next()? {
        if let [Field { text, quoted: false }] = record.fields.as_slice()
            && text.is_empty()
        {
            blank.push(record.line);
        }
        let value = |field: Field| if field.quoted { Value::from(field.text) } else { cast(&field.text) };
        let row: Map<_, _> = columns.iter().cloned().zip(record.fields.into_iter().map(value)).collect();
        data.rows.push(Arc::new(Value::Object(row)));
    }
    data.warnings.extend(other_delimiter(source, &columns, delimiter));
    data.warnings.extend(blank_lines(source, &blank));
    Ok(data)
}

fn blank_lines(source: &Source, lines: &[u32]) -> Option<Warning> {
    let message = match lines {
        [] => return None,
        [line] => format!("line {line} is blank: it runs an iteration whose first column is empty"),
        [line, rest @ ..] => format!(
            "line {line} and {} more are blank: each runs an iteration whose first column is empty",
            rest.len()
        ),
    };
    let warning =
        Warning::new(WarningCode::IterationData, message).hint("remove blank lines from the data file");
    Some(warning.at(lines.first().map(|line| source.at_line(*line))))
}

/// A single column whose name holds another usual delimiter.
fn other_delimiter(source: &Source, columns: &[String], delimiter: u8) -> Option<Warning> {
    let [column] = columns else { return None };
    let (found, name) =
        [(';', "';'"), ('\t', "tab"), ('|', "'|'")].into_iter().find(|(c, _)| column.contains(*c))?;
    let message = format!("the data file has one column, `{}`", column.replace('\t', "\\t"));
    (u32::from(found) != u32::from(delimiter)).then(|| {
        Warning::new(WarningCode::IterationData, message)
            .hint(format!("--data-delimiter {name} separates it there"))
            .at(Some(source.at_line(1)))
    })
}

/// Reads records one by one.
struct Records<'t> {
    rest: &'t str,
    delimiter: char,
    line: u32,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        Self { rest: text, delimiter: char::from(delimiter), line: 1 }
    }

    fn next(&mut self) -> Result<Option<Record>, CsvError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut record = Record { fields: Vec::new(), line: self.line };
        loop {
            record.fields.push(self.field()?);
            match self.rest.strip_prefix(self.delimiter) {
                Some(rest) => self.rest = rest,
                None => {
                    self.take(line_end(self.rest).unwrap_or(0));
                    return Ok(Some(record));
                }
            }
        }
    }

    /// A field up to the delimiter or the line's end, without the white space around it.
    fn field(&mut self) -> Result<Field, CsvError> {
        self.skip_blanks();
        if let Some(inner) = self.rest.strip_prefix('"') {
            let text = self.quoted(inner)?;
            self.skip_blanks();
            if !self.rest.is_empty()
                && !self.rest.starts_with(self.delimiter)
                && line_end(self.rest).is_none()
            {
                return Err(self.error("text follows the closing quote of a field"));
            }
            return Ok(Field { text, quoted: true });
        }
        let end = self.rest.find([self.delimiter, '\r', '\n']).unwrap_or(self.rest.len());
        let text = self.rest[..end].trim_end().to_owned();
        self.take(end);
        Ok(Field { text, quoted: false })
    }

    /// The text of a quoted field, of which `inner` is what follows the opening quote; two quotes are one.
    fn quoted(&mut self, inner: &'t str) -> Result<String, CsvError> {
        let mut text = String::new();
        let mut left = inner;
        loop {
            let (before, after) =
                left.split_once('"').ok_or_else(|| self.error("a quoted field is not closed"))?;
            text.push_str(before);
            match after.strip_prefix('"') {
                Some(more) => {
                    text.push('"');
                    left = more;
                }
                None => {
                    self.take(self.rest.len() - after.len());
                    return Ok(text);
                }
            }
        }
    }

    fn skip_blanks(&mut self) {
        let delimiter = self.delimiter;
        self.rest = self.rest.trim_start_matches(|c| matches!(c, ' ' | '\t' | '\u{c}') && c != delimiter);
    }

    fn take(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        let lines = taken.matches('\n').count() + taken.matches('\r').count() - taken.matches("\r\n").count();
        self.line += u32::try_from(lines).unwrap_or(u32::MAX);
        self.rest = rest;
    }

    fn error(&self, message: &str) -> CsvError {
        CsvError {
            message: message.to_owned(),
            hint: r#"write a quote inside a quoted field twice: "say ""hi""""#,
            line: self.line,
        }
    }
}

/// Length of the line end that the text begins with.
fn line_end(text: &str) -> Option<usize> {
    ["\r\n", "\n", "\r"].into_iter().find(|end| text.starts_with(end)).map(str::len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str, delimiter: u8) -> Result<IterationData, CsvError> {
        rows(&Source { file: "d.csv".into(), text: text.into(), sha256: String::new() }, delimiter)
    }

    fn values(text: &str, delimiter: u8) -> Value {
        read(text, delimiter).unwrap().rows.iter().map(|row| (**row).clone()).collect()
    }

    /// Every pair was observed with newman 6.2.2, the numeric header excepted.
    #[test]
    fn records_are_rows_of_the_columns() {
        for (text, expected) in [
            ("a,b\n1,x\n2,\"y, z\"\n", json!([{"a": 1, "b": "x"}, {"a": 2, "b": "y, z"}])),
            ("a,b\r\n1,x\r\n", json!([{"a": 1, "b": "x"}])),
            (" a , b \n \"1\" , 1 \n", json!([{"a": "1", "b": 1}])),
            ("a,b\n1\n1,2,3\n", json!([{"a": 1}, {"a": 1, "b": 2}])),
            ("a,a\n1,2\n", json!([{"a": 2}])),
            ("1,01\nx,y\n", json!([{"1": "x", "01": "y"}])),
            ("a,b\n1,2\n\n3,4", json!([{"a": 1, "b": 2}, {"a": ""}, {"a": 3, "b": 4}])),
            ("a\n\"two\nlines \"\"q\"\" \"\n", json!([{"a": "two\nlines \"q\" "}])),
            ("a,b\nit\"s,5\" pipe\n", json!([{"a": "it\"s", "b": "5\" pipe"}])),
            ("a,b\n,\"\"\n", json!([{"a": "", "b": ""}])),
            ("a,b\n1,", json!([{"a": 1, "b": ""}])),
            ("a;b\n1;2\n", json!([{"a;b": "1;2"}])),
            ("a\n", json!([])),
            ("", json!([])),
        ] {
            assert_eq!(values(text, b','), expected, "{text:?}");
        }
        assert_eq!(values("a;b\n1;\"2\"\n", b';'), json!([{"a": 1, "b": "2"}]));
        assert_eq!(values("a\tb\n1\t \t\n\t2", b'\t'), json!([{"a": 1, "b": ""}, {"a": "", "b": 2}]));
    }

    #[test]
    fn what_looks_wrong_is_told() {
        let told = |text: &str, delimiter| -> Vec<String> {
            let warnings = read(text, delimiter).unwrap().warnings.into_iter();
            warnings.map(|w| format!("{} [{}]", w.message, w.hint.unwrap_or_default())).collect()
        };
        assert_eq!(told("a,b\n1,2\n", b','), [""; 0]);
        assert_eq!(
            told("a;b\n1;2\n", b','),
            ["the data file has one column, `a;b` [--data-delimiter ';' separates it there]"]
        );
        assert_eq!(
            told("a\n\n1\n\n", b','),
            [
                "line 2 and 1 more are blank: each runs an iteration whose first column is empty [remove blank lines from the data file]"
            ]
        );
    }

    #[test]
    fn broken_quotes_are_refused_with_their_line() {
        for (text, message, line) in [
            ("a,b\n1,\"x\n", "a quoted field is not closed", 2),
            ("a\n\"x\ny\"\n\"b\" c\n", "text follows the closing quote of a field", 4),
        ] {
            let error = read(text, b',').unwrap_err();
            assert_eq!((error.message.as_str(), error.line), (message, line));
        }
    }
}
