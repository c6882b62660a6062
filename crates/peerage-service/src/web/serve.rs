//! Takes connections, and lets them finish at the end.
//!
//! `axum::serve` has no limit on how long a client may take to send a request's head, nor on how many connections there are.

use std::convert::Infallible;
use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use super::places::{Answer, NoPlace, Place, Places};
use crate::TrustedProxies;

/// Longest time to send a request's head, and to keep an idle connection.
pub(super) const HEAD: Duration = Duration::from_secs(30);

/// Most bytes of a request's head.
const HEAD_BYTES: usize = 64 * 1024;

/// How long requests may finish when the service ends.
const FAREWELL: Duration = Duration::from_secs(10);

/// How long to wait when the system gives no further connection, such as for lack of file descriptors.
const EXHAUSTED: Duration = Duration::from_millis(200);

/// Said to whoever gets no place, as far as there is time for it.
const NO_PLACE_OF_ADDRESS: &[u8] =
    b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const NO_PLACE_AT_ALL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Serves until `stop`, then until the running requests have ended, or for [`FAREWELL`].
/// Whoever takes longer than `head` to send a request's head is cut off.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    head: Duration,
    (places, proxies): (Places, TrustedProxies),
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            taken = take(&listener, &places) => taken,
            () = &mut stop => break,
        };
        let place = match places.enter(peer.ip(), proxies.contains(peer.ip())) {
            Ok(place) => place,
            Err(none) => {
                tracing::debug!(%peer, ?none, "a connection was refused");
                // A new connection takes that much without waiting; if not, hanging up says enough.
                let _ = stream.try_write(match none {
                    NoPlace::OfAddress => NO_PLACE_OF_ADDRESS,
                    NoPlace::AtAll => NO_PLACE_AT_ALL,
                });
                continue;
            }
        };
        tokio::spawn(connection(
            stream,
            peer,
            place,
            router.clone(),
            head,
            graceful.watcher(),
        ));
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were cut off that had not ended in time");
    }
}

/// The next connection.
async fn take(listener: &TcpListener, places: &Places) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(taken) => return taken,
            Err(error) if is_of_one_connection(error.kind()) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                places.close_one();
                tokio::time::sleep(EXHAUSTED).await;
            }
        }
    }
}

fn is_of_one_connection(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
    router: Router,
    head: Duration,
    watcher: Watcher,
) {
    // Events are small and must not wait for more; a socket that cannot do that still works.
    let _ = stream.set_nodelay(true);
    let own = place.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let answering = own.answers();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move {
            let answer = router.oneshot(request).await;
            answer
                .map(|answer| answer.map(|body| Answer::new(body, answering)))
                .map_err(|never: Infallible| match never {})
        }
    });
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(HEAD_BYTES);
    let served = server.serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        ended = watcher.watch(served) => if let Err(error) = ended {
            // The client went away, took too long or sent no HTTP.
            tracing::debug!(%peer, %error, "a connection ended");
        },
        () = place.closed() => tracing::debug!(%peer, "a connection that waited gave way to another"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::time::Instant;

    use axum::routing::get;
    use tokio::sync::oneshot;

    use super::*;

    /// What comes back before the service hangs up.
    fn answer(address: SocketAddr, said: &str) -> String {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(said.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn half_sent_heads_give_way_to_whoever_asks() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "whole" }));
        let open = (Places::new(16, 12, 1_000_000), TrustedProxies::default());
        let server = tokio::spawn(serve(
            listener,
            router,
            Duration::from_secs(60),
            open,
            std::future::pending(),
        ));
        let half: Vec<std::net::TcpStream> = (0..40)
            .map(|_| {
                let mut stream = std::net::TcpStream::connect(address).unwrap();
                stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-a:").unwrap();
                stream
            })
            .collect();
        let asked = tokio::task::spawn_blocking(move || {
            answer(address, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        });
        assert!(asked.await.unwrap().ends_with("whole"));
        drop(half);
        server.abort();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_does_not_finish_a_head_is_cut_off_and_at_the_end_requests_finish() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let slow = || async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            "whole"
        };
        let router = Router::new().route("/slow", get(slow));
        let open = (Places::new(100, 100, 1_000), TrustedProxies::default());
        let until = async { stopped.await.unwrap_or_default() };
        let server = tokio::spawn(serve(listener, router, Duration::from_millis(300), open, until));
        let never_ends = tokio::task::spawn_blocking(move || answer(address, "GET /slow HTTP/1.1\r\nhost: x\r\nx-a:"));
        assert!(!never_ends.await.unwrap().contains("whole"));
        let begun = Instant::now();
        let running = tokio::task::spawn_blocking(move || answer(address, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n"));
        tokio::time::sleep(Duration::from_millis(200)).await;
        stop.send(()).unwrap();
        assert!(running.await.unwrap().ends_with("whole"));
        server.await.unwrap();
        assert!(begun.elapsed() < FAREWELL, "{:?}", begun.elapsed());
    }
}
