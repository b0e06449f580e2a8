//! The event loop of the engine's thread.

use super::host::{Live, Shared};
use super::limits::{GRACE, Interruption, Limits};
use super::realm::{Realm, RealmError};
use serde_json::{Value, json};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

/// A turn that took longer may have filled the heap: it is looked at before the next script.
const LONG_TURN: Duration = Duration::from_millis(20);

/// Turns that follow one another at once before what they say is sent out: a script ends in its last two, so that
/// what it said and its result wake the listener once.
const LAST_TURNS: u8 = 2;

/// Messages between two collections of garbage.
const TIDY_AFTER: u32 = 32;

/// Owns the engine: takes messages in, runs JavaScript until nothing is left to do, and keeps its limits.
pub(super) struct Engine {
    inbox: Receiver<String>,
    shared: Rc<Shared>,
    limits: Limits,
    realm: Option<Realm>,
    /// The last `initialize` message: said again to a rebuilt engine.
    initialize: Option<String>,
    /// A turn took long since the last script ended.
    strained: bool,
    /// Turns whose words have not been sent.
    held: u8,
    /// Messages since garbage was collected.
    untidy: u32,
}

/// The far end of a channel is gone: nobody wants this engine any more.
struct Gone;

impl Engine {
    pub(super) fn new(inbox: Receiver<String>, shared: Shared, limits: Limits) -> Self {
        Self {
            inbox,
            shared: Rc::new(shared),
            limits,
            realm: None,
            initialize: None,
            strained: false,
            held: 0,
            untidy: 0,
        }
    }

    /// Runs until the other end hangs up.
    pub(super) fn run(mut self) {
        while self.turn().is_ok() {}
    }

    /// One turn, in the order of Node's loop: a timer, a message, what waited for the end of the turn. Promises are
    /// settled after each.
    fn turn(&mut self) -> Result<(), Gone> {
        if self.shared.is_closed() {
            return Err(Gone);
        }
        let due = self.shared.timers.borrow_mut().due(Instant::now());
        if let Some(id) = due {
            self.run_js(|realm| realm.call("timer", (id,)));
        }
        let message = match self.inbox.try_recv() {
            Ok(message) => Some(message),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => return Err(Gone),
        };
        let idle = due.is_none() && message.is_none();
        if let Some(message) = message {
            self.take(message);
        }
        if self.shared.wake.take() {
            self.run_js(|realm| realm.call("awake", ()));
            return Ok(());
        }
        if idle { self.wait() } else { Ok(()) }
    }

    /// Nothing to do now: sleeps until a message, a timer or a deadline.
    fn wait(&mut self) -> Result<(), Gone> {
        if !self.shared.flush() {
            return Err(Gone);
        }
        let deadline = self.shared.deadline();
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            self.time_out();
            return Ok(());
        }
        let timer = self.shared.timers.borrow_mut().next();
        if timer.is_none() && !self.shared.live.borrow().is_empty() {
            // Scripts wait for something, but for no timer: those that wait for nobody never end by themselves.
            self.run_js(|realm| realm.call("idle", ()));
            if self.shared.wake.get() || self.shared.live.borrow().is_empty() {
                return Ok(());
            }
        }
        self.tidy();
        let message = match timer.into_iter().chain(deadline).min() {
            None => self.inbox.recv().map_err(|_| Gone)?,
            Some(until) => match self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(Gone),
            },
        };
        self.take(message);
        Ok(())
    }

    /// Collects garbage now and then, while nothing else is to be done.
    fn tidy(&mut self) {
        if self.untidy >= TIDY_AFTER
            && let Some(realm) = self.realm.as_ref().filter(|_| self.shared.live.borrow().is_empty())
        {
            realm.tidy();
            self.untidy = 0;
        }
    }

    fn take(&mut self, message: String) {
        self.untidy += 1;
        self.shared.message.set(self.shared.message.get() + 1);
        self.rebuild_if_needed();
        if message.starts_with("[\"initialize\"") {
            self.initialize = Some(message.clone());
        }
        if self.realm.is_none() && !self.build(&message) {
            return;
        }
        self.run_js(|realm| realm.call("message", (message,)));
    }

    /// Builds an engine and tells it what the one before it had been told.
    fn build(&mut self, message: &str) -> bool {
        match Realm::new(self.limits, &self.shared) {
            Ok(realm) => {
                if let Some(initialize) = &self.initialize
                    && initialize != message
                {
                    // What it answers was answered before.
                    let _ = realm.call::<_, ()>("reinitialize", (initialize.as_str(),));
                }
                self.realm = Some(realm);
                true
            }
            Err(error) => {
                self.shared
                    .send(message_text(&json!(["error", plain_error("InternalError", &error.to_string())])));
                false
            }
        }
    }

    /// Drops an engine that suffered, once none of its scripts is under way.
    fn rebuild_if_needed(&mut self) {
        if !self.shared.live.borrow().is_empty() {
            return;
        }
        let crowded =
            std::mem::take(&mut self.strained) && self.realm.as_ref().is_some_and(Realm::is_crowded);
        if crowded || self.shared.tainted.get() {
            self.realm = None;
            self.shared.reset();
        }
    }

    /// Runs JavaScript, and then promises until none is left; sees to it that an interruption ends the script.
    fn run_js(&mut self, run: impl FnOnce(&Realm) -> Result<(), RealmError>) {
        let Some(realm) = &self.realm else { return };
        let begun = Instant::now();
        self.shared.watch.begin_turn(begun);
        let outcome = run(realm).and_then(|()| realm.settle(&self.shared.watch));
        self.strained |= begun.elapsed() > LONG_TURN;
        match (self.shared.watch.take_hit(), outcome) {
            (Some(interruption), _) => self.interrupted(interruption),
            (None, Ok(())) => {}
            (None, Err(error)) => self.abandon(plain_error("InternalError", &error.to_string())),
        }
        if self.shared.live.borrow().is_empty() {
            self.shared.watch.relent();
        }
        let more = self.shared.wake.get() && self.held < LAST_TURNS;
        self.held = if more { self.held + 1 } else { 0 };
        if !more && !self.shared.flush() {
            self.shared.watch.flood();
        }
    }

    /// Scripts that only wait have waited long enough.
    fn time_out(&mut self) {
        let now = Instant::now();
        let late = |live: &&Live| live.deadline.is_some_and(|deadline| deadline <= now);
        let late: Vec<_> =
            self.shared.live.borrow().iter().filter(late).map(|live| (live.id.clone(), live.given)).collect();
        self.end_scripts(late, Interruption::Deadline);
    }

    /// JavaScript was stopped where it was: every script of this engine ends, for what they share may be half done.
    fn interrupted(&mut self, why: Interruption) {
        let all: Vec<_> =
            self.shared.live.borrow().iter().map(|live| (live.id.clone(), live.given)).collect();
        if let Some(realm) = &self.realm {
            realm.allow_more();
        }
        self.end_scripts(all, why);
        // Promise jobs may be left that would go on for ever.
        self.realm = None;
        self.shared.reset();
    }

    /// Ends these scripts; each is told with whether its deadline was asked for.
    fn end_scripts(&mut self, scripts: Vec<(String, bool)>, why: Interruption) {
        let Some(realm) = &self.realm else { return };
        self.shared.watch.relent();
        self.shared.refill();
        self.shared.watch.set_deadline(Some(Instant::now() + GRACE));
        let mut outcome = Ok(());
        for (id, given) in scripts {
            let (reason, limit) = match why {
                Interruption::Deadline if !given => ("overdue", self.limits.script),
                why => (why.name(), self.limits.turn),
            };
            outcome = outcome.and_then(|()| realm.call("expire", (id, reason, limit.as_secs_f64())));
        }
        match outcome {
            Ok(()) => self.shared.watch.set_deadline(self.shared.deadline()),
            Err(error) => self.abandon(plain_error("Error", &error.to_string())),
        }
    }

    /// The engine is past help: drops it and says of every script under way that it ended with this error.
    fn abandon(&mut self, error: Value) {
        self.realm = None;
        for Live { id, cursor, .. } in self.shared.reset() {
            let cursor: Value = serde_json::from_str(&cursor).unwrap_or_default();
            let execution = json!({ "id": id, "cursor": cursor, "return": { "async": false } });
            for message in [
                json!([format!("execution.error.{id}"), cursor, error]),
                json!(["execution.error", cursor, error]),
                json!([format!("execution.result.{id}"), error, execution]),
            ] {
                self.shared.send(message_text(&message));
            }
        }
    }
}

fn plain_error(name: &str, message: &str) -> Value {
    json!({ "type": "Error", "name": name, "message": message })
}

fn message_text(message: &Value) -> String {
    message.to_string()
}
