//! What befalls answers on their way: the faults of proxies, of connections and of what stores them, not of the
//! service.

use std::{future::pending, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State as Shared},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::sleep;

use super::{
    answers::Answer,
    fault::FaultName,
    routes::REFRESH_TOKEN,
    state::State,
    wire::{Course, Plug},
};

/// How long a list of sessions is held before it is written back.
const WRITE_BACK: Duration = Duration::from_millis(10);

const ERROR_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>500 Internal Server Error</title></head>\n\
     <body><h1>Internal Server Error</h1></body></html>\n";

/// The head of a gzip member, and nothing that follows from it.
const GZIP_GARBAGE: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03garbage, not deflate";

/// A list of sessions that is held; written back whether or not the client waits for it.
struct Unwritten<'s>(&'s State);

impl Drop for Unwritten<'_> {
    fn drop(&mut self) {
        self.0.store().written_back();
    }
}

/// Answers a request, and spoils the answer to a redeem as the faults say. The redeem itself has taken place.
pub(super) async fn befall(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(plug): ConnectInfo<Plug>,
    request: Request,
    next: Next,
) -> Response {
    let is_redeem = request.uri().path() == REFRESH_TOKEN;
    let mut response = next.run(request).await;
    if state.faults.has(FaultName::RaceLostUpdate) && response.status() == StatusCode::OK {
        let _unwritten = Unwritten(&state);
        sleep(WRITE_BACK).await;
    }
    if !is_redeem {
        return response;
    }
    for fault in state.faults.iter() {
        match fault {
            FaultName::RedeemHtml500 => {
                let page = Answer::Html(StatusCode::INTERNAL_SERVER_ERROR, ERROR_PAGE);
                response = page.into_response();
            }
            FaultName::RedeemContentType => {
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
            }
            FaultName::RedeemGzipGarbage => {
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                response.headers_mut().remove(CONTENT_LENGTH);
                *response.body_mut() = Body::from(GZIP_GARBAGE);
            }
            FaultName::RedeemBodyCut => plug.set(Course::Cut),
            FaultName::RedeemReset => plug.set(Course::Reset),
            FaultName::RedeemSlowHead => plug.set(Course::Slow),
            FaultName::RedeemUnanswered => pending().await,
            _ => {}
        }
    }
    response
}
