//! Streams that the PDF library decodes on opening: object streams and cross-reference streams.

use hayro_syntax::object::{Dict, FromBytes as _, Name};
use memchr::memmem;

use super::seen::Structure;
use crate::inspect::{budget::Budget, decode};

/// Measures each of them.
pub(super) fn measure(bytes: &[u8], budget: &mut Budget<'_>, seen: &mut Structure) {
    for at in memmem::find_iter(bytes, b"stream") {
        if at >= 3 && bytes.get(at - 3..at) == Some(b"end") {
            continue;
        }
        let from = at.saturating_sub(4096);
        let before = bytes.get(from..at).unwrap_or_default();
        let Some(obj) = memmem::rfind(before, b"obj") else {
            continue;
        };
        let text = before.get(obj + 3..).unwrap_or_default();
        let Some(dict) = memmem::find(text, b"<<")
            .and_then(|open| text.get(open..))
            .and_then(Dict::from_bytes)
        else {
            continue;
        };
        let kind = dict.get::<Name<'_>>("Type");
        let opened = kind
            .as_ref()
            .is_some_and(|kind| matches!(kind.as_ref(), b"ObjStm" | b"XRef"));
        if !opened {
            continue;
        }
        let data_at = at + 6;
        let rest = bytes.get(data_at..).unwrap_or_default();
        let end = memmem::find(rest, b"endstream").unwrap_or(rest.len());
        let raw = rest.get(..end).unwrap_or_default();
        let steps = decode::steps(&dict);
        let allowed = budget.decodable();
        if decode::surely_within(raw.len(), &steps, allowed) {
            continue;
        }
        let start = raw
            .iter()
            .take(2)
            .take_while(|b| matches!(b, b'\r' | b'\n'))
            .count();
        let data = raw.get(start..).unwrap_or_default().to_vec();
        match decode::raw(data, &steps, allowed) {
            decode::Decoded::TooLarge => {
                budget.meet_decoded(None);
                seen.too_large_to_open = true;
                return;
            }
            decode::Decoded::Whole(out) | decode::Decoded::Damaged(out) => {
                budget.decoded(out.len());
            }
            decode::Decoded::NotData => {}
        }
    }
}
