//! Revision 2: an incremental update that attaches the log's proof and signs the whole file.
//!
//! It adds one embedded file with its file specification, one signature dictionary, one widget with its appearance, and replaces
//! the catalog (AcroForm, Perms, AF, Names) and page 1 (Annots). `verify` accepts exactly this and nothing else.

use jiff::Timestamp;
use lopdf::{Dictionary, IncrementalDocument, Object, ObjectId, Stream, StringFormat, dictionary};

use super::{cms, error::IssueError, keys::Keys, office::Issuer};
use crate::digest::Hasher;

/// Name of the attached proof.
pub(super) const PROOF_FILE: &str = "certificate.tlog-proof";
/// Bytes kept for the CMS; ours has about 1.1 kB.
pub(super) const CONTENTS_BYTES: usize = 1536;
/// What stands in `/ByteRange` until the offsets are known: four numbers of ten digits.
const PLACEHOLDER: i64 = 9_999_999_999;

/// Appends revision 2 to `revision_1`.
pub(super) fn revision_2(
    revision_1: Vec<u8>,
    proof: &str,
    keys: &Keys,
    office: &str,
    at: Timestamp,
) -> Result<Vec<u8>, IssueError> {
    let begin = revision_1.len();
    let mut file = update(revision_1, proof, office, at, |_| ())
        .map_err(|e| IssueError::Revision(e.to_string()))?;
    sign_in_place(&mut file, begin, keys)?;
    Ok(file)
}

/// Signs a page as certificates are signed, with a stand-in for the proof: to measure signing alone. Safe because no verifier
/// believes the result, which has no leaf.
pub fn sign_without_leaf(
    issuer: &Issuer,
    revision_1: Vec<u8>,
    at: Timestamp,
) -> Result<Vec<u8>, IssueError> {
    let proof = "no proof\n".repeat(100);
    revision_2(revision_1, &proof, issuer.keys(), &issuer.office().name, at)
}

/// What the update is made of, before it is written.
#[cfg_attr(not(test), expect(dead_code, reason = "only tests forge with it"))]
pub(super) struct Update<'a> {
    pub(super) new: &'a mut lopdf::Document,
    pub(super) catalog: &'a mut Dictionary,
    pub(super) page: &'a mut Dictionary,
}

/// The update, unsigned. `alter` changes nothing here; tests forge with it.
pub(super) fn update(
    revision_1: Vec<u8>,
    proof: &str,
    office: &str,
    at: Timestamp,
    alter: impl FnOnce(Update<'_>),
) -> lopdf::Result<Vec<u8>> {
    let previous = lopdf::Document::load_mem(&revision_1)?;
    let catalog_id = previous.trailer.get(b"Root")?.as_reference()?;
    let page_id = *previous
        .get_pages()
        .get(&1)
        .ok_or(lopdf::Error::PageNumberNotFound(1))?;
    let mut catalog = previous.get_dictionary(catalog_id)?.clone();
    let mut page = previous.get_dictionary(page_id)?.clone();
    let mut document = IncrementalDocument::create_from(revision_1, previous);
    let new = &mut document.new_document;

    let file_id = new.add_object(embedded_file(proof, at));
    let specification_id = new.add_object(file_specification(file_id));
    let appearance_id = new.add_object(empty_appearance());
    let signature_id = new.add_object(signature(office, at));
    let widget_id = new.add_object(widget(page_id, appearance_id, signature_id));

    catalog.set(
        "AcroForm",
        dictionary! {
            "Fields" => vec![Object::Reference(widget_id)],
            // 1: there are signatures; 2: only ever append.
            "SigFlags" => 3,
        },
    );
    catalog.set("Perms", dictionary! { "DocMDP" => signature_id });
    attach(&mut catalog, specification_id)?;
    page.set("Annots", vec![Object::Reference(widget_id)]);
    alter(Update {
        new,
        catalog: &mut catalog,
        page: &mut page,
    });
    new.set_object(catalog_id, catalog);
    new.set_object(page_id, page);

    let mut file = Vec::new();
    document.save_to(&mut file)?;
    Ok(file)
}

fn embedded_file(proof: &str, at: Timestamp) -> Stream {
    let dictionary = dictionary! {
        "Type" => "EmbeddedFile",
        // A name with a slash in it: lopdf writes it as `text#2Fplain`.
        "Subtype" => "text/plain",
        "Params" => dictionary! {
            "Size" => proof.len() as i64,
            "ModDate" => pdf_date(at),
        },
    };
    Stream::new(dictionary, proof.as_bytes().to_vec())
}

fn file_specification(file_id: ObjectId) -> Dictionary {
    dictionary! {
        "Type" => "Filespec",
        "F" => literal(PROOF_FILE),
        "UF" => literal(PROOF_FILE),
        "AFRelationship" => "Supplement",
        "Desc" => utf16("日志存证 Inclusion proof of the certificate log"),
        "EF" => dictionary! { "F" => file_id, "UF" => file_id },
    }
}

/// A form of no extent: PDF/A wants an appearance for every field.
fn empty_appearance() -> Stream {
    let dictionary = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => vec![0.into(), 0.into(), 0.into(), 0.into()],
    };
    Stream::new(dictionary, Vec::new())
}

fn signature(office: &str, at: Timestamp) -> Dictionary {
    let number = Object::Integer(PLACEHOLDER);
    dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => vec![0.into(), number.clone(), number.clone(), number],
        "Contents" => Object::String(vec![0; CONTENTS_BYTES], StringFormat::Hexadecimal),
        "M" => pdf_date(at),
        "Name" => utf16(office),
        "Reference" => vec![Object::Dictionary(dictionary! {
            "Type" => "SigRef",
            "TransformMethod" => "DocMDP",
            "TransformParams" => dictionary! { "Type" => "TransformParams", "P" => 1, "V" => "1.2" },
        })],
    }
}

/// Off the page: a visible widget would need a place in the structure tree (PDF/UA-1, 7.18).
fn widget(page_id: ObjectId, appearance_id: ObjectId, signature_id: ObjectId) -> Dictionary {
    dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => literal("signature"),
        "TU" => utf16("数字签名 Digital signature"),
        "V" => signature_id,
        "P" => page_id,
        "Rect" => vec![(-10).into(), (-10).into(), (-10).into(), (-10).into()],
        // Print and Locked.
        "F" => 132,
        "AP" => dictionary! { "N" => appearance_id },
    }
}

/// Adds the file specification to the catalog's `AF` and to its names, which stay sorted: `certificate…` before `claims…`.
fn attach(catalog: &mut Dictionary, specification_id: ObjectId) -> lopdf::Result<()> {
    catalog
        .get_mut(b"AF")?
        .as_array_mut()?
        .push(Object::Reference(specification_id));
    let names = catalog.get_mut(b"Names")?.as_dict_mut()?;
    let files = names.get_mut(b"EmbeddedFiles")?.as_dict_mut()?;
    let entries = files.get_mut(b"Names")?.as_array_mut()?;
    entries.insert(0, literal(PROOF_FILE));
    entries.insert(1, Object::Reference(specification_id));
    Ok(())
}

/// Writes the offsets into `/ByteRange` and the CMS into `/Contents`. Looks only behind revision 1, so that nothing a person
/// wrote into the claims can be taken for a placeholder.
pub(super) fn sign_in_place(file: &mut [u8], begin: usize, keys: &Keys) -> Result<(), IssueError> {
    let failed = |what: &str| IssueError::Revision(what.to_owned());
    let total = file.len();
    let range = format!("/ByteRange[0 {PLACEHOLDER} {PLACEHOLDER} {PLACEHOLDER}]");
    let contents = format!("/Contents<{}>", "0".repeat(CONTENTS_BYTES * 2));
    let (Some(range_at), Some(contents_at)) = (
        find_once(file, begin, range.as_bytes()),
        find_once(file, begin, contents.as_bytes()),
    ) else {
        return Err(failed("the places of the signature were not found"));
    };
    let gap_start = contents_at + "/Contents".len();
    let gap_end = contents_at + contents.len();
    let written = format!("/ByteRange[0 {gap_start} {gap_end} {}]", total - gap_end);
    let padded = format!("{written:<width$}", width = range.len());
    put(file, range_at, padded.as_bytes());

    let mut hasher = Hasher::default();
    hasher.update(file.get(..gap_start).unwrap_or_default());
    hasher.update(file.get(gap_end..).unwrap_or_default());
    let cms = cms::sign(hasher.finish(), &keys.identity(), keys.signer());
    let cms = cms.map_err(|error| failed(&error.to_string()))?;
    if cms.len() > CONTENTS_BYTES {
        return Err(failed("the signature is larger than the place kept for it"));
    }
    put(
        file,
        gap_start + 1,
        data_encoding::HEXUPPER.encode(&cms).as_bytes(),
    );
    Ok(())
}

/// Overwrites what stands at `at`.
fn put(file: &mut [u8], at: usize, bytes: &[u8]) {
    let there = file.iter_mut().skip(at);
    there.zip(bytes).for_each(|(place, byte)| *place = *byte);
}

fn find_once(file: &[u8], begin: usize, wanted: &[u8]) -> Option<usize> {
    let tail = file.get(begin..)?;
    let mut places = tail
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| *window == wanted)
        .map(|(at, _)| begin + at);
    let first = places.next()?;
    places.next().is_none().then_some(first)
}

fn literal(text: &str) -> Object {
    Object::String(text.as_bytes().to_vec(), StringFormat::Literal)
}

/// A text string in UTF-16BE with its mark, as hex.
fn utf16(text: &str) -> Object {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    let bytes = units.flat_map(u16::to_be_bytes).collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}

fn pdf_date(at: Timestamp) -> Object {
    literal(&at.strftime("D:%Y%m%d%H%M%SZ").to_string())
}
