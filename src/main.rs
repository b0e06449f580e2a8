//! The `postproof` command.

fn main() {}
