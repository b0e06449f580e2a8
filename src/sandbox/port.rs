//! The runner's port over the sandbox.

use super::Sandbox;
use crate::runner::ScriptEngine;
use serde_json::Value;
use std::io;

impl ScriptEngine for Sandbox {
    fn post(&mut self, message: &[Value]) -> io::Result<()> {
        Self::post(self, serde_json::to_string(message)?)
    }

    async fn receive(&mut self) -> Option<Vec<Value>> {
        let message = Self::receive(self).await?;
        // The engine's own messages are JSON arrays.
        Some(serde_json::from_str(&message).unwrap_or_default())
    }

    fn interrupt(&mut self) {
        Self::interrupt(self);
    }
}
