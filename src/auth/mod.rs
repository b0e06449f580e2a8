//! Request signing: one file a scheme.
