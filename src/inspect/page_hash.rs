//! A page's hash: the same for the same page printed or scanned again, another for another page of the same form.
//!
//! A page of text is known by its words. A scan is known by where its ink lies: the area around all ink is cut into
//! 32 × 48 cells, and each bit says whether a cell holds clearly more ink than its right neighbour. Ink is measured against the paper
//! around it, so lamp, paper tone and grain do not matter. Nothing of the page can be had back from either.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::facts::{PageFacts, Visibility};
use crate::digest::Digest;

/// Cells across and down.
const ACROSS: usize = 32;
const DOWN: usize = 48;
/// Fewest characters that tell a page of text from another.
const CHARACTERS: usize = 40;
/// Neighbours that hold nearly as much ink say nothing: a bit counts where they differ by more than this share of full black.
const CLEAR: f32 = 0.02;
/// Most bits, of a thousand that count, in which two scans of one page differ.
const MOST_DIFFERENT: usize = 60;
/// Fewest bits that count: a nearly empty page is like any other.
const FEWEST: usize = 60;

/// The hash, as it stands in a report: `text:` and 32 hex digits, or `scan:` and the bits with the mask of those that count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageHash(String);

impl PageHash {
    /// Whether both are of one page.
    pub fn same_page(&self, other: &PageHash) -> bool {
        if self.0.starts_with("text:") || other.0.starts_with("text:") {
            return self.0 == other.0;
        }
        self.difference(other)
            .is_some_and(|(different, of)| of >= FEWEST && different * 1000 <= of * MOST_DIFFERENT)
    }
    /// Bits that differ and bits that count, of two scans.
    pub fn difference(&self, other: &PageHash) -> Option<(usize, usize)> {
        let (a, b) = (self.bits()?, other.bits()?);
        let (mut different, mut of) = (0, 0);
        for ((bits_a, mask_a), (bits_b, mask_b)) in a.iter().zip(&b) {
            let counts = mask_a & mask_b;
            of += counts.count_ones() as usize;
            different += ((bits_a ^ bits_b) & counts).count_ones() as usize;
        }
        Some((different, of))
    }
    /// Bytes of bits and mask.
    fn bits(&self) -> Option<Vec<(u8, u8)>> {
        let hex = self.0.strip_prefix("scan:")?;
        let bytes: Vec<u8> = (0..hex.len() / 2)
            .filter_map(|i| u8::from_str_radix(hex.get(i * 2..i * 2 + 2)?, 16).ok())
            .collect();
        let half = bytes.len() / 2;
        let (bits, mask) = bytes.split_at_checked(half)?;
        (half == ACROSS * DOWN / 8)
            .then(|| bits.iter().copied().zip(mask.iter().copied()).collect())
    }
}

/// The hash of a page of text; `None` when it has too little of it.
pub(super) fn of_text(page: &PageFacts) -> Option<PageHash> {
    let text: String = page
        .text
        .iter()
        .filter(|run| run.visibility == Visibility::Visible)
        .flat_map(|run| run.text.nfkc())
        .filter(|c| c.is_alphanumeric())
        .collect();
    (text.chars().count() >= CHARACTERS).then(|| {
        let hex = Digest::of(text.as_bytes()).to_hex();
        PageHash(format!("text:{}", hex.get(..32).unwrap_or_default()))
    })
}

/// The hash of a scan: `ink` is 0 for paper and 255 for black, row by row; lines of print fall by `slope` from left to right.
pub(super) fn of_ink(ink: &[u8], width: usize, height: usize, slope: f64) -> Option<PageHash> {
    let level = levelled(ink, width, height, slope);
    let ink = level.as_slice();
    let around = Around::of(ink, width, height)?;
    let mut cells = vec![0.0_f32; (ACROSS + 1) * DOWN];
    for (i, cell) in cells.iter_mut().enumerate() {
        let (x, y) = (i % (ACROSS + 1), i / (ACROSS + 1));
        *cell = around.mean(ink, width, x, y);
    }
    let at = |x: usize, y: usize| cells.get(y * (ACROSS + 1) + x).copied().unwrap_or(0.0);
    let mut bits = vec![0_u8; ACROSS * DOWN / 8];
    let mut mask = bits.clone();
    let mut count = 0;
    for i in 0..ACROSS * DOWN {
        let (left, right) = (at(i % ACROSS, i / ACROSS), at(i % ACROSS + 1, i / ACROSS));
        let bit = 0x80_u8 >> (i % 8);
        if (left - right).abs() > CLEAR {
            count += 1;
            if let Some(byte) = mask.get_mut(i / 8) {
                *byte |= bit;
            }
            if left > right
                && let Some(byte) = bits.get_mut(i / 8)
            {
                *byte |= bit;
            }
        }
    }
    (count >= FEWEST).then(|| {
        let hex: String = bits
            .iter()
            .chain(&mask)
            .map(|b| format!("{b:02x}"))
            .collect();
        PageHash(format!("scan:{hex}"))
    })
}

/// The page turned so that its lines run level.
fn levelled(ink: &[u8], width: usize, height: usize, slope: f64) -> Vec<u8> {
    if slope.abs() < 0.001 {
        return ink.to_vec();
    }
    let (cx, cy) = (width as f64 / 2.0, height as f64 / 2.0);
    let mut out = Vec::with_capacity(ink.len());
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = (x as f64 - cx, y as f64 - cy);
            let (from_x, from_y) = (x as f64 - slope * dy, y as f64 + slope * dx);
            let inside = from_x >= 0.0 && from_y >= 0.0 && (from_x as usize) < width;
            let value = inside.then(|| ink.get(from_y as usize * width + from_x as usize));
            out.push(value.flatten().copied().unwrap_or(0));
        }
    }
    out
}

/// The area around all ink: margins say nothing of a page, and the sheet never lies twice in the same place.
struct Around {
    x0: f32,
    y0: f32,
    width: f32,
    height: f32,
}

impl Around {
    fn of(ink: &[u8], width: usize, height: usize) -> Option<Around> {
        let mut across = vec![0_u32; width];
        let mut down = vec![0_u32; height];
        for (row, line) in ink.chunks_exact(width.max(1)).take(height).zip(&mut down) {
            for (sum, value) in across.iter_mut().zip(row) {
                // Faint shading and specks are no ink.
                if *value > 60 {
                    *sum += 1;
                    *line += 1;
                }
            }
        }
        // A hundredth of all ink may lie outside on each side: dust and the shadow of an edge.
        let span = |sums: &[u32]| -> Option<(f32, f32)> {
            let total: u32 = sums.iter().sum();
            let few = total / 100;
            let mut seen = 0;
            let first = sums.iter().position(|n| {
                seen += n;
                seen > few
            })?;
            seen = 0;
            let last = sums.iter().rposition(|n| {
                seen += n;
                seen > few
            })?;
            (last > first + 40).then_some((first as f32, (last + 1 - first) as f32))
        };
        let (x0, w) = span(&across)?;
        let (y0, h) = span(&down)?;
        Some(Around {
            x0,
            y0,
            width: w,
            height: h,
        })
    }
    /// Mean ink of a cell, 0–1.
    fn mean(&self, ink: &[u8], width: usize, x: usize, y: usize) -> f32 {
        let edge = |from: f32, size: f32, n: usize, of: usize| from + size * n as f32 / of as f32;
        let (x0, x1) = (
            edge(self.x0, self.width, x, ACROSS + 1) as usize,
            edge(self.x0, self.width, x + 1, ACROSS + 1) as usize,
        );
        let (y0, y1) = (
            edge(self.y0, self.height, y, DOWN) as usize,
            edge(self.y0, self.height, y + 1, DOWN) as usize,
        );
        let rows = (y0..y1).filter_map(|y| ink.get(y * width + x0..y * width + x1));
        let (sum, n) = rows.fold((0_u64, 0_usize), |(sum, n), row| {
            (
                sum + row.iter().map(|v| u64::from(*v)).sum::<u64>(),
                n + row.len(),
            )
        });
        sum as f32 / (n.max(1) as f32 * 255.0)
    }
}
