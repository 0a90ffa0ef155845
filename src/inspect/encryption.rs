//! How a file is encrypted (ISO 32000-2, 7.6): read from the encryption dictionary, nothing is broken open.

use hayro_syntax::object::{Dict, FromBytes as _, MaybeRef, Name};

use super::{facts::Encryption, lexer::Lexer, structure::Structure, user_password};

/// The encryption of a file, if its newest trailer names one; `opens` says whether the empty password opened it.
///
/// A file of AES-256 whose *owner* password is empty while its user password is not opens for some readers and
/// not for others: it counts as needing a password.
pub(crate) fn of(bytes: &[u8], structure: &Structure, opens: bool) -> Option<Encryption> {
    let text = structure
        .trailer
        .as_deref()
        .or_else(|| any_trailer(bytes))?;
    let trailer = Dict::from_bytes(text)?;
    let opened = opens;
    let mut opens = opens;
    let mut forbids = Vec::new();
    let mut read = |dict: &Dict<'_>| {
        opens &= user_password::empty_is_right(dict).unwrap_or(true);
        forbids = forbidden(dict);
        method(dict)
    };
    let method = match trailer.get_raw::<Dict<'_>>("Encrypt") {
        Some(MaybeRef::NotRef(dict)) => read(&dict),
        Some(MaybeRef::Ref(id)) => {
            let dict = structure.offsets.get(&id.obj_number).and_then(|at| {
                let mut lexer = Lexer::new(bytes, *at);
                let _ = (lexer.next(), lexer.next(), lexer.next());
                lexer.skip_space();
                Dict::from_bytes(bytes.get(lexer.pos..)?)
            });
            match dict {
                Some(dict) => read(&dict),
                // `Encrypt` that leads nowhere: readers take the file as not encrypted.
                None if opened => return None,
                None => "unknown".to_owned(),
            }
        }
        None => return None,
    };
    Some(Encryption {
        method,
        opens_without_password: opens,
        forbids,
    })
}

/// A trailer found by searching, for files whose cross-reference cannot be read.
fn any_trailer(bytes: &[u8]) -> Option<&[u8]> {
    memchr::memmem::rfind_iter(bytes, b"trailer")
        .filter_map(|at| bytes.get(at + 7..))
        .find(|rest| Dict::from_bytes(rest.trim_ascii_start()).is_some())
        .map(<[u8]>::trim_ascii_start)
}

/// What `P` forbids (table 22): a bit that is not set.
fn forbidden(dict: &Dict<'_>) -> Vec<String> {
    const BITS: [(u32, &str); 8] = [
        (3, "print"),
        (4, "change"),
        (5, "copy"),
        (6, "annotate"),
        (9, "fill forms"),
        (10, "extract for accessibility"),
        (11, "assemble"),
        (12, "print in high quality"),
    ];
    let Some(allowed) = dict.get::<hayro_syntax::object::Number>("P") else {
        return Vec::new();
    };
    // Written signed or unsigned, 32 bits either way.
    let allowed = allowed.as_i64() as u32;
    let revision = dict.get::<u32>("R").unwrap_or(2);
    BITS.iter()
        // The bits above 8 have no meaning before revision 3.
        .filter(|(bit, _)| *bit < 9 || revision >= 3)
        .filter(|(bit, _)| allowed & (1 << (bit - 1)) == 0)
        .map(|(_, what)| (*what).to_owned())
        .collect()
}

fn method(dict: &Dict<'_>) -> String {
    let filter = dict
        .get::<Name<'_>>("Filter")
        .map(|name| name.as_str().to_owned())
        .unwrap_or_default();
    if filter != "Standard" {
        return filter;
    }
    let crypt_filter = || {
        let name = dict.get::<Name<'_>>("StmF")?;
        let filters = dict.get::<Dict<'_>>("CF")?;
        let filter = filters.get::<Dict<'_>>(name.as_ref())?;
        Some(filter.get::<Name<'_>>("CFM")?.as_str().to_owned())
    };
    match dict.get::<u32>("V").unwrap_or(0) {
        4 => match crypt_filter().as_deref() {
            Some("AESV2") => "AES-128".to_owned(),
            Some("V2") => "RC4-128".to_owned(),
            _ => "V4".to_owned(),
        },
        5 => "AES-256".to_owned(),
        1 => "RC4-40".to_owned(),
        _ => format!("RC4-{}", dict.get::<u32>("Length").unwrap_or(40)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbids(dict: &[u8]) -> Vec<String> {
        forbidden(&Dict::from_bytes(dict).unwrap())
    }

    #[test]
    fn a_permission_that_is_not_set_is_forbidden() {
        assert_eq!(forbids(b"<< /R 3 /P -4 >>"), Vec::<String>::new());
        assert_eq!(forbids(b"<< /R 3 /P -44 >>"), ["change", "annotate"]);
        assert_eq!(forbids(b"<< /R 3 /P 4294967252 >>"), ["change", "annotate"]);
        assert_eq!(
            forbids(b"<< /R 2 /P -3904 >>"),
            ["print", "change", "copy", "annotate"]
        );
    }
}
