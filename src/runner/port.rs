//! What the runner needs from outside.

use crate::exchange::{Exchange, ResolvedRequest};
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

/// Sends requests. Whatever goes wrong on the wire is part of the [`Exchange`], not an error.
pub trait Transport {
    /// Sends one request, following redirects as the options say. Dropping the future abandons the request.
    fn send(&mut self, request: ResolvedRequest, options: &SendOptions) -> impl Future<Output = Exchange>;
}

impl<T: Transport> Transport for &mut T {
    fn send(&mut self, request: ResolvedRequest, options: &SendOptions) -> impl Future<Output = Exchange> {
        (**self).send(request, options)
    }
}
