//! The script sandbox: Postman's `pm` API on an embedded JavaScript engine.
//!
//! One thread owns the engine ([`Sandbox`] starts it on first use) and everything said to it is a message of
//! Postman's own sandbox protocol: a JSON array `[name, …arguments]`. All scripts of a run share one context, so
//! globals survive from script to script; the context is rebuilt after a script that had to be interrupted or that
//! ran out of memory. Scripts reach nothing but what the host functions give them (`host`): no file, no socket,
//! no environment. What they ask for (`pm.sendRequest`, cookies, the vault) goes out as a message and somebody
//! else answers it.
//!
//! ```text
//! Sandbox ──inbox──► thread ──► realm (Runtime + Context) ──► js/main.js ──► js/execution.js ──► the script
//!         ◄─outbox──        ◄── host.emit ◄──────────────────────────────────── pm.* console timers
//! ```
//! * `raw` the only unsafe code · `limits` what a script may use, and the deadline · `timers` who is due next
//! * `host` functions given to our JavaScript · `realm` one engine · `thread` its event loop
//! * `words` what faker makes up for requests
//! * `handle` the channel's near end · `port` the runner's [`ScriptEngine`](crate::runner::ScriptEngine) over it

mod bytes;
mod handle;
mod host;
mod host_crypto;
mod host_web;
mod limits;
mod message;
mod port;
mod raw;
mod realm;
#[cfg(test)]
mod tests;
mod thread;
mod timers;
mod words;

pub use handle::Sandbox;
pub use limits::Limits;
pub use message::{message_name, refusal};
pub use words::invent;

/// Why this build carries no libraries for scripts (chai, lodash …); `None` when it does.
pub fn missing_libraries() -> Option<&'static str> {
    postproof_script_libs::missing_reason()
}

/// The licences of the libraries this build carries.
pub fn library_licenses() -> &'static str {
    postproof_script_libs::licenses()
}
