//! The reference API: the documented Betterez accounts API as real servers answer it, with faults on demand.
//!
//! It knows nothing of the rest of this crate, so that it cannot share a bug with the client that tests it.
//!
//! | Request | Answer |
//! |---|---|
//! | anything without a known `x-api-key` (header or query) | 401 `Unauthorized`, no content type |
//! | `POST /accounts/users`, Basic, `{"audience", "totpToken"?}` | `{user, token, shortToken, refreshToken?}` |
//! | `POST /accounts/customers`, Basic | `{customer, token, shortToken, refreshToken?}` |
//! | `POST /accounts/applications`, Basic name:hex(sha256(publicKey + privateKey)) | `{application, token, shortToken, refreshToken?}` |
//! | `POST /accounts/refresh-token`, `{"refreshToken"}` | the shape of the login that issued the token |
//! | `GET /accounts/users`, `/accounts/people-lookups`, Bearer of a user | 200, else 401 in HTML |
//! | `GET /accounts/customers/{id}`, Bearer of that customer | 200, else 401 in HTML |
//! | `GET /accounts/applications`, Bearer of an application | 200, else 401 in HTML |
//! | `POST /_control/subjects/disable`, `…/enable`, `…/delete`, `…/create`, `{"login"}` | 204: hooks for tests, not part of the API |
//! | anything else | 404 `{code, message}` |
//!
//! [`Config::default`] is the fixture set that the shipped environments are written from.
//!
//! ```
//! # async fn example() -> std::io::Result<()> {
//! use postproof::server::{self, Config};
//!
//! let bound = server::build(Config::default()).await?;
//! let base_url = format!("http://{}", bound.address());
//! let serving = tokio::spawn(bound.serve(std::future::pending()));
//! # Ok(())
//! # }
//! ```

mod answers;
mod call;
mod config;
mod directory;
mod fault;
mod fixtures;
mod jwt;
mod mishap;
mod redemption;
mod refusals;
mod routes;
mod state;
mod store;
mod token;
mod wire;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::oneshot, time::sleep};

pub use config::{Application, Clock, Config, Customer, Staff};
pub use fault::{Fault, FaultName, UnknownFault, faults};
use wire::{Plug, Wires};

/// How long requests under way may take to end once the server is told to stop.
const GRACE: Duration = Duration::from_millis(250);

/// A server that listens, and answers once [`serve`](Bound::serve) runs.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
}

/// Binds the address of `config`. Connections queue from here on, so nobody has to wait for the server.
///
/// # Errors
/// Whatever the system says of the address, such as a port in use.
pub async fn build(config: Config) -> io::Result<Bound> {
    let listener = TcpListener::bind(config.address).await?;
    let address = listener.local_addr()?;
    Ok(Bound { listener, address, router: routes::router(Arc::new(state::State::new(config))) })
}

impl Bound {
    /// Where the server listens, the port filled in.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` completes; requests under way then have a moment to end.
    ///
    /// # Errors
    /// Failures of the listener; those of single connections end these only.
    pub async fn serve(self, shutdown: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let (stopping, stopped) = oneshot::channel();
        let serving =
            axum::serve(Wires::new(self.listener), self.router.into_make_service_with_connect_info::<Plug>())
                .with_graceful_shutdown(async move {
                    shutdown.await;
                    let _ = stopping.send(());
                });
        // A client that never finishes its request must not keep the server from stopping.
        let overdue = async {
            let _ = stopped.await;
            sleep(GRACE).await;
        };
        tokio::select! {
            served = serving => served,
            () = overdue => Ok(()),
        }
    }
}
