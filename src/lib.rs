//! postproof runs Postman collections headless and proves that an API keeps its documented contract.
//!
//! This page is the map of the code: what flows where, which module may use which, and what always holds.
//!
//! # Data flow
//!
//! ```text
//! collection ─► collection::parse ─► Collection ─┐
//! environment, globals ─► VariableScope ─────────┤
//! data.json, data.csv ─► IterationData ──────────┼─► plan::build ─► RunPlan ─► Runner ──EventKind──► Pipeline ──RunEvent──► reporters ─► Artifact
//!                                                │                     ▲                    │ 1 observe: Exchange → Ledger → CheckResult
//!                            HttpTransport ────────────────────────────┘                    │ 2 count: sequence number and Stats
//! contract.toml ─► Contract ─► probes (items) ─► Runner                                     │ 3 redact
//! server (reference API with faults) ◄── HTTP ── HttpTransport                              │ 4 fan out (one reporter is the NDJSON recording)
//! ```
//!
//! # Modules
//!
//! | Module | Its one responsibility |
//! |---|---|
//! | [`collection`] | Postman Collection v2.0 and v2.1 as plain values; where in the file each sits |
//! | [`environment`] | environment and globals files, in and out |
//! | [`iteration_data`] | the rows of a data file, JSON or CSV: one an iteration |
//! | [`variable`] | scopes, `{{name}}`, `<<name \| filter>>` by minijinja, dynamic variables |
//! | [`plan`] | from a collection to the flat list of items that is run |
//! | [`wire_url`] | a URL as it goes on the wire: Postman's parsing and percent-encoding |
//! | [`exchange`] | what went over the wire, hop by hop |
//! | [`event`] | the contract between the runner and everything that reports |
//! | [`verdict`], [`summary`], [`diagnostic`], [`diff`] | verdicts, counts, what a person is told, line diffs |
//! | [`redact`] | secrets, learned and masked |
//! | [`pipeline`] | observe, count, redact, fan out |
//! | [`runner`] | drives a plan through its ports; formats nothing, counts nothing |
//! | [`auth`] | request signing, one file a scheme |
//! | [`transport`] | HTTP behind the runner's port: connections (names, proxies, TLS), cookies, redirects as a trace of calls, timings; storms: requests released together |
//! | [`contract`] | a contract as data (TOML): schema, reader with every mistake and its line, built-in ones, a start for one's own guessed from a collection |
//! | [`conformance`] | the ledger, the checks, and what drives requests for them: probes, storms, random walks |
//! | [`sandbox`] | Postman's `pm` API for scripts, on an embedded JavaScript engine |
//! | [`report`] | consumers of [`event::RunEvent`], nothing else |
//! | [`server`] | the reference API, with faults on demand |
//! | [`compatibility`] | the known differences from newman, with their reasons |
//!
//! The command line is the binary's own module `cli`; no library module can name it. `src/script-libs` is a crate of its
//! own: the JavaScript libraries scripts may require, from npm by lockfile, as bytecode.
//!
//! # Arrows
//!
//! The inner ring (`collection variable environment iteration_data plan exchange verdict diagnostic diff event summary redact wire_url`) knows
//! nothing else of ours. `contract`, `auth` → inner ring. `conformance`, `report` → inner ring and `contract`, not each
//! other. `pipeline` → inner ring, `conformance`, `report`. `runner` → inner ring, `auth`. `transport`, `sandbox` → inner
//! ring and the runner's ports. `server`, `compatibility` → nothing of ours: a server must not share a bug with the client that tests
//! it. A test (`tests/it/arrows.rs`) holds this.
//!
//! # Invariants
//!
//! - **One judge, many drivers.** The documented collection, the probes and somebody's own requests are judged by one
//!   model, the [`conformance::Ledger`]. No check sends a request.
//! - **Verdicts are data, errors are errors.** A failed assertion or check is a result, never an `Err`.
//! - **No false green.** What was not exercised is skipped with its reason; no answer is an error; a variable that does
//!   not resolve, a script that is not run, a request that cannot be signed is a warning in every report.
//! - **Reporters see what a recording holds**, masked; every report can be rebuilt from one.
//! - **Counts are made once**, in the pipeline.
//! - **Memory is flat**: an exchange is dropped once it is reported; the ledger keeps digests and lifecycles.
//!
//! # Where this differs from the first design
//!
//! - A collection is parsed into a JSON value once and walked with a cursor that carries the JSON path
//!   ([`collection`]), instead of by serde visitors: the document stays whole for exports, and line and column are
//!   looked up only for what is reported.
//! - Masking walks the event's types, destructured without `..`, instead of its strings: a field that is added does not
//!   compile until somebody has said whether it can hold a secret.
//! - The error table's rows name a case, not a check: which check judges a case is logic, and logic is Rust.
//! - Contracts are read by a cursor of their own over a tree that knows where everything is written
//!   ([`contract`]), not by serde: every mistake is told at once, each with its line, and a file laid over the one
//!   it extends keeps its own places.
//! - Probes resolve templates themselves and carry their own cookies: a request is complete before it is sent, so
//!   a storm can send twenty of them at once, and no session's cookies reach another's.
//! - What overlaps in time is not judged exchange by exchange: the ledger keeps a storm with what its tokens were good
//!   for afterwards as one history, which the checks judge whole when the run is concluded.
//! - Reports are written on a thread of their own ([`report::Desk`]), in batches: a run waits for them only where they
//!   cannot keep up, and before anything is said beside them.
//! - The kill matrix is a command (`postproof selftest`), so that whoever relies on a check can prove it where they are.

pub mod auth;
pub mod collection;
pub mod compatibility;
pub mod conformance;
pub mod contract;
pub mod diagnostic;
pub mod diff;
pub mod environment;
pub mod event;
pub mod exchange;
pub mod iteration_data;
pub mod pipeline;
pub mod plan;
pub mod redact;
pub mod report;
pub mod runner;
pub mod sandbox;
pub mod server;
pub mod summary;
pub mod transport;
pub mod variable;
pub mod verdict;
pub mod wire_url;
