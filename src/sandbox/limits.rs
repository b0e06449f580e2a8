//! What scripts may use of the machine, and the clock that stops them.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Bounds of one engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Memory of the engine's heap, bytes. A script beyond it gets `InternalError: out of memory`.
    pub memory: usize,
    /// Stack of the engine, bytes. A script beyond it gets `RangeError: Maximum call stack size exceeded`.
    pub stack: usize,
    /// What one script may say (console, assertions, requests …), bytes; each message counts
    /// [`MESSAGE_COST`](Self::MESSAGE_COST) more than its text.
    pub output: usize,
    /// Time a script may take, waiting included, where nobody says otherwise.
    pub script: Duration,
    /// Time it may run without a pause, where nobody says otherwise: longer is taken for an endless loop.
    pub turn: Duration,
}

impl Limits {
    /// Bytes every message counts beside its text, so that empty messages are bounded too.
    pub const MESSAGE_COST: usize = 256;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 256 << 20,
            stack: 1 << 20,
            output: 256 << 20,
            script: Duration::from_secs(300),
            turn: Duration::from_secs(10),
        }
    }
}

/// Stack of the engine's thread: the engine's own plus room for the host functions it calls (debug builds use much).
pub(super) const THREAD_STACK: usize = 8 << 20;

/// Messages waiting to be read; the script waits when there are more.
pub(super) const OUTBOX: usize = 256;

/// Messages of a turn that takes longer are sent as they come.
const PATIENCE: Duration = Duration::from_millis(20);

/// Time our own JavaScript gets to wind a script up that was interrupted.
pub(super) const GRACE: Duration = Duration::from_millis(500);

/// Memory it gets for that beyond the limit.
pub(super) const GRACE_MEMORY: usize = 32 << 20;

/// Why the engine stopped running JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interruption {
    /// Time is up.
    Deadline,
    /// Somebody asked for it.
    Abort,
    /// The script said too much.
    Output,
    /// It ran without a pause for longer than any script should.
    Busy,
}

impl Interruption {
    /// As our JavaScript is told.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Deadline => "timeout",
            Self::Abort => "abort",
            Self::Output => "output",
            Self::Busy => "busy",
        }
    }
}

/// Decides whether JavaScript may go on; asked by the engine every few thousand instructions.
#[derive(Debug)]
pub(super) struct Watch {
    /// Scripts begun by this message or one before it must stop; set from other threads.
    abort: Arc<AtomicU64>,
    /// The message that began the newest script under way; [`NONE`](Self::NONE) when none is.
    begun_by: Cell<u64>,
    deadline: Cell<Option<Instant>>,
    flooded: Cell<bool>,
    /// How long a turn may take, and when this one began.
    turn: Cell<Option<Duration>>,
    turn_began: Cell<Option<Instant>>,
    hit: Cell<Option<Interruption>>,
}

impl Watch {
    /// No message has this number, so nothing aborts what it began.
    const NONE: u64 = u64::MAX;

    pub(super) fn new(abort: Arc<AtomicU64>) -> Self {
        Self {
            abort,
            begun_by: Cell::new(Self::NONE),
            deadline: Cell::default(),
            flooded: Cell::default(),
            turn: Cell::default(),
            turn_began: Cell::default(),
            hit: Cell::default(),
        }
    }

    /// A script begins, by this message.
    pub(super) fn begin(&self, message: u64) {
        self.begun_by.set(message);
    }

    /// Stops JavaScript from that moment on; `None` lets it run.
    pub(super) fn set_deadline(&self, deadline: Option<Instant>) {
        self.deadline.set(deadline);
    }

    /// Limits how long JavaScript may run without a pause.
    pub(super) fn set_turn(&self, limit: Option<Duration>) {
        self.turn.set(limit);
    }

    /// JavaScript begins to run, after a pause.
    pub(super) fn begin_turn(&self, now: Instant) {
        self.turn_began.set(Some(now));
    }

    /// Whether JavaScript has run for so long that somebody may wait for what it said.
    pub(super) fn is_long(&self) -> bool {
        self.turn_began.get().is_some_and(|began| began.elapsed() > PATIENCE)
    }

    /// Stops JavaScript at the next chance because of its output.
    pub(super) fn flood(&self) {
        self.flooded.set(true);
    }

    /// Whether the engine must stop now; remembers why.
    pub(super) fn must_stop(&self) -> bool {
        let why = if self.abort.load(Ordering::Relaxed) >= self.begun_by.get() {
            Interruption::Abort
        } else if self.flooded.get() {
            Interruption::Output
        } else if self.deadline.get().is_some_and(|deadline| Instant::now() >= deadline) {
            Interruption::Deadline
        } else if self.is_endless() {
            Interruption::Busy
        } else {
            return false;
        };
        self.hit.set(Some(why));
        true
    }

    fn is_endless(&self) -> bool {
        let (limit, began) = (self.turn.get(), self.turn_began.get());
        limit.zip(began).is_some_and(|(limit, began)| began.elapsed() >= limit)
    }

    /// Whether JavaScript was stopped and nobody has seen to it yet.
    pub(super) fn is_hit(&self) -> bool {
        self.hit.get().is_some()
    }

    /// Why JavaScript was, or should be, stopped since the last call.
    pub(super) fn take_hit(&self) -> Option<Interruption> {
        self.hit.take().or(self.flooded.get().then_some(Interruption::Output))
    }

    /// Forgets everything that stops JavaScript, so that a script can be wound up.
    pub(super) fn relent(&self) {
        self.flooded.set(false);
        self.begun_by.set(Self::NONE);
        self.deadline.set(None);
        self.turn.set(None);
        self.hit.set(None);
    }
}
