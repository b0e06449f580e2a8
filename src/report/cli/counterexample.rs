//! A counterexample on the console: its steps in words, each with a line of curl.

use super::page::Page;
use super::style::Ink;
use crate::event::Counterexample;
use crate::report::curl;
use crate::report::text::one_line;

/// Puts it on the page.
pub(super) fn write(page: &mut Page, counterexample: &Counterexample) {
    let Counterexample { check, seed, shrunk_from, repeatable, steps } = counterexample;
    page.blank();
    let steps_told = match steps.len() {
        1 => "1 step".to_owned(),
        count => format!("{count} steps"),
    };
    let title = format!("{check} in {steps_told}, shrunk from {shrunk_from} (seed {seed})");
    page.para(0, (Ink::Bad, page.symbols.fail), (Ink::Bold, &title));
    if !repeatable {
        let text = "the sequence was not seen to violate it again: it depends on time or on chance, or the run ended first";
        page.para(2, (Ink::Plain, ""), (Ink::Warn, text));
    }
    for (position, step) in steps.iter().enumerate() {
        for (index, exchange) in step.exchanges.iter().enumerate() {
            let outcome = match (exchange.response(), exchange.failure()) {
                (Some(response), _) => response.code.to_string(),
                (None, Some(failure)) => failure.message.clone(),
                (None, None) => "no answer".to_owned(),
            };
            let number = if index == 0 { format!("{}.", position + 1) } else { String::new() };
            let text = one_line(&format!("{}: {outcome}", step.text));
            page.para(2, (Ink::Plain, &number), (Ink::Plain, &text));
            page.para(5, (Ink::Plain, ""), (Ink::Dim, &curl::line(exchange.request())));
        }
    }
}
