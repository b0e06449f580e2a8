//! Takes out of a text what no two runs have in common: the target's port, hashes in masks, durations.

use crate::event::RunInfo;
use std::collections::HashMap;

/// Stands for the target's base URL.
const TARGET: &str = "<<target>>";
const OPEN: &str = "‹secret:";
const CLOSE: char = '›';
/// Units of the durations in reasons.
const UNITS: [&str; 3] = ["µs", "ms", "s"];

/// Settles texts; the same secret keeps the same number throughout.
#[derive(Debug, Default)]
pub(super) struct Settler {
    target: Option<String>,
    host: Option<String>,
    /// Masks by the number they got.
    masks: HashMap<String, usize>,
    /// How many secrets of a name were seen.
    seen: HashMap<String, usize>,
}

impl Settler {
    pub(super) fn begin(&mut self, run: &RunInfo) {
        self.target = run.target.clone();
        let host = run.target.as_deref().and_then(|target| target.split_once("://")).map(|(_, rest)| rest);
        self.host = host.map(|rest| rest.split('/').next().unwrap_or(rest).to_owned());
    }

    /// A text without the target's address and with its masks numbered.
    pub(super) fn text(&mut self, text: &str) -> String {
        let text = match &self.target {
            Some(target) if !target.is_empty() => text.replace(target.as_str(), TARGET),
            _ => text.to_owned(),
        };
        self.masks(&text)
    }

    /// The value of a header field, which may name the target's host alone.
    pub(super) fn field(&mut self, name: &str, value: &str) -> String {
        match &self.host {
            Some(host) if name.eq_ignore_ascii_case("host") && host == value => TARGET.to_owned(),
            _ => self.text(value),
        }
    }

    /// A reason, and the durations that were in it.
    pub(super) fn reason(&mut self, reason: &str) -> (String, Vec<String>) {
        let mut words: Vec<String> = self.text(reason).split(' ').map(str::to_owned).collect();
        let mut durations = Vec::new();
        for at in 1..words.len() {
            let unit = words[at].trim_end_matches([',', ';', ':', ')', '.']);
            let number = words[at - 1].trim_start_matches('(');
            if UNITS.contains(&unit) && number.parse::<f64>().is_ok() {
                durations.push(format!("{number} {unit}"));
                let settled = words[at - 1].replace(number, "…");
                words[at - 1] = settled;
            }
        }
        (words.join(" "), durations)
    }

    /// `‹secret:name#a1b2›` as `‹secret:name#1›`, numbered by name.
    fn masks(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(OPEN) {
            let Some(length) = rest[start..].find(CLOSE) else { break };
            let mask = &rest[start..start + length];
            out.push_str(&rest[..start]);
            match mask.rsplit_once('#') {
                Some((name, _)) => {
                    let number = match self.masks.get(mask) {
                        Some(number) => *number,
                        None => {
                            let seen = self.seen.entry(name.to_owned()).or_default();
                            *seen += 1;
                            self.masks.insert(mask.to_owned(), *seen);
                            *seen
                        }
                    };
                    out.push_str(&format!("{name}#{number}"));
                }
                None => out.push_str(mask),
            }
            rest = &rest[start + length..];
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_numbered_as_they_come_by_name() {
        let mut settler = Settler::default();
        assert_eq!(
            settler.text("‹secret:a#ff01› ‹secret:b#9› ‹secret:a#ff02›‹secret:a#ff01› ‹open"),
            "‹secret:a#1› ‹secret:b#1› ‹secret:a#2›‹secret:a#1› ‹open"
        );
        assert_eq!(settler.text("x ‹secret:a#ff02›"), "x ‹secret:a#2›");
    }

    #[test]
    fn durations_leave_a_reason_and_counts_stay() {
        let (reason, durations) =
            Settler::default().reason("a used token was accepted again 12 ms after (skew 80 µs): 3 times");
        assert_eq!(reason, "a used token was accepted again … ms after (skew … µs): 3 times");
        assert_eq!(durations, ["12 ms", "80 µs"]);
    }
}
