//! Linearisation (ISO 32000-2, Annex F): whether a file is arranged for showing its first page early, and whether
//! what it says about that still agrees with the file. Readers that trust stale hints fetch the wrong bytes.

use std::collections::BTreeMap;

use hayro_syntax::object::{Array, Dict, FromBytes as _, Number, Stream};
use memchr::memmem;

use super::{
    decode,
    lexer::{self, Lexer},
};

/// A linearised file.
pub(crate) struct Linearized {
    /// What no longer agrees, in plain English.
    pub(crate) stale: Option<String>,
}

/// `None` when the file is not linearised, or was changed after it had been.
pub(crate) fn look(
    bytes: &[u8],
    first_section: &[usize],
    offsets: &BTreeMap<u32, usize>,
) -> Option<Linearized> {
    let head = bytes.get(..bytes.len().min(2048))?;
    let at = memmem::find(head, b"/Linearized")?;
    let open = memmem::rfind(head.get(..at)?, b"<<")?;
    let dict = Dict::from_bytes(bytes.get(open..)?)?;
    if number(&dict, "L")? != bytes.len() as u64 {
        return None;
    }
    let stale =
        end_of_first_page(bytes, &dict, first_section).or_else(|| hints(bytes, &dict, offsets));
    Some(Linearized { stale })
}

fn number(dict: &Dict<'_>, key: &str) -> Option<u64> {
    u64::try_from(dict.get::<Number>(key)?.as_i64()).ok()
}

/// `E` must be where the last object of the first page's section ends.
fn end_of_first_page(bytes: &[u8], dict: &Dict<'_>, first_section: &[usize]) -> Option<String> {
    let said = number(dict, "E")? as usize;
    let last = *first_section.iter().max()?;
    let rest = bytes.get(last..)?;
    let end = last + memmem::find(rest, b"endobj")? + 6;
    let blank = bytes
        .get(end..)?
        .iter()
        .take_while(|b| lexer::is_space(**b))
        .count();
    (!(end..=end + blank).contains(&said))
        .then(|| format!("the first page is said to end at {said}, it ends at {end}"))
}

/// The hint tables: page offsets, shared objects, bookmarks.
fn hints(bytes: &[u8], dict: &Dict<'_>, offsets: &BTreeMap<u32, usize>) -> Option<String> {
    let place: Vec<u64> = dict
        .get::<Array<'_>>("H")?
        .iter::<Number>()
        .map(|n| n.as_i64().unsigned_abs())
        .collect();
    let (at, length) = (*place.first()?, *place.get(1)?);
    let mut lexer = Lexer::new(bytes, at as usize);
    let _ = (lexer.next(), lexer.next(), lexer.next());
    lexer.skip_space();
    let stream = Stream::from_bytes(bytes.get(lexer.pos..)?)?;
    let data = decode::stream(&stream, 1 << 24).bytes()?;
    let pages = number(dict, "N")?;
    if shared_on_first_page(&data, pages)? > 0 {
        return Some(
            "the hint table lists shared objects for the first page, which has none".to_owned(),
        );
    }
    if let Some(shared) = number(stream.dict(), "S")
        && shared_table_is_short(&data, shared as usize).unwrap_or(true)
    {
        return Some("the hint table of shared objects is cut off".to_owned());
    }
    let outlines = number(stream.dict(), "O")? as usize;
    let object = u32_at(&data, outlines)?;
    let said = u64::from(u32_at(&data, outlines + 4)?);
    // Hint tables count as if the hint stream itself were not there.
    let said = if said >= at { said + length } else { said };
    let is = *offsets.get(&object)? as u64;
    (said != is).then(|| format!("the bookmarks are said to stand at {said}, they stand at {is}"))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    let four = data.get(at..at.checked_add(4)?)?;
    Some(four.iter().fold(0, |n, b| (n << 8) | u32::from(*b)))
}

fn u16_at(data: &[u8], at: usize) -> Option<u64> {
    let two = data.get(at..at.checked_add(2)?)?;
    Some(two.iter().fold(0, |n, b| (n << 8) | u64::from(*b)))
}

/// Number of shared objects the page offset table (F.3) gives for the first page.
fn shared_on_first_page(data: &[u8], pages: u64) -> Option<u64> {
    const HEADER: u64 = 36;
    let objects_bits = u16_at(data, 8)?;
    let length_bits = u16_at(data, 14)?;
    let shared_bits = u16_at(data, 28)?;
    if shared_bits == 0 || shared_bits > 32 || objects_bits > 32 || length_bits > 32 {
        return Some(0);
    }
    let skipped = (pages * objects_bits).div_ceil(8) + (pages * length_bits).div_ceil(8);
    let at = usize::try_from(HEADER + skipped).ok()?;
    let bits = data
        .get(at..)?
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| u64::from((byte >> bit) & 1)));
    Some(
        bits.take(shared_bits as usize)
            .fold(0, |n, bit| (n << 1) | bit),
    )
}

/// Whether the shared object table (F.4) at `at` needs more bytes than there are.
fn shared_table_is_short(data: &[u8], at: usize) -> Option<bool> {
    let total = u64::from(u32_at(data, at + 12)?);
    let objects_bits = u16_at(data, at + 16)?;
    let length_bits = u16_at(data, at + 22)?;
    let needed =
        (total * length_bits).div_ceil(8) + total.div_ceil(8) + (total * objects_bits).div_ceil(8);
    Some(at as u64 + 24 + needed > data.len() as u64)
}
