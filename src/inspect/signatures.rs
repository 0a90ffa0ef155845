//! Digital signatures present (ISO 32000-2, 12.8): seen, not verified.

use hayro_syntax::object::{Array, Dict, Name, Object};

use super::facts::SignatureFacts;

/// The facts of a signature dictionary, `None` when `dict` is none.
pub(crate) fn of(dict: &Dict<'_>, file_len: usize) -> Option<SignatureFacts> {
    let ranges = dict.get::<Array<'_>>("ByteRange")?;
    if !matches!(dict.get::<Object<'_>>("Contents"), Some(Object::String(_))) {
        return None;
    }
    let numbers: Vec<i64> = ranges
        .iter::<Object<'_>>()
        .take(9)
        .filter_map(|object| match object {
            Object::Number(number) => Some(number.as_i64()),
            _ => None,
        })
        .collect();
    let covers_whole_file = match numbers.as_slice() {
        [0, first, second, rest] => {
            *first > 0
                && second > first
                && second.checked_add(*rest) == i64::try_from(file_len).ok()
        }
        _ => false,
    };
    Some(SignatureFacts {
        sub_filter: dict
            .get::<Name<'_>>("SubFilter")
            .map(|name| name.as_str().chars().take(80).collect()),
        covers_whole_file,
    })
}
