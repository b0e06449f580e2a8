//! From the runner to the reports: observe, count, redact, fan out.
