//! Whether characters can still be told from one another.
//!
//! A piece of a line is compared with the 3,755 characters of GB 2312 level 1, wherever in it one may stand. Where one of them fits
//! clearly better than all others a reader can tell it too, whatever the fault; where the next fits as well, it is lost. Which one
//! it is, is not kept: nothing is read here. `calibration/fit_characters.py` drew the characters and says what is compared.

use std::sync::LazyLock;

use super::cells::{self, Cells};
use crate::inspect::raster::Grey;

/// Side of the square that a character is brought to.
const SIDE: usize = 16;
const CELLS: usize = SIDE * SIDE;
/// Directions along which characters are compared: the first few, which tell most, and the others.
const ROUGH: usize = 24;
const FINE: usize = 40;
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
    let line = piece.height.saturating_sub(2 * margin) as f64;
    if line < LEAST_LINE {
        return 0.0;
    }
    let grids = SIDES.map(|side| Grid::over(piece, side * line / SIDE as f64));
    // Every other place, then those beside the best of them.
    let mut found: Vec<Fit> = Vec::new();
    for (of, grid) in grids.iter().enumerate() {
        let places = (0..grid.places()).step_by(2);
        found.extend(places.filter_map(|x| Fit::at(grid, of, x, OFF_MIDDLE)));
    }
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    found.truncate(CLOSELY);
    let mut best: Option<Fit> = None;
    for first in found {
        let Some(grid) = grids.get(first.grid) else {
            continue;
        };
        let columns = first.x.saturating_sub(1)..(first.x + 2).min(grid.places());
        let near = columns.flat_map(|x| (0..=2 * OFF_MIDDLE).map(move |y| (x, y)));
        for fit in near.filter_map(|(x, y)| Fit::at(grid, first.grid, x, y)) {
            if best
                .as_ref()
                .is_none_or(|best| fit.likeness > best.likeness)
            {
                best = Some(fit);
            }
        }
    }
    best.map_or(0.0, |fit| LIST.chance(&fit.shape))
}

/// Where a square stands, and how well the character that is most like it fits.
struct Fit {
    grid: usize,
    x: usize,
    likeness: f64,
    shape: Shape,
}

impl Fit {
    fn at(grid: &Grid, of: usize, x: usize, y: usize) -> Option<Self> {
        let square = grid.square(x, y)?;
        let shape = LIST.along(&square)?;
        Some(Self {
            grid: of,
            x,
            likeness: LIST.most_like(&shape) - GAP * beside(&square),
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
    rough: [i16; ROUGH],
    fine: [i16; FINE],
}

/// The characters that are known.
struct List {
    directions: Vec<[i16; CELLS]>,
    /// What is taken off along each.
    off: Vec<i32>,
    rough: Vec<[i16; ROUGH]>,
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
        for row in characters.chunks_exact(ROUGH + FINE + 1) {
            let mut values = row.iter().map(|b| i16::from(b.cast_signed()));
            list.rough.push(taken(&mut values));
            list.fine.push(taken(&mut values));
            list.less
                .extend(values.map(|less| f64::from(less) / LISTED));
        }
        list
    }

    /// A square along the directions; `None` where nothing is in it.
    fn along(&self, square: &Square) -> Option<Shape> {
        let mean = square.iter().sum::<f32>() / CELLS as f32;
        let squares = square.iter().map(|v| (v - mean) * (v - mean));
        let length = squares.sum::<f32>().sqrt();
        if length < LEAST_SPREAD * SIDE as f32 {
            return None;
        }
        let shape = square.map(|v| ((v - mean) * SHAPE / length).round() as i16);
        let rows = self.directions.iter().zip(&self.off);
        let along: Vec<f64> = rows
            .map(|(row, off)| f64::from(dot(row, &shape) - off))
            .collect();
        let length = along.iter().map(|v| v * v).sum::<f64>().sqrt().max(1.0);
        let mut along = along.iter().map(|v| (v * ALONG / length) as i16);
        Some(Shape {
            rough: taken(&mut along),
            fine: taken(&mut along),
        })
    }

    /// How like the most like character is, −1 to 1.
    fn most_like(&self, shape: &Shape) -> f64 {
        let roughly: Vec<i32> = self.rough.iter().map(|c| dot(c, &shape.rough)).collect();
        let most = roughly.iter().copied().max().unwrap_or(0);
        let least = most - (MADE_UP * ALONG * LISTED) as i32;
        let all = roughly.iter().zip(&self.fine).zip(&self.less);
        let promising = all.filter(|((rough, _), _)| **rough >= least);
        let likeness = promising.map(|((rough, fine), less)| like(*rough, fine, shape, *less));
        likeness.fold(-1.0, f64::max)
    }

    /// The chance of the most like character among all, 0–1.
    fn chance(&self, shape: &Shape) -> f64 {
        let all = self.rough.iter().zip(&self.fine).zip(&self.less);
        let likeness =
            all.map(|((rough, fine), less)| like(dot(rough, &shape.rough), fine, shape, *less));
        let likeness: Vec<f64> = likeness.collect();
        let most = likeness.iter().copied().fold(-1.0, f64::max);
        1.0 / likeness
            .iter()
            .map(|v| (STEEP * (v - most)).exp())
            .sum::<f64>()
    }
}

fn like(rough: i32, fine: &[i16; FINE], shape: &Shape, less: f64) -> f64 {
    f64::from(rough + dot(fine, &shape.fine)) / (ALONG * LISTED) - less
}

/// The next values; 0 where there are none.
fn taken<const N: usize>(values: &mut impl Iterator<Item = i16>) -> [i16; N] {
    std::array::from_fn(|_| values.next().unwrap_or(0))
}

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
    fn the_list_holds_what_was_drawn() {
        assert_eq!(LIST.directions.len(), ROUGH + FINE);
        assert_eq!(LIST.rough.len(), 3755);
        assert_eq!(LIST.less.len(), 3755);
        let lengths = LIST.rough.iter().zip(&LIST.fine).map(|(rough, fine)| {
            let squares = f64::from(dot(rough, rough) + dot(fine, fine));
            squares.sqrt()
        });
        for length in lengths {
            assert!((length - LISTED).abs() < 4.0, "{length}");
        }
    }
}
