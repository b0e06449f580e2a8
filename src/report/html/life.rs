//! The tokens' life as a picture, read off the masks: equal masks are equal tokens.

use super::picture::{Mark, rows};
use crate::exchange::Exchange;
use serde::Serialize;
use std::collections::HashMap;

/// Tokens that are drawn: those accepted twice before all others, then those most happened to.
const TOKENS: usize = 40;
/// Tokens that are followed.
const FOLLOWED: usize = 2000;
/// Marks of one token.
const MARKS: usize = 60;

/// What masks of secrets begin and end with.
const OPEN: &str = "‹secret:";
const CLOSE: char = '›';

/// Every refresh token seen, and what became of it.
#[derive(Debug, Default)]
pub(super) struct Life {
    rows: Vec<Row>,
    known: HashMap<String, usize>,
    left_out: u64,
}

#[derive(Debug)]
struct Row {
    name: String,
    marks: Vec<(u64, Mark)>,
    redeemed: bool,
}

/// The picture.
#[derive(Debug, Serialize)]
pub(super) struct Drawn {
    picture: String,
    left_out: u64,
}

impl Life {
    /// Takes in a request: tokens it presented, tokens its answer brought.
    pub(super) fn take(&mut self, number: u64, exchange: &Exchange) {
        let request = exchange.request();
        let mut presented = String::new();
        if let Some(body) = &request.body {
            presented.push_str(&body.text());
        }
        request.headers.iter().for_each(|header| {
            presented.push(' ');
            presented.push_str(&header.value);
        });
        let accepted = exchange.response().is_some_and(|response| (200..300).contains(&response.code));
        for name in masks(&presented) {
            let Some(&row) = self.known.get(name) else { continue };
            let row = &mut self.rows[row];
            let mark = match (accepted, row.redeemed) {
                (true, false) => Mark::Redeemed,
                (true, true) => Mark::Replayed,
                (false, _) => Mark::Refused,
            };
            row.redeemed |= accepted;
            if row.marks.len() < MARKS {
                row.marks.push((number, mark));
            }
        }
        let Some(response) = exchange.response().filter(|_| accepted) else { return };
        let mut brought = response.body.text().into_owned();
        response.headers.iter().for_each(|header| {
            brought.push(' ');
            brought.push_str(&header.value);
        });
        for name in masks(&brought) {
            if self.known.contains_key(name) {
                continue;
            }
            if self.rows.len() == FOLLOWED {
                self.left_out += 1;
                continue;
            }
            self.known.insert(name.to_owned(), self.rows.len());
            let marks = vec![(number, Mark::Issued)];
            self.rows.push(Row { name: name.to_owned(), marks, redeemed: false });
        }
    }

    /// The picture, where there is something to show.
    pub(super) fn picture(&self) -> Option<Drawn> {
        let mut drawn: Vec<&Row> = self.rows.iter().collect();
        drawn.sort_by_key(|row| {
            let twice = row.marks.iter().any(|(_, mark)| *mark == Mark::Replayed);
            (!twice, std::cmp::Reverse(row.marks.len()))
        });
        drawn.truncate(TOKENS);
        drawn.sort_by_key(|row| row.marks.first().map(|(number, _)| *number));
        let left_out = self.left_out + (self.rows.len() - drawn.len()) as u64;
        let told: Vec<(&str, &[(u64, Mark)])> =
            drawn.iter().map(|row| (row.name.as_str(), row.marks.as_slice())).collect();
        (!told.is_empty()).then(|| Drawn { picture: rows(&told), left_out })
    }
}

/// The masks of refresh tokens in a text: `refreshToken#a1b2`.
fn masks(text: &str) -> impl Iterator<Item = &str> {
    let masks = text.match_indices(OPEN).filter_map(|(at, _)| {
        let rest = &text[at + OPEN.len()..];
        Some(&rest[..rest.find(CLOSE)?])
    });
    masks.filter(|name| {
        let kind = name.split('#').next().unwrap_or_default().to_lowercase();
        kind.contains("refresh") || kind.contains("renew")
    })
}
