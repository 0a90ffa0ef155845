//! Makes everything under `fixtures/` that is a PDF: `cargo run --release --example make_fixtures [ROOM...]`.
//!
//! Deterministic: the same program writes the same bytes. Every name, number, code and firm is invented.
//! One module a room; without arguments all of them run. Run it from the folder of the project.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::exit,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "rooms share the raw writer and use different parts of it"
)]

#[path = "../../tests/it/support/raw_pdf.rs"]
mod raw_pdf;

mod bad;
mod chsi;
mod document;
mod dossiers;
mod inspect;
mod legibility;
mod noise;
mod sample;
mod scan;
mod text_font;

use std::path::{Path, PathBuf};

/// A room's part: its name and what makes its files below the folder given.
type Room = (&'static str, fn(&Path));

const ROOMS: &[Room] = &[
    ("sample", sample::make),
    ("bad", bad::make),
    ("inspect", inspect::make),
    ("legibility", legibility::make),
    ("document", document::make),
    ("dossiers", dossiers::make),
];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    // A set that is measured on and kept nowhere.
    if let [room, folder] = wanted.as_slice()
        && room == "second-scans"
    {
        return document::second_scans::make(Path::new(folder));
    }
    let fixtures = PathBuf::from("fixtures");
    assert!(fixtures.is_dir(), "run this from the folder of the project");
    for (name, make) in ROOMS {
        if wanted.is_empty() || wanted.iter().any(|room| room == name) {
            eprintln!("{name}");
            make(&fixtures);
        }
    }
}

/// Writes one fixture, making its folder.
fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return;
    }
    juanzong::digest::write_atomically(path, bytes).unwrap();
    eprintln!("  {} ({} kB)", path.display(), bytes.len() / 1000);
}
