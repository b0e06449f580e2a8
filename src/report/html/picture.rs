//! Pictures as SVG, drawn with the page's own colours; each says in words what it shows.

use super::Pictured;
use super::text::escaped;
use crate::exchange::{Exchange, Timings};
use crate::report::text::{clipped, duration, one_line};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const ROW: usize = 18;
const LABELS: usize = 210;
const WIDTH: usize = 900;
/// Storms that are drawn.
const STORMS: usize = 12;
/// Requests of a storm that are drawn.
const REQUESTS: usize = 60;

/// What happened to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Issued,
    Redeemed,
    /// Redeemed once more.
    Replayed,
    Refused,
}

/// A request's time.
#[derive(Debug)]
pub(super) struct Bar {
    number: u64,
    label: String,
    pub(super) total_ms: f64,
    /// Name, connect, TLS, waiting, download, as far as they are known.
    phases: Vec<(usize, f64)>,
}

impl Bar {
    pub(super) fn of(number: u64, exchange: &Exchange) -> Self {
        let request = exchange.request();
        Self {
            number,
            label: one_line(&format!("{} {}", request.method, clipped(&request.url, 120))),
            total_ms: exchange.total_ms(),
            phases: phases(&exchange.last().timings),
        }
    }
}

/// Phases of a request, in order, and how they are drawn.
const PHASES: [(&str, &str); 5] =
    [("name", "bar w"), ("connect", "bar w"), ("TLS", "bar w"), ("waiting", "bar"), ("download", "bar g")];

/// The phases that are known; where none is, all of it was waiting.
fn phases(timings: &Timings) -> Vec<(usize, f64)> {
    let Timings { dns_ms, connect_ms, tls_ms, first_byte_ms, download_ms, total_ms, .. } = timings;
    let known: Vec<_> = [dns_ms, connect_ms, tls_ms, first_byte_ms, download_ms]
        .into_iter()
        .enumerate()
        .filter_map(|(phase, ms)| Some((phase, (*ms)?)))
        .collect();
    if known.is_empty() { vec![(3, *total_ms)] } else { known }
}

/// Draws phases one after the other; gives where they end.
fn draw(out: &mut String, phases: &[(usize, f64)], mut x: f64, y: usize, scale: f64) -> f64 {
    for (phase, ms) in phases {
        let ((name, class), width) = (PHASES[*phase], (ms * scale).max(0.5));
        let _ = write!(
            out,
            "<g><rect class=\"{class}\" x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"10\"/>\
             <title>{name}: {}</title></g>",
            duration(*ms)
        );
        x += width;
    }
    x
}

fn svg(height: usize, title: &str, inside: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{}\">\
         {inside}</svg>",
        escaped(title)
    )
}

/// One row a token: a circle where it was issued, a filled one where it was redeemed, a double one for a second time,
/// a cross where it was refused.
pub(super) fn rows(tokens: &[(&str, &[(u64, Mark)])]) -> String {
    // By their order: what lies between two requests says nothing about tokens.
    let mut numbers: Vec<u64> =
        tokens.iter().flat_map(|(_, marks)| marks.iter().map(|(number, _)| *number)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let scale = (WIDTH - LABELS - 20) as f64 / numbers.len().max(2) as f64;
    let mut out = String::new();
    let mut told = Vec::new();
    for (position, (name, marks)) in tokens.iter().enumerate() {
        let y = position * ROW + ROW / 2;
        let _ = write!(out, "<text x=\"0\" y=\"{}\">{}</text>", y + 4, escaped(name));
        let at = |number: u64| {
            let place = numbers.partition_point(|known| *known < number);
            LABELS as f64 + 10.0 + place as f64 * scale
        };
        if let (Some((from, _)), Some((to, _))) = (marks.first(), marks.last()) {
            let (from, to) = (at(*from), at(*to));
            let _ =
                write!(out, "<line class=\"axis\" x1=\"{from:.1}\" x2=\"{to:.1}\" y1=\"{y}\" y2=\"{y}\"/>");
        }
        for (number, mark) in *marks {
            let x = at(*number);
            let (shape, word) = match mark {
                Mark::Issued => (
                    format!(
                        "<circle cx=\"{x:.1}\" cy=\"{y}\" r=\"4\" fill=\"none\" stroke=\"currentColor\"/>"
                    ),
                    "issued",
                ),
                Mark::Redeemed => {
                    (format!("<circle class=\"bar g\" cx=\"{x:.1}\" cy=\"{y}\" r=\"4\"/>"), "redeemed")
                }
                Mark::Replayed => (
                    format!(
                        "<rect class=\"bar b\" x=\"{:.1}\" y=\"{}\" width=\"9\" height=\"9\"/>",
                        x - 4.5,
                        y - 4
                    ),
                    "accepted again",
                ),
                Mark::Refused => (
                    format!(
                        "<path d=\"M{:.1} {}l8 8m0 -8l-8 8\" stroke=\"currentColor\" fill=\"none\"/>",
                        x - 4.0,
                        y - 4
                    ),
                    "refused",
                ),
            };
            let _ = write!(out, "<g>{shape}<title>request {number}: {word}</title></g>");
        }
        told.push(format!("{name}: {}", marks.len()));
    }
    let legend = tokens.len() * ROW + ROW;
    let _ = write!(
        out,
        "<text x=\"0\" y=\"{legend}\">○ issued   ● redeemed   ■ accepted again   × refused</text>"
    );
    svg(legend + 6, &format!("Requests by refresh token; {}", told.join(", ")), &out)
}

/// Bars of the slowest requests, by phase.
pub(super) fn bars(bars: &[Bar]) -> String {
    let longest = bars.iter().map(|bar| bar.total_ms).fold(0.001, f64::max);
    let scale = (WIDTH - 80) as f64 / longest;
    let mut out = String::new();
    for (position, bar) in bars.iter().enumerate() {
        let y = position * ROW * 2;
        let label = format!("{}. {}", bar.number, bar.label);
        let _ = write!(out, "<text x=\"0\" y=\"{}\">{}</text>", y + 12, escaped(&label));
        let x = draw(&mut out, &bar.phases, 0.0, y + 17, scale);
        let _ = write!(out, "<text x=\"{:.1}\" y=\"{}\">{}</text>", x + 6.0, y + 27, duration(bar.total_ms));
    }
    let told: Vec<String> =
        bars.iter().map(|bar| format!("request {}: {}", bar.number, duration(bar.total_ms))).collect();
    svg(bars.len() * ROW * 2 + 4, &format!("The slowest requests: {}", told.join(", ")), &out)
}

/// The requests of one execution, each from where it began; nothing where there is but one, without phases.
pub(super) fn waterfall(calls: &[&Timings]) -> Option<String> {
    if calls.len() < 2 && calls.iter().all(|timings| timings.first_byte_ms.is_none()) {
        return None;
    }
    let begun = calls.iter().map(|timings| timings.start_ms).fold(f64::INFINITY, f64::min);
    let ended = calls.iter().map(|timings| timings.start_ms + timings.total_ms).fold(0.0, f64::max);
    let scale = (WIDTH - 80) as f64 / (ended - begun).max(0.001);
    let mut out = String::new();
    for (position, timings) in calls.iter().enumerate() {
        let (x, y) = ((timings.start_ms - begun) * scale, position * ROW);
        let x = draw(&mut out, &phases(timings), x, y + 2, scale);
        let _ =
            write!(out, "<text x=\"{:.1}\" y=\"{}\">{}</text>", x + 6.0, y + 12, duration(timings.total_ms));
    }
    let title = match calls.len() {
        1 => format!("Phases of the request, {} in all", duration(ended - begun)),
        many => format!("{many} requests within {}", duration(ended - begun)),
    };
    Some(svg(calls.len() * ROW, &title, &out))
}

/// Storms, as they come.
#[derive(Debug, Default)]
pub(super) struct Storms {
    open: Option<Vec<(f64, f64, Option<u16>)>>,
    drawn: Vec<Pictured>,
    count: usize,
}

impl Storms {
    pub(super) fn begin(&mut self, requests: u32) {
        self.count += 1;
        self.open = (self.count <= STORMS).then(|| Vec::with_capacity(requests as usize));
    }

    /// Takes in a request, where it is a storm's.
    pub(super) fn take(&mut self, exchange: &Exchange) {
        if let Some(open) = &mut self.open {
            let timings = &exchange.last().timings;
            open.push((
                timings.start_ms,
                timings.total_ms,
                exchange.response().map(|response| response.code),
            ));
        }
    }

    pub(super) fn end(&mut self, skew_ms: Option<f64>) {
        let Some(requests) = self.open.take().filter(|requests| !requests.is_empty()) else { return };
        let begun = requests.iter().map(|(start, ..)| *start).fold(f64::INFINITY, f64::min);
        let ended = requests.iter().map(|(start, total, _)| start + total).fold(0.0, f64::max);
        let scale = (WIDTH - 130) as f64 / (ended - begun).max(0.001);
        let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
        let mut out = String::new();
        for (position, (start, total, code)) in requests.iter().enumerate() {
            let word = code.map_or_else(|| "no answer".to_owned(), |code| code.to_string());
            if position < REQUESTS {
                let class = match code {
                    Some(200..300) => "bar g",
                    Some(400..500) => "bar",
                    _ => "bar b",
                };
                let (y, x, width) = (position * 12, (start - begun) * scale, (total * scale).max(1.0));
                let _ = write!(
                    out,
                    "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"9\"/>\
                     <text x=\"{:.1}\" y=\"{}\">{word}</text>",
                    x + width + 5.0,
                    y + 9
                );
            }
            *outcomes.entry(word).or_default() += 1;
        }
        let outcomes: Vec<String> =
            outcomes.iter().map(|(word, count)| format!("{count} × {word}")).collect();
        let skew = skew_ms.map(|ms| format!(", released within {}", duration(ms))).unwrap_or_default();
        let told = format!(
            "{} requests{skew}, answered within {}: {}",
            requests.len(),
            duration(ended - begun),
            outcomes.join(", ")
        );
        let picture = svg(requests.len().min(REQUESTS) * 12 + 4, &told, &out);
        self.drawn.push(Pictured { title: format!("Storm {}", self.count), told, picture });
    }

    pub(super) fn take_all(&mut self) -> Vec<Pictured> {
        std::mem::take(&mut self.drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timings(start_ms: f64, first_byte_ms: Option<f64>) -> Timings {
        Timings { start_ms, first_byte_ms, total_ms: 4.0, ..Timings::default() }
    }

    #[test]
    fn requests_of_an_execution_stand_where_they_began() {
        let drawn = waterfall(&[&timings(100.0, Some(3.0)), &timings(112.0, None)]).unwrap();
        assert!(drawn.contains("aria-label=\"2 requests within 16ms\""), "{drawn}");
        // 820 wide for 16 ms: the second begins after 12.
        assert!(drawn.contains("x=\"0.0\"") && drawn.contains("x=\"615.0\""), "{drawn}");
        assert_eq!(drawn.matches("<title>waiting: ").count(), 2, "{drawn}");
    }

    #[test]
    fn one_request_is_drawn_where_its_phases_are_known() {
        assert!(
            waterfall(&[&timings(0.0, Some(4.0))]).unwrap().contains("Phases of the request, 4ms in all")
        );
        assert_eq!(waterfall(&[&timings(0.0, None)]), None);
        assert_eq!(waterfall(&[]), None);
    }
}
