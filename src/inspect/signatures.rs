//! Digital signatures present (ISO 32000-2, 12.8): seen, not verified.

use hayro_syntax::object::{Array, Dict, Name, Object, String as PdfString};

use super::{facts::SignatureFacts, text_string};

/// The facts of a signature dictionary, `None` when `dict` is none; `file` are all bytes of the file.
pub(crate) fn of(dict: &Dict<'_>, file: &[u8]) -> Option<SignatureFacts> {
    let ranges = dict.get::<Array<'_>>("ByteRange")?;
    if !matches!(dict.get::<Object<'_>>("Contents"), Some(Object::String(_))) {
        return None;
    }
    let numbers: Vec<Option<usize>> = ranges
        .iter::<Object<'_>>()
        .take(9)
        .map(|object| match object {
            Object::Number(number) => usize::try_from(number.as_i64()).ok(),
            _ => None,
        })
        .collect();
    let (covers_from_start, leaves_out_only_itself, end) = match numbers.as_slice() {
        [Some(0), Some(first), Some(second), Some(rest)] => (
            *first > 0,
            file.get(*first..*second).is_some_and(is_hex_string),
            second.checked_add(*rest),
        ),
        _ => (false, false, None),
    };
    let end = end.filter(|end| *end <= file.len());
    Some(SignatureFacts {
        sub_filter: dict
            .get::<Name<'_>>("SubFilter")
            .map(|name| name.as_str().chars().take(80).collect()),
        covers_whole_file: covers_from_start && leaves_out_only_itself && end == Some(file.len()),
        leaves_out_only_itself,
        bytes_behind: (file.len() - end.unwrap_or(0)) as u64,
        signed_at: dict
            .get::<PdfString<'_>>("M")
            .map(|text| text_string::decode(&text).chars().take(80).collect()),
    })
}

/// `<…>` with nothing but hexadecimal digits inside: the value of the signature itself.
fn is_hex_string(gap: &[u8]) -> bool {
    let inner = gap
        .strip_prefix(b"<")
        .and_then(|rest| rest.strip_suffix(b">"));
    inner.is_some_and(|inner| inner.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro_syntax::object::FromBytes as _;

    /// Facts of a file `head <00ff> tail` whose signature says these ranges.
    fn seen(range: &str, file: &[u8]) -> SignatureFacts {
        let dict =
            format!("<< /ByteRange [{range}] /Contents <00ff> /SubFilter /adbe.pkcs7.detached >>");
        of(&Dict::from_bytes(dict.as_bytes()).unwrap(), file).unwrap()
    }

    #[test]
    fn a_signature_covers_the_file_when_only_its_own_value_is_left_out() {
        let file = b"head <00ff> tail";
        let whole = seen("0 5 11 5", file);
        assert!(whole.covers_whole_file && whole.leaves_out_only_itself);
        assert_eq!(whole.bytes_behind, 0);
        let added = seen("0 5 11 5", b"head <00ff> tail and more");
        assert!(!added.covers_whole_file && added.leaves_out_only_itself);
        assert_eq!(added.bytes_behind, 9);
        let gap = seen("0 4 11 5", file);
        assert!(!gap.covers_whole_file && !gap.leaves_out_only_itself);
        assert!(!seen("0 5 11 6", file).covers_whole_file);
        assert!(!seen("1 4 11 5", file).covers_whole_file);
        assert!(!seen("0 5", file).covers_whole_file);
    }
}
