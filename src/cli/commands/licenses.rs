//! `postproof licenses`: what is embedded for scripts, and under which terms.

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal;
use postproof::sandbox;

/// Prints the licences of the embedded libraries.
pub(super) fn licenses() -> Result<Exit, Failure> {
    if let Some(reason) = sandbox::missing_libraries() {
        return Err(Failure::new(Exit::Input, "nothing is embedded in this build")
            .cause(reason)
            .hint("build with npm on the path, then scripts have their libraries"));
    }
    terminal::out(sandbox::library_licenses());
    Ok(Exit::Passed)
}
