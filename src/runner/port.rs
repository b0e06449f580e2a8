//! What the runner needs from outside.

use crate::exchange::{Exchange, ResolvedRequest};
use serde_json::Value;
use std::io;
use std::time::Duration;

/// How one request is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendOptions {
    /// Time allowed for the whole exchange, `None` for no limit.
    pub timeout: Option<Duration>,
    /// Follow 301, 302, 303, 307, 308.
    pub follow_redirects: bool,
    /// Redirects followed at most.
    pub max_redirects: u32,
    /// Keep method and body on 301, 302, 303.
    pub follow_original_method: bool,
    /// Keep `Authorization` when the host changes.
    pub follow_authorization: bool,
    /// Add `Referer` to the requests that follow a redirect.
    pub send_referer: bool,
    /// Read and write the cookie jar.
    pub cookies: bool,
    /// Verify TLS certificates.
    pub verify_tls: bool,
    /// System headers (lower-case names) the user switched off.
    pub disabled_system_headers: Vec<String>,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self {
            timeout: None,
            follow_redirects: true,
            max_redirects: 10,
            follow_original_method: false,
            follow_authorization: false,
            send_referer: true,
            cookies: true,
            verify_tls: true,
            disabled_system_headers: Vec::new(),
        }
    }
}

/// A cookie as scripts see it (tough-cookie's names).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptCookie {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// Domain without a leading dot.
    pub domain: String,
    /// Path.
    pub path: String,
    /// Sent to that host only, not to hosts below it.
    pub host_only: bool,
    /// `Secure`.
    pub secure: bool,
    /// `HttpOnly`.
    pub http_only: bool,
    /// `Expires`, RFC 3339; `None` for a session cookie.
    pub expires: Option<String>,
}

/// Sends requests. Whatever goes wrong on the wire is part of the [`Exchange`], not an error.
pub trait Transport {
    /// Sends one request, following redirects as the options say. Dropping the future abandons the request.
    fn send(&mut self, request: ResolvedRequest, options: &SendOptions) -> impl Future<Output = Exchange>;

    /// Every cookie of the jar that has not expired.
    fn cookies(&self) -> Vec<ScriptCookie>;

    /// The jar's cookies that a request to that URL would carry.
    fn cookies_for(&self, url: &str) -> Vec<ScriptCookie>;

    /// Puts a cookie into the jar; one of the same domain, path and name is replaced.
    fn put_cookie(&mut self, cookie: &ScriptCookie);

    /// Takes a cookie out of the jar.
    fn remove_cookie(&mut self, domain: &str, path: &str, name: &str);
}

/// Runs scripts, spoken to in the messages of Postman's sandbox: JSON arrays `[name, …arguments]`.
pub trait ScriptEngine {
    /// Whether scripts are run at all; where they are not, that is told once.
    const RUNS: bool = true;

    /// Sends one message in. Errors: the engine cannot be started.
    fn post(&mut self, message: &[Value]) -> io::Result<()>;

    /// The next message out; `None` when the engine is gone.
    fn receive(&mut self) -> impl Future<Output = Option<Vec<Value>>>;

    /// Stops whatever runs: it ends with an error.
    fn interrupt(&mut self);
}

impl<T: Transport> Transport for &mut T {
    fn send(&mut self, request: ResolvedRequest, options: &SendOptions) -> impl Future<Output = Exchange> {
        (**self).send(request, options)
    }

    fn cookies(&self) -> Vec<ScriptCookie> {
        (**self).cookies()
    }

    fn cookies_for(&self, url: &str) -> Vec<ScriptCookie> {
        (**self).cookies_for(url)
    }

    fn put_cookie(&mut self, cookie: &ScriptCookie) {
        (**self).put_cookie(cookie);
    }

    fn remove_cookie(&mut self, domain: &str, path: &str, name: &str) {
        (**self).remove_cookie(domain, path, name);
    }
}

/// No engine: scripts are announced as not run.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoScripts;

impl ScriptEngine for NoScripts {
    const RUNS: bool = false;

    fn post(&mut self, _message: &[Value]) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "there is no script engine"))
    }

    async fn receive(&mut self) -> Option<Vec<Value>> {
        None
    }

    fn interrupt(&mut self) {}
}
