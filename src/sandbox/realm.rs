//! One engine: runtime, context, and the entry points of `js/main.js`.

use super::host::{self, Shared};
use super::limits::{GRACE_MEMORY, Limits, Watch};
use super::raw;
use rquickjs::function::IntoArgs;
use rquickjs::{CatchResultExt as _, Context, Ctx, FromJs, Function, Object, Persistent, Runtime, Value};
use std::cell::RefCell;
use std::rc::Rc;

/// Heap, in bytes, beyond which a script is held up to collect garbage: what an engine keeps is a tenth of it.
const GARBAGE_AT: usize = 16 << 20;

/// A promise nobody has caught yet, and why it was rejected.
type Rejection = (Persistent<Value<'static>>, Persistent<Value<'static>>);

/// A runtime with our JavaScript booted in it.
pub(super) struct Realm {
    // Everything saved from the context is declared before it: it must be dropped first.
    entries: Persistent<Object<'static>>,
    last_call: raw::LastCall,
    rejections: Rc<RefCell<Vec<Rejection>>>,
    context: Context,
    runtime: Runtime,
    limits: Limits,
}

/// Our own JavaScript failed, or was stopped: what the engine says.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct RealmError(String);

impl From<rquickjs::Error> for RealmError {
    fn from(error: rquickjs::Error) -> Self {
        Self(error.to_string())
    }
}

impl Realm {
    /// Builds an engine and boots `js/main.js`.
    pub(super) fn new(limits: Limits, shared: &Rc<Shared>) -> Result<Self, RealmError> {
        let runtime = Runtime::new()?;
        runtime.set_memory_limit(limits.memory);
        runtime.set_gc_threshold(garbage_at(limits));
        runtime.set_max_stack_size(limits.stack);
        let watched = Rc::clone(shared);
        let last_call = raw::LastCall::default();
        let must_stop = move || {
            watched.nudge();
            watched.watch.must_stop()
        };
        raw::on_interrupt(&runtime, must_stop, last_call.clone());
        let rejections: Rc<RefCell<Vec<Rejection>>> = Rc::default();
        track_rejections(&runtime, &rejections);
        let context = Context::full(&runtime)?;
        let entries = context.with(|ctx| {
            let booted = boot(&ctx, shared).and_then(|entries| {
                // While the engine makes an error it runs JavaScript of ours (`js/wording.js`), and an interruption
                // there is lost: a loop of errors, each caught, could outlive every deadline.
                last_call.set(&ctx, entries.get("endProse")?);
                Ok(entries)
            });
            let booted = booted.catch(&ctx);
            booted
                .map(|entries| Persistent::save(&ctx, entries))
                .map_err(|error| RealmError(error.to_string()))
        })?;
        Ok(Self { entries, last_call, rejections, context, runtime, limits })
    }

    /// Calls an entry point of `js/main.js`.
    pub(super) fn call<A, R>(&self, entry: &str, arguments: A) -> Result<R, RealmError>
    where
        A: for<'js> IntoArgs<'js>,
        R: for<'js> FromJs<'js>,
    {
        self.context.with(|ctx| {
            let call = || {
                let entry: Function<'_> = self.entries.clone().restore(&ctx)?.get(entry)?;
                entry.call(arguments)
            };
            call().catch(&ctx).map_err(|error| RealmError(error.to_string()))
        })
    }

    /// Runs what promises and microtasks have queued, then tells our JavaScript of rejections nobody caught, until
    /// neither is left or JavaScript is stopped: an interrupted job may leave others behind it that go on for ever.
    pub(super) fn settle(&self, watch: &Watch) -> Result<(), RealmError> {
        loop {
            self.run_jobs(watch)?;
            if watch.is_hit() {
                return Ok(());
            }
            let uncaught = std::mem::take(&mut *self.rejections.borrow_mut());
            if uncaught.is_empty() {
                return Ok(());
            }
            for (_, reason) in uncaught {
                self.call::<_, ()>("rejected", (reason,))?;
            }
        }
    }

    /// Runs jobs while there are any. Those of promises keep what is thrown to themselves; those of `queueMicrotask`
    /// let it out, and the next one runs all the same.
    fn run_jobs(&self, watch: &Watch) -> Result<(), RealmError> {
        loop {
            let more = self.runtime.execute_pending_job();
            if watch.is_hit() {
                return Ok(());
            }
            match more {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(_) => {
                    let thrown = self.context.with(|ctx| Persistent::save(&ctx, ctx.catch()));
                    self.call::<_, ()>("thrown", (thrown,))?;
                }
            }
        }
    }

    /// Lets our JavaScript finish although the script has used up its memory.
    pub(super) fn allow_more(&self) {
        self.runtime.set_memory_limit(self.limits.memory + GRACE_MEMORY);
    }

    /// Collects garbage while no script waits for it.
    pub(super) fn tidy(&self) {
        self.runtime.run_gc();
        // The engine has brought it down where it had to collect by itself.
        self.runtime.set_gc_threshold(garbage_at(self.limits));
    }

    /// Whether the heap, garbage collected, is so full that the next script would suffer.
    pub(super) fn is_crowded(&self) -> bool {
        let crowded = |runtime: &Runtime| {
            usize::try_from(runtime.memory_usage().malloc_size).unwrap_or(0) > self.limits.memory / 2
        };
        crowded(&self.runtime) && {
            self.runtime.run_gc();
            crowded(&self.runtime)
        }
    }
}

impl Drop for Realm {
    fn drop(&mut self) {
        // The interrupt handler holds it too, and lives as long as the runtime.
        self.last_call.clear();
    }
}

fn garbage_at(limits: Limits) -> usize {
    GARBAGE_AT.min(limits.memory / 4)
}

fn boot<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<Object<'js>> {
    let host = host::object(ctx, shared)?;
    let module = Object::new(ctx.clone())?;
    let load = Function::new(ctx.clone(), |ctx: Ctx<'js>, name: String| raw::load(&ctx, &name))?;
    let main = raw::load(ctx, "main")?.and_then(Value::into_function);
    let main = main.ok_or(rquickjs::Error::Unknown)?;
    main.call::<_, ()>((module.clone(), Value::new_undefined(ctx.clone()), load, host))?;
    module.get("exports")
}

/// Keeps the list of rejected promises: the engine tells of a rejection at once, and again when somebody catches it.
fn track_rejections(runtime: &Runtime, rejections: &Rc<RefCell<Vec<Rejection>>>) {
    let rejections = Rc::clone(rejections);
    runtime.set_host_promise_rejection_tracker(Some(Box::new(move |ctx, promise, reason, handled| {
        let promise = Persistent::save(&ctx, promise);
        let mut list = rejections.borrow_mut();
        if handled {
            list.retain(|(known, _)| *known != promise);
        } else {
            list.push((promise, Persistent::save(&ctx, reason)));
        }
    })));
}
