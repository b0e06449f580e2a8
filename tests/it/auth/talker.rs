//! An HTTP server that remembers things a connection: who has proved what on it.

use crate::newman::echo::Seen;
use std::fmt::Write as _;
use std::io::{BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longest silence of a client before its connection is dropped.
const PATIENCE: Duration = Duration::from_secs(30);

/// A status and header fields.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Reply {
    pub(crate) fn ok() -> Self {
        Self { status: 200, headers: Vec::new() }
    }

    pub(crate) fn challenge(value: impl Into<String>) -> Self {
        Self { status: 401, headers: vec![("WWW-Authenticate", value.into())] }
    }
}

/// A request, and the number of the connection it came on.
pub(crate) type Heard = (usize, Seen);

/// Listens until it is dropped.
pub(crate) struct Talker {
    port: u16,
    heard: Arc<Mutex<Vec<Heard>>>,
    stopped: Arc<AtomicBool>,
}

impl Talker {
    /// `answer` is given what is remembered of the connection.
    pub(crate) fn start<S, A>(answer: A) -> Self
    where
        S: Default,
        A: Fn(&mut S, &Seen) -> Reply + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let talker = Self { port, heard: Arc::default(), stopped: Arc::default() };
        let (heard, stopped) = (Arc::clone(&talker.heard), Arc::clone(&talker.stopped));
        let answer = Arc::new(answer);
        let connections = AtomicUsize::new(0);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let number = connections.fetch_add(1, Ordering::Relaxed);
                let (heard, answer) = (Arc::clone(&heard), Arc::clone(&answer));
                std::thread::spawn(move || drop(serve::<S, A>(&stream, number, &heard, &answer)));
            }
        });
        talker
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was asked since the last call.
    pub(crate) fn take(&self) -> Vec<Heard> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees it.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve<S, A>(
    stream: &TcpStream,
    number: usize,
    heard: &Mutex<Vec<Heard>>,
    answer: &A,
) -> std::io::Result<()>
where
    S: Default,
    A: Fn(&mut S, &Seen) -> Reply,
{
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut memory = S::default();
    let mut reader = BufReader::new(stream);
    while let Some(request) = Seen::read(&mut reader)? {
        let reply = answer(&mut memory, &request);
        heard.lock().unwrap().push((number, request));
        let mut text = format!("HTTP/1.1 {} -\r\nContent-Length: 2\r\n", reply.status);
        for (name, value) in reply.headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        let mut stream = stream;
        stream.write_all(format!("{text}\r\n{{}}").as_bytes())?;
    }
    Ok(())
}
