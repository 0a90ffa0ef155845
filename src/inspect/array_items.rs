//! The items of an array, each resolved. The library's own iterator ends at the first reference that leads nowhere, and
//! what stands behind it would be lost.

use hayro_syntax::object::{Array, Object};

/// Every item in its place; `None` for one that cannot be resolved.
pub(crate) fn items<'a>(array: &Array<'a>) -> impl Iterator<Item = Option<Object<'a>>> + use<'a> {
    let mut each = array.flex_iter();
    array.raw_iter().map(move |_| each.next::<Object<'a>>())
}

#[cfg(test)]
mod tests {
    use hayro_syntax::object::{Dict, FromBytes as _};

    use super::*;

    #[test]
    fn what_stands_behind_a_reference_that_leads_nowhere_is_found() {
        let dict = Dict::from_bytes(b"<</A [1 7 0 R (two) null]>>").unwrap();
        let array = dict.get::<Array<'_>>("A").unwrap();
        let found: Vec<bool> = items(&array).map(|item| item.is_some()).collect();
        assert_eq!(found, [true, false, true, true]);
        assert_eq!(
            array.iter::<Object<'_>>().count(),
            1,
            "the reason for this file"
        );
    }
}
