//! Reads scans: pages without text are laid before a recogniser, and what it sees is read as any other paper.
//!
//! Takes facts of a file and the slot it is for, gives the same facts with the paper's kind and fields where a check needs them.
//! The recogniser is the `tesseract` program with `chi_sim`, when it is installed; it works on a picture that a worker made, in a
//! process of its own behind the fences of `sandbox`. Deliberately absent: judging, and any trust in one recognition alone –
//! a page is read at two resolutions, at a third where they differ, and only what two of them give alike counts.

mod installed;
mod words;

pub use installed::Recogniser;

use std::{fs::File, time::Instant};

use crate::{
    inspect::{
        Inspection,
        document::{self, DocumentFacts, DocumentKind, RecognisedBy, RecognisedPage},
        facts::{PageFacts, PageKind},
        raster::ReadingFrame,
    },
    limits::Limits,
    rulepack::Slot,
    sandbox::{Inspected, Pool, SandboxError},
    units::PageNumber,
};

/// Resolutions of the recognitions, in the order in which they are made; the last only where the first two differ.
const RESOLUTIONS: [f64; 3] = [300.0, 220.0, 260.0];

/// Inspects a file and, where the slot's checks need words that the file does not have, recognises them.
///
/// Failing to recognise is no error: the checks then say that they could not tell, as they do without a recogniser.
pub fn inspect(
    pool: &Pool,
    recogniser: Option<&Recogniser>,
    file: &File,
    slot: Option<&Slot>,
) -> Result<Inspected, SandboxError> {
    let mut inspected = pool.inspect(file)?;
    let Some(recogniser) = recogniser.filter(|_| is_needed(&inspected.inspection, slot)) else {
        return Ok(inspected);
    };
    let started = Instant::now();
    match recognised(pool, recogniser, file, &inspected.inspection) {
        Ok(Some(document)) => inspected.inspection.document = Some(document),
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, how = ?error, "a scan was not recognised"),
    }
    inspected.cost.elapsed_ms += started.elapsed().as_millis() as u64;
    Ok(inspected)
}

/// Whether a check of this slot asks for words, and the file is a scan that has none to rely on.
pub fn is_needed(inspection: &Inspection, slot: Option<&Slot>) -> bool {
    let judged = slot.is_some_and(|slot| !slot.kinds.is_empty());
    let silent = inspection
        .document
        .as_ref()
        .is_some_and(|document| document.kind == DocumentKind::Unknown || document.recognised);
    judged && silent && scans(inspection).next().is_some()
}

/// The pages that are recognised: the first of those that are pictures, as many as the limits allow.
fn taken<'i>(inspection: &'i Inspection, limits: &Limits) -> Vec<&'i PageFacts> {
    scans(inspection)
        .take(limits.recognised_pages as usize)
        .collect()
}

/// Pages that are pictures.
fn scans(inspection: &Inspection) -> impl Iterator<Item = &PageFacts> {
    inspection
        .pages
        .iter()
        .filter(|page| matches!(page.kind, PageKind::Scan | PageKind::Mixed))
}

fn recognised(
    pool: &Pool,
    recogniser: &Recogniser,
    file: &File,
    inspection: &Inspection,
) -> Result<Option<DocumentFacts>, SandboxError> {
    let pages = taken(inspection, pool.limits());
    let mut readings: Vec<DocumentFacts> = Vec::new();
    for (n, dpi) in RESOLUTIONS.into_iter().enumerate() {
        let tables: Result<Vec<_>, _> = pages
            .iter()
            .map(|page| table(pool, recogniser, file, page, dpi))
            .collect();
        readings.push(read_tables(inspection, &tables?));
        let enough = match n {
            // A paper of no known kind has nothing that a second look could confirm.
            0 => readings
                .first()
                .is_some_and(|one| one.kind == DocumentKind::Unknown && one.fields.is_empty()),
            _ => agree(&readings),
        };
        if enough {
            break;
        }
    }
    let mut facts = document::agreed(&readings);
    if facts.kind.is_online_report() {
        let first: Vec<PageFacts> = pages.iter().take(2).map(|page| (*page).clone()).collect();
        document::hold_against(&mut facts, &pool.qr_codes(file, &first)?);
    }
    facts.recognised = true;
    facts.recognised_by = Some(RecognisedBy {
        program: recogniser.name().to_owned(),
        pages: pages
            .iter()
            .map(|page| page.page)
            .collect::<Vec<PageNumber>>(),
    });
    Ok(Some(facts))
}

/// The tables of the first two recognitions of a file, for looking at.
pub fn passes(
    pool: &Pool,
    recogniser: &Recogniser,
    file: &File,
    inspection: &Inspection,
) -> Result<Vec<Vec<(ReadingFrame, Vec<u8>)>>, SandboxError> {
    let pages = taken(inspection, pool.limits());
    RESOLUTIONS
        .into_iter()
        .take(2)
        .map(|dpi| {
            pages
                .iter()
                .map(|page| table(pool, recogniser, file, page, dpi))
                .collect()
        })
        .collect()
}

/// The recogniser's table of one page, and the frame it lay in.
fn table(
    pool: &Pool,
    recogniser: &Recogniser,
    file: &File,
    page: &PageFacts,
    dpi: f64,
) -> Result<(ReadingFrame, Vec<u8>), SandboxError> {
    let frame = ReadingFrame::of(page, dpi);
    let picture = pool.readable(file, &frame)?;
    Ok((frame, recogniser.table(pool, picture)?))
}

/// What one recognition says: the recogniser's table of each page that lay in its frame. Places are those of the page as shown.
pub fn read_tables(inspection: &Inspection, tables: &[(ReadingFrame, Vec<u8>)]) -> DocumentFacts {
    let pages: Vec<RecognisedPage> = tables
        .iter()
        .map(|(frame, table)| RecognisedPage {
            page: frame.page.number(),
            words: words::words(table, frame),
        })
        .collect();
    let mut facts = document::read_recognised(&inspection.pages, &pages);
    let frames = tables.iter().map(|(frame, _)| frame);
    let frame = |page: PageNumber| frames.clone().find(|frame| frame.page == page.index());
    for evidence in facts.evidence.values_mut() {
        if let Some(frame) = frame(evidence.page) {
            evidence.box_pt = frame.box_on_page(evidence.box_pt);
        }
    }
    for odd in &mut facts.oddities {
        if let (Some(box_pt), Some(frame)) = (odd.box_pt.as_mut(), odd.page.and_then(frame)) {
            *box_pt = frame.box_on_page(*box_pt);
        }
    }
    facts
}

/// Whether two readings say the same.
fn agree(readings: &[DocumentFacts]) -> bool {
    let [first, second, ..] = readings else {
        return false;
    };
    first.kind == second.kind && first.fields == second.fields && first.private == second.private
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        inspect::facts::{FileKind, Opening},
        units::Mm,
    };

    fn scan(number: u32) -> PageFacts {
        PageFacts {
            page: PageNumber::new(number).unwrap(),
            width_mm: Mm::new(210.0),
            height_mm: Mm::new(297.0),
            media_box: [0.0; 4],
            crop_box: [0.0; 4],
            paper: None,
            landscape: false,
            rotate: 0,
            user_unit: 1.0,
            kind: PageKind::Scan,
            images: vec![],
            text: vec![],
            legibility: None,
            printed_annotations: 0,
            content_outside: false,
            page_hash: None,
        }
    }

    #[test]
    fn recognised_pages() {
        let most = Limits::DEFAULT.recognised_pages;
        let taken_of = |pages: u32| {
            let inspection = Inspection {
                size_bytes: 1,
                file_kind: FileKind::Pdf,
                opening: Opening::Opened,
                pdf: None,
                pages: (1..=pages).map(scan).collect(),
                document: None,
                limits_met: vec![],
            };
            taken(&inspection, &Limits::DEFAULT).len()
        };
        assert_eq!(taken_of(most), most as usize);
        assert_eq!(taken_of(most + 1), most as usize);
    }
}
