//! The listener: accepts connections, as many as are healthy, and bounds how long a client may keep one of them
//! waiting. A request head that never ends, an idle connection and a reader that never reads all come to an end;
//! request bodies are bounded where they are read.

use std::{
    future::Future as _,
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::Router;
use cogwright_lifecycle::Tasks;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Sleep, sleep},
};

/// Connections at once, WebSockets among them; below the usual limit of 1024 open files. One more is closed at
/// once.
const MAX_CONNECTIONS: usize = 768;
/// How long a request's head may take, and how long a connection may stay idle between two requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// How long a client may take nothing of what is written to it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait after accepting failed, usually for want of file handles.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// What is bounded, so that tests need not wait for long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    connections: usize,
    head: Duration,
    write: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connections: MAX_CONNECTIONS, head: HEAD_TIMEOUT, write: WRITE_TIMEOUT }
    }
}

/// Serves `app` until the tasks are cancelled.
pub(crate) async fn listen(listener: TcpListener, app: Router, tasks: Tasks, bounds: Bounds) {
    let stop = tasks.token();
    let places = Arc::new(Semaphore::new(bounds.connections));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            tracing::warn!(limit = bounds.connections, "too many connections; the newest is closed");
            continue;
        };
        // Without this, small frames wait for the peer's delayed ACK.
        drop(stream.set_nodelay(true));
        let io = Line { stream, write_timeout: bounds.write, stalled: None, _place: place };
        tasks.spawn("http connection", serve(io, app.clone(), tasks.clone(), bounds.head));
    }
}

async fn serve(io: Line, app: Router, tasks: Tasks, head: Duration) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head);
    let connection =
        builder.serve_connection(TokioIo::new(io), TowerToHyperService::new(app)).with_upgrades();
    let mut connection = pin!(connection);
    let stop = tasks.token();
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            // A request that is being answered is finished, then the connection closes.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// A connection that counts as one until it is dropped (a WebSocket takes it along) and that breaks when its reader
/// takes nothing for too long.
struct Line {
    stream: TcpStream,
    write_timeout: Duration,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
}

impl Line {
    fn bounded<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let limit = self.write_timeout;
        ready!(self.stalled.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read")))
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.bounded(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.bounded(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// Long enough that a test fails rather than passes by chance when nothing ends the connection.
    const PATIENCE: Duration = Duration::from_secs(20);

    async fn start(bounds: Bounds) -> (SocketAddr, Tasks) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new()
            .route("/", get(async || "hello"))
            .route("/large", get(async || vec![b'x'; 32 << 20]));
        let tasks = Tasks::new("test");
        tasks.spawn("listen", listen(listener, app, tasks.clone(), bounds));
        (address, tasks)
    }

    async fn to_the_end(stream: &mut TcpStream) -> String {
        let mut text = Vec::new();
        // A reset is an end, too.
        drop(
            tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await.expect("the connection ends"),
        );
        String::from_utf8(text).unwrap()
    }

    #[tokio::test]
    async fn a_request_head_that_never_ends_and_an_idle_connection_are_closed() {
        let bounds = Bounds { head: Duration::from_millis(200), ..Bounds::default() };
        let (address, tasks) = start(bounds).await;
        for head in ["", "GET / HTTP/1.1\r\nHost:", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            let answer = to_the_end(&mut stream).await;
            assert_eq!(answer.contains("hello"), head.ends_with("\r\n\r\n"), "{head:?} {answer:?}");
        }
        assert!(tasks.shutdown(PATIENCE).await.is_empty());
    }

    #[tokio::test]
    async fn a_reader_that_never_reads_is_dropped() {
        let bounds = Bounds { write: Duration::from_millis(200), ..Bounds::default() };
        let (address, tasks) = start(bounds).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let alone = async {
            while tasks.running().len() < 2 {
                tokio::task::yield_now().await;
            }
            while tasks.running().len() > 1 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, alone).await.expect("the connection's task ends");
        assert!(tasks.shutdown(PATIENCE).await.is_empty());
    }

    #[tokio::test]
    async fn connections_are_bounded_and_a_place_is_given_back() {
        let bounds = Bounds { connections: 2, ..Bounds::default() };
        let (address, tasks) = start(bounds).await;
        let ask = async |mut stream: TcpStream| {
            drop(stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await);
            to_the_end(&mut stream).await
        };
        let (first, second) =
            (TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap());
        let third = TcpStream::connect(address).await.unwrap();
        assert_eq!(ask(third).await, "", "closed at once");
        assert!(ask(first).await.contains("hello"));
        assert!(ask(second).await.contains("hello"));
        let again =
            async { while !ask(TcpStream::connect(address).await.unwrap()).await.contains("hello") {} };
        tokio::time::timeout(PATIENCE, again).await.expect("there is room again");
        assert!(tasks.shutdown(PATIENCE).await.is_empty());
    }
}
