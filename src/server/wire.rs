//! Connections that can be told to break: the faults that lie below HTTP.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Sleep, sleep},
};

/// How long a slow connection takes for a byte.
const SLOW_BYTE: Duration = Duration::from_millis(500);

/// Bytes of a body that get through before a connection is cut.
const BEFORE_CUT: usize = 10;

/// What a connection does with what is written to it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// It is sent.
    Sound,
    /// It is sent up to the first bytes of the body, then the connection is closed.
    Cut,
    /// The connection is reset.
    Reset,
    /// It is sent byte by byte.
    Slow,
}

/// What a request has in hand of the connection it came over.
#[derive(Clone, Default)]
pub(super) struct Plug(Arc<AtomicU8>);

impl Plug {
    /// Sets what happens to the bytes written from now on.
    pub(super) fn set(&self, course: Course) {
        self.0.store(course as u8, Ordering::Relaxed);
    }

    fn course(&self) -> Course {
        let courses = [Course::Sound, Course::Cut, Course::Reset, Course::Slow];
        courses[usize::from(self.0.load(Ordering::Relaxed))]
    }
}

impl Connected<IncomingStream<'_, Wires>> for Plug {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        stream.io().plug.clone()
    }
}

/// Accepts connections as [`Wire`]s.
pub(super) struct Wires(TcpListener);

impl Wires {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self(listener)
    }
}

impl Listener for Wires {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        // The library's own, which sits out a shortage of file descriptors.
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Small answers must not wait for the client's acknowledgements. Without it they merely come later.
        let _ = stream.set_nodelay(true);
        (Wire { stream, plug: Plug::default(), pause: None }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection and what becomes of it.
pub(super) struct Wire {
    stream: TcpStream,
    plug: Plug,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Wire {
    fn write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn write_slowly(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(SLOW_BYTE)));
        ready!(pause.as_mut().poll(cx));
        self.pause = None;
        self.write(cx, &bytes[..bytes.len().min(1)])
    }

    fn write_and_cut(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let head = bytes.windows(4).position(|end| end == b"\r\n\r\n").map_or(0, |end| end + 4);
        let end = bytes.len().min(head + BEFORE_CUT);
        ready!(self.write(cx, &bytes[..end]))?;
        Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

/// Not vectored: an answer comes in one piece, in which the head's end is found.
impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.plug.course() {
            Course::Sound => self.write(cx, bytes),
            Course::Slow => self.write_slowly(cx, bytes),
            Course::Cut => self.write_and_cut(cx, bytes),
            Course::Reset => {
                // Closing then sends a reset; what is unread does that too where the system refuses.
                let _ = self.stream.set_zero_linger();
                Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
