//! `postproof checks`: what is judged, and how.

use crate::cli::args::{ChecksArgs, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::terminal;
use postproof::conformance::Check;
use postproof::conformance::registry::{self, CHECKS};
use postproof::contract::Contract;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Lists the checks of a contract, or explains one.
pub(super) fn checks(args: &ChecksArgs) -> Result<Exit, Failure> {
    let contract = input::contract(&args.contract)?;
    let shown: Vec<&Check> = match &args.id {
        None => CHECKS.iter().collect(),
        Some(id) => vec![registry::find(id).ok_or_else(|| {
            let hint = input::did_you_mean(id, CHECKS.iter().map(|check| check.id));
            Failure::new(Exit::Usage, format!("unknown check `{id}`"))
                .cause("no check has that id")
                .hint(hint.unwrap_or_else(|| "postproof checks lists them".to_owned()))
        })?],
    };
    let mut out = String::new();
    if args.list.quiet {
        shown.iter().for_each(|check| {
            let _ = writeln!(out, "{}", check.id);
        });
    } else if args.list.format == Format::Json {
        let rows: Vec<Value> = shown.iter().map(|check| row(check, &contract)).collect();
        let _ = writeln!(out, "{:#}", json!(rows));
    } else if args.id.is_some() {
        shown.iter().for_each(|check| out.push_str(&explain(check, &contract)));
    } else {
        let width = shown.iter().map(|check| check.id.len()).max().unwrap_or(0);
        for check in shown {
            let _ = writeln!(out, "{:width$}  {:7}  {}", check.id, level(check, &contract), check.title);
        }
    }
    terminal::out(&out);
    Ok(Exit::Passed)
}

fn level(check: &Check, contract: &Contract) -> String {
    contract.checks.get(check.id).map_or_else(|| "n/a".to_owned(), |terms| terms.level.to_string())
}

fn row(check: &Check, contract: &Contract) -> Value {
    json!({
        "id": check.id,
        "title": check.title,
        "level": level(check, contract),
        "requirement": check.requirement,
        "clause": contract.checks.get(check.id).map(|terms| &terms.clause),
        "provenBy": check.proven_by,
        "remedy": check.remedy,
    })
}

fn explain(check: &Check, contract: &Contract) -> String {
    let clause = contract.checks.get(check.id).map_or("does not apply", |terms| terms.clause.as_str());
    let proof = check.proven_by.map_or_else(
        || "nothing: it is recorded, never failed".to_owned(),
        |fault| format!("{fault}   (postproof conform --fault {fault})"),
    );
    let mut out = format!("{}: {}\n\n", check.id, check.title);
    for (name, text) in [
        ("requirement", check.requirement),
        ("level", &level(check, contract)),
        ("clause", clause),
        ("source", &contract.source),
        ("proven by", &proof),
        ("remedy", check.remedy),
    ] {
        let _ = writeln!(out, "  {name:12} {text}");
    }
    out
}
