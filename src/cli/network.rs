//! What the options and the environment say about connections.

use super::args::NetworkArgs;
use super::exit::Exit;
use super::failure::Failure;
use super::input;
use postproof::runner::FileAccess;
use postproof::transport::{ClientCertificate, ExtraRoots, Network, Proxies, Proxy, ProxyError};
use std::path::{Path, PathBuf};

/// Variables that name certificates to trust beside Mozilla's: node's, and OpenSSL's.
const ROOT_VARIABLES: [&str; 2] = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

/// The network as this command line and this environment want it.
pub(crate) fn network(args: &NetworkArgs, files: FileAccess) -> Result<Network, Failure> {
    let given = args.proxy.as_deref().map(Proxy::parse).transpose();
    let given = given.map_err(|error| bad_proxy("--proxy", &error))?;
    let variable = |name: &str| std::env::var(name).ok();
    let proxies =
        Proxies::from_environment(variable, given).map_err(|(name, error)| bad_proxy(&name, &error))?;
    Ok(Network { proxies, certificates: certificates(args)?, extra_roots: extra_roots(args)?, files })
}

/// The value is not repeated: it may hold a password.
fn bad_proxy(named_by: &str, error: &ProxyError) -> Failure {
    Failure::new(Exit::Usage, format!("cannot use the proxy of {named_by}"))
        .cause(error)
        .hint("write [http://|https://|socks5://][user:password@]host[:port]")
}

/// Files of the certificates to trust beside the usual ones, as far as they are there: a variable may name none.
pub(crate) fn authorities(args: &NetworkArgs) -> Vec<PathBuf> {
    let named = ROOT_VARIABLES.iter().filter_map(std::env::var_os).map(PathBuf::from);
    named.filter(|path| path.is_file()).chain(args.ssl_extra_ca_certs.clone()).collect()
}

fn extra_roots(args: &NetworkArgs) -> Result<Vec<ExtraRoots>, Failure> {
    let named = ROOT_VARIABLES.iter().filter_map(|name| {
        let path = std::env::var_os(name).filter(|path| !path.is_empty())?;
        Some(ExtraRoots { path: PathBuf::from(path), named_by: name })
    });
    let mut all: Vec<ExtraRoots> = named.collect();
    if let Some(path) = &args.ssl_extra_ca_certs {
        let roots = ExtraRoots { path: path.clone(), named_by: "--ssl-extra-ca-certs" };
        roots.check().map_err(|cause| {
            Failure::new(Exit::Input, format!("cannot read certificate authorities `{}`", path.display()))
                .cause(cause)
                .hint(
                    "--ssl-extra-ca-certs takes a PEM file: one or more `-----BEGIN CERTIFICATE-----` blocks",
                )
        })?;
        all.push(roots);
    }
    Ok(all)
}

/// The list's, in order, then the one for all other URLs.
fn certificates(args: &NetworkArgs) -> Result<Vec<ClientCertificate>, Failure> {
    let mut certificates = match &args.ssl_client_cert_list {
        None => Vec::new(),
        Some(path) => list(path)?,
    };
    if let Some(cert) = &args.ssl_client_cert {
        certificates.push(ClientCertificate::for_all_urls(
            cert.clone(),
            args.ssl_client_key.clone(),
            args.ssl_client_passphrase.clone(),
        ));
    }
    Ok(certificates)
}

fn list(path: &Path) -> Result<Vec<ClientCertificate>, Failure> {
    let refused = || {
        Failure::new(Exit::Input, format!("cannot read client certificate list `{}`", path.display()))
            .hint(r#"write [{"matches": ["https://*.example.com/*"], "cert": {"src": "client.crt"}, "key": {"src": "client.key"}}]"#)
    };
    let text =
        std::fs::read_to_string(path).map_err(|error| refused().cause(input::io_text(&error.to_string())))?;
    ClientCertificate::parse_list(&text).map_err(|error| refused().cause(error))
}
