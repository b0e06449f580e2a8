//! The texts of tokens: 256 random bits, unless a fault makes them weak.

use std::time::{Duration, SystemTime};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::fault::{FaultName, Faults};

/// What a generator that is seeded once puts in front of its few random bits.
const SHARED: &str = "cG9zdHByb29mLXNlZWRlZC1vbmNlLWEtcHJvY2Vzcw";

/// 256 random bits that mean nothing to the client.
pub(super) fn opaque_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// A refresh token, the `count`th of its server.
pub(super) fn refresh_token(faults: &Faults, count: usize, now: SystemTime) -> String {
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    if faults.has(FaultName::TokenCounter) {
        return format!("rt-{:010}", 4_711 + count);
    }
    if faults.has(FaultName::TokenTimestamp) {
        return format!("{:016x}{:04x}", since.as_micros(), count % 0x1_0000);
    }
    if faults.has(FaultName::TokenShort) {
        return URL_SAFE_NO_PAD.encode(rand::random::<[u8; 6]>());
    }
    if faults.has(FaultName::TokenSharedPrefix) {
        let [a, b, c, d, e] = rand::random::<[u8; 5]>();
        return format!("{SHARED}{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}");
    }
    opaque_token()
}
