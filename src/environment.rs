//! Environment and globals files.
