//! Options of connections: TLS, client certificates, proxies.

use clap::Args as ClapArgs;
use std::path::PathBuf;

// How servers are reached, and who vouches for whom. (A doc comment here would become the command's.)
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Connections")]
pub(crate) struct NetworkArgs {
    /// Do not verify TLS certificates
    #[arg(short = 'k', long)]
    pub(crate) insecure: bool,
    /// Trust these certificate authorities (PEM), too
    #[arg(long, value_name = "FILE")]
    pub(crate) ssl_extra_ca_certs: Option<PathBuf>,
    /// Client certificates by URL pattern: JSON [{matches, cert: {src}, key: {src}, pfx: {src}, passphrase}]
    #[arg(long, value_name = "FILE")]
    pub(crate) ssl_client_cert_list: Option<PathBuf>,
    /// Client certificate for every other https URL (PEM, or PFX by its ending)
    #[arg(long, value_name = "FILE")]
    pub(crate) ssl_client_cert: Option<PathBuf>,
    /// Its private key (PEM), unless it is in the same file
    #[arg(long, value_name = "FILE", requires = "ssl_client_cert")]
    pub(crate) ssl_client_key: Option<PathBuf>,
    /// Passphrase of the private key or PFX file
    #[arg(long, value_name = "TEXT", requires = "ssl_client_cert")]
    pub(crate) ssl_client_passphrase: Option<String>,
    /// Send everything through this proxy, whatever HTTP_PROXY and HTTPS_PROXY say; NO_PROXY still counts
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
}
