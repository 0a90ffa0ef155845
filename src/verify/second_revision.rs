//! What the second revision may do: attach the proof and sign. Everything else is refused, whoever signed it.

use super::{
    first_revision::{catalog, page},
    pdf::{self, Dict, Object, Revision},
    revisions::{embedded, key, only_keys},
    wrong::{Wrong, revision, signature},
};
use crate::digest::{Digest, Hasher};

/// Bytes of `/Contents`.
const CONTENTS_BYTES: usize = 1536;

const PROOF: &str = "certificate.tlog-proof";

/// What the second revision adds.
pub(super) struct Additions<'a> {
    pub(super) file: &'a Object,
    pub(super) signature: &'a Dict,
}

/// The white list: one attached file, one signature, one widget with its empty appearance; catalog and page changed only where that
/// needs it.
pub(super) fn additions<'a>(
    first: &Revision,
    second: &'a Revision,
) -> Result<Additions<'a>, Wrong> {
    let no = |what: &'static str| move || revision(what);
    let (catalog_number, old_catalog) = catalog(first).ok_or_else(no("there is no catalog"))?;
    let (page_number, old_page) = page(first).ok_or_else(no("there is no page"))?;
    let new_catalog = second
        .get(catalog_number)
        .and_then(Object::as_dict)
        .ok_or_else(no("the catalog is not renewed"))?;
    let new_page = second
        .get(page_number)
        .and_then(Object::as_dict)
        .ok_or_else(no("the page is not renewed"))?;

    let form = key(new_catalog, "AcroForm")
        .and_then(Object::as_dict)
        .ok_or_else(no("there is no form"))?;
    let fields = key(form, "Fields")
        .and_then(Object::as_array)
        .unwrap_or_default();
    let [widget_ref] = fields else {
        return Err(revision("there is not exactly one form field"));
    };
    let widget = second
        .follow(Some(widget_ref))
        .and_then(Object::as_dict)
        .ok_or_else(no("the form field is missing"))?;
    let signature_ref = key(widget, "V").ok_or_else(no("the form field has no signature"))?;
    let signature = second
        .follow(Some(signature_ref))
        .and_then(Object::as_dict)
        .ok_or_else(no("the signature is missing"))?;
    let appearances = key(widget, "AP")
        .and_then(Object::as_dict)
        .ok_or_else(no("the form field has no appearance"))?;
    let appearance = second
        .follow(key(appearances, "N"))
        .ok_or_else(no("the form field has no appearance"))?;
    let permissions = key(new_catalog, "Perms")
        .and_then(Object::as_dict)
        .ok_or_else(no("there is no DocMDP permission"))?;
    if !only_keys(form, &["Fields", "SigFlags"]) || key(form, "SigFlags") != Some(&Object::Int(3)) {
        return Err(revision("the form has something else than one signature"));
    }
    if !only_keys(permissions, &["DocMDP"]) || key(permissions, "DocMDP") != Some(signature_ref) {
        return Err(revision("the DocMDP permission points elsewhere"));
    }
    widget_is_ours(widget, appearances, page_number)?;
    appearance_is_empty(appearance)?;

    let associated = key(new_catalog, "AF")
        .and_then(Object::as_array)
        .unwrap_or_default();
    let specification_ref = associated
        .last()
        .ok_or_else(no("the proof is not attached"))?;
    let specification = second
        .follow(Some(specification_ref))
        .and_then(Object::as_dict)
        .ok_or_else(no("the proof is not attached"))?;
    let file =
        embedded(second, specification, PROOF).ok_or_else(no("the proof is not attached"))?;
    let renewed = [
        (
            catalog_with(old_catalog, specification_ref, form, permissions),
            new_catalog,
        ),
        (page_with(old_page, widget_ref), new_page),
    ];
    if renewed.iter().any(|(expected, found)| expected != *found) {
        return Err(revision(
            "the catalog or the page is changed in more than the signature needs",
        ));
    }
    let mut expected = [
        catalog_number,
        page_number,
        number_of(widget_ref),
        number_of(signature_ref),
        number_of(specification_ref),
        key(appearances, "N").map_or(0, number_of),
        key(specification, "EF")
            .and_then(Object::as_dict)
            .and_then(|files| key(files, "F"))
            .map_or(0, number_of),
    ];
    expected.sort_unstable();
    if !second.objects.keys().eq(expected.iter()) {
        return Err(revision(
            "there are other objects than the proof, the signature and its field",
        ));
    }
    let replaced = expected
        .iter()
        .filter(|n| first.objects.contains_key(n))
        .count();
    if replaced != 2 {
        return Err(revision(
            "other objects than the catalog and the page are replaced",
        ));
    }
    let attached = file.as_dict().is_some_and(|dict| {
        only_keys(dict, &["Type", "Subtype", "Params", "Length"])
            && key(dict, "Type").is_some_and(|t| t.is_name("EmbeddedFile"))
            && key(dict, "Subtype").is_some_and(|t| t.is_name("text/plain"))
    });
    if !attached
        || !only_keys(
            specification,
            &["Type", "F", "UF", "AFRelationship", "Desc", "EF"],
        )
    {
        return Err(revision("the proof is attached in another way"));
    }
    Ok(Additions { file, signature })
}

fn number_of(reference: &Object) -> u32 {
    reference.as_ref().unwrap_or_default()
}

fn catalog_with(old: &Dict, specification: &Object, form: &Dict, permissions: &Dict) -> Dict {
    let mut new = old.clone();
    new.insert(b"AcroForm".to_vec(), Object::Dict(form.clone()));
    new.insert(b"Perms".to_vec(), Object::Dict(permissions.clone()));
    if let Some(Object::Array(files)) = new.get_mut(b"AF".as_slice()) {
        files.push(specification.clone());
    }
    let names = new
        .get_mut(b"Names".as_slice())
        .and_then(|names| match names {
            Object::Dict(dict) => dict.get_mut(b"EmbeddedFiles".as_slice()),
            _ => None,
        });
    if let Some(Object::Dict(files)) = names
        && let Some(Object::Array(entries)) = files.get_mut(b"Names".as_slice())
    {
        let name = Object::Text(pdf::Text {
            bytes: PROOF.as_bytes().to_vec(),
            span: 0..0,
        });
        entries.splice(0..0, [name, specification.clone()]);
    }
    new
}

fn page_with(old: &Dict, widget: &Object) -> Dict {
    let mut new = old.clone();
    new.insert(b"Annots".to_vec(), Object::Array(vec![widget.clone()]));
    new
}

fn widget_is_ours(widget: &Dict, appearances: &Dict, page_number: u32) -> Result<(), Wrong> {
    let corner = Object::Int(-10);
    let rect = Object::Array(vec![corner.clone(), corner.clone(), corner.clone(), corner]);
    let fits = only_keys(
        widget,
        &[
            "Type", "Subtype", "FT", "T", "TU", "V", "P", "Rect", "F", "AP",
        ],
    ) && key(widget, "Type").is_some_and(|o| o.is_name("Annot"))
        && key(widget, "Subtype").is_some_and(|o| o.is_name("Widget"))
        && key(widget, "FT").is_some_and(|o| o.is_name("Sig"))
        && key(widget, "T").is_some_and(|o| o.is_text("signature"))
        && key(widget, "P") == Some(&Object::Ref(page_number))
        && key(widget, "Rect") == Some(&rect)
        && key(widget, "F") == Some(&Object::Int(132))
        && only_keys(appearances, &["N"]);
    if fits {
        Ok(())
    } else {
        Err(revision("the form field is not the one we write"))
    }
}

fn appearance_is_empty(appearance: &Object) -> Result<(), Wrong> {
    let zero = Object::Int(0);
    let nothing = Object::Array(vec![zero.clone(), zero.clone(), zero.clone(), zero]);
    let fits = match appearance {
        Object::Stream(dict, range) => {
            range.is_empty()
                && only_keys(dict, &["Type", "Subtype", "BBox", "Length"])
                && key(dict, "Type").is_some_and(|o| o.is_name("XObject"))
                && key(dict, "Subtype").is_some_and(|o| o.is_name("Form"))
                && key(dict, "BBox") == Some(&nothing)
        }
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(revision("the form field shows something"))
    }
}

/// Digest of everything but the gap, and what stands in it. The gap is exactly the `/Contents` of the signature.
pub(super) fn gap(bytes: &[u8], dict: &Dict) -> Result<(Digest, Vec<u8>), Wrong> {
    let wrong = |en: &str| signature("signature_dictionary", en);
    let keys = [
        "Type",
        "Filter",
        "SubFilter",
        "ByteRange",
        "Contents",
        "M",
        "Name",
        "Reference",
    ];
    let named = [
        ("Type", "Sig"),
        ("Filter", "Adobe.PPKLite"),
        ("SubFilter", "ETSI.CAdES.detached"),
    ];
    if !only_keys(dict, &keys)
        || named
            .iter()
            .any(|(k, v)| !key(dict, k).is_some_and(|o| o.is_name(v)))
    {
        return Err(wrong("the signature dictionary is not the one we write"));
    }
    let name = |s: &str| Object::Name(s.as_bytes().to_vec());
    let parameters = Dict::from([
        (b"Type".to_vec(), name("TransformParams")),
        (b"P".to_vec(), Object::Int(1)),
        (b"V".to_vec(), name("1.2")),
    ]);
    let reference = Dict::from([
        (b"Type".to_vec(), name("SigRef")),
        (b"TransformMethod".to_vec(), name("DocMDP")),
        (b"TransformParams".to_vec(), Object::Dict(parameters)),
    ]);
    if key(dict, "Reference") != Some(&Object::Array(vec![Object::Dict(reference)])) {
        return Err(wrong("the signature does not forbid every later change"));
    }
    let Some(Object::Text(contents)) = key(dict, "Contents") else {
        return Err(wrong("the signature has no contents"));
    };
    let span = &contents.span;
    let range = [0, span.start, span.end, bytes.len() - span.end].map(|n| Object::Int(n as i64));
    if key(dict, "ByteRange") != Some(&Object::Array(range.to_vec())) {
        return Err(signature(
            "signature_range",
            "the signature does not cover the whole file but its own contents",
        ));
    }
    let hexadecimal = bytes.get(span.start) == Some(&b'<') && span.len() == CONTENTS_BYTES * 2 + 2;
    if !hexadecimal {
        return Err(signature(
            "signature_encoding",
            "the signature is not written as we write it",
        ));
    }
    let mut hasher = Hasher::default();
    hasher.update(bytes.get(..span.start).unwrap_or_default());
    hasher.update(bytes.get(span.end..).unwrap_or_default());
    Ok((hasher.finish(), contents.bytes.clone()))
}
