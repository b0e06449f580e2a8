//! Who is trusted to vouch for servers: Mozilla's roots, as for node, and what the user adds.

use super::key;
use crate::diagnostic::{Warning, WarningCode};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use std::path::PathBuf;
use std::sync::Arc;

/// A PEM file of certificates that are trusted beside Mozilla's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraRoots {
    /// The file.
    pub path: PathBuf,
    /// The option or variable that names it.
    pub named_by: &'static str,
}

/// Loaded roots.
#[derive(Debug)]
pub(super) struct Roots {
    pub(super) store: Arc<RootCertStore>,
    /// The user's, as they are.
    pub(super) added: Vec<CertificateDer<'static>>,
}

impl ExtraRoots {
    /// Whether it can be used. Errors: why not, for a person.
    pub fn check(&self) -> Result<(), String> {
        self.read().map(drop)
    }

    fn read(&self) -> Result<Vec<CertificateDer<'static>>, String> {
        let text = std::fs::read(&self.path).map_err(|error| super::words(&error))?;
        key::certificates(&text).map_err(|error| error.to_string())
    }
}

/// Mozilla's roots and those of the files. A file that cannot be used is left out with a warning.
pub(super) fn load(files: &[ExtraRoots], warnings: &mut Vec<Warning>) -> Roots {
    let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let mut added = Vec::new();
    for file in files {
        match file.read() {
            Ok(certificates) => {
                // What cannot be a root (a damaged one among many) may still be a server's own certificate.
                store.add_parsable_certificates(certificates.iter().cloned());
                added.extend(certificates);
            }
            Err(reason) => {
                let message = format!("{} `{}` is not used: {reason}", file.named_by, file.path.display());
                warnings.push(Warning::new(WarningCode::CertificateNotUsed, message));
            }
        }
    }
    Roots { store: Arc::new(store), added }
}
