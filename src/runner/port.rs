//! What the runner needs from outside.

use crate::diagnostic::Warning;
use crate::exchange::{Exchange, ResolvedRequest};
use crate::wire_url::Encoding;
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// How one request is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendOptions {
    /// How long connecting may take, and how long the server may be silent after that; `None` for no limit.
    pub timeout: Option<Duration>,
    /// How long each call may take in all, from connecting to the last byte of its answer; `None` for no limit.
    pub limit: Option<Duration>,
    /// Whether the URL is percent-encoded.
    pub url_encoding: Encoding,
    /// Largest response body in bytes, decoded; `None` for no limit.
    pub max_response_size: Option<u64>,
    /// Read answers as leniently as Node's `insecureHTTPParser`.
    pub lenient_parser: bool,
    /// Follow 3xx with a `Location`.
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
    /// How TLS is spoken.
    pub tls: TlsOptions,
    /// The request's own proxy, instead of the run's.
    pub proxy: Option<RequestProxy>,
    /// System headers (lower-case names) the user switched off.
    pub disabled_system_headers: Vec<String>,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self {
            timeout: None,
            limit: None,
            url_encoding: Encoding::Encode,
            max_response_size: None,
            lenient_parser: false,
            follow_redirects: true,
            max_redirects: 10,
            follow_original_method: false,
            follow_authorization: false,
            send_referer: true,
            cookies: true,
            verify_tls: true,
            tls: TlsOptions::default(),
            proxy: None,
            disabled_system_headers: Vec::new(),
        }
    }
}

/// How TLS is spoken, in the words of `protocolProfileBehavior`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// `tlsDisabledProtocols`: `TLSv1_2`, `TLSv1_3` …
    pub disabled_protocols: Vec<String>,
    /// `tlsCipherSelection`: OpenSSL's names.
    pub ciphers: Vec<String>,
}

/// A request's own proxy (`request.proxy`). Its credentials are in no text made from it.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestProxy {
    /// Pattern of the URLs it is for.
    pub matches: String,
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Through CONNECT even for http.
    pub tunnel: bool,
    /// User and password.
    pub credentials: Option<(String, String)>,
}

impl std::fmt::Debug for RequestProxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RequestProxy({}:{} for {})", self.host, self.port, self.matches)
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
    /// When it ends, RFC 3339; `None` for a session cookie.
    pub expires: Option<String>,
    /// `Max-Age`, seconds, where that is what says so.
    pub max_age: Option<i64>,
    /// `SameSite`, in lower case.
    pub same_site: Option<String>,
}

impl ScriptCookie {
    /// A field's text: scripts and jars also write numbers and booleans there, which are sent as JavaScript shows them.
    pub(crate) fn text(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        }
    }
}

/// Sends requests, several at a time if need be. Whatever goes wrong on the wire is part of the [`Exchange`], not an error.
pub trait Transport {
    /// Sends one request, following redirects as the options say. Dropping the future abandons the request.
    fn send(&self, request: ResolvedRequest, options: &SendOptions) -> impl Future<Output = Exchange>;

    /// What the user should know about what was sent since this was last asked; each thing is told once.
    fn take_warnings(&self) -> Vec<Warning> {
        Vec::new()
    }

    /// Every cookie of the jar that has not expired.
    fn cookies(&self) -> Vec<ScriptCookie>;

    /// The jar's cookies that a request to that URL would carry.
    fn cookies_for(&self, url: &str) -> Vec<ScriptCookie>;

    /// Puts a cookie into the jar; one of the same domain, path and name is replaced.
    fn put_cookie(&self, cookie: &ScriptCookie);

    /// Takes a cookie out of the jar.
    fn remove_cookie(&self, domain: &str, path: &str, name: &str);
}

impl<T: Transport> Transport for &T {
    fn send(&self, request: ResolvedRequest, options: &SendOptions) -> impl Future<Output = Exchange> {
        (**self).send(request, options)
    }

    fn take_warnings(&self) -> Vec<Warning> {
        (**self).take_warnings()
    }

    fn cookies(&self) -> Vec<ScriptCookie> {
        (**self).cookies()
    }

    fn cookies_for(&self, url: &str) -> Vec<ScriptCookie> {
        (**self).cookies_for(url)
    }

    fn put_cookie(&self, cookie: &ScriptCookie) {
        (**self).put_cookie(cookie);
    }

    fn remove_cookie(&self, domain: &str, path: &str, name: &str) {
        (**self).remove_cookie(domain, path, name);
    }
}

/// One script to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// Names this execution: every message about it does. Unique among the scripts under way.
    pub id: String,
    /// `prerequest` or `test`.
    pub listen: String,
    /// JavaScript.
    pub source: String,
    /// What it works on, as Postman's sandbox takes it: `request`, `response`, `environment`, `globals`,
    /// `collectionVariables`, `_variables`, `data`, `cookies`.
    pub context: Value,
    /// As Postman's sandbox takes them: `cursor`, `legacy`, `resolvedPackages`, `disabledAPIs` …
    pub options: Value,
    /// Time allowed, callbacks and waiting included; `None` for no limit.
    pub timeout: Option<Duration>,
}

/// What a script says.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptMessage {
    /// The execution it belongs to.
    pub id: String,
    /// What is said.
    pub event: ScriptEvent,
}

/// What a script can say.
#[derive(Debug, Clone, PartialEq)]
pub enum ScriptEvent {
    /// `pm.test` and the like, one or (legacy `tests`) several.
    Assertions(Vec<ScriptAssertion>),
    /// `console.<level>(…)`.
    Console {
        /// `log`, `info`, `warn`, `debug`, `error`, `clear`.
        level: String,
        /// What was logged, formatted as Node's console formats it.
        text: String,
    },
    /// A variable was set that may hold a secret.
    Secret {
        /// Its name.
        name: String,
        /// Its value.
        value: Value,
        /// It is declared to be one.
        declared: bool,
    },
    /// Something was thrown that nobody caught. The script goes on, unless its end follows.
    Error(ScriptError),
    /// The script asks for something and goes on when it is [answered](ScriptEngine::answer).
    Question(ScriptQuestion),
    /// `pm.execution.skipRequest()`.
    SkipRequest,
    /// The script has ended: nothing follows.
    Ended {
        /// Why it failed, where it failed before its callbacks (or was stopped).
        error: Option<ScriptError>,
        /// Postman's execution object: `request`, the scopes with their `mutations`, `return` with `nextRequest`
        /// and `visualizer` …
        execution: Value,
    },
}

/// One assertion.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ScriptAssertion {
    /// As the script calls it.
    pub name: String,
    /// Position among the script's assertions, from 0.
    pub index: u32,
    /// `pm.test.skip`.
    #[serde(default)]
    pub skipped: bool,
    /// Whether it holds.
    pub passed: bool,
    /// Why it does not.
    #[serde(default)]
    pub error: Option<ScriptError>,
    /// Line of the script it is on, from 1, where it failed.
    #[serde(default)]
    pub line: Option<u32>,
}

/// Something thrown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptError {
    /// `TypeError`, `AssertionError` …
    pub name: String,
    /// What it says.
    pub message: String,
    /// Where it was thrown, if that is known: lines of `sandbox-script.js` are lines of the script.
    pub stack: Option<String>,
    /// Line of the script, from 1.
    pub line: Option<u32>,
    /// Column there, from 1, if it is known.
    pub column: Option<u32>,
    /// How the value found differs from the one expected, where both are more than a few words.
    pub diff: Option<String>,
}

/// Something a script asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptQuestion {
    /// The execution that asks.
    pub id: String,
    /// `request`, `cookies`, `vault`, `datasets` or `run_collection_request`.
    pub kind: String,
    /// Which of its questions this is.
    pub event: Value,
    /// What is asked: for `request` the request, for `cookies` method and arguments of the store …
    pub arguments: Vec<Value>,
}

/// Runs scripts, all of a run in one context. While one waits for an answer another may be run (a request that a
/// script runs has scripts of its own).
pub trait ScriptEngine {
    /// Whether scripts are run at all; where they are not, that is told once.
    const RUNS: bool = true;

    /// Scripts will be run: the engine may get ready meanwhile.
    fn prepare(&mut self) {}

    /// Begins a script. Errors: there is no engine to run it.
    fn start(&mut self, script: Script) -> Result<(), ScriptEngineError>;

    /// The next message of the scripts begun. Errors: the engine is gone, and so are they.
    fn next(&mut self) -> impl Future<Output = Result<ScriptMessage, ScriptEngineError>>;

    /// Answers a question: `null` or an error first, then what was asked for.
    fn answer(&mut self, question: &ScriptQuestion, answer: Vec<Value>) -> Result<(), ScriptEngineError>;

    /// Stops every script under way, however busy. Nothing more is heard of them.
    fn abort(&mut self) -> impl Future<Output = ()>;
}

/// There is no script engine.
#[derive(Debug, thiserror::Error)]
#[error("the script engine cannot be used: {0}")]
pub struct ScriptEngineError(pub String);

/// No engine: scripts are announced as not run.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoScripts;

impl ScriptEngine for NoScripts {
    const RUNS: bool = false;

    fn start(&mut self, _script: Script) -> Result<(), ScriptEngineError> {
        Err(ScriptEngineError("there is none".to_owned()))
    }

    async fn next(&mut self) -> Result<ScriptMessage, ScriptEngineError> {
        Err(ScriptEngineError("there is none".to_owned()))
    }

    fn answer(&mut self, _question: &ScriptQuestion, _answer: Vec<Value>) -> Result<(), ScriptEngineError> {
        Err(ScriptEngineError("there is none".to_owned()))
    }

    async fn abort(&mut self) {}
}
