//! Reporters at work on a thread of their own: reports are written while the run waits for answers and scripts.

use super::{Artifact, ReportError, Reporter};
use crate::event::{EventKind, RunEvent};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{mem, panic};

/// How long events gather before they are reported: what a run that is killed has not told. Shorter, and waking the thread
/// costs what the batch saves.
const GATHERED: Duration = Duration::from_millis(4);
/// Events that are reported at once.
const MANY: usize = 512;
/// Events at which the run waits for its reports, so that memory stays flat.
const FULL: usize = 2 * MANY;
/// Bytes of bodies that weigh as much as an event.
const BYTES_AN_EVENT: usize = 4096;

/// Takes the events of a run to its reporters, in order.
pub struct Desk {
    tray: Arc<Tray>,
    thread: Option<JoinHandle<Written>>,
}

/// What reporters leave behind.
#[derive(Debug, Default)]
pub struct Written {
    /// Files.
    pub artifacts: Vec<Artifact>,
    /// Reports that could not be written.
    pub errors: Vec<ReportError>,
}

/// Where events lie until they are reported.
#[derive(Default)]
struct Tray {
    lying: Mutex<Lying>,
    /// There is something to do.
    put: Condvar,
    /// Something has been done.
    taken: Condvar,
}

#[derive(Default)]
struct Lying {
    events: Vec<RunEvent>,
    weight: usize,
    /// Somebody waits: nothing more is going to gather.
    hurry: bool,
    /// What was taken is not reported yet.
    busy: bool,
    /// No event follows.
    over: bool,
    /// The reporters' thread has ended, by a panic where it should not have.
    left: bool,
}

impl Lying {
    fn is_pressing(&self) -> bool {
        self.hurry || self.over || self.weight >= MANY
    }
}

impl Tray {
    fn lock(&self) -> MutexGuard<'_, Lying> {
        self.lying.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next events to report, in place of those that were; says whether there are any, or the run is over.
    fn take(&self, events: &mut Vec<RunEvent>) -> bool {
        let mut lying = self.lock();
        lying.busy = false;
        self.taken.notify_all();
        let nothing = |lying: &mut Lying| lying.events.is_empty() && !lying.over;
        lying = self.put.wait_while(lying, nothing).unwrap_or_else(PoisonError::into_inner);
        let gathering = |lying: &mut Lying| !lying.is_pressing();
        (lying, _) =
            self.put.wait_timeout_while(lying, GATHERED, gathering).unwrap_or_else(PoisonError::into_inner);
        lying.weight = 0;
        lying.busy = true;
        // Back and forth: a new one would be memory the process has not touched.
        mem::swap(&mut lying.events, events);
        self.taken.notify_all();
        !events.is_empty()
    }

    /// Waits for the reporters, unless they are gone: that is told at the end.
    fn wait_while(&self, lying: MutexGuard<'_, Lying>, waits: impl Fn(&Lying) -> bool) {
        let waits = |lying: &mut Lying| !lying.left && waits(lying);
        drop(self.taken.wait_while(lying, waits).unwrap_or_else(PoisonError::into_inner));
    }
}

impl Desk {
    /// A desk; without reporters there is no thread.
    ///
    /// # Panics
    /// Where the system has no thread left, as [`thread::spawn`].
    pub fn new(reporters: Vec<Box<dyn Reporter>>) -> Self {
        let tray = Arc::<Tray>::default();
        let thread = (!reporters.is_empty()).then(|| {
            let tray = Arc::clone(&tray);
            thread::spawn(move || work(reporters, &tray))
        });
        Self { tray, thread }
    }

    /// Passes an event on. A reporter that fails is dropped, and the others go on; [`finish`](Self::finish) tells.
    pub fn take(&mut self, event: RunEvent) {
        if self.thread.is_none() {
            return;
        }
        let mut lying = self.tray.lock();
        if lying.left {
            return;
        }
        let pressed = lying.is_pressing();
        lying.weight += weight(&event.kind);
        lying.events.push(event);
        if lying.events.len() == 1 || lying.is_pressing() != pressed {
            self.tray.put.notify_one();
        }
        if lying.weight >= FULL {
            self.tray.wait_while(lying, |lying| lying.weight >= FULL);
        }
    }

    /// Waits until everything has been reported, for who is about to write beside the reports.
    pub fn settle(&mut self) {
        if self.thread.is_none() {
            return;
        }
        let mut lying = self.tray.lock();
        lying.hurry = true;
        self.tray.put.notify_one();
        self.tray.wait_while(lying, |lying| lying.busy || !lying.events.is_empty());
        self.tray.lock().hurry = false;
    }

    /// Completes every report.
    ///
    /// # Panics
    /// Where a reporter has.
    pub fn finish(mut self) -> Written {
        let Some(thread) = self.thread.take() else { return Written::default() };
        self.end();
        thread.join().unwrap_or_else(|cause| panic::resume_unwind(cause))
    }

    fn end(&self) {
        self.tray.lock().over = true;
        self.tray.put.notify_one();
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // A run that is given up leaves what it has told.
        if let Some(thread) = self.thread.take() {
            self.end();
            drop(thread.join());
        }
    }
}

/// What an event weighs that may have to wait: its bodies are cut, but there may be many.
fn weight(kind: &EventKind) -> usize {
    let EventKind::RequestFinished { exchange, .. } = kind else { return 1 };
    let bodies = exchange.calls.iter().flat_map(|call| {
        [call.request.body.as_ref(), call.outcome.as_ref().ok().map(|response| &response.body)]
    });
    1 + bodies.flatten().map(|body| body.bytes().len()).sum::<usize>() / BYTES_AN_EVENT
}

/// Says that the thread is gone, however it goes.
struct Leaving<'a>(&'a Tray);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.lock().left = true;
        self.0.taken.notify_all();
    }
}

fn work(mut reporters: Vec<Box<dyn Reporter>>, tray: &Tray) -> Written {
    let leaving = Leaving(tray);
    let mut written = Written::default();
    let mut events = Vec::new();
    while tray.take(&mut events) {
        let mut each = |act: &dyn Fn(&mut dyn Reporter) -> Result<(), ReportError>| {
            reporters.retain_mut(|reporter| {
                let failed = act(reporter.as_mut()).err();
                let fine = failed.is_none();
                written.errors.extend(failed);
                fine
            });
        };
        for event in events.drain(..) {
            each(&|reporter| reporter.on_event(&event));
        }
        each(&|reporter| reporter.flush());
    }
    drop(leaving);
    for mut reporter in reporters {
        match reporter.finish() {
            Ok(artifacts) => written.artifacts.extend(artifacts),
            Err(error) => written.errors.push(error),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows what it has seen when it is flushed, and fails at one event.
    struct Kept {
        seen: Arc<Mutex<Vec<u64>>>,
        taken: Vec<u64>,
        fails_at: u64,
    }

    impl Reporter for Kept {
        fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
            if event.seq == self.fails_at {
                return Err(ReportError::Unknown { name: "kept".to_owned() });
            }
            self.taken.push(event.seq);
            Ok(())
        }

        fn flush(&mut self) -> Result<(), ReportError> {
            self.seen.lock().unwrap().append(&mut self.taken);
            Ok(())
        }

        fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
            Ok(vec![Artifact { reporter: "kept", path: "kept".into() }])
        }
    }

    fn event(seq: u64, kind: EventKind) -> RunEvent {
        RunEvent { seq, at_ms: 0.0, kind }
    }

    fn captured() -> EventKind {
        EventKind::VariablesCaptured { cursor: Default::default(), names: Vec::new() }
    }

    fn finished() -> EventKind {
        EventKind::IterationFinished { cursor: Default::default() }
    }

    #[test]
    fn who_fails_is_dropped_and_the_others_see_everything_in_order() {
        let (whole, broken) = (Arc::default(), Arc::default());
        let kept = |seen: &Arc<Mutex<Vec<u64>>>, fails_at| Kept {
            seen: Arc::clone(seen),
            taken: Vec::new(),
            fails_at,
        };
        let mut desk = Desk::new(vec![Box::new(kept(&broken, 50)), Box::new(kept(&whole, 0))]);
        for seq in 1..=100 {
            desk.take(event(seq, if seq % 3 == 0 { finished() } else { captured() }));
        }
        desk.settle();
        assert_eq!(*whole.lock().unwrap(), (1..=100).collect::<Vec<_>>(), "what is settled is reported");
        desk.take(event(101, captured()));
        let written = desk.finish();
        assert_eq!(whole.lock().unwrap().len(), 101, "what was kept is told at the end");
        assert!(broken.lock().unwrap().len() < 50, "dropped where it failed");
        assert_eq!((written.artifacts.len(), written.errors.len()), (1, 1));
    }

    #[test]
    fn a_desk_without_reporters_takes_everything() {
        let mut desk = Desk::new(Vec::new());
        desk.take(event(1, finished()));
        desk.settle();
        assert!(desk.finish().artifacts.is_empty());
    }
}
