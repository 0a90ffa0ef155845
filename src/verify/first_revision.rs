//! What the first revision must be on its own: one page, the claims attached, nothing that acts or changes.

use super::{
    pdf::{Dict, Object, Revision, decoded},
    revisions::{ATTACHED_BYTES, embedded, key, only_keys},
    wrong::{Wrong, shape},
};

const CLAIMS: &str = "claims.json";

/// Keys that no object of the first revision has: scripts, actions, forms, layers, other files, changes.
const NEVER: &[&str] = &[
    "AA",
    "OpenAction",
    "JS",
    "JavaScript",
    "AcroForm",
    "XFA",
    "Perms",
    "Annots",
    "OCProperties",
    "OC",
    "Encrypt",
    "Launch",
    "URI",
    "RichMedia",
    "Collection",
    "NeedsRendering",
    "Requirements",
    "DSS",
    "Extends",
    "ByteRange",
    "FFilter",
    "Ref",
];

/// Kinds of actions (`/S`).
const ACTIONS: [&str; 8] = [
    "URI",
    "Launch",
    "JavaScript",
    "GoToR",
    "GoToE",
    "SubmitForm",
    "ImportData",
    "Rendition",
];

/// What the first revision must be on its own; its claims.
pub(super) fn claims_of(bytes: &[u8], first: &Revision) -> Result<Vec<u8>, Wrong> {
    for object in first.objects.values() {
        plain(object)?;
    }
    let absent = || shape("the first revision has no claims attached");
    let catalog = catalog(first)
        .ok_or_else(|| shape("there is no catalog"))?
        .1;
    page(first).ok_or_else(|| shape("there is not exactly one page"))?;
    let names = key(catalog, "Names")
        .and_then(Object::as_dict)
        .ok_or_else(absent)?;
    let files = key(names, "EmbeddedFiles")
        .and_then(Object::as_dict)
        .ok_or_else(absent)?;
    let entries = key(files, "Names")
        .and_then(Object::as_array)
        .ok_or_else(absent)?;
    let [name, file] = entries else {
        return Err(shape(
            "the first revision has other files attached than its claims",
        ));
    };
    let associated = key(catalog, "AF").and_then(Object::as_array);
    if !name.is_text(CLAIMS)
        || !only_keys(names, &["EmbeddedFiles"])
        || associated != Some(std::slice::from_ref(file))
    {
        return Err(absent());
    }
    let specification = first
        .follow(Some(file))
        .and_then(Object::as_dict)
        .ok_or_else(absent)?;
    let stream = embedded(first, specification, CLAIMS).ok_or_else(absent)?;
    let others = first
        .objects
        .values()
        .filter_map(Object::as_dict)
        .filter(|dict| key(dict, "Type").is_some_and(|t| t.is_name("EmbeddedFile")))
        .count();
    if others != 1 {
        return Err(shape(
            "the first revision has other files attached than its claims",
        ));
    }
    decoded(bytes, stream, ATTACHED_BYTES).ok_or_else(absent)
}

fn plain(object: &Object) -> Result<(), Wrong> {
    match object {
        Object::Array(items) => items.iter().try_for_each(plain),
        Object::Dict(dict) | Object::Stream(dict, _) => {
            if let Some(found) = NEVER.iter().find(|k| dict.contains_key(k.as_bytes())) {
                return Err(shape(&format!("the first revision has a `/{found}`")));
            }
            // Structure elements have attributes in `/A`; an action there, or in an outline, says what it does in `/S`.
            if key(dict, "S").is_some_and(|s| ACTIONS.iter().any(|n| s.is_name(n))) {
                return Err(shape("the first revision has an action"));
            }
            let kind = key(dict, "Type");
            if kind.is_some_and(|t| {
                ["ObjStm", "XRef", "Annot", "Action", "Sig"]
                    .iter()
                    .any(|n| t.is_name(n))
            }) {
                return Err(shape(
                    "the first revision has an object of a kind that no certificate has",
                ));
            }
            dict.values().try_for_each(plain)
        }
        _ => Ok(()),
    }
}

pub(super) fn catalog(revision: &Revision) -> Option<(u32, &Dict)> {
    let number = key(&revision.trailer, "Root")?.as_ref()?;
    let dict = revision.get(number)?.as_dict()?;
    key(dict, "Type")?
        .is_name("Catalog")
        .then_some((number, dict))
}

/// The one page, by way of the catalog.
pub(super) fn page(revision: &Revision) -> Option<(u32, &Dict)> {
    let (_, catalog) = catalog(revision)?;
    let pages = revision.follow(key(catalog, "Pages"))?.as_dict()?;
    let [kid] = key(pages, "Kids")?.as_array()? else {
        return None;
    };
    let number = kid.as_ref()?;
    let page = revision.get(number)?.as_dict()?;
    let one = key(pages, "Count").and_then(Object::as_int) == Some(1);
    (one && key(page, "Type")?.is_name("Page")).then_some((number, page))
}
