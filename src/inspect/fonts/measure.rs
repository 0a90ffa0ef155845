//! Whether a font may be handed to the PDF library, which decodes without a bound: each of its streams is measured
//! first, and width tables that would fill the memory are refused.

use hayro_syntax::object::{Array, Dict, Object, Stream};

use super::descendant;
use crate::{
    inspect::{budget::Budget, decode},
    units::PageNumber,
};

/// Most entries a width table may spread out to.
const MAX_WIDTHS: i64 = 400_000;

/// Whether every stream the PDF library decodes for this font stays within the budget.
pub(super) fn streams_fit(dict: &Dict<'_>, page: PageNumber, budget: &mut Budget<'_>) -> bool {
    let child = descendant(dict).unwrap_or_default();
    let descriptors = [
        child.get::<Dict<'_>>("FontDescriptor").unwrap_or_default(),
        dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default(),
    ];
    let mut streams = Vec::new();
    for descriptor in &descriptors {
        for key in ["FontFile", "FontFile2", "FontFile3"] {
            streams.extend(descriptor.get::<Stream<'_>>(key));
        }
    }
    streams.extend(dict.get::<Stream<'_>>("ToUnicode"));
    streams.extend(dict.get::<Stream<'_>>("Encoding"));
    streams.extend(child.get::<Stream<'_>>("CIDToGIDMap"));
    streams.iter().all(|stream| fits(stream, page, budget))
}

/// Whether a stream stays within the budget; takes what it gives from it.
fn fits(stream: &Stream<'_>, page: PageNumber, budget: &mut Budget<'_>) -> bool {
    let steps = decode::steps(stream.dict());
    let raw = stream.raw_data();
    let allowed = budget.decodable();
    if decode::surely_within(raw.len(), &steps, allowed.min(4 << 20)) {
        return true;
    }
    match decode::raw(raw.into_owned(), &steps, allowed) {
        decode::Decoded::TooLarge => {
            budget.meet_decoded(Some(page));
            false
        }
        decode::Decoded::Whole(out) | decode::Decoded::Damaged(out) => {
            budget.decoded(out.len());
            true
        }
        decode::Decoded::NotData => false,
    }
}

/// Whether the width tables of a CID font spread out to a sane number of entries.
pub(super) fn widths_fit(dict: &Dict<'_>) -> bool {
    let Some(child) = descendant(dict) else {
        return true;
    };
    [("W", 3), ("W2", 5)].iter().all(|(key, run)| {
        let Some(array) = child.get::<Array<'_>>(key) else {
            return true;
        };
        let mut total = 0_i64;
        let mut numbers: Vec<i64> = Vec::new();
        for object in array.iter::<Object<'_>>() {
            match object {
                Object::Array(list) => {
                    total += list.raw_iter().count() as i64;
                    numbers.clear();
                }
                Object::Number(number) => {
                    numbers.push(number.as_i64());
                    if numbers.len() == *run {
                        let first = numbers.first().copied().unwrap_or(0);
                        let last = numbers.get(1).copied().unwrap_or(0);
                        total = total.saturating_add(last.saturating_sub(first).max(0));
                        numbers.clear();
                    }
                }
                _ => return false,
            }
            if total > MAX_WIDTHS {
                return false;
            }
        }
        // The library reads greedily, so a table that does not end on a whole entry could be read askew.
        numbers.len() < 2
    })
}
