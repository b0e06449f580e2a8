//! What went wrong while connecting, in words: the system's, and those of TLS.

use super::verify::Distrust;
use crate::exchange::{FailureKind, TransportFailure};
use rustls::{AlertDescription, CertificateError, Error as TlsError, OtherError};
use std::io;

/// An error of the system as the middle of a sentence: `connection refused`.
pub(in crate::transport) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// A handshake with `target` that failed.
pub(super) fn handshake(error: &io::Error, target: &str) -> TransportFailure {
    let (kind, reason) = match inner(error) {
        Some(error) => tls(error),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            (FailureKind::Tls, "the server closed the connection during the handshake".to_owned())
        }
        None => (FailureKind::Tls, format!("{} during the handshake", words(error))),
    };
    TransportFailure { kind, message: format!("could not establish TLS with {target}: {reason}") }
}

/// What TLS has to say about a connection that broke later; `None` when it was not TLS that broke. With TLS 1.3 a
/// server's refusal of the client's certificate comes then.
pub(in crate::transport) fn broken(error: &io::Error, target: &str) -> Option<TransportFailure> {
    let (kind, reason) = tls(inner(error)?);
    Some(TransportFailure { kind, message: format!("TLS with {target} broke: {reason}") })
}

fn inner(error: &io::Error) -> Option<&TlsError> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>())
}

fn tls(error: &TlsError) -> (FailureKind, String) {
    match error {
        TlsError::InvalidCertificate(error) => (FailureKind::Certificate, distrust(error)),
        TlsError::AlertReceived(alert) => (FailureKind::Tls, alerted(*alert)),
        TlsError::InvalidMessage(_) | TlsError::InappropriateMessage { .. } => {
            (FailureKind::Tls, format!("it does not speak TLS; is it plain http? ({})", error_text(error)))
        }
        TlsError::PeerIncompatible(_) => {
            (FailureKind::Tls, format!("nothing both sides speak: {}", error_text(error)))
        }
        other => (FailureKind::Tls, error_text(other)),
    }
}

fn error_text(error: &TlsError) -> String {
    error.to_string()
}

fn distrust(error: &CertificateError) -> String {
    match error {
        CertificateError::Other(OtherError(error)) => match error.downcast_ref::<Distrust>() {
            Some(distrust) => distrust.to_string(),
            None => error.to_string(),
        },
        other => other.to_string(),
    }
}

/// What a server says before it hangs up (RFC 8446 §6.2).
fn alerted(alert: AlertDescription) -> String {
    use AlertDescription as Alert;
    let name = alert.as_str().unwrap_or("unknown");
    let meaning = match alert {
        Alert::CertificateRequired => "the server requires a client certificate",
        Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::UnknownCA
        | Alert::AccessDenied => "the server does not accept the client certificate, or the lack of one",
        Alert::HandshakeFailure | Alert::ProtocolVersion | Alert::InsufficientSecurity => {
            "the server speaks no protocol version or cipher suite that is spoken here (TLS 1.2 and 1.3, ECDHE with \
             AES-GCM or ChaCha20), or it requires a client certificate"
        }
        Alert::UnrecognisedName => "the server does not know that host name",
        _ => "the server broke off",
    };
    format!("{meaning} (alert {name})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_words_are_the_middle_of_a_sentence() {
        assert_eq!(words(&io::Error::from_raw_os_error(111)), "connection refused");
        assert_eq!(words(&io::Error::other("TLS is off")), "TLS is off");
    }

    #[test]
    fn only_tls_errors_are_broken_tls() {
        let tls = io::Error::new(
            io::ErrorKind::InvalidData,
            TlsError::AlertReceived(AlertDescription::CertificateRequired),
        );
        let failure = broken(&tls, "a.test:443").unwrap();
        assert_eq!(
            (failure.kind, failure.message.as_str()),
            (
                FailureKind::Tls,
                "TLS with a.test:443 broke: the server requires a client certificate (alert CertificateRequired)"
            )
        );
        assert_eq!(broken(&io::Error::from_raw_os_error(104), "a.test:443"), None);
    }
}
