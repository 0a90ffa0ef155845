//! Where ink stands at the edges of a page as shown: what a page number must keep off, and what a glued spine hides.
//!
//! Pages are looked at small, in cells of 1.5 mm: a scan by its own pixels, decoded at a smaller scale, any other page
//! drawn. Nothing is judged here; a page that cannot be drawn has no margins.

use data_encoding::BASE64_NOPAD;
use hayro_syntax::Pdf;
use serde::{Deserialize, Serialize};

use super::{
    open,
    raster::{Grey, OpenPage, PagePixels, PlacedImage},
};
use crate::{
    limits::Limits,
    units::{PageIndex, PtBox},
};

/// Resolution at which pages are drawn: a line of 0.3 pt still leaves a mark.
const DPI: f64 = 60.0;
/// Side of a cell.
const CELL_MM: f64 = 1.5;
/// Height of the bands at the head and the foot of a page in which numbers may stand.
pub const BAND_MM: f64 = 30.0;
/// So much darker than the paper is ink, of 255.
const DARKER: u8 = 45;
/// Scanners leave a dark line at the very edge; it is no content.
const EDGE_MM: f64 = 2.0;

/// The margins of a file's pages, in order; `None` for a page that cannot be drawn.
pub type Margins = Vec<Option<PageMargins>>;

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

/// The margins of a file's pages; none when it does not open.
pub fn margins_of(bytes: Vec<u8>, limits: &Limits) -> Margins {
    let Ok(pdf) = open(bytes, limits) else {
        return Vec::new();
    };
    let pages = 0..pdf.pages().len() as u32;
    pages
        .map(|page| PageMargins::of(&pdf, PageIndex::new(page), limits))
        .collect()
}

impl PageMargins {
    fn of(pdf: &Pdf, index: PageIndex, limits: &Limits) -> Option<PageMargins> {
        // The renderer meets hostile bytes here; one page it gives up on must not stop a dossier.
        let sheet = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let page = OpenPage::open(pdf, index).ok()?;
            let scan = page.scene().only_image().filter(|image| !image.stencil);
            scan.and_then(|image| Sheet::of_scan(&page, image, limits))
                .or_else(|| Some(Sheet::drawn(&page.draw(DPI, limits).ok()?)))
        }));
        PageMargins::of_sheet(&sheet.ok()??)
    }

    fn of_sheet(Sheet { grey, dpi }: &Sheet) -> Option<PageMargins> {
        let (width, height, dpi) = (grey.width, grey.height, *dpi);
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
    pub fn ink_in(&self, area: PtBox) -> usize {
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

/// A page as shown, small and grey, rows from the top.
struct Sheet {
    grey: Grey,
    dpi: f64,
}

impl Sheet {
    fn drawn(pixels: &PagePixels) -> Sheet {
        let (width, height) = (pixels.raster.width(), pixels.raster.height());
        Sheet {
            grey: pixels.raster.luma(0, 0, width, height),
            dpi: pixels.raster_dpi(),
        }
    }

    /// The one image that a page is, laid on white; each pixel of the page is the mean of the image's pixels that fall on it.
    fn of_scan(page: &OpenPage<'_>, image: &PlacedImage, limits: &Limits) -> Option<Sheet> {
        let pixels = page.decode_at(image, DPI, limits).ok()?;
        // A coarse image would leave holes between its pixels; drawing fills them.
        if pixels.raster_dpi() < DPI {
            return None;
        }
        let to_px = DPI / 72.0;
        let (width_pt, height_pt) = page.size_pt();
        let [width, height] = [width_pt, height_pt].map(|pt| (pt * to_px).round().max(1.0));
        if width * height > limits.image_pixels as f64 / 4.0 {
            return None;
        }
        let (width, height) = (width as usize, height as usize);
        let at = |x, y| {
            let point = pixels.placement.to_page(x, y, x, y);
            [point.x0.value() * to_px, point.y0.value() * to_px]
        };
        let (first, right, down) = (at(0.5, 0.5), at(1.5, 0.5), at(0.5, 1.5));
        let mut sums = vec![(0_u32, 0_u32); width * height];
        for y in 0..pixels.raster.height() {
            let step = pixels.raster.step();
            for (x, sample) in pixels.raster.row(y).iter().step_by(step).enumerate() {
                let along = |i: usize| {
                    let [first, right, down] = [first, right, down].map(|p| p.get(i).copied());
                    let (first, right, down) = (first?, right?, down?);
                    Some(first + (right - first) * x as f64 + (down - first) * y as f64)
                };
                let (Some(from_left), Some(from_foot)) = (along(0), along(1)) else {
                    continue;
                };
                let from_head = height as f64 - from_foot;
                if from_left < 0.0 || from_head < 0.0 || from_left >= width as f64 {
                    continue;
                }
                let cell = sums.get_mut(from_head as usize * width + from_left as usize);
                if let Some((sum, count)) = cell {
                    *sum += u32::from(*sample);
                    *count += 1;
                }
            }
        }
        let mean = |(sum, count): (u32, u32)| sum.checked_div(count).unwrap_or(255) as u8;
        Some(Sheet {
            grey: Grey {
                width,
                height,
                data: sums.into_iter().map(mean).collect(),
            },
            dpi: DPI,
        })
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
