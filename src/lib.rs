//! postproof runs Postman collections headless and proves that an API keeps its documented contract.

pub mod auth;
pub mod collection;
pub mod conformance;
pub mod contract;
pub mod diagnostic;
pub mod diff;
pub mod environment;
pub mod event;
pub mod exchange;
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
