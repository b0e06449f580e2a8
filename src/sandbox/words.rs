//! Dynamic variables made of word lists (`{{$randomCity}}` …): Postman's own generator, on an engine of its own, for the
//! runner resolves them between scripts.

use super::host::Shared;
use super::limits::{Limits, OUTBOX, Watch};
use super::realm::Realm;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tokio::sync::mpsc;

thread_local! {
    /// Made by the first name that needs it; `None` inside when it cannot be.
    static REALM: RefCell<Option<Option<Realm>>> = const { RefCell::new(None) };
}

/// A fresh value for `$name` from faker, as postman-collection has it; `None` for other names, and in a build without
/// libraries.
pub fn invent(name: &str) -> Option<String> {
    if super::missing_libraries().is_some() {
        return None;
    }
    REALM.with_borrow_mut(|realm| {
        let realm = realm.get_or_insert_with(start).as_ref()?;
        realm.call::<_, Option<String>>("invent", (name,)).ok().flatten()
    })
}

fn start() -> Option<Realm> {
    // No script runs here: nobody listens, nothing is interrupted.
    let limits = Limits::default();
    let (outbox, _) = mpsc::channel(OUTBOX);
    let shared = Shared::new(Watch::new(Arc::new(AtomicU64::new(0))), outbox, limits);
    Realm::new(limits, &Rc::new(shared)).ok()
}
