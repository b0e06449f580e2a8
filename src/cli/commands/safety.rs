//! What may be done to a target: how much, how fast, and whether storms and walks.

use crate::cli::args::ExploringArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use postproof::conformance::probe::Walk;
use postproof::contract::Contract;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Requests a second at least, as in contracts: one in a thousand seconds.
const SLOWEST: f64 = 0.001;
/// Moves of a walk where `--explore` gives no number.
const MOVES: usize = 1_000;

/// How much may be sent, and how fast.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    max_requests: Option<u64>,
    sent: u64,
    interval: Option<Duration>,
    /// When the next request may go.
    next: Instant,
}

/// When a request may go.
pub(super) enum Turn {
    Now,
    After(Duration),
    /// So many were allowed.
    Never(u64),
}

impl Limits {
    /// The command line's limits, or else the contract's.
    pub(super) fn of(args: &ExploringArgs, contract: &Contract) -> Result<Self, Failure> {
        Ok(Self {
            max_requests: args.max_requests.or(contract.safety.max_requests.map(u64::from)),
            sent: 0,
            interval: args.rate.or(contract.safety.rate).map(interval).transpose()?,
            next: Instant::now(),
        })
    }

    /// What the first lines of a report say about them.
    pub(super) fn told(&self) -> Vec<String> {
        let most = self.max_requests.map(|most| format!("at most {most} requests"));
        let rate = self
            .interval
            .map(|interval| format!("at most {:.3} requests a second", 1.0 / interval.as_secs_f64()));
        most.into_iter().chain(rate).collect()
    }

    /// Whether so many requests may go together now; takes their turn.
    pub(super) fn turn(&mut self, requests: usize) -> Turn {
        let requests = requests as u64;
        if let Some(limit) = self.max_requests
            && self.sent + requests > limit
        {
            return Turn::Never(limit);
        }
        self.sent += requests;
        let Some(interval) = self.interval else { return Turn::Now };
        let now = Instant::now();
        let begins = self.next.max(now);
        self.next = begins + interval * u32::try_from(requests).unwrap_or(u32::MAX);
        match begins.saturating_duration_since(now) {
            Duration::ZERO => Turn::Now,
            pause => Turn::After(pause),
        }
    }
}

/// How far apart so many requests a second are.
fn interval(rate: f64) -> Result<Duration, Failure> {
    if rate.is_finite() && rate >= SLOWEST {
        return Ok(Duration::from_secs_f64(1.0 / rate));
    }
    Err(Failure::new(Exit::Usage, "--rate is no rate")
        .cause(format!("it must be a number of requests a second, {SLOWEST} at least"))
        .hint("--rate 5 sends five a second at most, --rate 0.5 one in two seconds"))
}

/// What drives the requests.
#[derive(Debug)]
pub(super) enum Plan {
    /// Every probe; without storms where there is a reason.
    Probes { no_storms: Option<String> },
    /// A random walk.
    Walk(Walk),
}

impl Plan {
    /// What the command line asks for, as far as it may be done to these hosts, none of them this machine.
    pub(super) fn of(args: &ExploringArgs, elsewhere: &BTreeSet<String>) -> Result<Self, Failure> {
        let allowed = |host: &&String| args.target_ok.iter().any(|ok| ok.eq_ignore_ascii_case(host));
        let refused: Vec<&str> = elsewhere.iter().filter(|host| !allowed(host)).map(String::as_str).collect();
        let hosts = refused.join(", ");
        let options: Vec<String> = refused.iter().map(|host| format!("--target-ok {host}")).collect();
        let options = options.join(" ");
        match args.explore {
            None => {
                let reason = format!("no storms at {hosts} without {options}");
                Ok(Self::Probes { no_storms: (!refused.is_empty()).then_some(reason) })
            }
            Some(_) if !refused.is_empty() => Err(Failure::new(
                Exit::Usage,
                format!("no random walk at {hosts}"),
            )
            .cause("a walk signs in, redeems and replays many times, and that is not on this machine alone")
            .hint(format!("{options} says that you may do this to it"))),
            Some(moves) => Ok(Self::Walk(Walk {
                moves: moves.unwrap_or(MOVES),
                seed: args.seed.unwrap_or_else(rand::random),
            })),
        }
    }

    /// What the first lines of a report say about it.
    pub(super) fn told(&self) -> Vec<String> {
        match self {
            Self::Probes { no_storms } => no_storms.iter().cloned().collect(),
            Self::Walk(walk) => vec![format!("random walk of {} moves, --seed {}", walk.moves, walk.seed)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_that_no_clock_could_keep_is_a_wrong_use() {
        for rate in [1e-300, 0.000_9, 0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(interval(rate).is_err(), "{rate}");
        }
        assert_eq!(interval(SLOWEST).ok(), Some(Duration::from_secs(1_000)));
        assert_eq!(interval(5.0).ok(), Some(Duration::from_millis(200)));
    }

    fn limits(max_requests: Option<u64>, rate: Option<f64>) -> Limits {
        let interval = rate.and_then(|rate| interval(rate).ok());
        Limits { max_requests, sent: 0, interval, next: Instant::now() }
    }

    #[test]
    fn requests_are_counted_and_a_storm_counts_for_all_of_its_own() {
        let mut limits = limits(Some(5), None);
        assert!(matches!(limits.turn(1), Turn::Now));
        assert!(matches!(limits.turn(4), Turn::Now));
        assert!(matches!(limits.turn(1), Turn::Never(5)));
    }

    #[test]
    fn a_rate_spaces_requests_and_a_storm_is_paid_for_afterwards() {
        let mut limits = limits(None, Some(2.0));
        assert!(matches!(limits.turn(20), Turn::Now));
        let Turn::After(pause) = limits.turn(1) else { panic!("at once") };
        assert!((9.0..=10.0).contains(&pause.as_secs_f64()), "{pause:?}");
    }
}
