//! A page's hash: the same for the same page printed or scanned again, another for another page of the same form.
//!
//! A page of text is known by its words. A scan is known by where its ink lies: the area around all ink is cut into
//! 32 × 64 cells, and of each it is kept whether it holds more ink than its right neighbour, whether clearly so, and whether at all. Ink
//! is measured against the paper around it, so lamp, paper tone and grain do not matter. Copies of one form differ in a few
//! lines only, so two pages are one where they agree in *every* band of the page, and not only on the whole. Nothing of the page can be
//! had back from either.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::facts::{PageFacts, Visibility};
use crate::digest::Digest;

/// Cells across and down.
const ACROSS: usize = 32;
const DOWN: usize = 64;
/// Fewest characters that tell a page of text from another.
const CHARACTERS: usize = 40;
/// Neighbours differ clearly from this share of full black on, and not at all below that one; what lies between says nothing.
const CLEAR: f32 = 0.03;
const FAINT: f32 = 0.01;
/// Bands of this many rows of cells, one every other row, are held against each other.
const BAND: usize = 8;
/// Fewest cells of a band that say something.
const FEWEST_OF_BAND: usize = 16;
/// Most cells, of a thousand that say something, in which a band of one sheet differs when it is scanned again (bench/page_hash.sh, docs/chsi.md).
const MOST_DIFFERENT: usize = 160;
/// Fewest cells of a page that say something: a nearly empty page is like any other.
const FEWEST: usize = 60;

/// The hash, as it stands in a report: `text:` and 32 hex digits, or `ink:` and three maps of cells in hex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageHash(String);

/// How two scans differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Cells that say something on either.
    pub cells: usize,
    /// Of a thousand of them, those that say something else, in the band where these are most.
    pub worst_band: usize,
}

/// The maps of a scan.
struct Cells {
    /// More ink than the right neighbour.
    more: Vec<bool>,
    /// The difference is clear.
    clear: Vec<bool>,
    /// There is a difference.
    some: Vec<bool>,
}

impl PageHash {
    /// Whether both are of one page.
    pub fn same_page(&self, other: &PageHash) -> bool {
        if self.0.starts_with("text:") || other.0.starts_with("text:") {
            return self.0 == other.0;
        }
        self.difference(other)
            .is_some_and(|d| d.cells >= FEWEST && d.worst_band <= MOST_DIFFERENT)
    }
    /// How two scans differ, whichever way up they lay; `None` for pages of text.
    pub fn difference(&self, other: &PageHash) -> Option<Difference> {
        let (a, b) = (self.cells()?, other.cells()?);
        let upright = a.differs_from(&b);
        let on_head = a.differs_from(&b.on_its_head());
        Some(if on_head.worst_band < upright.worst_band {
            on_head
        } else {
            upright
        })
    }
    fn cells(&self) -> Option<Cells> {
        let hex = self.0.strip_prefix("ink:")?;
        let bytes: Vec<u8> = (0..hex.len() / 2)
            .filter_map(|i| u8::from_str_radix(hex.get(i * 2..i * 2 + 2)?, 16).ok())
            .collect();
        let size = ACROSS * DOWN / 8;
        let map = |n: usize| -> Option<Vec<bool>> {
            let part = bytes.get(n * size..(n + 1) * size)?;
            let bits = |byte: &u8| -> [bool; 8] {
                let byte = *byte;
                std::array::from_fn(|bit| byte & (0x80 >> bit) != 0)
            };
            Some(part.iter().flat_map(bits).collect())
        };
        (bytes.len() == size * 3).then_some(())?;
        Some(Cells {
            more: map(0)?,
            clear: map(1)?,
            some: map(2)?,
        })
    }
}

impl Cells {
    /// The same sheet laid the other way up: the order is reversed, and what had more ink than its right neighbour has less.
    fn on_its_head(&self) -> Cells {
        let reversed = |map: &[bool]| -> Vec<bool> { map.iter().rev().copied().collect() };
        Cells {
            more: self.more.iter().rev().map(|more| !more).collect(),
            clear: reversed(&self.clear),
            some: reversed(&self.some),
        }
    }
    /// Whether the cell says something on either page, and whether it says something else.
    fn compared<'c>(&'c self, other: &'c Cells) -> impl Iterator<Item = (bool, bool)> + 'c {
        let one = self.more.iter().zip(self.clear.iter().zip(&self.some));
        let two = other.more.iter().zip(other.clear.iter().zip(&other.some));
        one.zip(two).map(
            |((more_a, (clear_a, some_a)), (more_b, (clear_b, some_b)))| {
                let says = *clear_a || *clear_b;
                let both = *some_a && *some_b;
                let other = if both {
                    more_a != more_b
                } else {
                    (*clear_a && !some_b) || (*clear_b && !some_a)
                };
                (says, says && other)
            },
        )
    }
    fn differs_from(&self, other: &Cells) -> Difference {
        let mut rows = vec![(0_usize, 0_usize); DOWN];
        for (i, (says, differs)) in self.compared(other).enumerate() {
            if let Some((said, different)) = rows.get_mut(i / ACROSS) {
                *said += usize::from(says);
                *different += usize::from(differs);
            }
        }
        let sum = |rows: &[(usize, usize)]| {
            rows.iter()
                .fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1))
        };
        let share = |(said, different): (usize, usize)| different * 1000 / said.max(1);
        let whole = sum(&rows);
        let bands = rows.windows(BAND).step_by(2).map(sum);
        let worst = bands
            .filter(|(said, _)| *said >= FEWEST_OF_BAND)
            .map(share)
            .max();
        Difference {
            cells: whole.0,
            worst_band: worst.unwrap_or(1000).max(share(whole)),
        }
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

/// The hash of a scan: `ink` is 0 for paper and 255 for black, row by row; lines of print fall by `slope` from left to right, or
/// run along the columns when `turned` (then `slope` is that of the picture turned a quarter counter-clockwise).
pub(super) fn of_ink(
    ink: &[u8],
    width: usize,
    height: usize,
    slope: f64,
    turned: bool,
) -> Option<PageHash> {
    if turned {
        let upright: Vec<u8> = (0..width)
            .rev()
            .flat_map(|x| (0..height).map(move |y| y * width + x))
            .map(|at| ink.get(at).copied().unwrap_or(0))
            .collect();
        return of_ink(&upright, height, width, slope, false);
    }
    let level = levelled(ink, width, height, slope);
    let ink: &[u8] = &level;
    let around = Around::of(ink, width, height)?;
    let mut cells = vec![0.0_f32; (ACROSS + 1) * DOWN];
    for (i, cell) in cells.iter_mut().enumerate() {
        let (x, y) = (i % (ACROSS + 1), i / (ACROSS + 1));
        *cell = around.mean(ink, width, x, y);
    }
    let at = |x: usize, y: usize| cells.get(y * (ACROSS + 1) + x).copied().unwrap_or(0.0);
    let differences: Vec<f32> = (0..ACROSS * DOWN)
        .map(|i| at(i % ACROSS, i / ACROSS) - at(i % ACROSS + 1, i / ACROSS))
        .collect();
    let clear = differences.iter().filter(|d| d.abs() > CLEAR).count();
    let map = |is: &dyn Fn(f32) -> bool| -> String {
        let byte = |eight: &[f32]| -> u8 {
            let bits = eight.iter().enumerate();
            bits.fold(0, |byte, (i, d)| byte | (u8::from(is(*d)) << (7 - i)))
        };
        let bytes = differences.chunks(8).map(byte);
        bytes.map(|byte| format!("{byte:02x}")).collect()
    };
    (clear >= FEWEST).then(|| {
        let maps = [
            map(&|d| d > 0.0),
            map(&|d| d.abs() > CLEAR),
            map(&|d| d.abs() > FAINT),
        ];
        PageHash(format!("ink:{}", maps.concat()))
    })
}

/// The page turned so that its lines run level.
fn levelled(ink: &[u8], width: usize, height: usize, slope: f64) -> Cow<'_, [u8]> {
    if slope.abs() < 0.001 {
        return Cow::Borrowed(ink);
    }
    let (cx, cy) = ((width as f64 - 1.0) / 2.0, (height as f64 - 1.0) / 2.0);
    // How far each column rises and each row runs, in whole pixels.
    let rise: Vec<i64> = (0..width)
        .map(|x| (slope * (x as f64 - cx)).round() as i64)
        .collect();
    let mut out = Vec::with_capacity(ink.len());
    for y in 0..height as i64 {
        let run = (-slope * (y as f64 - cy)).round() as i64;
        out.extend((0_i64..).zip(&rise).map(|(x, rise)| {
            let (from_x, from_y) = (x + run, y + rise);
            let inside = from_x >= 0 && from_y >= 0 && from_x < width as i64;
            let value = inside.then(|| ink.get(from_y as usize * width + from_x as usize));
            value.flatten().copied().unwrap_or(0)
        }));
    }
    Cow::Owned(out)
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
                let inked = u32::from(*value > 60);
                *sum += inked;
                *line += inked;
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
    /// Mean ink of a cell, 0–1. A pixel that lies in two cells counts for each as far as it lies in it: so it is the same whichever way up.
    fn mean(&self, ink: &[u8], width: usize, x: usize, y: usize) -> f32 {
        let edge = |from: f32, size: f32, n: usize, of: usize| from + size * n as f32 / of as f32;
        let across = covered(
            edge(self.x0, self.width, x, ACROSS + 1),
            edge(self.x0, self.width, x + 1, ACROSS + 1),
        );
        let down = covered(
            edge(self.y0, self.height, y, DOWN),
            edge(self.y0, self.height, y + 1, DOWN),
        );
        let (mut sum, mut area) = (0.0_f32, 0.0_f32);
        for (y, high) in &down {
            for (x, wide) in &across {
                let value = ink.get(y * width + x).copied().unwrap_or(0);
                sum += f32::from(value) * high * wide;
                area += high * wide;
            }
        }
        sum / (area.max(f32::EPSILON) * 255.0)
    }
}

/// The pixels between two places, each with how much of it lies between them.
fn covered(from: f32, to: f32) -> Vec<(usize, f32)> {
    (from.floor() as usize..to.ceil() as usize)
        .map(|n| {
            let at = n as f32;
            (n, to.min(at + 1.0) - from.max(at))
        })
        .filter(|(_, share)| *share > 0.0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of lines of words, each as wide as `widths` says; darker from word to word.
    fn page(lines: usize, word: impl Fn(usize, usize) -> usize) -> (Vec<u8>, usize, usize) {
        let (width, height) = (826, 1169);
        let mut ink = vec![0_u8; width * height];
        for line in 0..lines {
            let mut x = 80;
            for n in 0..9 {
                let w = word(line, n);
                for y in 80 + line * 24..92 + line * 24 {
                    for dx in 0..w {
                        if (dx + y + n) % 3 > 0 {
                            ink[y * width + x + dx] = 200;
                        }
                    }
                }
                x += w + 12;
            }
        }
        (ink, width, height)
    }
    fn usual(line: usize, n: usize) -> usize {
        24 + (line * 7 + n * 13) % 40
    }
    fn hash((ink, width, height): &(Vec<u8>, usize, usize)) -> PageHash {
        of_ink(ink, *width, *height, 0.0, false).unwrap()
    }

    #[test]
    fn the_same_sheet_whichever_way_it_lay() {
        let sheet = page(40, usual);
        let (ink, width, height) = &sheet;
        let upright = hash(&sheet);
        let on_head: Vec<u8> = ink.iter().rev().copied().collect();
        let on_head = of_ink(&on_head, *width, *height, 0.0, false).unwrap();
        assert!(
            upright.same_page(&on_head),
            "{:?}",
            upright.difference(&on_head)
        );
        // Turned a quarter clockwise: its lines run down.
        let mut side = vec![0_u8; width * height];
        for (i, value) in ink.iter().enumerate() {
            let (x, y) = (i % width, i / width);
            side[x * height + (height - 1 - y)] = *value;
        }
        let side = of_ink(&side, *height, *width, 0.0, true).unwrap();
        assert!(upright.same_page(&side), "{:?}", upright.difference(&side));
    }

    #[test]
    fn another_line_of_words_in_one_form_is_another_page() {
        let sheet = hash(&page(40, usual));
        let filled = hash(&page(40, |line, n| match line {
            20..=22 if n > 1 => 24 + (line * 11 + n * 29) % 40,
            _ => usual(line, n),
        }));
        let apart = sheet.difference(&filled).unwrap();
        assert!(apart.worst_band > MOST_DIFFERENT, "{apart:?}");
        assert!(!sheet.same_page(&filled));
        assert!(sheet.same_page(&sheet));
    }

    #[test]
    fn a_hash_of_another_kind_or_length_is_no_page() {
        let sheet = hash(&page(40, usual));
        for text in [
            "scan:00ff",
            "ink:00",
            "ink:",
            "text:00112233445566778899aabbccddeeff",
            "",
        ] {
            let other = PageHash(text.to_owned());
            assert_eq!(sheet.difference(&other), None, "{text}");
            assert!(!sheet.same_page(&other), "{text}");
        }
    }
}
