//! Whether characters can still be told from one another.
//!
//! A piece of a line is compared with the 3,755 characters of GB 2312 level 1, wherever in it one may stand. Where one of them fits
//! clearly better than all others a reader can tell it too, whatever the fault; where the next fits as well, it is lost. Which one
//! it is, is not kept: nothing is read here. `calibration/fit_characters.py` drew the characters and says what is compared.

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the processor it runs on"
)]

use std::sync::LazyLock;

use fearless_simd::{Level, Simd, SimdBase as _, SimdFloat as _, dispatch, f32x16};

use super::cells::{self, Cells};
use crate::inspect::raster::Grey;

/// Side of the square that a character is brought to.
const SIDE: usize = 16;
const CELLS: usize = SIDE * SIDE;
/// Directions along which characters are compared: the first few, which tell most, and the others.
const ROUGH: usize = 24;
const FINE: usize = 40;
/// Characters that are compared at once along the first.
const BLOCK: usize = 16;
/// Lengths in whole numbers: of a square's shape, of the same along the directions, and of a character of the list.
const SHAPE: f32 = 4096.0;
const ALONG: f64 = 2048.0;
const LISTED: f64 = 127.0;
/// How much likeness the finer directions may make up for.
const MADE_UP: f64 = 0.15;
/// Height of a line, in pixels, below which no character can be told.
const LEAST_LINE: f64 = 6.0;
/// Sides of the square of a character, in heights of a line, which is as high as its ink.
const SIDES: [f64; 4] = [0.95, 1.02, 1.09, 1.16];
/// Rows by which a square may stand off the middle of the line, at most.
const OFF_MIDDLE: usize = 1;
/// What ink in the outermost columns of a square takes off its likeness: a character has gaps beside it.
const GAP: f64 = 0.3;
/// Places of a first, wider search that are looked at closely.
const CLOSELY: usize = 3;
/// How fast the chance of another character falls with its likeness.
const STEEP: f64 = 14.0;
/// A square whose tones have a smaller standard deviation, in levels, holds nothing.
const LEAST_SPREAD: f32 = 2.0;

/// How sure the clearest character in a piece of a line is, 0–1: the chance of the one that fits best among all; 0 where none stands. `margin`
/// are the rows of paper above and below the line.
pub(super) fn told(piece: &Grey, margin: usize) -> f64 {
    // What it calls is compiled for several kinds of processors; numbers are the same on all.
    dispatch!(*LEVEL, simd => surest(simd, piece, margin))
}

/// What this processor can do.
static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

#[inline(always)]
fn surest<S: Simd>(simd: S, piece: &Grey, margin: usize) -> f64 {
    let line = piece.height.saturating_sub(2 * margin) as f64;
    if line < LEAST_LINE {
        return 0.0;
    }
    let grids = SIDES.map(|side| Grid::over(piece, side * line / SIDE as f64));
    // Every other place, then those beside the best of them. A loop is inlined where a closure may not be.
    let mut found: Vec<Fit> = Vec::new();
    for (of, grid) in grids.iter().enumerate() {
        for x in (0..grid.places()).step_by(2) {
            found.extend(Fit::at(simd, grid, of, x, OFF_MIDDLE));
        }
    }
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    found.truncate(CLOSELY);
    let mut best: Option<Fit> = None;
    for first in found {
        let Some(grid) = grids.get(first.grid) else {
            continue;
        };
        for x in first.x.saturating_sub(1)..(first.x + 2).min(grid.places()) {
            for y in 0..=2 * OFF_MIDDLE {
                let fit = Fit::at(simd, grid, first.grid, x, y);
                let most = best.as_ref().map(|best| best.likeness);
                if fit.as_ref().map(|fit| fit.likeness) > most {
                    best = fit;
                }
            }
        }
    }
    best.map_or(0.0, |fit| LIST.chance(simd, &fit.shape))
}

/// Where a square stands, and how well the character that is most like it fits.
struct Fit {
    grid: usize,
    x: usize,
    likeness: f64,
    shape: Shape,
}

impl Fit {
    #[inline(always)]
    fn at<S: Simd>(simd: S, grid: &Grid, of: usize, x: usize, y: usize) -> Option<Self> {
        let square = grid.square(x, y)?;
        let shape = LIST.along(&square)?;
        Some(Self {
            grid: of,
            x,
            likeness: LIST.most_like(simd, &shape) - GAP * beside(&square),
            shape,
        })
    }
}

type Square = [f32; CELLS];

/// A piece of a line in cells of which a character takes up [`SIDE`] either way.
struct Grid {
    across: usize,
    /// Depth of ink, row by row.
    depth: Vec<f32>,
}

impl Grid {
    fn over(piece: &Grey, cell: f64) -> Self {
        let rows = SIDE + 2 * OFF_MIDDLE;
        let across = (piece.width as f64 / cell) as usize;
        let left = |count: usize, length: usize| (length as f64 - count as f64 * cell) / 2.0;
        let top = left(rows, piece.height);
        if across < SIDE || top < 0.0 {
            return Self {
                across: 0,
                depth: Vec::new(),
            };
        }
        let cells = |from: f64, count: usize| Cells {
            from,
            size: cell,
            count,
        };
        let columns = cells(left(across, piece.width), across);
        let means = cells::means(piece, columns, cells(top, rows));
        Self {
            across,
            depth: means.iter().map(|mean| 255.0 - *mean as f32).collect(),
        }
    }

    /// How many places for a square there are along the line.
    fn places(&self) -> usize {
        (self.across + 1).saturating_sub(SIDE)
    }

    #[inline(always)]
    fn square(&self, x: usize, y: usize) -> Option<Square> {
        let mut square = [0.0; CELLS];
        for (i, row) in square.chunks_exact_mut(SIDE).enumerate() {
            let from = (y + i) * self.across + x;
            row.copy_from_slice(self.depth.get(from..from + SIDE)?);
        }
        Some(square)
    }
}

/// Ink in the outermost columns of a square, as a share of its mean.
#[inline(always)]
fn beside(square: &Square) -> f64 {
    let paper = square.iter().copied().fold(f32::MAX, f32::min);
    let mean = square.iter().sum::<f32>() / CELLS as f32;
    let ends = square.chunks_exact(SIDE).filter_map(|row| match row {
        [first, .., last] => Some(first + last - 2.0 * paper),
        _ => None,
    });
    f64::from(ends.sum::<f32>() / (2 * SIDE) as f32 / (mean - paper).max(1e-3))
}

/// A square along the directions.
struct Shape {
    rough: [f32; ROUGH],
    fine: [i16; FINE],
}

/// Characters that are compared at once, direction by direction. Lengths are whole numbers that a float holds without loss.
type Block = [[f32; BLOCK]; ROUGH];

/// The characters that are known.
struct List {
    directions: Vec<[i16; CELLS]>,
    /// What is taken off along each.
    off: Vec<i32>,
    rough: Vec<Block>,
    fine: Vec<[i16; FINE]>,
    /// What is taken off the likeness of each: one of few strokes is like many a piece of another.
    less: Vec<f64>,
}

static LIST: LazyLock<List> = LazyLock::new(|| List::from(include_bytes!("characters.bin")));

impl List {
    /// As `calibration/fit_characters.py` writes it.
    fn from(bytes: &[u8]) -> Self {
        let (directions, bytes) = bytes.split_at(2 * CELLS * (ROUGH + FINE));
        let (off, characters) = bytes.split_at(4 * (ROUGH + FINE));
        let mut directions = directions
            .as_chunks()
            .0
            .iter()
            .map(|b| i16::from_le_bytes(*b));
        let mut list = Self {
            directions: Vec::new(),
            off: off
                .as_chunks()
                .0
                .iter()
                .map(|b| i32::from_le_bytes(*b))
                .collect(),
            rough: Vec::new(),
            fine: Vec::new(),
            less: Vec::new(),
        };
        for _ in &list.off {
            list.directions.push(taken(&mut directions));
        }
        let mut rough: Vec<[i16; ROUGH]> = Vec::new();
        for row in characters.chunks_exact(ROUGH + FINE + 1) {
            let mut values = row.iter().map(|b| i16::from(b.cast_signed()));
            rough.push(taken(&mut values));
            list.fine.push(taken(&mut values));
            list.less
                .extend(values.map(|less| f64::from(less) / LISTED));
        }
        for characters in rough.chunks(BLOCK) {
            // The last one fills up the last block.
            let value = |of: usize, along: usize| {
                let character = characters.get(of).or(characters.last())?;
                character.get(along).copied()
            };
            list.rough.push(std::array::from_fn(|along| {
                std::array::from_fn(|of| f32::from(value(of, along).unwrap_or(0)))
            }));
        }
        list
    }

    /// A square along the directions; `None` where nothing is in it.
    #[inline(always)]
    fn along(&self, square: &Square) -> Option<Shape> {
        let mean = square.iter().sum::<f32>() / CELLS as f32;
        let squares = square.iter().map(|v| (v - mean) * (v - mean));
        let length = squares.sum::<f32>().sqrt();
        if length < LEAST_SPREAD * SIDE as f32 {
            return None;
        }
        let shape = square.map(|v| ((v - mean) * SHAPE / length).round() as i16);
        let rows = self.directions.iter().zip(&self.off);
        let mut along = [0.0; ROUGH + FINE];
        for (along, (row, off)) in along.iter_mut().zip(rows) {
            *along = f64::from(dot(row, &shape) - off);
        }
        let length = along.iter().map(|v| v * v).sum::<f64>().sqrt().max(1.0);
        let mut along = along.iter().map(|v| (v * ALONG / length) as i16);
        Some(Shape {
            rough: taken(&mut along).map(f32::from),
            fine: taken(&mut along),
        })
    }

    /// How like each character is along the first directions, and the most of it.
    #[inline(always)]
    fn roughly<S: Simd>(&self, simd: S, shape: &Shape) -> (Vec<f32>, f32) {
        let mut all = Vec::with_capacity(self.rough.len() * BLOCK);
        let mut most = f32x16::splat(simd, f32::MIN);
        for block in &self.rough {
            let mut sums = f32x16::splat(simd, 0.0);
            for (values, by) in block.iter().zip(&shape.rough) {
                let values = f32x16::from_slice(simd, values);
                sums = values.mul_add(f32x16::splat(simd, *by), sums);
            }
            most = most.max(sums);
            all.extend_from_slice(sums.as_slice());
        }
        all.truncate(self.fine.len());
        (
            all,
            most.as_slice().iter().copied().fold(f32::MIN, f32::max),
        )
    }

    /// How like the most like character is, −1 to 1.
    #[inline(always)]
    fn most_like<S: Simd>(&self, simd: S, shape: &Shape) -> f64 {
        let (roughly, most) = self.roughly(simd, shape);
        let least = most - (MADE_UP * ALONG * LISTED) as f32;
        let all = roughly.iter().zip(&self.fine).zip(&self.less);
        let promising = all.filter(|((rough, _), _)| **rough >= least);
        let likeness = promising.map(|((rough, fine), less)| like(*rough, fine, shape, *less));
        likeness.fold(-1.0, f64::max)
    }

    /// The chance of the most like character among all, 0–1.
    #[inline(always)]
    fn chance<S: Simd>(&self, simd: S, shape: &Shape) -> f64 {
        let (roughly, _) = self.roughly(simd, shape);
        let all = roughly.iter().zip(&self.fine).zip(&self.less);
        let likeness = all.map(|((rough, fine), less)| like(*rough, fine, shape, *less));
        let likeness: Vec<f64> = likeness.collect();
        let most = likeness.iter().copied().fold(-1.0, f64::max);
        1.0 / likeness
            .iter()
            .map(|v| (STEEP * (v - most)).exp())
            .sum::<f64>()
    }
}

#[inline(always)]
fn like(rough: f32, fine: &[i16; FINE], shape: &Shape, less: f64) -> f64 {
    (f64::from(rough) + f64::from(dot(fine, &shape.fine))) / (ALONG * LISTED) - less
}

/// The next values; 0 where there are none.
#[inline(always)]
fn taken<const N: usize>(values: &mut impl Iterator<Item = i16>) -> [i16; N] {
    std::array::from_fn(|_| values.next().unwrap_or(0))
}

#[inline(always)]
fn dot<const N: usize>(a: &[i16; N], b: &[i16; N]) -> i32 {
    let products = a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b));
    products.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARGIN: usize = 12;

    #[test]
    fn nothing_is_told_where_nothing_stands() {
        let paper = Grey {
            width: 120,
            height: 72,
            data: vec![230; 120 * 72],
        };
        assert!(told(&paper, MARGIN).abs() < 1e-9);
        for (width, height, margin) in [
            (0, 0, 0),
            (3, 40, 9),
            (40, 3, 1),
            (40, 40, 20),
            (40, 40, 90),
        ] {
            let small = Grey {
                width,
                height,
                data: (0..width * height).map(|i| (i * 37 % 256) as u8).collect(),
            };
            let told = told(&small, margin);
            assert!((0.0..=1.0).contains(&told), "{width} × {height}: {told}");
        }
    }

    #[test]
    fn a_processor_without_wide_registers_says_the_same() {
        // Strokes of every length, as those of characters.
        let strokes = |seed: usize| Grey {
            width: 60,
            height: 36 + 2 * MARGIN,
            data: (0..60 * (36 + 2 * MARGIN))
                .map(|i| (i % 60, i / 60))
                .map(|(x, y)| {
                    let level = y % 7 < 2 && x * seed % 11 < 7;
                    let upright = x % 9 < 2 && y * seed % 13 < 8;
                    if level || upright { 40 } else { 230 }
                })
                .collect(),
        };
        for seed in 1..6 {
            let piece = strokes(seed);
            let here = told(&piece, MARGIN);
            let anywhere = dispatch!(Level::baseline(), simd => surest(simd, &piece, MARGIN));
            assert!(
                here > 0.0 && here.to_bits() == anywhere.to_bits(),
                "{here} {anywhere}"
            );
        }
    }

    #[test]
    fn the_list_holds_what_was_drawn() {
        assert_eq!(LIST.directions.len(), ROUGH + FINE);
        assert_eq!(LIST.fine.len(), 3755);
        assert_eq!(LIST.less.len(), 3755);
        let rough = |n: usize| {
            let block = &LIST.rough[n / BLOCK];
            block.iter().map(move |along| f64::from(along[n % BLOCK]))
        };
        let lengths = LIST.fine.iter().enumerate().map(|(n, fine)| {
            let squares = rough(n).map(|v| v * v).sum::<f64>() + f64::from(dot(fine, fine));
            squares.sqrt()
        });
        for length in lengths {
            assert!((length - LISTED).abs() < 4.0, "{length}");
        }
    }
}
