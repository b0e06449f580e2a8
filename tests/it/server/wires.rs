//! Redeems over a connection of one's own: what arrives byte by byte, and what is lost.

use std::{io, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout_at},
};

use super::api::*;

/// How long to wait for what does not come.
const PATIENCE: Duration = Duration::from_millis(800);

/// A connection that the server has accepted.
pub(super) struct Wire(TcpStream);

impl Wire {
    pub(super) async fn open(api: &Api) -> Self {
        let address = api.base.strip_prefix("http://").unwrap();
        let mut wire = Self(TcpStream::connect(address).await.unwrap());
        wire.0.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        assert_eq!(wire.answer().await.0, 401);
        wire
    }

    pub(super) fn write_now(&self, bytes: &[u8]) {
        assert_eq!(self.0.try_write(bytes).unwrap(), bytes.len());
    }

    /// Status and JSON body of one complete answer.
    pub(super) async fn answer(&mut self) -> (u16, Value) {
        let mut bytes = Vec::new();
        while complete(&bytes).is_none() {
            assert_ne!(self.0.read_buf(&mut bytes).await.unwrap(), 0, "the connection was closed");
        }
        let status = std::str::from_utf8(&bytes[9..12]).unwrap().parse().unwrap();
        let body = &bytes[complete(&bytes).unwrap()..];
        (status, serde_json::from_slice(body).unwrap_or(Value::Null))
    }
}

/// Where the body of an answer starts, once all of it is there.
fn complete(bytes: &[u8]) -> Option<usize> {
    let start = bytes.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..start]).unwrap().to_lowercase();
    let (_, length) = head.split_once("content-length: ").unwrap();
    let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
    (bytes.len() == start + length).then_some(start)
}

/// A redeem as bytes.
pub(super) fn redeem_message(token: &str) -> Vec<u8> {
    let body = json!({ "refreshToken": token }).to_string();
    format!(
        "POST /accounts/refresh-token HTTP/1.1\r\nhost: x\r\nx-api-key: {WEB}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// How much of the answer to a redeem arrives, and how that ends.
pub(super) fn on_the_wire(api: &Api) -> String {
    let message = redeem_message(api.user(ANA).refresh_token());
    api.runtime.block_on(async {
        let mut wire = Wire::open(api).await;
        wire.write_now(&message);
        let mut bytes = Vec::new();
        let end = Instant::now() + PATIENCE;
        while complete(&bytes).is_none() {
            match timeout_at(end, wire.0.read_buf(&mut bytes)).await {
                Err(_) => return format!("{} in {} ms", counted(bytes.len()), PATIENCE.as_millis()),
                Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionReset => {
                    return "reset".to_owned();
                }
                Ok(Err(error)) => panic!("{error}"),
                Ok(Ok(0)) => {
                    let head = bytes.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
                    assert!(bytes.len() > head + 4, "no byte of the body");
                    return "cut in the body".to_owned();
                }
                Ok(Ok(_)) => {}
            }
        }
        "complete".to_owned()
    })
}

fn counted(bytes: usize) -> String {
    format!("{bytes} byte{}", if bytes == 1 { "" } else { "s" })
}

/// Redeems, goes before the answer comes, and redeems again.
pub(super) fn lost_answer(api: &Api) -> String {
    let login = api.user(ANA);
    let message = redeem_message(login.refresh_token());
    api.runtime.block_on(async {
        let wire = Wire::open(api).await;
        wire.write_now(&message);
        // By the time a later request is answered, the server has taken this one up.
        Wire::open(api).await;
    });
    api.redeem(login.refresh_token()).summary()
}

/// What the answer to a redeem says of its coding, and whether that is true.
pub(super) fn redeemed_coding(api: &Api) -> String {
    let message = redeem_message(api.user(ANA).refresh_token());
    api.runtime.block_on(async {
        let mut wire = Wire::open(api).await;
        wire.write_now(&message);
        let mut bytes = Vec::new();
        while complete(&bytes).is_none() {
            assert_ne!(wire.0.read_buf(&mut bytes).await.unwrap(), 0);
        }
        let start = complete(&bytes).unwrap();
        let head = std::str::from_utf8(&bytes[..start]).unwrap();
        if !head.contains("content-encoding: gzip") {
            return "none".to_owned();
        }
        let mut unpacked = Vec::new();
        let read = io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&bytes[start..]), &mut unpacked);
        if read.is_err() { "gzip, which it is not".to_owned() } else { "gzip".to_owned() }
    })
}
