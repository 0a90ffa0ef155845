//! What was seen of the file as bytes, and the order of looking.

use std::collections::BTreeMap;

use hayro_syntax::{
    Pdf,
    object::{Dict, FromBytes as _},
};

use super::{chain::Chain, ends, packed};
use crate::inspect::{budget::Budget, facts::Repair, linearization};

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    /// The version in the header, if it has one.
    pub(crate) header_version: Option<String>,
    /// Bytes after the last `%%EOF`, white space apart.
    pub(crate) trailing_bytes: u64,
    /// Revisions after the first one.
    pub(crate) incremental_updates: u32,
    /// It has a linearisation dictionary that belongs to the whole file or its first revision.
    pub(crate) linearized: bool,
    /// What has to be mended.
    pub(crate) repairs: Vec<Repair>,
    /// The dictionary of the newest trailer, as bytes.
    pub(crate) trailer: Option<Vec<u8>>,
    /// Where objects stand, by number.
    pub(crate) offsets: BTreeMap<u32, usize>,
    /// Lines end in NUL bytes: no common reader opens it.
    pub(crate) lines_end_in_nul: bool,
    /// A stream that the PDF library would decode on opening gives more than allowed.
    pub(crate) too_large_to_open: bool,
}

impl Structure {
    /// Whether the cross-reference could be read, and its trailer names another catalog than the one in use:
    /// then the library found the catalog by searching, which common readers do not do in a sound file.
    pub(crate) fn names_another_root(&self, pdf: &Pdf) -> bool {
        let rebuilt = self.repairs.iter().any(|repair| {
            matches!(
                repair.what.as_str(),
                "xref_rebuilt" | "startxref_missing" | "object_misplaced"
            )
        });
        let named = self
            .trailer
            .as_deref()
            .and_then(Dict::from_bytes)
            .and_then(|trailer| trailer.get_ref("Root"));
        !rebuilt && named.is_some_and(|root| root.obj_number != pdf.xref().root_id().obj_number)
    }
    /// Notes what has to be mended, each kind once.
    pub(super) fn repair(&mut self, what: &str, detail: impl Into<String>) {
        if self.repairs.iter().all(|known| known.what != what) {
            self.repairs.push(Repair {
                what: what.to_owned(),
                detail: detail.into(),
            });
        }
    }
}

/// Looks at `bytes`; `header` is where `%PDF-` stands.
pub(crate) fn look(bytes: &[u8], header: Option<usize>, budget: &mut Budget<'_>) -> Structure {
    let mut seen = Structure::default();
    seen.lines_end_in_nul = ends::lines_end_in_nul(bytes);
    ends::header_version(bytes, header, &mut seen);
    ends::tail(bytes, &mut seen);
    packed::measure(bytes, budget, &mut seen);
    if seen.too_large_to_open {
        return seen;
    }
    let mut chain = Chain::default();
    // Offsets count from the header, but files with bytes before it are found both ways.
    let base = header.unwrap_or(0);
    match ends::start_of_chain(bytes) {
        None => seen.repair(
            "startxref_missing",
            "no startxref with an offset at the end",
        ),
        Some(start) => {
            let read = chain.read(bytes, start, 0, &mut seen);
            let shifted = if read || base == 0 {
                read
            } else {
                let mut again = Chain::default();
                let read = again.read(bytes, start.saturating_add(base), base, &mut seen);
                if read {
                    chain = again;
                }
                read
            };
            if !shifted {
                seen.repair(
                    "xref_rebuilt",
                    format!("no cross-reference section at offset {start}: objects were found by searching"),
                );
            }
        }
    }
    chain.judge(bytes, budget, &mut seen);
    if let Some(seen_linear) = linearization::look(bytes, &chain.first_section, &seen.offsets) {
        seen.linearized = true;
        seen.incremental_updates = seen.incremental_updates.saturating_sub(1);
        if chain.compressed_before_plain {
            seen.repair(
                "linearization_stale",
                "the first page's cross-reference lists a plain object after a packed one",
            );
        }
        if let Some(stale) = seen_linear.stale {
            seen.repair("linearization_stale", stale);
        }
    }
    seen
}
