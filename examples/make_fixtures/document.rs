//! Papers with text: 学信网 reports of every kind, layout and defect, and the other papers of a dossier.
//!
//! What must be read from each report is written beside it, from what was drawn and not from what our reader
//! says: `fixtures/chsi/expected.json`, and the table of `docs/chsi.md`. Every name, number and code is invented.

mod cases;
mod checks;
mod defects;
pub mod draw;
pub mod layouts;
pub mod reports;
mod scans;
pub mod second_scans;
mod variants;
pub mod writers;

use std::path::Path;

/// Makes `chsi/` and the papers of the checks below `fixtures`, and the table of `docs/chsi.md`.
pub fn make(fixtures: &Path) {
    cases::make(fixtures);
    scans::make(fixtures);
    checks::make(fixtures);
}
