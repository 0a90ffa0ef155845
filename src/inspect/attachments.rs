//! What hangs on a document: annotations by kind, and files embedded in it (ISO 32000-2, 12.5 and 7.11.4).

use std::collections::BTreeMap;

use hayro_syntax::object::{Dict, Name, Stream, String as PdfString};

use super::{facts::EmbeddedFile, object_walk::Found, text_string};

/// Most embedded files that are named.
const MOST_FILES: usize = 200;
/// Most kinds of annotation that are counted.
const MOST_KINDS: usize = 64;

/// Collects them as objects pass by.
#[derive(Default)]
pub(crate) struct Attachments {
    /// Annotations of pages by kind.
    pub(crate) annotations: BTreeMap<String, u32>,
    /// Embedded files, each once.
    pub(crate) files: Vec<EmbeddedFile>,
}

impl Attachments {
    /// Looks at one dictionary.
    pub(crate) fn see(&mut self, found: &Found<'_, '_>) {
        let dict = found.dict;
        if found.key == b"Annots"
            && found.place.page.is_some()
            && let Some(kind) = dict.get::<Name<'_>>("Subtype")
        {
            let kind: String = kind.as_str().chars().take(40).collect();
            if self.annotations.len() < MOST_KINDS || self.annotations.contains_key(&kind) {
                *self.annotations.entry(kind).or_default() += 1;
            }
        }
        if self.files.len() < MOST_FILES
            && let Some(file) = embedded(dict)
        {
            self.files.push(file);
        }
    }
}

/// The file a file specification embeds.
fn embedded(specification: &Dict<'_>) -> Option<EmbeddedFile> {
    let files = specification.get::<Dict<'_>>("EF")?;
    let stream = ["UF", "F"]
        .iter()
        .find_map(|key| files.get::<Stream<'_>>(key));
    if files.is_empty() {
        return None;
    }
    let name = ["UF", "F"]
        .iter()
        .find_map(|key| specification.get::<PdfString<'_>>(key))
        .map(|name| text_string::decode(&name).chars().take(200).collect())
        .unwrap_or_default();
    let size_bytes = stream
        .and_then(|stream| stream.dict().get::<Dict<'_>>("Params"))
        .and_then(|params| params.get::<u32>("Size"))
        .map(u64::from);
    Some(EmbeddedFile { name, size_bytes })
}
