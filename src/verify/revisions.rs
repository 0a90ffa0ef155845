//! The two revisions of a certificate: what the first holds, and that the second only attaches the proof and signs.

use super::{
    face,
    pdf::{self, Dict, Object, Revision, decoded},
    wrong::{Wrong, revision, shape, signature},
};
use crate::digest::{Digest, Hasher};

/// Largest attached file read.
const ATTACHED_BYTES: usize = 64 * 1024;
/// Bytes of `/Contents`.
const CONTENTS_BYTES: usize = 1536;
const CLAIMS: &str = "claims.json";
const PROOF: &str = "certificate.tlog-proof";

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

/// What a file of ours consists of.
#[derive(Debug)]
pub(super) struct Parts {
    /// Length of the first revision.
    pub(super) revision_1_bytes: usize,
    /// The attached claims, from the first revision.
    pub(super) claims: Vec<u8>,
    /// What the page says, without blanks.
    pub(super) page_text: Option<String>,
    /// The attached proof.
    pub(super) proof: Vec<u8>,
    /// SHA-256 of what the signature covers: everything but the gap.
    pub(super) covered: Digest,
    /// What stands in the gap.
    pub(super) contents: Vec<u8>,
}

/// Reads a whole file of ours.
pub(super) fn read(bytes: &[u8]) -> Result<Parts, Wrong> {
    let begin = second_begins(bytes)?;
    let (first_bytes, _) = bytes
        .split_at_checked(begin - 1)
        .ok_or_else(|| shape("the first revision has no end"))?;
    let first = pdf::first_revision(first_bytes)?;
    let second = pdf::read(bytes, begin)?;
    trailers(&first, &second)?;
    let claims = only_revision(first_bytes, &first)?;
    let new = additions(&first, &second)?;
    let proof = decoded(bytes, new.file, ATTACHED_BYTES)
        .ok_or_else(|| revision("the proof cannot be read"))?;
    let (covered, contents) = gap(bytes, new.signature)?;
    let page_text = page(&first).and_then(|(_, page)| face::text(first_bytes, &first, page));
    Ok(Parts {
        revision_1_bytes: first_bytes.len(),
        claims,
        page_text,
        proof,
        covered,
        contents,
    })
}

/// Reads a file that is a first revision and nothing more; its claims, and what the page says.
pub(super) fn read_first_only(bytes: &[u8]) -> Result<(Vec<u8>, Option<String>), Wrong> {
    let first = pdf::first_revision(bytes)?;
    let claims = only_revision(bytes, &first)?;
    let text = page(&first).and_then(|(_, page)| face::text(bytes, &first, page));
    Ok((claims, text))
}

/// Where the first object of the second revision stands: right behind the first revision and one newline.
fn second_begins(bytes: &[u8]) -> Result<usize, Wrong> {
    let xref_at = pdf::last_xref(bytes)?;
    let table = bytes.get(xref_at..).unwrap_or_default();
    let table = table.get(..table.len().min(2_000)).unwrap_or_default();
    let lowest = table
        .split(|b| *b == b'\n')
        .filter(|line| line.ends_with(b" 00000 n "))
        .filter_map(|line| {
            std::str::from_utf8(line.get(..10)?)
                .ok()?
                .parse::<usize>()
                .ok()
        })
        .min();
    let begin = lowest.ok_or_else(|| {
        Wrong::new(
            "unsigned",
            "文件没有签名修订",
            "the file has no signed revision",
        )
    })?;
    let before = bytes.get(..begin).unwrap_or_default();
    if before.ends_with(b"\n%%EOF\n") {
        Ok(begin)
    } else {
        Err(Wrong::new(
            "unsigned",
            "文件没有签名修订",
            "the file has no signed revision",
        ))
    }
}

fn key<'a>(dict: &'a Dict, name: &str) -> Option<&'a Object> {
    dict.get(name.as_bytes())
}

fn only_keys(dict: &Dict, allowed: &[&str]) -> bool {
    dict.len() == allowed.len() && allowed.iter().all(|k| dict.contains_key(k.as_bytes()))
}

fn trailers(first: &Revision, second: &Revision) -> Result<(), Wrong> {
    let same = ["Root", "Info", "ID"]
        .iter()
        .all(|k| key(&first.trailer, k) == key(&second.trailer, k));
    let previous = key(&second.trailer, "Prev").and_then(Object::as_int);
    if same
        && only_keys(&first.trailer, &["Size", "Root", "Info", "ID"])
        && only_keys(&second.trailer, &["Size", "Root", "Info", "ID", "Prev"])
        && previous == i64::try_from(first.xref_at).ok()
    {
        Ok(())
    } else {
        Err(shape(
            "the trailers of the two revisions do not fit together",
        ))
    }
}

/// What the first revision must be on its own; its claims.
fn only_revision(bytes: &[u8], first: &Revision) -> Result<Vec<u8>, Wrong> {
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

/// The stream of a file specification of this name.
fn embedded<'a>(revision: &'a Revision, specification: &Dict, name: &str) -> Option<&'a Object> {
    let named = ["F", "UF"]
        .iter()
        .all(|k| key(specification, k).is_some_and(|text| text.is_text(name)));
    let files = key(specification, "EF").and_then(Object::as_dict)?;
    let stream = revision.follow(key(files, "F"))?;
    (named && key(files, "F") == key(files, "UF")).then_some(stream)
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

fn catalog(revision: &Revision) -> Option<(u32, &Dict)> {
    let number = key(&revision.trailer, "Root")?.as_ref()?;
    let dict = revision.get(number)?.as_dict()?;
    key(dict, "Type")?
        .is_name("Catalog")
        .then_some((number, dict))
}

/// The one page, by way of the catalog.
fn page(revision: &Revision) -> Option<(u32, &Dict)> {
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

/// What the second revision adds.
struct Additions<'a> {
    file: &'a Object,
    signature: &'a Dict,
}

/// The white list: one attached file, one signature, one widget with its empty appearance; catalog and page changed only where that
/// needs it.
fn additions<'a>(first: &Revision, second: &'a Revision) -> Result<Additions<'a>, Wrong> {
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
fn gap(bytes: &[u8], dict: &Dict) -> Result<(Digest, Vec<u8>), Wrong> {
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
