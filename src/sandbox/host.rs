//! The functions our JavaScript is given: all that there is between a script and the machine.

use super::bytes;
use super::host_web;
use super::limits::{Limits, Watch};
use super::raw;
use super::timers::Timers;
use crate::variable::Dynamic;
use rquickjs::convert::List;
use rquickjs::function::Func;
use rquickjs::promise::PromiseState;
use rquickjs::{Ctx, Object, Promise, Result, Value};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;

/// Messages sent out together at most.
const BATCH: usize = 64;

/// A script that has begun and not ended.
#[derive(Debug)]
pub(super) struct Live {
    /// Execution id.
    pub(super) id: String,
    /// Its cursor, as JSON.
    pub(super) cursor: String,
    /// When it must have ended.
    pub(super) deadline: Option<Instant>,
    /// Somebody asked for that deadline; otherwise it is everybody's.
    pub(super) given: bool,
}

/// What the host functions and the event loop share.
pub(super) struct Shared {
    pub(super) watch: Watch,
    pub(super) timers: RefCell<Timers>,
    pub(super) live: RefCell<Vec<Live>>,
    /// Number of the message being dealt with.
    pub(super) message: Cell<u64>,
    /// Our JavaScript has callbacks waiting for the end of this turn.
    pub(super) wake: Cell<bool>,
    /// The engine must be rebuilt once its scripts have ended.
    pub(super) tainted: Cell<bool>,
    outbox: mpsc::Sender<Vec<String>>,
    /// Said, not sent yet: a thread is not woken for every word.
    said: RefCell<Vec<String>>,
    /// Bytes that may still be said before a script begins again.
    allowance: Cell<usize>,
    limits: Limits,
    dynamic: RefCell<Dynamic>,
    started: Instant,
}

impl Shared {
    pub(super) fn new(watch: Watch, outbox: mpsc::Sender<Vec<String>>, limits: Limits) -> Self {
        Self {
            watch,
            timers: RefCell::default(),
            live: RefCell::default(),
            message: Cell::new(0),
            wake: Cell::new(false),
            tainted: Cell::new(false),
            outbox,
            said: RefCell::default(),
            allowance: Cell::new(limits.output),
            limits,
            dynamic: RefCell::new(Dynamic::from_entropy()),
            started: Instant::now(),
        }
    }

    /// Says one message, whatever it costs.
    pub(super) fn send(&self, message: String) {
        self.said.borrow_mut().push(message);
    }

    /// Sends out what was said; waits while nobody reads. `false` when nobody ever will.
    pub(super) fn flush(&self) -> bool {
        let said = self.said.take();
        said.is_empty() || self.outbox.blocking_send(said).is_ok()
    }

    /// Sends out what was said by a script that has been busy since.
    pub(super) fn nudge(&self) {
        if self.watch.is_long() && !self.said.borrow().is_empty() && !self.flush() {
            self.watch.flood();
        }
    }

    /// The moment the first script is out of time.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.live.borrow().iter().filter_map(|live| live.deadline).min()
    }

    /// Forgets what a discarded engine had under way; says which scripts that was.
    pub(super) fn reset(&self) -> Vec<Live> {
        self.timers.replace(Timers::default());
        self.wake.set(false);
        self.tainted.set(false);
        self.refill();
        self.watch.relent();
        self.live.take()
    }

    /// Lets as much be said as one script may say.
    pub(super) fn refill(&self) {
        self.allowance.set(self.limits.output);
    }

    /// Nobody will ever read what is sent.
    pub(super) fn is_closed(&self) -> bool {
        self.outbox.is_closed()
    }

    fn emit(&self, message: String) {
        match self.allowance.get().checked_sub(message.len() + Limits::MESSAGE_COST) {
            Some(left) => self.allowance.set(left),
            None => {
                self.allowance.set(0);
                self.watch.flood();
                return;
            }
        }
        self.send(message);
        if (self.said.borrow().len() >= BATCH || self.watch.is_long()) && !self.flush() {
            self.watch.flood();
        }
    }

    fn begin(&self, id: String, cursor: String, timeout_ms: f64) {
        let given =
            (timeout_ms > 0.0).then(|| Duration::try_from_secs_f64(timeout_ms / 1000.0).ok()).flatten();
        let deadline = Instant::now().checked_add(given.unwrap_or(self.limits.script));
        // Who says how long a script may take says how long it may be busy.
        self.watch.set_turn(given.is_none().then_some(self.limits.turn));
        let mut live = self.live.borrow_mut();
        if live.is_empty() {
            self.refill();
        }
        live.push(Live { id, cursor, deadline, given: given.is_some() });
        drop(live);
        self.watch.begin(self.message.get());
        self.watch.set_deadline(self.deadline());
    }

    /// A script has ended, with this last message. It goes out whatever was said before. The script's code may still
    /// run (`pm.execution.skipRequest` ends it in its midst), so the last one's deadline stands until the turn is over.
    fn end(&self, id: &str, message: Option<String>) {
        self.live.borrow_mut().retain(|live| live.id != id);
        if !self.live.borrow().is_empty() {
            self.watch.set_deadline(self.deadline());
        }
        if let Some(message) = message {
            self.send(message);
        }
    }
}

/// The `host` object of one engine.
pub(super) fn object<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> Result<Object<'js>> {
    let host = Object::new(ctx.clone())?;
    protocol(&host, shared)?;
    clock(&host, shared)?;
    bytes::define(&host)?;
    host_web::define(&host)?;
    code(&host)?;
    let dynamic = Rc::clone(shared);
    host.set("dynamic", Func::from(move |name: String| dynamic.dynamic.borrow_mut().generate(&name)))?;
    Ok(host)
}

/// Messages out, scripts that begin and end.
fn protocol(host: &Object<'_>, shared: &Rc<Shared>) -> Result<()> {
    let s = Rc::clone(shared);
    host.set("emit", Func::from(move |message: String| s.emit(message)))?;
    let s = Rc::clone(shared);
    host.set("begin", Func::from(move |id: String, cursor: String, ms: f64| s.begin(id, cursor, ms)))?;
    let s = Rc::clone(shared);
    host.set("end", Func::from(move |id: String, message: Option<String>| s.end(&id, message)))?;
    let s = Rc::clone(shared);
    host.set("taint", Func::from(move || s.tainted.set(true)))?;
    let s = Rc::clone(shared);
    host.set("wake", Func::from(move || s.wake.set(true)))
}

/// Timers and clocks.
fn clock(host: &Object<'_>, shared: &Rc<Shared>) -> Result<()> {
    let s = Rc::clone(shared);
    let set = move |id: u32, ms: f64| s.timers.borrow_mut().set(id, ms, Instant::now());
    host.set("setTimer", Func::from(set))?;
    let s = Rc::clone(shared);
    host.set("clearTimer", Func::from(move |id: u32| s.timers.borrow_mut().clear(id)))?;
    let started = shared.started;
    host.set("hrtime", Func::from(move || started.elapsed().as_secs_f64() * 1000.0))?;
    let now =
        || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |d| d.as_secs_f64() * 1000.0).floor();
    host.set("now", Func::from(now))
}

/// Scripts to compile, libraries to load.
fn code<'js>(host: &Object<'js>) -> Result<()> {
    let compile =
        |ctx: Ctx<'js>, source: String, file: String| raw::evaluate(&ctx, source.into_bytes(), &file);
    host.set("compile", Func::from(compile))?;
    host.set(
        "loadModule",
        Func::from(|ctx: Ctx<'js>, name: String| postproof_script_libs::load(&ctx, &name)),
    )?;
    host.set("moduleMissing", Func::from(postproof_script_libs::missing_reason))?;
    host.set("promiseState", Func::from(promise_state))
}

/// `[state, value]`: `pending`, `fulfilled` or `rejected`, and with what.
fn promise_state<'js>(ctx: Ctx<'js>, promise: Promise<'js>) -> List<(&'static str, Value<'js>)> {
    let value = match promise.result::<Value<'js>>() {
        None => Value::new_undefined(ctx),
        Some(Ok(value)) => value,
        Some(Err(_)) => ctx.catch(),
    };
    let state = match promise.state() {
        PromiseState::Pending => "pending",
        PromiseState::Resolved => "fulfilled",
        PromiseState::Rejected => "rejected",
    };
    List((state, value))
}
