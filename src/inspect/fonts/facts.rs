//! What a font dictionary says of its font (ISO 32000-2, 9.6–9.9): name, kind, embedding, encoding.

use hayro_syntax::object::{Dict, Name, Object, Stream, String as PdfString};

use super::descendant;
use crate::{inspect::facts::FontFacts, units::PageNumber};

/// The facts of the font that `dict` describes, first met on `page`.
pub(super) fn facts(dict: &Dict<'_>, page: PageNumber) -> FontFacts {
    let text = |dict: &Dict<'_>, key: &str| {
        dict.get::<Name<'_>>(key).map(|name| {
            String::from_utf8_lossy(name.as_ref())
                .chars()
                .take(200)
                .collect::<String>()
        })
    };
    let child = descendant(dict);
    let of = child.as_ref().unwrap_or(dict);
    let descriptor = of.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
    let subtype = text(dict, "Subtype").unwrap_or_default();
    let full = text(dict, "BaseFont").unwrap_or_default();
    let tag = full
        .split_once('+')
        .filter(|(tag, _)| tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase()));
    let name = tag.map_or(full.as_str(), |(_, name)| name).to_owned();
    let collection = child.as_ref().and_then(|child| {
        let info = child.get::<Dict<'_>>("CIDSystemInfo")?;
        let part = |key: &str| {
            info.get::<PdfString<'_>>(key)
                .map(|text| String::from_utf8_lossy(&text).into_owned())
        };
        Some(format!("{}-{}", part("Registry")?, part("Ordering")?))
    });
    FontFacts {
        subset: tag.is_some(),
        name,
        embedded: subtype == "Type3"
            || ["FontFile", "FontFile2", "FontFile3"]
                .iter()
                .any(|key| descriptor.get::<Stream<'_>>(key).is_some()),
        kind: match &child {
            Some(child) => format!("{subtype}/{}", text(child, "Subtype").unwrap_or_default()),
            None => subtype,
        },
        to_unicode: matches!(dict.get::<Object<'_>>("ToUnicode"), Some(Object::Stream(_))),
        encoding: text(dict, "Encoding"),
        collection,
        first_page: Some(page),
        trusted: true,
        codes_used: 0,
        codes_without_unicode: 0,
        codes_contradicted: 0,
    }
}
