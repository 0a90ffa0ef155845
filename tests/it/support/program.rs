//! The program itself, as people run it.

use std::process::{Command, Output};

/// Runs `juanzong` with these arguments to its end; without a recogniser, so that every machine answers alike.
pub fn juanzong(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_juanzong"))
        .args(arguments)
        .env("JUANZONG_TESSERACT", "off")
        .output()
        .unwrap()
}

/// What it printed as data.
pub fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it said to the person at the terminal.
pub fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
