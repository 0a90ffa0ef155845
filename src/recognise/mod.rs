//! Reads scans: pages without text are laid before a recogniser, and what it sees is read as any other paper.
//!
//! Takes facts of a file and the slot it is for, gives the same facts with the paper's kind and fields where a check needs them.
//! The recogniser is the `tesseract` program with `chi_sim`, when it is installed; it works on a picture that a worker made, in a
//! process of its own behind the fences of `sandbox`. A page is laid before it in strips, one piece of a line each, and all of them in
//! two sizes at once; in a third where the two differ; the other way up, and as a whole, where the strips do not say what it is. Deliberately absent: judging, and any
//! trust in one recognition alone – only what two of them give alike counts.

mod installed;
mod words;

pub use installed::Recogniser;

use std::{fs::File, time::Instant};

use serde::{Deserialize, Serialize};

use crate::{
    inspect::{
        Inspection,
        document::{self, DocumentFacts, DocumentKind, RecognisedBy, RecognisedPage},
        facts::{PageFacts, PageKind},
        raster::{ReadingFrame, StripsRequest},
    },
    limits::Limits,
    rulepack::Slot,
    sandbox::{Inspected, Pool, SandboxError},
    units::{PageNumber, PtBox},
};

use self::installed::Shows;

/// Heights of characters in the strips, in pixels: both read at once. A line of 40 pixels is what the recogniser was taught with.
const SIZES: [f64; 2] = [40.0, 32.0];
/// And where those two differ.
const THIRD_SIZE: [f64; 1] = [48.0];
/// Resolution at which strips are cut from the page.
const STRIPS_DPI: f64 = 300.0;
/// Resolutions at which a page is read as a whole, where its strips say nothing.
const WHOLE_DPI: [f64; 2] = [300.0, 220.0];

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
    let strips = |sizes: &[f64], turn: u16| -> Result<Vec<DocumentFacts>, SandboxError> {
        let tables: Result<Vec<_>, _> = pages
            .iter()
            .map(|page| strips_table(pool, recogniser, file, &laid(page, turn), sizes))
            .collect();
        Ok(read_tables(inspection, &tables?, sizes.len()))
    };
    let mut turn = 0;
    let mut readings = strips(&SIZES, turn)?;
    if readings.iter().all(is_unknown) {
        // Which way up a sheet lies is measured, and sometimes wrongly: on its head nothing can be read.
        let over = strips(&SIZES, 180)?;
        if !over.iter().all(is_unknown) {
            (readings, turn) = (over, 180);
        }
    }
    if readings.iter().all(is_unknown) {
        // Print on a pattern or a photograph has no pieces; the recogniser may find its own way about the page.
        let mut whole = Vec::new();
        for dpi in WHOLE_DPI {
            let tables: Result<Vec<_>, _> = pages
                .iter()
                .map(|page| page_table(pool, recogniser, file, page, dpi))
                .collect();
            whole.extend(read_tables(inspection, &tables?, 1));
            // What one look at the whole does not see, another need not look for.
            if whole.iter().all(is_unknown) {
                break;
            }
        }
        if !whole.iter().all(is_unknown) {
            readings = whole;
        }
    } else if !agree(&readings) {
        readings.extend(strips(&THIRD_SIZE, turn)?);
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

/// What the recogniser said of one page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Table {
    /// How the page lay.
    pub frame: ReadingFrame,
    /// The strips it was cut into; `None` when it was read as a whole.
    pub pieces: Option<Vec<PtBox>>,
    /// Its words, as the recogniser writes them.
    #[serde(skip)]
    pub tsv: Vec<u8>,
}

/// The tables of the first reading of a file, for looking at.
pub fn first_tables(
    pool: &Pool,
    recogniser: &Recogniser,
    file: &File,
    inspection: &Inspection,
) -> Result<Vec<Table>, SandboxError> {
    taken(inspection, pool.limits())
        .into_iter()
        .map(|page| strips_table(pool, recogniser, file, &laid(page, 0), &SIZES))
        .collect()
}

/// A page as it was measured to lie, or turned from that.
fn laid(page: &PageFacts, turn: u16) -> ReadingFrame {
    let measured = ReadingFrame::of(page, STRIPS_DPI);
    ReadingFrame {
        orientation_deg: (measured.orientation_deg + turn) % 360,
        ..measured
    }
}

/// A page in strips, of these sizes.
fn strips_table(
    pool: &Pool,
    recogniser: &Recogniser,
    file: &File,
    frame: &ReadingFrame,
    sizes: &[f64],
) -> Result<Table, SandboxError> {
    let request = StripsRequest {
        frame: *frame,
        sizes: sizes.to_vec(),
    };
    let (strips, tiff) = pool.strips(file, &request)?;
    let tsv = if strips.pieces.is_empty() {
        Vec::new()
    } else {
        recogniser.table(pool, tiff, Shows::Strips)?
    };
    Ok(Table {
        frame: *frame,
        pieces: Some(strips.pieces),
        tsv,
    })
}

/// A page as a whole.
fn page_table(
    pool: &Pool,
    recogniser: &Recogniser,
    file: &File,
    page: &PageFacts,
    dpi: f64,
) -> Result<Table, SandboxError> {
    let frame = ReadingFrame::of(page, dpi);
    let picture = pool.readable(file, &frame)?;
    Ok(Table {
        frame,
        pieces: None,
        tsv: recogniser.table(pool, picture, Shows::Page)?,
    })
}

/// What the recognitions of a file's pages say, one reading for each size. Places are those of the page as shown.
pub fn read_tables(inspection: &Inspection, tables: &[Table], sizes: usize) -> Vec<DocumentFacts> {
    let mut readings: Vec<Vec<RecognisedPage>> = vec![Vec::new(); sizes];
    for table in tables {
        let of_sizes = match &table.pieces {
            Some(pieces) => words::of_strips(&table.tsv, pieces, sizes),
            None => vec![words::of_page(&table.tsv, &table.frame); sizes],
        };
        for (reading, words) in readings.iter_mut().zip(of_sizes) {
            reading.push(RecognisedPage {
                page: table.frame.page.number(),
                words,
            });
        }
    }
    let frame = |page: PageNumber| {
        let frames = tables.iter().map(|table| table.frame);
        frames.into_iter().find(|frame| frame.page == page.index())
    };
    readings
        .iter()
        .map(|pages| {
            let mut facts = document::read_recognised(&inspection.pages, pages);
            for evidence in facts.evidence.values_mut() {
                if let Some(frame) = frame(evidence.page) {
                    evidence.box_pt = frame.box_on_page(evidence.box_pt);
                }
            }
            for odd in &mut facts.oddities {
                if let (Some(box_pt), Some(frame)) = (odd.box_pt.as_mut(), odd.page.and_then(frame))
                {
                    *box_pt = frame.box_on_page(*box_pt);
                }
            }
            facts
        })
        .collect()
}

/// Whether a reading does not know what the paper is: what fields it has may be those of any paper, or of none.
fn is_unknown(reading: &DocumentFacts) -> bool {
    reading.kind == DocumentKind::Unknown
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
