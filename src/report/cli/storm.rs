//! A storm on the console: one line for all its requests.

use super::page::Page;
use super::style::Ink;
use crate::exchange::Exchange;
use crate::report::text::{duration, one_line};
use std::collections::BTreeMap;

/// The storm under way: what its requests came to.
#[derive(Debug, Default)]
pub(super) struct Tally {
    name: Option<String>,
    outcomes: BTreeMap<String, usize>,
}

impl Tally {
    /// Takes in the name of one of its items; the first one stands for all.
    pub(super) fn name(&mut self, name: &str) {
        self.name.get_or_insert_with(|| one_line(name));
    }

    /// Takes in an answer.
    pub(super) fn add(&mut self, exchange: &Exchange) {
        let outcome = match (exchange.response(), exchange.failure()) {
            (Some(response), _) => response.code.to_string(),
            (None, Some(failure)) => one_line(&failure.message),
            (None, None) => "no answer".to_owned(),
        };
        *self.outcomes.entry(outcome).or_default() += 1;
    }

    /// `storm of 20, released within 0.08ms: 1 × 200, 19 × 401`.
    pub(super) fn show(&self, page: &mut Page, skew_ms: Option<f64>) {
        let requests: usize = self.outcomes.values().sum();
        let outcomes: Vec<String> = self
            .outcomes
            .iter()
            .map(|(outcome, count)| format!("{count} {} {outcome}", page.symbols.times))
            .collect();
        let within = skew_ms.map(|ms| format!(", released within {}", duration(ms))).unwrap_or_default();
        let name = self.name.as_deref().unwrap_or("storm");
        page.para(0, (Ink::Plain, page.symbols.item), (Ink::Bold, name));
        let text = format!("storm of {requests}{within}: {}", outcomes.join(", "));
        page.para(2, (Ink::Plain, ""), (Ink::Dim, &text));
    }
}
