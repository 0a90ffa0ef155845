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
    let mut read = |dict: &Dict<'_>| {
        opens &= user_password::empty_is_right(dict).unwrap_or(true);
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
    })
}

/// A trailer found by searching, for files whose cross-reference cannot be read.
fn any_trailer(bytes: &[u8]) -> Option<&[u8]> {
    memchr::memmem::rfind_iter(bytes, b"trailer")
        .filter_map(|at| bytes.get(at + 7..))
        .find(|rest| Dict::from_bytes(rest.trim_ascii_start()).is_some())
        .map(<[u8]>::trim_ascii_start)
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
