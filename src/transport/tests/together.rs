//! Requests that are sent together: their order.

use super::*;

#[tokio::test]
async fn requests_that_are_sent_together_leave_in_their_order_and_wait_at_the_same_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        // Nobody is answered before all three have asked.
        let all = Arc::new(tokio::sync::Barrier::new(3));
        while let Ok((mut stream, _)) = listener.accept().await {
            let (log, all) = (Arc::clone(&log), Arc::clone(&all));
            tokio::spawn(async move {
                while let Some(request) = read_request(&mut stream).await {
                    let first = request.starts_with("GET /first ");
                    let cookie = if first { "before" } else { "after" };
                    log.lock().unwrap().push(request);
                    if !first {
                        all.wait().await;
                    }
                    let answer =
                        format!("HTTP/1.1 200 OK\r\nSet-Cookie: {cookie}=1\r\nContent-Length: 0\r\n\r\n");
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    let (transport, options) = (transport(), SendOptions::default());
    let send = |path: &str| transport.send(get(format!("http://127.0.0.1:{port}{path}")), &options);
    send("/first").await;
    // The first of them finds a connection that was kept, the others connect.
    let together = futures_util::future::join3(send("/1"), send("/2"), send("/3"));
    let (one, two, three) = tokio::time::timeout(Duration::from_secs(10), together).await.unwrap();
    let seen = seen.lock().unwrap();
    for (position, (request, exchange)) in seen.iter().skip(1).zip([one, two, three]).enumerate() {
        assert!(request.starts_with(&format!("GET /{} ", position + 1)), "{request}");
        // The jar as it was when it was sent.
        assert!(request.contains("Cookie: before=1\r\n"), "{request}");
        assert_eq!(exchange.response().unwrap().code, 200);
    }
}
