//! The chain of cross-reference sections from the newest to the oldest, compared with what stands in the file.

use std::collections::{BTreeMap, BTreeSet};

use super::{objects, seen::Structure};
use crate::inspect::budget::Budget;

/// Most sections of a cross-reference chain that are followed.
const MAX_SECTIONS: usize = 512;
/// Most objects looked at one by one.
const MAX_OBJECTS_READ: usize = 200_000;

/// An entry of the cross-reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Free,
    At(usize, u32),
    InStream(u32),
}

/// The cross-reference sections from the newest to the oldest.
#[derive(Default)]
pub(super) struct Chain {
    pub(super) entries: BTreeMap<u32, Entry>,
    visited: BTreeSet<usize>,
    /// Offsets of the sections, newest first, hybrid streams apart.
    sections: Vec<usize>,
    pub(super) size: Option<i64>,
    newest_trailer: Option<Vec<u8>>,
    base: usize,
    /// A section lists a plain object after a packed one.
    pub(super) compressed_before_plain: bool,
    /// Offsets of the objects of the newest section: of a linearised file those of the first page.
    pub(super) first_section: Vec<usize>,
}

impl Chain {
    /// Reads the section at `start` and all it leads to; false when the first one cannot be read.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        start: usize,
        base: usize,
        seen: &mut Structure,
    ) -> bool {
        self.base = base;
        let mut todo = vec![(start, true)];
        let mut first = true;
        while let Some((at, counts)) = todo.pop() {
            if !self.visited.insert(at) || self.visited.len() > MAX_SECTIONS {
                seen.repair(
                    "xref_loop",
                    "the chain of cross-reference sections runs in a circle",
                );
                continue;
            }
            let Some((trailer, next)) = self.section(bytes, at, seen) else {
                if first {
                    return false;
                }
                seen.repair(
                    "xref_rebuilt",
                    format!("an older cross-reference section at offset {at} cannot be read"),
                );
                continue;
            };
            if first {
                self.newest_trailer = Some(trailer);
                self.first_section = self
                    .entries
                    .values()
                    .filter_map(|entry| match entry {
                        Entry::At(offset, _) => Some(*offset),
                        Entry::Free | Entry::InStream(_) => None,
                    })
                    .collect();
                first = false;
            }
            if counts {
                self.sections.push(at);
            }
            // The older sections of a hybrid stream are those of its table, which are read anyway.
            let prev = next
                .prev
                .filter(|_| counts)
                .and_then(|n| usize::try_from(n).ok());
            let hybrid = next.hybrid.and_then(|n| usize::try_from(n).ok());
            if let Some(prev) = prev {
                todo.push((prev.saturating_add(base), true));
            }
            // The hybrid stream outranks the older sections, so it is read first.
            if let Some(hybrid) = hybrid {
                todo.push((hybrid.saturating_add(base), false));
            }
        }
        true
    }

    /// Compares what the chain says with what stands in the file.
    pub(super) fn judge(&mut self, bytes: &[u8], budget: &mut Budget<'_>, seen: &mut Structure) {
        seen.trailer = self.newest_trailer.take();
        seen.incremental_updates = self.sections.len().saturating_sub(1) as u32;
        if let (Some(size), Some((highest, _))) = (self.size, self.entries.last_key_value())
            && size != i64::from(*highest) + 1
        {
            seen.repair(
                "size_wrong",
                format!("`Size` is {size}, the highest object is {highest}"),
            );
        }
        let base = self.base;
        let mut misplaced = 0_u32;
        for (number, entry) in &self.entries {
            let Entry::At(offset, generation) = *entry else {
                continue;
            };
            if offset == 0 {
                continue;
            }
            let found = [offset.saturating_add(base), offset]
                .into_iter()
                .find_map(|at| {
                    objects::object_head(bytes, at, *number, generation).map(|body| (at, body))
                });
            match found {
                Some((at, _)) => {
                    seen.offsets.insert(*number, at);
                }
                None => misplaced += 1,
            }
        }
        if misplaced > 0 {
            seen.repair(
                "object_misplaced",
                format!("{misplaced} objects do not stand where the cross-reference says"),
            );
        }
        if misplaced > 0 || self.entries.is_empty() {
            objects::search_objects(bytes, &mut seen.offsets);
        }
        let offsets: Vec<(u32, usize)> = seen.offsets.iter().map(|(n, at)| (*n, *at)).collect();
        for (number, at) in offsets.into_iter().take(MAX_OBJECTS_READ) {
            objects::read_object(bytes, number, at, budget, seen);
        }
    }
}

/// Where a section leads.
pub(super) struct Next {
    /// The older section.
    pub(super) prev: Option<i64>,
    /// The stream beside a table.
    pub(super) hybrid: Option<i64>,
}
