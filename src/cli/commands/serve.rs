//! `postproof serve`: the reference API on this machine.

use super::session;
use crate::cli::args::ServeArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::terminal;
use postproof::server::{self, Config};
use std::net::{Ipv4Addr, SocketAddr};

/// Serves until it is interrupted.
pub(super) fn serve(args: &ServeArgs) -> Result<Exit, Failure> {
    let faults = input::fault_names(&args.fault)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let config = Config { address, faults, ..Config::default() };
    session::runtime()?.block_on(async {
        let bound = server::build(config).await.map_err(|error| {
            let failure = Failure::new(Exit::NoWork, format!("cannot listen on {address}"))
                .cause(input::io_text(&error.to_string()));
            match error.kind() {
                std::io::ErrorKind::AddrInUse => {
                    failure.hint("stop what listens there, or take a free port: --port 0")
                }
                _ => failure.hint("take a free port: --port 0"),
            }
        })?;
        terminal::out(&format!("listening on http://{}\n", bound.address()));
        bound
            .serve(session::interrupted())
            .await
            .map_err(|error| Failure::new(Exit::NoWork, "the server stopped").cause(error))?;
        Ok(Exit::Passed)
    })
}
