//! Prints the docs that are made from data: `docs/coverage.md`, `docs/checks/`, and the tables of `docs/rule-packs.md`.

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

use std::{io, path::Path};

use juanzong::{
    checks,
    digest::write_atomically,
    rulepack::{Packs, coverage, pack_shape},
};

/// What stands before the tables of `docs/rule-packs.md`.
const MARK: &str = "<!-- printed from here on -->\n";

fn main() -> io::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let coverage = coverage::markdown(&Packs::builtin());
    write_atomically(&docs.join("coverage.md"), coverage.as_bytes())?;
    let folder = docs.join("checks");
    std::fs::create_dir_all(&folder)?;
    for (name, text) in checks::doc_pages() {
        write_atomically(&folder.join(name), text.as_bytes())?;
    }
    let page = docs.join("rule-packs.md");
    let text = std::fs::read_to_string(&page)?;
    let hand = text.split(MARK).next().unwrap_or_default();
    let whole = format!("{hand}{MARK}{}", pack_shape::markdown());
    write_atomically(&page, whole.as_bytes())
}
