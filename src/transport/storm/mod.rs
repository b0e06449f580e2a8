//! Storms: requests that are parked at the server, all but their last byte sent, and released together.

mod http1;
mod http2;
#[cfg(test)]
mod tests;

use super::connect::{Phases, Route, Stream, Way};
use super::http1::message::Message;
use super::prepare::Draft;
use super::{HttpTransport, failure, ms};
use crate::exchange::{Call, Exchange, FailureKind, ResolvedRequest, Response, Timings, TransportFailure};
use crate::runner::{Http2, SendOptions, Storm, StormOptions, StormTransport};
use futures_util::future::join_all;
use std::time::{Duration, Instant};
use tokio::task::coop::unconstrained;

/// How long the answer to an abandoned request is left unread before the connection is closed.
const UNREAD: Duration = Duration::from_millis(50);

/// How long it may take until every request of a storm waits at its server, where nothing else is said. A server with
/// fewer workers than the storm has requests would let the others wait for ever.
const PARKING: Duration = Duration::from_secs(10);

/// A request on its way into a storm.
struct Shot {
    request: ResolvedRequest,
    state: Result<State, TransportFailure>,
}

enum State {
    /// Ready to be sent.
    Drafted(Box<Drafted>),
    /// All but the last byte is sent.
    Parked(Parked),
    /// The last byte is sent, too.
    Released { parked: Parked, at: Instant },
}

struct Drafted {
    draft: Draft,
    route: Route,
    message: Message,
}

enum Parked {
    Http1(Box<http1::Parked>),
    Http2(http2::Parked),
}

/// What comes back, and when its head was there.
struct Answered {
    response: Result<Response, TransportFailure>,
    head_at: Option<Instant>,
}

impl StormTransport for HttpTransport {
    async fn release(
        &self,
        requests: Vec<ResolvedRequest>,
        options: &SendOptions,
        storm: &StormOptions,
    ) -> Storm {
        let mut shots: Vec<Shot> =
            requests.into_iter().map(|request| self.draft(request, options, storm)).collect();
        self.park(&mut shots, options, storm).await;
        tokio::time::sleep(storm.parked).await;
        // Nothing may come between two last bytes, not even the runtime's fairness.
        unconstrained(release(&mut shots)).await;
        let released: Vec<Instant> = shots.iter().filter_map(Shot::released_at).collect();
        let skew = match released.as_slice() {
            [first, .., last] => Some(last.duration_since(*first)),
            _ => None,
        };
        let patience = storm.patience.map(|patience| (Instant::now() + patience, patience));
        let clock = self.clock;
        let collecting = shots.into_iter().map(|shot| shot.collect(clock, options, patience));
        Storm { exchanges: join_all(collecting).await, skew }
    }
}

impl HttpTransport {
    fn draft(&self, request: ResolvedRequest, options: &SendOptions, storm: &StormOptions) -> Shot {
        let drafted = self.try_draft(&request, options, storm);
        let request = drafted.as_ref().map_or(request, |drafted| drafted.draft.request.clone());
        Shot { request, state: drafted.map(|drafted| State::Drafted(Box::new(drafted))) }
    }

    fn try_draft(
        &self,
        request: &ResolvedRequest,
        options: &SendOptions,
        storm: &StormOptions,
    ) -> Result<Drafted, TransportFailure> {
        let mut draft = Draft::new(request, options, &uuid::Uuid::new_v4().to_string())?;
        let mut route = self.connector.borrow_mut().route(&draft.target(), draft.hints(), options)?;
        draft.complete(&route, options, &self.jar.borrow());
        let message = draft.message(&route)?;
        if message.split_last().is_none() {
            return Err(TransportFailure {
                kind: FailureKind::InvalidRequest,
                message: "the request is too large to be released at once".to_owned(),
            });
        }
        if storm.http2 == Http2::Auto {
            route = route.offering_http2();
        }
        Ok(Drafted { draft, route, message })
    }

    /// Connects and sends all but the last bytes, target by target.
    async fn park(&self, shots: &mut [Shot], options: &SendOptions, storm: &StormOptions) {
        let allowed = options.limit.or(options.timeout).unwrap_or(PARKING);
        let until = tokio::time::Instant::now() + allowed;
        while let Some(route) = shots.iter().find_map(Shot::drafted).map(|drafted| drafted.route.clone()) {
            let mut group: Vec<&mut Shot> = shots
                .iter_mut()
                .filter(|shot| shot.drafted().is_some_and(|drafted| drafted.route == route))
                .collect();
            let way = self.connector.borrow_mut().way(&route);
            match way {
                Err(failure) => group.iter_mut().for_each(|shot| shot.state = Err(failure.clone())),
                Ok(way) => {
                    let lanes = Lanes { way, options, target: route.target() };
                    let parking = lanes.park(group, storm.http2);
                    if tokio::time::timeout_at(until, parking).await.is_ok() {
                        continue;
                    }
                    // Those that do wait are released all the same.
                    let left = shots
                        .iter_mut()
                        .filter(|shot| shot.drafted().is_some_and(|drafted| drafted.route == route));
                    left.for_each(|shot| shot.state = Err(failure::unparked(allowed, &lanes.target)));
                }
            }
        }
    }
}

/// The connections of a storm to one target.
struct Lanes<'o> {
    way: Way,
    options: &'o SendOptions,
    target: String,
}

impl Lanes<'_> {
    /// Parks every shot, or notes why it cannot be.
    async fn park(&self, group: Vec<&mut Shot>, http2: Http2) {
        let first = self.open().await;
        match first {
            Ok(stream) if http2 == Http2::PriorKnowledge || stream.speaks_http2() => {
                http2::park(self, stream, group).await;
            }
            first => {
                let mut first = Some(first);
                join_all(group.into_iter().map(|shot| self.park_alone(first.take(), shot))).await;
            }
        }
    }

    /// Over HTTP/1.1, on a connection of its own.
    async fn park_alone(&self, open: Option<Result<Stream, TransportFailure>>, shot: &mut Shot) {
        let stream = match open {
            Some(stream) => stream,
            None => self.open().await,
        };
        let Some(drafted) = shot.drafted() else { return };
        let parked = match stream {
            Ok(stream) => http1::park(stream, &drafted.message, &self.target).await,
            Err(failure) => Err(failure),
        };
        shot.state = parked.map(|parked| State::Parked(Parked::Http1(Box::new(parked))));
    }

    async fn open(&self) -> Result<Stream, TransportFailure> {
        let mut phases = Phases::default();
        let opening = self.way.open(&mut phases);
        match self.options.timeout {
            None => opening.await,
            Some(allowed) => match tokio::time::timeout(allowed, opening).await {
                Ok(opened) => opened,
                Err(_) => Err(failure::unconnected(allowed, &self.target)),
            },
        }
    }
}

/// Lets every parked request go.
async fn release(shots: &mut [Shot]) {
    for shot in shots {
        shot.state = match std::mem::replace(&mut shot.state, Err(failure::unsent())) {
            Ok(State::Parked(mut parked)) => {
                match &mut parked {
                    Parked::Http1(parked) => parked.release().await,
                    Parked::Http2(parked) => parked.release(),
                }
                Ok(State::Released { parked, at: Instant::now() })
            }
            state => state,
        };
    }
}

impl Shot {
    fn drafted(&self) -> Option<&Drafted> {
        match &self.state {
            Ok(State::Drafted(drafted)) => Some(drafted),
            _ => None,
        }
    }

    fn released_at(&self) -> Option<Instant> {
        match self.state {
            Ok(State::Released { at, .. }) => Some(at),
            _ => None,
        }
    }

    /// Awaits the answer.
    async fn collect(
        self,
        clock: Instant,
        options: &SendOptions,
        patience: Option<(Instant, Duration)>,
    ) -> Exchange {
        let Shot { request, state } = self;
        let (parked, at) = match state {
            Ok(State::Released { parked, at }) => (parked, at),
            unsent => {
                let failure = unsent.err().unwrap_or_else(failure::unsent);
                let timings = Timings { start_ms: ms(clock.elapsed()), ..Timings::default() };
                return Exchange { calls: vec![Call { request, outcome: Err(failure), timings }] };
            }
        };
        let answering = async {
            match parked {
                Parked::Http1(parked) => parked.answer(&request.method, options).await,
                Parked::Http2(parked) => parked.answer(options.max_response_size).await,
            }
        };
        let without = |failure| Answered { response: Err(failure), head_at: None };
        let answered = match patience {
            None => {
                // A request that ends with its connection may never be looked at.
                tokio::time::sleep(UNREAD).await;
                drop(answering);
                without(failure::abandoned())
            }
            Some((until, patience)) => {
                let answered = tokio::time::timeout_at(until.into(), answering).await;
                answered.unwrap_or_else(|_| without(failure::silent(patience, false)))
            }
        };
        let mut timings = Timings {
            start_ms: ms(at.duration_since(clock)),
            total_ms: ms(at.elapsed()),
            ..Timings::default()
        };
        if let Some(head_at) = answered.head_at {
            timings.first_byte_ms = Some(ms(head_at.saturating_duration_since(at)));
            timings.download_ms = Some(ms(head_at.elapsed()));
        }
        Exchange { calls: vec![Call { request, outcome: answered.response, timings }] }
    }
}
