//! The standard output as several reporters write to it: in turn, and given away where one of them is flushed.

use std::io::{self, BufWriter, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes that are written together.
const TOGETHER: usize = 64 * 1024;

/// One stream for all that hold it: what they write stays in the order in which it was written.
#[derive(Clone)]
pub(crate) struct SharedStream(Arc<Mutex<BufWriter<Box<dyn Write + Send>>>>);

impl SharedStream {
    /// That stream, shared.
    pub(crate) fn new(stream: Box<dyn Write + Send>) -> Self {
        Self(Arc::new(Mutex::new(BufWriter::with_capacity(TOGETHER, stream))))
    }

    fn lock(&self) -> MutexGuard<'_, BufWriter<Box<dyn Write + Send>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for SharedStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lock().flush()
    }
}
