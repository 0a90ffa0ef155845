//! Whether a source is signed. A signature covers bytes, so it cannot survive binding; the untouched file goes into the
//! bundle beside the volume.

use hayro_syntax::object::{Array, Dict, Name, Object};

use crate::inspect::items;

/// Fields nested deeper, or more of them, are not looked at.
const DEEPEST: u32 = 16;
const MOST: usize = 20_000;

/// Whether some signature field of the form has a value (ISO 32000-2, 12.7.5.5).
pub(super) fn is_signed(catalog: &Dict<'_>) -> bool {
    let form = catalog.get::<Dict<'_>>(b"AcroForm");
    let fields = form.and_then(|form| form.get::<Array<'_>>(b"Fields"));
    let mut left = MOST;
    fields.is_some_and(|fields| any_signed(&fields, false, 0, &mut left))
}

fn any_signed(fields: &Array<'_>, of_signature: bool, depth: u32, left: &mut usize) -> bool {
    for field in items(fields).flatten().filter_map(Object::into_dict) {
        let Some(fewer) = left.checked_sub(1) else {
            return false;
        };
        *left = fewer;
        let kind = field.get::<Name<'_>>(b"FT");
        let signature = kind.map_or(of_signature, |kind| &*kind == b"Sig");
        if signature && field.get::<Dict<'_>>(b"V").is_some() {
            return true;
        }
        if depth < DEEPEST
            && let Some(kids) = field.get::<Array<'_>>(b"Kids")
            && any_signed(&kids, signature, depth + 1, left)
        {
            return true;
        }
    }
    false
}
