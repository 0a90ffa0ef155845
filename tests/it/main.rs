//! The one integration test binary; rooms of it below.

// Tests say what they expect by panicking; the lints against that are for the program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests"
)]
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "support is shared with the fixture maker"
)]

mod bad_papers;
mod bind;
mod certificate;
mod check_docs;
mod checks;
mod chsi;
mod coverage;
mod dossier_between;
mod dossier_check;
mod dossier_packs;
mod dossier_samples;
mod eligibility_table;
mod glossary;
mod hostile;
mod housekeeping;
mod http;
mod inspect_text;
mod legibility;
mod limits;
mod pack_cli;
mod pack_errors;
mod page_hash;
mod recognise;
mod rooms;
mod sandbox;
mod shared_pages;
mod story_cli;
mod story_http;
mod support;
