//! `postproof compatibility`: where this and newman part ways, and why.

use crate::cli::args::{CompatibilityArgs, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::{input, terminal};
use postproof::compatibility::{self, DIFFERENCES, Difference};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Columns where there is no terminal.
const COLUMNS: usize = 100;

/// Prints the table, or one row of it.
pub(super) fn compatibility(args: &CompatibilityArgs) -> Result<Exit, Failure> {
    let shown: Vec<&Difference> = match &args.id {
        None => DIFFERENCES.iter().collect(),
        Some(id) => vec![compatibility::find(id).ok_or_else(|| unknown(id))?],
    };
    let mut out = String::new();
    if args.list.quiet {
        shown.iter().for_each(|row| {
            let _ = writeln!(out, "{}", row.id);
        });
    } else if args.list.format == Format::Json {
        let rows: Vec<Value> = shown.iter().map(|row| json_row(row)).collect();
        let _ = writeln!(out, "{:#}", json!(rows));
    } else {
        out = if args.id.is_some() { text(&shown) } else { table() };
    }
    terminal::out(&out);
    Ok(Exit::Passed)
}

/// The whole table, for people.
pub(in crate::cli) fn table() -> String {
    let shown: Vec<&Difference> = DIFFERENCES.iter().collect();
    let head = "Known differences from newman 6.2.2. What is not listed is meant to be the same.";
    format!("{head}\n\n{}", text(&shown))
}

fn text(rows: &[&Difference]) -> String {
    let columns = terminal::columns().unwrap_or(COLUMNS);
    rows.iter().map(|row| text_row(row, columns)).collect::<Vec<_>>().join("\n")
}

fn unknown(id: &str) -> Failure {
    let hint = input::did_you_mean(id, DIFFERENCES.iter().map(|row| row.id));
    Failure::new(Exit::Usage, format!("unknown difference `{id}`"))
        .cause("no row of the table has that id")
        .hint(hint.unwrap_or_else(|| "postproof compatibility lists them".to_owned()))
}

fn json_row(row: &Difference) -> Value {
    json!({
        "id": row.id,
        "area": row.area.name(),
        "newman": row.newman,
        "postproof": row.postproof,
        "reason": row.reason,
        "restore": row.restore,
    })
}

fn text_row(row: &Difference, columns: usize) -> String {
    let mut out = format!("{}  ({})\n", row.id, row.area.name());
    let lines = [
        ("newman", Some(row.newman)),
        ("postproof", Some(row.postproof)),
        ("why", Some(row.reason)),
        ("newman's way", row.restore),
    ];
    for (name, text) in lines.into_iter().filter_map(|(name, text)| Some((name, text?))) {
        let first = format!("  {name:12}  ");
        let options = textwrap::Options::new(columns)
            .initial_indent(&first)
            .subsequent_indent("                ")
            .break_words(false);
        let _ = writeln!(out, "{}", textwrap::fill(text, options));
    }
    out
}
