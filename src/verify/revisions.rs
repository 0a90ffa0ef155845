//! The two revisions of a certificate, put together: what [`super::first_revision`] and [`super::second_revision`] allow, and nothing between.

use super::{
    face,
    first_revision::{claims_of, page},
    pdf::{self, Dict, Object, Revision, decoded},
    second_revision::{additions, gap},
    wrong::{Wrong, revision, shape},
};
use crate::digest::Digest;

/// Largest attached file read.
pub(super) const ATTACHED_BYTES: usize = 64 * 1024;

/// What a file of ours consists of.
#[derive(Debug)]
pub(super) struct Parts {
    /// Length of the first revision.
    pub(super) revision_1_bytes: usize,
    /// The attached claims, from the first revision.
    pub(super) claims: Vec<u8>,
    /// What the page shows.
    pub(super) page: Option<face::Page>,
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
    let claims = claims_of(first_bytes, &first)?;
    let new = additions(&first, &second)?;
    let proof = decoded(bytes, new.file, ATTACHED_BYTES)
        .ok_or_else(|| revision("the proof cannot be read"))?;
    let (covered, contents) = gap(bytes, new.signature)?;
    let page = page(&first).and_then(|(_, page)| face::read(first_bytes, &first, page));
    Ok(Parts {
        revision_1_bytes: first_bytes.len(),
        claims,
        page,
        proof,
        covered,
        contents,
    })
}

/// Reads a file that is a first revision and nothing more; its claims, and what the page shows.
pub(super) fn read_first_only(bytes: &[u8]) -> Result<(Vec<u8>, Option<face::Page>), Wrong> {
    let first = pdf::first_revision(bytes)?;
    let claims = claims_of(bytes, &first)?;
    let page = page(&first).and_then(|(_, page)| face::read(bytes, &first, page));
    Ok((claims, page))
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

pub(super) fn key<'a>(dict: &'a Dict, name: &str) -> Option<&'a Object> {
    dict.get(name.as_bytes())
}

pub(super) fn only_keys(dict: &Dict, allowed: &[&str]) -> bool {
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

/// The stream of a file specification of this name.
pub(super) fn embedded<'a>(
    revision: &'a Revision,
    specification: &Dict,
    name: &str,
) -> Option<&'a Object> {
    let named = ["F", "UF"]
        .iter()
        .all(|k| key(specification, k).is_some_and(|text| text.is_text(name)));
    let files = key(specification, "EF").and_then(Object::as_dict)?;
    let stream = revision.follow(key(files, "F"))?;
    (named && key(files, "F") == key(files, "UF")).then_some(stream)
}
