//! HTTP behind the runner's [`Transport`](crate::runner::Transport) port: reqwest, cookies, redirects as a trace of calls.
