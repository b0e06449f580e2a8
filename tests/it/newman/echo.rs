//! An echo server with postman-echo's endpoints that sees, and writes down, the bytes a client sent: the case and
//! order of header names, the target as written, the body. A library for servers would show neither.

mod answer;
mod message;
mod routes;

pub(crate) use message::{Seen, shown};

use std::io::{BufReader, Write as _};
use std::net::{Ipv6Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longest silence of a client before its connection is dropped.
const PATIENCE: Duration = Duration::from_secs(30);

/// Listens on 127.0.0.1 and, where there is one, on ::1, until it is dropped.
pub(crate) struct Echo {
    port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    stopped: Arc<AtomicBool>,
}

impl Echo {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let echo = Self { port, seen: Arc::default(), stopped: Arc::default() };
        echo.accept(listener);
        if let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
            echo.accept(listener);
        }
        echo
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What was asked since the last call, in the order in which it arrived.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    fn accept(&self, listener: TcpListener) {
        let (seen, stopped) = (Arc::clone(&self.seen), Arc::clone(&self.stopped));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let seen = Arc::clone(&seen);
                if let Ok(stream) = stream {
                    // An error ends the connection; the client says what it makes of that.
                    std::thread::spawn(move || drop(serve(&stream, &seen)));
                }
            }
        });
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the listeners, so that they see it.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        let _ = TcpStream::connect((Ipv6Addr::LOCALHOST, self.port));
    }
}

/// Answers one connection until either side ends it.
fn serve(stream: &TcpStream, seen: &Mutex<Vec<Seen>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Seen::read(&mut reader)? {
        seen.lock().unwrap().push(request.clone());
        let answer = routes::answer(&request);
        let mut stream = stream;
        stream.write_all(&answer.bytes)?;
        if answer.closes {
            return stream.shutdown(std::net::Shutdown::Both);
        }
    }
    Ok(())
}
