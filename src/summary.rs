//! What a run came to, in numbers; counted once, in the pipeline.

use crate::verdict::Verdict;
use serde::{Deserialize, Serialize};

/// How often something was done and how often it failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Done.
    pub total: u64,
    /// Of those, failed.
    pub failed: u64,
    /// Of those, skipped.
    #[serde(default)]
    pub skipped: u64,
}

/// Running mean and spread (Welford), milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Samples.
    pub count: u64,
    /// Mean.
    pub mean: f64,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Sum of squared deviations from the mean.
    pub m2: f64,
}

impl Spread {
    /// Adds a sample.
    pub fn add(&mut self, sample: f64) {
        self.count += 1;
        if self.count == 1 {
            self.min = sample;
            self.max = sample;
        }
        self.min = self.min.min(sample);
        self.max = self.max.max(sample);
        let delta = sample - self.mean;
        self.mean += delta / self.count as f64;
        self.m2 += delta * (sample - self.mean);
    }

    /// Population standard deviation.
    pub fn sd(&self) -> f64 {
        if self.count == 0 { 0.0 } else { (self.m2 / self.count as f64).sqrt() }
    }
}

/// Checks by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckCounts {
    /// Exercised and kept.
    pub pass: u64,
    /// A MUST violated.
    pub fail: u64,
    /// A SHOULD violated.
    pub warn: u64,
    /// Violated, as expected.
    #[serde(default)]
    pub expected: u64,
    /// Not judged.
    pub skip: u64,
    /// Does not apply.
    pub not_applicable: u64,
    /// Infrastructure failed.
    pub error: u64,
}

impl CheckCounts {
    /// Counts one verdict.
    pub fn add(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail => &mut self.fail,
            Verdict::Warn => &mut self.warn,
            Verdict::Expected => &mut self.expected,
            Verdict::Skip => &mut self.skip,
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::Error => &mut self.error,
        } += 1;
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.pass + self.fail + self.warn + self.expected + self.skip + self.not_applicable + self.error
    }

    /// In the columns of everything else: judged, of those failed, and not judged.
    pub fn count(&self) -> Count {
        Count {
            total: self.pass + self.fail + self.warn + self.expected + self.error,
            failed: self.fail + self.error,
            skipped: self.skip + self.not_applicable,
        }
    }
}

/// Counts of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// Iterations finished.
    pub iterations: Count,
    /// Items executed (skipped: not executed, with a reason).
    pub items: Count,
    /// Requests sent (failed: no response came).
    pub requests: Count,
    /// Assertions of scripts.
    pub assertions: Count,
    /// Pre-request scripts executed.
    pub prerequest_scripts: Count,
    /// Test scripts executed.
    pub test_scripts: Count,
    /// Checks of the contract.
    pub checks: CheckCounts,
    /// Warnings raised.
    pub warnings: u64,
    /// Exceptions raised (script errors and the like).
    pub exceptions: u64,
    /// Bytes of response bodies and headers received.
    pub bytes_received: u64,
    /// Bytes of response bodies alone.
    pub body_bytes_received: u64,
    /// Response times over all requests.
    pub response_time: Spread,
    /// Looking names up, where a connection was opened for the request's last hop.
    #[serde(default)]
    pub dns_time: Spread,
    /// From sending the last hop to its response's head.
    #[serde(default)]
    pub first_byte_time: Spread,
    /// The whole run, milliseconds.
    pub duration_ms: f64,
}

impl Stats {
    /// The rows of a table of counts, those of what there was none of left out.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, Count)> {
        [
            ("iterations", self.iterations),
            ("items", self.items),
            ("requests", self.requests),
            ("pre-request scripts", self.prerequest_scripts),
            ("test scripts", self.test_scripts),
            ("assertions", self.assertions),
            ("checks", self.checks.count()),
        ]
        .into_iter()
        .filter(|(_, count)| count.total + count.skipped > 0)
    }

    /// Whether anything said no: a failed assertion, check, request or script.
    pub fn failed(&self) -> bool {
        self.assertions.failed > 0
            || self.requests.failed > 0
            || self.prerequest_scripts.failed > 0
            || self.test_scripts.failed > 0
            || self.exceptions > 0
            || self.checks.fail > 0
            || self.checks.error > 0
    }
}
