//! Where ink stands at the edges of a page as shown: what a page number must keep off, and what a glued spine hides.
//!
//! Pages are drawn small and looked at in cells of 1.5 mm. Nothing is judged here; a page that cannot be drawn has no
//! margins, and its number goes where the notice wants it.

use data_encoding::BASE64_NOPAD;
use hayro_syntax::Pdf;
use serde::{Deserialize, Serialize};

use crate::{
    inspect::raster::{OpenPage, PagePixels},
    limits::Limits,
    units::{PageIndex, PtBox},
};

/// Resolution at which pages are drawn: a line of 0.3 pt still leaves a mark.
const DPI: f64 = 60.0;
/// Side of a cell.
const CELL_MM: f64 = 1.5;
/// Height of the bands at the head and the foot of a page in which numbers may stand.
pub(super) const BAND_MM: f64 = 30.0;
/// So much darker than the paper is ink, of 255.
const DARKER: u8 = 45;
/// Scanners leave a dark line at the very edge; it is no content.
const EDGE_MM: f64 = 2.0;

/// The margins of one page as shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageMargins {
    /// The box around everything printed but specks and scanner edges; `None` for a page without ink.
    pub ink_pt: Option<PtBox>,
    /// Rows of cells from foot to head.
    rows: usize,
    /// The band at the foot.
    lower: Cells,
    /// The band at the head.
    upper: Cells,
}

/// Cells of a band, each with ink or without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cells {
    columns: usize,
    /// One bit a cell, row by row from the lower left.
    bits: String,
}

impl PageMargins {
    /// The margins of every page of a file; `None` for those that cannot be drawn.
    pub(super) fn of_file(pdf: &Pdf, limits: &Limits) -> Vec<Option<PageMargins>> {
        let pages = 0..pdf.pages().len() as u32;
        pages
            .map(|page| PageMargins::of(pdf, PageIndex::new(page), limits))
            .collect()
    }

    fn of(pdf: &Pdf, index: PageIndex, limits: &Limits) -> Option<PageMargins> {
        // The renderer meets hostile bytes here; one page it gives up on must not stop a dossier.
        let drawn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let open = OpenPage::open(pdf, index).ok()?;
            open.draw(DPI, limits).ok()
        }));
        PageMargins::of_pixels(&drawn.ok()??)
    }

    fn of_pixels(pixels: &PagePixels) -> Option<PageMargins> {
        let (width, height) = (pixels.raster.width(), pixels.raster.height());
        let dpi = pixels.raster_dpi();
        let grey = pixels.raster.luma(0, 0, width, height);
        let paper = paper_level(&grey.data);
        let mm = |px: usize| px as f64 * 25.4 / dpi;
        let cells_along = |px: usize| (mm(px) / CELL_MM).ceil() as usize;
        let (columns, rows) = (cells_along(width), cells_along(height));
        if columns == 0 || rows == 0 || !dpi.is_finite() {
            return None;
        }
        let mut ink = vec![false; columns * rows];
        for (y, line) in grey.data.chunks(width.max(1)).enumerate().take(height) {
            // Rows are counted from below, as people and PDF measure a page.
            let row = (mm(height - 1 - y) / CELL_MM) as usize;
            for (x, &luma) in line.iter().enumerate() {
                if luma.saturating_add(DARKER) < paper {
                    let column = (mm(x) / CELL_MM) as usize;
                    if let Some(cell) = ink.get_mut(row * columns + column) {
                        *cell = true;
                    }
                }
            }
        }
        let content = content_cells(&ink, columns, [mm(width), mm(height)]);
        let is_content = |x: usize, y: usize| {
            let (row, column) = (
                (mm(height - 1 - y) / CELL_MM) as usize,
                (mm(x) / CELL_MM) as usize,
            );
            content
                .get(row * columns + column)
                .copied()
                .unwrap_or(false)
        };
        let mut ink_pt: Option<PtBox> = None;
        let pt = |px: usize| px as f64 * 72.0 / dpi;
        for (y, line) in grey.data.chunks(width.max(1)).enumerate().take(height) {
            let inked = |x: &usize| {
                let luma = line.get(*x).copied().unwrap_or(255);
                luma.saturating_add(DARKER) < paper && is_content(*x, y)
            };
            let (first, last) = ((0..width).find(inked), (0..width).rfind(inked));
            if let (Some(first), Some(last)) = (first, last) {
                let below = height - 1 - y;
                let row = PtBox::new(pt(first), pt(below), pt(last + 1), pt(below + 1));
                ink_pt = Some(ink_pt.map_or(row, |all| all.union(row)));
            }
        }
        let band = ((BAND_MM / CELL_MM) as usize).min(rows);
        let top = rows - band;
        Some(PageMargins {
            ink_pt,
            rows,
            lower: Cells::pack(columns, ink.get(..band * columns).unwrap_or_default()),
            upper: Cells::pack(columns, ink.get(top * columns..).unwrap_or_default()),
        })
    }

    /// Cells with ink in `area`; one that leaves both bands counts as full.
    pub(super) fn ink_in(&self, area: PtBox) -> usize {
        let [x0, y0, x1, y1] = <[f64; 4]>::from(area).map(|pt| pt * 25.4 / 72.0);
        let rows = self.rows;
        let band = ((BAND_MM / CELL_MM) as usize).min(rows);
        let along = |from: f64, to: f64| {
            let first = (from / CELL_MM).floor().max(0.0) as usize;
            first..(to / CELL_MM).ceil().max(0.0) as usize
        };
        let mut found = 0;
        for row in along(y0, y1) {
            let (cells, row) = if row < band {
                (&self.lower, row)
            } else if row + band >= rows {
                (&self.upper, row + band - rows)
            } else {
                return usize::MAX;
            };
            found += along(x0, x1).filter(|&x| cells.has(x, row)).count();
        }
        found
    }
}

impl Cells {
    fn pack(columns: usize, cells: &[bool]) -> Cells {
        let bytes = cells.chunks(8).map(|eight| {
            let bits = eight.iter().enumerate();
            bits.fold(0_u8, |byte, (i, &ink)| byte | (u8::from(ink) << i))
        });
        Cells {
            columns,
            bits: BASE64_NOPAD.encode(&bytes.collect::<Vec<u8>>()),
        }
    }

    /// Whether a cell has ink. The text is decoded four signs at a time, so that nothing is unpacked for one cell.
    fn has(&self, column: usize, row: usize) -> bool {
        if column >= self.columns {
            return false;
        }
        let at = row * self.columns + column;
        let group = at / 8 / 3 * 4;
        let text = self.bits.as_bytes();
        let four = text.get(group..(group + 4).min(text.len()));
        let bytes = four.and_then(|four| BASE64_NOPAD.decode(four).ok());
        let byte = bytes.and_then(|bytes| bytes.get(at / 8 % 3).copied());
        byte.is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }
}

/// The level of the paper: what a fifth of the page is lighter than. A dark page keeps the level of middle grey, so that
/// black covers count as ink all over.
fn paper_level(luma: &[u8]) -> u8 {
    let mut counts = [0_usize; 256];
    for &value in luma {
        if let Some(count) = counts.get_mut(usize::from(value)) {
            *count += 1;
        }
    }
    let mut lighter = 0;
    for level in (128..=255_u8).rev() {
        lighter += counts.get(usize::from(level)).copied().unwrap_or_default();
        if lighter * 5 >= luma.len() {
            return level;
        }
    }
    128
}

/// The cells whose ink is content: not specks (cells alone among their neighbours), not the scanner's edges.
fn content_cells(ink: &[bool], columns: usize, [width_mm, height_mm]: [f64; 2]) -> Vec<bool> {
    let rows = ink.len() / columns;
    let at = |x: usize, y: usize| ink.get(y * columns + x).copied().unwrap_or(false);
    let mut content = vec![false; ink.len()];
    for (i, cell) in content
        .iter_mut()
        .enumerate()
        .filter(|(i, _)| ink.get(*i) == Some(&true))
    {
        let (x, y) = (i % columns, i / columns);
        let (left, below) = (x.saturating_sub(1), y.saturating_sub(1));
        let around = (below..=(y + 1).min(rows - 1))
            .flat_map(|y| (left..=(x + 1).min(columns - 1)).map(move |x| (x, y)))
            .filter(|&(x, y)| at(x, y))
            .count();
        let [x0, y0] = [x, y].map(|cell| cell as f64 * CELL_MM);
        let edge = x0 + CELL_MM < EDGE_MM
            || y0 + CELL_MM < EDGE_MM
            || x0 > width_mm - EDGE_MM
            || y0 > height_mm - EDGE_MM;
        *cell = around > 1 && !edge;
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_again_after_packing() {
        let cells: Vec<bool> = (0..37 * 20).map(|i| i * 7 % 11 == 3).collect();
        let packed = Cells::pack(37, &cells);
        for (i, &ink) in cells.iter().enumerate() {
            assert_eq!(packed.has(i % 37, i / 37), ink, "{i}");
        }
        assert!(!packed.has(37, 0) && !packed.has(0, 20));
    }

    #[test]
    fn the_paper_is_what_a_fifth_of_the_page_is_lighter_than() {
        assert_eq!(paper_level(&[255, 255, 0, 0, 0, 0, 0, 0, 0, 0]), 255);
        assert_eq!(paper_level(&[220; 10]), 220);
        assert_eq!(paper_level(&[10; 10]), 128);
    }

    #[test]
    fn specks_and_scanner_edges_are_no_content() {
        // 20 × 20 cells, 30 mm: a block at 6 mm, a speck at 24 mm, a line at the left edge.
        let mut ink = vec![false; 400];
        for y in 4..6 {
            for x in 4..6 {
                ink[y * 20 + x] = true;
            }
        }
        ink[16 * 20 + 16] = true;
        for y in 0..20 {
            ink[y * 20] = true;
        }
        let content = content_cells(&ink, 20, [30.0, 30.0]);
        let found: Vec<usize> = (0..400).filter(|&i| content[i]).collect();
        assert_eq!(found, [84, 85, 104, 105]);
    }
}
