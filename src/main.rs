//! The `juanzong` program; see [`juanzong::cli`].

fn main() {}
